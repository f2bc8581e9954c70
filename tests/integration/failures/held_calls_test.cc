// Calls that wait for a diagnosis, on real connections: what they learn, and that they wait no
// longer than they may.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <stop_token>

#include "rpc/findings.h"
#include "tests/integration/failures/scenarios.h"
#include "tests/support/awaited.h"
#include "tests/support/raw_peer.h"
#include "tests/support/scripted_robot.h"

namespace payload_manager::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using Cause = FailureCause;

const PayloadCredentials kUs{kScenarioGuid, Secret(kScenarioSecret)};

// Hangs up on the first connection, which is gRPC's, and is silent to the second, the diagnosis's:
// a call that has waited for that is told kSilent, one that has not knows no cause.
class SlowToDiagnose {
 public:
  std::uint16_t port() const { return peer_.port(); }
  bool WaitForTheProbe() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [this] { return connections_ > 1; });
  }

 private:
  void Behave(RawConnection& connection) {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = ++connections_ == 1;
      changed_.notify_all();
    }
    if (first) return HangUp(connection);
    StaySilent(connection);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int connections_ = 0;  // guarded by mutex_
  RawPeer peer_{[this](RawConnection& connection) { Behave(connection); }};
};

// Nothing is known of peers that had the same port before.
class FreshFindings : public ::testing::Test {
 protected:
  FreshFindings() { FindingsTable::OfThisProcess().ForgetAll(); }
};

class HeldCalls : public FreshFindings {
 protected:
  std::unique_ptr<RobotConnection> Connected(std::uint16_t port) {
    return Connect(TlsTo(port, authority_.root_pem())).value();
  }
  template <typename T>
  static Cause CauseOf(const Outcome<T>& outcome) {
    EXPECT_FALSE(outcome.ok());
    return outcome.ok() ? Cause::kNone : outcome.error().cause;
  }

  TestAuthority authority_{"Test Root"};
  SlowToDiagnose peer_;
  std::unique_ptr<RobotConnection> connection_ = Connected(peer_.port());
};

TEST_F(HeldCalls, WaitForTheDiagnosis) {
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(kUs, Staged::Patient(), awaited.completion());
  EXPECT_EQ(CauseOf(awaited.Get()), Cause::kSilent);
}

TEST_F(HeldCalls, EndWithTheirTimeout) {
  CallOptions options;
  options.timeout = milliseconds(300);
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(kUs, options, awaited.completion());
  const auto waited = connection_->GetPayloadAuthToken(kUs, options);
  EXPECT_EQ(CauseOf(waited), Cause::kNone);
  EXPECT_EQ(CauseOf(awaited.Get()), Cause::kNone);
}

TEST_F(HeldCalls, EndWhenTheyAreCancelled) {
  std::stop_source stop;
  CallOptions options = Staged::Patient();
  options.cancellation = stop.get_token();
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(kUs, options, awaited.completion());
  auto waiting = std::async(std::launch::async,
                            [&] { return connection_->GetPayloadAuthToken(kUs, options); });
  ASSERT_TRUE(peer_.WaitForTheProbe());
  EXPECT_FALSE(awaited.IsThere());
  stop.request_stop();
  // Cancelled in the call or while it was held, but not told what came later.
  EXPECT_NE(CauseOf(awaited.Get()), Cause::kSilent);
  EXPECT_NE(CauseOf(waiting.get()), Cause::kSilent);
}

TEST_F(HeldCalls, EndWithTheConnection) {
  Awaited<Secret> awaited;
  connection_->GetPayloadAuthTokenAsync(kUs, Staged::Patient(), awaited.completion());
  ASSERT_TRUE(peer_.WaitForTheProbe());
  EXPECT_FALSE(awaited.IsThere());
  connection_.reset();
  ASSERT_TRUE(awaited.IsThere());
  EXPECT_NE(CauseOf(awaited.Get()), Cause::kSilent);
}

