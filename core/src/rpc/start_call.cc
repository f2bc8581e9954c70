// Adapter only: asynchronous calls, made by their path instead of by a generated stub, so that it
// is our Whole that reads the answers.
#include <grpcpp/generic/generic_stub.h>

#include "rpc/rpcs.h"

namespace grpc {

template <typename Response>
class SerializationTraits<payload_manager::Whole<Response>> {
 public:
  static Status Deserialize(ByteBuffer* bytes, payload_manager::Whole<Response>* response) {
    Status status = SerializationTraits<Response>::Deserialize(bytes, &response->message);
    if (!status.ok()) response->message.Clear();
    return status;
  }
};

}  // namespace grpc

namespace payload_manager {

template <typename Request>
void StartCall(Stubs& stubs, grpc::ClientContext* context, const Request& request,
               Whole<typename Rpc<Request>::Response>* response, WhenAnswered when_answered) {
  static const std::string path(Rpc<Request>::kPath);
  // gRPC 1.51 writes the request into its own buffer before this returns, for channels without
  // interceptors, and ours have none.
  grpc::TemplatedGenericStub<Request, Whole<typename Rpc<Request>::Response>>(stubs.channel)
      .UnaryCall(context, path, {}, &request, response, std::move(when_answered));
}

#define INSTANTIATE(REQUEST)                                                         \
  template void StartCall(Stubs&, grpc::ClientContext*, const bosdyn::api::REQUEST&, \
                          Whole<typename Rpc<bosdyn::api::REQUEST>::Response>*, WhenAnswered)
INSTANTIATE(RegisterPayloadRequest);
INSTANTIATE(UpdatePayloadVersionRequest);
INSTANTIATE(GetPayloadAuthTokenRequest);
INSTANTIATE(UpdatePayloadAttachedRequest);
INSTANTIATE(ListPayloadsRequest);
INSTANTIATE(GetAuthTokenRequest);
INSTANTIATE(GetServiceEntryRequest);
#undef INSTANTIATE

}  // namespace payload_manager
