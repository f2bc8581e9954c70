#include "rpc/in_flight_calls.h"

#include <utility>

namespace payload_manager {

CallTicket::~CallTicket() {
  if (calls_ == nullptr) return;
  EndCancellation();
  calls_->End();
}

void CallTicket::Rearm(std::function<void()> cancel) {
  cancel_ = std::move(cancel);
  on_shut_down_.emplace(calls_->shut_down_.get_token(), Run{&cancel_});
  if (caller_.stop_possible()) on_caller_.emplace(caller_, Run{&cancel_});
}

bool CallTicket::IsCancelled() const {
  return caller_.stop_requested() || calls_->shut_down_.stop_requested();
}

void CallTicket::EndCancellation() {
  on_caller_.reset();
  on_shut_down_.reset();
}

bool InFlightCalls::Begin(CallTicket& ticket, std::stop_token caller,
                          std::function<void()> cancel) {
  {
    const std::lock_guard lock(mutex_);
    if (refusing_) return false;
    ++in_flight_;
  }
  ticket.calls_ = shared_from_this();
  ticket.caller_ = std::move(caller);
  ticket.Rearm(std::move(cancel));
  return true;
}

void InFlightCalls::End() {
  const std::lock_guard lock(mutex_);
  if (--in_flight_ == 0) all_ended_.notify_all();
}

void InFlightCalls::CancelAll() {
  {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
  }
  shut_down_.request_stop();
}

void InFlightCalls::ShutDown() {
  CancelAll();
  std::unique_lock lock(mutex_);
  all_ended_.wait(lock, [this] { return in_flight_ == 0; });
}

}  // namespace payload_manager
