// A robot whose answers arrive on threads of its own, at once and in no particular order.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "payload_manager/robot_connection.h"

namespace payload_manager::testing {

constexpr Duration kDeadline = std::chrono::seconds(30);

// One Shutdown keeps its bound, which is 100 ms and the callbacks' time, here none to speak of:
// five seconds leave room for a busy machine and none for a call that is not cancelled. Should the
// machine have been too busy for the 100 ms, asking again finds everything ended.
template <typename Stoppable>
bool EndsInTime(Stoppable& stoppable) {
  const TimePoint start = SystemClock().Now();
  const bool ended = stoppable.Shutdown(kDeadline);
  if (SystemClock().Now() - start > std::chrono::seconds(5)) return false;
  while (!ended && SystemClock().Now() - start < std::chrono::seconds(5)) {
    if (stoppable.Shutdown(kDeadline)) return true;
  }
  return ended;
}

// Every answer is drawn: success, a refusal, a lost connection, or none until cancelled. Knows no
// timeouts; keeps the rest of the contract of the seam. Threads: any.
class ThreadedRobot final : public RobotConnection {
 public:
  explicit ThreadedRobot(std::uint64_t seed);
  ~ThreadedRobot() override;

  std::atomic<std::uint64_t> calls = 0;
  // How many of 16 calls end by cancellation only.
  std::atomic<unsigned> silences = 0;
  // Calls that are waiting to be cancelled.
  std::size_t unanswered() {
    const std::lock_guard lock(mutex_);
    return unanswered_.size();
  }

  void RegisterPayloadAsync(const bosdyn::api::Payload&, const Secret&, const CallOptions& options,
                            Completion<Done> done) override {
    Start<Done>(options, std::move(done), FailureKind::kPayloadAlreadyExists);
  }
  void UpdatePayloadVersionAsync(const PayloadCredentials&, const bosdyn::api::SoftwareVersion&,
                                 const CallOptions& options, Completion<Done> done) override {
    Start<Done>(options, std::move(done), FailureKind::kPayloadDoesNotExist);
  }
  void GetPayloadAuthTokenAsync(const PayloadCredentials&, const CallOptions& options,
                                Completion<Secret> done) override {
    Start<Secret>(options, std::move(done), FailureKind::kPayloadNotAuthorized);
  }
  void UpdatePayloadAttachedAsync(const PayloadCredentials&, Attachment, const CallOptions& options,
                                  Completion<Done> done) override {
    Start<Done>(options, std::move(done), FailureKind::kPayloadNotAuthorized);
  }
  void ListPayloadsAsync(const Secret&, const CallOptions& options,
                         Completion<bosdyn::api::ListPayloadsResponse> done) override {
    Start<bosdyn::api::ListPayloadsResponse>(options, std::move(done),
                                             FailureKind::kUnauthenticated);
  }
  void RefreshTokenAsync(const Secret&, const CallOptions& options,
                         Completion<Secret> done) override {
    Start<Secret>(options, std::move(done), FailureKind::kInvalidToken);
  }
  void AuthenticateAsync(const std::string&, const Secret&, const CallOptions& options,
                         Completion<Secret> done) override {
    Start<Secret>(options, std::move(done), FailureKind::kInvalidLogin);
  }

  // Nobody under test blocks.
  Outcome<Done> RegisterPayload(const bosdyn::api::Payload&, const Secret&,
                                const CallOptions&) override {
    return Blocked();
  }
  Outcome<Done> UpdatePayloadVersion(const PayloadCredentials&, const bosdyn::api::SoftwareVersion&,
                                     const CallOptions&) override {
    return Blocked();
  }
  Outcome<Secret> GetPayloadAuthToken(const PayloadCredentials&, const CallOptions&) override {
    return Blocked();
  }
  Outcome<Done> UpdatePayloadAttached(const PayloadCredentials&, Attachment,
                                      const CallOptions&) override {
    return Blocked();
  }
  Outcome<bosdyn::api::ListPayloadsResponse> ListPayloads(const Secret&,
                                                          const CallOptions&) override {
    return Blocked();
  }
  Outcome<Secret> RefreshToken(const Secret&, const CallOptions&) override { return Blocked(); }
  Outcome<Secret> Authenticate(const std::string&, const Secret&, const CallOptions&) override {
    return Blocked();
  }

 private:
  enum class Fate { kSuccess, kRefusal, kLost, kSilence };
  struct Pending {
    std::function<void(Fate)> complete;  // kSilence: cancelled
    std::atomic<bool> ended = false;
    std::optional<std::stop_callback<std::function<void()>>> on_stop;
  };

  template <typename T>
  void Start(const CallOptions& options, Completion<T> done, FailureKind refusal) {
    Enqueue(options, [done = std::move(done), refusal](Fate fate) {
      switch (fate) {
        case Fate::kSuccess:
          return done(T{});
        case Fate::kRefusal:
          return done(Failed{Failure{refusal, "refused"}});
        case Fate::kLost:
          return done(Failed{Failure{FailureKind::kConnectionLost, "lost"}});
        case Fate::kSilence:
          return done(Failed{Failure{FailureKind::kCancelled, "cancelled"}});
      }
    });
  }
  void Enqueue(const CallOptions& options, std::function<void(Fate)> complete);
  void Work();
  static Failed<Failure> Blocked() {
    return Failed{Failure{FailureKind::kUnimplemented, "no blocking verbs"}};
  }

  std::mutex mutex_;
  std::condition_variable wakes_;
  std::deque<std::pair<std::shared_ptr<Pending>, Fate>> queue_;
  std::vector<std::shared_ptr<Pending>> unanswered_;
  std::uint64_t state_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace payload_manager::testing
