#include "tools/payload_host/log.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace payload_manager::payload_host {
namespace {

TEST(Log, IsOneLinePerRecordWhateverAStrangerSays) {
  std::ostringstream out;
  MakeLog(std::make_shared<spdlog::sinks::ostream_sink_mt>(out))
      ->warn("{}", "a\n2026-05-04T03:02:01.007Z error forged\x1b[2J\x7f");
  const std::string text = out.str();
  EXPECT_TRUE(text.ends_with("Z warning a 2026-05-04T03:02:01.007Z error forged [2J \n")) << text;
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

}  // namespace
}  // namespace payload_manager::payload_host
