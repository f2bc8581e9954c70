// The one place that decides what a robot's answer means: transport, then header, then status.
// Pure functions, no I/O. Nothing but an explicit, complete success becomes a value.
#pragma once

#include <memory>
#include <string>

#include "payload_manager/base/secret.h"
#include "payload_manager/failure.h"
#include "rpc/exchange.h"

namespace bosdyn::api {
class GetAuthTokenResponse;
class GetPayloadAuthTokenResponse;
class GetServiceEntryResponse;
class ListPayloadsResponse;
class RegisterPayloadResponse;
class UpdatePayloadAttachedResponse;
class UpdatePayloadVersionResponse;
}  // namespace bosdyn::api

namespace payload_manager {

// How a call ended as far as gRPC is concerned; `code` is gRPC's number. The same codes and words
// come from gRPC about our connection and from a robot or its proxy about theirs, so the rest says
// whose they can be.
struct TransportStatus {
  int code = 0;
  std::string message;
  std::string details;   // error details, binary as they came
  bool reached = false;  // the call has met somebody, whose words these may be
  // The call's own deadline, give or take how early a robot that enforces it too may do so.
  bool time_over = false;
  bool given_up = false;  // the caller, or the end of the connection, asked for the call's end
};

// A transport status that is not OK.
Failure JudgeTransport(const Exchange& exchange, const TransportStatus& status);

// The answer to a call whose transport status may be anything. The response is only looked at when
// the transport was OK, and is taken away then, null being an empty one: a failure carries it,
// without tokens and without the echo of the request.
Outcome<Done> Judge(const Exchange&, const TransportStatus&,
                    std::shared_ptr<bosdyn::api::RegisterPayloadResponse>);
Outcome<Done> Judge(const Exchange&, const TransportStatus&,
                    std::shared_ptr<bosdyn::api::UpdatePayloadVersionResponse>);
Outcome<Done> Judge(const Exchange&, const TransportStatus&,
                    std::shared_ptr<bosdyn::api::UpdatePayloadAttachedResponse>);
Outcome<Secret> Judge(const Exchange&, const TransportStatus&,
                      std::shared_ptr<bosdyn::api::GetPayloadAuthTokenResponse>);
Outcome<Secret> Judge(const Exchange&, const TransportStatus&,
                      std::shared_ptr<bosdyn::api::GetAuthTokenResponse>);
Outcome<bosdyn::api::ListPayloadsResponse> Judge(
    const Exchange&, const TransportStatus&, std::shared_ptr<bosdyn::api::ListPayloadsResponse>);

// The authority under which the robot serves the entry that was asked for; empty when the robot
// answered that it does not know such a service.
Outcome<std::string> Judge(const Exchange&, const TransportStatus&,
                           std::shared_ptr<bosdyn::api::GetServiceEntryResponse>);

}  // namespace payload_manager
