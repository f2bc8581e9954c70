// When a robot is looked at, who waits for what is found, and how long that holds. The probes are
// fakes, and the minute between them passes on a clock of the test.
#include "rpc/diagnosis.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/support/manual_clock.h"

namespace payload_manager {
namespace {

using std::chrono::seconds;
using Cause = FailureCause;

constexpr char kAuthority[] = "payload-registration.spot.robot";

Exchange Call(bool insecure = false) {
  return {"192.168.80.3:443", "RegisterPayload", kAuthority, insecure, {}};
}
Failure Untrusted() {
  return {FailureKind::kUnableToConnect, "", nullptr, Cause::kCertificateNotTrusted};
}
Failure Lost() { return {FailureKind::kConnectionLost, ""}; }

class DiagnosisOf : public ::testing::Test {
 protected:
  ~DiagnosisOf() override { diagnosis_->Close(); }

  // Of a robot of its own.
  std::shared_ptr<Diagnosis> Make(Probe probe, Duration limit = Diagnosis::kLongestProbe) {
    return std::make_shared<Diagnosis>(ProbeTarget{}, std::make_shared<Findings>(),
                                       std::move(probe), &clock_, limit);
  }
  // Finds what the test says, at once.
  Probe Finding() {
    return [this](const ProbeTarget& target, const ProbeWait&) {
      ++probes_;
      EXPECT_EQ(target.authority, kAuthority);
      return ProbeReport{found_, "seen"};
    };
  }
  // Goes on until the diagnosis gives it up.
  Probe Endless() {
    return [this](const ProbeTarget&, const ProbeWait& wait) {
      ++probes_;
      while (wait(-1, 0)) {
      }
      return ProbeReport{Cause::kSilent, {}};
    };
  }
  std::shared_ptr<HeldCall> Held() { return std::make_shared<HeldCall>(diagnosis_); }
  void WaitForTheReport() { diagnosis_->Wait(Held(), std::nullopt); }
  // A held call's end.
  struct Ended {
    std::promise<void> promise;
    std::future<void> future = promise.get_future();
    std::function<void()> finish = [this] { promise.set_value(); };
    bool Now() const { return future.wait_for(seconds(0)) == std::future_status::ready; }
    bool Soon() const { return future.wait_for(seconds(20)) == std::future_status::ready; }
  };
  Cause Known() const { return diagnosis_->Known(kAuthority).value_or(ProbeReport{}).cause; }

