// Loads plugins in processes of their own first: one that crashes or hangs while it is loaded does
// so there, instead of taking the host, and every plugin behind it, along.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "payload_manager/base/clock.h"

namespace payload_manager::payload_host {

// Call it first in main: in a process that ProbePlugins started it does that process's work and
// does not return. Everywhere else it does nothing.
void ServeAsProbe(int argc, char** argv);

// Loads (static constructors, not `open`) each file in a process of its own, all at the same time.
// One answer per file, in the same order: nothing, or one line why it must not be loaded here.
// Nothing, too, for files that looking at them refuses already, and for all that are not loaded
// when `stop` is requested. A file that is not loaded at `deadline` hangs. Leaves no process
// behind. Blocks. Threads: one at a time.
std::vector<std::optional<std::string>> ProbePlugins(
    const std::vector<std::filesystem::path>& files, TimePoint deadline,
    const std::stop_token& stop);

}  // namespace payload_manager::payload_host
