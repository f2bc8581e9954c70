// GoogleMock matchers for what a robot knows of a payload:
//
//   EXPECT_THAT(robot(), IsRegistered(guid));
//   EXPECT_THAT(robot(), AllOf(IsAuthorized(guid), Not(IsAttached(guid))));
//   EXPECT_TRUE(Eventually(robot(), HasVersion(guid, "1.2.3")));
//
// They apply to everything that has a FindPayload (payload_facts.h): a MockRobot, a RobotSnapshot,
// a MockRobotProcess, a PayloadList. None of them matches a payload that is not registered.
#pragma once

#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "mock_robot/payload_facts.h"
#include "payload_manager/base/clock.h"

namespace mock_robot {

// A matcher for one payload of a robot. Threads: like any value.
class PayloadMatcher {
 public:
  using Condition = std::function<bool(const PayloadFacts&)>;

  // `what` completes "has a payload <guid> that ...".
  PayloadMatcher(std::string guid, std::string what, Condition condition)
      : guid_(std::move(guid)), what_(std::move(what)), condition_(std::move(condition)) {}

  template <typename Robot>
  bool MatchAndExplain(const Robot& robot, ::testing::MatchResultListener* listener) const {
    const std::optional<PayloadFacts> found = FindPayload(robot, guid_);
    if (!found) {
      *listener << "which has no payload of this GUID";
      return false;
    }
    *listener << "where it is " << (found->authorized ? "authorized" : "waiting for authorization")
              << (found->preset.empty() ? "" : " with preset '" + found->preset + "'") << ", "
              << (found->attached ? "attached" : "not attached") << ", version "
              << (found->version.empty() ? "unknown" : found->version);
    return condition_(*found);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has a payload " << guid_ << " that " << what_;
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has no payload " << guid_ << " that " << what_;
  }

 private:
  std::string guid_;
  std::string what_;
  Condition condition_;
};

inline auto IsRegistered(std::string guid) {
  return ::testing::MakePolymorphicMatcher(
      PayloadMatcher(std::move(guid), "is registered", [](const PayloadFacts&) { return true; }));
}
inline auto IsWaiting(std::string guid) {
  return ::testing::MakePolymorphicMatcher(
      PayloadMatcher(std::move(guid), "waits for authorization",
                     [](const PayloadFacts& payload) { return !payload.authorized; }));
}
inline auto IsAuthorized(std::string guid) {
  return ::testing::MakePolymorphicMatcher(
      PayloadMatcher(std::move(guid), "is authorized",
                     [](const PayloadFacts& payload) { return payload.authorized; }));
}
inline auto IsAuthorizedWith(std::string guid, std::string preset) {
  std::string what = "is authorized with preset '" + preset + "'";
  return ::testing::MakePolymorphicMatcher(PayloadMatcher(
      std::move(guid), std::move(what), [preset = std::move(preset)](const PayloadFacts& payload) {
        return payload.authorized && payload.preset == preset;
      }));
}
inline auto IsAttached(std::string guid) {
  return ::testing::MakePolymorphicMatcher(
      PayloadMatcher(std::move(guid), "is attached",
                     [](const PayloadFacts& payload) { return payload.attached; }));
}
// `version` as "1.2.3".
inline auto HasVersion(std::string guid, std::string version) {
  std::string what = "has version " + version;
  return ::testing::MakePolymorphicMatcher(
      PayloadMatcher(std::move(guid), std::move(what),
                     [version = std::move(version)](const PayloadFacts& payload) {
                       return payload.version == version;
                     }));
}

// Waits until `robot` (a MockRobot or a MockRobotProcess) matches; says what it saw last if it did
// not within `patience` of real time. Blocks the caller.
template <typename Robot, typename Matcher>
::testing::AssertionResult Eventually(
    Robot& robot, const Matcher& matcher,
    payload_manager::Duration patience = std::chrono::seconds(10)) {
  const bool came =
      robot.WaitUntil([&](const auto& now) { return ::testing::Value(now, matcher); }, patience);
  if (came) return ::testing::AssertionSuccess();
  ::testing::StringMatchResultListener listener;
  const ::testing::Matcher<const Robot&> expected(matcher);
  if (expected.MatchAndExplain(robot, &listener)) return ::testing::AssertionSuccess();
  std::ostringstream what;
  expected.DescribeTo(&what);
  return ::testing::AssertionFailure()
         << "waited in vain for a robot that " << what.str() << "; it is one " << listener.str();
}

}  // namespace mock_robot
