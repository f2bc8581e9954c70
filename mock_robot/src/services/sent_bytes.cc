#include "services/sent_bytes.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <climits>

#include "base/tsan.h"
#include "services/bent_call.h"
#include "services/peer.h"

namespace mock_robot {
namespace {

bool Parse(const grpc::ByteBuffer& sent, google::protobuf::Message& request) {
  grpc::Slice whole;
  if (sent.TrySingleSlice(&whole).ok()) {
    return request.ParseFromArray(whole.begin(), static_cast<int>(whole.size()));
  }
  grpc::ByteBuffer copy(sent);  // of the references, not of the bytes
  grpc::ProtoBufferReader reader(&copy);
  return reader.status().ok() && request.ParseFromZeroCopyStream(&reader);
}

std::string BytesIn(const grpc::ByteBuffer& sent) {
  return sent.Valid() ? std::to_string(sent.Length()) + " bytes" : "nothing";
}

}  // namespace

std::optional<CallEnd> ReadRequest(const grpc::ByteBuffer& sent, const Rpc& rpc,
                                   google::protobuf::Message& request) {
  if (sent.Valid() && sent.Length() > kLargestRequestBytes) {
    return CallEnd{grpc::StatusCode::RESOURCE_EXHAUSTED,
                   "Received message larger than max (" + std::to_string(sent.Length()) + " vs. " +
                       std::to_string(kLargestRequestBytes) + ")",
                   "", false};
  }
  if (sent.Valid() && Parse(sent, request)) return std::nullopt;
  return CallEnd{grpc::StatusCode::INTERNAL,
                 std::string(rpc.name) + ": " + BytesIn(sent) + " came that are no " +
                     request.GetTypeName() +
                     ": malformed or cut short, text that is no UTF-8, or nested too deep",
                 "", false};
}

void WriteAnswer(const google::protobuf::Message& response, grpc::ByteBuffer& answer) {
  bool own = false;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(response, &answer,
                                                                             &own);
}

grpc::ServerUnaryReactor* RefuseUnread(Robot& robot, grpc::CallbackServerContext& context,
                                       const Rpc& rpc, const grpc::ByteBuffer& sent,
                                       const CallEnd& end) {
  const std::string peer = PeerAddress(context.peer());
  JournalRecord record;
  record.call.rpc = &rpc;
  record.peer = peer;
  record.received = robot.Now();
  record.answered = true;
  record.outcome.call_status = end.code;
  if (robot.journal().keeps_texts()) {
    record.request_text = BytesIn(sent);
    record.answer_text = end.message;
  }
  robot.journal().Add(record);
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  payload_manager::ReleaseToGrpc(&context);
  reactor->Finish(ToGrpc(end));
  return reactor;
}

}  // namespace mock_robot
