// What every call of a bare stub has, as the client's calls have it.
#pragma once

#include <google/protobuf/timestamp.pb.h>
#include <grpcpp/client_context.h>

#include <chrono>

#include "payload_manager/call_options.h"

namespace payload_manager::bench {

inline void Stamp(google::protobuf::Timestamp* stamp) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  stamp->set_seconds(seconds.count());
  stamp->set_nanos(static_cast<int>(std::chrono::nanoseconds(now - seconds).count()));
}

inline void SetDeadline(grpc::ClientContext& context) {
  context.set_deadline(
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                   gpr_time_from_nanos(CallOptions::kDefaultTimeout.count(), GPR_TIMESPAN)));
}

}  // namespace payload_manager::bench
