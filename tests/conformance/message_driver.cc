#include "tests/conformance/message_driver.h"

#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <sstream>
#include <utility>

#include "tests/conformance/names.h"
#include "tests/conformance/rules.h"

namespace conformance {
namespace {

namespace api = bosdyn::api;
using google::protobuf::Message;

// The status that a response has, by its name in the table; "OK" for one without a status.
std::string StatusOf(const Message& response) {
  if (const auto* sync = dynamic_cast<const api::TimeSyncUpdateResponse*>(&response)) {
    return StatusName(sync->state().status());
  }
  const auto* field = response.GetDescriptor()->FindFieldByName("status");
  if (field == nullptr) return "OK";
  const auto* value = response.GetReflection()->GetEnum(response, field);
  return value->name().substr(sizeof "STATUS_" - 1);
}

api::CommonError::Code HeaderCode(const Message& response) {
  const auto* field = response.GetDescriptor()->FindFieldByName("header");
  const auto& header = response.GetReflection()->GetMessage(response, field);
  return dynamic_cast<const api::ResponseHeader&>(header).error().code();
}

std::string NamesOfIds(const google::protobuf::RepeatedPtrField<api::ServiceFault>& faults) {
  std::string names;
  for (const auto& fault : faults) {
    const auto& id = fault.fault_id();
    names += (names.empty() ? "" : "; ") + id.fault_name() + '/' + id.service_name() + '/' +
             id.payload_guid();
  }
  return names;
}

void Replace(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from)) {
    text.replace(at, from.size(), to);
  }
}

class MessageDriver final : public Driver {
 public:
  explicit MessageDriver(std::unique_ptr<RobotUnderRules> robot) : robot_(std::move(robot)) {}

  std::string Register(const api::Payload& definition, const std::string& secret) override {
    api::RegisterPayloadRequest request;
    *request.mutable_payload() = definition;
    request.set_payload_secret(secret);
    return Send(kNobody, "RegisterPayload", request);
  }
  std::string UpdateVersion(const std::string& guid, const std::string& secret,
                            const api::SoftwareVersion& version) override {
    api::UpdatePayloadVersionRequest request;
    SetCredentials(guid, secret, *request.mutable_payload_credentials());
    *request.mutable_updated_version() = version;
    return Send(kNobody, "UpdatePayloadVersion", request);
  }
  std::string GetToken(const std::string& guid, const std::string& secret) override {
    api::GetPayloadAuthTokenRequest request;
    SetCredentials(guid, secret, *request.mutable_payload_credentials());
    api::GetPayloadAuthTokenResponse response;
    const std::string answer = Send(guid, "GetPayloadAuthToken", request, response);
    EXPECT_EQ(answer == "OK", !response.token().empty());
    return answer;
  }
  std::string Attach(const std::string& guid, const std::string& secret) override {
    return AskAttached(guid, secret, api::UpdatePayloadAttachedRequest::REQUEST_ATTACH);
  }
  std::string Detach(const std::string& guid, const std::string& secret) override {
    return AskAttached(guid, secret, api::UpdatePayloadAttachedRequest::REQUEST_DETACH);
  }
  std::string AskForNothing(const std::string& guid, const std::string& secret) override {
    return AskAttached(guid, secret, api::UpdatePayloadAttachedRequest::REQUEST_UNKNOWN);
  }
  std::string UseToken(const std::string& guid) override { return Ask(guid, "ListPayloads", ""); }

  std::string Authorize(const std::string& guid, const std::string& preset) override {
    return NameOf(robot_->Authorize(guid, preset));
  }
  std::string Deauthorize(const std::string& guid) override {
    return NameOf(robot_->Deauthorize(guid));
  }
  std::string Reject(const std::string& guid) override { return NameOf(robot_->Reject(guid)); }
  std::string Forget(const std::string& guid) override { return NameOf(robot_->Forget(guid)); }
  std::string Reboot() override {
    robot_->Reboot();
    return "OK";
  }
  void Wait(payload_manager::Duration time) override { robot_->Wait(time); }

