#include "tools/payload_host/run_host.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "tools/cli/robot_flags.h"
#include "tools/payload_host/probe.h"
#include "tools/payload_host/state_line.h"

namespace payload_manager::payload_host {
namespace {

using cli::ExitCode;

spdlog::level::level_enum LevelOf(NoteLevel level) {
  switch (level) {
    case NoteLevel::kDebug:
      return spdlog::level::debug;
    case NoteLevel::kInfo:
      return spdlog::level::info;
    case NoteLevel::kWarning:
      return spdlog::level::warn;
    case NoteLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// For plugins to be loaded on trial.
constexpr Duration kProbeLimit = std::chrono::seconds(10);

// How often the credentials of an authorized payload are tried: once a minute, and with short
// intervals at every sixth attempt, so that a short interval makes everything quick.
Duration TokenCheckFor(Duration interval) {
  constexpr Duration kSlowest = std::chrono::seconds(60);
  return std::min(6 * interval, kSlowest);
}

}  // namespace

Host::Host(HostOptions options, std::ostream& out, std::shared_ptr<spdlog::logger> log)
    : options_(std::move(options)),
      out_(out),
      log_(std::move(log)),
      deadline_(options_.timeout ? SystemClock().Now() + *options_.timeout : TimePoint::max()) {}

PayloadManagerOptions Host::ManagerOptions() {
  PayloadManagerOptions options;
  options.state_dir = options_.state_dir;
  options.strict = options_.strict;
  options.session.interval = options_.interval;
  options.session.token_check = TokenCheckFor(options_.interval);
  options.on_change = [this](const PayloadChange& change) { OnChange(change); };
  options.on_note = [this](const Note& note) { OnNote(note); };
  return options;
}

Host::End Host::Run() {
  PayloadManager manager(ManagerOptions());
  const auto failed = Start(manager);
  const ExitCode code = failed ? *failed : Wait();
  if (manager.Shutdown()) return {code, false};
  log_->error("a plugin, or the reader of the standard output, is still busy; it was left behind");
  return {code, true};
}

void Host::Stop() { stop_.request_stop(); }

bool Host::IsGivenUp() const { return stop_.stop_requested() || SystemClock().Now() >= deadline_; }

std::optional<ExitCode> Host::Start(PayloadManager& manager) {
  auto connection = Connect(options_.connection);
  if (!connection.ok()) {
    log_->error("{}", cli::WithFlagNames(connection.error().message));
    return ExitCode::kBadInput;
  }
  const auto added = manager.AddRobot({options_.robot_name, *std::move(connection)});
  if (!added.ok()) {
    log_->error("--robot-name: {}", added.error().message);
    return ExitCode::kBadInput;
  }
  if (options_.connection.insecure && !options_.connection.token_over_plain) {
    log_->warn(
        "--insecure: without --token-over-plain no token is sent, so that the robot's definitions "
        "cannot be compared with ours");
  }
  return AddPlugins(manager);
}

std::optional<ExitCode> Host::AddPlugins(PayloadManager& manager) {
  bool any_refused = false;
  const auto refuse = [&](const std::string& reason) {
    log_->error("refused: {}", reason);
    any_refused = true;
  };
  std::vector<std::filesystem::path> sound;
  const auto probed = ProbePlugins(
      options_.plugins, std::min(deadline_, SystemClock().Now() + kProbeLimit), stop_.get_token());
  for (std::size_t i = 0; i < probed.size(); ++i) {
    if (!probed[i]) {
      sound.push_back(options_.plugins[i]);
    } else if (!IsGivenUp()) {
      refuse(*probed[i]);
    }
  }
  if (any_refused && options_.strict) sound.clear();
  for (const PluginReport& report :
       manager.AddPlugins(options_.robot_name, sound, stop_.get_token(), deadline_)) {
    for (const Refusal& refusal : report.refusals) refuse(refusal.reason);
  }
  const auto payloads = manager.Payloads();
  if (payloads.empty() && IsGivenUp()) {
    log_->error("given up before anything was started");
    const std::lock_guard lock(mutex_);
    goal_.emplace(options_.until, any_refused, false);
    return std::nullopt;
  }
  if (payloads.empty()) {
    log_->error(options_.strict ? "--strict: something was refused, so nothing was started"
                                : "no payload is left to run");
    return ExitCode::kPluginRefused;
  }
  for (const PayloadStatus& payload : payloads) {
    log_->info("{}: runs on robot {} as {}", payload.payload_id, payload.robot, payload.guid);
  }
  const std::lock_guard lock(mutex_);
  goal_.emplace(options_.until, any_refused);
  for (const PayloadStatus& payload : payloads) {
    goal_->OnState(payload.payload_id, PayloadState::kRegistering);
  }
  for (const auto& [payload_id, state] : early_) goal_->OnState(payload_id, state);
  return std::nullopt;
}

void Host::OnChange(const PayloadChange& change) {
  // Before it is shown: whoever reads the line and sends a signal gets the exit code that goes with
  // it, and a line that nobody reads keeps nobody from the end.
  TellGoal(change);
  // Nobody may have to wait for whoever reads this. Scripts wait for the line, so it is flushed.
  out_.clear();
  out_ << cli::WithFlagNames(StateLine(change, SystemClock().WallNow())) << std::endl;
  if (!out_ && !std::exchange(cannot_write_, true)) {
    log_->error("cannot write to the standard output; the payloads stay registered");
  }
}

void Host::TellGoal(const PayloadChange& change) {
  if (change.new_state == PayloadState::kRemoved) return;  // we end; the goal has been judged
  const std::lock_guard lock(mutex_);
  if (goal_) {
    goal_->OnState(change.payload_id, change.new_state);
  } else {
    early_[change.payload_id] = change.new_state;
  }
  changed_.notify_all();
}

void Host::OnNote(const Note& note) {
  const std::string& about =
      note.payload_id.empty() ? note.plugin_file.filename().string() : note.payload_id;
  log_->log(LevelOf(note.level), "{}: {}", about, cli::WithFlagNames(note.text));
}

ExitCode Host::Wait() {
  std::unique_lock lock(mutex_);
  const auto settled = [this] { return goal_->IsSettled(); };
  const bool over = options_.timeout
                        ? changed_.wait_until(lock, stop_.get_token(), deadline_, settled)
                        : changed_.wait(lock, stop_.get_token(), settled);
  if (over) return goal_->Conclude(Ending::kSettled);
  return goal_->Conclude(stop_.stop_requested() ? Ending::kStopped : Ending::kTimedOut);
}

}  // namespace payload_manager::payload_host
