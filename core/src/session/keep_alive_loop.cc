#include "session/keep_alive_loop.h"

#include <algorithm>
#include <utility>

#include "payload_manager/errors.h"
#include "schedule/waiting.h"
#include "session/callback_lane.h"

namespace payload_manager {
namespace {

constexpr Duration kOwnPart = std::chrono::milliseconds(100);
constexpr Duration kFirstBackOff = std::chrono::seconds(1);

constexpr std::size_t kMostLines = 64;

// What all keep-alives share that were given no runtime; it ends with the last of them.
struct SharedThreads {
  ThreadedRuntime runtime;
  CallbackPool pool;
};

std::shared_ptr<Runtime> RuntimeOfItsOwn() {
  static std::mutex mutex;
  static std::weak_ptr<SharedThreads> known;
  const std::lock_guard lock(mutex);
  std::shared_ptr<SharedThreads> threads = known.lock();
  if (threads == nullptr) {
    threads = std::make_shared<SharedThreads>();
    known = threads;
  }
  const std::shared_ptr<Runtime> runtime(threads, &threads->runtime);
  const std::shared_ptr<CallbackPool> pool(threads, &threads->pool);
  return std::make_shared<CallbackLane>(runtime, pool);
}

bool IsRegistered(const Outcome<Done>& outcome) {
  return outcome.ok() || outcome.error().kind == FailureKind::kPayloadAlreadyExists;
}

// Passes by itself, and so is no business of the error callback.
bool IsTolerated(FailureKind kind) {
  return kind == FailureKind::kConnectionLost || kind == FailureKind::kTimedOut ||
         kind == FailureKind::kTooManyRequests;
}

Failure AfterShutdown() {
  return Failure{FailureKind::kShutDown, "the registration keep-alive has been shut down"};
}

}  // namespace

// A share of the loop for the time of a task, if there still is one. It is given back before the
// ends are told: who has waited for them may count on being the loop's last owner, and so, maybe,
// the connection's and the shared scheduler's.
class PayloadRegistrationKeepAlive::Loop::Visit {
 public:
  explicit Visit(const std::weak_ptr<Loop>& loop) : loop_(loop.lock()) {}
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  ~Visit() {
    if (loop_ == nullptr || !(loop_->call_is_over_ || loop_->callback_is_over_)) return;
    const std::shared_ptr<Ends> ends = loop_->ends_;
    const bool call_is_over = loop_->call_is_over_;
    const bool callback_is_over = loop_->callback_is_over_;
    loop_.reset();
    if (call_is_over) ends->call.Set();
    if (callback_is_over) ends->callback.Set();
  }
  explicit operator bool() const { return loop_ != nullptr; }
  Loop* operator->() const { return loop_.get(); }

 private:
  std::shared_ptr<Loop> loop_;
};

// What Start waits for. Threads: any.
class PayloadRegistrationKeepAlive::Loop::FirstAnswer {
 public:
  // The first outcome counts.
  void Give(const Outcome<Done>& outcome) {
    const std::lock_guard lock(mutex_);
    if (outcome_) return;
    outcome_ = outcome;
    arrived.Set();
  }
  // Once it has arrived.
  const Outcome<Done>& outcome() const {
    const std::lock_guard lock(mutex_);
    return *outcome_;
  }

  Event arrived;

 private:
  mutable std::mutex mutex_;
  std::optional<Outcome<Done>> outcome_;  // constant once given
};

// Owned by what the runtime drops when it stops: the posted task at first, then a timer that is
// never due. So it dies when nothing will be done any more, and not before unless dismissed.
struct PayloadRegistrationKeepAlive::Loop::Watch {
  std::weak_ptr<Loop> loop;
  std::shared_ptr<FirstAnswer> first;
  bool dismissed = false;

  Watch(std::weak_ptr<Loop> loop_in, std::shared_ptr<FirstAnswer> first_in)
      : loop(std::move(loop_in)), first(std::move(first_in)) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    if (dismissed) return;
    if (const auto self = loop.lock()) {
      if (!self->Move(Phase::kStarting, Phase::kIdle)) self->Move(Phase::kRunning, Phase::kIdle);
    }
    first->Give(Failed{Failure{FailureKind::kShutDown, "the runtime has been stopped"}});
  }
};

// Owned by the task that Shutdown posts. When the runtime drops that, nothing of ours can run any
// more, and the call is given up: Shutdown is not to wait for it.
struct PayloadRegistrationKeepAlive::Loop::Stopping {
  std::weak_ptr<Loop> loop;
  std::shared_ptr<Ends> ends;
  bool stopped = false;

  explicit Stopping(Loop& stops) : loop(stops.weak_from_this()), ends(stops.ends_) {}
  Stopping(const Stopping&) = delete;
  Stopping& operator=(const Stopping&) = delete;
  ~Stopping() {
    if (!stopped) ends->call.Set();
  }
  void Run() {
    stopped = true;
    if (const Visit visit{loop}) visit->Stop();
  }
};

