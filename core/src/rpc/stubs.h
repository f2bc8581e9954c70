// Adapter only: a channel to one authority of a robot, and the calls that can be made on it.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/rpc_method.h>

#include <memory>
#include <string>
#include <utility>

#include "payload_manager/connect.h"

namespace payload_manager {

// Immutable after construction; its members may be used from any thread.
struct Stubs {
  using Method = grpc::internal::RpcMethod;

  Stubs(std::string name, std::shared_ptr<grpc::Channel> on)
      : authority(std::move(name)), channel(std::move(on)) {}

  const std::string authority;
  const std::shared_ptr<grpc::Channel> channel;
  // Registered with the channel, as the generated stubs' are: a call then copies no path.
  const Method register_payload = On("/bosdyn.api.PayloadRegistrationService/RegisterPayload");
  const Method update_payload_version =
      On("/bosdyn.api.PayloadRegistrationService/UpdatePayloadVersion");
  const Method get_payload_auth_token =
      On("/bosdyn.api.PayloadRegistrationService/GetPayloadAuthToken");
  const Method update_payload_attached =
      On("/bosdyn.api.PayloadRegistrationService/UpdatePayloadAttached");
  const Method list_payloads = On("/bosdyn.api.PayloadService/ListPayloads");
  const Method get_auth_token = On("/bosdyn.api.AuthService/GetAuthToken");
  const Method get_service_entry = On("/bosdyn.api.DirectoryService/GetServiceEntry");

 private:
  Method On(const char* path) const { return Method(path, Method::NORMAL_RPC, channel); }
};

// Does not connect yet, and does not block.
std::shared_ptr<Stubs> MakeStubs(const ConnectionOptions& options, const std::string& authority);

}  // namespace payload_manager
