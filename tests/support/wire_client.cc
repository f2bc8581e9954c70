#include "tests/support/wire_client.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <future>
#include <utility>
#include <vector>

#include "base/tsan.h"

namespace payload_manager::testing {
namespace {

std::string NameOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::OK:
      return "OK";
    case grpc::CANCELLED:
      return "CANCELLED";
    case grpc::UNKNOWN:
      return "UNKNOWN";
    case grpc::DEADLINE_EXCEEDED:
      return "DEADLINE_EXCEEDED";
    case grpc::NOT_FOUND:
      return "NOT_FOUND";
    case grpc::PERMISSION_DENIED:
      return "PERMISSION_DENIED";
    case grpc::RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED";
    case grpc::ABORTED:
      return "ABORTED";
    case grpc::UNIMPLEMENTED:
      return "UNIMPLEMENTED";
    case grpc::INTERNAL:
      return "INTERNAL";
    case grpc::UNAVAILABLE:
      return "UNAVAILABLE";
    case grpc::DATA_LOSS:
      return "DATA_LOSS";
    case grpc::UNAUTHENTICATED:
      return "UNAUTHENTICATED";
    default:
      return "CODE_" + std::to_string(static_cast<int>(code));
  }
}

std::shared_ptr<grpc::Channel> Connect(const std::string& address, const std::string& root_pem,
                                       const std::string& authority, const WireLimits& limits) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(limits.largest_answer);
  if (limits.connect_timeout.has_value()) {
    const int limit = static_cast<int>(limits.connect_timeout->count());
    // Despite their names, how long the first attempt to connect may take: the longer of the two.
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, limit);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, limit);
  }
  // Two clients in one process must not share a connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (root_pem.empty()) {
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  }
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = root_pem;
  arguments.SetSslTargetNameOverride(authority);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(tls), arguments);
}

struct OneCall {
  grpc::ClientContext context;
  grpc::ByteBuffer sent;
  grpc::ByteBuffer received;
  grpc::Status status;
  std::promise<void> done;
};

}  // namespace

struct WireClient::Channel {
  explicit Channel(const std::shared_ptr<grpc::Channel>& channel) : stub(channel) {}
  grpc::GenericStub stub;
};

WireClient::WireClient(const std::string& address, const std::string& root_pem,
                       const std::string& authority, const WireLimits& limits)
    : channel_(std::make_unique<Channel>(Connect(address, root_pem, authority, limits))) {}

WireClient::~WireClient() = default;

WireStatus WireClient::Call(const std::string& rpc, const google::protobuf::Message& request,
                            google::protobuf::Message* response, const WireOptions& options) {
  std::string bytes;
  WireStatus status = CallBytes(rpc, request.SerializeAsString(), &bytes, options);
  if (status.ok() && !response->ParseFromString(bytes)) {
    return {"MALFORMED", "the response cannot be parsed", {}};
  }
  return status;
}

WireStatus WireClient::CallBytes(const std::string& rpc, const std::string& request,
                                 std::string* response, const WireOptions& options) {
  // On the heap: gRPC's threads write into it, and ThreadSanitizer would take a later call on the
  // same piece of stack for the same object.
  const auto call = std::make_unique<OneCall>();
  call->context.set_deadline(std::chrono::system_clock::now() + options.deadline);
  call->context.set_wait_for_ready(options.wait_for_ready);
  for (const auto& [key, value] : options.metadata) call->context.AddMetadata(key, value);
  const grpc::Slice slice(request);
  call->sent = grpc::ByteBuffer(&slice, 1);
  ReleaseToGrpc(call.get());
  channel_->stub.UnaryCall(&call->context, "/" + rpc, grpc::StubOptions(), &call->sent,
                           &call->received, [&call = *call](grpc::Status result) {
                             AcquireFromGrpc(&call);
                             call.status = std::move(result);
                             ReleaseToGrpc(&call);
                             call.done.set_value();
                           });
  {
    const std::stop_callback cancel(options.cancellation, [&] { call->context.TryCancel(); });
    call->done.get_future().wait();
  }
  AcquireFromGrpc(call.get());
  const grpc::Status& status = call->status;
  std::vector<grpc::Slice> slices;
  response->clear();
  if (status.ok() && call->received.Dump(&slices).ok()) {
    for (const grpc::Slice& part : slices) {
      response->append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
  }
  return {NameOf(status.error_code()), status.error_message(), status.error_details()};
}

}  // namespace payload_manager::testing
