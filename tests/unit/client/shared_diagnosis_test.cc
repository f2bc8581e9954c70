// What the diagnoses of several connections to one robot have in common. The probes are fakes, and
// the minute between them passes on a clock of the test.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>

#include "rpc/diagnosis.h"
#include "tests/support/manual_clock.h"

namespace payload_manager {
namespace {

using std::chrono::seconds;
using Cause = FailureCause;

constexpr char kAuthority[] = "payload-registration.spot.robot";
const Exchange kCall{"192.168.80.3:443", "RegisterPayload", kAuthority, false, {}};
const Failure kUntrusted{FailureKind::kUnableToConnect, "", nullptr, Cause::kCertificateNotTrusted};

class SharedDiagnosis : public ::testing::Test {
 protected:
  ~SharedDiagnosis() override {
    one_->Close();
    other_->Close();
  }
  std::shared_ptr<Diagnosis> Make(Probe probe, const std::string& root = "a root") {
    const ProbeTarget target{{"192.168.80.3", 443}, {}, root, false};
    return std::make_shared<Diagnosis>(target, table_.Of(target, &clock_), std::move(probe),
                                       &clock_);
  }
  Probe Finding(Cause cause) {
    return [this, cause](const ProbeTarget&, const ProbeWait&) {
      ++probes_;
      return ProbeReport{cause, {}};
    };
  }
  // Finds what `one` is told to, once the test lets it.
  Probe Held() {
    return [this](const ProbeTarget&, const ProbeWait& wait) {
      ++probes_;
      while (!may_end_ && wait(-1, 0)) {
      }
      return ProbeReport{Cause::kCertificateExpired, {}};
    };
  }
  // Fails a call there, and waits for what it may wait for.
  static void Fail(Diagnosis& diagnosis) {
    const auto where = diagnosis.Consider(kCall, kUntrusted);
    if (where != nullptr) where->Wait(std::make_shared<HeldCall>(where), std::nullopt);
  }
  static Cause Known(const Diagnosis& diagnosis) {
    return diagnosis.Known(kAuthority).value_or(ProbeReport{}).cause;
  }

  testing::ManualClock clock_;
  FindingsTable table_;
  std::atomic<int> probes_ = 0;
  std::atomic<bool> may_end_ = false;
  std::shared_ptr<Diagnosis> one_ = Make(Finding(Cause::kCertificateExpired));
  std::shared_ptr<Diagnosis> other_ = Make(Finding(Cause::kSilent));
};

TEST_F(SharedDiagnosis, LooksAtARobotOnceAMinuteForAllConnections) {
  Fail(*one_);
  Fail(*other_);
  clock_.Advance(seconds(59));
  Fail(*other_);
  EXPECT_EQ(probes_, 1);
  EXPECT_EQ(Known(*other_), Cause::kCertificateExpired);
  clock_.Advance(seconds(1));
  Fail(*other_);
  EXPECT_EQ(probes_, 2);
  EXPECT_EQ(Known(*one_), Cause::kSilent);
}

TEST_F(SharedDiagnosis, OutlivesTheConnectionThatLooked) {
  Fail(*one_);
  one_->Close();
  one_ = Make(Finding(Cause::kSilent));
  Fail(*one_);
  EXPECT_EQ(probes_, 1);
  EXPECT_EQ(Known(*one_), Cause::kCertificateExpired);
}

TEST_F(SharedDiagnosis, HoldsCallsOfOneConnectionForTheLookOfAnother) {
  one_ = Make(Held());
  ASSERT_EQ(one_->Consider(kCall, kUntrusted), one_);
  const auto where = other_->Consider(kCall, kUntrusted);
  ASSERT_EQ(where, one_);
  std::promise<void> finished;
  ASSERT_TRUE(
      where->Hold(std::make_shared<HeldCall>(where), std::nullopt, [&] { finished.set_value(); }));
  may_end_ = true;
  std::make_shared<HeldCall>(one_)->LetGo();  // wakes the probe
  finished.get_future().wait();
  EXPECT_EQ(probes_, 1);
  EXPECT_EQ(Known(*other_), Cause::kCertificateExpired);
}

TEST_F(SharedDiagnosis, LetsCallsOfOthersGoWithTheConnectionThatLooked) {
  one_ = Make(Held());
  one_->Consider(kCall, kUntrusted);
  const auto where = other_->Consider(kCall, kUntrusted);
  ASSERT_NE(where, nullptr);
  std::promise<void> finished;
  ASSERT_TRUE(
      where->Hold(std::make_shared<HeldCall>(where), std::nullopt, [&] { finished.set_value(); }));
  one_->Close();
  finished.get_future().wait();
  EXPECT_FALSE(other_->Known(kAuthority).has_value()) << "it was cut short";
  EXPECT_EQ(other_->Consider(kCall, kUntrusted), nullptr);
  EXPECT_EQ(probes_, 1);
}

TEST_F(SharedDiagnosis, IsForgottenByAllOnceTheRobotAnswersOne) {
  Fail(*one_);
  other_->Answered();
  EXPECT_FALSE(one_->Known(kAuthority).has_value());
}

TEST_F(SharedDiagnosis, IsAnotherOfWhoTrustsSomebodyElse) {
  const auto third = Make(Finding(Cause::kUnknownCertificateAuthority), "another root");
  Fail(*one_);
  EXPECT_FALSE(third->Known(kAuthority).has_value());
  Fail(*third);
  EXPECT_EQ(Known(*third), Cause::kUnknownCertificateAuthority);
  third->Answered();
  EXPECT_EQ(Known(*one_), Cause::kCertificateExpired);
  third->Close();
}

TEST_F(SharedDiagnosis, IsNotShownToWhoWantsNone) {
  const auto third = Make({});
  Fail(*one_);
  EXPECT_FALSE(third->Known(kAuthority).has_value());
}

ProbeTarget At(const std::string& host, std::uint16_t port = 443) {
  return {{host, port}, {}, "", true};
}

TEST(FindingsTable, TellsApartRobotsWaysToSeeThemAndClocks) {
  const testing::ManualClock one;
  const testing::ManualClock other;
  FindingsTable table;
  const auto findings = table.Of(At("10.0.0.1"), &one);
  ProbeTarget target = At("10.0.0.1");
  target.authority = "auth.spot.robot";
  EXPECT_EQ(findings, table.Of(target, &one));
  EXPECT_NE(findings, table.Of(At("10.0.0.1", 444), &one));
  EXPECT_NE(findings, table.Of(At("10.0.0.2"), &one));
  EXPECT_NE(findings, table.Of(At("10.0.0.1"), &other));
  target.insecure = false;
  EXPECT_NE(findings, table.Of(target, &one));
  target.root_certificates_pem = "a root";
  EXPECT_NE(findings, table.Of(target, &one));
}

TEST(FindingsTable, KeepsWhatIsUsedAndABoundedRest) {
  const testing::ManualClock clock;
  FindingsTable table;
  const auto used = table.Of(At("used"), &clock);
  for (int i = 0; i < 1000; ++i) table.Of(At("robot-" + std::to_string(i)), &clock);
  EXPECT_LE(table.size(), FindingsTable::kMostUnused + 2);
  EXPECT_EQ(table.Of(At("used"), &clock), used);
  const std::weak_ptr<Findings> last = table.Of(At("robot-999"), &clock);
  ASSERT_NE(last.lock(), nullptr) << "nobody has it, and it is kept";
}

}  // namespace
}  // namespace payload_manager
