// An environment for payloadctl without sockets or a terminal: robots that give scripted answers.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "tests/support/temporary_folder.h"
#include "tools/payloadctl/run.h"

namespace payload_manager::payloadctl {

// What the fake robot knows and saw. Outcomes not set are success.
struct FakeRobotState {
  std::optional<Failure> failure;  // of every call
  std::optional<Failure> list_failure;
  bosdyn::api::ListPayloadsResponse payloads;
  std::vector<std::string> calls;
  std::vector<bosdyn::api::Payload> registered;
  std::optional<Duration> timeout;
};

class FakeRobot : public RobotConnection {
 public:
  explicit FakeRobot(FakeRobotState& state) : state_(state) {}

  Outcome<Done> RegisterPayload(const bosdyn::api::Payload& payload, const Secret& secret,
                                const CallOptions& options) override {
    state_.registered.push_back(payload);
    return Answer("register " + payload.guid() + ' ' + std::string(secret.Reveal()), options);
  }
  Outcome<Done> UpdatePayloadVersion(const PayloadCredentials& credentials,
                                     const bosdyn::api::SoftwareVersion& version,
                                     const CallOptions& options) override {
    return Answer("version " + credentials.guid + ' ' + version.ShortDebugString(), options);
  }
  Outcome<Secret> GetPayloadAuthToken(const PayloadCredentials& credentials,
                                      const CallOptions& options) override {
    return Token("token " + credentials.guid + ' ' + std::string(credentials.secret.Reveal()),
                 options);
  }
  Outcome<Done> UpdatePayloadAttached(const PayloadCredentials& credentials, Attachment attachment,
                                      const CallOptions& options) override {
    return Answer((attachment == Attachment::kAttach ? "attach " : "detach ") + credentials.guid,
                  options);
  }
  Outcome<bosdyn::api::ListPayloadsResponse> ListPayloads(const Secret& token,
                                                          const CallOptions& options) override {
    state_.timeout = options.timeout;
    state_.calls.push_back("list " + std::string(token.Reveal()));
    if (state_.list_failure) return Failed{*state_.list_failure};
    return state_.payloads;
  }
  Outcome<Secret> RefreshToken(const Secret&, const CallOptions& options) override {
    return Token("refresh", options);
  }
  Outcome<Secret> Authenticate(const std::string& user, const Secret& password,
                               const CallOptions& options) override {
    return Token("authenticate " + user + ' ' + std::string(password.Reveal()), options);
  }

  // payloadctl waits for each answer.
  void RegisterPayloadAsync(const bosdyn::api::Payload&, const Secret&, const CallOptions&,
                            Completion<Done>) override {}
  void UpdatePayloadVersionAsync(const PayloadCredentials&, const bosdyn::api::SoftwareVersion&,
                                 const CallOptions&, Completion<Done>) override {}
  void GetPayloadAuthTokenAsync(const PayloadCredentials&, const CallOptions&,
                                Completion<Secret>) override {}
  void UpdatePayloadAttachedAsync(const PayloadCredentials&, Attachment, const CallOptions&,
                                  Completion<Done>) override {}
  void ListPayloadsAsync(const Secret&, const CallOptions&,
                         Completion<bosdyn::api::ListPayloadsResponse>) override {}
  void RefreshTokenAsync(const Secret&, const CallOptions&, Completion<Secret>) override {}
  void AuthenticateAsync(const std::string&, const Secret&, const CallOptions&,
                         Completion<Secret>) override {}

 private:
  Outcome<Done> Answer(std::string call, const CallOptions& options) {
    state_.calls.push_back(std::move(call));
    state_.timeout = options.timeout;
    if (state_.failure) return Failed{*state_.failure};
    return Done{};
  }
  Outcome<Secret> Token(std::string call, const CallOptions& options) {
    const auto answer = Answer(std::move(call), options);
    if (!answer.ok()) return Failed{answer.error()};
    return Secret("the-token");
  }

  FakeRobotState& state_;
};

struct FakeFaultState {
  std::optional<Failure> failure;  // of every call
  std::vector<::mock_robot::v1::Fault> injected;
  std::vector<::mock_robot::v1::FaultState> faults;
  std::vector<::mock_robot::v1::JournalEntry> journal;
  std::vector<std::string> calls;
  std::optional<Duration> timeout;
};

class FakeFaultAdmin : public FaultAdmin {
 public:
  explicit FakeFaultAdmin(FakeFaultState& state) : state_(state) {}

