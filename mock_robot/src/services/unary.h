// One unary rpc, from gRPC to Robot and back. The only way in which services of the robot answer.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/tsan.h"
#include "robot/robot.h"
#include "robot/timestamps.h"
#include "services/arena_messages.h"
#include "services/bent_call.h"
#include "services/call_facts.h"
#include "services/message_blocks.h"
#include "services/peer.h"
#include "services/sent_bytes.h"

namespace mock_robot {

// The token in the call's metadata. The real clients send `Bearer None` or `Bearer ` without one.
inline std::string_view TokenOf(const grpc::CallbackServerContext& context) {
  const auto found = context.client_metadata().find("authorization");
  if (found == context.client_metadata().end()) return {};
  const std::string_view value(found->second.data(), found->second.size());
  constexpr std::string_view kScheme = "Bearer ";
  if (value.substr(0, kScheme.size()) != kScheme) return {};
  const std::string_view token = value.substr(kScheme.size());
  return token == "None" ? std::string_view() : token;
}

// How the calls of one service are served.
class Serving {
 public:
  explicit Serving(Robot& robot) : robot_(robot) {}

  // The call takes effect here, on gRPC's thread and without blocking, and is answered here too,
  // unless a fault hits it, a password takes long to compare, or what the answer says is not on the
  // disk yet: then it goes on from another thread.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext& context,
                                  const grpc::ByteBuffer& sent, grpc::ByteBuffer& answer);

 private:
  Robot& robot_;
  MessageBlocks blocks_;
};

// A call that no fault hits; goes on by value, while gRPC keeps what it refers to.
template <typename Request, typename Response>
struct UnaryCall {
  Robot& robot;
  grpc::CallbackServerContext& context;
  grpc::ServerUnaryReactor& reactor;
  ArenaMessages<Request, Response>& messages;
  grpc::ByteBuffer& answer;
  CallFacts facts;
  payload_manager::Duration came;

  void Serve() const {
    CallStatus status = robot.Serve(TokenOf(context), messages.request(), messages.response());
    const Ticket until_kept = std::move(status.until_kept);
    robot.WhenKept(until_kept, [call = *this, status = std::move(status)](bool kept) {
      call.End(
          kept ? EndOf(status) : NotKeptEnd(call.robot, *call.facts.rpc, call.messages.response()),
          status.holder);
    });
  }

  // The answer, to the journal and to the client: the journal has it before the client can.
  void End(const CallEnd& end, std::string_view holder) const {
    const payload_manager::Duration answered = robot.Uptime();
    const std::string peer = PeerAddress(context.peer());
    JournalRecord record{facts, peer, robot.TimeAt(came), true, false, answered - came, {}, 0};
    if (facts.guid.empty()) record.call.guid = holder;
    record.outcome.call_status = end.code;
    Response& response = messages.response();
    if (end.code == 0) {
      SetTimestamp(robot.TimeAt(answered),
                   *response.mutable_header()->mutable_response_timestamp());
      record.outcome.header_code = response.header().error().code();
      if constexpr (requires { static_cast<int>(response.status()); }) {
        record.outcome.status = response.status();
      }
      WriteAnswer(response, answer);
    }
    if (robot.journal().keeps_texts()) AddTexts(messages.request(), response, end, record);
    robot.journal().Add(record);
    messages.Give();
    payload_manager::ReleaseToGrpc(&context);
    reactor.Finish(ToGrpc(end));
  }
};

template <typename Request, typename Response>
grpc::ServerUnaryReactor* Serving::Unary(grpc::CallbackServerContext& context,
                                         const grpc::ByteBuffer& sent, grpc::ByteBuffer& answer) {
  payload_manager::AcquireFromGrpc(&context);
  auto& messages = *ArenaMessages<Request, Response>::Take(blocks_);
  const Request& request = messages.request();
  if (const auto end = ReadRequest(sent, RpcFor<Request>(), messages.request())) {
    messages.Give();
    return RefuseUnread(robot_, context, RpcFor<Request>(), sent, *end);
  }
  CallFacts facts = FactsOf(request);
  std::string holder;
  if (robot_.faults().armed() && facts.guid.empty()) {
    holder = robot_.CallerOf(TokenOf(context), request);
    facts.guid = holder;
  }
  if (auto verdict = robot_.faults().Judge(facts)) {
    const auto serve = [&robot = robot_, &context, &messages](BentParts::Served then) {
      robot.WhenReadyFor(messages.request(), [&robot, &context, &messages, then = std::move(then)] {
        then(robot.Serve(TokenOf(context), messages.request(), messages.response()));
      });
    };
    const auto let_go = [&messages, &answer](bool answers) {
      if (answers) WriteAnswer(messages.response(), answer);
      messages.Give();
    };
    auto* call = new BentCall({robot_, context, facts, request, request.header(),
                               messages.response(), serve, let_go, std::move(holder)},
                              *std::move(verdict));
    call->Begin();
    return call;
  }
  grpc::ServerUnaryReactor& reactor = *context.DefaultReactor();
  const UnaryCall<Request, Response> call{robot_, context, reactor,        messages,
                                          answer, facts,   robot_.Uptime()};
  robot_.WhenReadyFor(request, [call] { call.Serve(); });
  return &reactor;
}

}  // namespace mock_robot
