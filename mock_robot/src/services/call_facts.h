// What a request is about, whichever rpc it belongs to.
#pragma once

#include <string_view>

#include "robot/rpcs.h"

namespace mock_robot {

// The GUID of the payload that a request is about; empty if it says nothing of one.
template <typename Request>
std::string_view GuidOf(const Request& request) {
  if constexpr (requires { request.payload().guid(); }) {
    return request.payload().guid();
  } else if constexpr (requires { request.payload_credentials().guid(); }) {
    const std::string& guid = request.payload_credentials().guid();
    if (!guid.empty()) return guid;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    if constexpr (requires { request.payload_guid(); }) return request.payload_guid();
#pragma GCC diagnostic pop
    return {};
  } else if constexpr (requires { request.fault().fault_id().payload_guid(); }) {
    return request.fault().fault_id().payload_guid();
  } else if constexpr (requires { request.fault_id().payload_guid(); }) {
    return request.fault_id().payload_guid();
  } else if constexpr (requires { request.service_entry().host_payload_guid(); }) {
    return request.service_entry().host_payload_guid();
  } else {
    return {};
  }
}

template <typename Request>
const Rpc& RpcFor() {
  static const Rpc& rpc = RpcOf(Request::default_instance());
  return rpc;
}

template <typename Request>
CallFacts FactsOf(const Request& request) {
  return {&RpcFor<Request>(), GuidOf(request), request.header().client_name()};
}

}  // namespace mock_robot
