// Adapter only: a channel to one authority of a robot, and the stubs on it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "bosdyn/api/auth_service.grpc.pb.h"
#include "bosdyn/api/directory_service.grpc.pb.h"
#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "bosdyn/api/payload_service.grpc.pb.h"
#include "payload_manager/connect.h"

namespace payload_manager {

// Immutable after construction; its members may be used from any thread.
struct Stubs {
  explicit Stubs(const std::shared_ptr<grpc::Channel>& on)
      : channel(on),
        registration(bosdyn::api::PayloadRegistrationService::NewStub(on)),
        payload(bosdyn::api::PayloadService::NewStub(on)),
        auth(bosdyn::api::AuthService::NewStub(on)),
        directory(bosdyn::api::DirectoryService::NewStub(on)) {}

  const std::shared_ptr<grpc::Channel> channel;
  const std::unique_ptr<bosdyn::api::PayloadRegistrationService::Stub> registration;
  const std::unique_ptr<bosdyn::api::PayloadService::Stub> payload;
  const std::unique_ptr<bosdyn::api::AuthService::Stub> auth;
  const std::unique_ptr<bosdyn::api::DirectoryService::Stub> directory;
};

// Does not connect yet, and does not block.
std::shared_ptr<Stubs> MakeStubs(const ConnectionOptions& options, const std::string& authority);

}  // namespace payload_manager
