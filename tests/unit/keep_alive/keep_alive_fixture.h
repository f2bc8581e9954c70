// A keep-alive in virtual time on a robot that answers what the test says.
#pragma once

#include <gmock/gmock.h>

#include <deque>

#include "payload_manager/errors.h"
#include "payload_manager/payload_registration_keep_alive.h"
#include "tests/support/payload_story.h"

namespace payload_manager::testing {

class KeepAliveFixture : public ::testing::Test {
 protected:
  KeepAliveFixture() {
    connection_->script = [this](const Call&) {
      if (answers_.empty()) return rest_;
      Reply next = answers_.front();
      answers_.pop_front();
      return next;
    };
  }

  // The robot gives these answers one after the other, and then always the last.
  void Answers(std::initializer_list<Reply> replies) {
    answers_.assign(replies.begin(), replies.end() - 1);
    rest_ = *(replies.end() - 1);
  }

  PayloadRegistrationKeepAlive& Make(KeepAliveOptions options = {}) {
    options.runtime = runtime_;
    keep_alive_.emplace(connection_, *MakePayload("lidar-guid-0001"), Secret("lidar secret"),
                        std::move(options));
    return *keep_alive_;
  }
  // With a callback that gives these actions, and then always the last.
  PayloadRegistrationKeepAlive& MakeWithActions(std::initializer_list<KeepAliveAction> actions,
                                                KeepAliveOptions options = {}) {
    actions_.assign(actions.begin(), actions.end());
    options.error_callback = [this](const Failure& failure) {
      reported_.push_back(failure.kind);
      const KeepAliveAction action = actions_.front();
      if (actions_.size() > 1) actions_.pop_front();
      return action;
    };
    return Make(std::move(options));
  }
  // The exact instants of the attempts so far, in seconds since the beginning.
  std::vector<double> Attempts() const { return connection_->SecondsOf(Verb::kRegister); }
  FailureKind WhyStartFails() {
    try {
      keep_alive_->Start();
    } catch (const Error& error) {
      return error.kind();
    }
    ADD_FAILURE() << "Start did not throw";
    return FailureKind::kOtherRpc;
  }

  std::shared_ptr<VirtualRuntime> runtime_ = std::make_shared<VirtualRuntime>();
  std::shared_ptr<FakeConnection> connection_ = std::make_shared<FakeConnection>(runtime_);
  std::deque<Reply> answers_;
  Reply rest_;
  std::deque<KeepAliveAction> actions_;
  std::vector<FailureKind> reported_;
  // The last member: it ends before what its callbacks use.
  std::optional<PayloadRegistrationKeepAlive> keep_alive_;
};

}  // namespace payload_manager::testing
