// Sessions that do as much as they can, on robots that let them.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "payload_manager/payload_sessions.h"
#include "tests/stress/threaded_robot.h"

namespace payload_manager::testing {

inline std::shared_ptr<const bosdyn::api::Payload> MakePayload(int number) {
  auto payload = std::make_shared<bosdyn::api::Payload>();
  payload->set_guid("payload-" + std::to_string(number));
  return payload;
}

inline SessionOptions Hasty() {
  SessionOptions options;
  options.interval = std::chrono::microseconds(300);
  options.token_poll = std::chrono::microseconds(200);
  options.slowest_token_poll = std::chrono::milliseconds(1);
  options.token_check = std::chrono::microseconds(500);
  options.token_renewal = std::chrono::microseconds(700);
  options.definition_check = std::chrono::microseconds(900);
  return options;
}

inline PacingOptions Unpaced() {
  PacingOptions pacing;
  pacing.registration_calls_per_second = 1 << 20;
  pacing.auth_calls_per_second = 1 << 20;
  pacing.most_calls_under_way = 1 << 20;
  pacing.first_back_off = std::chrono::microseconds(100);
  pacing.last_back_off = std::chrono::milliseconds(1);
  return pacing;
}

}  // namespace payload_manager::testing