  Outcome<std::uint64_t> Inject(const ::mock_robot::v1::Fault& fault, const CallOptions&) override {
    state_.injected.push_back(fault);
    return Answer(state_.injected.size());
  }
  Outcome<std::vector<::mock_robot::v1::FaultState>> Faults(const CallOptions&) override {
    return Answer(state_.faults);
  }
  Outcome<Done> Remove(std::uint64_t id, const CallOptions&) override {
    state_.calls.push_back("remove " + std::to_string(id));
    return Answer(Done{});
  }
  Outcome<std::uint64_t> RemoveAll(const CallOptions&) override {
    state_.calls.push_back("remove all");
    return Answer(std::uint64_t{3});
  }
  Outcome<std::uint64_t> Release(std::uint64_t id, const CallOptions&) override {
    state_.calls.push_back("release " + std::to_string(id));
    return Answer(std::uint64_t{2});
  }
  Outcome<::mock_robot::v1::ReadJournalResponse> ReadJournal(
      const ::mock_robot::v1::ReadJournalRequest& request, const CallOptions&) override {
    state_.calls.push_back("journal " + request.ShortDebugString());
    ::mock_robot::v1::ReadJournalResponse response;
    for (const auto& entry : state_.journal) *response.add_entries() = entry;
    response.set_overwritten(5);
    return Answer(response);
  }
  Outcome<::mock_robot::v1::CountJournalResponse> CountJournal(
      const ::mock_robot::v1::CountJournalRequest& request, const CallOptions&) override {
    state_.calls.push_back("count " + request.ShortDebugString());
    ::mock_robot::v1::CountJournalResponse response;
    response.set_answered(7);
    response.set_exact(true);
    return Answer(response);
  }
  Outcome<::mock_robot::v1::AwaitJournalResponse> AwaitJournal(
      const ::mock_robot::v1::AwaitJournalRequest& request, const CallOptions& options) override {
    state_.calls.push_back("await " + request.ShortDebugString());
    state_.timeout = options.timeout;
    if (request.count() > 7) {
      return Failed{Failure{FailureKind::kTimedOut, "did not answer in time"}};
    }
    ::mock_robot::v1::AwaitJournalResponse response;
    response.set_answered(7);
    return Answer(response);
  }
  Outcome<Done> FollowJournal(const ::mock_robot::v1::FollowJournalRequest& request,
                              const CallOptions& options, const std::function<void()>& begun,
                              const Take& take) override {
    state_.calls.push_back("follow " + request.ShortDebugString());
    state_.timeout = options.timeout;
    if (!state_.failure) begun();
    for (const auto& entry : state_.journal) {
      ::mock_robot::v1::FollowJournalResponse response;
      *response.add_entries() = entry;
      response.set_missed(4);
      if (!take(response)) break;
    }
    return Answer(Done{});
  }

 private:
  template <typename T>
  Outcome<T> Answer(T value) {
    if (state_.failure) return Failed{*state_.failure};
    return value;
  }

  FakeFaultState& state_;
};

struct FakeAdminState {
  FakeFaultState faults;
  Outcome<AdminAnswer> answer = AdminAnswer{::mock_robot::v1::RESULT_OK, "done"};
  std::vector<::mock_robot::v1::PayloadState> payloads;
  std::vector<::mock_robot::v1::SoftwareState> software;
  std::vector<std::string> calls;
};

class FakeAdmin : public RobotAdmin {
 public:
  explicit FakeAdmin(FakeAdminState& state) : state_(state), faults_(state.faults) {}

