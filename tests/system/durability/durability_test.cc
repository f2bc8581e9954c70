// A mock robot is killed again and again while clients change what it keeps, each time at another
// point, and started again on its file: everything that was answered is there, what was not is
// there as a whole or not at all, and nothing else is.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <thread>

#include "bosdyn/api/auth.pb.h"
#include "mock_robot/mock_robot_process.h"
#include "process/child_process.h"
#include "tests/system/durability/client.h"

namespace durability {
namespace {

namespace fs = std::filesystem;
using mock_robot::MockRobotProcess;
using payload_manager::testing::WithToken;

constexpr int kClients = 8;
constexpr std::uint64_t kMostPerRound = 250;
constexpr int kKillsPerStart = 3;

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Durability : public ::testing::Test {
 protected:
  Durability() {
    std::string name = ::testing::TempDir() + "durability.XXXXXX";
    folder_ = ::mkdtemp(name.data());
    std::ofstream(folder_ / "users") << "anna:annas-password\n";
    fs::permissions(folder_ / "users", fs::perms::owner_read | fs::perms::owner_write);
    for (int i = 0; i < kClients; ++i) {
      clients_.push_back(
          std::make_unique<Client>(i, seed_ * 1000 + static_cast<unsigned>(i), expirations_));
    }
  }
  ~Durability() override {
    robot_.reset();
    if (HasFailure()) {
      std::cerr << "seed " << seed_ << "; what is left is in " << folder_ << "\n";
    } else {
      fs::remove_all(folder_);
    }
  }

  std::string State() const { return "--state=" + (folder_ / "state").string(); }
  std::string Users() const { return "--users=" + (folder_ / "users").string(); }

  void Start(std::vector<std::string> more = {}) {
    const auto begun = std::chrono::steady_clock::now();
    mock_robot::MockRobotProcessOptions options;
    options.programs = PROGRAMS_DIR;
    options.tls = false;
    options.arguments = std::move(more);
    options.arguments.push_back(State());
    options.patience = std::chrono::seconds(30);
    auto started = MockRobotProcess::Start(options);
    ASSERT_TRUE(started.ok()) << started.error().message;
    robot_ = *std::move(started);
    start_takes_ = std::chrono::steady_clock::now() - begun;
  }

  // Starts a robot and kills it at some moment before, or soon after, it serves.
  void KillWhileItStarts(std::vector<std::string> arguments) {
    using std::chrono::nanoseconds;
    const auto longest = static_cast<std::uint64_t>(nanoseconds(start_takes_).count()) + 1;
    const auto moment = nanoseconds(static_cast<std::int64_t>(random_() % longest));
    SCOPED_TRACE("killed " + std::to_string(moment.count() / 1000) + " us after it was started");
    arguments.insert(arguments.end(), {State(), "--insecure", "--until-stdin-ends"});
    auto child = mock_robot::ChildProcess::Start(fs::path(PROGRAMS_DIR) / "mock-robot", arguments);
    ASSERT_TRUE(child.ok()) << child.error().message;
    constexpr int kKilled = 128 + SIGKILL;
    EXPECT_EQ(child->Wait(std::chrono::steady_clock::now() + moment), kKilled)
        << child->said().errors();
    ++(child->said().output().empty() ? killed_before_it_served_ : killed_afterwards_);
  }

  // Lets the clients work until `enough` requests were answered and a little longer, then kills it.
  void WorkAndKill(std::uint64_t enough, std::uint64_t a_little) {
    std::atomic<std::uint64_t> answered = 0;
    std::vector<std::future<std::string>> ends;
    for (const auto& client : clients_) {
      ends.push_back(std::async(std::launch::async, [&, one = client.get()] {
        std::string wrong = one->Work(robot_->address(), robot_->admin_address(), answered);
        answered += kMostPerRound;  // whoever ends early lets the round end
        answered.notify_all();
        return wrong;
      }));
    }
    for (std::uint64_t seen = answered; seen < enough; seen = answered) answered.wait(seen);
    for (std::uint64_t i = 0; i < a_little; ++i) std::this_thread::yield();
    robot_->Kill();
    for (auto& end : ends) EXPECT_EQ(end.get(), "");
  }

  std::string LogIn(WireClient& wire) {
    api::GetAuthTokenRequest login;
    login.set_username("anna");
    login.set_password("annas-password");
    api::GetAuthTokenResponse user;
    EXPECT_TRUE(wire.Call("bosdyn.api.AuthService/GetAuthToken", login, &user).ok());
    EXPECT_FALSE(user.token().empty());
    return user.token();
  }
  static WireStatus List(WireClient& wire, const std::string& token,
                         api::ListPayloadsResponse& list) {
    return wire.Call("bosdyn.api.PayloadService/ListPayloads", api::ListPayloadsRequest(), &list,
                     WithToken(token));
  }

  void ExpectEverythingThere() {
    WireClient wire(robot_->address(), "");
    api::ListPayloadsResponse list;
    const WireStatus listing = List(wire, LogIn(wire), list);
    ASSERT_TRUE(listing.ok()) << listing.message;
    std::vector<api::Payload> listed(list.payloads().begin(), list.payloads().end());
    for (const auto& client : clients_) EXPECT_EQ(client->Compare(listed), "");
    for (const api::Payload& payload : listed) ADD_FAILURE() << payload.ShortDebugString();
    expirations_.done = expirations_.begun.load();  // the last one took effect now, or never will
    const auto opens = [&](const std::string& token) {
      api::ListPayloadsResponse ignored;
      return List(wire, token, ignored).ok();
    };
    for (const auto& client : clients_) {
      const auto good = client->GoodTokens();
      EXPECT_TRUE(good.empty() || opens(good.front()));
      EXPECT_FALSE(!client->VoidTokens().empty() && opens(client->VoidTokens().back()));
    }
  }

  const std::uint64_t seed_ = FromEnvironment("DURABILITY_SEED", 1);
  const std::uint64_t rounds_ = FromEnvironment("DURABILITY_ROUNDS", 6);
  std::mt19937_64 random_{seed_};
  fs::path folder_;
  payload_manager::Duration start_takes_ = std::chrono::milliseconds(100);
  int killed_before_it_served_ = 0;
  int killed_afterwards_ = 0;
  Expirations expirations_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::unique_ptr<MockRobotProcess> robot_;
};

TEST_F(Durability, OfEverythingThatWasAnsweredThroughKillsAtAnyMoment) {
  Start({Users()});
  std::size_t most = 0;
  for (std::uint64_t round = 0; round < rounds_ && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    WorkAndKill(random_() % kMostPerRound, random_() % 3000);
    // Now there is a log to be read back, and a file to be taken over from a robot that has died.
    for (int i = 0; i < kKillsPerStart; ++i) KillWhileItStarts({});
    Start();
    ExpectEverythingThere();
    std::size_t payloads = 0;
    for (const auto& client : clients_) payloads += client->payloads();
    most = std::max(most, payloads);
  }
  EXPECT_GT(most, 0u) << "nothing was ever changed, so nothing was tested";
  EXPECT_GT(expirations_.done, 0u);
  EXPECT_GT(killed_before_it_served_, 0);
  // A proper end changes nothing either.
  EXPECT_EQ(robot_->Stop(), 0);
  Start();
  ExpectEverythingThere();
}

// A file that is made is whole from the first moment, whenever its maker dies.
TEST_F(Durability, OfAFileThatIsMadeThroughKillsAtAnyMoment) {
  for (std::uint64_t round = 0; round < rounds_ && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    for (const char* suffix : {"", "-wal", "-shm"}) {
      fs::remove((folder_ / "state").string() + suffix);
    }
    for (int i = 0; i < kKillsPerStart; ++i) KillWhileItStarts({Users()});
    Start({Users()});
    std::string token;
    {
      WireClient wire(robot_->address(), "");
      token = LogIn(wire);
    }
    robot_->Kill();
    Start();
    WireClient wire(robot_->address(), "");
    api::ListPayloadsResponse list;
    EXPECT_TRUE(List(wire, token, list).ok());
    EXPECT_EQ(list.payloads_size(), 0);
    robot_->Kill();
  }
  EXPECT_GT(killed_before_it_served_, 0);
}

TEST_F(Durability, OfExpiredTokensThroughAKillRightAfterTheAnswer) {
  Start({Users()});
  for (std::uint64_t round = 0; round < rounds_; ++round) {
    WireClient wire(robot_->address(), "");
    WireClient admin(robot_->admin_address(), "");
    const std::string token = LogIn(wire);
    mock_robot::v1::InjectFaultRequest request;
    request.mutable_fault()->mutable_expire_tokens();
    mock_robot::v1::InjectFaultResponse response;
    const std::string inject = "mock_robot.v1.MockRobotFaults/InjectFault";
    ASSERT_TRUE(admin.Call(inject, request, &response).ok());
    robot_->Kill();
    Start();
    WireClient again(robot_->address(), "");
    api::ListPayloadsResponse list;
    EXPECT_EQ(List(again, token, list).code, "UNAUTHENTICATED");
    EXPECT_TRUE(List(again, LogIn(again), list).ok());
  }
}

}  // namespace
}  // namespace durability
