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
#include "services/peer.h"

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

// The answer, to the journal and to the client: the journal has it before the client can.
template <typename Response>
void AnswerCall(Robot& robot, grpc::CallbackServerContext* context,
                grpc::ServerUnaryReactor* reactor, const CallFacts& facts, Response* response,
                payload_manager::Duration came, const CallEnd& end) {
  const payload_manager::Duration answered = robot.Uptime();
  const std::string peer = PeerAddress(context->peer());
  JournalRecord record{facts, peer, robot.TimeAt(came), true, false, answered - came, {}, 0};
  record.outcome.call_status = end.code;
  if (end.code == 0) {
    SetTimestamp(robot.TimeAt(answered), *response->mutable_header()->mutable_response_timestamp());
    record.outcome.header_code = response->header().error().code();
    if constexpr (requires { static_cast<int>(response->status()); }) {
      record.outcome.status = response->status();
    }
  }
  robot.journal().Add(record);
  payload_manager::ReleaseToGrpc(context);
  ReleaseMessages(context);
  reactor->Finish(ToGrpc(end));
}

// The call takes effect here, on gRPC's thread and without blocking, and is answered here too,
// unless a fault hits it, a password takes long to compare, or what the answer says is not on the
// disk yet: then it goes on from another thread.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* ServeUnary(Robot& robot, grpc::CallbackServerContext* context,
                                     const Request* request, Response* response) {
  payload_manager::AcquireFromGrpc(context);
  CallFacts facts = FactsOf(*request);
  std::string holder;
  if (robot.faults().armed() && facts.guid.empty()) {
    holder = robot.CallerOf(TokenOf(*context), *request);
    facts.guid = holder;
  }
  if (auto verdict = robot.faults().Judge(facts)) {
    const auto serve = [&robot, context, request, response](BentParts::Served then) {
      robot.WhenReadyFor(*request, [&robot, context, request, response, then = std::move(then)] {
        then(robot.Serve(TokenOf(*context), *request, *response));
      });
    };
    auto* call = new BentCall(
        {robot, *context, facts, request->header(), *response, serve, std::move(holder)},
        *std::move(verdict));
    call->Begin();
    return call;
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const payload_manager::Duration came = robot.Uptime();
  robot.WhenReadyFor(*request, [&robot, context, reactor, facts, request, response, came] {
    CallStatus status = robot.Serve(TokenOf(*context), *request, *response);
    const Ticket until_kept = std::move(status.until_kept);
    robot.WhenKept(until_kept, [&robot, context, reactor, facts, response, came,
                                status = std::move(status)](bool kept) {
      const CallEnd end = kept ? EndOf(status) : NotKeptEnd(robot, *facts.rpc, *response);
      CallFacts about = facts;
      if (about.guid.empty()) about.guid = status.holder;
      AnswerCall(robot, context, reactor, about, response, came, end);
    });
  });
  return reactor;
}

}  // namespace mock_robot