  Outcome<std::vector<::mock_robot::v1::PayloadState>> List(const CallOptions&) override {
    if (!state_.answer.ok()) return Failed{state_.answer.error()};
    return state_.payloads;
  }
  Outcome<AdminAnswer> Authorize(const std::string& guid, const std::string& preset,
                                 const CallOptions&) override {
    return Answer("authorize " + guid + ' ' + preset);
  }
  Outcome<AdminAnswer> Deauthorize(const std::string& guid, const CallOptions&) override {
    return Answer("deauthorize " + guid);
  }
  Outcome<AdminAnswer> Reject(const std::string& guid, const CallOptions&) override {
    return Answer("reject " + guid);
  }
  Outcome<AdminAnswer> Forget(const std::string& guid, const CallOptions&) override {
    return Answer("forget " + guid);
  }
  Outcome<AdminAnswer> Reboot(const CallOptions&) override { return Answer("reboot"); }
  Outcome<AdvanceAnswer> Advance(Duration by, const CallOptions&) override {
    const auto answer = Answer("advance " + std::to_string(by.count()) + " ns");
    if (!answer.ok()) return Failed{answer.error()};
    AdvanceAnswer advanced{*answer, {}};
    advanced.now.set_seconds(1'777'863'721);
    return advanced;
  }
  Outcome<AdminAnswer> PromptPayload(const std::string& service,
                                     ::mock_robot::v1::PromptPayloadRequest::Prompt prompt,
                                     std::optional<Duration> patience,
                                     const CallOptions&) override {
    return Answer("prompt " + service + ' ' +
                  ::mock_robot::v1::PromptPayloadRequest::Prompt_Name(prompt) +
                  (patience ? ' ' + std::to_string(patience->count()) + " ns" : ""));
  }
  Outcome<std::vector<::mock_robot::v1::SoftwareState>> Software(const CallOptions&) override {
    if (!state_.answer.ok()) return Failed{state_.answer.error()};
    return state_.software;
  }
  Outcome<AdminAnswer> StageSoftware(const bosdyn::api::StagedSoftwarePackage& package,
                                     const CallOptions&) override {
    return Answer("stage " + package.ShortDebugString());
  }
  Outcome<AdminAnswer> UnstageSoftware(const std::string& package_name,
                                       const CallOptions&) override {
    return Answer("unstage " + package_name);
  }
  FaultAdmin& faults() override { return faults_; }

 private:
  Outcome<AdminAnswer> Answer(std::string call) {
    state_.calls.push_back(std::move(call));
    return state_.answer;
  }

  FakeAdminState& state_;
  FakeFaultAdmin faults_;
};

// Fills with 0, 1, 2, … so that identities are known.
class CountingRandom : public RandomSource {
 public:
  void Fill(std::span<unsigned char> bytes) override {
    for (unsigned char& byte : bytes) byte = next_++;
  }

 private:
  unsigned char next_ = 0;
};

class FakeEnvironment : public Environment {
 public:
  FakeRobotState robot;
  FakeAdminState admin;
  std::deque<std::string> passwords;  // what is typed when asked
  std::vector<ConnectionOptions> connected;
  std::vector<std::string> admins;

  std::ostream& out() override { return out_; }
  std::ostream& err() override { return err_; }
  RandomSource& random() override { return random_; }
  Checked<std::unique_ptr<RobotConnection>> ConnectRobot(
      const ConnectionOptions& options) override {
    connected.push_back(options);
    return std::unique_ptr<RobotConnection>(std::make_unique<FakeRobot>(robot));
  }
  std::unique_ptr<RobotAdmin> ConnectAdmin(const Address& address) override {
    admins.push_back(address.ToString());
    return std::make_unique<FakeAdmin>(admin);
  }
  Checked<Secret> AskPassword(const std::string& prompt) override {
    prompts.push_back(prompt);
    if (passwords.empty()) return Failed{Problem{"no terminal"}};
    Secret password(passwords.front());
    passwords.pop_front();
    return password;
  }
  std::vector<std::string> prompts;

  std::string output() const { return out_.str(); }
  std::string errors() const { return err_.str(); }

 private:
  std::ostringstream out_;
  std::ostringstream err_;
  CountingRandom random_;
};

// A folder whose files are private or not.
class TestFolder : public testing::TemporaryFolder {
 public:
  std::string Write(const std::string& name, const std::string& content, bool is_private) const {
    namespace fs = std::filesystem;
    const fs::path file = TemporaryFolder::Write(name, content);
    fs::permissions(file, is_private ? fs::perms::owner_read | fs::perms::owner_write
                                     : fs::perms::owner_read | fs::perms::others_read);
    return file.string();
  }
};

}  // namespace payload_manager::payloadctl
