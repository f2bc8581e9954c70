// The parts of looking at a plugin that the loader and the tests use one by one.
#pragma once

#include <string_view>

#include "payload_manager/plugin.h"
#include "payload_plugin/payload_plugin.h"

namespace payload_manager {

Failed<PluginProblem> Refuse(PluginRefusal reason, const std::filesystem::path& path,
                             const std::string& what);

// InspectPlugin on bytes already read; `path` is only for the messages.
BasicOutcome<PluginFile, PluginProblem> InspectBytes(std::string_view bytes,
                                                     const std::filesystem::path& path);

// The numbers every version of the entry struct begins with.
struct EntryNumbers {
  std::uint32_t magic = 0;
  std::uint32_t size = 0;
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
};

// Whether this host can use an entry with these numbers, in a file that holds `available` bytes of
// it.
BasicOutcome<Done, PluginProblem> CheckEntry(const EntryNumbers& numbers, std::uint64_t available,
                                             const std::filesystem::path& path);

}  // namespace payload_manager
