// The administration of payload software: mock_robot/v1/software.proto.
#include <google/protobuf/util/time_util.h>
#include <grpcpp/grpcpp.h>

#include "admin/admin_service.h"
#include "admin/answer.h"
#include "admin/to_wire.h"
#include "base/tsan.h"
#include "mock_robot/v1/software.grpc.pb.h"
#include "robot/robot.h"
#include "robot/timestamps.h"

namespace mock_robot {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

constexpr std::chrono::seconds kPatience{5};

void Put(const SoftwareInfo& info, v1::SoftwareState& state) {
  state.set_package_name(info.package_name);
  if (info.current) *state.mutable_current() = *info.current;
  if (info.status) *state.mutable_status() = *info.status;
  if (info.staged) *state.mutable_staged() = *info.staged;
  state.set_reporter(info.reporter);
  if (info.current || info.status) SetTimestamp(info.reported_at, *state.mutable_reported_at());
}

// Zero for what is no length of time; PayloadCalls bounds what is too long.
payload_manager::Duration PatienceOf(const v1::PromptPayloadRequest& request) {
  if (!request.has_patience()) return kPatience;
  const auto& patience = request.patience();
  if (patience.seconds() < 0 || patience.nanos() < 0 || patience.nanos() > 999'999'999) {
    return payload_manager::Duration(0);
  }
  return std::chrono::seconds(std::min<std::int64_t>(patience.seconds(), 3600)) +
         std::chrono::nanoseconds(patience.nanos());
}

class SoftwareAdmin final : public v1::MockRobotSoftware::CallbackService {
 public:
  explicit SoftwareAdmin(Robot& robot) : robot_(robot) {}

  // Answered when the payload has: nothing waits for it here.
  Reactor* PromptPayload(Context* context, const v1::PromptPayloadRequest* request,
                         v1::PromptPayloadResponse* response) override {
    payload_manager::AcquireFromGrpc(context);
    Reactor* reactor = context->DefaultReactor();
    const auto finish = [context, response, reactor](const AdminAnswer& answer) {
      PutAnswer(answer, *response);
      payload_manager::ReleaseToGrpc(context);
      reactor->Finish(grpc::Status::OK);
    };
    switch (request->prompt()) {
      case v1::PromptPayloadRequest::PROMPT_SEND_VERSION:
        robot_.PromptPayload(request->service_name(), SoftwarePrompt::kSendVersion, finish,
                             PatienceOf(*request));
        break;
      case v1::PromptPayloadRequest::PROMPT_INITIATE_UPDATE:
        robot_.PromptPayload(request->service_name(), SoftwarePrompt::kInitiateUpdate, finish,
                             PatienceOf(*request));
        break;
      default:
        finish({AdminResult::kWrongState, "prompt is none that the robot knows"});
    }
    return reactor;
  }
  Reactor* StageSoftware(Context* context, const v1::StageSoftwareRequest* request,
                         v1::StageSoftwareResponse* response) override {
    return AnswerAtOnce(context,
                        [&] { PutAnswer(robot_.StageSoftware(request->package()), *response); });
  }
  Reactor* UnstageSoftware(Context* context, const v1::UnstageSoftwareRequest* request,
                           v1::UnstageSoftwareResponse* response) override {
    return AnswerAtOnce(
        context, [&] { PutAnswer(robot_.UnstageSoftware(request->package_name()), *response); });
  }
  Reactor* ListSoftware(Context* context, const v1::ListSoftwareRequest*,
                        v1::ListSoftwareResponse* response) override {
    return AnswerAtOnce(context, [&] {
      for (const SoftwareInfo& info : robot_.Software()) Put(info, *response->add_packages());
    });
  }

 private:
  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSoftwareAdminService(Robot& robot) {
  return std::make_unique<SoftwareAdmin>(robot);
}

}  // namespace mock_robot
