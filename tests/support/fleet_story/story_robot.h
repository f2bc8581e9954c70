// A robot of the story: the mock's rules behind the seam, with troubles on the way and a watch on
// everything that is asked of it. No sockets; time is virtual.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "mock_robot/registry.h"
#include "payload_manager/payload_sessions.h"
#include "payload_manager/robot_connection.h"
#include "schedule/back_off.h"
#include "tests/support/fleet_story/script.h"
#include "tests/support/fleet_story/watches.h"
#include "tests/support/virtual_runtime.h"

namespace payload_manager::testing {

enum class StoryVerb : std::uint8_t { kRegister, kVersion, kToken, kAttach, kList, kRefresh };
inline constexpr int kStoryVerbs = 6;

// Counted over all robots of a story.
struct StoryTally {
  std::array<std::uint64_t, kStoryVerbs> calls{};
  std::uint64_t lost = 0;  // calls that failed in transport
  std::uint64_t limited = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t probes = 0;
  int under_way = 0;
  int most_under_way = 0;
  // Folds in every call with its instant and how it ended: equal for equal stories.
  std::uint64_t fingerprint = 14695981039346656037U;
  void Fold(std::uint64_t value);
};

// Keeps the contract of the seam (timeouts, cancellation, one completion each, never inside the
// verb). Threads: the virtual runtime's. Must not be destroyed with a call under way.
class StoryRobot final : public RobotConnection {
 public:
  struct Options {
    std::string name;
    std::uint64_t seed = 1;
    // What the robot allows, and what the payload manager was told to keep to.
    PacingOptions limits = {10, 5};
    PacingOptions pace = {};
    // One way, up to; zero: calls arrive at once.
    Duration farthest{0};
  };
  StoryRobot(std::shared_ptr<VirtualRuntime> runtime, Options options, StoryTally& tally,
             Violations& violations);
  ~StoryRobot() override;

  // Told of every beat that was answered.
  std::function<void(const std::string& guid)> heard;

  void Begin(Trouble trouble) { ++troubles_[static_cast<std::size_t>(trouble)]; }
  void End(Trouble trouble) { --troubles_[static_cast<std::size_t>(trouble)]; }
  // Everything is gone, as after a factory reset.
  void Erase();
  void VoidTokens() { tokens_voided_at_ = runtime_->Elapsed(); }
  // For tests of the watches: behind the back of the story.
  void VoidTokensUnseen() { oldest_good_token_ = runtime_->Elapsed(); }

  // What the administrator and thieves use.
  mock_robot::Registry& registry() { return *registry_; }
  mock_robot::RobotTime Now() const { return runtime_->clock().WallNow(); }
  bool TokenHolds(std::string_view token) const;
  std::optional<Duration> tokens_voided_at() const { return tokens_voided_at_; }
  // The latest version that was ever set for the payload; 0: none.
  int LatestVersion(const std::string& guid) const;
  int in_flight() const { return in_flight_; }

  void RegisterPayloadAsync(const bosdyn::api::Payload& payload, const Secret& secret,
                            const CallOptions& options, Completion<Done> done) override;
  void UpdatePayloadVersionAsync(const PayloadCredentials& credentials,
                                 const bosdyn::api::SoftwareVersion& version,
                                 const CallOptions& options, Completion<Done> done) override;
  void GetPayloadAuthTokenAsync(const PayloadCredentials& credentials, const CallOptions& options,
                                Completion<Secret> done) override;
  void UpdatePayloadAttachedAsync(const PayloadCredentials& credentials, Attachment attachment,
                                  const CallOptions& options, Completion<Done> done) override;
  void ListPayloadsAsync(const Secret& token, const CallOptions& options,
                         Completion<bosdyn::api::ListPayloadsResponse> done) override;
  void RefreshTokenAsync(const Secret& token, const CallOptions& options,
                         Completion<Secret> done) override;
  void AuthenticateAsync(const std::string& user, const Secret& password,
                         const CallOptions& options, Completion<Secret> done) override;

  // Nothing in a story may block: each is a violation.
  Outcome<Done> RegisterPayload(const bosdyn::api::Payload&, const Secret&,
                                const CallOptions&) override;
  Outcome<Done> UpdatePayloadVersion(const PayloadCredentials&, const bosdyn::api::SoftwareVersion&,
                                     const CallOptions&) override;
  Outcome<Secret> GetPayloadAuthToken(const PayloadCredentials&, const CallOptions&) override;
  Outcome<Done> UpdatePayloadAttached(const PayloadCredentials&, Attachment,
                                      const CallOptions&) override;
  Outcome<bosdyn::api::ListPayloadsResponse> ListPayloads(const Secret&,
                                                          const CallOptions&) override;
  Outcome<Secret> RefreshToken(const Secret&, const CallOptions&) override;
  Outcome<Secret> Authenticate(const std::string&, const Secret&, const CallOptions&) override;

 private:
  template <typename T>
  struct Flight;
  // What the robot, or what lies before it, does with a call that arrives now.
  struct Fate {
    bool acts = true;
    bool answers = true;
    std::optional<FailureKind> failure = std::nullopt;
    Duration delay{0};  // of the answer
  };

  bool Has(Trouble trouble) const { return troubles_[static_cast<std::size_t>(trouble)] > 0; }
  bool Tails() { return dice_.UpTo(Duration(2)) == Duration(0); }
  Duration OneWay();
  Fate FateOf(StoryVerb verb);
  // `act(arguments...)` has the effect and makes the answer; the arguments are copied only when the
  // call takes time to arrive.
  template <typename T, typename Act, typename... Arguments>
  void Start(StoryVerb verb, std::string guid, const CallOptions& options, Completion<T> done,
             const Act& act, const Arguments&... arguments);
  template <typename T, typename Act>
  void Arrive(const std::shared_ptr<Flight<T>>& flight, const Act& act);
  template <typename T>
  void End(const std::shared_ptr<Flight<T>>& flight, const Outcome<T>& outcome);
  void NoteSent(StoryVerb verb);
  void NoteArrived(StoryVerb verb);
  template <typename T>
  void NoteGone(const Flight<T>& flight);
  void Tell(bool out_of_reach);
  Secret NewToken(const std::string& guid, std::uint64_t epoch);
  static std::string GuidOf(const Secret& token);
  Failed<Failure> Blocked();
  void Wrong(const std::string& what);

  const std::shared_ptr<VirtualRuntime> runtime_;
  const Options options_;
  StoryTally& tally_;
  Violations& violations_;
  Jitter dice_;
  std::unique_ptr<mock_robot::Registry> registry_;
  std::array<int, kTroubles> troubles_{};
  std::optional<Duration> tokens_voided_at_;
  Duration oldest_good_token_{0};
  std::uint64_t tokens_ = 0;
  int in_flight_ = 0;
  int under_way_ = 0;  // of these, what was not given up

  RateWatch registrations_sent_, auths_sent_;
  RateWatch registrations_arrived_, auths_arrived_;
  ProbeWatch probes_;
  TimePoint heard_from_at_ = TimePoint::min();     // an answer of a call that judges the robot
  int tellings_ = 0;                               // to the watch above, posted and not yet there
  std::unordered_map<std::string, int> calls_of_;  // under way, by GUID
  std::unordered_map<std::string, int> latest_version_;
};

}  // namespace payload_manager::testing
