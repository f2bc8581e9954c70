#include "robot/robot.h"

#include <algorithm>
#include <utility>

#include "robot/served_services.h"
#include "robot/timestamps.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Duration;
using payload_manager::Failed;
using payload_manager::Problem;

// A limit that keeps every time of the robot's within what a clock can hold.
constexpr Duration kFurthestAdvance = std::chrono::hours(24 * 3650);

Robot::Robot(const MockRobotOptions& options, OpenedState state)
    : clock_(*options.clock),
      started_(clock_.Now()),
      started_at_(clock_.WallNow()),
      id_(MakeRobotId(options)),
      rate_limits_(options.rate_limits),
      assumptions_(options.assumptions),
      faults_(assumptions_),
      registry_(options.registry, assumptions_, &faults_),
      directory_(ServedServices(started_at_, assumptions_), faults_, assumptions_),
      time_sync_(assumptions_),
      software_(assumptions_),
      authority_(options.serial_number, payload_manager::SystemRandom(), assumptions_,
                 state.kept.signing_key),
      registration_limit_(10, std::chrono::milliseconds(assumptions_.rate_limit_window_ms)),
      auth_limit_(5, std::chrono::milliseconds(assumptions_.rate_limit_window_ms)),
      journal_(std::make_shared<Journal>(options.journal_entries, options.journal_texts)),
      on_demand_({.now = [this] { return RuleTime(); },
                  .reboot = [this] { return Reboot().until_kept; },
                  .expire_tokens = [this] { return ExpireTokens(); },
                  .changed = [this] { NotifyWaiters(); }}) {
  if (state.store == nullptr) {
    for (const auto& [name, password] : options.users) authority_.users().Set(name, password);
  }
  Restore(std::move(state));
}

// The server has waited for its handlers, but by means that ThreadSanitizer cannot see; the lock
// that they wrote under says so in terms that it can.
Robot::~Robot() {
  NeverWaitAgain();
  const std::lock_guard lock(mutex_);
}

void Robot::NeverWaitAgain() {
  on_demand_.Stop();
  journal_->Close();
}

void Robot::NotifyWaiters() {
  const std::lock_guard lock(mutex_);
  ++version_;
  changed_.notify_all();
}

void Robot::CountRefused(const Rpc& rpc) {
  Change([&](RobotTime) {
    ++calls_[std::string(rpc.name)];
    return AdminAnswer{};
  });
}

AdminOutcome Robot::Authorize(std::string_view guid, std::string_view preset_name) {
  return Change([&](RobotTime now) { return registry_.Authorize(guid, preset_name, now); });
}

AdminOutcome Robot::Deauthorize(std::string_view guid) {
  return Change([&](RobotTime now) { return registry_.Deauthorize(guid, now); });
}

AdminOutcome Robot::Reject(std::string_view guid) {
  return Change([&](RobotTime now) {
    AdminAnswer answer = registry_.Reject(guid, now);
    if (answer.ok()) directory_.Forget(guid, now);
    return answer;
  });
}

AdminOutcome Robot::Forget(std::string_view guid) {
  return Change([&](RobotTime now) {
    AdminAnswer answer = registry_.Forget(guid, now);
    if (answer.ok()) directory_.Forget(guid, now);
    return answer;
  });
}

AdminOutcome Robot::Reboot() {
  return Change([&](RobotTime now) {
    AdvanceLocked(now);
    if (assumptions_.reboot_clears_faults) faults_.Reset();
    directory_.Reboot();
    time_sync_.Reboot();
    registry_.Reboot(now);
    return AdminAnswer{AdminResult::kOk, "rebooted"};
  });
}

void Robot::SetConnections(std::size_t open) {
  Change([&](RobotTime) {
    connections_ = open;
    return AdminAnswer{};
  });
}

void Robot::ClockMoved() {
  Change([&](RobotTime now) {
    AdvanceLocked(now);
    return AdminAnswer{};
  });
  on_demand_.TimeMoved();
}

Checked<AdminOutcome> Robot::Advance(Duration by) {
  AdminOutcome outcome;
  {
    const std::lock_guard lock(mutex_);
    const Duration before(advanced_.load(std::memory_order_relaxed));
    if (by <= Duration(0) || by > kFurthestAdvance - before) {
      return Failed{Problem{
          "by: a clock is moved ahead by more than nothing, and by ten years at most in all"}};
    }
    advanced_.store((before + by).count(), std::memory_order_relaxed);
    ++version_;
    changed_.notify_all();
    AdvanceLocked(RuleTime());
    outcome = {{AdminResult::kOk, "the clock has moved"}, KeepLocked(Reads{})};
  }
  on_demand_.TimeMoved();
  return outcome;
}

void Robot::AdvanceLocked(RobotTime now) {
  registry_.Advance(now);
  directory_.Advance(now);
}

std::optional<RobotTime> Robot::NextChangeLocked() const {
  const std::optional<RobotTime> payloads = registry_.NextChange();
  const std::optional<RobotTime> services = directory_.NextChange();
  if (!payloads || !services) return payloads ? payloads : services;
  return std::min(*payloads, *services);
}

std::optional<std::string> Robot::HolderOf(std::string_view token, RobotTime now) {
  auto holder = HolderOf(authority_.Check(token, registry_, now));
  if (holder) holder_ = *holder;
  return holder;
}

std::string Robot::HolderOfGoodToken(std::string_view token) const {
  if (token.empty()) return {};
  const std::lock_guard lock(mutex_);
  return HolderOf(authority_.Check(token, registry_, RuleTime())).value_or(std::string());
}

std::optional<std::string> Robot::HolderOf(const std::optional<TokenClaims>& claims) const {
  if (!claims) return std::nullopt;
  if (claims->owner == TokenOwner::kUser) return std::string();
  return registry_.HolderOf(claims->epoch);
}

RobotSnapshot Robot::SnapshotLocked(RobotTime now) {
  AdvanceLocked(now);
  KeepLocked(Changes());
  RobotSnapshot snapshot;
  snapshot.payloads = registry_.Describe();
  snapshot.faults = faults_.Active(now);
  snapshot.historical_faults = faults_.History();
  snapshot.services = directory_.Registered();
  snapshot.software = software_.Describe();
  snapshot.calls = calls_;
  snapshot.held_answers = on_demand_.Held();
  snapshot.connections = connections_;
  return snapshot;
}

RobotSnapshot Robot::Snapshot() {
  const std::lock_guard lock(mutex_);
  return SnapshotLocked(RuleTime());
}

RobotSnapshot Robot::Snapshot(Ticket& until_kept) {
  const std::lock_guard lock(mutex_);
  RobotSnapshot snapshot = SnapshotLocked(RuleTime());
  until_kept = KeepLocked(Reads{});
  return snapshot;
}

bool Robot::WaitUntil(const std::function<bool(const RobotSnapshot&)>& predicate,
                      Duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::unique_lock lock(mutex_);
  while (true) {
    const std::uint64_t seen = version_;
    const RobotTime now = RuleTime();
    const RobotSnapshot snapshot = SnapshotLocked(now);
    // Time alone may bring the next change: look again then, even if nobody calls.
    auto wake = deadline;
    if (const auto next = NextChangeLocked()) {
      wake = std::min(deadline, std::chrono::steady_clock::now() + (*next - now));
    }
    lock.unlock();
    if (predicate(snapshot)) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    lock.lock();
    changed_.wait_until(lock, wake, [&] { return version_ != seen; });
  }
}

}  // namespace mock_robot
