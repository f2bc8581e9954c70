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

CallEnd EndOf(const CallStatus& status);
grpc::Status ToGrpc(const CallEnd& end);
// What was asked and answered, for a journal that keeps such texts.
void AddTexts(const google::protobuf::Message& request, const google::protobuf::Message& response,
              const CallEnd& end, JournalRecord& record);
// The answer when the disk failed and everything is as before the call.
CallEnd NotKeptEnd(const Robot& robot, const Rpc& rpc, google::protobuf::Message& response);

// What a bent call works on; all of it lives until the call is done.
struct BentParts {
  using Served = std::function<void(CallStatus)>;

  Robot& robot;
  grpc::CallbackServerContext& context;
  CallFacts facts;
  const google::protobuf::Message& request;
  const bosdyn::api::RequestHeader& header;  // of the request
  google::protobuf::Message& response;
  // What the robot would do; goes on with `then`, on another thread perhaps.
  std::function<void(Served then)> serve;
  // Gives the messages back, the response written first if it is the answer. Nothing may be touched
  // of either afterwards.
  std::function<void(bool answers)> let_go;
  std::string holder;  // of the token that came along, for facts that name no payload
};

// Waits, takes effect, waits, answers, as the verdict says. Nothing blocks: each step is taken on
// whichever thread ends the wait before it, one after the other. Deletes itself when gRPC is done.
class BentCall final : public grpc::ServerUnaryReactor {
 public:
  BentCall(BentParts parts, Verdict verdict);
  // The first step; what else may use the call's memory afterwards, gRPC says.
  void Begin();

 private:
  // What the faults did to the robot is told by this call's answer, too.
  void WaitForTheFaults(bool kept);
  void TakeEffect(bool alone);
  void WaitForTheDisk(const CallStatus& status);
  void Answer(const CallEnd& own);
  JournalRecord Record() const;
  void OnCancel() override;
  void OnDone() override;

  const BentParts parts_;
  const CallFacts facts_;
  const Verdict verdict_;
  const std::string peer_;
  const payload_manager::Duration came_;  // by the robot's uptime
  const RobotTime received_;
  const bool waits_;
};

}  // namespace mock_robot
