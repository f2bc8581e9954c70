#include "mock_robot/mock_robot.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

#include "identity/tls_identity.h"
#include "payload_manager/base/address.h"
#include "payload_manager/base/text.h"
#include "robot/robot.h"
#include "services/grpc_server.h"
#include "services/listener.h"
#include "store/state_file.h"

namespace mock_robot {

using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Duration;
using payload_manager::EqualIgnoringCase;
using payload_manager::Failed;
using payload_manager::ParseAddress;
using payload_manager::Secret;

namespace {

Checked<std::unique_ptr<Listener>> BindAdmin(const std::string& text) {
  const auto address = ParseAddress(text, 0);
  if (!address) return Failed{address.error()};
  if (!address->IsLoopback()) {
    return Failed{payload_manager::Problem{
        address->ToString() +
        " is not a loopback address: the administration asks for no password, so it is for this "
        "machine only"}};
  }
  return Listener::Bind(*address);
}

}  // namespace

// Destroyed from the bottom up: the ports, whose threads hand connections to the servers; the
// servers; what they served. So it goes also if the start fails half way.
struct MockRobot::Parts {
  Parts(const Options& options, OpenedState state) : robot(options, std::move(state)) {}
  // A robot that fails to start may have been given faults already, by way of its administration.
  ~Parts() { robot.NeverWaitAgain(); }