PayloadRegistrationKeepAlive::Loop::Loop(std::shared_ptr<RobotConnection> connection,
                                         std::shared_ptr<const bosdyn::api::Payload> payload,
                                         const Secret& secret, KeepAliveOptions options)
    : connection_(std::move(connection)),
      payload_(std::move(payload)),
      secret_(secret),
      options_(std::move(options)),
      runtime_(options_.runtime != nullptr ? options_.runtime : RuntimeOfItsOwn()),
      inbox_(std::make_shared<CompletionInbox>(*runtime_)),
      back_off_(kFirstBackOff, options_.interval) {}

PayloadRegistrationKeepAlive::Loop::~Loop() {
  inbox_->Close();
  cancel_.request_stop();
}

void PayloadRegistrationKeepAlive::Loop::Start() {
  if (!MayWait(*runtime_)) {
    ThrowError({FailureKind::kInvalidArgument,
                "Start waits for the robot, which it may not do on a thread of the runtime, nor in "
                "a completion"});
  }
  if (!Move(Phase::kIdle, Phase::kStarting)) {
    if (phase() == Phase::kShutDown) ThrowError(AfterShutdown());
    ThrowError(
        {FailureKind::kInvalidArgument, "the registration keep-alive has been started already"});
  }
  const auto first = std::make_shared<FirstAnswer>();
  runtime_->Post(
      [weak = weak_from_this(), first, watch = std::make_shared<Watch>(weak_from_this(), first)] {
        if (const Visit visit{weak}) visit->BeginFirst(first, watch);
      });
  runtime_->Await(first->arrived, std::nullopt);
  const Outcome<Done> outcome = first->outcome();
  if (!IsRegistered(outcome)) ThrowError(outcome.error());
  if (options_.log) {
    options_.log(LogLevel::kInfo, "payload " + payload_->guid() +
                                      (outcome.ok() ? ": registered" : ": was registered already"));
  }
}

bool PayloadRegistrationKeepAlive::Loop::IsAlive() const { return phase() == Phase::kRunning; }

bool PayloadRegistrationKeepAlive::Loop::Shutdown(Duration callback_grace) {
  bool stops_now = false;
  {
    const std::lock_guard lock(mutex_);
    stops_now = std::exchange(phase_, Phase::kShutDown) != Phase::kShutDown;
    if (stops_now && !user_code_runs_) ends_->callback.Set();
  }
  if (stops_now) {
    inbox_->AwaitAnswers();
    cancel_.request_stop();  // here and now: the scheduler may be busy, or about to end
    runtime_->Post([stopping = std::make_shared<Stopping>(*this)] { stopping->Run(); });
  }
  const bool call_ended = AwaitWhereAllowed(*runtime_, ends_->call, kOwnPart);
  return AwaitWhereAllowed(*runtime_, ends_->callback, callback_grace) && call_ended;
}

PayloadRegistrationKeepAlive::Loop::Phase PayloadRegistrationKeepAlive::Loop::phase() const {
  const std::lock_guard lock(mutex_);
  return phase_;
}

bool PayloadRegistrationKeepAlive::Loop::Move(Phase from, Phase to) {
  const std::lock_guard lock(mutex_);
  if (phase_ != from) return false;
  phase_ = to;
  return true;
}

void PayloadRegistrationKeepAlive::Loop::BeginFirst(std::shared_ptr<FirstAnswer> first,
                                                    const std::shared_ptr<Watch>& watch) {
  first_ = std::move(first);
  watch_ = watch;
  watch_timer_ = runtime_->StartTimer(runtime_->Now() + kLongestWait, [watch] {});
  if (phase() == Phase::kStarting) {
    Send();
  } else {
    FirstAnswered(Failed{AfterShutdown()});
  }
}

void PayloadRegistrationKeepAlive::Loop::Send() {
  timer_ = TimerId::kNone;
  began_ = runtime_->Now();
  in_flight_ = true;
  CallOptions options;
  options.timeout = options_.rpc_timeout;
  options.cancellation = cancel_.get_token();
  // That it is registered as before is no news: this only has to be known before the next beat.
  const bool first = first_ != nullptr;
  const TimePoint next_beat = began_ + options_.interval;
  connection_->RegisterPayloadAsync(
      *payload_, secret_, options,
      [inbox = inbox_, weak = weak_from_this(), first, next_beat](Outcome<Done> outcome) {
        const bool is_news =
            first || outcome.ok() || outcome.error().kind != FailureKind::kPayloadAlreadyExists;
        if (!is_news) {  // what the robot sent with it dies here, where it was made
          return inbox->PostBy(next_beat, [weak] {
            if (const Visit visit{weak}) visit->AnsweredWithoutNews();
          });
        }
        inbox->Post([weak, outcome = std::move(outcome)] {
          if (const Visit visit{weak}) visit->Answered(outcome);
        });
      });
}

