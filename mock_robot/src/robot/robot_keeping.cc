// How a robot outlives its process; the rest of Robot is in robot.cc.
#include <utility>

#include "auth/token.h"
#include "robot/robot.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Failed;
using payload_manager::Problem;
using payload_manager::Secret;

void Robot::Restore(OpenedState state) {
  if (state.store == nullptr) return;
  registry_.Restore(state.kept.registry, RuleTime());
  authority_.users().Restore(state.kept.users);
  signing_key_ = state.kept.signing_key;
  commits_ = std::make_unique<CommitQueue>(std::move(state.store),
                                           [this](const Problem& problem) { Undo(problem); });
  registry_.UndoBy(undo_);
  faults_.UndoBy(undo_);
  directory_.UndoBy(undo_);
  time_sync_.UndoBy(undo_);
  const std::lock_guard lock(mutex_);
  KeepLocked(Changes());  // what starting again has changed
}

Checked<Done> Robot::AddUsers(const std::map<std::string, Secret, std::less<>>& passwords_by_name) {
  for (const auto& [name, password] : passwords_by_name) {
    const AdminAnswer answer = Await(SetUser(name, password));
    if (!answer.ok()) return Failed{Problem{answer.message}};
  }
  return Done{};
}

Ticket Robot::FallsWith(Ticket ticket) {
  if (undo_.has_news()) undo_.HangOn(commits_->NumberOf(ticket), commits_->kept_up_to());
  return ticket;
}

Ticket Robot::KeepLocked(Changes changes) {
  if (commits_ == nullptr) return nullptr;
  return FallsWith(QueueLocked(std::move(changes)));
}

Ticket Robot::QueueLocked(Changes changes) {
  changes.payloads = registry_.TakeChanges();
  if (changes.empty()) return nullptr;
  changes.last_payload_epoch = registry_.last_epoch();
  changes.last_user_epoch = authority_.users().last_epoch();
  return commits_->Append(std::move(changes));
}

Ticket Robot::KeepLocked(const Reads& reads) {
  if (commits_ == nullptr) return nullptr;
  // Written in order: what this call changed lasts no sooner than what it read.
  Ticket changed = QueueLocked(Changes());
  return FallsWith(changed != nullptr ? std::move(changed) : TicketOf(reads));
}

Ticket Robot::TicketOf(const Reads& reads) const {
  switch (reads.what) {
    case Reads::kNothing:
      return nullptr;
    case Reads::kOnePayload:
      return commits_->Touching(reads.guid);
    case Reads::kOnlyTheToken:
    case Reads::kAnything:
      break;
  }
  return commits_->Last();
}

void Robot::Undo(const Problem& problem) {
  const std::lock_guard lock(mutex_);
  const RobotTime now = RuleTime();
  store_problem_ = problem.message;
  for (const Changes& changes : commits_->TakeBack()) {
    for (const PayloadChange& change : changes.payloads) {
      registry_.PutBack(change.guid, change.before, now);
    }
    for (const UserChange& change : changes.users) {
      authority_.users().PutBack(change.name, change.before);
    }
    if (changes.signing_key) {
      signing_key_ = changes.signing_key->before;
      authority_.SetKey(signing_key_);
    }
  }
  undo_.Undo(commits_->kept_up_to());
  ++version_;
  changed_.notify_all();
}

std::string Robot::StoreProblem() const {
  const std::lock_guard lock(mutex_);
  return "the robot could not keep this, so it is as before: " + store_problem_;
}

void Robot::WhenKept(AdminOutcome outcome, std::function<void(const AdminAnswer&)> completion) {
  const Ticket ticket = std::move(outcome.until_kept);
  WhenKept(ticket, [this, answer = std::move(outcome.answer),
                    completion = std::move(completion)](bool kept) {
    completion(kept ? answer : AdminAnswer{AdminResult::kNotKept, StoreProblem()});
  });
}

AdminAnswer Robot::Await(AdminOutcome outcome) {
  if (commits_ == nullptr || commits_->Wait(outcome.until_kept)) return std::move(outcome.answer);
  return {AdminResult::kNotKept, StoreProblem()};
}

