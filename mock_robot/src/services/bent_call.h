// One call that faults have hit, from its arrival to its answer.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <string>

#include "bosdyn/api/header.pb.h"
#include "faults/bend.h"
#include "faults/verdict.h"
#include "robot/robot.h"

namespace mock_robot {

CallEnd EndOf(CallStatus status);
grpc::Status ToGrpc(const CallEnd& end);

// What a bent call works on; all of it lives until the call is done.
struct BentParts {
  Robot& robot;
  grpc::CallbackServerContext& context;
  CallFacts facts;
  const bosdyn::api::RequestHeader& header;  // of the request
  google::protobuf::Message& response;
  std::function<CallStatus()> serve;  // what the robot would do
};

// Waits, takes effect, waits, answers, as the verdict says. Nothing blocks: each step is taken on
// whichever thread ends the wait before it, one after the other. Deletes itself when gRPC is done.
class BentCall final : public grpc::ServerUnaryReactor {
 public:
  BentCall(BentParts parts, Verdict verdict);
  // The first step; what else may use the call's memory afterwards, gRPC says.
  void Begin();

 private:
  void TakeEffect(bool alone);
  void Answer(const CallEnd& own);
  JournalRecord Record() const;
  void OnCancel() override;
  void OnDone() override;

  const BentParts parts_;
  const Verdict verdict_;
  const std::string peer_;
  const payload_manager::Duration came_;  // by the robot's uptime
  const RobotTime received_;
  const bool waits_;
};

}  // namespace mock_robot
