// A user's observer, and the door between it and the session that feeds it.
#pragma once

#include <atomic>
#include <utility>

#include "payload_manager/payload_session.h"
#include "session/session_machine.h"

namespace payload_manager {

// Threads: Tell on the callback thread; Close on any.
class Subscription {
 public:
  explicit Subscription(SessionObserver observer) : observer_(std::move(observer)) {}

  // No call of the observer starts after this has returned.
  void Close() { closed_.store(true); }

  // Tells the observer, unless closed or not interested. A ResultEffect is not its business.
  void Tell(const SessionEffect& effect) const;

 private:
  const SessionObserver observer_;
  std::atomic<bool> closed_ = false;
};

}  // namespace payload_manager
