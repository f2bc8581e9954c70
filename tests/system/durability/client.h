// One client of a robot that may die at any moment, and what it knows for certain: the state of
// each of its payloads by what was answered, and the one request that was not.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "mock_robot/v1/admin.pb.h"
#include "mock_robot/v1/faults.pb.h"
#include "tests/support/wire_client.h"

namespace durability {

namespace api = bosdyn::api;
using payload_manager::testing::WireClient;
using payload_manager::testing::WireStatus;

// A payload as it should be.
struct Expected {
  api::Payload registered;
  api::Payload shown;  // as ListPayloads tells
};
using MaybeExpected = std::optional<Expected>;  // nothing: the robot does not know it

// How often all tokens were made to expire: asked for, and answered. One client asks, one after the
// other; all look on. Threads: any.
struct Expirations {
  std::atomic<std::uint64_t> begun = 0;
  std::atomic<std::uint64_t> done = 0;
};

// Sends random requests, one at a time, all about payloads of its own. Threads: Work() on one of
// its own; everything else while it does not run.
class Client {
 public:
  // The one that is numbered 0 also expires everybody's tokens.
  Client(int number, std::uint64_t seed, Expirations& expirations)
      : number_(number), random_(seed), expirations_(expirations) {}

  // Until the robot does not answer, counting in `answered`. Returns what was wrong with an answer;
  // empty if nothing was.
  std::string Work(const std::string& robot, const std::string& admin,
                   std::atomic<std::uint64_t>& answered);

  // Holds what the robot, started again, tells against what was answered, and goes on from there.
  // `listed` are all payloads in its order. Returns what differs; empty if nothing does. What is
  // this client's is taken out of `listed`.
  std::string Compare(std::vector<api::Payload>& listed);
  // The tokens that must open doors now, and those that must not any more.
  std::vector<std::string> GoodTokens() const;
  const std::vector<std::string>& VoidTokens() const { return void_tokens_; }
  std::size_t payloads() const { return known_.size(); }

 private:
  struct Token {
    std::string text;  // of the present authorization; empty: not asked for
    // The expirations that were over when it was asked for, and those begun when it had come.
    std::uint64_t after = 0;
    std::uint64_t before = 0;
  };
  struct Known {
    Expected now;
    Token token;
  };
  struct Pending {
    std::string guid;
    MaybeExpected after;
    bool voids_token = false;
  };

  // One request. False if it was not answered.
  bool Step();
  bool Register();
  bool ChangeOne(const std::string& guid);
  bool AskForToken(const std::string& guid);
  bool ExpireTokens();
  // Puts the tokens aside that were made to expire, and drops those of which that is not certain.
  void SortTokens();
  template <typename Request, typename Response>
  bool Ask(WireClient& to, const std::string& rpc, const Request& request, Response& response);
  template <typename Request, typename Response>
  bool Administer(const std::string& method, Request request, const std::string& guid);
  void Acknowledge();
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }

  const int number_;
  std::mt19937_64 random_;
  Expirations& expirations_;
  std::uint64_t registered_ = 0;
  std::map<std::string, Known> known_;  // by GUID: what was acknowledged
  std::vector<std::string> order_;      // of first registration
  std::optional<Pending> pending_;
  std::vector<std::string> void_tokens_;
  std::unique_ptr<WireClient> robot_;
  std::unique_ptr<WireClient> admin_;
  std::string wrong_;
};

}  // namespace durability
