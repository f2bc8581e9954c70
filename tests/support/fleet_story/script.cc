#include "tests/support/fleet_story/script.h"

#include <algorithm>

#include "schedule/back_off.h"

namespace payload_manager::testing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Writes the script of one robot and its payloads.
class Writer {
 public:
  Writer(const ScriptOptions& options, int robot, std::vector<StoryEvent>& events)
      : dice_(options.seed * 1'000'003 + static_cast<std::uint64_t>(robot)),
        end_(options.length - options.calm_at_the_end),
        robot_(robot),
        events_(events) {}

  void WriteTroubles() {
    // Some robots have long calms, in which tokens grow old and definitions are looked at again.
    const int calm = robot_ % 5 == 4 ? 20 : 1;
    Duration at = dice_.UpTo(minutes(8)) * calm;
    while (true) {
      const auto trouble = static_cast<Trouble>(Below(kTroubles));
      const Duration length = seconds(1) + dice_.UpTo(Below(2) == 0 ? minutes(6) : seconds(30));
      if (at + length >= end_) return;
      WriteTrouble(trouble, at, length);
      if (IsOutOfReach(trouble) && Below(4) == 0) {
        Write(at + dice_.UpTo(length), Below(2) == 0 ? What::kEraseRobot : What::kRebootRobot);
      }
      if (Below(6) == 0) Write(at + dice_.UpTo(length), What::kVoidTokens);
      if (Below(6) == 0) Write(at + dice_.UpTo(length), What::kMoveRobot);
      at += length + seconds(5) + dice_.UpTo(minutes(Below(3) == 0 ? 2 : 15)) * calm;
    }
  }

  void WriteTrouble(Trouble trouble, Duration at, Duration length) {
    for (const What what : {What::kTroubleBegins, What::kTroubleEnds}) {
      StoryEvent event;
      event.at = what == What::kTroubleBegins ? at : at + length;
      event.what = what;
      event.trouble = trouble;
      event.robot = robot_;
      events_.push_back(event);
    }
  }

  void WriteLife(int payload) {
    bool present = true;
    int serial = 0;
    const int calm = payload % 3 == 2 ? 8 : 1;
    Duration at = dice_.UpTo(minutes(15)) * calm;
    while (at < end_) {
      What what = Deed();
      // What is ours to do takes a session to do it with.
      if (!present && what >= What::kRemove) what = What::kAdd;
      if (what == What::kRemove) present = false;
      if (what == What::kAdd) present = true;
      Write(at, what, payload, ++serial);
      at += Below(4) == 0 ? dice_.UpTo(seconds(20)) : minutes(1) + dice_.UpTo(minutes(25)) * calm;
    }
  }

 private:
  int Below(int bound) { return static_cast<int>(dice_.UpTo(Duration(bound)).count()); }

  What Deed() {
    static constexpr What kDeeds[] = {What::kForget,
                                      What::kForget,
                                      What::kForget,
                                      What::kSteal,
                                      What::kSteal,
                                      What::kDeauthorize,
                                      What::kAuthorize,
                                      What::kAuthorize,
                                      What::kRemove,
                                      What::kBreakDefinition,
                                      What::kSetVersion,
                                      What::kSetVersion,
                                      What::kChangeDefinition,
                                      What::kChangeDefinition,
                                      What::kAttach,
                                      What::kAttach,
                                      What::kDetach};
    return kDeeds[Below(static_cast<int>(std::size(kDeeds)))];
  }

  void Write(Duration at, What what, int payload = -1, int value = 0) {
    StoryEvent event;
    event.at = at;
    event.what = what;
    event.robot = robot_;
    event.payload = payload;
    event.value = value;
    events_.push_back(event);
  }

  Jitter dice_;
  const Duration end_;
  const int robot_;
  std::vector<StoryEvent>& events_;
};

}  // namespace

const char* ToString(What what) {
  static constexpr const char* kNames[kWhats] = {"trouble begins",
                                                 "trouble ends",
                                                 "erase robot",
                                                 "reboot robot",
                                                 "void tokens",
                                                 "move robot",
                                                 "forget",
                                                 "steal",
                                                 "authorize",
                                                 "de-authorize",
                                                 "remove",
                                                 "add",
                                                 "break definition",
                                                 "change definition",
                                                 "set version",
                                                 "attach",
                                                 "detach"};
  static_assert(static_cast<int>(What::kDetach) == kWhats - 1);
  return kNames[static_cast<std::size_t>(what)];
}

std::vector<StoryEvent> MakeScript(const ScriptOptions& options) {
  std::vector<StoryEvent> events;
  for (int robot = 0; robot < options.robots; ++robot) {
    Writer writer(options, robot, events);
    writer.WriteTroubles();
    writer.WriteTrouble(Trouble::kRefused, options.length / 4 * 3, minutes(3));
    for (int payload = 0; payload < options.payloads_per_robot; ++payload) {
      writer.WriteLife(payload);
    }
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const StoryEvent& a, const StoryEvent& b) { return a.at < b.at; });
  return events;
}

}  // namespace payload_manager::testing
