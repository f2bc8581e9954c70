#include "services/bent_call.h"

#include <utility>

#include "base/tsan.h"
#include "journal/masked_text.h"
#include "services/peer.h"

namespace mock_robot {

CallEnd EndOf(const CallStatus& status) {
  switch (status) {
    case CallStatus::kOk:
      return {};
    case CallStatus::kUnauthenticated:
      return {grpc::StatusCode::UNAUTHENTICATED, "no valid token came with the call", "", false};
    case CallStatus::kTooManyRequests:
      break;
  }
  return TooManyRequestsEnd();
}

grpc::Status ToGrpc(const CallEnd& end) {
  if (end.code == 0) return grpc::Status::OK;
  return {static_cast<grpc::StatusCode>(end.code), end.message, end.details};
}

void AddTexts(const google::protobuf::Message& request, const google::protobuf::Message& response,
              const CallEnd& end, JournalRecord& record) {
  record.request_text = MaskedText(request);
  record.answer_text = end.code == 0 ? MaskedText(response) : ShortText(end.message);
}

CallEnd NotKeptEnd(const Robot& robot, const Rpc& rpc, google::protobuf::Message& response) {
  fault::HeaderError error;
  error.code = bosdyn::api::CommonError::CODE_INTERNAL_SERVER_ERROR;
  error.message = robot.StoreProblem();
  return Bend(error, rpc, response);
}

namespace {

CallFacts FactsOf(const BentParts& parts) {
  CallFacts facts = parts.facts;
  if (!parts.holder.empty()) facts.guid = parts.holder;
  return facts;
}

}  // namespace

BentCall::BentCall(BentParts parts, Verdict verdict)
    : parts_(std::move(parts)),
      facts_(FactsOf(parts_)),
      verdict_(std::move(verdict)),
      peer_(PeerAddress(parts_.context.peer())),
      came_(parts_.robot.Uptime()),
      received_(parts_.robot.TimeAt(came_)),
      waits_(!verdict_.before.empty() || !verdict_.after.empty()) {}

void BentCall::Begin() {
  if (waits_) {
    JournalRecord record = Record();
    if (parts_.robot.journal().keeps_texts()) record.request_text = MaskedText(parts_.request);
    parts_.robot.journal().Add(record);
  }
  parts_.robot.WhenKept(verdict_.until_kept, [this](bool kept) { WaitForTheFaults(kept); });
}

void BentCall::WaitForTheFaults(bool kept) {
  if (kept) {
    parts_.robot.faults().Wait(this, verdict_.before, [this](bool alone) { TakeEffect(alone); });
    return;
  }
  parts_.robot.CountRefused(*parts_.facts.rpc);
  MakeHeader(parts_.response, parts_.header, received_);
  Answer(NotKeptEnd(parts_.robot, *parts_.facts.rpc, parts_.response));
}

// Once it waits again, another thread may end the call: nothing of it may be touched after that.
void BentCall::TakeEffect(bool alone) {
  if (alone) {
    Answer({grpc::StatusCode::CANCELLED, "the caller has gone", "", false});
    return;
  }
  if (verdict_.takes_effect) {
    parts_.serve([this](const CallStatus& status) { WaitForTheDisk(status); });
    return;
  }
  parts_.robot.CountRefused(*facts_.rpc);
  MakeHeader(parts_.response, parts_.header, received_);
  parts_.robot.faults().Wait(this, verdict_.after, [this](bool) { Answer({}); });
}

void BentCall::WaitForTheDisk(const CallStatus& status) {
  const CallStatus::Code code = status;
  parts_.robot.WhenKept(status.until_kept, [this, code](bool kept) {
    const CallEnd own = kept ? EndOf(code) : NotKeptEnd(parts_.robot, *facts_.rpc, parts_.response);
    parts_.robot.faults().Wait(this, verdict_.after, [this, own](bool) { Answer(own); });
  });
}

void BentCall::Answer(const CallEnd& own) {
  Robot& robot = parts_.robot;
  const payload_manager::Duration now = robot.Uptime();
  SetResponseTime(parts_.response, robot.TimeAt(now));
  JournalRecord record = Record();
  CallEnd end = own;
  if (verdict_.end) {
    end = Bend(verdict_.end->what, *facts_.rpc, parts_.response);
    record.fault = verdict_.end->id;
  }
  record.answered = true;
  record.waited = waits_;
  record.took = now - came_;
  record.outcome.call_status = end.code;
  record.outcome.reset = end.reset;
  if (end.code == 0) {
    record.outcome.header_code = HeaderCodeOf(parts_.response);
    record.outcome.status = StatusOf(parts_.response);
  }
  if (robot.journal().keeps_texts()) AddTexts(parts_.request, parts_.response, end, record);
  robot.journal().Add(record);
  parts_.let_go(end.code == 0);
  if (verdict_.end) robot.faults().Strike(*verdict_.end, peer_);
  payload_manager::ReleaseToGrpc(&parts_.context);
  Finish(ToGrpc(end));
}

JournalRecord BentCall::Record() const {
  JournalRecord record;
  record.call = facts_;
  record.peer = peer_;
  record.received = received_;
  return record;
}

void BentCall::OnCancel() { parts_.robot.faults().Abandon(this); }

void BentCall::OnDone() {
  payload_manager::AcquireFromGrpc(&parts_.context);
  parts_.robot.faults().Forget(this);
  delete this;
}

}  // namespace mock_robot
