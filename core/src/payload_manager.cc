#include "payload_manager/payload_manager.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "manager/admission.h"
#include "manager/plugin_host.h"
#include "manager/plugin_link.h"
#include "manager/plugin_shelf.h"
#include "manager/roster.h"
#include "manager/running_payload.h"
#include "payload_manager/payload_sessions.h"
#include "payload_manager/runtime.h"
#include "schedule/waiting.h"

namespace payload_manager {
namespace {

// For the plugins of one AddPlugins to open, all together.
constexpr Duration kOpenLimit = std::chrono::seconds(10);

constexpr char kWasRemoved[] = "the robot was removed meanwhile";

struct TargetRobot {
  std::string name;
  RobotHandle handle;
};

// A plugin on its way in, and what is to be reported of it.
struct Arrival {
  PluginReport report;
  LoadedPlugin plugin;
  std::vector<std::optional<Candidate>> candidates;  // one per payload offered; none: refused

  void Refuse(std::string payload_id, std::string reason) {
    report.refusals.push_back({report.plugin_file, std::move(payload_id), std::move(reason)});
  }
};

}  // namespace

class PayloadManager::Impl {
 public:
  explicit Impl(PayloadManagerOptions options)
      : options_(std::make_shared<const PayloadManagerOptions>(std::move(options))),
        identities_(options_->state_dir, *options_->random) {}

  Checked<Done> AddRobot(Robot robot);
  Checked<Done> UpdateConnection(const std::string& name, std::shared_ptr<RobotConnection> to);
  bool RemoveRobot(const std::string& name);
  bool RemoveRobotAndWait(const std::string& name, Duration limit);
  std::vector<PluginReport> AddPlugins(const std::string& robot_name,
                                       const std::vector<std::filesystem::path>& files,
                                       const std::stop_token& stop, TimePoint give_up);
  std::vector<PayloadStatus> Payloads() const;
  bool Shutdown(Duration grace);

 private:
  Checked<TargetRobot> FindRobot(const std::string& name) const;
  // Takes the robot and its payloads off the books; nothing when there is no such robot.
  std::optional<RobotHandle> TakeOut(const std::string& name);
  // It has not been removed meanwhile.
  bool IsThere(const TargetRobot& robot) const;
  // The steps of AddPlugins: load; check; find identities; make those missing; start. After
  // Shutdown nothing is loaded any more: the arrival has no host.
  Arrival Load(const TargetRobot& robot, const std::filesystem::path& file);
  // False when the plugin is not open by the deadline.
  bool Examine(Arrival& arrival, TimePoint deadline, const std::stop_token& stop);
  void Identify(const std::string& robot_name, std::vector<Arrival>& arrivals);
  void MakeIdentities(const std::string& robot_name, std::vector<Arrival>& arrivals);
  void Start(const TargetRobot& robot, Arrival& arrival);
  Checked<LinkedPayload> StartPayload(const TargetRobot& robot, const LoadedPlugin& plugin,
                                      const Candidate& candidate, std::size_t index);
  std::shared_ptr<PluginLink> MakeLink(const std::string& robot, const std::filesystem::path& file);
  bool IsStopped() const;

  const std::shared_ptr<const PayloadManagerOptions> options_;
  const IdentityStore identities_;
  const std::shared_ptr<ThreadedRuntime> runtime_ = std::make_shared<ThreadedRuntime>();
  const std::shared_ptr<PayloadSessions> sessions_ = std::make_shared<PayloadSessions>(runtime_);
  PluginShelf plugins_;
  Roster roster_;

  std::mutex adding_;              // one payload at a time finds its identity; before mutex_
  std::mutex stopping_;            // one Shutdown at a time; before mutex_
  std::optional<bool> shut_down_;  // guarded by stopping_: what Shutdown returned

