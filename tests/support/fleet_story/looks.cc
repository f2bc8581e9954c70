// The looks at payloads that had time to settle, and the report.
#include <sstream>

#include "tests/support/fleet_story/fleet_story.h"

namespace payload_manager::testing {
namespace {

// A token that was voided behind our back comes to light when it is renewed, an attachment when the
// list of payloads is looked at again.
constexpr Duration kUntilRenewal = std::chrono::hours(1) + StoryModel::kSettling;

const bosdyn::api::Payload* Find(const std::vector<bosdyn::api::Payload>& payloads,
                                 const std::string& guid) {
  for (const bosdyn::api::Payload& payload : payloads) {
    if (payload.guid() == guid) return &payload;
  }
  return nullptr;
}

}  // namespace

void FleetStory::Look() {
  for (int r = 0; r < options_.script.robots; ++r) {
    const std::vector<bosdyn::api::Payload> shown = robot(r).registry().List();
    for (int p = 0; p < options_.script.payloads_per_robot; ++p) {
      CheckBeats(r, p);
      if (!model_.Settled(r, p, runtime_->Elapsed())) continue;
      ++report_.looks;
      LookAt(r, p, Find(shown, Guid(r, p)));
    }
  }
}

void FleetStory::LookAt(int r, int p, const bosdyn::api::Payload* shown) {
  const StoryModel::Payload& it = model_.payload(r, p);
  const auto snapshot = sessions_->Snapshot(session(r, p));
  const auto expected = it.State();
  if (!expected) {
    if (snapshot) Wrong(r, p, "was removed, and is there");
    return;
  }
  if (!snapshot) return Wrong(r, p, "has no session");
  if (snapshot->state != *expected) {
    return Wrong(r, p,
                 "is '" + std::string(ToString(snapshot->state)) + "', should be '" +
                     std::string(ToString(*expected)) + "'" +
                     (snapshot->failure ? ", failure: " + snapshot->failure->message : ""));
  }
  const std::string& token = TokenOf(r, p);
  if (*expected == PayloadState::kDefinitionRejected) return;
  if (shown == nullptr) return Wrong(r, p, "is not known to its robot");
  if (*expected != PayloadState::kAuthorized) {
    if (snapshot->has_token || !token.empty()) Wrong(r, p, "has a token, and should have none");
    if (*expected == PayloadState::kWaiting && shown->is_authorized()) {
      Wrong(r, p, "is authorized on its robot, and waits");
    }
    return;
  }
  if (!snapshot->has_token || token.empty()) return Wrong(r, p, "has no token");
  const auto recently = [&](std::optional<Duration> at) {
    return at && runtime_->Elapsed() - *at < kUntilRenewal;
  };
  const bool may_be_void = recently(robot(r).tokens_voided_at()) || recently(it.deauthorized);
  if (!may_be_void && !robot(r).TokenHolds(token)) {
    Wrong(r, p, "has a token that opens nothing");
  }
  const bool differs = shown->mass_volume_properties().total_mass() != static_cast<float>(it.mass);
  if (differs != !snapshot->differences.empty()) {
    Wrong(r, p,
          differs ? "differs from what the robot holds, and is not told so"
                  : "is told to differ, and does not: " + snapshot->differences.front());
  }
  if (!recently(it.deauthorized) && snapshot->attached != shown->is_enabled()) {
    Wrong(r, p,
          shown->is_enabled() ? "is attached, and not told so" : "is not told to be detached");
  }
  if (RequestsOpen(r, p) != 0) Wrong(r, p, "has a request that is not carried out");
}

std::string StoryReport::Summary() const {
  static constexpr const char* kVerbs[kStoryVerbs] = {"register", "version", "token",
                                                      "attach",   "list",    "refresh"};
  std::ostringstream text;
  text << "calls:";
  for (int verb = 0; verb < kStoryVerbs; ++verb) {
    text << ' ' << kVerbs[verb] << ' ' << tally.calls[static_cast<std::size_t>(verb)];
  }
  text << "; lost " << tally.lost << ", limited " << tally.limited << ", cancelled "
       << tally.cancelled << ", probes " << tally.probes << ", at most " << tally.most_under_way
       << " under way"
       << "\nevents:";
  for (int what = 0; what < kWhats; ++what) {
    text << (what == 0 ? " " : ", ") << ToString(static_cast<What>(what)) << ' '
         << events[static_cast<std::size_t>(what)];
  }
  text << "\nsessions came to:";
  for (std::size_t state = 0; state < entered.size(); ++state) {
    text << (state == 0 ? " " : ", ") << ToString(static_cast<PayloadState>(state)) << ' '
         << entered[state];
  }
  text << "\ntokens " << tokens << ", forgotten " << forgotten << ", de-authorized " << deauthorized
       << ", requests " << requests << " (" << requests_done << " done), looks " << looks
       << ", longest gap between beats in calm "
       << std::chrono::duration<double>(longest_gap).count() << " s\nviolations: " << violations
       << '\n';
  for (const std::string& line : first_violations) text << "  " << line << '\n';
  return text.str();
}

}  // namespace payload_manager::testing
