#include "faults/faults_on_demand.h"

#include <utility>

#include "faults/answer_text.h"
#include "faults/fault_check.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Duration;
using payload_manager::Failed;

FaultsOnDemand::FaultsOnDemand(FaultHooks hooks)
    : hooks_(std::move(hooks)),
      connections_(std::make_shared<const ConnectionHooks>(
          ConnectionHooks{[](const std::string&) {}, [] {}, [](bool) {}})),
      waiting_([this] { hooks_.changed(); }, [this] { Apply(); }) {}

FaultsOnDemand::~FaultsOnDemand() { Stop(); }

void FaultsOnDemand::Connect(ConnectionHooks connections) {
  const std::lock_guard lock(mutex_);
  connections_ = std::make_shared<const ConnectionHooks>(std::move(connections));
}

Checked<Injected> FaultsOnDemand::Inject(Fault fault) {
  if (auto read = ReadAnswerText(fault); !read) return Failed{read.error()};
  if (auto checked = CheckFault(fault); !checked) return Failed{checked.error()};
  const bool at_once = StrikesAtOnce(fault);
  const FaultKind what = fault.what;
  Injected injected;
  {
    const RobotTime now = hooks_.now();
    const std::lock_guard lock(mutex_);
    auto added = table_.Add(std::move(fault), now);
    if (!added) return Failed{added.error()};
    injected.id = *added;
    if (std::holds_alternative<fault::Hang>(what)) waiting_.Open(injected.id);
    armed_.store(table_.HitsCalls(now), std::memory_order_release);
  }
  if (at_once) {
    if (const auto* reboot = std::get_if<fault::Reboot>(&what)) {
      injected.until_kept = Reboot(reboot->down);
    } else if (std::holds_alternative<fault::ExpireTokens>(what)) {
      injected.until_kept = hooks_.expire_tokens();
    }
  }
  Apply();
  return injected;
}

std::vector<FaultInfo> FaultsOnDemand::List() const {
  const RobotTime now = hooks_.now();
  std::vector<FaultInfo> list;
  {
    const std::lock_guard lock(mutex_);
    list = table_.List(now);
  }
  const auto held = waiting_.Held();
  for (FaultInfo& info : list) {
    const auto found = held.find(info.id);
    if (found != held.end()) info.held = found->second;
  }
  return list;
}

bool FaultsOnDemand::Remove(FaultId id) {
  bool removed = false;
  {
    const RobotTime now = hooks_.now();
    const std::lock_guard lock(mutex_);
    removed = table_.Remove(id);
    std::erase_if(holds_, [id](const auto& hold) { return hold.second == id; });
    armed_.store(table_.HitsCalls(now), std::memory_order_release);
  }
  if (!removed) return false;
  waiting_.Close(id);
  Apply();
  return true;
}

std::size_t FaultsOnDemand::RemoveAll() {
  std::size_t removed = 0;
  for (const FaultInfo& info : List()) removed += Remove(info.id) ? 1 : 0;
  return removed;
}

std::optional<std::size_t> FaultsOnDemand::Release(FaultId id) {
  {
    const std::lock_guard lock(mutex_);
    if (!table_.Has(id)) return std::nullopt;
  }
  return waiting_.Release(id);
}

void FaultsOnDemand::HoldAnswers(CallMatch calls) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    for (const auto& [held, id] : holds_) {
      if (held == calls) return;
    }
  }
  const auto held = Inject({.calls = calls, .what = fault::Hang()});
  if (!held) return;  // an rpc that does not exist is never called
  const std::lock_guard lock(mutex_);
  holds_.emplace_back(std::move(calls), held->id);
}

void FaultsOnDemand::ReleaseAnswers() {
  std::vector<std::pair<CallMatch, FaultId>> holds;
  {
    const std::lock_guard lock(mutex_);
    holds = holds_;
  }
  for (const auto& hold : holds) Remove(hold.second);
}

void FaultsOnDemand::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  ReleaseAnswers();
  waiting_.Stop();
}

std::optional<Verdict> FaultsOnDemand::JudgeArmed(const CallFacts& call) {
  std::optional<Verdict> verdict;
  {
    const RobotTime now = hooks_.now();
    const std::lock_guard lock(mutex_);
    verdict = table_.Judge(call, now);
    armed_.store(table_.HitsCalls(now), std::memory_order_release);
  }
  if (verdict && verdict->expire_tokens) verdict->until_kept = hooks_.expire_tokens();
  if (verdict && verdict->clock_skewed) Apply();
  return verdict;
}

void FaultsOnDemand::Strike(const Verdict::End& end, const std::string& peer) {
  if (std::holds_alternative<fault::Offline>(end.what)) {
    {
      const RobotTime now = hooks_.now();
      const std::lock_guard lock(mutex_);
      table_.BeginOffline(end.id, now);
    }
    Apply();
  } else if (const auto* reboot = std::get_if<fault::Reboot>(&end.what)) {
    Reboot(reboot->down);
  } else if (std::holds_alternative<fault::Reset>(end.what)) {
    Connections()->cut(peer);
  }
}

Ticket FaultsOnDemand::Reboot(Duration down) {
  Ticket until_kept = hooks_.reboot();
  if (down <= Duration(0)) {
    Connections()->cut_all();
    return until_kept;
  }
  {
    const RobotTime now = hooks_.now();
    const std::lock_guard lock(mutex_);
    // Even one too many: a robot that is down must come back, and will.
    table_.AddUnlimited({.lasts = down, .what = fault::Offline()}, now);
  }
  Apply();
  return until_kept;
}

std::shared_ptr<const ConnectionHooks> FaultsOnDemand::Connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void FaultsOnDemand::Apply() {
  const std::lock_guard one_at_a_time(apply_mutex_);
  RobotCondition condition;
  bool will_change = false;
  std::shared_ptr<const ConnectionHooks> connections;
  {
    const RobotTime now = hooks_.now();
    const std::lock_guard lock(mutex_);
    condition = table_.ConditionAt(now);
    will_change = table_.ConditionWillChange(now);
    connections = connections_;
  }
  clock_ahead_.store(condition.clock_ahead.count(), std::memory_order_relaxed);
  if (std::exchange(offline_, condition.offline) != condition.offline) {
    connections->set_offline(condition.offline);
  }
  waiting_.SetTicking(will_change);
}

}  // namespace mock_robot
