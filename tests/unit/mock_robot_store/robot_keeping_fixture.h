// A robot on a disk that does what a test says.
#pragma once

#include <future>

#include "auth/token.h"
#include "robot/robot.h"
#include "tests/support/manual_clock.h"
#include "tests/unit/mock_robot_store/fake_store.h"

namespace mock_robot::testing {

namespace api = bosdyn::api;
using payload_manager::Secret;
using payload_manager::testing::ManualClock;

class RobotKeeping : public ::testing::Test {
 protected:
  OpenedState State() {
    OpenedState state;
    state.store = std::make_unique<FakeStore>(disk_);
    state.kept.signing_key = key_;
    int ordinal = 0;
    for (const auto& [guid, record] : disk_->payloads()) {
      state.kept.registry.payloads.push_back(record);
      state.kept.registry.last_epoch = std::max(state.kept.registry.last_epoch, record.epoch);
      ++ordinal;
    }
    return state;
  }
  // Kept by an earlier start: nobody has proven her password, "right", to this robot.
  void StartAgainWithAnna() {
    robot_.reset();
    OpenedState state = State();
    state.kept.users.users.push_back(
        {"anna", StretchedPassword("right", payload_manager::SystemRandom()), 1});
    state.kept.users.last_epoch = 1;
    robot_ = std::make_unique<Robot>(Options(), std::move(state));
  }
  MockRobotOptions Options() {
    MockRobotOptions options;
    options.clock = &clock_;
    return options;
  }

  // A call on its way: what it was answered, and whether that has left.
  template <typename Response>
  struct Sent {
    Response response;
    CallStatus status = CallStatus::kOk;
    std::promise<bool> left;
    std::future<bool> kept = left.get_future();

    bool waits() { return kept.wait_for(std::chrono::seconds(0)) == std::future_status::timeout; }
  };
  template <typename Response, typename Request>
  std::unique_ptr<Sent<Response>> Send(const Request& request, const std::string& token = {}) {
    auto sent = std::make_unique<Sent<Response>>();
    sent->status = robot_->Serve(token, request, sent->response);
    robot_->WhenKept(sent->status.until_kept,
                     [out = sent.get()](bool kept) { out->left.set_value(kept); });
    return sent;
  }
  auto Register(const std::string& guid) {
    api::RegisterPayloadRequest request;
    request.mutable_payload()->set_guid(guid);
    request.set_payload_secret("secret");
    return Send<api::RegisterPayloadResponse>(request);
  }
  auto AskForToken(const std::string& guid) {
    api::GetPayloadAuthTokenRequest request;
    request.mutable_payload_credentials()->set_guid(guid);
    request.mutable_payload_credentials()->set_secret("secret");
    return Send<api::GetPayloadAuthTokenResponse>(request);
  }
  auto List(const std::string& token) {
    return Send<api::ListPayloadsResponse>(api::ListPayloadsRequest(), token);
  }
  auto AskForId() { return Send<api::RobotIdResponse>(api::RobotIdRequest()); }
  std::string Token(const std::string& guid) {
    auto sent = AskForToken(guid);
    EXPECT_TRUE(sent->kept.get());
    return sent->response.token();
  }
  std::size_t Payloads() { return robot_->Snapshot().payloads.size(); }

  // The robot's program starts again, with these options.
  void StartAgain(const MockRobotOptions& options) {
    robot_.reset();
    robot_ = std::make_unique<Robot>(options, State());
  }

  ManualClock clock_;
  Secret key_ = TokenSigner::MakeKey();
  std::shared_ptr<FakeDisk> disk_ = std::make_shared<FakeDisk>();
  std::unique_ptr<Robot> robot_ = std::make_unique<Robot>(Options(), State());
};

}  // namespace mock_robot::testing
