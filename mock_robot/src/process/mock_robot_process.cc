#include "mock_robot/mock_robot_process.h"

#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <utility>

#include "payload_manager/base/address.h"
#include "process/child_process.h"
#include "process/process_parts.h"
#include "process/read_printed.h"

namespace mock_robot {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Duration;
using payload_manager::Failed;
using payload_manager::Problem;

constexpr std::chrono::milliseconds kBetweenLooks{20};

RealDeadline DeadlineAfter(Duration patience) {
  return std::chrono::steady_clock::now() + patience;
}

fs::path FolderOfPrograms(const MockRobotProcessOptions& options) {
  if (!options.programs.empty()) return options.programs;
  const char* named = std::getenv("PAYLOAD_MANAGER_BIN");
  return named == nullptr ? fs::path() : fs::path(named);
}

// Without trailing newlines: it becomes part of a message of one line.
std::string Said(const ChildProcess& child) {
  std::string text = child.said().errors();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text.empty() ? "it said nothing" : "it said: " + text;
}

std::optional<std::string> ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return std::nullopt;
  return text.str();
}

}  // namespace

Checked<std::unique_ptr<MockRobotProcess>> MockRobotProcess::Start(Options options) {
  const fs::path folder = FolderOfPrograms(options);
  const fs::path program = folder.empty() ? fs::path("mock-robot") : folder / "mock-robot";
  std::vector<std::string> arguments = std::move(options.arguments);
  arguments.emplace_back("--until-stdin-ends");
  if (!options.tls) arguments.emplace_back("--insecure");
  auto child = ChildProcess::Start(program, arguments);
  if (!child) return Failed{child.error()};

  auto parts = std::make_unique<Parts>(*std::move(child));
  const RealDeadline deadline = DeadlineAfter(options.patience);
  std::string line;
  if (!parts->child.said().TakeLine(line, deadline)) {
    const int code = parts->child.Wait(std::chrono::steady_clock::now() + kBetweenLooks);
    return Failed{Problem{program.string() + ": did not get ready (exit code " +
                          std::to_string(code) + "); " + Said(parts->child)}};
  }
  const json ready = json::parse(line, nullptr, false);
  try {
    parts->address = ready.at("robot").get<std::string>();
    parts->admin = ready.at("admin").get<std::string>();
    if (!ready.at("root_cert").is_null()) {
      parts->root_file = ready.at("root_cert").get<std::string>();
    }
  } catch (const json::exception&) {
    return Failed{Problem{program.string() + ": is no mock-robot: its first line is not the one "
                                             "that says that it serves"}};
  }
  const auto address = payload_manager::ParseAddress(parts->address, 0);
  if (!address) return Failed{address.error()};
  parts->port = address->port;
  if (!parts->root_file.empty()) {
    const auto pem = ReadFile(parts->root_file);
    if (!pem) return Failed{Problem{parts->root_file.string() + ": cannot be read"}};
    parts->root_pem = *pem;
  }
  parts->payloadctl = folder.empty() ? "payloadctl" : (folder / "payloadctl").string();
  parts->patience = options.patience;
  parts->id = parts->child.id();
  return std::unique_ptr<MockRobotProcess>(new MockRobotProcess(std::move(parts)));
}

