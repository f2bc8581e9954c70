#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "tests/conformance/rules.h"

namespace conformance {
namespace {

using bosdyn::api::Payload;
using bosdyn::api::SoftwareVersion;

Payload Definition(const Step& step) {
  Payload definition;
  definition.set_guid(step.guid);
  definition.set_name("payload");
  definition.mutable_mass_volume_properties()->set_total_mass(1);
  google::protobuf::TextFormat::Parser parser;
  EXPECT_TRUE(parser.MergeFromString(step.detail, &definition)) << step.detail;
  return definition;
}

SoftwareVersion Version(const std::string& text) {
  int major = 0;
  int minor = 0;
  int patch = 0;
  EXPECT_EQ(std::sscanf(text.c_str(), "%d.%d.%d", &major, &minor, &patch), 3) << text;
  SoftwareVersion version;
  version.set_major_version(major);
  version.set_minor_version(minor);
  version.set_patch_level(patch);
  return version;
}

std::string StateOf(const Payload* payload) {
  if (payload == nullptr) return "absent";
  if (!payload->is_authorized()) return payload->is_enabled() ? "waiting attached" : "waiting";
  return payload->is_enabled() ? "authorized attached" : "authorized";
}

std::string FieldOf(const Payload* payload, const std::string& field) {
  if (payload == nullptr) return "absent";
  std::ostringstream out;
  if (field == "name") out << payload->name();
  if (field == "description") out << payload->description();
  if (field == "x") {
    if (!payload->has_mount_tform_payload()) return "absent";
    out << payload->mount_tform_payload().position().x();
  }
  if (field == "mass") {
    if (!payload->has_mass_volume_properties()) return "absent";
    out << payload->mass_volume_properties().total_mass();
  }
  if (field == "frame") out << MountFrameName_Name(payload->mount_frame_name());
  if (field == "labels") {
    for (const auto& label : payload->label_prefix()) out << label;
  }
  if (field == "version") {
    const auto& v = payload->version();
    out << v.major_version() << '.' << v.minor_version() << '.' << v.patch_level();
  }
  return out.str();
}

std::string Join(std::vector<std::string> parts, const char* separator) {
  std::string joined;
  for (const std::string& part : parts) joined += (joined.empty() ? "" : separator) + part;
  return joined;
}

std::string Look(const Step& step, Driver& driver) {
  const std::vector<Payload> payloads = driver.List();
  const auto named = [&](const Payload& p) { return p.guid() == step.guid; };
  const auto found = std::find_if(payloads.begin(), payloads.end(), named);
  const Payload* payload = found == payloads.end() ? nullptr : &*found;
  if (step.what == Do::kState) return StateOf(payload);
  if (step.what == Do::kField) return FieldOf(payload, step.detail);
  std::vector<std::string> guids;
  for (const Payload& p : payloads) guids.push_back(p.guid());
  return Join(guids, " ");
}

std::string Take(const Step& step, Driver& driver) {
  switch (step.what) {
    case Do::kRegister:
      return driver.Register(Definition(step), step.secret);
    case Do::kUpdateVersion:
      return driver.UpdateVersion(step.guid, step.secret, Version(step.detail));
    case Do::kGetToken:
      return driver.GetToken(step.guid, step.secret);
    case Do::kAttach:
      return driver.Attach(step.guid, step.secret);
    case Do::kDetach:
      return driver.Detach(step.guid, step.secret);
    case Do::kAskForNothing:
      return driver.AskForNothing(step.guid, step.secret);
    case Do::kUseToken:
      return driver.UseToken(step.guid);
    case Do::kAuthorize:
      return driver.Authorize(step.guid, step.detail);
    case Do::kDeauthorize:
      return driver.Deauthorize(step.guid);
    case Do::kReject:
      return driver.Reject(step.guid);
    case Do::kForget:
      return driver.Forget(step.guid);
    case Do::kReboot:
      return driver.Reboot();
    case Do::kWait:
      driver.Wait(std::chrono::seconds(std::stol(step.detail)));
      return "";
    case Do::kState:
    case Do::kField:
    case Do::kGuids:
      return Look(step, driver);
    case Do::kFaults: {
      std::vector<std::string> faults = driver.Faults();
      std::sort(faults.begin(), faults.end());
      return Join(faults, "; ");
    }
    case Do::kAsk:
      return driver.Ask(step.guid, step.rpc, step.detail);
    case Do::kEntry:
    case Do::kEntries:
    case Do::kActive:
    case Do::kCleared:
    case Do::kSeverities:
    case Do::kAvailable:
    case Do::kSoftware:
    case Do::kStage:
    case Do::kUnstage:
    case Do::kPrompt:
      return driver.Look(step.what, step.detail);
  }
  return "a step that is not in the table";
}

}  // namespace

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

void Follow(const Rule& rule, Driver& driver) {
  for (std::size_t i = 0; i < rule.steps.size(); ++i) {
    const Step& step = rule.steps[i];
    ASSERT_EQ(Take(step, driver), step.expected)
        << rule.name << ", step " << i + 1 << " of " << rule.steps.size() << " (guid '" << step.guid
        << "', detail '" << step.detail << "')";
  }
}

}  // namespace conformance
