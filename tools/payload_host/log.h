// payload-host's log.
#pragma once

#include <memory>

namespace spdlog {
class logger;
namespace sinks {
class sink;
}
}  // namespace spdlog

namespace payload_manager::payload_host {

// Writes to `sink`, each record at once and as one line: much of what is logged is a stranger's
// text, so control characters become spaces. Threads: those of `sink`.
std::shared_ptr<spdlog::logger> MakeLog(std::shared_ptr<spdlog::sinks::sink> sink);

}  // namespace payload_manager::payload_host
