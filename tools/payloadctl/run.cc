#include "tools/payloadctl/run.h"

#include <algorithm>
#include <ostream>

#include "tools/cli/robot_flags.h"
#include "tools/payloadctl/commands.h"

namespace payload_manager::payloadctl {
namespace {

using cli::Arguments;
using cli::ExitCode;
using cli::Flag;

constexpr char kExitCodes[] =
    "Exit codes: 0 done; 2 usage or bad input; 3 robot unreachable or call failed; 4 already\n"
    "exists; 5 invalid credentials; 6 not authorized; 7 timed out waiting; 8 does not exist;\n"
    "9 plugin refused; 1 anything else.\n";

std::vector<Flag> GlobalFlags() {
  std::vector<Flag> flags = cli::RobotFlags();
  flags.push_back({"admin", "ADDR", "The mock robot's administration port, for 'mock' commands."});
  flags.push_back({"timeout", "SECONDS", "How long one call may take; 30 unless said otherwise."});
  flags.push_back({"json", "", "One line of JSON instead of text for people."});
  flags.push_back({"help", "", "What a command does; without a command, all of them."});
  return flags;
}

bool HasFlag(std::span<const Flag> flags, const std::string& name) {
  return std::any_of(flags.begin(), flags.end(),
                     [&name](const Flag& flag) { return flag.name == name; });
}

// A flag takes a value or does not, whichever command it belongs to: so one pass over the line
// suffices, and the command need not stand first.
std::vector<Flag> AllFlags() {
  std::vector<Flag> all = GlobalFlags();
  for (const Command& command : Commands()) {
    for (const Flag& flag : command.flags) {
      if (!HasFlag(all, flag.name)) all.push_back(flag);
    }
  }
  return all;
}

std::string Usage(const Command& command) {
  std::string usage = "payloadctl " + command.name;
  for (const std::string& argument : command.arguments) usage += ' ' + argument;
  return usage;
}

std::string HelpOf(const Command& command) {
  std::string text = "Usage: " + Usage(command) + " [FLAG]...\n\n" + command.summary + "\n\n" +
                     command.help + '\n';
  if (!command.flags.empty()) {
    text += "\nFlags of this command:\n" + cli::DescribeFlags(command.flags);
  }
  return text + "\nFlags of all commands:\n" + cli::DescribeFlags(GlobalFlags()) + '\n' +
         kExitCodes;
}

// A first word of commands of two.
bool NamesAGroup(const std::string& word) {
  const std::span<const Command> commands = Commands();
  return std::any_of(commands.begin(), commands.end(),
                     [&](const Command& command) { return command.name.starts_with(word + ' '); });
}

// Of the commands whose names begin with `group`.
std::string HelpOfAll(const std::string& group = {}) {
  constexpr std::size_t kColumn = 36;
  std::string text =
      "Usage: payloadctl [FLAG]... COMMAND [ARGUMENT]... [FLAG]...\n\n"
      "Looks at and changes payloads on a Spot robot, or on a mock robot, by hand.\n\n"
      "Commands ('payloadctl COMMAND --help' says more):\n";
  for (const Command& command : Commands()) {
    if (!command.name.starts_with(group)) continue;
    std::string left = "  " + Usage(command).substr(sizeof "payloadctl");
    left.resize(std::max(kColumn, left.size() + 2), ' ');
    text += left + command.summary + '\n';
  }
  return text + "\nFlags of all commands:\n" + cli::DescribeFlags(GlobalFlags()) + '\n' +
         kExitCodes;
}

// The command that the first words name, or null; a two-word command takes two.
const Command* Find(const std::vector<std::string>& words) {
  for (const Command& command : Commands()) {
    const std::size_t space = command.name.find(' ');
    if (space == std::string::npos) {
      if (words[0] == command.name) return &command;
    } else if (words.size() > 1 && words[0] + ' ' + words[1] == command.name) {
      return &command;
    }
  }
  return nullptr;
}

std::string ExplainUnknown(const std::vector<std::string>& words) {
  std::string completions;
  for (const Command& command : Commands()) {
    if (!command.name.starts_with(words[0] + ' ')) continue;
    completions += (completions.empty() ? "" : ", ") + command.name.substr(words[0].size() + 1);
  }
  if (completions.empty()) return "unknown command '" + words[0] + "'; see payloadctl --help";
  if (words.size() == 1) return "'" + words[0] + "' wants one of: " + completions;
  return "unknown command '" + words[0] + ' ' + words[1] + "'; there are: " + completions;
}

ExitCode Fail(Environment& environment, ExitCode code, const std::string& message) {
  environment.err() << "payloadctl: " << message << '\n';
  return code;
}

ExitCode Show(Environment& environment, const Report& report, bool json) {
  for (const std::string& warning : report.warnings) {
    environment.err() << "payloadctl: warning: " << warning << '\n';
  }
  if (report.shown) {
    // Nothing is left to say.
  } else if (json) {
    // A robot may send names that are no UTF-8; a replaced character beats no listing.
    environment.out() << report.json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    environment.out() << report.text;
  }
  environment.out().flush();
  if (!environment.out()) {
    return Fail(environment, ExitCode::kOther, "cannot write to the standard output");
  }
  return report.exit_code;
}

ExitCode RunCommand(const Command& command, const Arguments& arguments, Environment& environment) {
  const std::size_t name_words = command.name.find(' ') == std::string::npos ? 1 : 2;
  std::vector<std::string> words(
      arguments.words().begin() + static_cast<std::ptrdiff_t>(name_words), arguments.words().end());
  const bool takes_none = !command.instead.empty() && arguments.Has(command.instead);
  if (takes_none && !words.empty()) {
    return Fail(environment, ExitCode::kBadInput,
                "--" + command.instead + ": makes no sense together with '" + words[0] + "'");
  }
  if (!takes_none && words.size() != command.arguments.size()) {
    return Fail(environment, ExitCode::kBadInput,
                (words.size() < command.arguments.size()
                     ? command.arguments[words.size()] + ": is missing"
                     : "'" + words[command.arguments.size()] + "': one argument too many") +
                    "; usage: " + Usage(command));
  }
  CallOptions call_options;
  if (const auto timeout = arguments.Get("timeout")) {
    const auto seconds = cli::ParseSeconds("timeout", *timeout);
    if (!seconds.ok()) return Fail(environment, ExitCode::kBadInput, seconds.error().message);
    call_options.timeout = *seconds;
  }
  Invocation invocation(environment, arguments, std::move(words), std::move(call_options));
  const Result result = command.run(invocation);
  if (!result.ok()) return Fail(environment, result.error().exit_code, result.error().message);
  return Show(environment, *result, arguments.Has("json"));
}

}  // namespace

std::span<const Command> Commands() {
  static const std::vector<Command>& commands = *new std::vector<Command>{
      RegisterCommand(),      TokenCommand(),
      AttachCommand(),        DetachCommand(),
      UpdateVersionCommand(), DiffCommand(),
      ListCommand(),          MockListCommand(),
      MockAuthorizeCommand(), MockDeauthorizeCommand(),
      MockRejectCommand(),    MockForgetCommand(),
      MockRebootCommand(),    MockAdvanceCommand(),
      MockInjectCommand(),    MockFaultsCommand(),
      MockJournalCommand(),   MockSoftwareCommand(),
      MockStageCommand(),     MockUnstageCommand(),
      MockPromptCommand(),    PluginInspectCommand(),
  };
  return commands;
}

ExitCode Run(const std::vector<std::string>& line, Environment& environment) {
  const auto arguments = ParseArguments(line, AllFlags());
  if (!arguments.ok()) {
    return Fail(environment, ExitCode::kBadInput,
                arguments.error().message + "; see payloadctl --help");
  }
  if (arguments->words().empty()) {
    if (!arguments->Has("help")) {
      return Fail(environment, ExitCode::kBadInput, "no command given; see payloadctl --help");
    }
    environment.out() << HelpOfAll();
    return ExitCode::kDone;
  }
  const Command* command = Find(arguments->words());
  if (command == nullptr && arguments->Has("help") && arguments->words().size() == 1 &&
      NamesAGroup(arguments->words()[0])) {
    environment.out() << HelpOfAll(arguments->words()[0] + ' ');
    return ExitCode::kDone;
  }
  if (command == nullptr) {
    return Fail(environment, ExitCode::kBadInput, ExplainUnknown(arguments->words()));
  }
  if (arguments->Has("help")) {
    environment.out() << HelpOf(*command);
    return ExitCode::kDone;
  }
  const std::vector<Flag> globals = GlobalFlags();
  for (const Flag& flag : AllFlags()) {
    if (arguments->Has(flag.name) && !HasFlag(globals, flag.name) &&
        !HasFlag(command->flags, flag.name)) {
      return Fail(environment, ExitCode::kBadInput,
                  "unknown flag --" + flag.name + " for '" + command->name + "'; see payloadctl " +
                      command->name + " --help");
    }
  }
  return RunCommand(*command, *arguments, environment);
}

}  // namespace payload_manager::payloadctl