  std::vector<api::Payload> List() override {
    api::ListPayloadsResponse response;
    EXPECT_EQ(Send("", "ListPayloads", api::ListPayloadsRequest(), response), "OK");
    return {response.payloads().begin(), response.payloads().end()};
  }
  std::vector<std::string> Faults() override { return NamesOf(robot_->Snapshot().faults); }

  std::string Ask(const std::string& who, const std::string& rpc,
                  const std::string& text) override {
    const RobotRpc* found = FindRobotRpc(rpc);
    if (found == nullptr) return "no rpc " + rpc;
    const std::unique_ptr<Message> request(found->request->New());
    std::string filled = text;
    Replace(filled, "{token}", tokens_[who]);
    Replace(filled, "{clock}", clock_);
    const google::protobuf::LogSilencer deprecated_fields_are_meant;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(filled, request.get())) << filled;
    return Send(who, rpc, *request);
  }
  std::string Look(Do what, const std::string& detail) override;

 private:
  static void SetCredentials(const std::string& guid, const std::string& secret,
                             api::PayloadCredentials& out) {
    out.set_guid(guid);
    out.set_secret(secret);
  }
  std::string AskAttached(const std::string& guid, const std::string& secret,
                          api::UpdatePayloadAttachedRequest::Request what) {
    api::UpdatePayloadAttachedRequest request;
    SetCredentials(guid, secret, *request.mutable_payload_credentials());
    request.set_request(what);
    return Send(kNobody, "UpdatePayloadAttached", request);
  }

  // A user's is fetched anew each time: a test may have made the last one void.
  std::string TokenOf(const std::string& who) {
    if (!who.empty()) return tokens_[who];
    api::GetAuthTokenRequest login;
    login.set_username("operator");
    login.set_password("operators-password");
    api::GetAuthTokenResponse session;
    EXPECT_EQ(robot_->Send(*FindRobotRpc("GetAuthToken"), "", login, session), "OK");
    return session.token();
  }

  std::string Send(const std::string& who, const std::string& rpc, const Message& request) {
    const std::unique_ptr<Message> response(FindRobotRpc(rpc)->response->New());
    return Send(who, rpc, request, *response);
  }
  std::string Send(const std::string& who, const std::string& rpc, const Message& request,
                   Message& response) {
    const bool needs_none = rpc == "GetAuthToken" || rpc == "GetPayloadAuthToken";
    const std::string token = needs_none ? std::string() : TokenOf(who);
    const std::string status = robot_->Send(*FindRobotRpc(rpc), token, request, response);
    if (status != "OK") return status;
    const auto code = HeaderCode(response);
    if (code == api::CommonError::CODE_INVALID_REQUEST) return "INVALID_REQUEST";
    if (code != api::CommonError::CODE_OK) return "no good header";
    if (const auto* sync = dynamic_cast<const api::TimeSyncUpdateResponse*>(&response)) {
      clock_ = sync->clock_identifier();
    }
    const std::string answer = StatusOf(response);
    const auto* given = response.GetDescriptor()->FindFieldByName("token");
    if (given != nullptr && answer == "OK") {
      tokens_[who] = response.GetReflection()->GetString(response, given);
    }
    return answer;
  }

  template <typename Response>
  Response Get(const std::string& rpc, const std::string& request) {
    const std::unique_ptr<Message> message(FindRobotRpc(rpc)->request->New());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(request, message.get())) << request;
    Response response;
    Send("", rpc, *message, response);
    return response;
  }
  std::string Entry(const std::string& name);
  std::string Entries();
  std::string Severities();
  std::string Available(const std::string& names);
  std::string Software(const std::string& name);
  std::string Prompt(const std::string& service);

  std::unique_ptr<RobotUnderRules> robot_;
  std::map<std::string, std::string> tokens_;
  std::string clock_;
};

