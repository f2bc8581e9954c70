// What was asked of whom: what a failure's message needs to know about a call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/secret.h"

namespace payload_manager {

// Threads: a value.
struct Exchange {
  std::string robot;           // as the operator wrote it: `192.168.80.3:443`
  std::string_view call;       // a literal: `RegisterPayload`
  std::string authority;       // the service's name on the robot: `auth.spot.robot`
  bool insecure = false;       // without TLS
  std::vector<Secret> hidden;  // what was sent and may not come back in a message
};

// One line about the exchange: `robot 192.168.80.3:443: RegisterPayload: <what>`.
std::string Describe(const Exchange& exchange, std::string_view what);

// Somebody else's text made fit for our messages: hidden strings are blotted out (of a text with a
// very short one nothing is left), line breaks and control characters become spaces, and what is
// too long for a line is cut.
std::string Presentable(const Exchange& exchange, std::string_view text);

}  // namespace payload_manager
