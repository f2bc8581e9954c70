#include "faults/fault_table.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "faults/bend.h"
#include "payload_manager/base/text.h"

namespace mock_robot {

using payload_manager::EqualIgnoringCase;

using payload_manager::Checked;
using payload_manager::Duration;
using payload_manager::Failed;
using payload_manager::Problem;

namespace {

template <typename Kind>
bool Is(const Fault& fault) {
  return std::holds_alternative<Kind>(fault.what);
}

bool IsOfTheRobot(const Fault& fault) {
  return Is<fault::Offline>(fault) || Is<fault::ClockSkew>(fault) || Is<fault::Reboot>(fault) ||
         Is<fault::ExpireTokens>(fault);
}

bool Lingers(const Fault& fault) {
  return Is<fault::Offline>(fault) || Is<fault::ClockSkew>(fault);
}

// Those of which the first to hit a call decides.
bool IsEnd(const Fault& fault) {
  return !Is<fault::Latency>(fault) && !Is<fault::Hang>(fault) && !Is<fault::ClockSkew>(fault) &&
         !Is<fault::ExpireTokens>(fault);
}

// The library's distributions may differ from one to the next; these are the same everywhere.
double Draw(std::mt19937_64& random) {           // in [0, 1)
  constexpr double kSteps = 9007199254740992.0;  // 2 to the 53
  return static_cast<double>(random() >> 11) / kSteps;
}

Duration Draw(const fault::Latency& latency, std::mt19937_64& random) {
  if (latency.at_most <= latency.at_least) return latency.at_least;
  const auto width = static_cast<double>((latency.at_most - latency.at_least).count());
  double part = Draw(random);
  if (latency.shape == fault::Latency::Shape::kExponential) {
    part = std::min(1.0, -std::log1p(-part) / 2);
  }
  return latency.at_least + Duration(static_cast<Duration::rep>(part * width));
}

}  // namespace

Effect EffectOf(const Fault& fault) {
  if (fault.effect != Effect::kUsual) return fault.effect;
  const bool taken = Is<fault::Hang>(fault) || Is<fault::UnsetHeader>(fault) ||
                     Is<fault::UnsetStatus>(fault) || Is<fault::Reset>(fault) ||
                     Is<fault::Offline>(fault) || Is<fault::Reboot>(fault);
  return taken ? Effect::kTaken : Effect::kNone;
}

bool StrikesAtOnce(const Fault& fault) {
  return IsOfTheRobot(fault) && fault.calls.empty() && !fault.times && fault.probability >= 1;
}

Checked<FaultId> FaultTable::Add(Fault fault, RobotTime now) {
  ForgetOldSpent(now);
  const auto kept = std::count_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return !MayBeForgotten(entry, now); });
  if (static_cast<std::size_t>(kept) >= kMostArmed) {
    return Failed{
        Problem{"there are " + std::to_string(kept) + " faults already; remove some first"}};
  }
  return AddUnlimited(std::move(fault), now);
}

FaultId FaultTable::AddUnlimited(Fault fault, RobotTime now) {
  Entry& entry = entries_.emplace_back();
  entry.id = ++last_id_;
  entry.random.seed(fault.seed);
  // Those that linger count their time from the moment that they strike.
  if (fault.lasts && !Lingers(fault)) entry.ends = now + *fault.lasts;
  entry.fault = std::move(fault);
  if (StrikesAtOnce(entry.fault)) {
    ++entry.fired;
    entry.since = now;
  }
  return entry.id;
}

bool FaultTable::Has(FaultId id) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [id](const Entry& entry) { return entry.id == id; });
}

bool FaultTable::Remove(FaultId id) {
  return std::erase_if(entries_, [id](const Entry& entry) { return entry.id == id; }) != 0;
}

std::size_t FaultTable::RemoveAll() {
  const std::size_t count = entries_.size();
  entries_.clear();
  return count;
}

std::vector<FaultInfo> FaultTable::List(RobotTime now) const {
  std::vector<FaultInfo> list;
  list.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    FaultInfo& info = list.emplace_back();
    info.id = entry.id;
    info.fault = entry.fault;
    info.fired = entry.fired;
    info.spent = IsSpent(entry, now);
  }
  return list;
}

