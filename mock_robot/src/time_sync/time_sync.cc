#include "time_sync/time_sync.h"

#include <algorithm>
#include <optional>

#include "registry/undo_log.h"
#include "robot/timestamps.h"

namespace mock_robot {

using bosdyn::api::TimeSyncEstimate;
using bosdyn::api::TimeSyncRoundTrip;
using bosdyn::api::TimeSyncState;
using bosdyn::api::TimeSyncUpdateRequest;
using bosdyn::api::TimeSyncUpdateResponse;
using google::protobuf::Timestamp;
using payload_manager::Done;
using payload_manager::Duration;
using payload_manager::Failed;

namespace {

constexpr std::size_t kLongestIdentifier = 100;  // bytes; ours have 36
// From 1970 to 2106: sums and differences of any two cannot overflow.
constexpr std::int64_t kLatestSecond = 0xffff'ffff;

std::optional<Duration> SinceEpoch(const Timestamp& stamp) {
  if (stamp.seconds() < 0 || stamp.seconds() > kLatestSecond) return std::nullopt;
  if (stamp.nanos() < 0 || stamp.nanos() > 999'999'999) return std::nullopt;
  return std::chrono::seconds(stamp.seconds()) + std::chrono::nanoseconds(stamp.nanos());
}

}  // namespace

TimeSync::TimeSync(const Assumptions& assumptions, payload_manager::RandomSource& random)
    : samples_needed_(assumptions.time_sync_samples),
      refuse_unknown_(assumptions.refuse_unknown_clocks),
      random_(random) {}

Answer<Done> TimeSync::Update(const TimeSyncUpdateRequest& request, RobotTime now,
                              TimeSyncUpdateResponse& response) {
  const std::string& identifier = request.clock_identifier();
  if (identifier.size() > kLongestIdentifier) {
    return Failed{InvalidRequest{"clock_identifier is longer than 100 bytes"}};
  }
  if (refuse_unknown_ && !identifier.empty() && by_identifier_.count(identifier) == 0) {
    return Failed{InvalidRequest{"clock_identifier is unknown"}};
  }
  std::optional<Estimate> estimate;
  if (request.has_previous_round_trip()) {
    if (identifier.empty()) {
      return Failed{
          InvalidRequest{"clock_identifier is empty although previous_round_trip is set"}};
    }
    const TimeSyncRoundTrip& trip = request.previous_round_trip();
    const auto client_tx = SinceEpoch(trip.client_tx());
    const auto server_rx = SinceEpoch(trip.server_rx());
    const auto server_tx = SinceEpoch(trip.server_tx());
    const auto client_rx = SinceEpoch(trip.client_rx());
    if (!client_tx || !server_rx || !server_tx || !client_rx) {
      return Failed{InvalidRequest{
          "previous_round_trip has a time that is none or not between 1970 and 2106"}};
    }
    // Less than nothing is what clocks of different speed can make of it.
    const Duration trip_time = (*client_rx - *client_tx) - (*server_tx - *server_rx);
    const Duration skew = ((*server_rx - *client_tx) + (*server_tx - *client_rx)) / 2;
    estimate = Estimate{std::max(trip_time, Duration(0)), skew, now};
  }

  Clock& clock = Recall(identifier);
  const auto set = [](const Estimate& from, TimeSyncEstimate& to) {
    SetDuration(from.round_trip, *to.mutable_round_trip_time());
    SetDuration(from.skew, *to.mutable_clock_skew());
  };
  if (estimate) {
    ++clock.samples;
    clock.recent.push_back(*estimate);
    if (clock.recent.size() > kRecent) clock.recent.pop_front();
    set(*estimate, *response.mutable_previous_estimate());
  }
  response.set_clock_identifier(clock.identifier);
  TimeSyncState& state = *response.mutable_state();
  state.set_status(clock.samples < samples_needed_ ? TimeSyncState::STATUS_MORE_SAMPLES_NEEDED
                                                   : TimeSyncState::STATUS_OK);
  if (!clock.recent.empty()) {
    const auto best = std::min_element(
        clock.recent.begin(), clock.recent.end(),
        [](const Estimate& a, const Estimate& b) { return a.round_trip < b.round_trip; });
    set(*best, *state.mutable_best_estimate());
    SetTimestamp(best->measured, *state.mutable_measurement_time());
  }
  return Done{};
}

// A name that is not known, because the robot has restarted or because there were too many, is
// taken over: the client goes on, with nothing measured yet.
TimeSync::Clock& TimeSync::Recall(const std::string& identifier) {
  const auto found = by_identifier_.find(identifier);
  if (found != by_identifier_.end()) {
    clocks_.splice(clocks_.begin(), clocks_, found->second);
    return clocks_.front();
  }
  if (clocks_.size() >= kMostClocks) {
    by_identifier_.erase(clocks_.back().identifier);
    clocks_.pop_back();
  }
  Clock& clock = clocks_.emplace_front();
  clock.identifier = identifier.empty() ? payload_manager::MakeUuid(random_) : identifier;
  by_identifier_.emplace(clock.identifier, clocks_.begin());
  return clock;
}

void TimeSync::Reboot() {
  if (undo_ != nullptr) {
    undo_->Note([this, before = clocks_] {
      clocks_ = before;
      by_identifier_.clear();
      for (auto clock = clocks_.begin(); clock != clocks_.end(); ++clock) {
        by_identifier_.emplace(clock->identifier, clock);
      }
    });
  }
  clocks_.clear();
  by_identifier_.clear();
}

}  // namespace mock_robot