  testing::ManualClock clock_;
  std::atomic<int> probes_ = 0;
  Cause found_ = Cause::kCertificateExpired;
  std::shared_ptr<Diagnosis> diagnosis_ = Make(Finding());
};

TEST_F(DiagnosisOf, ADoubtfulFailureIsWorthWaitingFor) {
  EXPECT_TRUE(diagnosis_->Consider(Call(), Untrusted()));
  WaitForTheReport();
  ASSERT_TRUE(diagnosis_->Known(kAuthority).has_value());
  EXPECT_EQ(diagnosis_->Known(kAuthority)->cause, Cause::kCertificateExpired);
  EXPECT_EQ(diagnosis_->Known(kAuthority)->detail, "seen");
}

TEST_F(DiagnosisOf, AClearFailureIsNotMade) {
  for (const Failure& failure :
       {Failure{FailureKind::kUnableToConnect, "", nullptr, Cause::kRefused},
        Failure{FailureKind::kUnauthenticated, ""}, Failure{FailureKind::kCancelled, ""}, Lost()}) {
    EXPECT_FALSE(diagnosis_->Consider(Call(), failure));
  }
  EXPECT_FALSE(diagnosis_->Hold(Held(), std::nullopt, [] { FAIL(); }));
  EXPECT_EQ(probes_, 0);
}

TEST_F(DiagnosisOf, ARobotIsMadeAtMostOnceAMinute) {
  diagnosis_->Consider(Call(), Untrusted());
  WaitForTheReport();
  for (int i = 0; i < 59; ++i) {
    clock_.Advance(seconds(1));
    EXPECT_FALSE(diagnosis_->Consider(Call(), Untrusted()));
    EXPECT_EQ(Known(), Cause::kCertificateExpired);
  }
  EXPECT_EQ(probes_, 1);
}

TEST_F(DiagnosisOf, ARobotIsMadeAnewAfterTheMinute) {
  std::atomic<int> running = 0;
  diagnosis_ = Make([&](const ProbeTarget&, const ProbeWait&) {
    return ProbeReport{++running == 1 ? Cause::kSilent : Cause::kCertificateExpired, {}};
  });
  diagnosis_->Consider(Call(), Untrusted());
  WaitForTheReport();
  EXPECT_EQ(Known(), Cause::kSilent);
  clock_.Advance(seconds(60));
  // The first thread may be on its way out still.
  const auto deadline = std::chrono::steady_clock::now() + seconds(20);
  while (running < 2 && std::chrono::steady_clock::now() < deadline) {
    diagnosis_->Consider(Call(), Untrusted());
    std::this_thread::yield();
  }
  WaitForTheReport();
  EXPECT_EQ(Known(), Cause::kCertificateExpired);
}

TEST_F(DiagnosisOf, ARobotIsForgottenOnceItAnswers) {
  diagnosis_->Consider(Call(), Untrusted());
  WaitForTheReport();
  diagnosis_->Answered();
  EXPECT_FALSE(diagnosis_->Known(kAuthority).has_value());
  EXPECT_FALSE(diagnosis_->Consider(Call(), Untrusted())) << "the minute is not over";
}

TEST_F(DiagnosisOf, ATimeoutIsMadeForTheNextFailure) {
  EXPECT_FALSE(diagnosis_->Consider(Call(), {FailureKind::kTimedOut, ""}));
  WaitForTheReport();
  EXPECT_EQ(probes_, 1);
  EXPECT_EQ(Known(), Cause::kCertificateExpired);
}

TEST_F(DiagnosisOf, ALossAfterAnAnswerIsNotMade) {
  diagnosis_->Answered();
  EXPECT_FALSE(diagnosis_->Consider(Call(true), Lost()));
  EXPECT_TRUE(diagnosis_->Consider(Call(true), Lost())) << "twice in a row is odd";
}

TEST_F(DiagnosisOf, ANameOutsideTheCertificateIsThatNamesOnly) {
  found_ = Cause::kNameNotInCertificate;
  diagnosis_->Consider(Call(), Untrusted());
  WaitForTheReport();
  EXPECT_TRUE(diagnosis_->Known(kAuthority).has_value());
  EXPECT_FALSE(diagnosis_->Known("auth.spot.robot").has_value());
}

TEST_F(DiagnosisOf, EachCallIsLetGoByItself) {
  diagnosis_ = Make(Endless());
  ASSERT_TRUE(diagnosis_->Consider(Call(), Untrusted()));
  Ended first;
  Ended second;
  const auto first_call = Held();
  ASSERT_TRUE(diagnosis_->Hold(first_call, std::nullopt, first.finish));
  ASSERT_TRUE(diagnosis_->Hold(Held(), std::nullopt, second.finish));
  first_call->LetGo();
  EXPECT_TRUE(first.Soon());
  EXPECT_FALSE(second.Now());
  diagnosis_->Close();
  EXPECT_TRUE(second.Now());
}

TEST_F(DiagnosisOf, ACallLetGoBeforeItIsHeldDoesNotWait) {
  diagnosis_ = Make(Endless());
  ASSERT_TRUE(diagnosis_->Consider(Call(), Untrusted()));
  const auto call = Held();
  call->LetGo();
  diagnosis_->Wait(call, std::nullopt);
}

TEST_F(DiagnosisOf, ACallWaitsNoLongerThanItsTime) {
  diagnosis_ = Make(Endless());
  ASSERT_TRUE(diagnosis_->Consider(Call(), Untrusted()));
  diagnosis_->Wait(Held(), std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
  EXPECT_FALSE(diagnosis_->Known(kAuthority).has_value());
}

TEST_F(DiagnosisOf, AProbeTakesNoLongerThanItsLimit) {
  diagnosis_ = Make(Endless(), std::chrono::milliseconds(1));
  ASSERT_TRUE(diagnosis_->Consider(Call(), Untrusted()));
  WaitForTheReport();
  EXPECT_EQ(Known(), Cause::kSilent);
}

TEST_F(DiagnosisOf, ARobotEndsWithItsConnection) {
  diagnosis_ = Make(Endless());
  ASSERT_TRUE(diagnosis_->Consider(Call(), Untrusted()));
  diagnosis_->Close();
  EXPECT_FALSE(diagnosis_->Known(kAuthority).has_value()) << "it was cut short";
  EXPECT_FALSE(diagnosis_->Hold(Held(), std::nullopt, [] { FAIL(); }));
  clock_.Advance(seconds(60));
  EXPECT_FALSE(diagnosis_->Consider(Call(), Untrusted()));
  diagnosis_->Close();
  EXPECT_EQ(probes_, 1);
}

TEST_F(DiagnosisOf, NoRobotIsMadeWithoutAProbe) {
  diagnosis_ = Make({});
  EXPECT_FALSE(diagnosis_->Consider(Call(), Untrusted()));
}

TEST_F(DiagnosisOf, ManyRobotsIsMadeAFewAtATime) {
  std::vector<std::shared_ptr<Diagnosis>> robots;
  for (int i = 0; i < Diagnosis::kMostAtOnce; ++i) {
    robots.push_back(Make(Endless()));
    EXPECT_TRUE(robots.back()->Consider(Call(), Untrusted()));
  }
  diagnosis_ = Make(Endless());
  EXPECT_FALSE(diagnosis_->Consider(Call(), Untrusted()));
  robots.front()->Close();
  EXPECT_TRUE(diagnosis_->Consider(Call(), Untrusted())) << "it has not lost its minute";
  for (const auto& robot : robots) robot->Close();
}

}  // namespace
}  // namespace payload_manager
