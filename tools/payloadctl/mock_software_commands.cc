// Payload software on a mock robot: what lies ready, what payloads have reported, and the robot's
// word to a payload to see to it.
#include <google/protobuf/util/time_util.h>

#include <charconv>
#include <utility>

#include "payload_manager/software_version.h"
#include "tools/payloadctl/admin_answer.h"
#include "tools/payloadctl/commands.h"
#include "tools/payloadctl/table.h"

namespace payload_manager::payloadctl {
namespace {

namespace api = ::bosdyn::api;
namespace wire = ::mock_robot::v1;
using google::protobuf::util::TimeUtil;

// Named as on the wire, without the prefix; a number this program has no name for stays one.
std::string StatusName(const api::SoftwareUpdateStatus& status) {
  const std::string name = api::SoftwareUpdateStatus::Status_Name(status.status());
  return name.empty() ? std::to_string(status.status()) : name.substr(sizeof "STATUS_" - 1);
}
std::string ErrorName(const api::SoftwareUpdateStatus& status) {
  const std::string name = api::SoftwareUpdateStatus::ErrorCode_Name(status.error_code());
  return name.empty() ? std::to_string(status.error_code()) : name.substr(sizeof "ERROR_" - 1);
}

Json Describe(const api::SoftwarePackageVersion& package) {
  Json json;
  json["version"] =
      package.has_version() ? Json(FormatSoftwareVersion(package.version())) : Json(nullptr);
  json["build_id"] = package.build_id();
  json["released"] =
      package.has_release_date() ? Json(TimeUtil::ToString(package.release_date())) : Json(nullptr);
  return json;
}

Json Describe(const wire::SoftwareState& software) {
  Json json;
  json["package"] = software.package_name();
  json["current"] = software.has_current() ? Describe(software.current()) : Json(nullptr);
  json["status"] = nullptr;
  json["error"] = nullptr;
  if (software.has_status()) {
    json["status"] = StatusName(software.status());
    json["error"] = ErrorName(software.status());
  }
  json["staged"] = nullptr;
  if (software.has_staged()) {
    json["staged"] = Describe(software.staged().version_info());
    json["staged"]["size"] = software.staged().file_size();
    json["staged"]["url"] = software.staged().url();
  }
  json["reporter"] = software.reporter();
  json["reported_at"] =
      software.has_reported_at() ? Json(TimeUtil::ToString(software.reported_at())) : Json(nullptr);
  return json;
}

std::string VersionOrDash(bool there, const api::SoftwarePackageVersion& package) {
  return there && package.has_version() ? FormatSoftwareVersion(package.version()) : "-";
}

Result RunSoftware(Invocation& invocation) {
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const auto software = (*admin)->Software(invocation.call_options());
  if (!software.ok()) return CallFailed(software.error());

  Report report;
  report.json["software"] = Json::array();
  std::vector<std::vector<std::string>> rows{
      {"PACKAGE", "CURRENT", "STATUS", "ERROR", "STAGED", "REPORTED BY"}};
  for (const auto& one : *software) {
    report.json["software"].push_back(Describe(one));
    rows.push_back({one.package_name(), VersionOrDash(one.has_current(), one.current()),
                    one.has_status() ? StatusName(one.status()) : "-",
                    one.has_status() ? ErrorName(one.status()) : "-",
                    VersionOrDash(one.has_staged(), one.staged().version_info()),
                    one.reporter().empty() ? "-" : one.reporter()});
  }
  report.text = FormatTable(rows);
  return report;
}

// The package that the words and flags describe.
BasicOutcome<api::StagedSoftwarePackage, Trouble> ReadPackage(const Invocation& invocation) {
  const cli::Arguments& arguments = invocation.arguments();
  api::StagedSoftwarePackage package;
  package.mutable_version_info()->set_package_name(invocation.words()[0]);
  if (const auto text = arguments.Get("version")) {
    const auto version = ParseSoftwareVersion(*text);
    if (!version.ok()) return BadInput("--version: " + version.error().message);
    *package.mutable_version_info()->mutable_version() = *version;
  }
  if (const auto text = arguments.Get("released")) {
    if (!TimeUtil::FromString(*text, package.mutable_version_info()->mutable_release_date())) {
      return BadInput("--released: '" + *text + "' is no time like 2026-05-04T03:02:01Z");
    }
  }
  if (const auto text = arguments.Get("size")) {
    std::int64_t size = 0;
    const char* end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, size);
    if (error != std::errc() || stopped != end || size < 0) {
      return BadInput("--size: '" + *text + "' is not a number of bytes");
    }
    package.set_file_size(size);
  }
  package.mutable_version_info()->set_build_id(arguments.Get("build-id").value_or(""));
  package.set_url(arguments.Get("url").value_or(""));
  return package;
}

Result RunStage(Invocation& invocation) {
  const auto package = ReadPackage(invocation);
  if (!package.ok()) return Failed{package.error()};
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const std::string& name = invocation.words()[0];
  Json json;
  json["package"] = name;
  json["staged"] = true;
  return Conclude((*admin)->StageSoftware(*package, invocation.call_options()), std::move(json),
                  name + ": lies ready");
}

Result RunUnstage(Invocation& invocation) {
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const std::string& name = invocation.words()[0];
  Json json;
  json["package"] = name;
  json["staged"] = false;
  return Conclude((*admin)->UnstageSoftware(name, invocation.call_options()), std::move(json),
                  name + ": no longer lies ready");
}

Result RunPrompt(Invocation& invocation) {
  using Prompt = wire::PromptPayloadRequest;
  std::optional<Duration> patience;
  if (const auto text = invocation.arguments().Get("patience")) {
    const auto seconds = cli::ParseSeconds("patience", *text);
    if (!seconds.ok()) return BadInput(seconds.error().message);
    patience = *seconds;
  }
  const auto admin = invocation.Admin();
  if (!admin.ok()) return Failed{admin.error()};
  const std::string& service = invocation.words()[0];
  const bool update = invocation.arguments().Has("update");
  Json json;
  json["service"] = service;
  json["prompt"] = update ? "initiate_update" : "send_version";
  json["answered"] = true;
  return Conclude(
      (*admin)->PromptPayload(service,
                              update ? Prompt::PROMPT_INITIATE_UPDATE : Prompt::PROMPT_SEND_VERSION,
                              patience, invocation.call_options()),
      std::move(json), service + ": the payload answered");
}

}  // namespace

