#include "tools/payload_host/state_line.h"

#include <gtest/gtest.h>

namespace payload_manager::payload_host {
namespace {

constexpr WallTime kNow{std::chrono::milliseconds(1'777'863'721'007)};

PayloadChange Change(std::string reason) {
  PayloadChange change;
  change.payload_id = "acme.lidar";
  change.old_state = PayloadState::kRegistering;
  change.new_state = PayloadState::kWaiting;
  change.reason = std::move(reason);
  return change;
}

TEST(StateLine, SaysWhenWhoFromWhereWhereToAndWhy) {
  EXPECT_EQ(StateLine(Change("registered for the first time"), kNow),
            "2026-05-04T03:02:01.007Z acme.lidar " +
                std::string(ToString(PayloadState::kRegistering)) + " → " +
                std::string(ToString(PayloadState::kWaiting)) + ": registered for the first time");
}

TEST(StateLine, IsOneLineWhateverARobotSays) {
  const std::string line = StateLine(Change("a\nb\r\tc\x1b[2J"), kNow);
  EXPECT_TRUE(line.ends_with(": a b  c [2J")) << line;
}

}  // namespace
}  // namespace payload_manager::payload_host
