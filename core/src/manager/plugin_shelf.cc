#include "manager/plugin_shelf.h"

#include <algorithm>
#include <iterator>

namespace payload_manager {

void PluginShelf::Load(const std::filesystem::path& file, LoadedPlugin& plugin) {
  const std::lock_guard lock(mutex_);  // Seal comes before this or after it
  if (sealed_) return;
  plugin.host = PluginHost::Start(file, plugin.link->Handler());
  plugins_.push_back(plugin);
}

std::vector<LoadedPlugin> PluginShelf::Seal() {
  const std::lock_guard lock(mutex_);
  sealed_ = true;
  return plugins_;
}

std::vector<LoadedPlugin> PluginShelf::Of(RobotHandle robot) const {
  std::vector<LoadedPlugin> plugins;
  const std::lock_guard lock(mutex_);
  std::copy_if(plugins_.begin(), plugins_.end(), std::back_inserter(plugins),
               [robot](const LoadedPlugin& plugin) { return plugin.robot == robot; });
  return plugins;
}

void PluginShelf::RequestClose(const std::vector<LoadedPlugin>& plugins) {
  for (const LoadedPlugin& plugin : plugins) {
    plugin.link->Disconnect();
    plugin.host->RequestClose();
  }
}

bool PluginShelf::Close(const std::vector<LoadedPlugin>& plugins, Duration limit) {
  RequestClose(plugins);  // all at once, so that they share the time
  const TimePoint deadline = SystemClock().Now() + limit;
  bool all = true;
  for (const LoadedPlugin& plugin : plugins) {
    all &= plugin.host->Close(std::max(deadline - SystemClock().Now(), Duration::zero()));
  }
  std::vector<LoadedPlugin> closed;  // let go of without the lock
  const std::lock_guard lock(mutex_);
  const auto rest =
      std::stable_partition(plugins_.begin(), plugins_.end(),
                            [](const LoadedPlugin& plugin) { return !plugin.host->HasEnded(); });
  closed.assign(std::make_move_iterator(rest), std::make_move_iterator(plugins_.end()));
  plugins_.erase(rest, plugins_.end());
  return all;
}

}  // namespace payload_manager
