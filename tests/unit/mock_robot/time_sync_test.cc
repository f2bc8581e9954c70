#include "time_sync/time_sync.h"

#include <limits>

#include "robot/timestamps.h"

namespace mock_robot {
namespace {

using bosdyn::api::TimeSyncState;
using bosdyn::api::TimeSyncUpdateRequest;
using bosdyn::api::TimeSyncUpdateResponse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr RobotTime kStart{std::chrono::hours(1)};

class TimeSyncTest : public testing::Test {
 protected:
  TimeSyncUpdateResponse Update(const TimeSyncUpdateRequest& request) {
    TimeSyncUpdateResponse response;
    EXPECT_TRUE(sync_.Update(request, kStart, response).ok());
    return response;
  }
  std::string Complaint(const TimeSyncUpdateRequest& request) {
    TimeSyncUpdateResponse response;
    const auto answer = sync_.Update(request, kStart, response);
    EXPECT_EQ(response.ByteSizeLong(), 0u);
    return answer.ok() ? "" : answer.error().message;
  }
  // A client whose clock is `ahead` of the robot's, and whose calls take `there` and `back`.
  static TimeSyncUpdateRequest RoundTrip(const std::string& identifier, milliseconds ahead,
                                         milliseconds there, milliseconds back) {
    TimeSyncUpdateRequest request;
    request.set_clock_identifier(identifier);
    auto& trip = *request.mutable_previous_round_trip();
    SetTimestamp(kStart + ahead, *trip.mutable_client_tx());
    SetTimestamp(kStart + there, *trip.mutable_server_rx());
    SetTimestamp(kStart + there + milliseconds(1), *trip.mutable_server_tx());
    SetTimestamp(kStart + there + milliseconds(1) + back + ahead, *trip.mutable_client_rx());
    return request;
  }

