// Adapter only: how calls are made. By what the generated stubs are made of instead of the stubs
// themselves, so that it is our Whole that reads the answers, and our queue in which threads wait.
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/client_callback.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "rpc/rpcs.h"

namespace payload_manager {

// A request on its way into gRPC's buffer.
template <typename Request>
struct Outgoing {
  const Request& message;
};

}  // namespace payload_manager

namespace grpc {

// In one piece of memory, sized once: gRPC's own way sizes it, and all that is in it, twice.
template <typename Request>
class SerializationTraits<payload_manager::Outgoing<Request>> {
 public:
  static Status Serialize(const payload_manager::Outgoing<Request>& request, ByteBuffer* bytes,
                          bool* own_buffer) {
    *own_buffer = true;
    const std::size_t size = request.message.ByteSizeLong();
    if (size > kLargest) return {StatusCode::INTERNAL, "Failed to serialize message"};
    Slice slice(size);
    request.message.SerializeWithCachedSizesToArray(const_cast<std::uint8_t*>(slice.begin()));
    ByteBuffer whole(&slice, 1);
    bytes->Swap(&whole);
    return {};
  }

 private:
  static constexpr std::size_t kLargest = std::numeric_limits<int>::max();  // protobuf's limit
};

template <typename Response>
class SerializationTraits<payload_manager::Whole<Response>> {
 public:
  static Status Deserialize(ByteBuffer* bytes, payload_manager::Whole<Response>* response) {
    Status status = Read(bytes, response->Mutable());
    if (!status.ok()) response->message.reset();
    return status;
  }

 private:
  static Status Read(ByteBuffer* bytes, Response* message) {
    Slice slice;
    if (bytes == nullptr || !bytes->Valid() || !bytes->TrySingleSlice(&slice).ok()) {
      return SerializationTraits<Response>::Deserialize(bytes, message);
    }
    const bool read = message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
    bytes->Clear();
    return read ? Status() : Status(StatusCode::INTERNAL, "the answer cannot be read");
  }
};

}  // namespace grpc

namespace payload_manager {

template <typename Request>
void StartCall(const Stubs& stubs, grpc::ClientContext* context, const Request& request,
               Whole<typename Rpc<Request>::Response>* response, WhenAnswered when_answered) {
  // gRPC 1.51 writes the request into its own buffer before this returns, for channels without
  // interceptors, and ours have none.
  const Outgoing<Request> outgoing{request};
  grpc::internal::CallbackUnaryCall(stubs.channel.get(), Rpc<Request>::In(stubs), context,
                                    &outgoing, response, std::move(when_answered));
}

template <typename Request>
void SendFrom(WaitingPlace& place, const Stubs& stubs, const Request& request,
              Whole<typename Rpc<Request>::Response>* response, grpc::Status* status) {
  // Lives in the call, and so as long as the context.
  auto* const reader = grpc::internal::ClientAsyncResponseReaderHelper::Create<
      Whole<typename Rpc<Request>::Response>>(stubs.channel.get(), &place.queue,
                                              Rpc<Request>::In(stubs), place.context(),
                                              Outgoing<Request>{request});
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
