#include "tests/support/robot_script.h"

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/status_code_enum.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "tests/support/scripted_server.h"

namespace payload_manager::testing {
namespace {

constexpr std::chrono::seconds kPatience(20);

}  // namespace

void RobotScript::Set(std::string_view method, ScriptedAnswer answer) {
  const std::lock_guard lock(mutex_);
  answers_[std::string(method)] = std::move(answer);
}

ScriptedAnswer RobotScript::Ask(SeenCall call) {
  const std::lock_guard lock(mutex_);
  const auto found = answers_.find(call.method);
  seen_.push_back(std::move(call));
  changed_.notify_all();
  if (found != answers_.end()) return found->second;
  return {false, grpc::StatusCode::UNIMPLEMENTED, "not in the script", {}, {}};
}

void RobotScript::GivenUp(const std::string& method) {
  const std::lock_guard lock(mutex_);
  given_up_.push_back(method);
  changed_.notify_all();
}

std::vector<SeenCall> RobotScript::Seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

bool RobotScript::WaitForCall(std::string_view method, int times) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] {
    return std::count_if(seen_.begin(), seen_.end(),
                         [&](const SeenCall& call) { return call.method == method; }) >= times;
  });
}

bool RobotScript::WaitForGivenUp(std::string_view method, int times) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] {
    return std::count(given_up_.begin(), given_up_.end(), method) >= times;
  });
}

ScriptedRobot::ScriptedRobot(const std::optional<TlsIdentity>& identity)
    : script_(std::make_shared<RobotScript>()),
      server_(std::make_unique<ScriptedServer>(script_, identity)) {}

ScriptedRobot::~ScriptedRobot() = default;

std::uint16_t ScriptedRobot::port() const { return server_->port(); }

void ScriptedRobot::Answers(std::string_view method,
                            const google::protobuf::MessageLite& response) {
  script_->Set(method, {false, grpc::StatusCode::OK, {}, {}, response.SerializeAsString()});
}

void ScriptedRobot::Fails(std::string_view method, int code, const std::string& message,
                          const std::string& details) {
  script_->Set(method, {false, code, message, details, {}});
}

void ScriptedRobot::Parks(std::string_view method) {
  script_->Set(method, {true, grpc::StatusCode::OK, {}, {}, {}});
}

std::vector<SeenCall> ScriptedRobot::Seen() const { return script_->Seen(); }

std::vector<SeenCall> ScriptedRobot::Seen(std::string_view method) const {
  std::vector<SeenCall> seen = script_->Seen();
  seen.erase(std::remove_if(seen.begin(), seen.end(),
                            [&](const SeenCall& call) { return call.method != method; }),
             seen.end());
  return seen;
}

bool ScriptedRobot::WaitForCall(std::string_view method, int times) const {
  return script_->WaitForCall(method, times);
}

bool ScriptedRobot::WaitForGivenUp(std::string_view method, int times) const {
  return script_->WaitForGivenUp(method, times);
}

}  // namespace payload_manager::testing