Command MockSoftwareCommand() {
  return {"mock software",
          {},
          "List the payload software that a mock robot knows of.",
          "What payloads have reported, and what lies ready for them.\n\n"
          "JSON: {\"software\": [{\"package\", \"current\": {\"version\", \"build_id\", "
          "\"released\"}, \"status\",\n\"error\", \"staged\": {\"version\", \"build_id\", "
          "\"released\", \"size\", \"url\"}, \"reporter\" (a GUID,\nempty for a user), "
          "\"reported_at\"}]}, null where there is none",
          {},
          &RunSoftware};
}

Command MockStageCommand() {
  return {"mock stage",
          {"PACKAGE"},
          "Lay a software package ready on the mock robot.",
          "Payloads that ask for updates of this name are offered it. It takes the place of one\n"
          "of the same name, and is gone after a restart of the program.\n\n"
          "JSON: {\"package\", \"staged\"}",
          {{"version", "X.Y.Z", "Which version it is."},
           {"build-id", "TEXT", "Which build of that version."},
           {"released", "TIME", "Since when there is one, like 2026-05-04T03:02:01Z."},
           {"size", "BYTES", "How large the file is."},
           {"url", "URL", "Where the payload can fetch it."}},
          &RunStage};
}

Command MockUnstageCommand() {
  return {"mock unstage",
          {"PACKAGE"},
          "Take a software package away again.",
          "What payloads have reported about it stays.\n\n"
          "JSON: {\"package\", \"staged\"}",
          {},
          &RunUnstage};
}

Command MockPromptCommand() {
  return {
      "mock prompt",
      {"SERVICE"},
      "Let the mock robot ask a payload about its software.",
      "The robot calls the PayloadSoftwareUpdateInitiationService that a payload has registered\n"
      "in the directory under this name: report your version, or look for an update and\n"
      "install it. Exit code 3 if the payload does not answer in time.\n\n"
      "JSON: {\"service\", \"prompt\", \"answered\"}",
      {{"update", "", "Ask to install an update, not to report the version."},
       {"patience", "SECONDS", "How long the payload may take: 5, a minute at most."}},
      &RunPrompt};
}

}  // namespace payload_manager::payloadctl