bool FaultTable::IsSpent(const Entry& entry, RobotTime now) {
  if (Suffers(entry, now)) return false;
  if (StrikesAtOnce(entry.fault)) return true;
  if (entry.ends && now >= *entry.ends) return true;
  return entry.fault.times && entry.fired >= *entry.fault.times;
}

// Calls may still wait for a spent fault::Hang.
bool FaultTable::MayBeForgotten(const Entry& entry, RobotTime now) {
  return IsSpent(entry, now) && !Is<fault::Hang>(entry.fault);
}

bool FaultTable::Suffers(const Entry& entry, RobotTime now) {
  if (!entry.since || !Lingers(entry.fault)) return false;
  return !entry.fault.lasts || now < *entry.since + *entry.fault.lasts;
}

// Whether there is anything in the answers of this rpc for the fault to change.
bool FaultTable::Fits(const Fault& fault, const Rpc& rpc) {
  if (const auto* status = std::get_if<fault::Status>(&fault.what)) {
    return StatusNumber(rpc, status->status).has_value();
  }
  return !Is<fault::UnsetStatus>(fault) || rpc.status() != nullptr;
}

bool FaultTable::Agrees(const CallMatch& match, const CallFacts& call) {
  return (match.rpc.empty() || match.rpc == call.rpc->name) &&
         (match.guid.empty() || EqualIgnoringCase(match.guid, call.guid)) &&
         (match.client_name.empty() || match.client_name == call.client_name);
}

std::optional<Verdict> FaultTable::Judge(const CallFacts& call, RobotTime now) {
  std::optional<Verdict> verdict;
  for (Entry& entry : entries_) {
    if (StrikesAtOnce(entry.fault) || IsSpent(entry, now)) continue;
    if (entry.fault.times && entry.fired >= *entry.fault.times) continue;
    if (!Agrees(entry.fault.calls, call) || !Fits(entry.fault, *call.rpc)) continue;
    if (verdict && verdict->end && IsEnd(entry.fault)) continue;
    if (entry.fault.probability < 1 && Draw(entry.random) >= entry.fault.probability) continue;
    if (!verdict) verdict.emplace();
    Strike(entry, now, *verdict);
  }
  return verdict;
}

void FaultTable::Strike(Entry& entry, RobotTime now, Verdict& verdict) {
  ++entry.fired;
  const bool taken = EffectOf(entry.fault) == Effect::kTaken;
  Verdict::Wait& wait = taken ? verdict.after : verdict.before;
  if (const auto* latency = std::get_if<fault::Latency>(&entry.fault.what)) {
    wait.delay += Draw(*latency, entry.random);
  } else if (Is<fault::Hang>(entry.fault)) {
    wait.held_by.push_back(entry.id);
  } else if (Is<fault::ExpireTokens>(entry.fault)) {
    verdict.expire_tokens = true;
  } else if (Is<fault::ClockSkew>(entry.fault)) {
    entry.since = now;
    verdict.clock_skewed = true;
  } else {
    // Being offline begins when the call's effect is or is not taken: see FaultsOnDemand.
    verdict.takes_effect = taken;
    verdict.end = Verdict::End{entry.id, entry.fault.what};
  }
}

bool FaultTable::HitsCalls(RobotTime now) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return !StrikesAtOnce(entry.fault) && !IsSpent(entry, now);
  });
}

RobotCondition FaultTable::ConditionAt(RobotTime now) const {
  RobotCondition condition;
  for (const Entry& entry : entries_) {
    if (!Suffers(entry, now)) continue;
    if (const auto* skew = std::get_if<fault::ClockSkew>(&entry.fault.what)) {
      condition.clock_ahead += skew->ahead;
    } else {
      condition.offline = true;
    }
  }
  return condition;
}

bool FaultTable::ConditionWillChange(RobotTime now) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return Suffers(entry, now) && entry.fault.lasts.has_value();
  });
}

void FaultTable::BeginOffline(FaultId id, RobotTime now) {
  for (Entry& entry : entries_) {
    if (entry.id == id) entry.since = now;
  }
}

void FaultTable::ForgetOldSpent(RobotTime now) {
  std::size_t spent = 0;
  for (auto entry = entries_.end(); entry != entries_.begin();) {
    --entry;
    if (MayBeForgotten(*entry, now) && ++spent > kMostSpent) entry = entries_.erase(entry);
  }
}

}  // namespace mock_robot
