// Many plugins at once.
#include <algorithm>

#include "payload_manager/plugin.h"

namespace payload_manager {

Checked<std::vector<std::filesystem::path>> FindPlugins(const std::filesystem::path& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> found;
  std::filesystem::directory_iterator entry(directory, error);
  const std::filesystem::directory_iterator end;
  while (!error && entry != end) {
    if (entry->path().extension() == ".so") found.push_back(entry->path());
    entry.increment(error);
  }
  if (error) {
    return Failed{Problem{directory.string() +
                          ": cannot be read as a directory of plugins: " + error.message()}};
  }
  std::sort(found.begin(), found.end());
  return found;
}

LoadedPlugins LoadPlugins(
    const std::vector<std::filesystem::path>& paths,
    const std::function<PluginCallHandler(const std::filesystem::path&)>& handler_for) {
  LoadedPlugins loaded;
  for (const auto& path : paths) {
    auto plugin = Plugin::Load(path, handler_for(path));
    if (plugin) {
      loaded.plugins.push_back(*std::move(plugin));
    } else {
      loaded.refused.push_back(std::move(plugin).error());
    }
  }
  return loaded;
}

}  // namespace payload_manager
