// The rpcs that a robot can be asked, and what is common to all of them.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace mock_robot {

struct Rpc {
  std::string_view name;                      // "RegisterPayload"
  const google::protobuf::Message* request;   // the empty one
  const google::protobuf::Message* response;  // the empty one

  // Of the response's field; null if it has none, or there is no response. Makes Protobuf build the
  // response's descriptors, which take memory that a robot does not need for merely serving calls.
  const google::protobuf::EnumDescriptor* status() const;
};

// Also of services that this robot does not serve. All of this lives for ever.
std::span<const Rpc> Rpcs();
// The rpc that takes the request of which this is the empty one; there must be one.
const Rpc& RpcOf(const google::protobuf::Message& empty_request);
// Null if none has this name.
const Rpc* FindRpc(std::string_view name);

// Stands for all that are not among them: without a name or messages.
const Rpc& UnknownRpc();

// What a call is about, as far as faults and the journal tell calls apart. Views into the request.
struct CallFacts {
  const Rpc* rpc;
  std::string_view guid;
  std::string_view client_name;
};

// How a call was answered.
struct CallOutcome {
  int call_status = 0;  // gRPC's
  int header_code = 0;
  int status = 0;
  bool reset = false;  // the connection was cut instead

  friend bool operator==(const CallOutcome&, const CallOutcome&) = default;
};

}  // namespace mock_robot
