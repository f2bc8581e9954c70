// What was asked of whom: what a failure's message needs to know about a call.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace payload_manager {

using Metadata = std::vector<std::pair<std::string, std::string>>;

// What was sent and may not come back in a message.
struct Hidden {
  std::array<std::string_view, 2> texts;  // the request's secret and the token, where there are any
  const Metadata* added = nullptr;        // the caller's, of which some is secret (SecretsIn)
};

// Refers to texts that others own: those of the connection, of the caller, or of the call. Nothing
// is copied as long as nothing has gone wrong. Threads: a value.
struct Exchange {
  std::string_view robot;      // as the operator wrote it: `192.168.80.3:443`
  std::string_view call;       // `RegisterPayload`
  std::string_view authority;  // the service's name on the robot: `auth.spot.robot`
  bool insecure = false;       // without TLS
  Hidden hidden;
};

// One line about the exchange: `robot 192.168.80.3:443: RegisterPayload: <what>`.
std::string Describe(const Exchange& exchange, std::string_view what);

// Somebody else's text made fit for our messages: hidden strings are blotted out (of a text with a
// very short one nothing is left), line breaks and control characters become spaces, and what is
// too long for a line is cut.
std::string Presentable(const Exchange& exchange, std::string_view text);

}  // namespace payload_manager
