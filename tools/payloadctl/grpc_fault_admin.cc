#include "tools/payloadctl/grpc_fault_admin.h"

#include <grpcpp/grpcpp.h>

#include <utility>

#include "mock_robot/v1/faults.grpc.pb.h"
#include "mock_robot/v1/journal.grpc.pb.h"
#include "payload_manager/base/text.h"
#include "tools/payloadctl/admin_failure.h"

namespace payload_manager::payloadctl {
namespace {

namespace wire = ::mock_robot::v1;
using FaultStub = wire::MockRobotFaults::Stub;
using JournalStub = wire::MockRobotJournal::Stub;

class GrpcFaultAdmin final : public FaultAdmin {
 public:
  GrpcFaultAdmin(const std::shared_ptr<grpc::Channel>& channel, std::string address)
      : address_(std::move(address)),
        faults_(wire::MockRobotFaults::NewStub(channel)),
        journal_(wire::MockRobotJournal::NewStub(channel)) {}

  Outcome<std::uint64_t> Inject(const wire::Fault& fault, const CallOptions& options) override {
    wire::InjectFaultRequest request;
    *request.mutable_fault() = fault;
    wire::InjectFaultResponse response;
    const auto status = Call(*faults_, &FaultStub::InjectFault, request, response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return response.id();
  }

  Outcome<std::vector<wire::FaultState>> Faults(const CallOptions& options) override {
    wire::ListFaultsResponse response;
    const auto status =
        Call(*faults_, &FaultStub::ListFaults, wire::ListFaultsRequest(), response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return std::vector<wire::FaultState>(response.faults().begin(), response.faults().end());
  }

  Outcome<Done> Remove(std::uint64_t id, const CallOptions& options) override {
    wire::RemoveFaultRequest request;
    request.set_id(id);
    wire::RemoveFaultResponse response;
    const auto status = Call(*faults_, &FaultStub::RemoveFault, request, response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return Done{};
  }

  Outcome<std::uint64_t> RemoveAll(const CallOptions& options) override {
    wire::RemoveAllFaultsResponse response;
    const auto status = Call(*faults_, &FaultStub::RemoveAllFaults, wire::RemoveAllFaultsRequest(),
                             response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return response.removed();
  }

  Outcome<std::uint64_t> Release(std::uint64_t id, const CallOptions& options) override {
    wire::ReleaseFaultRequest request;
    request.set_id(id);
    wire::ReleaseFaultResponse response;
    const auto status = Call(*faults_, &FaultStub::ReleaseFault, request, response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return response.released();
  }

  Outcome<wire::ReadJournalResponse> ReadJournal(const wire::ReadJournalRequest& request,
                                                 const CallOptions& options) override {
    wire::ReadJournalResponse response;
    const auto status = Call(*journal_, &JournalStub::ReadJournal, request, response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return response;
  }

  Outcome<wire::CountJournalResponse> CountJournal(const wire::CountJournalRequest& request,
                                                   const CallOptions& options) override {
    wire::CountJournalResponse response;
    const auto status = Call(*journal_, &JournalStub::CountJournal, request, response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return response;
  }

  Outcome<wire::AwaitJournalResponse> AwaitJournal(const wire::AwaitJournalRequest& request,
                                                   const CallOptions& options) override {
    wire::AwaitJournalResponse response;
    const auto status = Call(*journal_, &JournalStub::AwaitJournal, request, response, options);
    if (!status.ok()) return Failed{Explain(status)};
    return response;
  }

  Outcome<Done> FollowJournal(const wire::FollowJournalRequest& request, const CallOptions& options,
                              const std::function<void()>& begun, const Take& take) override {
    grpc::ClientContext context;
    SetDeadline(context, options);
    const auto stream = journal_->FollowJournal(&context, request);
    stream->WaitForInitialMetadata();
    const bool begins = !context.GetServerInitialMetadata().empty();
    if (begins) begun();
    wire::FollowJournalResponse response;
    while (stream->Read(&response)) {
      if (take(response)) continue;
      context.TryCancel();
      stream->Finish();
      return Done{};
    }
    const grpc::Status status = stream->Finish();
    const bool time_is_up = options.timeout && status.error_code() == grpc::DEADLINE_EXCEEDED;
    if (!status.ok() && !time_is_up) return Failed{Explain(status)};
    return Done{};
  }

 private:
  static void SetDeadline(grpc::ClientContext& context, const CallOptions& options) {
    if (options.timeout) {
      context.set_deadline(std::chrono::system_clock::now() + *options.timeout);
    }
  }

  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response, const CallOptions& options) {
    grpc::ClientContext context;
    SetDeadline(context, options);
    return (stub.*method)(&context, request, &response);
  }

  Failure Explain(const grpc::Status& status) const {
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
      return {FailureKind::kPayloadDoesNotExist, OneLine(status.error_message())};
    }
    return AdminFailure(address_, status);
  }

  const std::string address_;
  const std::unique_ptr<FaultStub> faults_;
  const std::unique_ptr<JournalStub> journal_;
};

}  // namespace

std::unique_ptr<FaultAdmin> MakeFaultAdmin(const std::shared_ptr<grpc::Channel>& channel,
                                           std::string address) {
  return std::make_unique<GrpcFaultAdmin>(channel, std::move(address));
}

}  // namespace payload_manager::payloadctl
