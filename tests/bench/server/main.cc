// bench_server: the least that can stand on the other end of the client's benchmarks. A callback
// server in a process of its own that answers each call at once: registrations with "already
// exists" under a filled header, token calls with a token, lists with one payload.
//
//   bench_server [--tls]
//
// Prints its port, and with --tls the root certificate and then the line `end`. Reads lines:
// `hold` (from now on, no call is answered), `answer` (from now on again), `count` (prints how many
// registrations have come so far). Ends with its stdin.
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

#include "bosdyn/api/auth_service.grpc.pb.h"
#include "bosdyn/api/directory_service.grpc.pb.h"
#include "bosdyn/api/payload_registration_service.grpc.pb.h"
#include "bosdyn/api/payload_service.grpc.pb.h"
#include "tests/support/test_certificates.h"

namespace {

namespace api = bosdyn::api;

constexpr std::size_t kTokenLength = 500;

std::atomic<bool> holding{false};
std::atomic<std::uint64_t> registrations{0};

void Stamp(google::protobuf::Timestamp* stamp) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  stamp->set_seconds(seconds.count());
  stamp->set_nanos(static_cast<int>(std::chrono::nanoseconds(now - seconds).count()));
}

template <typename Request, typename Response>
void FillHeader(const Request& request, Response* response) {
  api::ResponseHeader* header = response->mutable_header();
  Stamp(header->mutable_request_received_timestamp());
  *header->mutable_request_header() = request.header();
  header->mutable_error()->set_code(api::CommonError::CODE_OK);
  Stamp(header->mutable_response_timestamp());
}

// A call that is not answered; ends when the client gives it up.
class Silence final : public grpc::ServerUnaryReactor {
  void OnCancel() override { Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }
};

template <typename Request, typename Response, typename Fill>
grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, const Request* request,
                                 Response* response, Fill fill) {
  if (holding) return new Silence;
  FillHeader(*request, response);
  fill(response);
  auto* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

class Registration final : public api::PayloadRegistrationService::CallbackService {
  grpc::ServerUnaryReactor* RegisterPayload(grpc::CallbackServerContext* context,
                                            const api::RegisterPayloadRequest* request,
                                            api::RegisterPayloadResponse* response) override {
    ++registrations;
    return Answer(context, request, response, [](auto* answer) {
      answer->set_status(api::RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
    });
  }
  grpc::ServerUnaryReactor* GetPayloadAuthToken(
      grpc::CallbackServerContext* context, const api::GetPayloadAuthTokenRequest* request,
      api::GetPayloadAuthTokenResponse* response) override {
    return Answer(context, request, response, [](auto* answer) {
      answer->set_status(api::GetPayloadAuthTokenResponse::STATUS_OK);
      answer->set_token(std::string(kTokenLength, 't'));
    });
  }
};

class Payloads final : public api::PayloadService::CallbackService {
  grpc::ServerUnaryReactor* ListPayloads(grpc::CallbackServerContext* context,
                                         const api::ListPayloadsRequest* request,
                                         api::ListPayloadsResponse* response) override {
    return Answer(context, request, response,
                  [](auto* answer) { answer->add_payloads()->set_name("Lamp"); });
  }
};

class Auth final : public api::AuthService::CallbackService {
  grpc::ServerUnaryReactor* GetAuthToken(grpc::CallbackServerContext* context,
                                         const api::GetAuthTokenRequest* request,
                                         api::GetAuthTokenResponse* response) override {
    return Answer(context, request, response, [](auto* answer) {
      answer->set_status(api::GetAuthTokenResponse::STATUS_OK);
      answer->set_token(std::string(kTokenLength, 't'));
    });
  }
};

class Directory final : public api::DirectoryService::CallbackService {
  grpc::ServerUnaryReactor* GetServiceEntry(grpc::CallbackServerContext* context,
                                            const api::GetServiceEntryRequest* request,
                                            api::GetServiceEntryResponse* response) override {
    return Answer(context, request, response, [](auto* answer) {
      answer->set_status(api::GetServiceEntryResponse::STATUS_OK);
      answer->mutable_service_entry()->set_authority("payload.spot.robot");
    });
  }
};

int Serve(bool tls) {
  std::string root;
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (tls) {
    payload_manager::testing::TestAuthority authority("benchmark");
    const auto identity = authority.Issue({"*.spot.robot"});
    root = authority.root_pem();
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({identity.key_pem, identity.certificate_pem});
    credentials = grpc::SslServerCredentials(options);
  }
  Registration registration;
  Payloads payloads;
  Auth auth;
  Directory directory;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials, &port);
  builder.RegisterService(&registration);
  builder.RegisterService(&payloads);
  builder.RegisterService(&auth);
  builder.RegisterService(&directory);
  const auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::cerr << "bench_server: cannot listen on 127.0.0.1\n";
    return 1;
  }
  std::cout << port << '\n';
  if (tls) std::cout << root << "end\n";
  std::cout << std::flush;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "count") {
      std::cout << registrations << std::endl;
    } else {
      holding = line == "hold";
    }
  }
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const bool tls = argc > 1 && std::string(argv[1]) == "--tls";
  if (argc > (tls ? 2 : 1)) {
    std::cerr << "usage: bench_server [--tls]\n";
    return 2;
  }
  return Serve(tls);
}
