#include "tools/payload_host/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/spdlog.h>

#include <string>
#include <utility>

#include "payload_manager/base/text.h"

namespace payload_manager::payload_host {
namespace {

// The message without control characters.
class PlainMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& line) override {
    std::string text(message.payload.begin(), message.payload.end());
    ReplaceControls(text);
    line.append(text);
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PlainMessage>();
  }
};

}  // namespace

std::shared_ptr<spdlog::logger> MakeLog(std::shared_ptr<spdlog::sinks::sink> sink) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<PlainMessage>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %*");
  auto log = std::make_shared<spdlog::logger>("payload-host", std::move(sink));
  log->set_formatter(std::move(formatter));
  log->flush_on(spdlog::level::debug);
  return log;
}

}  // namespace payload_manager::payload_host
