// Calls that are held, let go and closed in upon while a probe ends: each is finished exactly once.
// Offsets are swept: each round acts a little later than the one before.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <utility>

#include "rpc/diagnosis.h"
#include "tests/support/manual_clock.h"

namespace payload_manager {
namespace {

constexpr int kRounds = 300;
constexpr std::size_t kCalls = 8;

void Spin(int times) {
  for (std::atomic<int> count = 0; count < times; ++count) {
  }
}

Exchange Call() {
  return {"192.168.80.3:443", "RegisterPayload", "payload-registration.spot.robot", false, {}};
}

TEST(DiagnosisStress, FinishesEveryHeldCallOnce) {
  const Failure doubtful{FailureKind::kUnableToConnect, "", nullptr,
                         FailureCause::kCertificateNotTrusted};
  const testing::ManualClock clock;
  for (int round = 0; round < kRounds; ++round) {
    const auto diagnosis = std::make_shared<Diagnosis>(
        ProbeTarget{}, std::make_shared<Findings>(),
        [round](const ProbeTarget&, const ProbeWait& wait) {
          Spin(round % 5 * 100);
          if (round % 2 == 0) wait(-1, 0);
          return ProbeReport{FailureCause::kCertificateExpired, {}};
        },
        &clock, std::chrono::milliseconds(1));
    std::array<std::atomic<int>, kCalls> finished{};
    std::array<std::shared_ptr<HeldCall>, kCalls> calls;
    for (auto& call : calls) call = std::make_shared<HeldCall>(diagnosis);

    std::thread holder([&] {
      diagnosis->Consider(Call(), doubtful);
      for (std::size_t i = 0; i < kCalls; ++i) {
        if (!diagnosis->Hold(calls[i], std::nullopt, [&, i] { ++finished[i]; })) ++finished[i];
      }
    });
    std::thread letter_go([&] {
      for (const auto& call : calls) {
        Spin(round);
        call->LetGo();
      }
    });
    std::thread answers([&] {
      Spin(round);
      diagnosis->Answered();
      (void)diagnosis->Known("payload-registration.spot.robot");
    });
    Spin(round * 10);
    diagnosis->Close();
    holder.join();
    letter_go.join();
    answers.join();
    diagnosis->Close();
    for (const auto& count : finished) ASSERT_EQ(count, 1) << "round " << round;
  }
}

// The end of a held call may be what somebody waited for to end the connection.
TEST(DiagnosisStress, MayBeGoneWhileACallIsBeingHeld) {
  const Failure doubtful{FailureKind::kUnableToConnect, "", nullptr,
                         FailureCause::kCertificateNotTrusted};
  const testing::ManualClock clock;
  for (int round = 0; round < kRounds; ++round) {
    auto diagnosis = std::make_shared<Diagnosis>(
        ProbeTarget{}, std::make_shared<Findings>(),
        [round](const ProbeTarget&, const ProbeWait&) {
          Spin(round * 20);
          return ProbeReport{FailureCause::kCertificateExpired, {}};
        },
        &clock, std::chrono::milliseconds(1));
    Diagnosis& same = *diagnosis;
    auto call = std::make_shared<HeldCall>(diagnosis);
    std::atomic<bool> finished = false;
    same.Consider(Call(), doubtful);
    std::thread owner([&finished, last = std::move(diagnosis)]() mutable {
      while (!finished) std::this_thread::yield();
      last->Close();
      last.reset();
    });
    if (!same.Hold(std::move(call), std::nullopt, [&finished] { finished = true; }))
      finished = true;
    owner.join();
  }
}

}  // namespace
}  // namespace payload_manager
