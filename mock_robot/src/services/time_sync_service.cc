// The time-sync handshake.
#include "bosdyn/api/time_sync_service.grpc.pb.h"
#include "services/services.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

using TimeSyncsBytes =
    api::TimeSyncService::WithRawCallbackMethod_TimeSyncUpdate<api::TimeSyncService::Service>;

class TimeSyncs final : public TimeSyncsBytes {
 public:
  explicit TimeSyncs(Robot& robot) : serving_(robot) {}

  Reactor* TimeSyncUpdate(Context* context, const Bytes* sent, Bytes* answer) override {
    return serving_.Unary<api::TimeSyncUpdateRequest, api::TimeSyncUpdateResponse>(*context, *sent,
                                                                                   *answer);
  }

 private:
  Serving serving_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeTimeSyncs(Robot& robot) {
  return std::make_unique<TimeSyncs>(robot);
}

}  // namespace mock_robot
