#include "rpc/in_flight_calls.h"

#include <utility>

namespace payload_manager {

CallTicket::CallTicket(std::shared_ptr<InFlightCalls> calls, std::stop_token shut_down,
                       std::stop_token caller, std::function<void()> cancel)
    : calls_(std::move(calls)), shut_down_(std::move(shut_down)), caller_(std::move(caller)) {
  Rearm(std::move(cancel));
}

CallTicket::~CallTicket() {
  EndCancellation();
  calls_->End();
}

void CallTicket::Rearm(std::function<void()> cancel) {
  cancel_ = std::move(cancel);
  on_shut_down_.emplace(shut_down_, Run{&cancel_});
  on_caller_.emplace(caller_, Run{&cancel_});
}

void CallTicket::EndCancellation() {
  on_caller_.reset();
  on_shut_down_.reset();
}

std::unique_ptr<CallTicket> InFlightCalls::Begin(std::stop_token caller,
                                                 std::function<void()> cancel) {
  {
    const std::lock_guard lock(mutex_);
    if (refusing_) return nullptr;
    ++in_flight_;
  }
  return std::make_unique<CallTicket>(shared_from_this(), shut_down_.get_token(), std::move(caller),
                                      std::move(cancel));
}

void InFlightCalls::End() {
  const std::lock_guard lock(mutex_);
  if (--in_flight_ == 0) all_ended_.notify_all();
}

void InFlightCalls::ShutDown() {
  {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
  }
  shut_down_.request_stop();
  std::unique_lock lock(mutex_);
  all_ended_.wait(lock, [this] { return in_flight_ == 0; });
}

}  // namespace payload_manager
