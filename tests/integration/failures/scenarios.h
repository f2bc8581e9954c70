// Every row of docs/failures.md, each with a peer on a real socket that produces it.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "payload_manager/connect.h"

namespace payload_manager::testing {

enum class Verb { kRegister, kVersion, kToken, kList, kRefresh, kLogin };

// A peer that stands ready to fail calls.
struct Staged {
  std::shared_ptr<void> peer;
  ConnectionOptions options;
  // What the calls are made with. The default timeout is enough for any machine.
  CallOptions call = Patient();
  // Done once all calls have been started, which are so many.
  std::function<void(int calls)> meanwhile = [](int) {};
  // The forms of a call one after the other, for peers whose answers fill the memory.
  bool one_at_a_time = false;

  static CallOptions Patient() {
    CallOptions options;
    options.timeout = std::chrono::seconds(20);
    return options;
  }
};

struct Scenario {
  std::string row;
  Verb verb;
  std::function<Staged()> stage;

  friend void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.row; }
};

// In the order of the document. kShutDown is not among them: it needs no peer.
std::vector<Scenario> ConnectingScenarios();
std::vector<Scenario> TransportScenarios();
std::vector<Scenario> AnswerScenarios();
std::vector<Scenario> AllScenarios();

// Shared by the scenarios. A plain connection to 127.0.0.1, and one by TLS.
ConnectionOptions PlainTo(std::uint16_t port);
ConnectionOptions TlsTo(std::uint16_t port, const std::string& root_certificate_pem);

inline constexpr char kScenarioGuid[] = "11111111-2222-4333-8444-555555555555";
inline constexpr char kScenarioSecret[] = "secret-of-the-scenario";

}  // namespace payload_manager::testing