void PayloadRegistrationKeepAlive::Loop::Answered(const Outcome<Done>& outcome) {
  in_flight_ = false;
  if (phase() == Phase::kShutDown) {
    call_is_over_ = true;
  } else if (first_ != nullptr) {
    FirstAnswered(outcome);
  } else if (IsRegistered(outcome)) {
    if (outcome.ok()) Log(LogLevel::kInfo, "registered anew: the robot had forgotten it");
    Act(KeepAliveAction::kDefault);
  } else if (IsTolerated(outcome.error().kind)) {
    Log(LogLevel::kWarning, outcome.error().message);
    Act(KeepAliveAction::kDefault);
  } else {
    Log(LogLevel::kError, outcome.error().message);
    AskUser(outcome.error());
  }
}

void PayloadRegistrationKeepAlive::Loop::AnsweredWithoutNews() {
  Answered(Failed{Failure{FailureKind::kPayloadAlreadyExists, {}}});
}

void PayloadRegistrationKeepAlive::Loop::FirstAnswered(const Outcome<Done>& outcome) {
  const auto first = std::exchange(first_, nullptr);
  const bool registered = IsRegistered(outcome);
  const bool in_time = Move(Phase::kStarting, registered ? Phase::kRunning : Phase::kIdle);
  if (in_time && registered) {
    began_ = runtime_->Now();  // the first interval counts from the answer
    WaitFor(options_.interval);
  } else {
    Dismiss();
  }
  first->Give(in_time ? outcome : Failed{AfterShutdown()});
}

void PayloadRegistrationKeepAlive::Loop::AskUser(const Failure& failure) {
  if (!options_.error_callback) return Act(KeepAliveAction::kDefault);
  const bool posted = runtime_->PostCallback([weak = weak_from_this(), failure] {
    const Visit visit{weak};
    if (!visit) return;
    visit->RunUserCode([&] {
      KeepAliveAction action = KeepAliveAction::kDefault;
      try {
        action = visit->options_.error_callback(failure);
      } catch (...) {
        visit->Log(LogLevel::kError, "the error callback threw an exception; going on");
      }
      visit->runtime_->Post([weak, action] {
        if (const Visit later{weak}) later->Act(action);
      });
    });
  });
  if (!posted) Act(KeepAliveAction::kDefault);
}

void PayloadRegistrationKeepAlive::Loop::Act(KeepAliveAction action) {
  switch (action) {
    case KeepAliveAction::kRetryImmediately:
      return WaitFor(Duration(0));
    case KeepAliveAction::kRetryWithExponentialBackOff:
      return WaitFor(back_off_.Next());
    case KeepAliveAction::kAbort:
      if (Move(Phase::kRunning, Phase::kAborted)) {
        Dismiss();
        Log(LogLevel::kWarning, "the error callback ended the keep-alive");
      }
      return;
    case KeepAliveAction::kDefault:
    case KeepAliveAction::kResume:
      break;
  }
  back_off_.Reset();
  WaitFor(options_.interval);
}

void PayloadRegistrationKeepAlive::Loop::WaitFor(Duration since_begin) {
  if (phase() != Phase::kRunning) return;
  timer_ = runtime_->StartTimer(std::max(runtime_->Now(), began_ + since_begin),
                                [weak = weak_from_this()] {
                                  if (const Visit visit{weak}) visit->Send();
                                });
}

void PayloadRegistrationKeepAlive::Loop::Stop() {
  runtime_->CancelTimer(std::exchange(timer_, TimerId::kNone));
  if (first_ != nullptr) FirstAnswered(Failed{AfterShutdown()});
  Dismiss();
  if (!in_flight_) call_is_over_ = true;
}

void PayloadRegistrationKeepAlive::Loop::Dismiss() {
  if (const auto watch = watch_.lock()) watch->dismissed = true;
  runtime_->CancelTimer(std::exchange(watch_timer_, TimerId::kNone));
}

template <typename UserCode>
void PayloadRegistrationKeepAlive::Loop::RunUserCode(UserCode code) {
  {
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::kShutDown) return;
    user_code_runs_ = true;
  }
  code();
  const std::lock_guard lock(mutex_);
  user_code_runs_ = false;
  if (phase_ == Phase::kShutDown) callback_is_over_ = true;
}

void PayloadRegistrationKeepAlive::Loop::Log(LogLevel level, std::string line) {
  if (!options_.log) return;
  {
    const std::lock_guard lock(mutex_);
    if (lines_waiting_ == kMostLines) {
      ++lines_dropped_;
      return;
    }
    ++lines_waiting_;
  }
  runtime_->PostCallback([weak = weak_from_this(), level, line = std::move(line)] {
    const Visit visit{weak};
    if (!visit) return;
    std::size_t dropped = 0;
    {
      const std::lock_guard lock(visit->mutex_);
      --visit->lines_waiting_;
      dropped = std::exchange(visit->lines_dropped_, 0);
    }
    const std::string payload = "payload " + visit->payload_->guid() + ": ";
    visit->RunUserCode([&] {
      if (dropped > 0) {
        visit->options_.log(LogLevel::kWarning, payload + std::to_string(dropped) +
                                                    " lines were dropped: the log was too slow");
      }
      visit->options_.log(level, payload + line);
    });
  });
}

}  // namespace payload_manager
