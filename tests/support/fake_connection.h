// A robot that answers what the test says, after as much virtual time as the test says.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "payload_manager/robot_connection.h"
#include "tests/support/virtual_runtime.h"

namespace payload_manager::testing {

enum class Verb { kRegister, kVersion, kToken, kAttach, kDetach, kList, kRefresh };
const char* ToString(Verb verb);

// What the robot does with one call. With `failure` the call fails so; else it succeeds with the
// token (token calls) or the payloads (list).
struct Reply {
  Duration latency{0};
  std::optional<FailureKind> failure = std::nullopt;
  std::string token = "token";
  std::vector<bosdyn::api::Payload> payloads = {};
};
inline Reply Ok(Duration latency = {}) { return Reply{latency}; }
inline Reply Fails(FailureKind kind, Duration latency = {}) { return Reply{latency, kind}; }

struct Call {
  Verb verb;
  Duration at;  // since the beginning of virtual time
  std::string guid;
  std::string secret;  // or the token
  std::optional<Duration> timeout;
  bosdyn::api::Payload payload = {};          // of kRegister
  bosdyn::api::SoftwareVersion version = {};  // of kVersion
};

// Keeps the contract of the seam: timeouts and cancellation end a call, and each completion runs
// once, normally never inside the verb that started it. Threads: the virtual runtime's.
class FakeConnection final : public RobotConnection {
 public:
  explicit FakeConnection(std::shared_ptr<VirtualRuntime> runtime) : runtime_(std::move(runtime)) {}

  // Decides every call; without it each succeeds at once.
  std::function<Reply(const Call&)> script;
  // What takes no time is answered within the verb, which the seam allows as well.
  bool answers_inside_the_verb = false;
  // Against the contract: a cancelled call is answered as if it had not been.
  bool ignores_cancellation = false;
  std::vector<Call> calls;
  int in_flight = 0;
  int most_in_flight = 0;

  // When calls of this kind were sent, in seconds since the beginning.
  std::vector<double> SecondsOf(Verb verb) const;
  std::size_t Count(Verb verb) const { return SecondsOf(verb).size(); }

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

  // Nothing under test may block: these fail the test.
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
  // `complete` gets the reply, or the failure that timeout or cancellation made of it.
  void Start(Call call, const CallOptions& options, std::function<void(const Reply&)> complete);

  std::shared_ptr<VirtualRuntime> runtime_;
};

}  // namespace payload_manager::testing
