#include "tests/support/fleet_story/fleet_story.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "bosdyn/api/robot_id.pb.h"
#include "tests/support/payload_story.h"

namespace payload_manager::testing {
namespace {

using std::chrono::seconds;

constexpr Duration kBetweenTours = seconds(60);
// A beat is due at most 11 s after the one before; then it waits in line, with everybody else of
// the robot before it, for a token call that fell due first, and again for itself.
constexpr Duration kBeat = seconds(11);
// From the end of a trouble: a probe on its way, a back-off (10 s), and the line.
constexpr Duration kCall = seconds(10);
constexpr Duration kFind = kCall + seconds(10);

std::string Number(const char* format, int number) {
  char text[32];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

}  // namespace

// One payload: its session as its observer knows it.
struct FleetStory::Player {
  SessionId id{};
  std::string token;
  BeatWatch beats;
  int requests_open = 0;
  std::uint64_t generation = 0;  // of its session; what an older one is told does not count
};

FleetStory::FleetStory(StoryOptions options)
    : options_(std::move(options)),
      model_(options_.script.robots, options_.script.payloads_per_robot),
      runtime_(std::make_shared<VirtualRuntime>()),
      sessions_(std::make_unique<PayloadSessions>(runtime_, options_.script.seed, options_.fleet)) {
  Jitter seeds(options_.script.seed);
  const auto& script = options_.script;
  for (int robot = 0; robot < script.robots; ++robot) {
    StoryRobot::Options about;
    about.name = Number("robot-%04d", robot);
    about.seed = seeds.Seed();
    about.pace = options_.watched_pacing.value_or(options_.pacing);
    if (robot % 4 == 3) about.farthest = options_.farthest;
    robots_.push_back(std::make_shared<StoryRobot>(runtime_, about, report_.tally, violations_));
    robots_.back()->heard = [this, robot](const std::string& guid) {
      Heard(robot, std::stoi(guid.substr(guid.rfind('-') + 1)));
    };
    handles_.push_back(sessions_->AddRobot(about.name, robots_.back(), options_.pacing));
    for (int payload = 0; payload < script.payloads_per_robot; ++payload) {
      players_.push_back(std::make_unique<Player>());
      Join(robot, payload);
    }
  }
}

FleetStory::~FleetStory() {
  sessions_->Shutdown();
  runtime_->RunFor(seconds(60));  // lets what was posted and given up end
}

std::string FleetStory::Guid(int robot, int payload) const {
  return Number("payload-%04d", robot) + Number("-%02d", payload);
}

FleetStory::Player& FleetStory::PlayerOf(int robot, int payload) const {
  return *players_[static_cast<std::size_t>(robot * options_.script.payloads_per_robot + payload)];
}

SessionId FleetStory::session(int robot, int payload) const { return PlayerOf(robot, payload).id; }

const std::string& FleetStory::TokenOf(int robot, int payload) const {
  return PlayerOf(robot, payload).token;
}

int FleetStory::RequestsOpen(int robot, int payload) const {
  return PlayerOf(robot, payload).requests_open;
}

void FleetStory::Wrong(int robot, int payload, const std::string& what) {
  violations_.Add(runtime_->Elapsed(), Guid(robot, payload), what);
}

void FleetStory::Join(int robot, int payload) {
  Player& player = PlayerOf(robot, payload);
  player.token.clear();
  const std::uint64_t generation = ++player.generation;
  SessionObserver observer;
  observer.state_changed = [this, &player, generation](const StateChange& change) {
    ++report_.state_changes;
    ++report_.entered[static_cast<std::size_t>(change.after)];
    const bool keeps = change.after != PayloadState::kWaiting &&
                       change.after != PayloadState::kCredentialsRejected;
    if (!keeps && player.generation == generation) player.token.clear();
  };
  observer.token = [this, &player, generation](const Secret& token, TokenNews) {
    ++report_.tokens;
    if (player.generation == generation) player.token = std::string(token.Reveal());
  };
  observer.forgotten = [this] { ++report_.forgotten; };
  observer.deauthorized = [this] { ++report_.deauthorized; };
  const auto added = sessions_->Add(handles_[static_cast<std::size_t>(robot)],
                                    DefinitionOf(robot, payload), Secret("ours"), {}, observer);
  if (!added.ok()) return Wrong(robot, payload, "cannot be added: " + added.error().message);
  player.id = *added;
}

std::shared_ptr<const bosdyn::api::Payload> FleetStory::DefinitionOf(int robot, int payload) const {
  const StoryModel::Payload& wanted = model_.payload(robot, payload);
  const auto valid = MakePayload(Guid(robot, payload), wanted.mass);
  if (!wanted.broken) return valid;
  auto broken = std::make_shared<bosdyn::api::Payload>(*valid);
  broken->set_is_authorized(true);  // which only the robot may say
  return broken;
}

StoryReport FleetStory::Tell() {
  const std::vector<StoryEvent> script = MakeScript(options_.script);
  // What comes by the clock, before what the script says of the same instant.
  Duration next_look = options_.between_looks;
  Duration next_tour = kBetweenTours;
  Duration next_hour = std::chrono::hours(1);
  const auto run_until = [&](Duration until) {
    while (true) {
      const Duration next = std::min({next_look, next_tour, next_hour});
      if (next > until) break;
      runtime_->RunUntil(next);
      if (next == next_tour) {
        Tour();
        next_tour += kBetweenTours;
      }
      if (next == next_look) {
        Look();
        next_look += options_.between_looks;
      }
      if (next == next_hour) {
        next_hour += std::chrono::hours(1);
        if (progress) progress(static_cast<int>(next / std::chrono::hours(1)), Report());
      }
    }
    runtime_->RunUntil(until);
  };
  const auto run_and_meddle = [&](Duration until) {
    if (meddle && meddle_at <= until) {
      run_until(meddle_at);
      std::exchange(meddle, nullptr)(*this);
    }
    run_until(until);
  };
  for (const StoryEvent& event : script) {
    run_and_meddle(event.at);
    Apply(event);
  }
  run_and_meddle(options_.script.length);
  Finish();
  return Report();
}

void FleetStory::Apply(const StoryEvent& event) {
  ++report_.events[static_cast<std::size_t>(event.what)];
  model_.Apply(event);
  StoryRobot& on = robot(event.robot);
  switch (event.what) {
    case What::kTroubleBegins:
      return on.Begin(event.trouble);
    case What::kTroubleEnds:
      return on.End(event.trouble);
    case What::kEraseRobot:
      return on.Erase();
    case What::kRebootRobot:
      return on.registry().Reboot(on.Now());
    case What::kVoidTokens:
      return on.VoidTokens();
    case What::kMoveRobot: {
      const auto robot = static_cast<std::size_t>(event.robot);
      if (!sessions_->UpdateConnection(handles_[robot], robots_[robot]).ok()) {
        violations_.Add(event.at, "robot", "cannot be moved");
      }
      return;
    }
    default:
      return ApplyToPayload(event);
  }
}

void FleetStory::ApplyToPayload(const StoryEvent& event) {
  StoryRobot& on = robot(event.robot);
  const std::string guid = Guid(event.robot, event.payload);
  Player& player = PlayerOf(event.robot, event.payload);
  switch (event.what) {
    case What::kForget:
      on.registry().Forget(guid, on.Now());
      return;
    case What::kSteal:
      on.registry().Forget(guid, on.Now());
      if (!on.registry().Register(*MakePayload(guid), Secret("theirs"), on.Now()).ok()) {
        Wrong(event.robot, event.payload, "the thief was refused");
      }
      return;
    case What::kAuthorize:
      on.registry().Authorize(guid, "", on.Now());
      return;
    case What::kDeauthorize:
      on.registry().Deauthorize(guid, on.Now());
      return;
    case What::kRemove:
      if (!sessions_->Remove(player.id)) Wrong(event.robot, event.payload, "cannot be removed");
      return;
    case What::kAdd:
      // One that is there already is taken out and added at once, as a restarted program does.
      sessions_->Remove(player.id);
      return Join(event.robot, event.payload);
    case What::kBreakDefinition:
    case What::kChangeDefinition:
      if (!sessions_->UpdateDefinition(player.id, DefinitionOf(event.robot, event.payload)).ok()) {
        Wrong(event.robot, event.payload, "the new definition was refused");
      }
      return;
    default:
      return Ask(event);
  }
}

void FleetStory::Ask(const StoryEvent& event) {
  Player& player = PlayerOf(event.robot, event.payload);
  ++report_.requests;
  ++player.requests_open;
  const auto answered = std::make_shared<bool>(false);
  const auto done = [this, event, answered, &player](const Outcome<Done>& outcome) {
    if (std::exchange(*answered, true)) Wrong(event.robot, event.payload, "answered twice");
    --player.requests_open;
    if (!outcome.ok()) return;
    ++report_.requests_done;
    if (event.what == What::kSetVersion &&
        robot(event.robot).LatestVersion(Guid(event.robot, event.payload)) < event.value) {
      Wrong(event.robot, event.payload, "a version is said to be set, and is not");
    }
  };
  if (event.what == What::kSetVersion) {
    bosdyn::api::SoftwareVersion version;
    version.set_major_version(event.value);
    return sessions_->SetVersion(player.id, version, done);
  }
  event.what == What::kAttach ? sessions_->Attach(player.id, done)
                              : sessions_->Detach(player.id, done);
}

void FleetStory::Tour() {
  for (int r = 0; r < options_.script.robots; ++r) {
    for (int p = 0; p < options_.script.payloads_per_robot; ++p) {
      if (model_.payload(r, p).wanted) {
        robot(r).registry().Authorize(Guid(r, p), "", robot(r).Now());
      }
    }
  }
}

void FleetStory::Heard(int robot, int payload) {
  Player& player = PlayerOf(robot, payload);
  const Duration now = runtime_->Elapsed();
  CheckBeats(robot, payload);
  if (const auto free_since = FreeSince(robot, payload);
      free_since && player.beats.last() >= *free_since + kCall) {
    report_.longest_gap = std::max(report_.longest_gap, now - player.beats.last());
  }
  player.beats.Beat(now);
}

// Since when nothing keeps the payload from beating.
std::optional<Duration> FleetStory::FreeSince(int robot, int payload) const {
  const StoryModel::Robot& on = model_.robot(robot);
  const StoryModel::Payload& it = model_.payload(robot, payload);
  if (on.troubles > 0 || it.parked()) return std::nullopt;
  return std::max(on.calm_since, it.unparked);
}

void FleetStory::CheckBeats(int robot, int payload) {
  const Duration line =
      seconds(1) *
      (2 * options_.script.payloads_per_robot / options_.pacing.registration_calls_per_second + 1);
  const auto gap = PlayerOf(robot, payload)
                       .beats.Starved(runtime_->Elapsed(), FreeSince(robot, payload),
                                      {kBeat + line, kFind + line, kCall});
  if (gap)
    Wrong(robot, payload, Number("starved: no beat for %d s", static_cast<int>(*gap / seconds(1))));
}

void FleetStory::Finish() {
  Look();
  if (report_.tally.most_under_way > options_.fleet.most_calls_under_way + options_.script.robots) {
    violations_.Add(runtime_->Elapsed(), "fleet", "too many calls under way");
  }
  for (int r = 0; r < options_.script.robots; ++r) {
    for (int p = 0; p < options_.script.payloads_per_robot; ++p) {
      if (!model_.Settled(r, p, runtime_->Elapsed())) Wrong(r, p, "was given no time to settle");
    }
  }
  const Duration before = runtime_->Elapsed();
  if (!sessions_->Shutdown()) violations_.Add(before, "shutdown", "did not end everything");
  if (runtime_->Elapsed() != before) violations_.Add(before, "shutdown", "took time");
  for (const auto& robot : robots_) {
    if (robot->in_flight() != 0) violations_.Add(before, "shutdown", "left a call under way");
  }
  if (runtime_->timers() != 0) violations_.Add(before, "shutdown", "left a timer");
  runtime_->Settle();
  for (int r = 0; r < options_.script.robots; ++r) {
    for (int p = 0; p < options_.script.payloads_per_robot; ++p) {
      if (PlayerOf(r, p).requests_open != 0) Wrong(r, p, "a request was never answered");
    }
  }
}

StoryReport FleetStory::Report() const {
  StoryReport report = report_;
  report.violations = violations_.count();
  report.first_violations = violations_.first();
  return report;
}

}  // namespace payload_manager::testing
