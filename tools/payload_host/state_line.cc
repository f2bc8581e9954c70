#include "tools/payload_host/state_line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "payload_manager/base/text.h"

namespace payload_manager::payload_host {

std::string StateLine(const PayloadChange& change, WallTime now) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  std::string line = fmt::format("{:%FT%T}.{:03}Z {} {} → {}",
                                 fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                                 (milliseconds - seconds).count(), change.payload_id,
                                 ToString(change.old_state), ToString(change.new_state));
  if (!change.reason.empty()) line += ": " + change.reason;
  ReplaceControls(line);
  return line;
}

}  // namespace payload_manager::payload_host