std::string MessageDriver::Look(Do what, const std::string& detail) {
  const auto faults = [this] {
    return Get<api::RobotStateResponse>("GetRobotState", "").robot_state().service_fault_state();
  };
  switch (what) {
    case Do::kEntry:
      return Entry(detail);
    case Do::kEntries:
      return Entries();
    case Do::kActive:
      return NamesOfIds(faults().faults());
    case Do::kCleared:
      return NamesOfIds(faults().historical_faults());
    case Do::kSeverities:
      return Severities();
    case Do::kAvailable:
      return Available(detail);
    case Do::kSoftware:
      return Software(detail);
    case Do::kStage: {
      api::StagedSoftwarePackage package;
      package.mutable_version_info()->set_package_name(detail);
      return NameOf(robot_->Stage(package));
    }
    case Do::kUnstage:
      return NameOf(robot_->Unstage(detail));
    case Do::kPrompt:
      return Prompt(detail);
    default:
      return "no look at anything";
  }
}

std::string MessageDriver::Entry(const std::string& name) {
  const auto response =
      Get<api::GetServiceEntryResponse>("GetServiceEntry", "service_name: '" + name + "'");
  if (!response.has_service_entry()) return "absent";
  const auto& entry = response.service_entry();
  return entry.type() + " at " + entry.authority() + " of " +
         (entry.host_payload_guid().empty() ? "nobody" : entry.host_payload_guid());
}

std::string MessageDriver::Entries() {
  std::string names;
  bool own = false;
  const auto response = Get<api::ListServiceEntriesResponse>("ListServiceEntries", "");
  for (const auto& entry : response.service_entries()) {
    const bool ours = entry.name().rfind("acme", 0) != 0;
    if (!ours || !own) names += (names.empty() ? "" : " ") + (ours ? "built-in" : entry.name());
    own = ours;
  }
  return names;
}

std::string MessageDriver::Severities() {
  const auto state = Get<api::RobotStateResponse>("GetRobotState", "");
  const auto& aggregated = state.robot_state().service_fault_state().aggregated();
  std::map<std::string, std::string> sorted;
  for (const auto& [attribute, severity] : aggregated) {
    sorted[attribute] = api::ServiceFault::Severity_Name(severity).substr(sizeof "SEVERITY_" - 1);
  }
  std::string text;
  for (const auto& [attribute, severity] : sorted) {
    text += (text.empty() ? "" : " ") + attribute + '=' + severity;
  }
  return text;
}

std::string MessageDriver::Available(const std::string& names) {
  std::string request;
  std::istringstream words(names);
  for (std::string word; words >> word;) request += "package_names: '" + word + "' ";
  std::string available;
  const auto response =
      Get<api::GetAvailableSoftwareUpdatesResponse>("GetAvailableSoftwareUpdates", request);
  for (const auto& package : response.staged_packages()) {
    available += (available.empty() ? "" : " ") + package.version_info().package_name();
  }
  return available;
}

std::string MessageDriver::Software(const std::string& name) {
  const mock_robot::RobotSnapshot snapshot = robot_->Snapshot();
  for (const auto& info : snapshot.software) {
    if (info.package_name != name) continue;
    std::string text;
    if (info.current) {
      const auto& version = info.current->version();
      text += "version " + std::to_string(version.major_version()) + '.' +
              std::to_string(version.minor_version()) + '.' +
              std::to_string(version.patch_level()) + ' ';
    }
    if (info.status) text += StatusName(info.status->status()) + ' ';
    return text + "by " + info.reporter;
  }
  return "absent";
}

std::string MessageDriver::Prompt(const std::string& service) {
  std::promise<std::string> end;
  robot_->Prompt(service,
                 [&](const mock_robot::AdminAnswer& answer) { end.set_value(NameOf(answer)); });
  return end.get_future().get();
}

}  // namespace

std::unique_ptr<Driver> MakeMessageDriver(std::unique_ptr<RobotUnderRules> robot) {
  return std::make_unique<MessageDriver>(std::move(robot));
}

}  // namespace conformance
