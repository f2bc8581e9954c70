#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string_view>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/text.h"
#include "payload_manager/definition.h"
#include "payload_manager/plugin.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

// As long as payload-host gives a plugin to open.
constexpr Duration kMostTime = std::chrono::seconds(10);

// --- In the child: runs the plugin.

Json MessagesOf(const std::vector<DefinitionFinding>& findings) {
  Json messages = Json::array();
  for (const DefinitionFinding& finding : findings) messages.push_back(finding.message);
  return messages;
}

// Judges one payload as payload-host would: what the report says of it.
Json Judge(const OfferedPayload& offered) {
  Json json;
  json["id"] = offered.id;
  json["name"] = nullptr;
  const auto payload = ParseDefinition(offered.definition, offered.encoding, offered.id);
  if (!payload.ok()) {
    json["errors"] = Json::array({payload.error().message});
    json["warnings"] = Json::array();
    return json;
  }
  ValidationContext context;
  context.payload_id = offered.id;
  const DefinitionReport findings = ValidateDefinition(*payload, context);
  json["name"] = payload->name();
  json["errors"] = MessagesOf(findings.errors);
  json["warnings"] = MessagesOf(findings.warnings);
  return json;
}

// An array of payloads, or why the plugin is refused.
Json TryPlugin(const std::string& path) {
  // An inspector has nothing to say to what a plugin asks for.
  auto plugin = Plugin::Load(path, [](const PluginCall&) {});
  if (!plugin.ok()) return plugin.error().message;
  Json payloads = Json::array();
  for (const OfferedPayload& offered : (*plugin)->payloads()) payloads.push_back(Judge(offered));
  (*plugin)->Close();
  return payloads;
}

[[noreturn]] void BeTheChild(const std::string& path, int pipe) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);    // a plugin that hangs must not outlive us
  dup2(STDERR_FILENO, STDOUT_FILENO);  // data is for us to print
  const std::string text = TryPlugin(path).dump(-1, ' ', false, Json::error_handler_t::replace);
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = write(pipe, rest.data(), rest.size());
    if (written <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  _exit(0);
}

// --- In the parent.

// What comes through the pipe until its other end is closed; nothing if that takes too long.
std::optional<std::string> ReadAll(int pipe, std::chrono::steady_clock::time_point deadline) {
  std::string all;
  std::array<char, 4096> part{};
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{pipe, POLLIN, 0};
    const int ready = poll(&waiting, 1, std::max(0, static_cast<int>(left.count())));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    const ssize_t count = read(pipe, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(count));
  }
}

// Runs the plugin in a process of its own: it may crash, exit, hang or print without harm to us.
BasicOutcome<Json, Trouble> TryInChild(const std::string& path, Duration limit) {
  const auto refused = [](const std::string& message) {
    return Failed{Trouble{cli::ExitCode::kPluginRefused, message}};
  };
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Failed{Trouble{cli::ExitCode::kOther, path + ": no pipe to be had to inspect it"}};
  }
  // Nobody has started a thread yet: payloadctl does one thing, and this one calls no robot.
  const pid_t child = fork();
  if (child == 0) BeTheChild(path, ends[1]);
  close(ends[1]);
  std::optional<std::string> answer;
  if (child > 0) {
    answer = ReadAll(ends[0], std::chrono::steady_clock::now() + limit);
    if (!answer) kill(child, SIGKILL);
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  close(ends[0]);
  if (child < 0) {
    return Failed{Trouble{cli::ExitCode::kOther, path + ": no process to be had to inspect it"}};
  }
  if (!answer) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit).count();
    return refused(path + ": has not been loaded, opened and closed within " +
                   std::to_string(std::max<std::int64_t>(1, seconds)) +
                   " s; its constructors, open and close must return");
  }
  const Json json = Json::parse(*answer, nullptr, false);
  if (json.is_string()) return refused(json.get<std::string>());
  if (json.is_array()) return json;
  return refused(path + ": ended its process when it was loaded, opened or closed");
}

std::string Describe(const Json& payload) {
  std::string text = "  " + payload["id"].get<std::string>();
  if (payload["name"].is_string()) text += ": " + OneLine(payload["name"].get<std::string>());
  text += '\n';
  for (const Json& error : payload["errors"]) {
    text += "    error: " + error.get<std::string>() + '\n';
  }
  for (const Json& warning : payload["warnings"]) {
    text += "    warning: " + warning.get<std::string>() + '\n';
  }
  return text;
}

Result Run(Invocation& invocation) {
  const std::string& path = invocation.words()[0];
  const auto file = InspectPlugin(path);
  if (!file.ok()) return Failed{Trouble{cli::ExitCode::kPluginRefused, file.error().message}};
  const Duration limit = std::min(kMostTime, invocation.call_options().timeout.value_or(kMostTime));
  auto payloads = TryInChild(path, limit);
  if (!payloads.ok()) return Failed{std::move(payloads).error()};

  Report report;
  const std::string version = std::to_string(file->major) + '.' + std::to_string(file->minor);
  report.json["file"] = path;
  report.json["interface"] = version;
  report.json["needed"] = Json::array();
  report.text = path + ": a payload plugin, interface " + version + '\n';
  for (const std::string& library : file->needed) report.json["needed"].push_back(library);
  for (const Json& payload : *payloads) {
    report.text += Describe(payload);
    if (!payload["errors"].empty()) report.exit_code = cli::ExitCode::kPluginRefused;
  }
  report.json["payloads"] = *std::move(payloads);
  return report;
}

}  // namespace

Command PluginInspectCommand() {
  return {
      "plugin inspect",
      {"FILE"},
      "Say what a plugin offers, and what a host would refuse.",
      "Looks at the file first. Only when nothing speaks against it, loads, opens and closes the\n"
      "plugin in a process of its own, for at most 10 s (less with --timeout): that runs the\n"
      "plugin's code. Then checks each definition. Exit code 9 when payload-host would refuse the\n"
      "plugin or one of its payloads.\n\n"
      "JSON: {\"file\", \"interface\", \"needed\": [library], \"payloads\": [{\"id\", \"name\",\n"
      "\"errors\": [text], \"warnings\": [text]}]}",
      {},
      &Run};
}

}  // namespace payload_manager::payloadctl