  mutable std::mutex mutex_;
  bool stopped_ = false;                       // guarded by mutex_
  std::map<std::string, RobotHandle> robots_;  // guarded by mutex_
};

Checked<Done> PayloadManager::Impl::AddRobot(Robot robot) {
  if (auto named = IdentityStore::CheckRobotName(robot.name); !named.ok()) return named;
  if (!robot.connection) return Failed{Problem{robot.name + ": has no connection"}};
  const std::lock_guard lock(mutex_);
  if (stopped_) return Failed{Problem{"the payload manager has been shut down"}};
  if (robots_.contains(robot.name)) {
    return Failed{Problem{robot.name + ": there is a robot of this name already"}};
  }
  robots_[robot.name] = sessions_->AddRobot(robot.name, std::move(robot.connection));
  return Done{};
}

Checked<Done> PayloadManager::Impl::UpdateConnection(const std::string& name,
                                                     std::shared_ptr<RobotConnection> to) {
  auto robot = FindRobot(name);
  if (!robot.ok()) return Failed{std::move(robot).error()};
  return sessions_->UpdateConnection(robot->handle, std::move(to));
}

bool PayloadManager::Impl::RemoveRobot(const std::string& name) {
  const auto robot = TakeOut(name);
  if (!robot) return false;
  PluginShelf::RequestClose(plugins_.Of(*robot));
  return sessions_->RemoveRobot(*robot);
}

bool PayloadManager::Impl::RemoveRobotAndWait(const std::string& name, Duration limit) {
  if (!MayWait(*runtime_)) {
    RemoveRobot(name);
    return false;
  }
  const TimePoint deadline = runtime_->Now() + Bounded(limit);
  const auto robot = TakeOut(name);
  if (!robot) return false;
  const std::vector<LoadedPlugin> plugins = plugins_.Of(*robot);
  PluginShelf::RequestClose(plugins);
  const bool sessions_ended = sessions_->RemoveRobotAndWait(*robot, limit);
  const Duration left = std::max(deadline - runtime_->Now(), Duration::zero());
  return plugins_.Close(plugins, left) && sessions_ended;
}

std::optional<RobotHandle> PayloadManager::Impl::TakeOut(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return std::nullopt;
  const auto taken = robots_.extract(name);
  if (!taken) return std::nullopt;
  roster_.RemoveAllOn(name);
  return taken.mapped();
}

bool PayloadManager::Impl::IsThere(const TargetRobot& robot) const {
  const std::lock_guard lock(mutex_);
  const auto found = robots_.find(robot.name);
  return found != robots_.end() && found->second == robot.handle;
}

Checked<TargetRobot> PayloadManager::Impl::FindRobot(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  if (stopped_) return Failed{Problem{"the payload manager has been shut down"}};
  const auto found = robots_.find(name);
  if (found == robots_.end()) return Failed{Problem{"there is no robot '" + name + "'"}};
  return TargetRobot{name, found->second};
}

std::shared_ptr<PluginLink> PayloadManager::Impl::MakeLink(const std::string& robot,
                                                           const std::filesystem::path& file) {
  PluginLink::Options options;
  options.robot = robot;
  options.plugin_file = file;
  options.sessions = sessions_;
  options.strict = options_->strict;
  options.post_note = [runtime = std::weak_ptr(runtime_), user = options_](
                          Note note, std::function<void()> delivered) {
    const auto alive = runtime.lock();
    return alive &&
           alive->PostCallback([user, said = std::move(note), done = std::move(delivered)] {
             if (user->on_note) user->on_note(said);
             done();
           });
  };
  return std::make_shared<PluginLink>(std::move(options));
}

std::vector<PluginReport> PayloadManager::Impl::AddPlugins(
    const std::string& robot_name, const std::vector<std::filesystem::path>& files,
    const std::stop_token& stop, TimePoint give_up) {
  std::vector<PluginReport> reports;
  const auto robot = FindRobot(robot_name);
  if (!robot.ok()) {
    for (const std::filesystem::path& file : files) {
      reports.push_back({file, {}, {{file, {}, file.string() + ": " + robot.error().message}}});
    }
    return reports;
  }
  const auto given_up = [&] {
    return stop.stop_requested() || runtime_->Now() >= give_up || IsStopped();
  };
  const TimePoint deadline = std::min(runtime_->Now() + kOpenLimit, give_up);
  std::vector<Arrival> arrivals;
  arrivals.reserve(files.size());
  for (const std::filesystem::path& file : files) arrivals.push_back(Load(*robot, file));
  for (Arrival& arrival : arrivals) {
    if (!Examine(arrival, deadline, stop) && !given_up() && IsThere(*robot)) {
      arrival.Refuse({},
                     arrival.report.plugin_file.string() + ": its open function does not return");
    }
  }
  const auto go_on = [&] {
    return !given_up() && IsThere(*robot) &&
           (!options_->strict || std::none_of(arrivals.begin(), arrivals.end(), [](const auto& a) {
             return !a.report.refusals.empty();
           }));
  };
  const std::lock_guard lock(adding_);
  if (go_on()) Identify(robot_name, arrivals);
  if (go_on()) MakeIdentities(robot_name, arrivals);
  if (go_on()) {
    for (Arrival& arrival : arrivals) Start(*robot, arrival);
  }
  std::vector<LoadedPlugin> idle;
  for (Arrival& arrival : arrivals) {
    if (arrival.report.payload_ids.empty() && arrival.plugin.host != nullptr) {
      idle.push_back(arrival.plugin);
    }
    if (arrival.report.payload_ids.empty() && !IsThere(*robot) && !given_up()) {
      arrival.Refuse({}, arrival.report.plugin_file.string() + ": " + kWasRemoved);
    }
    reports.push_back(std::move(arrival.report));
  }
  // Those still busy after the grace are left to Shutdown.
  plugins_.Close(idle, given_up() ? Duration::zero() : PayloadSessions::kCallbackGrace);
  return reports;
}

Arrival PayloadManager::Impl::Load(const TargetRobot& robot, const std::filesystem::path& file) {
  Arrival arrival{{file, {}, {}}, {nullptr, MakeLink(robot.name, file), robot.handle}, {}};
  plugins_.Load(file, arrival.plugin);
  return arrival;
}

bool PayloadManager::Impl::Examine(Arrival& arrival, TimePoint deadline,
                                   const std::stop_token& stop) {
  if (arrival.plugin.host == nullptr) return false;
  const std::filesystem::path& file = arrival.report.plugin_file;
  const auto offers = arrival.plugin.host->WaitUntilOpen(deadline, stop);
  if (!offers) return false;
  if (!offers->ok()) {
    arrival.Refuse({}, offers->error().message);
    return true;
  }
  ValidationContext context;
  context.registration_interval = options_->session.interval;
  context.rpc_timeout = options_->session.call_timeout;
  for (const OfferedPayload& offered : **offers) {
    auto candidate = Candidate::Examine(file, offered, context, options_->strict);
    if (!candidate.ok()) arrival.Refuse(offered.id, candidate.error().message);
    arrival.candidates.push_back(candidate.ok() ? std::optional(*std::move(candidate))
                                                : std::nullopt);
  }
  return true;
}

void PayloadManager::Impl::Identify(const std::string& robot_name, std::vector<Arrival>& arrivals) {
  std::vector<PayloadIdentity> others = roster_.IdentitiesOn(robot_name);
  double mass_kg = roster_.MassOn(robot_name);
  for (Arrival& arrival : arrivals) {
    for (std::optional<Candidate>& candidate : arrival.candidates) {
      if (!candidate) continue;
      const auto identified = candidate->Identify(robot_name, identities_, others, mass_kg);
      if (identified.ok()) {
        others.push_back(candidate->identity());
        mass_kg += candidate->definition().mass_volume_properties().total_mass();
      } else {
        arrival.Refuse(candidate->payload_id(), identified.error().message);
        candidate.reset();
      }
    }
  }
}

void PayloadManager::Impl::MakeIdentities(const std::string& robot_name,
                                          std::vector<Arrival>& arrivals) {
  for (Arrival& arrival : arrivals) {
    for (std::optional<Candidate>& candidate : arrival.candidates) {
      if (!candidate) continue;
      if (const auto made = candidate->MakeIdentity(robot_name, identities_); !made.ok()) {
        arrival.Refuse(candidate->payload_id(), made.error().message);
        candidate.reset();
      }
    }
  }
}

void PayloadManager::Impl::Start(const TargetRobot& robot, Arrival& arrival) {
  if (arrival.candidates.empty()) return;
  std::vector<std::optional<LinkedPayload>> payloads(arrival.candidates.size());
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    if (!arrival.candidates[i]) continue;
    const Candidate& candidate = *arrival.candidates[i];
    auto started = StartPayload(robot, arrival.plugin, candidate, i);
    if (started.ok()) {
      arrival.report.payload_ids.push_back(candidate.payload_id());
      payloads[i] = *std::move(started);
    } else {
      arrival.Refuse(candidate.payload_id(),
                     arrival.report.plugin_file.string() + ": " + started.error().message);
    }
  }
  arrival.plugin.link->Connect(arrival.plugin.host, std::move(payloads));
}

