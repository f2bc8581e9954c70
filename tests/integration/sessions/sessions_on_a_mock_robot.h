// PayloadSessions with short waits on a mock robot, and what they tell.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "payload_manager/payload_sessions.h"
#include "tests/integration/sessions/on_a_mock_robot.h"

namespace payload_manager::testing {

// What an observer was told, and a wait for it with a deadline. Threads: any.
class Heard {
 public:
  SessionObserver Observer() {
    SessionObserver observer;
    observer.state_changed = [this](const StateChange& change) {
      Note(std::string(ToString(change.after)));
    };
    observer.token = [this](const Secret&, TokenNews news) {
      Note(news == TokenNews::kObtained ? "token" : "renewed token");
    };
    observer.definition_differs = [this](const std::vector<std::string>& fields) {
      Note(fields.empty() ? "agrees" : "differs: " + fields.front());
    };
    observer.forgotten = [this] { Note("forgotten"); };
    observer.deauthorized = [this] { Note("de-authorized"); };
    observer.attached = [this](bool attached) { Note(attached ? "attached" : "detached"); };
    return observer;
  }
  PayloadSessions::ResultCallback Result(const std::string& what) {
    return [this, what](const Outcome<Done>& outcome) {
      Note(what + (outcome.ok() ? " ok" : ": " + outcome.error().message));
    };
  }
  // Until this is heard after what was waited for before, as a whole or as its beginning.
  bool Next(const std::string& wanted) {
    std::unique_lock lock(mutex_);
    return heard_.wait_for(lock, kDeadline, [&] {
      const auto found = std::find_if(all_.begin() + seen_, all_.end(), [&](const auto& note) {
        return note.compare(0, wanted.size(), wanted) == 0;
      });
      if (found == all_.end()) return false;
      seen_ = found - all_.begin() + 1;
      return true;
    });
  }
  bool Next(PayloadState state) { return Next(std::string(ToString(state))); }
  // How often this was heard so far, from the beginning.
  std::ptrdiff_t Count(const std::string& what) const {
    const std::lock_guard lock(mutex_);
    return std::count(all_.begin(), all_.end(), what);
  }
  // Until it was heard so often.
  bool Await(PayloadState state, std::ptrdiff_t times) {
    std::unique_lock lock(mutex_);
    return heard_.wait_for(lock, kDeadline, [&] {
      return std::count(all_.begin(), all_.end(), std::string(ToString(state))) >= times;
    });
  }

 private:
  void Note(std::string what) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(what));
    heard_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable heard_;
  std::vector<std::string> all_;  // guarded by mutex_
  std::ptrdiff_t seen_ = 0;
};

class SessionsOnAMockRobot : public OnAMockRobot {
 protected:
  static PacingOptions Fast() {
    PacingOptions fast;
    fast.registration_calls_per_second = 200;
    fast.auth_calls_per_second = 200;
    fast.first_back_off = std::chrono::milliseconds(20);
    fast.last_back_off = std::chrono::milliseconds(100);
    return fast;
  }
  static SessionOptions Often() {
    SessionOptions often;
    often.interval = std::chrono::milliseconds(50);
    often.token_poll = std::chrono::milliseconds(20);
    often.token_check = std::chrono::milliseconds(50);
    return often;
  }
  SessionId Add(std::shared_ptr<RobotConnection> connection,
                const SessionOptions& options = Often(),
                const bosdyn::api::Payload& definition = Definition()) {
    spot_ = sessions_->AddRobot("spot", std::move(connection), Fast());
    return *sessions_->Add(spot_, std::make_shared<bosdyn::api::Payload>(definition),
                           Secret("secret"), options, heard_.Observer());
  }
  // Somebody registers the payload; whether the robot took it for new.
  bool Register(const std::string& secret) const {
    return Connected()->RegisterPayload(Definition(), Secret(secret), {}).ok();
  }
  PayloadSnapshot Snapshot(SessionId session) const { return *sessions_->Snapshot(session); }

  Heard heard_;
  RobotHandle spot_{};
  const std::shared_ptr<ThreadedRuntime> runtime_ = std::make_shared<ThreadedRuntime>();
  std::unique_ptr<PayloadSessions> sessions_ = std::make_unique<PayloadSessions>(runtime_, 1);
};

}  // namespace payload_manager::testing
