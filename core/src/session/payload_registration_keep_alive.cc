#include "payload_manager/payload_registration_keep_alive.h"

#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/errors.h"
#include "payload_manager/payload_registration_client.h"
#include "schedule/waiting.h"
#include "session/keep_alive_loop.h"

namespace payload_manager {
namespace {

void Refuse(const char* why) { ThrowError({FailureKind::kInvalidArgument, why}); }

}  // namespace

PayloadRegistrationKeepAlive::PayloadRegistrationKeepAlive(
    std::shared_ptr<RobotConnection> connection, const bosdyn::api::Payload& payload,
    const Secret& secret, KeepAliveOptions options)
    : PayloadRegistrationKeepAlive(std::move(connection),
                                   std::make_shared<const bosdyn::api::Payload>(payload), secret,
                                   std::move(options)) {}

PayloadRegistrationKeepAlive::PayloadRegistrationKeepAlive(
    std::shared_ptr<RobotConnection> connection,
    std::shared_ptr<const bosdyn::api::Payload> payload, const Secret& secret,
    KeepAliveOptions options) {
  if (connection == nullptr) Refuse("the keep-alive needs a connection to the robot");
  if (payload == nullptr) Refuse("the keep-alive needs a payload");
  if (options.interval <= Duration(0)) Refuse("the keep-alive's interval must be positive");
  if (options.rpc_timeout && *options.rpc_timeout <= Duration(0)) {
    Refuse("the keep-alive's rpc_timeout must be positive");
  }
  options.interval = Bounded(options.interval);
  loop_ =
      std::make_shared<Loop>(std::move(connection), std::move(payload), secret, std::move(options));
}

PayloadRegistrationKeepAlive::PayloadRegistrationKeepAlive(const PayloadRegistrationClient& client,
                                                           const bosdyn::api::Payload& payload,
                                                           const Secret& secret,
                                                           KeepAliveOptions options)
    : PayloadRegistrationKeepAlive(client.connection(), payload, secret, std::move(options)) {}

PayloadRegistrationKeepAlive::~PayloadRegistrationKeepAlive() { Shutdown(); }

void PayloadRegistrationKeepAlive::Start() { loop_->Start(); }

bool PayloadRegistrationKeepAlive::IsAlive() const { return loop_->IsAlive(); }

bool PayloadRegistrationKeepAlive::Shutdown(Duration callback_grace) {
  return loop_->Shutdown(callback_grace);
}

}  // namespace payload_manager