Checked<LinkedPayload> PayloadManager::Impl::StartPayload(const TargetRobot& robot,
                                                          const LoadedPlugin& plugin,
                                                          const Candidate& candidate,
                                                          std::size_t index) {
  auto entry = std::make_shared<RunningPayload>();
  entry->robot = robot.name;
  entry->plugin_file = plugin.host->path();
  entry->payload_id = candidate.payload_id();
  entry->guid = candidate.definition().guid();
  entry->Show(candidate.definition());
  for (const std::string& warning : candidate.warnings()) {
    plugin.link->NoteThat(NoteLevel::kWarning, entry->payload_id, warning);
  }
  auto session = sessions_->Add(robot.handle, candidate.shared_definition(), candidate.secret(),
                                options_->session, Observe(options_, entry, plugin, index));
  if (!session.ok()) return Failed{std::move(session).error()};
  entry->session = *session;
  roster_.Add(entry);
  if (!IsThere(robot)) {  // be it that it went before or after that
    roster_.Remove(entry);
    return Failed{Problem{kWasRemoved}};
  }
  return LinkedPayload{
      *session, entry->payload_id, entry->guid, candidate.context(),
      [entry](const bosdyn::api::Payload& definition) { entry->Show(definition); }};
}

bool PayloadManager::Impl::IsStopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::vector<PayloadStatus> PayloadManager::Impl::Payloads() const {
  std::vector<PayloadStatus> payloads;
  for (const auto& entry : roster_.All()) {
    payloads.push_back(StatusOf(*entry, sessions_->Snapshot(entry->session)));
  }
  return payloads;
}

