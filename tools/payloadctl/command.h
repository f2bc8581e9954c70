// What a command of payloadctl is: a row of data and a function from an invocation to a result.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "payload_manager/base/outcome.h"
#include "payload_manager/failure.h"
#include "tools/cli/arguments.h"
#include "tools/cli/exit_code.h"
#include "tools/payloadctl/environment.h"

namespace payload_manager::payloadctl {

// Keeps its fields in the order in which they were set.
using Json = nlohmann::ordered_json;

// What a command found out or did: both for people and for scripts. `json` is an object whose
// fields are only ever added to (tests/data/golden).
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON does not throw, though the check thinks so
struct Report {
  Json json;
  std::string text;                   // whole lines
  std::vector<std::string> warnings;  // for stderr, a line each
  cli::ExitCode exit_code = cli::ExitCode::kDone;
  bool shown = false;  // the command has written its output itself, as it came
};

// Why a command did nothing, in one line.
struct Trouble {
  cli::ExitCode exit_code = cli::ExitCode::kOther;
  std::string message;
};

using Result = BasicOutcome<Report, Trouble>;

// A file, flag or value is wrong.
Failed<Trouble> BadInput(std::string message);
// A call failed; the failure's message already says which and why.
Failed<Trouble> CallFailed(const Failure& failure);

// One run of a command. Threads: the main thread.
class Invocation {
 public:
  // `words` are the command's arguments, without its name. Nothing is kept but references, which
  // must outlive the invocation.
  Invocation(Environment& environment, const cli::Arguments& arguments,
             std::vector<std::string> words, CallOptions call_options);

  const cli::Arguments& arguments() const { return arguments_; }
  const std::vector<std::string>& words() const { return words_; }
  const CallOptions& call_options() const { return call_options_; }
  Environment& environment() { return environment_; }

  // What the flags say about the robot or its administration port; made on the first call, does
  // not wait for either.
  BasicOutcome<RobotConnection*, Trouble> Robot();
  BasicOutcome<RobotAdmin*, Trouble> Admin();

  // The content of the file that --credentials names; it must exist.
  BasicOutcome<PayloadCredentials, Trouble> Credentials() const;

 private:
  Environment& environment_;
  const cli::Arguments& arguments_;
  std::vector<std::string> words_;
  CallOptions call_options_;
  std::unique_ptr<RobotConnection> robot_;
  std::unique_ptr<RobotAdmin> admin_;
};

struct Command {
  std::string name;                    // one word or two: "token", "mock list"
  std::vector<std::string> arguments;  // what they are called in the help: {"DEFINITION"}
  std::string summary;                 // one line
  std::string help;                    // paragraphs, wrapped by hand
  std::vector<cli::Flag> flags;        // beside the global ones
  Result (*run)(Invocation& invocation) = nullptr;
  std::string instead = {};  // with this flag the command takes no arguments
};

// The flag most commands share.
cli::Flag CredentialsFlag();

}  // namespace payload_manager::payloadctl