TEST_F(HeldCalls, MayStartTheNextCallInTheirCompletion) {
  Awaited<Secret> second;
  connection_->GetPayloadAuthTokenAsync(kUs, Staged::Patient(), [&](const Outcome<Secret>&) {
    connection_->GetPayloadAuthTokenAsync(kUs, Staged::Patient(), second.completion());
  });
  EXPECT_FALSE(second.Get().ok());
}

TEST_F(HeldCalls, AreNotThoseThatTimedOutButTheNextOnesKnow) {
  const RawPeer silent(&StaySilent);
  ConnectionOptions options = TlsTo(silent.port(), authority_.root_pem());
  options.connect_timeout = milliseconds(500);
  const auto connection = Connect(options).value();
  CallOptions hasty;
  hasty.timeout = milliseconds(100);
  hasty.wait_for_ready = true;
  const auto first = connection->GetPayloadAuthToken(kUs, hasty);
  EXPECT_EQ(ToString(first.error().kind), "timed out");
  EXPECT_EQ(CauseOf(first), Cause::kNone);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  auto next = first;
  while (CauseOf(next) == Cause::kNone && std::chrono::steady_clock::now() < deadline) {
    next = connection->GetPayloadAuthToken(kUs, hasty);
  }
  EXPECT_EQ(ToString(next.error().kind), "timed out");
  EXPECT_EQ(CauseOf(next), Cause::kSilent);
  EXPECT_THAT(next.error().message, HasSubstr("timed out: the other end takes the connection"));
}

TEST_F(HeldCalls, AreNoneWhereNothingIsDiagnosed) {
  const ScriptedRobot robot(authority_.IssueExpired({"*.spot.robot"}));
  ConnectionOptions options = TlsTo(robot.port(), authority_.root_pem());
  options.diagnose = false;
  const auto connection = Connect(options).value();
  const auto outcome = connection->GetPayloadAuthToken(kUs, Staged::Patient());
  EXPECT_EQ(CauseOf(outcome), Cause::kCertificateNotTrusted);
  EXPECT_THAT(outcome.error().message, HasSubstr("neither has expired"));
}

TEST_F(HeldCalls, AreOneLookForAllConnectionsToTheRobot) {
  // Our calls go to it plainly, so that each TLS greeting is a look.
  constexpr char kGreeting[] = "\x16";
  constexpr char kAlert[] = "\x15\x03\x03\x00\x02\x02\x28";
  std::atomic<int> looks = 0;
  const RawPeer peer([&](RawConnection& connection) {
    if (connection.Receive(1) != kGreeting) return;
    ++looks;
    connection.Send({kAlert, sizeof kAlert - 1});
    connection.ReceiveUntilTheEnd();
  });
  const std::shared_ptr<RobotConnection> one = Connect(PlainTo(peer.port())).value();
  const std::shared_ptr<RobotConnection> other = Connect(PlainTo(peer.port())).value();
  const Cause found = CauseOf(one->GetPayloadAuthToken(kUs, Staged::Patient()));
  EXPECT_EQ(found, Cause::kPeerSpeaksTls);
  EXPECT_EQ(CauseOf(other->GetPayloadAuthToken(kUs, Staged::Patient())), found);
  const auto later = Connect(PlainTo(peer.port())).value();
  EXPECT_EQ(CauseOf(later->GetPayloadAuthToken(kUs, Staged::Patient())), found);
  EXPECT_EQ(looks, 1);
}

TEST_F(HeldCalls, AreManyAtATimeAndAllLearnTheSame) {
  const ScriptedRobot robot(authority_.IssueExpired({"*.spot.robot"}));
  const auto connection = Connected(robot.port());
  std::vector<Awaited<Secret>> calls(100);
  for (Awaited<Secret>& each : calls) {
    connection->GetPayloadAuthTokenAsync(kUs, Staged::Patient(), each.completion());
  }
  for (Awaited<Secret>& each : calls) EXPECT_EQ(CauseOf(each.Get()), Cause::kCertificateExpired);
}

}  // namespace
}  // namespace payload_manager::testing
