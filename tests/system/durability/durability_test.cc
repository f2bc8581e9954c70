// A mock robot is killed again and again while clients change what it keeps, each time at another
// point, and started again on its file: everything that was answered is there, what was not is
// there as a whole or not at all, and nothing else is.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <thread>

#include "bosdyn/api/auth.pb.h"
#include "mock_robot/mock_robot_process.h"
#include "tests/system/durability/client.h"

namespace durability {
namespace {

namespace fs = std::filesystem;
using mock_robot::MockRobotProcess;
using payload_manager::testing::WithToken;

constexpr int kClients = 8;
constexpr std::uint64_t kMostPerRound = 250;

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
      clients_.push_back(std::make_unique<Client>(i, seed_ * 1000 + static_cast<unsigned>(i)));
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

  void Start(std::vector<std::string> more = {}) {
    mock_robot::MockRobotProcessOptions options;
    options.programs = PROGRAMS_DIR;
    options.tls = false;
    options.arguments = std::move(more);
    options.arguments.push_back("--state=" + (folder_ / "state").string());
    options.patience = std::chrono::seconds(30);
    auto started = MockRobotProcess::Start(options);
    ASSERT_TRUE(started.ok()) << started.error().message;
    robot_ = *std::move(started);
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

  void ExpectEverythingThere() {
    WireClient wire(robot_->address(), "");
    api::GetAuthTokenRequest login;
    login.set_username("anna");
    login.set_password("annas-password");
    api::GetAuthTokenResponse user;
    ASSERT_TRUE(wire.Call("bosdyn.api.AuthService/GetAuthToken", login, &user).ok());
    api::ListPayloadsResponse list;
    const std::string rpc = "bosdyn.api.PayloadService/ListPayloads";
    const WireStatus listing =
        wire.Call(rpc, api::ListPayloadsRequest(), &list, WithToken(user.token()));
    ASSERT_TRUE(listing.ok()) << listing.message;
    std::vector<api::Payload> listed(list.payloads().begin(), list.payloads().end());
    for (const auto& client : clients_) EXPECT_EQ(client->Compare(listed), "");
    for (const api::Payload& payload : listed) ADD_FAILURE() << payload.ShortDebugString();
    const auto opens = [&](const std::string& token) {
      api::ListPayloadsResponse ignored;
      return wire.Call(rpc, api::ListPayloadsRequest(), &ignored, WithToken(token)).ok();
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
  std::vector<std::unique_ptr<Client>> clients_;
  std::unique_ptr<MockRobotProcess> robot_;
};

TEST_F(Durability, OfEverythingThatWasAnsweredThroughKillsAtAnyMoment) {
  Start({"--users=" + (folder_ / "users").string()});
  std::size_t most = 0;
  for (std::uint64_t round = 0; round < rounds_ && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    WorkAndKill(random_() % kMostPerRound, random_() % 3000);
    Start();
    ExpectEverythingThere();
    std::size_t payloads = 0;
    for (const auto& client : clients_) payloads += client->payloads();
    most = std::max(most, payloads);
  }
  EXPECT_GT(most, 0u) << "nothing was ever changed, so nothing was tested";
  // A proper end changes nothing either.
  EXPECT_EQ(robot_->Stop(), 0);
  Start();
  ExpectEverythingThere();
}

}  // namespace
}  // namespace durability