bool PayloadManager::Impl::Shutdown(Duration grace) {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  const std::vector<LoadedPlugin> plugins = plugins_.Seal();
  if (!MayWait(*runtime_)) {
    sessions_->Shutdown(Duration::zero());
    for (const LoadedPlugin& plugin : plugins) plugin.host->RequestClose();
    return false;
  }
  const std::lock_guard lock(stopping_);
  if (shut_down_) return *shut_down_;
  const TimePoint deadline = runtime_->Now() + Bounded(grace);
  for (const LoadedPlugin& plugin : plugins) plugin.link->Disconnect();
  const bool sessions_ended = sessions_->Shutdown(grace);
  const bool plugins_ended =
      plugins_.Close(plugins, std::max(deadline - runtime_->Now(), Duration::zero()));
  const bool runtime_ended = runtime_->Stop(std::max(deadline - runtime_->Now(), Duration::zero()));
  shut_down_ = sessions_ended && plugins_ended && runtime_ended;
  return *shut_down_;
}

PayloadManager::PayloadManager(PayloadManagerOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

PayloadManager::~PayloadManager() { impl_->Shutdown(PayloadSessions::kCallbackGrace); }

Checked<Done> PayloadManager::AddRobot(Robot robot) { return impl_->AddRobot(std::move(robot)); }

Checked<Done> PayloadManager::UpdateConnection(const std::string& robot_name,
                                               std::shared_ptr<RobotConnection> connection) {
  return impl_->UpdateConnection(robot_name, std::move(connection));
}

bool PayloadManager::RemoveRobot(const std::string& robot_name) {
  return impl_->RemoveRobot(robot_name);
}

bool PayloadManager::RemoveRobotAndWait(const std::string& robot_name, Duration limit) {
  return impl_->RemoveRobotAndWait(robot_name, limit);
}

std::vector<PluginReport> PayloadManager::AddPlugins(
    const std::string& robot_name, const std::vector<std::filesystem::path>& plugin_files,
    const std::stop_token& stop, TimePoint give_up) {
  return impl_->AddPlugins(robot_name, plugin_files, stop, give_up);
}

std::vector<PayloadStatus> PayloadManager::Payloads() const { return impl_->Payloads(); }

bool PayloadManager::Shutdown(Duration grace) { return impl_->Shutdown(grace); }

}  // namespace payload_manager