Checked<FaultId> Robot::FaultUnlessTakenBack(FaultId id, bool kept) {
  if (kept) return id;
  on_demand_.Remove(id);
  return Failed{Problem{StoreProblem()}};
}

void Robot::WhenKept(Injected fault, std::function<void(const Checked<FaultId>&)> completion) {
  const Ticket ticket = std::move(fault.until_kept);
  WhenKept(ticket, [this, id = fault.id, completion = std::move(completion)](bool kept) {
    completion(FaultUnlessTakenBack(id, kept));
  });
}

Checked<FaultId> Robot::Await(const Injected& fault) {
  return FaultUnlessTakenBack(fault.id, commits_ == nullptr || commits_->Wait(fault.until_kept));
}

AdminOutcome Robot::SetUser(std::string_view name, const Secret& password) {
  AdminAnswer done{AdminResult::kOk, "the password is set"};
  if (commits_ == nullptr) {
    return Change([&](RobotTime) {
      authority_.users().Set(name, password);
      return done;
    });
  }
  std::optional<StretchedPassword> present;
  {
    const std::lock_guard lock(mutex_);
    present = authority_.users().Unproven(name);
  }
  ProveIfRight(name, present, password);
  const StretchedPassword kept(password.Reveal(), payload_manager::SystemRandom());
  const std::lock_guard lock(mutex_);
  UserTable& users = authority_.users();
  UserChange change{std::string(name), users.Describe(name), {}};
  const auto epoch = users.Epoch(name);
  users.Set(name, password, kept);
  if (users.Epoch(name) == epoch) return {done, commits_->Last()};  // the same password once more
  change.after = users.Describe(name);
  ++version_;
  changed_.notify_all();
  Changes changes;
  changes.users.push_back(std::move(change));
  return {done, KeepLocked(std::move(changes))};
}

AdminOutcome Robot::RemoveUser(std::string_view name) {
  const std::lock_guard lock(mutex_);
  UserTable& users = authority_.users();
  UserChange change{std::string(name), users.Describe(name), {}};
  users.Remove(name);
  ++version_;
  changed_.notify_all();
  const AdminAnswer done{AdminResult::kOk, "there is no such user any more"};
  if (commits_ == nullptr) return {done, nullptr};
  if (!change.before) return {done, commits_->Last()};
  Changes changes;
  changes.users.push_back(std::move(change));
  return {done, KeepLocked(std::move(changes))};
}

void Robot::ProveIfRight(std::string_view name, const std::optional<StretchedPassword>& kept,
                         const Secret& password) {
  if (!kept || !kept->Matches(password.Reveal())) return;
  const std::lock_guard lock(mutex_);
  authority_.users().Prove(name, *kept, password);
}

bool Robot::MustStretch(const bosdyn::api::GetAuthTokenRequest& request) {
  if (commits_ == nullptr || request.username().empty()) return false;
  const std::lock_guard lock(mutex_);
  return authority_.users().Unproven(request.username(), RuleTime()).has_value();
}

void Robot::StretchThen(const bosdyn::api::GetAuthTokenRequest& request,
                        std::function<void()> serve) {
  commits_->Run([this, &request, serve = std::move(serve)] {
    std::optional<StretchedPassword> kept;
    {
      const std::lock_guard lock(mutex_);
      kept = authority_.users().Unproven(request.username(), RuleTime());
    }
    ProveIfRight(request.username(), kept, Secret(request.password()));
    serve();
  });
}

Ticket Robot::ExpireTokens() {
  const std::lock_guard lock(mutex_);
  ++version_;
  changed_.notify_all();
  if (commits_ == nullptr) {
    authority_.SetKey({});
    return nullptr;
  }
  Changes changes;
  changes.signing_key = KeyChange{signing_key_, TokenSigner::MakeKey()};
  signing_key_ = changes.signing_key->after;
  authority_.SetKey(signing_key_);
  return KeepLocked(std::move(changes));
}

Ticket Robot::EverythingSoFar() {
  const std::lock_guard lock(mutex_);
  return KeepLocked(Reads{});
}

}  // namespace mock_robot
