// What no public source says about a real robot, and the mock assumes: each assumption of
// mock_robot/SEMANTICS.md that can be changed, with the value it has unless told otherwise.
// Changing one makes the mock the other robot that could be out there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bosdyn/api/service_fault.pb.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

// Threads: like any value. What each means stands in assumptions.cc, where `--assume list` of the
// program mock-robot finds it.
struct Assumptions {
  using Severity = bosdyn::api::ServiceFault::Severity;

  // Registration.
  bool accept_empty_guid = false;
  bool ignore_claimed_flags = false;
  bool refuse_wrong_secret = false;
  bool guids_ignore_case = true;
  bool list_by_guid = false;
  bool reboot_keeps_authorization = true;
  bool reboot_keeps_attachment = true;
  std::uint64_t largest_definition_kib = 1024;
  std::uint64_t most_payloads = 10'000;

  // Credentials.
  bool old_credentials_win = false;
  bool refuse_absent_version = false;
  bool attach_checks_authorization_first = false;
  bool odd_attach_request_detaches = false;

  // The administrator.
  bool preset_replaces_mount = true;
  bool preset_omissions_clear = true;
  bool reauthorizing_keeps_attached = true;
  bool odd_address_counts = false;
  bool addresses_at_front = false;
  bool authorized_can_be_rejected = false;
  bool forgotten_tokens_void = true;

  // Faults.
  bool authorizing_clears_fault = true;
  bool forgetting_clears_faults = true;
  bool heartbeat_clears_fault = true;
  bool watch_only_authorized = false;
  bool heartbeat_needs_secret = true;
  bool secretless_heartbeats = true;
  bool reboot_resets_liveness = true;
  bool reboot_clears_faults = true;
  bool robot_faults_clearable = true;
  bool accept_nameless_faults = false;
  std::string not_authorized_fault = "payload_not_authorized";
  Severity not_authorized_severity = bosdyn::api::ServiceFault::SEVERITY_WARN;
  std::string payload_liveness_fault = "payload_liveness";
  Severity payload_liveness_severity = bosdyn::api::ServiceFault::SEVERITY_CRITICAL;
  std::string service_liveness_fault = "service_liveness";
  Severity service_liveness_severity = bosdyn::api::ServiceFault::SEVERITY_CRITICAL;

  // Users and tokens.
  bool tell_unknown_users = false;
  bool token_beats_user = false;
  bool sixth_failure_locked_out = false;
  bool locked_attempts_extend = false;
  bool lock_out_for_all = false;
  std::uint64_t rate_limit_window_ms = 1000;

  // Directory, time and software.
  std::string other_authority = "api.spot.robot";
  bool mark_token_services = true;
  bool heartbeat_by_anyone = true;
  bool refuse_clashes = false;
  bool complete_authority = true;
  bool service_heartbeat_clears_all = false;
  bool update_keeps_host = true;
  bool forgetting_removes_services = false;
  bool no_names_mean_all = false;
  std::uint64_t time_sync_samples = 3;
  bool refuse_unknown_clocks = false;
};

// Changes one, given as "name=value" as the command line has it: the member's name with dashes;
// "yes" or "no", a number, a text, or "info", "warn", "critical". The problem names what is wrong,
// and nothing has changed then.
payload_manager::Checked<payload_manager::Done> Assume(std::string_view text,
                                                       Assumptions& assumptions);

// A line for each: its name, value and meaning.
std::string ListAssumptions(const Assumptions& assumptions);

}  // namespace mock_robot
