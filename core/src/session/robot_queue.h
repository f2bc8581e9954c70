// The line in front of one robot: pacing, and one probe at a time while it does not answer. Pure:
// `now` is a parameter.
#pragma once

#include <cstdint>
#include <optional>

#include "payload_manager/failure.h"
#include "payload_manager/payload_sessions.h"
#include "schedule/back_off.h"
#include "schedule/pacer.h"

namespace payload_manager {

// While the robot answers, calls go out as the Pacer lets them, and no more at once than allowed.
// Once a call has found it out of reach, one session at a time may try, after a back-off; the
// others wait in line until any call is answered.
//
// A probe waits for a connection as long as a call may take, so that it is answered the moment the
// robot is back; the back-off counts from its beginning. Only one that fails at once can say why
// there is no connection: so every sixth does not wait, and the next follows soon.
//
// Threads: one at a time.
class RobotQueue {
 public:
  RobotQueue(const PacingOptions& pacing, std::uint64_t seed);

  // See Pacer. Withdraw also frees the probe, if the session has it.
  void Enqueue(std::uint64_t session, CallClass call_class);
  void Withdraw(std::uint64_t session);

  // Who may call now; the call is under way until Ended.
  std::optional<Pacer::Granted> Grant(TimePoint now);
  // When Grant will have somebody, unless something changes before.
  std::optional<TimePoint> NextGrant() const;
  // A call that was granted is not under way any more, or was not made after all.
  void Ended() { --under_way_; }
  int under_way() const { return under_way_; }

  // The call that was just granted to the session is to wait for a connection.
  bool WaitsForConnection(std::uint64_t session) const {
    return outage_ && probe_ == session && probe_waits_;
  }

  // A call of the session was answered, be it with a refusal. True when that is news: the robot had
  // been out of reach. The back-off starts anew only once it has stayed in reach for a while: one
  // that comes and goes is probed ever more slowly.
  bool Answered(std::uint64_t session, TimePoint now);
  // The robot is in reach as far as known, and a call has been answered since this instant: one
  // that was sent then and is lost says nothing about the robot of now.
  bool AnsweredSince(TimePoint sent) const { return !outage_ && sent < last_answer_; }
  // A call of the session found the robot out of reach. True when that is news.
  bool OutOfReach(std::uint64_t session, const Failure& cause, TimePoint now);
  // The robot is reached otherwise from now on: if it was out of reach, it is probed at once, by a
  // call that does not wait: the cause known so far is the other way's. Its pace counts on, because
  // it is the same robot.
  void ConnectionChanged(TimePoint now);
  // HTTP 429: everybody holds off. One more while they do says nothing new: its call went out
  // before.
  void TooManyRequests(TimePoint now);
  // A call was let through: the next 429 starts with a short wait again.
  void WithinLimits() { over_limit_.Reset(); }

  // Why the robot is out of reach; nullopt while it is not.
  const std::optional<Failure>& outage() const { return outage_; }
  // When the next probe goes out; nullopt while none is needed or one is under way.
  std::optional<TimePoint> NextProbe() const { return outage_ ? NextGrant() : std::nullopt; }

 private:
  bool IsFull() const { return under_way_ >= most_under_way_; }

  Pacer pacer_;
  int most_under_way_;
  int under_way_ = 0;
  Jitter jitter_;
  Duration soon_;
  BackOff between_probes_;
  Duration settled_after_;
  TimePoint in_reach_since_{};
  TimePoint last_answer_ = TimePoint::min();
  BackOff over_limit_;
  std::optional<Failure> outage_;
  std::optional<std::uint64_t> probe_;  // the session whose call is the probe
  TimePoint probe_began_{};
  bool probe_waits_ = false;
  int probes_ = 0;  // of this outage
  TimePoint probe_due_{};
};

}  // namespace payload_manager