  TimeSync sync_;
};

TEST_F(TimeSyncTest, BeginsWithAnIdentifierAndNothingMeasured) {
  const auto first = Update({});
  EXPECT_NE(first.clock_identifier(), "");
  EXPECT_FALSE(first.has_previous_estimate());
  EXPECT_FALSE(first.state().has_best_estimate());
  EXPECT_EQ(first.state().status(), TimeSyncState::STATUS_MORE_SAMPLES_NEEDED);
  EXPECT_NE(Update({}).clock_identifier(), first.clock_identifier());
}

TEST_F(TimeSyncTest, IsDoneAfterAFewRoundTrips) {
  const std::string name = Update({}).clock_identifier();
  const auto trip = RoundTrip(name, seconds(20), milliseconds(4), milliseconds(6));
  for (int i = 0; i < 2; ++i) {
    const auto answer = Update(trip);
    EXPECT_EQ(answer.state().status(), TimeSyncState::STATUS_MORE_SAMPLES_NEEDED);
    EXPECT_EQ(answer.clock_identifier(), name);
  }
  const auto done = Update(trip);
  EXPECT_EQ(done.state().status(), TimeSyncState::STATUS_OK);
  EXPECT_EQ(done.previous_estimate().round_trip_time().nanos(), 10'000'000);
  EXPECT_EQ(done.previous_estimate().clock_skew().seconds(), -20);
  EXPECT_EQ(done.previous_estimate().clock_skew().nanos(), -1'000'000);
  EXPECT_EQ(done.state().measurement_time().seconds(), 3600);
}

TEST_F(TimeSyncTest, TrustsTheShortestOfTheRecentRoundTrips) {
  const std::string name = Update({}).clock_identifier();
  Update(RoundTrip(name, seconds(0), milliseconds(30), milliseconds(0)));
  Update(RoundTrip(name, seconds(0), milliseconds(1), milliseconds(1)));
  const auto long_one = RoundTrip(name, seconds(0), milliseconds(30), milliseconds(0));
  auto answer = Update(long_one);
  EXPECT_EQ(answer.previous_estimate().round_trip_time().nanos(), 30'000'000);
  EXPECT_EQ(answer.state().best_estimate().round_trip_time().nanos(), 2'000'000);
  for (std::size_t i = 0; i < TimeSync::kRecent; ++i) answer = Update(long_one);
  EXPECT_EQ(answer.state().best_estimate().round_trip_time().nanos(), 30'000'000);
}

TEST_F(TimeSyncTest, CountsForEachClockAlone) {
  const std::string one = Update({}).clock_identifier();
  const std::string two = Update({}).clock_identifier();
  for (int i = 0; i < 3; ++i) Update(RoundTrip(one, {}, {}, {}));
  EXPECT_EQ(Update(RoundTrip(two, {}, {}, {})).state().status(),
            TimeSyncState::STATUS_MORE_SAMPLES_NEEDED);
  EXPECT_EQ(Update(RoundTrip(one, {}, {}, {})).state().status(), TimeSyncState::STATUS_OK);
}

TEST_F(TimeSyncTest, WantsAnIdentifierWithARoundTrip) {
  EXPECT_THAT(Complaint(RoundTrip("", {}, {}, {})), HasSubstr("clock_identifier"));
}

TEST_F(TimeSyncTest, TakesOverAnIdentifierItDoesNotKnow) {
  const std::string name = Update({}).clock_identifier();
  for (int i = 0; i < 3; ++i) Update(RoundTrip(name, {}, {}, {}));
  sync_.Reboot();
  const auto answer = Update(RoundTrip(name, {}, {}, {}));
  EXPECT_EQ(answer.clock_identifier(), name);
  EXPECT_EQ(answer.state().status(), TimeSyncState::STATUS_MORE_SAMPLES_NEEDED);
}

TEST_F(TimeSyncTest, RefusesTimesThatAreNone) {
  const auto with = [&](std::int64_t second, std::int32_t nanos) {
    TimeSyncUpdateRequest request = RoundTrip("name", {}, {}, {});
    request.mutable_previous_round_trip()->mutable_server_tx()->set_seconds(second);
    request.mutable_previous_round_trip()->mutable_server_tx()->set_nanos(nanos);
    return Complaint(request);
  };
  EXPECT_THAT(with(-1, 0), HasSubstr("previous_round_trip"));
  EXPECT_THAT(with(1, -1), HasSubstr("previous_round_trip"));
  EXPECT_THAT(with(1, 1'000'000'000), HasSubstr("previous_round_trip"));
  EXPECT_THAT(with(std::numeric_limits<std::int64_t>::max(), 0), HasSubstr("previous_round_trip"));
  EXPECT_THAT(with(std::numeric_limits<std::int64_t>::min(), 0), HasSubstr("previous_round_trip"));
  EXPECT_THAT(Complaint([] {
                TimeSyncUpdateRequest request;
                request.set_clock_identifier(std::string(101, 'x'));
                return request;
              }()),
              HasSubstr("clock_identifier"));
}

// Clocks of different speed, or a clock that was set between: the answer is no worse than zero.
TEST_F(TimeSyncTest, MakesTheBestOfImpossibleRoundTrips) {
  TimeSyncUpdateRequest request = RoundTrip("name", {}, {}, {});
  request.mutable_previous_round_trip()->mutable_client_rx()->set_seconds(0);
  EXPECT_EQ(Update(request).previous_estimate().round_trip_time().seconds(), 0);
  auto& trip = *request.mutable_previous_round_trip();
  for (auto* stamp : {trip.mutable_client_tx(), trip.mutable_server_tx()}) {
    stamp->set_seconds(0xffff'ffff);
    stamp->set_nanos(999'999'999);
  }
  for (auto* stamp : {trip.mutable_client_rx(), trip.mutable_server_rx()}) stamp->Clear();
  EXPECT_EQ(Update(request).previous_estimate().round_trip_time().seconds(), 0);
}

TEST_F(TimeSyncTest, RemembersTheLatestThousandClocks) {
  const std::string first = Update({}).clock_identifier();
  const std::string second = Update({}).clock_identifier();
  for (const auto& name : {second, first}) {
    for (int i = 0; i < 3; ++i) Update(RoundTrip(name, {}, {}, {}));
  }
  for (std::size_t i = 0; i < TimeSync::kMostClocks - 1; ++i) Update({});
  EXPECT_EQ(Update(RoundTrip(first, {}, {}, {})).state().status(), TimeSyncState::STATUS_OK);
  EXPECT_EQ(Update(RoundTrip(second, {}, {}, {})).state().status(),
            TimeSyncState::STATUS_MORE_SAMPLES_NEEDED);
}

}  // namespace
}  // namespace mock_robot
