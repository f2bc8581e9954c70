// The journal over the administration port.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <limits>

#include "admin/admin_service.h"
#include "admin/answer.h"
#include "admin/journal_wire.h"
#include "base/tsan.h"
#include "mock_robot/v1/journal.grpc.pb.h"
#include "robot/robot.h"

namespace mock_robot {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

// A few hundred entries are some 50 kB, whatever the names in them.
constexpr std::size_t kMostPerMessage = 256;

// One follower. Either a message is on its way, or the follower sleeps in the journal until there
// is something to send: so what it has not taken yet stays in the journal, and is missed when that
// has no more room. Deletes itself when gRPC is done.
class Follower final : public grpc::ServerWriteReactor<v1::FollowJournalResponse> {
 public:
  Follower(Context& context, Journal& journal, const v1::FollowJournalRequest& request)
      : context_(context),
        journal_(journal),
        cursor_(journal.Cursor(FromWire(request.filter()), request.from_start())) {}

  // Sends what there is, or goes to sleep. Once it sleeps another thread may go on with it: nothing
  // of it may be touched after that.
  void GoOn() {
    payload_manager::AcquireFromGrpc(this);
    if (context_.IsCancelled()) return End();
    const std::uint64_t missed = cursor_.missed;
    const auto entries = journal_.Take(cursor_, kMostPerMessage);
    if (entries.empty() && cursor_.missed == missed) {
      if (journal_.closed()) return End();
      journal_.WakeAt(cursor_.next, this, [this] { GoOn(); });
      return;
    }
    message_.Clear();
    for (const JournalEntry& entry : entries) ToWire(entry, *message_.add_entries());
    message_.set_missed(cursor_.missed);
    payload_manager::ReleaseToGrpc(this);
    StartWrite(&message_);
  }

 private:
  void End() {
    payload_manager::ReleaseToGrpc(this);
    Finish(grpc::Status::OK);
  }
  void OnWriteDone(bool ok) override {
    payload_manager::AcquireFromGrpc(this);
    if (ok) {
      GoOn();
    } else {
      End();
    }
  }
  void OnCancel() override {
    payload_manager::AcquireFromGrpc(this);
    if (journal_.TakeOff(this)) End();
  }
  void OnDone() override {
    payload_manager::AcquireFromGrpc(this);
    journal_.Forget(this);
    delete this;
  }

  Context& context_;
  Journal& journal_;
  JournalCursor cursor_;
  v1::FollowJournalResponse message_;
};

// One who waits for calls. Deletes itself when gRPC is done.
class Awaiter final : public grpc::ServerUnaryReactor {
 public:
  Awaiter(Journal& journal, v1::AwaitJournalResponse& response)
      : journal_(journal), response_(response) {}

  // Another thread may answer as soon as this waits: nothing of it may be touched after that.
  void Await(const v1::AwaitJournalRequest& request) {
    const std::uint64_t count = std::max<std::uint64_t>(request.count(), 1);
    payload_manager::ReleaseToGrpc(this);
    journal_.WhenAnswered(FromWire(request.filter()), count, this, [this, count](auto answered) {
      payload_manager::AcquireFromGrpc(this);
      response_.set_answered(answered);
      End(answered >= count ? grpc::Status::OK
                            : grpc::Status(grpc::StatusCode::UNAVAILABLE,
                                           "the robot stopped before there were so many"));
    });
  }

 private:
  void End(const grpc::Status& status) {
    payload_manager::ReleaseToGrpc(this);
    Finish(status);
  }
  void OnCancel() override {
    payload_manager::AcquireFromGrpc(this);
    if (journal_.Unawait(this)) End(grpc::Status::CANCELLED);
  }
  void OnDone() override {
    payload_manager::AcquireFromGrpc(this);
    delete this;
  }

  Journal& journal_;
  v1::AwaitJournalResponse& response_;
};

class JournalAdmin final : public v1::MockRobotJournal::CallbackService {
 public:
  explicit JournalAdmin(Robot& robot) : robot_(robot) {}

  Reactor* ReadJournal(Context* context, const v1::ReadJournalRequest* request,
                       v1::ReadJournalResponse* response) override {
    return AnswerAtOnce(context, [&] {
      const std::size_t last =
          request->last() == 0 ? std::numeric_limits<std::size_t>::max() : request->last();
      for (const auto& entry : robot_.journal().Read(FromWire(request->filter()), last)) {
        ToWire(entry, *response->add_entries());
      }
      response->set_overwritten(robot_.journal().overwritten());
    });
  }
  Reactor* CountJournal(Context* context, const v1::CountJournalRequest* request,
                        v1::CountJournalResponse* response) override {
    return AnswerAtOnce(context, [&] {
      const JournalCount count = robot_.journal().Count(FromWire(request->filter()));
      response->set_answered(count.answered);
      response->set_waiting(count.waiting);
      response->set_exact(count.exact);
    });
  }
  Reactor* AwaitJournal(Context* context, const v1::AwaitJournalRequest* request,
                        v1::AwaitJournalResponse* response) override {
    payload_manager::AcquireFromGrpc(context);
    auto* awaiter = new Awaiter(robot_.journal(), *response);
    awaiter->Await(*request);
    return awaiter;
  }
  grpc::ServerWriteReactor<v1::FollowJournalResponse>* FollowJournal(
      Context* context, const v1::FollowJournalRequest* request) override {
    payload_manager::AcquireFromGrpc(context);
    auto* follower = new Follower(*context, robot_.journal(), *request);
    payload_manager::ReleaseToGrpc(follower);
    // So that the caller knows from when on nothing escapes it. Metadata of a call that failed is
    // empty, so this is not.
    context->AddInitialMetadata("journal", "followed");
    follower->StartSendInitialMetadata();
    follower->GoOn();
    return follower;
  }

 private:
  Robot& robot_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeJournalAdmin(Robot& robot) {
  return std::make_unique<JournalAdmin>(robot);
}

}  // namespace mock_robot
