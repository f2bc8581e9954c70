#include "mock_robot/assumptions.h"

#include <charconv>
#include <variant>

namespace mock_robot {

using bosdyn::api::ServiceFault;
using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Failed;
using payload_manager::Problem;

namespace {

using Severity = Assumptions::Severity;
using Member = std::variant<bool Assumptions::*, std::uint64_t Assumptions::*,
                            std::string Assumptions::*, Severity Assumptions::*>;

struct Row {
  std::string_view name;
  Member member;
  std::string_view meaning;
};

const Row kRows[] = {
    {"accept-empty-guid", &Assumptions::accept_empty_guid,
     "an empty GUID is one like any other (otherwise an invalid request)"},
    {"ignore-claimed-flags", &Assumptions::ignore_claimed_flags,
     "is_authorized and is_enabled in a registration are ignored (otherwise an invalid request)"},
    {"refuse-wrong-secret", &Assumptions::refuse_wrong_secret,
     "registering a known GUID with another secret is an invalid request (otherwise "
     "ALREADY_EXISTS)"},
    {"guids-ignore-case", &Assumptions::guids_ignore_case,
     "GUIDs are kept in lower case and matched regardless of case"},
    {"list-by-guid", &Assumptions::list_by_guid,
     "payloads are listed by GUID (otherwise in the order of registration)"},
    {"reboot-keeps-authorization", &Assumptions::reboot_keeps_authorization,
     "an authorized payload is authorized after a reboot"},
    {"reboot-keeps-attachment", &Assumptions::reboot_keeps_attachment,
     "an attached payload is attached after a reboot"},
    {"largest-definition-kib", &Assumptions::largest_definition_kib,
     "KiB that a definition may have; a larger one is an invalid request"},
    {"most-payloads", &Assumptions::most_payloads,
     "payloads that may be registered at once; one more is an invalid request"},
    {"old-credentials-win", &Assumptions::old_credentials_win,
     "payload_guid and payload_secret count before payload_credentials"},
    {"refuse-absent-version", &Assumptions::refuse_absent_version,
     "an update without a version is an invalid request (otherwise 0.0.0)"},
    {"attach-checks-authorization-first", &Assumptions::attach_checks_authorization_first,
     "attaching checks existence, authorization, secret (otherwise the secret second)"},
    {"odd-attach-request-detaches", &Assumptions::odd_attach_request_detaches,
     "an attach request for neither detaches (otherwise an invalid request)"},
    {"preset-replaces-mount", &Assumptions::preset_replaces_mount,
     "a preset replaces mount frame and labels, too"},
    {"preset-omissions-clear", &Assumptions::preset_omissions_clear,
     "what a preset leaves out is absent afterwards (otherwise it stays)"},
    {"reauthorizing-keeps-attached", &Assumptions::reauthorizing_keeps_attached,
     "a payload authorized in another configuration stays attached"},
    {"odd-address-counts", &Assumptions::odd_address_counts,
     "an ipv4_address that is none counts as one"},
    {"addresses-at-front", &Assumptions::addresses_at_front,
     "an address is behind the front port (otherwise behind the rear port)"},
    {"authorized-can-be-rejected", &Assumptions::authorized_can_be_rejected,
     "an authorized payload can be rejected"},
    {"forgotten-tokens-void", &Assumptions::forgotten_tokens_void,
     "a payload's tokens end when it is forgotten, rejected or de-authorized (otherwise when they "
     "expire)"},
    {"authorizing-clears-fault", &Assumptions::authorizing_clears_fault,
     "authorizing a payload clears the fault that it waits"},
    {"forgetting-clears-faults", &Assumptions::forgetting_clears_faults,
     "forgetting or rejecting a payload clears its faults"},
    {"heartbeat-clears-fault", &Assumptions::heartbeat_clears_fault,
     "the next heartbeat of a payload or service clears the fault that it is silent"},
    {"watch-only-authorized", &Assumptions::watch_only_authorized,
     "a waiting payload is not watched for liveness"},
    {"heartbeat-needs-secret", &Assumptions::heartbeat_needs_secret,
     "a registration with another secret is no heartbeat"},
    {"secretless-heartbeats", &Assumptions::secretless_heartbeats,
     "a payload without a secret has heartbeats, too"},
    {"reboot-resets-liveness", &Assumptions::reboot_resets_liveness,
     "a reboot counts as a heartbeat"},
    {"reboot-clears-faults", &Assumptions::reboot_clears_faults,
     "a reboot ends all faults and their history; those whose cause persists are raised anew"},
    {"robot-faults-clearable", &Assumptions::robot_faults_clearable,
     "clients may clear the faults that the robot has raised itself"},
    {"accept-nameless-faults", &Assumptions::accept_nameless_faults,
     "a fault may be without a name (otherwise an invalid request)"},
    {"not-authorized-fault", &Assumptions::not_authorized_fault,
     "name of the fault of a waiting payload"},
    {"not-authorized-severity", &Assumptions::not_authorized_severity, "... and its severity"},
    {"payload-liveness-fault", &Assumptions::payload_liveness_fault,
     "name of the fault of a silent payload"},
    {"payload-liveness-severity", &Assumptions::payload_liveness_severity, "... and its severity"},
    {"service-liveness-fault", &Assumptions::service_liveness_fault,
     "name of the fault of a silent service"},
    {"service-liveness-severity", &Assumptions::service_liveness_severity, "... and its severity"},
    {"tell-unknown-users", &Assumptions::tell_unknown_users,
     "a login of an unknown user is an invalid request (otherwise INVALID_LOGIN)"},
    {"token-beats-user", &Assumptions::token_beats_user,
     "a token decides although a user is named (otherwise the password)"},
    {"sixth-failure-locked-out", &Assumptions::sixth_failure_locked_out,
     "the failure that locks out is told so already (otherwise INVALID_LOGIN)"},
    {"locked-attempts-extend", &Assumptions::locked_attempts_extend,
     "an attempt during a lock-out begins the minute anew"},
    {"lock-out-for-all", &Assumptions::lock_out_for_all,
     "failures of all names count together and lock out all"},
    {"rate-limit-window-ms", &Assumptions::rate_limit_window_ms,
     "the time for which rate limits count, in milliseconds"},
    {"other-authority", &Assumptions::other_authority,
     "authority of the services for which no source names one"},
    {"mark-token-services", &Assumptions::mark_token_services,
     "built-in entries say whether a token is needed"},
    {"heartbeat-by-anyone", &Assumptions::heartbeat_by_anyone,
     "whoever registers a known name sends its heartbeat (otherwise its host only)"},
    {"refuse-clashes", &Assumptions::refuse_clashes,
     "authority and type of another service are an invalid request (otherwise ALREADY_EXISTS)"},
    {"complete-authority", &Assumptions::complete_authority,
     "a bare label as authority is listed in full"},
    {"service-heartbeat-clears-all", &Assumptions::service_heartbeat_clears_all,
     "a heartbeat clears all faults of the service (otherwise only that it is silent)"},
    {"update-keeps-host", &Assumptions::update_keeps_host,
     "updating a service leaves its host (otherwise whoever updates becomes it)"},
    {"forgetting-removes-services", &Assumptions::forgetting_removes_services,
     "forgetting or rejecting a payload removes its services"},
    {"no-names-mean-all", &Assumptions::no_names_mean_all,
     "asking for updates of no package asks for all"},
    {"time-sync-samples", &Assumptions::time_sync_samples,
     "round trips until a clock counts as synchronized"},
    {"refuse-unknown-clocks", &Assumptions::refuse_unknown_clocks,
     "an unknown clock identifier is an invalid request (otherwise taken over)"},
};

constexpr std::pair<std::string_view, Severity> kSeverities[] = {
    {"info", ServiceFault::SEVERITY_INFO},
    {"warn", ServiceFault::SEVERITY_WARN},
    {"critical", ServiceFault::SEVERITY_CRITICAL},
};

// Each sets its member to what `text` says, or explains what could stand there.
struct Setter {
  Assumptions& assumptions;
  std::string_view text;

