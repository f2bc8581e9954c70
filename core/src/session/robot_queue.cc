#include "session/robot_queue.h"

#include <algorithm>

#include "schedule/waiting.h"

namespace payload_manager {
namespace {

// In reach for this many of the longest waits, a robot counts as settled again.
constexpr int kSettledAfter = 6;
// One of so many probes does not wait for a connection.
constexpr int kProbesForACause = 6;

}  // namespace

RobotQueue::RobotQueue(const PacingOptions& pacing, std::uint64_t seed)
    : pacer_({pacing.registration_calls_per_second, pacing.auth_calls_per_second}),
      most_under_way_(std::max(1, pacing.most_calls_under_way)),
      jitter_(seed),
      soon_(Bounded(pacing.first_back_off)),
      between_probes_(soon_, Bounded(pacing.last_back_off)),
      settled_after_(kSettledAfter * std::min(pacing.last_back_off, kLongestWait / kSettledAfter)),
      over_limit_(soon_, Bounded(pacing.last_back_off)) {}

void RobotQueue::Enqueue(std::uint64_t session, CallClass call_class) {
  pacer_.Enqueue(session, call_class);
}

void RobotQueue::Withdraw(std::uint64_t session) {
  pacer_.Withdraw(session);
  if (probe_ == session) probe_.reset();
}

std::optional<Pacer::Granted> RobotQueue::Grant(TimePoint now) {
  if (IsFull() || (outage_ && (probe_ || now < probe_due_))) return std::nullopt;
  const auto granted = pacer_.Grant(now);
  if (!granted) return std::nullopt;
  ++under_way_;
  if (outage_) {
    probe_ = granted->waiter;
    probe_began_ = now;
    probe_waits_ = ++probes_ % kProbesForACause != 0;
  }
  return granted;
}

std::optional<TimePoint> RobotQueue::NextGrant() const {
  if (IsFull()) return std::nullopt;
  if (!outage_) return pacer_.NextGrant();
  if (probe_) return std::nullopt;
  const auto next = pacer_.NextGrant();
  return next ? std::max(*next, probe_due_) : next;
}

bool RobotQueue::Answered(std::uint64_t session, TimePoint now) {
  if (probe_ == session) probe_.reset();
  last_answer_ = now;
  if (!outage_) return false;
  outage_.reset();
  probe_.reset();
  in_reach_since_ = now;
  return true;
}

bool RobotQueue::OutOfReach(std::uint64_t session, const Failure& cause, TimePoint now) {
  const bool news = !outage_;
  if (news && now - in_reach_since_ >= settled_after_) between_probes_.Reset();
  if (news) {
    probes_ = 0;
    probe_due_ = now + between_probes_.Next(jitter_);
  } else if (probe_ == session) {
    probe_.reset();
    probe_due_ = probe_waits_ ? std::max(now, probe_began_ + between_probes_.Next(jitter_))
                              : now + jitter_.UpTo(soon_);
  }
  outage_ = cause;
  return news;
}

void RobotQueue::ConnectionChanged(TimePoint now) {
  probe_.reset();
  probe_due_ = now;
  between_probes_.Reset();
  probes_ = kProbesForACause - 1;
}

void RobotQueue::TooManyRequests(TimePoint now) {
  if (pacer_.IsHeld(now)) return;
  pacer_.HoldUntil(now + over_limit_.Next(jitter_));
}

}  // namespace payload_manager
