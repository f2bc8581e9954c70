#include "robot/payload_calls.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mock_robot {

PayloadCalls::~PayloadCalls() { Stop(); }

void PayloadCalls::Prompt(const std::string& target, SoftwarePrompt prompt,
                          payload_manager::Duration patience, Done done) {
  std::uint64_t id = 0;
  std::string refusal;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) {
      refusal = "the robot has been stopped";
    } else if (in_flight_.size() >= kMostInFlight) {
      refusal = "the robot is waiting for " + std::to_string(kMostInFlight) + " payloads already";
    } else {
      id = ++last_id_;
      in_flight_.emplace(id, nullptr);
    }
  }
  if (!refusal.empty()) {
    done({AdminResult::kCallFailed, refusal});
    return;
  }
  patience = std::clamp<payload_manager::Duration>(patience, payload_manager::Duration(0),
                                                   kLongestPatience);
  auto call = StartInitiationCall(
      target, prompt, patience,
      [this, id, target, done = std::move(done)](const std::string& problem) {
        done(problem.empty()
                 ? AdminAnswer{AdminResult::kOk, "the payload at " + target + " answered"}
                 : AdminAnswer{AdminResult::kCallFailed,
                               "the payload at " + target + ": " + problem});
        Ended(id);
      });
  const std::lock_guard lock(mutex_);
  const auto found = in_flight_.find(id);
  if (found == in_flight_.end()) return;
  if (stopped_) call->Cancel();
  found->second = std::move(call);
}

void PayloadCalls::Ended(std::uint64_t id) {
  std::shared_ptr<OutgoingCall> call;  // goes after the lock
  const std::lock_guard lock(mutex_);
  const auto found = in_flight_.find(id);
  call = std::move(found->second);
  in_flight_.erase(found);
  ended_.notify_all();
}

void PayloadCalls::Stop() {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  std::vector<std::shared_ptr<OutgoingCall>> calls;
  for (const auto& [id, call] : in_flight_) {
    if (call) calls.push_back(call);
  }
  lock.unlock();
  for (const auto& call : calls) call->Cancel();
  lock.lock();
  ended_.wait(lock, [this] { return in_flight_.empty(); });
}

}  // namespace mock_robot
