// The time-sync handshake.
#include "bosdyn/api/time_sync_service.grpc.pb.h"
#include "services/services.h"
#include "services/unary.h"

namespace mock_robot {
namespace {

namespace api = bosdyn::api;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class TimeSyncs final : public api::TimeSyncService::CallbackService {
 public:
  explicit TimeSyncs(Robot& robot) : robot_(robot) {}

  Reactor* TimeSyncUpdate(Context* context, const api::TimeSyncUpdateRequest* request,
                          api::TimeSyncUpdateResponse* response) override {
    return ServeUnary(robot_, context, request, response);
  }

 private:
  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeTimeSyncs(Robot& robot) {
  return std::make_unique<TimeSyncs>(robot);
}

}  // namespace mock_robot
