// What sessions look like from outside, and which payloads are taken: readable by any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "payload_manager/payload_sessions.h"
#include "session/subscription.h"

namespace payload_manager {

// Threads: any. Its lock is held for copying and marking only.
class SnapshotBoard {
 public:
  // Takes the GUID on the robot; nullopt when it is taken (regardless of case).
  std::optional<SessionId> Open(RobotHandle robot, PayloadSnapshot snapshot,
                                std::shared_ptr<Subscription> subscription);
  // Shows the snapshot, but for the robot's name and the next attempt, unless the session was
  // closed meanwhile. For every call of a session: what is there already is written over.
  void Publish(SessionId session, const PayloadSnapshot& snapshot,
               std::optional<TimePoint> next_attempt);
  // The same for the next attempt alone.
  void PublishNextAttempt(SessionId session, std::optional<TimePoint> next_attempt);
  // Shows that every session was removed at this instant, and nothing else: what was shown of each
  // is its latest snapshot.
  void PublishEnd(TimePoint at);
  // When the robot, which is out of reach, is probed next: the next attempt of those of its
  // sessions that have none of their own.
  void ShowProbe(RobotHandle robot, std::optional<TimePoint> next);
  // Forgets the session, closes its subscription and frees its GUID; false when it is not there.
  bool Close(SessionId session);
  // The same for every session of the robot. The subscriptions are the caller's, so that what users
  // gave them dies under no lock.
  [[nodiscard]] std::vector<std::shared_ptr<Subscription>> CloseAll(RobotHandle robot);
  // The GUID, as the session was opened with.
  std::optional<std::string> GuidOf(SessionId session) const;

  std::optional<PayloadSnapshot> Get(SessionId session) const;
  std::map<SessionId, PayloadSnapshot> All() const;
  // Closes every subscription; the snapshots stay.
  void CloseSubscriptions();

 private:
  using Key = std::pair<RobotHandle, std::string>;  // the GUID in lower case

  struct Entry {
    Key key;
    PayloadSnapshot snapshot;
    std::shared_ptr<Subscription> subscription;
  };

  // What users see of it; needs the lock.
  PayloadSnapshot Show(const Entry& entry) const;

  // How many snapshots are copied or changed before others get a turn.
  static constexpr int kAtATime = 64;

  mutable std::mutex mutex_;
  std::map<SessionId, Entry> entries_;
  std::map<Key, SessionId> taken_;
  std::map<RobotHandle, TimePoint> probes_;
  std::uint64_t last_id_ = 0;
};

}  // namespace payload_manager
