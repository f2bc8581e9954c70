// The names of faults, which the robot and whoever steers one in another process share.
#include "mock_robot/faults.h"

namespace mock_robot {
namespace {

struct Names {
  const char* operator()(const fault::Latency&) const { return "latency"; }
  const char* operator()(const fault::Hang&) const { return "hang"; }
  const char* operator()(const fault::GrpcStatus&) const { return "grpc-status"; }
  const char* operator()(const fault::TooManyRequests&) const { return "too-many-requests"; }
  const char* operator()(const fault::HeaderError&) const { return "header-error"; }
  const char* operator()(const fault::UnsetHeader&) const { return "unset-header"; }
  const char* operator()(const fault::UnsetStatus&) const { return "unset-status"; }
  const char* operator()(const fault::Status&) const { return "status"; }
  const char* operator()(const fault::Reset&) const { return "reset"; }
  const char* operator()(const fault::Answer&) const { return "answer"; }
  const char* operator()(const fault::Offline&) const { return "offline"; }
  const char* operator()(const fault::ClockSkew&) const { return "clock-skew"; }
  const char* operator()(const fault::Reboot&) const { return "reboot"; }
  const char* operator()(const fault::ExpireTokens&) const { return "expire-tokens"; }
};

}  // namespace

const char* NameOf(const FaultKind& kind) { return std::visit(Names(), kind); }

}  // namespace mock_robot
