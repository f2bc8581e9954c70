// A user's observer, and the door between it and the session that feeds it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "payload_manager/payload_session.h"
#include "session/session_machine.h"

namespace payload_manager {

// Every effect is told by a task of its own while the observer keeps up. While `kMostWaiting` of
// them wait for it, be it that it takes its time or that it never returns, what comes next is put
// together instead, and told as one when the others have been.
//
// Threads: Accept and Close on any; Tell on the callback thread.
class Subscription {
 public:
  static constexpr std::size_t kMostWaiting = 64;

  explicit Subscription(SessionObserver observer) : observer_(std::move(observer)) {}

  // No call of the observer starts after this has returned.
  void Close() { closed_.store(true); }

  // True: the caller has the effect told, by Tell. False: too many wait; one of them will tell it.
  // A ResultEffect is not its business.
  bool Accept(const SessionEffect& effect);
  // Tells the observer, unless closed or not interested; and, if this was the last that waited, of
  // what was put together.
  void Tell(const SessionEffect& effect);

 private:
  // What has come of the effects that found no room: the state it came to from the one that was
  // told last, the latest of everything else.
  struct Rest {
    bool forgotten = false;
    bool deauthorized = false;
    std::optional<TokenEffect> token;
    std::optional<DiffersEffect> differs;
    std::optional<AttachedEffect> attached;
    std::optional<StateChange> change;
  };

  void TellNow(const SessionEffect& effect) const;
  void TellNow(const Rest& rest) const;
  static void PutTogether(Rest& rest, const SessionEffect& effect);

  const SessionObserver observer_;
  std::atomic<bool> closed_ = false;
  std::mutex mutex_;  // not held while the observer is told
  std::size_t waiting_ = 0;
  std::unique_ptr<Rest> rest_;
};

}  // namespace payload_manager
