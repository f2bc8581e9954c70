// Keeps one payload registered: the documented class with its exact waits.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "payload_manager/base/clock.h"
#include "payload_manager/base/secret.h"
#include "payload_manager/failure.h"
#include "payload_manager/robot_connection.h"
#include "payload_manager/runtime.h"

namespace payload_manager {

class PayloadRegistrationClient;

// What an error callback wants done. Time spent in the call and in the callback counts against
// every wait.
enum class KeepAliveAction {
  kDefault,                      // as without a callback: try again after the interval
  kResume,                       // the same, said explicitly
  kRetryImmediately,             // try again at once
  kRetryWithExponentialBackOff,  // after 1 s, doubling each time, at most the interval
  kAbort,                        // stop; IsAlive() turns false
};

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct KeepAliveOptions {
  // Duration::max(): one registration, and no more.
  Duration interval = std::chrono::seconds(10);
  // Of each registration call, the first included; nullopt: no deadline.
  std::optional<Duration> rpc_timeout = CallOptions::kDefaultTimeout;
  // Asked on every failure in the loop that is not tolerated. On the callback thread (see runtime);
  // may take its time, in which this keep-alive makes no attempt, and may call Shutdown. One that
  // throws counts as kDefault.
  std::function<KeepAliveAction(const Failure&)> error_callback;
  // One line each, without secrets. On the callback thread, except from Start, where it is the
  // caller's. Must not throw. At most 64 lines wait for it; how many more were dropped is a line.
  std::function<void(LogLevel, const std::string&)> log;
  // Null: one scheduler thread for all such keep-alives of the process, made when first needed, and
  // one for their callbacks. Another one steps in when a callback has kept it for 5 ms and others
  // wait: a slow one delays no other keep-alive. A runtime given here has one callback thread for
  // all its users.
  std::shared_ptr<Runtime> runtime;
};

// Registers the payload again and again, so that it comes back by itself when it is forgotten on
// the robot. An attempt is sent exactly one interval after the one before was sent, or as soon as
// that has ended if it took longer; after Start, one interval after its answer.
//
// In the loop these are tolerated: "already exists" (the normal answer), connection lost in
// mid-call, timed out, too many requests. Any other failure, a refused connection included, goes to
// the error callback; without one it is logged and the loop goes on. The exponential back-off
// starts anew after a success, a tolerated failure, kDefault and kResume, but not after
// kRetryImmediately.
//
// Threads: every member may be called from any thread. A scope guard: the destructor shuts down.
class PayloadRegistrationKeepAlive {
 public:
  // Sends nothing. The payload and secret are copied. Throws Error (kInvalidArgument) when there is
  // no connection or no payload, or when the interval or the timeout is not positive.
  PayloadRegistrationKeepAlive(std::shared_ptr<RobotConnection> connection,
                               const bosdyn::api::Payload& payload, const Secret& secret,
                               KeepAliveOptions options = {});
  // The payload is shared, not copied: nobody may change it any more.
  PayloadRegistrationKeepAlive(std::shared_ptr<RobotConnection> connection,
                               std::shared_ptr<const bosdyn::api::Payload> payload,
                               const Secret& secret, KeepAliveOptions options = {});
  // Over the client's connection.
  PayloadRegistrationKeepAlive(const PayloadRegistrationClient& client,
                               const bosdyn::api::Payload& payload, const Secret& secret,
                               KeepAliveOptions options = {});
  ~PayloadRegistrationKeepAlive();
  PayloadRegistrationKeepAlive(const PayloadRegistrationKeepAlive&) = delete;
  PayloadRegistrationKeepAlive& operator=(const PayloadRegistrationKeepAlive&) = delete;

  // Registers once and waits for the answer; "already exists" is fine. Any other failure is thrown
  // as the documented exception, and nothing has been started: Start may be called again. Once it
  // has succeeded, or is under way, another Start throws Error (kInvalidArgument), and after
  // Shutdown Error (kShutDown), both before anything is sent. Error (kShutDown), too, when the
  // runtime has been stopped, be it while Start waits. Not on the runtime's own threads, nor in a
  // completion: there it throws Error (kInvalidArgument).
  void Start();

  // Whether the loop is running: after a successful Start until Shutdown, kAbort, or the end of its
  // runtime.
  bool IsAlive() const;

  // Ends the loop for good and does not unregister the payload. A call under way is cancelled at
  // once; waits until it has ended (at most 100 ms) and until the error callback, if it is running,
  // has returned (at most `callback_grace`); returns whether both have. Idempotent. On the
  // runtime's own threads, and in a completion, it is a request: returns false at once. When the
  // runtime has been stopped, the call is cancelled and not waited for.
  bool Shutdown(Duration callback_grace = ThreadedRuntime::kCallbackGrace);

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace payload_manager
