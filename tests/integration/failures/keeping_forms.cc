#include "tests/integration/failures/keeping_forms.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/completion_scope.h"
#include "payload_manager/payload_registration_keep_alive.h"
#include "payload_manager/payload_sessions.h"
#include "tests/support/forwarding_connection.h"

namespace payload_manager::testing {
namespace {

constexpr Duration kDeadline = std::chrono::seconds(20);

bosdyn::api::Payload PayloadOfTheScenario() {
  bosdyn::api::Payload payload;
  payload.set_guid(kScenarioGuid);
  payload.set_name("Payload of the scenario");
  return payload;
}

class FirstIsFine final : public ForwardingConnection {
 public:
  FirstIsFine(std::shared_ptr<RobotConnection> behind_it, std::function<void()> after_some)
      : ForwardingConnection(std::move(behind_it)), after_some_(std::move(after_some)) {}
  void RegisterPayloadAsync(const bosdyn::api::Payload& payload, const Secret& secret,
                            const CallOptions& options, Completion<Done> done) override {
    const int before = beats_.fetch_add(1);
    if (before == kSome) after_some_();
    if (before > 0) {
      return behind().RegisterPayloadAsync(payload, secret, options, std::move(done));
    }
    const CompletionScope scope;
    done(Done{});
  }

 private:
  static constexpr int kSome = 10;  // beats in which a failure is sure to be told by its thread
  const std::function<void()> after_some_;
  std::atomic<int> beats_ = 0;
};

// Tells when the answer to the first registration has been worked on.
class TellsOfTheFirst final : public ForwardingConnection {
 public:
  TellsOfTheFirst(std::shared_ptr<RobotConnection> behind_it, std::shared_ptr<Runtime> runtime)
      : ForwardingConnection(std::move(behind_it)), runtime_(std::move(runtime)) {}
  void RegisterPayloadAsync(const bosdyn::api::Payload& payload, const Secret& secret,
                            const CallOptions& options, Completion<Done> done) override {
    behind().RegisterPayloadAsync(
        payload, secret, options,
        [runtime = runtime_, worked_on = worked_on_, done = std::move(done)](Outcome<Done> answer) {
          done(std::move(answer));  // posts
          runtime->Post([worked_on] { worked_on->Set(); });
        });
  }
  const Event& worked_on() const { return *worked_on_; }

 private:
  const std::shared_ptr<Runtime> runtime_;
  const std::shared_ptr<Event> worked_on_ = std::make_shared<Event>();
};

// What the keep-alive's callbacks have told so far.
struct Heard {
  std::mutex mutex;
  KeptAlive so_far;  // guarded by mutex
  Event done;
};

}  // namespace

KeptAlive KeepAliveAt(const std::shared_ptr<RobotConnection>& connection, const Staged& staged) {
  const auto heard = std::make_shared<Heard>();
  KeepAliveOptions options;
  options.interval = std::chrono::milliseconds(20);
  options.rpc_timeout = staged.call.timeout;
  options.log = [heard](LogLevel level, const std::string& line) {
    const std::lock_guard lock(heard->mutex);
    if (level == LogLevel::kInfo || !heard->so_far.line.empty()) return;
    heard->so_far.line = line;
    if (level != LogLevel::kWarning) return;  // an error: the callback is next
    heard->so_far.behaviour = "tolerated";
    heard->done.Set();
  };
  options.error_callback = [heard](const Failure& failure) {
    const std::lock_guard lock(heard->mutex);
    if (!heard->so_far.failure.has_value()) heard->so_far.failure = failure;
    heard->so_far.behaviour = "reported";
    heard->done.Set();
    return KeepAliveAction::kAbort;
  };
  // What has not been heard of by the tenth beat is no failure.
  const auto all_is_well = [heard] {
    const std::lock_guard lock(heard->mutex);
    if (heard->so_far.line.empty()) heard->so_far.behaviour = "registered";
    heard->done.Set();
  };
  PayloadRegistrationKeepAlive keep_alive(std::make_shared<FirstIsFine>(connection, all_is_well),
                                          PayloadOfTheScenario(), Secret(kScenarioSecret),
                                          std::move(options));
  keep_alive.Start();
  heard->done.WaitInRealTime(kDeadline);
  keep_alive.Shutdown();
  const std::lock_guard lock(heard->mutex);
  return heard->so_far;
}

std::optional<PayloadSnapshot> SessionAt(const std::shared_ptr<RobotConnection>& connection,
                                         const Staged& staged) {
  const auto runtime = std::make_shared<ThreadedRuntime>();
  const auto watched = std::make_shared<TellsOfTheFirst>(connection, runtime);
  PayloadSessions sessions(runtime, 1);
  SessionOptions options;
  options.call_timeout = staged.call.timeout.value();
  const auto session = sessions.Add(sessions.AddRobot("peer", watched),
                                    std::make_shared<bosdyn::api::Payload>(PayloadOfTheScenario()),
                                    Secret(kScenarioSecret), options);
  if (!session.ok() || !runtime->Await(watched->worked_on(), kDeadline)) return std::nullopt;
  return sessions.Snapshot(*session);
}

}  // namespace payload_manager::testing
