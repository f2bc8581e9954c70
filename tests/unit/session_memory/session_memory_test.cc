// What a session and a keep-alive cost beyond their definitions, which are so large that no copy of
// one would go unnoticed.
#include <gtest/gtest.h>

#include "payload_manager/payload_registration_keep_alive.h"
#include "payload_manager/payload_sessions.h"
#include "tests/support/fake_connection.h"
#include "tests/support/virtual_runtime.h"
#include "tests/unit/session_memory/counted_memory.h"

namespace payload_manager {
namespace {

using std::chrono::minutes;
using testing::Call;
using testing::FakeConnection;
using testing::LiveBytes;
using testing::Reply;
using testing::Verb;
using testing::VirtualRuntime;

constexpr int kRobots = 50;
constexpr int kPayloads = 40;  // on each
constexpr std::size_t kSessions = kRobots * kPayloads;

const std::string kLongName(100'000, 'L');

class SessionMemoryTest : public ::testing::Test {
 protected:
  SessionMemoryTest() {
    for (int i = 0; i < kPayloads; ++i) {
      auto payload = std::make_shared<bosdyn::api::Payload>();
      payload->set_guid("00000000-1111-4222-8333-4444444444" + std::to_string(10 + i));
      payload->set_name(kLongName);
      definitions_.push_back(std::move(payload));
    }
    for (int i = 0; i < kRobots; ++i) {
      auto robot = std::make_shared<FakeConnection>(runtime_);
      robot->script = [this](const Call& call) { return Answer(call); };
      handles_.push_back(sessions_.AddRobot("robot-" + std::to_string(i), robot));
      robots_.push_back(std::move(robot));
    }
    Run(minutes(0));
  }
  Reply Answer(const Call& call) const {
    if (call.verb == Verb::kRegister) return testing::Fails(FailureKind::kPayloadAlreadyExists);
    Reply ok = testing::Ok();
    ok.token = call.guid;
    if (call.verb == Verb::kList) {
      bosdyn::api::Payload own;
      own.set_guid(call.secret);  // the token
      own.set_name(kLongName);
      ok.payloads.push_back(std::move(own));
    }
    return ok;
  }
  // The record of the calls is the fakes', and grows.
  void Run(Duration time) {
    const TimePoint end = runtime_->Now() + time;
    do {
      runtime_->RunFor(std::min<Duration>(end - runtime_->Now(), minutes(1)));
      for (const auto& robot : robots_) std::vector<Call>().swap(robot->calls);
    } while (runtime_->Now() < end);
  }
  void AddAll(const SessionObserver& observer) {
    for (const RobotHandle robot : handles_) {
      for (const auto& definition : definitions_) {
        ASSERT_TRUE(
            sessions_.Add(robot, definition, Secret("a-secret-of-usual-length"), {}, observer)
                .ok());
      }
    }
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  std::vector<std::shared_ptr<const bosdyn::api::Payload>> definitions_;
  std::vector<std::shared_ptr<FakeConnection>> robots_;
  std::vector<RobotHandle> handles_;
  std::size_t authorized_ = 0;  // observers count until the sessions have ended
  PayloadSessions sessions_{runtime_, 1};
};

TEST_F(SessionMemoryTest, ASessionTakesAtMostFourKilobytesAndNeverMore) {
  SessionObserver observer;
  observer.state_changed = [this](const StateChange& change) {
    authorized_ += change.after == PayloadState::kAuthorized ? 1 : 0;
  };
  observer.token = [](const Secret&, TokenNews) {};
  const std::size_t before = LiveBytes();
  AddAll(observer);
  Run(minutes(1));
  ASSERT_EQ(authorized_, kSessions);
  const std::size_t settled = LiveBytes() - before;
  RecordProperty("bytes_per_session", static_cast<int>(settled / kSessions));
  EXPECT_LE(settled / kSessions, 4096u);
  EXPECT_GE(settled / kSessions, 500u) << "or the counting does not count";

  Run(minutes(3));
  EXPECT_LE(LiveBytes() - before, settled + settled / 100) << "nothing piles up";
}

TEST_F(SessionMemoryTest, RemovingARobotGivesEverythingBack) {
  const std::size_t before = LiveBytes();
  AddAll({});
  Run(minutes(1));
  for (const RobotHandle robot : handles_) EXPECT_TRUE(sessions_.RemoveRobot(robot));
  runtime_->Settle();
  robots_.clear();
  // What is left is room that containers keep for later.
  EXPECT_LE(LiveBytes(), before + 100 * kRobots);
}

TEST(KeepAliveMemoryTest, AKeepAliveTakesAtMostFourKilobytesAndSharesItsDefinition) {
  const auto runtime = std::make_shared<VirtualRuntime>();
  const auto robot = std::make_shared<FakeConnection>(runtime);
  robot->script = [](const Call&) { return testing::Fails(FailureKind::kPayloadAlreadyExists); };
  const auto definition = std::make_shared<bosdyn::api::Payload>();
  definition->set_name(kLongName);
  KeepAliveOptions options;
  options.runtime = runtime;
  options.log = [](LogLevel, const std::string&) {};
  options.error_callback = [](const Failure&) { return KeepAliveAction::kDefault; };
  std::vector<std::unique_ptr<PayloadRegistrationKeepAlive>> keep_alives;
  keep_alives.reserve(kSessions);
  const std::size_t before = LiveBytes();
  for (std::size_t i = 0; i < kSessions; ++i) {
    keep_alives.push_back(std::make_unique<PayloadRegistrationKeepAlive>(
        robot, definition, Secret("a-secret-of-usual-length"), options));
    keep_alives.back()->Start();
  }
  runtime->RunFor(minutes(1));
  std::vector<Call>().swap(robot->calls);
  const std::size_t each = (LiveBytes() - before) / kSessions;
  RecordProperty("bytes_per_keep_alive", static_cast<int>(each));
  EXPECT_LE(each, 4096u);
  EXPECT_GE(each, 300u) << "or the counting does not count";
}

}  // namespace
}  // namespace payload_manager
