#include "session/snapshot_board.h"

#include "definition/compare/guid.h"

namespace payload_manager {

std::optional<SessionId> SnapshotBoard::Open(RobotHandle robot, PayloadSnapshot snapshot,
                                             std::shared_ptr<Subscription> subscription) {
  Key key(robot, LowerCase(snapshot.guid));
  const std::lock_guard lock(mutex_);
  if (taken_.contains(key)) return std::nullopt;
  const SessionId session{++last_id_};
  taken_.emplace(key, session);
  entries_.emplace(session, Entry{std::move(key), std::move(snapshot), std::move(subscription)});
  return session;
}

void SnapshotBoard::Publish(SessionId session, const PayloadSnapshot& snapshot,
                            std::optional<TimePoint> next_attempt) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(session);
  if (found == entries_.end()) return;
  PayloadSnapshot& shown = found->second.snapshot;
  std::string robot = std::move(shown.robot);
  shown = snapshot;
  shown.robot = std::move(robot);
  shown.next_attempt = next_attempt;
}

void SnapshotBoard::PublishNextAttempt(SessionId session, std::optional<TimePoint> next_attempt) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(session);
  if (found != entries_.end()) found->second.snapshot.next_attempt = next_attempt;
}

void SnapshotBoard::PublishEnd(TimePoint at) {
  std::optional<SessionId> last;
  for (bool more = true; more;) {
    const std::lock_guard lock(mutex_);
    auto next = last ? entries_.upper_bound(*last) : entries_.begin();
    for (int i = 0; i < kAtATime && next != entries_.end(); ++i, ++next) {
      PayloadSnapshot& shown = next->second.snapshot;
      shown.state = PayloadState::kRemoved;
      shown.since = at;
      shown.has_token = false;
      shown.next_attempt.reset();
      last = next->first;
    }
    more = next != entries_.end();
  }
}

void SnapshotBoard::ShowProbe(RobotHandle robot, std::optional<TimePoint> next) {
  const std::lock_guard lock(mutex_);
  if (next) {
    probes_[robot] = *next;
  } else {
    probes_.erase(robot);
  }
}

PayloadSnapshot SnapshotBoard::Show(const Entry& entry) const {
  PayloadSnapshot shown = entry.snapshot;
  if (shown.state == PayloadState::kUnreachable && !shown.next_attempt) {
    const auto probe = probes_.find(entry.key.first);
    if (probe != probes_.end()) shown.next_attempt = probe->second;
  }
  return shown;
}

bool SnapshotBoard::Close(SessionId session) {
  std::shared_ptr<Subscription> closed;  // dies after the lock, with what the user gave it
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(session);
  if (found == entries_.end()) return false;
  closed = std::move(found->second.subscription);
  closed->Close();
  taken_.erase(found->second.key);
  entries_.erase(found);
  return true;
}

std::vector<std::shared_ptr<Subscription>> SnapshotBoard::CloseAll(RobotHandle robot) {
  std::vector<std::shared_ptr<Subscription>> closed;
  const std::lock_guard lock(mutex_);
  probes_.erase(robot);
  const auto first = taken_.lower_bound(Key(robot, {}));
  auto last = first;
  for (; last != taken_.end() && last->first.first == robot; ++last) {
    const auto found = entries_.find(last->second);
    found->second.subscription->Close();
    closed.push_back(std::move(found->second.subscription));
    entries_.erase(found);
  }
  taken_.erase(first, last);
  return closed;
}

std::optional<std::string> SnapshotBoard::GuidOf(SessionId session) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(session);
  if (found == entries_.end()) return std::nullopt;
  return found->second.snapshot.guid;
}

std::optional<PayloadSnapshot> SnapshotBoard::Get(SessionId session) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(session);
  if (found == entries_.end()) return std::nullopt;
  return Show(found->second);
}

std::map<SessionId, PayloadSnapshot> SnapshotBoard::All() const {
  std::map<SessionId, PayloadSnapshot> all;
  for (bool more = true; more;) {
    const std::lock_guard lock(mutex_);
    auto next = all.empty() ? entries_.begin() : entries_.upper_bound(all.rbegin()->first);
    for (int i = 0; i < kAtATime && next != entries_.end(); ++i, ++next) {
      all.emplace_hint(all.end(), next->first, Show(next->second));
    }
    more = next != entries_.end();
  }
  return all;
}

void SnapshotBoard::CloseSubscriptions() {
  const std::lock_guard lock(mutex_);
  for (const auto& [session, entry] : entries_) entry.subscription->Close();
}

}  // namespace payload_manager
