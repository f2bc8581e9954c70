#include "faults/bend.h"

#include <charconv>
#include <utility>

#include "robot/timestamps.h"

namespace mock_robot {
namespace {

using bosdyn::api::CommonError;
using bosdyn::api::ResponseHeader;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* HeaderField(const Message& response) {
  const auto* field = response.GetDescriptor()->FindFieldByName("header");
  const bool fits = field != nullptr && !field->is_repeated() &&
                    field->message_type() == ResponseHeader::descriptor();
  return fits ? field : nullptr;
}

const FieldDescriptor* StatusField(const Message& response) {
  const auto* field = response.GetDescriptor()->FindFieldByName("status");
  const bool fits = field != nullptr && !field->is_repeated() && field->enum_type() != nullptr;
  return fits ? field : nullptr;
}

ResponseHeader* MutableHeader(Message& response) {
  const FieldDescriptor* field = HeaderField(response);
  if (field == nullptr) return nullptr;
  return static_cast<ResponseHeader*>(response.GetReflection()->MutableMessage(&response, field));
}

void ClearAllButHeader(Message& response) {
  ResponseHeader kept;
  ResponseHeader* header = MutableHeader(response);
  if (header != nullptr) kept.Swap(header);
  response.Clear();
  if (header != nullptr) MutableHeader(response)->Swap(&kept);
}

CallEnd ResetEnd() { return {14, "the connection was cut on demand", "", true}; }

struct BendBy {
  const Rpc& rpc;
  Message& response;

  CallEnd operator()(const fault::GrpcStatus& status) const {
    return {status.code, status.message, status.details};
  }
  CallEnd operator()(const fault::TooManyRequests&) const { return TooManyRequestsEnd(); }
  CallEnd operator()(const fault::HeaderError& error) const {
    ClearAllButHeader(response);
    if (ResponseHeader* header = MutableHeader(response)) {
      auto& put = *header->mutable_error();
      put.set_code(static_cast<CommonError::Code>(error.code));
      put.set_message(error.message);
    }
    return {};
  }
  CallEnd operator()(const fault::UnsetHeader&) const {
    if (const auto* field = HeaderField(response)) {
      response.GetReflection()->ClearField(&response, field);
    }
    return {};
  }
  CallEnd operator()(const fault::UnsetStatus&) const {
    if (const auto* field = StatusField(response)) {
      response.GetReflection()->ClearField(&response, field);
    }
    return {};
  }
  CallEnd operator()(const fault::Status& status) const {
    const auto* field = StatusField(response);
    const std::optional<int> number = StatusNumber(rpc, status.status);
    if (field == nullptr || !number) return {};
    ClearAllButHeader(response);
    response.GetReflection()->SetEnumValue(&response, field, *number);
    return {};
  }
  CallEnd operator()(const fault::Answer& answer) const {
    ResponseHeader kept;
    if (ResponseHeader* header = MutableHeader(response)) kept.Swap(header);
    response.CopyFrom(*answer.response);
    const FieldDescriptor* field = HeaderField(response);
    if (field != nullptr && !response.GetReflection()->HasField(response, field)) {
      MutableHeader(response)->Swap(&kept);
    }
    return {};
  }
  template <typename Other>
  CallEnd operator()(const Other&) const {
    return ResetEnd();
  }
};

}  // namespace

CallEnd TooManyRequestsEnd() {
  // Python looks for the number in the message, the C++ SDK in the details.
  constexpr const char* kTooMany = "Received http2 header with status: 429";
  return {14, kTooMany, kTooMany};
}

void MakeHeader(Message& response, const bosdyn::api::RequestHeader& request, RobotTime received) {
  ResponseHeader* header = MutableHeader(response);
  if (header == nullptr) return;
  *header->mutable_request_header() = request;
  SetTimestamp(received, *header->mutable_request_received_timestamp());
  header->mutable_error()->set_code(CommonError::CODE_OK);
}

void SetResponseTime(Message& response, RobotTime now) {
  if (ResponseHeader* header = MutableHeader(response)) {
    SetTimestamp(now, *header->mutable_response_timestamp());
  }
}

int HeaderCodeOf(const Message& response) {
  const FieldDescriptor* field = HeaderField(response);
  if (field == nullptr) return CommonError::CODE_UNSPECIFIED;
  const Message& header = response.GetReflection()->GetMessage(response, field);
  return static_cast<const ResponseHeader&>(header).error().code();
}

int StatusOf(const Message& response) {
  const FieldDescriptor* field = StatusField(response);
  return field == nullptr ? 0 : response.GetReflection()->GetEnumValue(response, field);
}

std::optional<int> StatusNumber(const Rpc& rpc, const std::string& status) {
  if (rpc.status() == nullptr) return std::nullopt;
  if (const auto* value = rpc.status()->FindValueByName(status)) return value->number();
  int number = 0;
  const char* end = status.data() + status.size();
  const auto [stopped, error] = std::from_chars(status.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

CallEnd Bend(const FaultKind& fault, const Rpc& rpc, Message& response) {
  return std::visit(BendBy{rpc, response}, fault);
}

}  // namespace mock_robot