  const char* operator()(bool Assumptions::*member) const {
    if (text != "yes" && text != "no") return "is neither yes nor no";
    assumptions.*member = text == "yes";
    return nullptr;
  }
  const char* operator()(std::uint64_t Assumptions::*member) const {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number > 1'000'000) {
      return "is not a number from 0 to 1000000";
    }
    assumptions.*member = number;
    return nullptr;
  }
  const char* operator()(std::string Assumptions::*member) const {
    if (text.empty() || text.size() > 100) return "is not a text of 1 to 100 characters";
    assumptions.*member = text;
    return nullptr;
  }
  const char* operator()(Severity Assumptions::*member) const {
    for (const auto& [name, severity] : kSeverities) {
      if (text != name) continue;
      assumptions.*member = severity;
      return nullptr;
    }
    return "is none of info, warn and critical";
  }
};

struct Getter {
  const Assumptions& assumptions;

  std::string operator()(bool Assumptions::*member) const {
    return assumptions.*member ? "yes" : "no";
  }
  std::string operator()(std::uint64_t Assumptions::*member) const {
    return std::to_string(assumptions.*member);
  }
  std::string operator()(std::string Assumptions::*member) const { return assumptions.*member; }
  std::string operator()(Severity Assumptions::*member) const {
    for (const auto& [name, severity] : kSeverities) {
      if (assumptions.*member == severity) return std::string(name);
    }
    return "unknown";
  }
};

}  // namespace

Checked<Done> Assume(std::string_view text, Assumptions& assumptions) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const std::string quoted = "'" + std::string(text) + "'";
  for (const Row& row : kRows) {
    if (row.name != name) continue;
    if (equals == std::string_view::npos)
      return Failed{Problem{quoted + " wants a value, as in " + std::string(name) + "=VALUE"}};
    const char* complaint = std::visit(Setter{assumptions, text.substr(equals + 1)}, row.member);
    if (complaint == nullptr) return Done{};
    return Failed{Problem{quoted + ": the value " + complaint}};
  }
  return Failed{Problem{quoted + ": there is no such assumption; 'list' lists them"}};
}

std::string ListAssumptions(const Assumptions& assumptions) {
  std::string list;
  for (const Row& row : kRows) {
    list += std::string(row.name) + '=' + std::visit(Getter{assumptions}, row.member) + "\n    " +
            std::string(row.meaning) + '\n';
  }
  return list;
}

}  // namespace mock_robot