  Robot robot;
  std::string root_pem;
  std::unique_ptr<GrpcServer> server;
  std::unique_ptr<GrpcServer> admin;
  std::unique_ptr<Listener> listener;
  std::unique_ptr<Listener> admin_listener;  // null: no administration port
  std::mutex stop_mutex;
  bool stopped = false;
};

const PayloadInfo* RobotSnapshot::Find(std::string_view guid) const {
  for (const PayloadInfo& info : payloads) {
    if (EqualIgnoringCase(info.payload.guid(), guid)) return &info;
  }
  return nullptr;
}

std::optional<PayloadFacts> FindPayload(const RobotSnapshot& snapshot, std::string_view guid) {
  const PayloadInfo* found = snapshot.Find(guid);
  if (found == nullptr) return std::nullopt;
  const bosdyn::api::Payload& payload = found->payload;
  PayloadFacts facts;
  facts.guid = payload.guid();
  facts.name = payload.name();
  facts.authorized = payload.is_authorized();
  facts.attached = payload.is_enabled();
  facts.credentials_known = found->credentials_known;
  if (payload.has_version()) {
    const auto& version = payload.version();
    facts.version = std::to_string(version.major_version()) + '.' +
                    std::to_string(version.minor_version()) + '.' +
                    std::to_string(version.patch_level());
  }
  facts.preset = found->preset_applied;
  facts.registrations = found->registrations;
  return facts;
}

std::optional<PayloadFacts> FindPayload(const MockRobot& robot, std::string_view guid) {
  return FindPayload(robot.Snapshot(), guid);
}

std::uint64_t RobotSnapshot::Calls(std::string_view rpc) const {
  const auto found = calls.find(std::string(rpc));
  return found == calls.end() ? 0 : found->second;
}

// By value, so that what callers hand over may be kept one day.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
Checked<std::unique_ptr<MockRobot>> MockRobot::Start(Options options) {
  const auto address = ParseAddress(options.listen, 0);
  if (!address) return Failed{address.error()};
  std::optional<TlsIdentity> identity;
  if (options.tls) {
    auto made =
        options.tls_dir.empty() ? MakeTlsIdentity() : LoadOrMakeTlsIdentity(options.tls_dir);
    if (!made) return Failed{made.error()};
    identity = *std::move(made);
  }

  // Both ports are taken before either is served: no client sees a robot that fails to start.
  auto listener = Listener::Bind(*address);
  if (!listener) return Failed{listener.error()};
  std::unique_ptr<Listener> admin_port;
  if (!options.admin_listen.empty()) {
    auto admin_listener = BindAdmin(options.admin_listen);
    if (!admin_listener) return Failed{admin_listener.error()};
    admin_port = *std::move(admin_listener);
  }
  OpenedState state;
  if (!options.state_file.empty()) {
    auto opened = OpenStateFile(options.state_file);
    if (!opened) return Failed{opened.error()};
    if (auto checked = CheckGuids(opened->kept.registry, options.assumptions); !checked) {
      return Failed{
          payload_manager::Problem{options.state_file.string() + ": " + checked.error().message}};
    }
    state = *std::move(opened);
  }
  const bool keeps = state.store != nullptr;

  auto parts = std::make_unique<Parts>(options, std::move(state));
  parts->listener = *std::move(listener);
  parts->admin_listener = std::move(admin_port);
  if (identity) parts->root_pem = identity->root_pem;
  if (keeps) {
    if (auto added = parts->robot.AddUsers(options.users); !added) return Failed{added.error()};
  }
  if (parts->admin_listener) {
    auto admin = StartAdminServer(parts->robot, *parts->admin_listener);
    if (!admin) return Failed{admin.error()};
    parts->admin = *std::move(admin);
  }
  parts->robot.faults().Connect(
      {.cut = [&listener = *parts->listener](const std::string& peer) { listener.Cut(peer); },
       .cut_all = [&listener = *parts->listener] { listener.CutConnections(); },
       .set_offline = [&listener =
                           *parts->listener](bool offline) { listener.SetOffline(offline); }});
  auto server = StartRobotServer(parts->robot, *parts->listener, identity ? &*identity : nullptr);
  if (!server) return Failed{server.error()};
  parts->server = *std::move(server);
  return std::unique_ptr<MockRobot>(new MockRobot(std::move(parts)));
}

MockRobot::MockRobot(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

MockRobot::~MockRobot() { Stop(); }

void MockRobot::Stop(Duration grace) {
  const std::lock_guard lock(parts_->stop_mutex);
  if (std::exchange(parts_->stopped, true)) return;
  // Calls that wait would keep the server waiting for its whole grace.
  parts_->robot.NeverWaitAgain();
  parts_->robot.StopCallingPayloads();
  parts_->listener->Stop();
  if (parts_->admin_listener) parts_->admin_listener->Stop();
  const auto deadline = std::chrono::steady_clock::now() + grace;
  parts_->server->Stop(grace);
  if (parts_->admin) {
    parts_->admin->Stop(
        std::max(Duration(0), Duration(deadline - std::chrono::steady_clock::now())));
  }
}

std::string MockRobot::address() const { return parts_->listener->address().ToString(); }
std::uint16_t MockRobot::port() const { return parts_->listener->address().port; }
std::string MockRobot::admin_address() const {
  return parts_->admin ? parts_->admin_listener->address().ToString() : std::string();
}
std::string MockRobot::root_certificate_pem() const { return parts_->root_pem; }

AdminAnswer MockRobot::Authorize(std::string_view guid, std::string_view preset_name) {
  return parts_->robot.Await(parts_->robot.Authorize(guid, preset_name));
}
AdminAnswer MockRobot::Deauthorize(std::string_view guid) {
  return parts_->robot.Await(parts_->robot.Deauthorize(guid));
}
AdminAnswer MockRobot::Reject(std::string_view guid) {
  return parts_->robot.Await(parts_->robot.Reject(guid));
}
AdminAnswer MockRobot::Forget(std::string_view guid) {
  return parts_->robot.Await(parts_->robot.Forget(guid));
}
AdminAnswer MockRobot::Reboot() { return parts_->robot.Await(parts_->robot.Reboot()); }
AdminAnswer MockRobot::SetUser(std::string_view name, const Secret& password) {
  return parts_->robot.Await(parts_->robot.SetUser(name, password));
}
AdminAnswer MockRobot::RemoveUser(std::string_view name) {
  return parts_->robot.Await(parts_->robot.RemoveUser(name));
}
AdminAnswer MockRobot::StageSoftware(const bosdyn::api::StagedSoftwarePackage& package) {
  return parts_->robot.StageSoftware(package);
}
void MockRobot::PromptPayload(std::string_view service_name, SoftwarePrompt prompt,
                              std::function<void(const AdminAnswer&)> done, Duration patience) {
  parts_->robot.PromptPayload(service_name, prompt, std::move(done), patience);
}
AdminAnswer MockRobot::UnstageSoftware(std::string_view package_name) {
  return parts_->robot.UnstageSoftware(package_name);
}

std::vector<PayloadInfo> MockRobot::Payloads() const { return Snapshot().payloads; }
RobotSnapshot MockRobot::Snapshot() const { return parts_->robot.Snapshot(); }
bool MockRobot::WaitUntil(const std::function<bool(const RobotSnapshot&)>& predicate,
                          Duration patience) const {
  return parts_->robot.WaitUntil(predicate, patience);
}
void MockRobot::ClockMoved() { parts_->robot.ClockMoved(); }
Checked<Done> MockRobot::Advance(Duration by) {
  auto advanced = parts_->robot.Advance(by);
  if (!advanced) return Failed{advanced.error()};
  AdminAnswer answer = parts_->robot.Await(*std::move(advanced));
  if (!answer.ok()) return Failed{payload_manager::Problem{std::move(answer.message)}};
  return Done{};
}

void MockRobot::HoldAnswers(CallMatch calls) {
  parts_->robot.faults().HoldAnswers(std::move(calls));
}
void MockRobot::ReleaseAnswers() { parts_->robot.faults().ReleaseAnswers(); }
Checked<FaultId> MockRobot::Inject(Fault fault) {
  const auto injected = parts_->robot.faults().Inject(std::move(fault));
  if (!injected) return Failed{injected.error()};
  return parts_->robot.Await(*injected);
}
std::vector<FaultInfo> MockRobot::Faults() const { return parts_->robot.faults().List(); }
bool MockRobot::RemoveFault(FaultId id) { return parts_->robot.faults().Remove(id); }
std::size_t MockRobot::RemoveFaults() { return parts_->robot.faults().RemoveAll(); }
std::size_t MockRobot::ReleaseFault(FaultId id) {
  return parts_->robot.faults().Release(id).value_or(0);
}

std::vector<JournalEntry> MockRobot::Journal(const JournalFilter& filter) const {
  return parts_->robot.journal().Read(filter, std::numeric_limits<std::size_t>::max());
}
JournalCount MockRobot::CountJournal(const JournalFilter& filter) const {
  return parts_->robot.journal().Count(filter);
}
bool MockRobot::AwaitJournal(const JournalFilter& filter, std::uint64_t count,
                             Duration patience) const {
  return parts_->robot.journal().Await(filter, count, patience);
}
std::unique_ptr<JournalReader> MockRobot::ReadJournal(JournalFilter filter, bool from_start) const {
  return parts_->robot.journal().Reader(std::move(filter), from_start);
}

std::size_t MockRobot::CutConnections() { return parts_->listener->CutConnections(); }

}  // namespace mock_robot