MockRobotProcess::MockRobotProcess(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
MockRobotProcess::~MockRobotProcess() { Stop(); }

int MockRobotProcess::Stop() {
  const std::lock_guard lock(parts_->mutex);
  parts_->child.Signal(SIGTERM);
  return parts_->child.Wait(DeadlineAfter(parts_->patience));
}

void MockRobotProcess::Kill() {
  const std::lock_guard lock(parts_->mutex);
  parts_->child.Signal(SIGKILL);
  parts_->child.Wait(DeadlineAfter(parts_->patience));
}

const std::string& MockRobotProcess::address() const { return parts_->address; }
std::uint16_t MockRobotProcess::port() const { return parts_->port; }
const std::string& MockRobotProcess::admin_address() const { return parts_->admin; }
const fs::path& MockRobotProcess::root_certificate_file() const { return parts_->root_file; }
const std::string& MockRobotProcess::root_certificate_pem() const { return parts_->root_pem; }
int MockRobotProcess::process_id() const { return parts_->id; }

Checked<MockRobotProcess::Parts::Ran> MockRobotProcess::Parts::Run(
    const std::vector<std::string>& words, Duration at_most) const {
  std::vector<std::string> line{"--admin", admin, "--json"};
  line.insert(line.end(), words.begin(), words.end());
  auto ended = ChildProcess::Start(payloadctl, line);
  if (!ended) return Failed{ended.error()};
  Ran ran;
  ran.exit_code = ended->Wait(DeadlineAfter(at_most));
  ran.printed = ended->said().output();
  if (ran.exit_code != 0) {
    ran.problem =
        payloadctl + ": failed (exit code " + std::to_string(ran.exit_code) + "); " + Said(*ended);
  }
  return ran;
}

Checked<std::string> MockRobotProcess::Run(const std::vector<std::string>& arguments) const {
  auto ran = parts_->Run(arguments, parts_->patience);
  if (!ran) return Failed{ran.error()};
  if (ran->exit_code != 0) return Failed{Problem{std::move(ran->problem)}};
  return std::move(ran->printed);
}

MockRobotProcess::Answer MockRobotProcess::Authorize(std::string_view guid,
                                                     std::string_view preset_name) {
  std::vector<std::string> words{"mock", "authorize", std::string(guid)};
  if (!preset_name.empty()) words.insert(words.end(), {"--preset", std::string(preset_name)});
  const auto ran = Run(words);
  if (!ran) return Failed{ran.error()};
  return Done{};
}

MockRobotProcess::Answer MockRobotProcess::Deauthorize(std::string_view guid) {
  const auto ran = Run({"mock", "deauthorize", std::string(guid)});
  if (!ran) return Failed{ran.error()};
  return Done{};
}

MockRobotProcess::Answer MockRobotProcess::Reject(std::string_view guid) {
  const auto ran = Run({"mock", "reject", std::string(guid)});
  if (!ran) return Failed{ran.error()};
  return Done{};
}

MockRobotProcess::Answer MockRobotProcess::Forget(std::string_view guid) {
  const auto ran = Run({"mock", "forget", std::string(guid)});
  if (!ran) return Failed{ran.error()};
  return Done{};
}

MockRobotProcess::Answer MockRobotProcess::Reboot() {
  const auto ran = Run({"mock", "reboot"});
  if (!ran) return Failed{ran.error()};
  return Done{};
}

Checked<PayloadList> MockRobotProcess::Payloads() const {
  const auto printed = Run({"mock", "list"});
  if (!printed) return Failed{printed.error()};
  PayloadList list;
  try {
    const json parsed = json::parse(*printed);
    for (const json& payload : parsed.at("payloads")) {
      list.payloads.push_back(PayloadFrom(payload));
    }
  } catch (const json::exception&) {
    return Failed{Problem{parts_->payloadctl + ": printed something that is no list of payloads"}};
  }
  return list;
}

bool MockRobotProcess::WaitUntil(const std::function<bool(const PayloadList&)>& predicate,
                                 Duration patience) const {
  const RealDeadline deadline = DeadlineAfter(patience);
  for (;;) {
    const auto list = Payloads();
    if (!list) return false;
    if (predicate(*list)) return true;
    const RealDeadline now = std::chrono::steady_clock::now();
    if (now >= deadline) return false;
    std::this_thread::sleep_for(std::min<RealDeadline::duration>(kBetweenLooks, deadline - now));
  }
}

std::optional<PayloadFacts> FindPayload(const MockRobotProcess& robot, std::string_view guid) {
  const auto list = robot.Payloads();
  if (!list) return std::nullopt;
  return FindPayload(*list, guid);
}

}  // namespace mock_robot
