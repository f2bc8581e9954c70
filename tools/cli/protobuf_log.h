// What becomes of the lines that Protobuf writes about messages it parses. Whoever can send us
// bytes can make it write as many as he likes, so here they are few, of one shape, and without
// anything of the message's content.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "payload_manager/base/clock.h"

namespace payload_manager::cli {

// How serious Protobuf takes it.
enum class ProtobufLevel { kNote, kError, kFatal };

// Threads: one at a time.
class ProtobufLines {
 public:
  // After a line, for so long only what is fatal.
  static constexpr Duration kPause = std::chrono::seconds(10);

  // What to log for this line of Protobuf's, at most one a pause: which of our fields holds text
  // that is no UTF-8, or else only where in Protobuf it comes from, and how many lines were left
  // out before it. Nothing for notes. What is fatal, after which the process ends, is always told,
  // in Protobuf's words.
  std::optional<std::string> Line(ProtobufLevel level, std::string_view source, int line,
                                  std::string_view message, TimePoint now);

 private:
  std::optional<TimePoint> last_;
  std::uint64_t left_out_ = 0;
};

}  // namespace payload_manager::cli
