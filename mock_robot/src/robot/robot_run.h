// What the rpcs of Robot have in common. For the files that implement them, nobody else.
#pragma once

#include <string>
#include <utility>

#include "robot/robot.h"
#include "robot/timestamps.h"

namespace mock_robot {

// Puts an answer of the rules into a response: the value by `set`, or the complaint into the
// header.
template <typename T, typename Response, typename Set>
CallStatus::Code Put(const Answer<T>& answer, Response& response, Set set) {
  if (answer.ok()) {
    set(*answer);
  } else {
    auto& error = *response.mutable_header()->mutable_error();
    error.set_code(bosdyn::api::CommonError::CODE_INVALID_REQUEST);
    error.set_message(answer.error().message);
  }
  return CallStatus::kOk;
}

// What all calls have in common. `body(now)` runs under the lock, with the response's header made.
template <typename Request, typename Response, typename Body>
CallStatus Robot::Run(std::string_view rpc, RateLimit* limit, const Request& request,
                      Response& response, Body body) {
  const std::lock_guard lock(mutex_);
  const RobotTime now = RuleTime();
  ++calls_[std::string(rpc)];
  ++version_;
  changed_.notify_all();
  if (rate_limits_ && limit != nullptr && !limit->Admit(now)) return CallStatus::kTooManyRequests;
  auto& header = *response.mutable_header();
  *header.mutable_request_header() = request.header();
  SetTimestamp(now + on_demand_.clock_ahead(), *header.mutable_request_received_timestamp());
  header.mutable_error()->set_code(bosdyn::api::CommonError::CODE_OK);
  holder_.clear();
  CallStatus status = body(now);
  if (!holder_.empty()) status.holder = std::move(holder_);
  if (commits_ != nullptr) status.until_kept = KeepLocked(WhatIsRead(request).If(status));
  return status;
}

}  // namespace mock_robot
