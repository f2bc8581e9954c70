// Adapter only: how calls are made. By what the generated stubs are made of instead of the stubs
// themselves, so that it is our Whole that reads the answers, and our queue in which threads wait.
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/client_callback.h>

#include "rpc/rpcs.h"

namespace grpc {

template <typename Response>
class SerializationTraits<payload_manager::Whole<Response>> {
 public:
  static Status Deserialize(ByteBuffer* bytes, payload_manager::Whole<Response>* response) {
    Status status = SerializationTraits<Response>::Deserialize(bytes, response->Mutable());
    if (!status.ok()) response->message.reset();
    return status;
  }
};

}  // namespace grpc

namespace payload_manager {

template <typename Request>
void StartCall(const Stubs& stubs, grpc::ClientContext* context, const Request& request,
               Whole<typename Rpc<Request>::Response>* response, WhenAnswered when_answered) {
  // gRPC 1.51 writes the request into its own buffer before this returns, for channels without
  // interceptors, and ours have none.
  grpc::internal::CallbackUnaryCall(stubs.channel.get(), Rpc<Request>::In(stubs), context, &request,
                                    response, std::move(when_answered));
}

template <typename Request>
void SendFrom(WaitingPlace& place, const Stubs& stubs, const Request& request,
              Whole<typename Rpc<Request>::Response>* response, grpc::Status* status) {
  // Lives in the call, and so as long as the context.
  auto* const reader = grpc::internal::ClientAsyncResponseReaderHelper::Create<
      Whole<typename Rpc<Request>::Response>>(stubs.channel.get(), &place.queue,
                                              Rpc<Request>::In(stubs), place.context(), request);
  reader->StartCall();
  reader->Finish(response, status, &place);
}

void WaitingPlace::Await() {
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);  // there is only one call that could end
}

#define INSTANTIATE(REQUEST)                                                                   \
  template void StartCall(const Stubs&, grpc::ClientContext*, const bosdyn::api::REQUEST&,     \
                          Whole<typename Rpc<bosdyn::api::REQUEST>::Response>*, WhenAnswered); \
  template void SendFrom(WaitingPlace&, const Stubs&, const bosdyn::api::REQUEST&,             \
                         Whole<typename Rpc<bosdyn::api::REQUEST>::Response>*, grpc::Status*)
INSTANTIATE(RegisterPayloadRequest);
INSTANTIATE(UpdatePayloadVersionRequest);
INSTANTIATE(GetPayloadAuthTokenRequest);
INSTANTIATE(UpdatePayloadAttachedRequest);
INSTANTIATE(ListPayloadsRequest);
INSTANTIATE(GetAuthTokenRequest);
INSTANTIATE(GetServiceEntryRequest);
#undef INSTANTIATE

}  // namespace payload_manager
