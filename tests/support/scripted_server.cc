#include "tests/support/scripted_server.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "base/tsan.h"
#include "tests/support/robot_script.h"

namespace payload_manager::testing {
namespace {

std::string Bytes(grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return {};
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

// One call: reads the request, asks the script, answers. Deletes itself when done.
class Reactor : public grpc::ServerGenericBidiReactor {
 public:
  Reactor(std::shared_ptr<RobotScript> script, grpc::GenericCallbackServerContext* context)
      : script_(std::move(script)) {
    const std::string& path = context->method();  // `/bosdyn.api.Service/Method`
    call_.method = path.substr(path.rfind('/') + 1);
    call_.authority = context->host();
    for (const auto& entry : context->client_metadata()) {
      call_.metadata.emplace(std::string(entry.first.data(), entry.first.size()),
                             std::string(entry.second.data(), entry.second.size()));
    }
    ReleaseToGrpc(this);
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    AcquireFromGrpc(this);
    if (!ok) return FinishOnce(grpc::Status::CANCELLED);
    call_.request = Bytes(request_);
    method_ = call_.method;
    const ScriptedAnswer answer = script_->Ask(call_);
    if (answer.parked) {
      // The client may have given up before this: then nobody else will finish the call.
      parked_ = true;
      if (cancelled_) GiveUp();
      return;
    }
    if (answer.code != grpc::StatusCode::OK) {
      return FinishOnce(
          grpc::Status(static_cast<grpc::StatusCode>(answer.code), answer.message, answer.details));
    }
    const grpc::Slice slice(answer.response);
    response_ = grpc::ByteBuffer(&slice, 1);
    if (!finished_.exchange(true)) StartWriteAndFinish(&response_, {}, grpc::Status::OK);
  }

  void OnCancel() override {
    cancelled_ = true;
    if (parked_) GiveUp();
  }
  void OnDone() override {
    ReleaseToGrpc(script_.get());
    delete this;
  }

 private:
  void GiveUp() {
    if (finished_.exchange(true)) return;
    script_->GivenUp(method_);
    Finish(grpc::Status::CANCELLED);
  }
  void FinishOnce(const grpc::Status& status) {
    if (!finished_.exchange(true)) Finish(status);
  }

  const std::shared_ptr<RobotScript> script_;
  SeenCall call_;
  std::string method_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  std::atomic<bool> parked_ = false;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> finished_ = false;
};

class Service : public grpc::CallbackGenericService {
 public:
  explicit Service(std::shared_ptr<RobotScript> script) : script_(std::move(script)) {}

 private:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Reactor(script_, context);
  }
  const std::shared_ptr<RobotScript> script_;
};

std::shared_ptr<grpc::ServerCredentials> Credentials(const std::optional<TlsIdentity>& identity) {
  if (!identity.has_value()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({identity->key_pem, identity->certificate_pem});
  return grpc::SslServerCredentials(options);
}

}  // namespace

struct ScriptedServer::Serving {
  explicit Serving(std::shared_ptr<RobotScript> told) : script(told), service(std::move(told)) {}
  const std::shared_ptr<RobotScript> script;
  Service service;
  std::unique_ptr<grpc::Server> server;
};

ScriptedServer::ScriptedServer(std::shared_ptr<RobotScript> script,
                               const std::optional<TlsIdentity>& identity)
    : serving_(std::make_unique<Serving>(std::move(script))) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", Credentials(identity), &port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterCallbackGenericService(&serving_->service);
  serving_->server = builder.BuildAndStart();
  if (serving_->server == nullptr || port == 0) {
    throw std::runtime_error("the scripted robot cannot listen on 127.0.0.1");
  }
  port_ = static_cast<std::uint16_t>(port);
}

ScriptedServer::~ScriptedServer() {
  // Cancels the parked calls, which then finish themselves.
  serving_->server->Shutdown(std::chrono::system_clock::now());
  serving_->server->Wait();
  AcquireFromGrpc(serving_->script.get());
}

}  // namespace payload_manager::testing
