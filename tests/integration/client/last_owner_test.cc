// Completions that own the connection whose call they end, and nobody else does.
#include <future>
#include <memory>

#include "payload_manager/payload_registration_client.h"
#include "tests/integration/client/client_fixture.h"
#include "tests/support/raw_peer.h"

namespace payload_manager::testing {
namespace {

namespace api = bosdyn::api;

bool HappensSoon(const std::future<void>& event) {
  return event.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
}

// The only owner, with a word to say once it has let go.
template <typename Owned>
class LastOwner {
 public:
  explicit LastOwner(std::shared_ptr<Owned> owned) : owned_(std::move(owned)) {}
  ~LastOwner() {
    owned_.reset();
    let_go_.set_value();
  }
  LastOwner(const LastOwner&) = delete;
  LastOwner& operator=(const LastOwner&) = delete;
  std::future<void> LetGo() { return let_go_.get_future(); }
  Owned& operator*() { return *owned_; }

 private:
  std::shared_ptr<Owned> owned_;
  std::promise<void> let_go_;
};

class LastOwners : public AgainstScriptedRobot {
 protected:
  LastOwners() {
    robot_.Answers("GetPayloadAuthToken", WithStatus<api::GetPayloadAuthTokenResponse>(3));
    robot_.Parks("RegisterPayload");
  }
  // Makes a call whose completion is the connection's last owner; tells when it has let go.
  std::future<void> CallFromLastOwner(std::shared_ptr<RobotConnection> connection,
                                      const CallOptions& options) {
    auto owner = std::make_shared<LastOwner<RobotConnection>>(std::move(connection));
    auto let_go = owner->LetGo();
    RobotConnection& robot = **owner;
    robot.GetPayloadAuthTokenAsync(
        mine_, options, [this, owner = std::move(owner)](const Outcome<Secret>& outcome) {
          ended_ = KindOf(outcome);
        });
    return let_go;
  }
  std::string ended_;  // read after LetGo
};

TEST_F(LastOwners, MayBeTheCompletionOfACall) {
  EXPECT_TRUE(HappensSoon(CallFromLastOwner(std::move(connection_), Soon())));
  EXPECT_EQ(ended_, Name(FailureKind::kPayloadNotAuthorized));
}

TEST_F(LastOwners, MayHoldAClient) {
  using Client = const PayloadRegistrationClient;
  auto owner = std::make_shared<LastOwner<Client>>(
      std::make_shared<Client>(std::shared_ptr<RobotConnection>(std::move(connection_))));
  const auto let_go = owner->LetGo();
  Client& client = **owner;
  client.GetPayloadAuthTokenAsync(
      mine_, [owner = std::move(owner)](const Outcome<Secret>&) {}, Soon());
  EXPECT_TRUE(HappensSoon(let_go));
}

TEST_F(LastOwners, EndTheCallsThatAreStillInFlight) {
  Awaited<Done> parked;
  connection_->RegisterPayloadAsync({}, mine_.secret, Soon(), parked.completion());
  ASSERT_TRUE(robot_.WaitForCall("RegisterPayload"));
  EXPECT_TRUE(HappensSoon(CallFromLastOwner(std::move(connection_), Soon())));
  EXPECT_EQ(KindOf(parked.Get()), Name(FailureKind::kCancelled));
  EXPECT_TRUE(robot_.WaitForGivenUp("RegisterPayload"));
}

TEST_F(LastOwners, MayLetGoWithinTheVerb) {
  CallOptions unsendable;
  unsendable.metadata = {{"Upper-Case", "x"}};
  Awaited<Done> parked;
  connection_->RegisterPayloadAsync({}, mine_.secret, Soon(), parked.completion());
  EXPECT_TRUE(HappensSoon(CallFromLastOwner(std::move(connection_), unsendable)));
  EXPECT_EQ(KindOf(parked.Get()), Name(FailureKind::kCancelled));
}

TEST_F(LastOwners, MayLetGoAfterADiagnosis) {
  TestAuthority authority("Test Root");
  const ScriptedRobot expired(authority.IssueExpired({"*.spot.robot"}));
  ConnectionOptions options;
  options.robot = {"127.0.0.1", expired.port()};
  options.root_certificates_pem = authority.root_pem();
  EXPECT_TRUE(HappensSoon(CallFromLastOwner(MustConnect(options), Soon())));
  EXPECT_EQ(ended_, Name(FailureKind::kUnableToConnect));
}

TEST_F(LastOwners, LeaveNoConnectionBehind) {
  std::promise<void> closed;
  const auto is_closed = closed.get_future();
  const auto answer = AnswerHttp({{{":status", "403"}, {"content-type", "text/plain"}}});
  const RawPeer peer([&](RawConnection& connection) {
    answer(connection);
    connection.ReceiveUntilTheEnd();
    closed.set_value();
  });
  EXPECT_TRUE(HappensSoon(CallFromLastOwner(MustConnect(Plain(peer.port())), Soon())));
  EXPECT_EQ(ended_, Name(FailureKind::kPermissionDenied));
  EXPECT_TRUE(HappensSoon(is_closed));
}

}  // namespace
}  // namespace payload_manager::testing
