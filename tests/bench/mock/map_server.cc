// bench_map_server: the least that keeps payloads apart. A bare gRPC callback server that looks the
// GUID up in a map, stores what is new, and fills the response header; it checks nothing.
//
//   bench_map_server [--tls FILE]
//
// Prints one line of JSON as mock-robot does; with --tls the root certificate is written to FILE.
// Ends with its stdin.
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>
#include <openssl/crypto.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>
#include <string>
#include <unordered_map>

#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "tests/support/test_certificates.h"

namespace {

namespace api = bosdyn::api;

void Stamp(google::protobuf::Timestamp* stamp) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  stamp->set_seconds(seconds.count());
  stamp->set_nanos(static_cast<int>(std::chrono::nanoseconds(now - seconds).count()));
}

class Registration final : public api::PayloadRegistrationService::CallbackService {
  grpc::ServerUnaryReactor* RegisterPayload(grpc::CallbackServerContext* context,
                                            const api::RegisterPayloadRequest* request,
                                            api::RegisterPayloadResponse* response) override {
    api::ResponseHeader* header = response->mutable_header();
    Stamp(header->mutable_request_received_timestamp());
    *header->mutable_request_header() = request->header();
    header->mutable_error()->set_code(api::CommonError::CODE_OK);
    {
      const std::lock_guard lock(mutex_);
      const bool is_new = payloads_.try_emplace(request->payload().guid(), *request).second;
      response->set_status(is_new ? api::RegisterPayloadResponse::STATUS_OK
                                  : api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
    }
    Stamp(header->mutable_response_timestamp());
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  std::mutex mutex_;
  std::unordered_map<std::string, api::RegisterPayloadRequest> payloads_;
};

int Serve(bool tls, const std::string& root_file) {
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (tls) {
    payload_manager::testing::TestAuthority authority("benchmark");
    const auto identity = authority.Issue({"*.spot.robot"});
    std::ofstream(root_file) << authority.root_pem();
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({identity.key_pem, identity.certificate_pem});
    credentials = grpc::SslServerCredentials(options);
  }
  Registration registration;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials, &port);
  builder.RegisterService(&registration);
  const auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::cerr << "bench_map_server: cannot listen on 127.0.0.1\n";
    return 1;
  }
  std::cout << R"({"robot":"127.0.0.1:)" << port << R"(","root_cert":")" << root_file << "\"}"
            << std::endl;
  for (std::string line; std::getline(std::cin, line);) continue;
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const bool tls = argc == 3 && std::string(argv[1]) == "--tls";
  if (argc > 1 && !tls) {
    std::cerr << "usage: bench_map_server [--tls FILE]\n";
    return 2;
  }
  return Serve(tls, tls ? argv[2] : "");
}
