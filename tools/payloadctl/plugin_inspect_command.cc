#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"
#include "payload_manager/plugin.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

Failed<Trouble> Refused(const PluginProblem& problem) {
  return Failed{Trouble{cli::ExitCode::kPluginRefused, problem.message}};
}

void AddFindings(Json& json, std::string& text, const char* kind,
                 const std::vector<DefinitionFinding>& findings) {
  json = Json::array();
  for (const DefinitionFinding& finding : findings) {
    json.push_back(finding.message);
    text += std::string("    ") + kind + ": " + finding.message + '\n';
  }
}

// Judges one payload as payload-host would; false when it would refuse it.
bool Judge(const OfferedPayload& offered, Report& report) {
  Json json;
  json["id"] = offered.id;
  const auto payload = ParseDefinition(offered.definition, offered.encoding, offered.id);
  DefinitionReport findings;
  if (payload.ok()) {
    ValidationContext context;
    context.payload_id = offered.id;
    findings = ValidateDefinition(*payload, context);
    json["name"] = payload->name();
    report.text += "  " + offered.id + ": " + payload->name() + '\n';
    AddFindings(json["errors"], report.text, "error", findings.errors);
  } else {
    json["name"] = nullptr;
    json["errors"] = Json::array({payload.error().message});
    report.text += "  " + offered.id + "\n    error: " + payload.error().message + '\n';
  }
  AddFindings(json["warnings"], report.text, "warning", findings.warnings);
  report.json["payloads"].push_back(std::move(json));
  return payload.ok() && findings.ok();
}

Result Run(Invocation& invocation) {
  const std::string& path = invocation.words()[0];
  const auto file = InspectPlugin(path);
  if (!file.ok()) return Refused(file.error());
  // An inspector has nothing to say to what a plugin asks for.
  auto plugin = Plugin::Load(path, [](const PluginCall&) {});
  if (!plugin.ok()) return Refused(plugin.error());

  Report report;
  const std::string version = std::to_string(file->major) + '.' + std::to_string(file->minor);
  report.json["file"] = path;
  report.json["interface"] = version;
  report.json["needed"] = Json::array();
  report.text = path + ": a payload plugin, interface " + version + '\n';
  for (const std::string& library : file->needed) report.json["needed"].push_back(library);
  report.json["payloads"] = Json::array();
  for (const OfferedPayload& offered : (*plugin)->payloads()) {
    if (!Judge(offered, report)) report.exit_code = cli::ExitCode::kPluginRefused;
  }
  (*plugin)->Close();
  return report;
}

}  // namespace

Command PluginInspectCommand() {
  return {
      "plugin inspect",
      {"FILE"},
      "Say what a plugin offers, and what a host would refuse.",
      "Looks at the file first, and loads it only when nothing speaks against it: loading runs\n"
      "the plugin's code. Then checks each definition. Exit code 9 when payload-host would\n"
      "refuse the plugin or one of its payloads.\n\n"
      "JSON: {\"file\", \"interface\", \"needed\": [library], \"payloads\": [{\"id\", \"name\",\n"
      "\"errors\": [text], \"warnings\": [text]}]}",
      {},
      &Run};
}

}  // namespace payload_manager::payloadctl
