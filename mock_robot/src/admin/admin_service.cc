#include "admin/admin_service.h"

#include <grpcpp/grpcpp.h>

#include "admin/answer.h"
#include "admin/to_wire.h"
#include "admin/wire_time.h"
#include "base/tsan.h"
#include "mock_robot/v1/admin.grpc.pb.h"
#include "registry/text.h"
#include "robot/robot.h"
#include "robot/timestamps.h"

namespace mock_robot {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

// Twice as long as a payload's name, and a preset's, should be.
constexpr std::size_t kLongestName = 100;

void ToWire(const PayloadInfo& info, v1::PayloadState& state) {
  state.set_guid(info.payload.guid());
  state.set_name(Shortened(info.payload.name(), kLongestName));
  state.set_authorized(info.payload.is_authorized());
  state.set_attached(info.payload.is_enabled());
  if (info.payload.has_version()) *state.mutable_version() = info.payload.version();
  state.set_credentials_known(info.credentials_known);
  state.set_preset_applied(Shortened(info.preset_applied, kLongestName));
  for (const auto& name : info.presets_offered) {
    state.add_presets_offered(Shortened(name, kLongestName));
  }
  for (const auto& warning : info.warnings) state.add_warnings(warning);
  state.set_registrations(info.registrations);
  SetTimestamp(info.first_registered, *state.mutable_first_registered());
  SetTimestamp(info.last_registered, *state.mutable_last_registered());
}

class Admin final : public v1::MockRobotAdmin::CallbackService {
 public:
  explicit Admin(Robot& robot) : robot_(robot) {}

  Reactor* ListPayloads(Context* context, const v1::ListPayloadsRequest*,
                        v1::ListPayloadsResponse* response) override {
    payload_manager::AcquireFromGrpc(context);
    Ticket until_kept;
    for (const PayloadInfo& info : robot_.Snapshot(until_kept).payloads) {
      ToWire(info, *response->add_payloads());
    }
    Reactor* reactor = context->DefaultReactor();
    robot_.WhenKept(until_kept, [context, reactor](bool kept) {
      payload_manager::ReleaseToGrpc(context);
      reactor->Finish(kept ? grpc::Status::OK
                           : grpc::Status(grpc::StatusCode::INTERNAL, "the disk has failed"));
    });
    return reactor;
  }
  Reactor* AuthorizePayload(Context* context, const v1::AuthorizePayloadRequest* request,
                            v1::AuthorizePayloadResponse* response) override {
    return Change(context, response,
                  [&] { return robot_.Authorize(request->guid(), request->preset_name()); });
  }
  Reactor* DeauthorizePayload(Context* context, const v1::DeauthorizePayloadRequest* request,
                              v1::DeauthorizePayloadResponse* response) override {
    return Change(context, response, [&] { return robot_.Deauthorize(request->guid()); });
  }
  Reactor* RejectPayload(Context* context, const v1::RejectPayloadRequest* request,
                         v1::RejectPayloadResponse* response) override {
    return Change(context, response, [&] { return robot_.Reject(request->guid()); });
  }
  Reactor* ForgetPayload(Context* context, const v1::ForgetPayloadRequest* request,
                         v1::ForgetPayloadResponse* response) override {
    return Change(context, response, [&] { return robot_.Forget(request->guid()); });
  }
  Reactor* Reboot(Context* context, const v1::RebootRequest*,
                  v1::RebootResponse* response) override {
    return Change(context, response, [&] { return robot_.Reboot(); });
  }
  Reactor* AdvanceClock(Context* context, const v1::AdvanceClockRequest* request,
                        v1::AdvanceClockResponse* response) override {
    payload_manager::AcquireFromGrpc(context);
    Reactor* reactor = context->DefaultReactor();
    // What is malformed is nothing, too.
    auto advanced = robot_.Advance(FromWire(request->by()).value_or(payload_manager::Duration(0)));
    if (!advanced) {
      payload_manager::ReleaseToGrpc(context);
      reactor->Finish({grpc::StatusCode::INVALID_ARGUMENT, advanced.error().message});
      return reactor;
    }
    SetTimestamp(robot_.Now(), *response->mutable_now());
    robot_.WhenKept(*std::move(advanced), [context, response, reactor](const AdminAnswer& answer) {
      PutAnswer(answer, *response);
      payload_manager::ReleaseToGrpc(context);
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

 private:
  // What changes something is answered once it is on the disk.
  template <typename Response, typename Ask>
  Reactor* Change(Context* context, Response* response, Ask ask) {
    payload_manager::AcquireFromGrpc(context);
    Reactor* reactor = context->DefaultReactor();
    robot_.WhenKept(ask(), [context, response, reactor](const AdminAnswer& answer) {
      PutAnswer(answer, *response);
      payload_manager::ReleaseToGrpc(context);
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(Robot& robot) {
  return std::make_unique<Admin>(robot);
}

}  // namespace mock_robot
