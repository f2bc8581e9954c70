#include "tools/mock_robot/flags.h"

#include <boost/program_options.hpp>
#include <cmath>
#include <optional>
#include <sstream>

#include "mock_robot/users_file.h"
#include "payload_manager/base/address.h"

namespace mock_robot::program {
namespace {

namespace po = boost::program_options;

// A year; longer than any test, short enough for every clock.
constexpr double kLongestDelaySeconds = 365.0 * 24 * 3600;
// At the fastest a clock's range is over after 80 days.
constexpr double kSlowestTime = 0;
constexpr double kFastestTime = 1000;

constexpr const char* kIntroduction =
    R"(mock-robot stands in for a Spot robot: payloads register with it, an administrator
authorizes them, tokens are issued. Once it serves it prints one line of JSON:

  {"event":"ready","robot":"127.0.0.1:41001","admin":"127.0.0.1:41002","tls":true,
   "root_cert":"DIR/root.pem"}

Clients connect to "robot" and trust "root_cert"; `payloadctl --admin` connects to
"admin". Without --state nothing is remembered when it ends. SIGTERM or Ctrl-C: it drains
and exits 0.

Options (addresses are HOST[:PORT] or [IPv6]:PORT; without a port any free one))";

constexpr const char* kEpilogue = R"(
Exit codes: 0 done, 2 bad usage or input (a state file that is refused, for example), 1
anything else (a port in use, for example).
)";

po::options_description Describe() {
  po::options_description options(kIntroduction, 90, 50);
  options.add_options()                                         //
      ("help,h", "show this and exit")                          //
      ("listen", po::value<std::string>()->value_name("ADDR"),  //
       "where clients connect (default: 127.0.0.1)")            //
      ("admin", po::value<std::string>()->value_name("ADDR"),
       "where the administration listens: plain gRPC without a password, so a loopback address "
       "only (default: 127.0.0.1)")                                 //
      ("insecure", po::bool_switch(), "serve clients without TLS")  //
      ("tls-dir", po::value<std::string>()->value_name("DIR"),
       "keep root.pem, server.pem and server-key.pem here and use them again next time "
       "(default: a temporary directory, removed at the end)")  //
      ("users", po::value<std::string>()->value_name("FILE"),
       "people who may log in: lines name:password, mode 0600")  //
      ("state", po::value<std::string>()->value_name("FILE"),
       "keep payloads, users and the tokens' key here (SQLite, mode 0600; made if it is not there) "
       "and go on from it next time: whatever was answered is in it, however the program ended. "
       "FILE-wal beside it belongs to it. One robot at a time")  //
      ("auto-authorize", po::value<std::string>()->implicit_value("0")->value_name("SECONDS"),
       "authorize each payload by itself, so many seconds after it registered (without =SECONDS: "
       "at once); also those that --state has waiting, but for those that were de-authorized")  //
      ("strict", po::bool_switch(),
       "refuse definitions that look implausible, which are otherwise accepted and flagged")  //
      ("rate-limits", po::bool_switch(),
       "answer calls beyond the documented rates, 10 a second of payload registration and 5 of "
       "auth, with 429 as a robot does (default: any number is answered, so that tests run "
       "fast)")  //
      ("assume", po::value<std::vector<std::string>>()->composing()->value_name("NAME=VALUE"),
       "behave otherwise where no public source says what a robot does; may be given again; 'list' "
       "shows all names, values and meanings and exits")  //
      ("time-scale", po::value<std::string>()->value_name("N"),
       "the robot's time runs N times as fast as the machine's, up to 1000: at 1000 a token's "
       "twelve hours are over after 43 s; at 0 it stands still and moves only by `payloadctl mock "
       "advance`, which adds to any other, too. Delays that `payloadctl mock inject` causes stay "
       "real time (default: 1)")  //
      ("journal-texts", po::bool_switch(),
       "keep with each entry of the journal what was asked and answered, up to 2 KiB each, with "
       "secrets, passwords and tokens masked")  //
      ("until-stdin-ends", po::bool_switch(),
       "stop, as on SIGTERM, when standard input ends: with a pipe there, a robot never outlives "
       "the program that started it");
  return options;
}

UsageError Usage(const std::string& flag, const std::string& what) {
  return {"--" + flag + ": " + what};
}

std::vector<std::string> AssumptionsOf(const po::variables_map& flags) {
  if (flags.count("assume") == 0) return {};
  return flags["assume"].as<std::vector<std::string>>();
}

std::optional<double> ParseNumber(const std::string& text, double least, double most) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  double number = 0;
  if (!(in >> number) || !in.eof()) return std::nullopt;
  if (!std::isfinite(number) || number < least || number > most) return std::nullopt;
  return number;
}

std::variant<Flags, ShowHelp, UsageError> ToFlags(const po::variables_map& flags) {
  Flags parsed;
  parsed.until_stdin_ends = flags["until-stdin-ends"].as<bool>();
  MockRobotOptions& options = parsed.robot;
  options.admin_listen = "127.0.0.1:0";
  for (const auto& [flag, target] :
       {std::pair{"listen", &options.listen}, std::pair{"admin", &options.admin_listen}}) {
    if (flags.count(flag) == 0) continue;
    *target = flags[flag].as<std::string>();
    const auto address = payload_manager::ParseAddress(*target, 0);
    if (!address) return Usage(flag, address.error().message);
    if (target == &options.admin_listen && !address->IsLoopback()) {
      return Usage(flag, *target + " is not a loopback address");
    }
  }
  options.tls = !flags["insecure"].as<bool>();
  options.rate_limits = flags["rate-limits"].as<bool>();
  options.journal_texts = flags["journal-texts"].as<bool>();
  for (const std::string& text : AssumptionsOf(flags)) {
    const auto assumed = Assume(text, options.assumptions);
    if (!assumed) return Usage("assume", assumed.error().message);
  }
  options.registry.refuse_implausible = flags["strict"].as<bool>();
  if (flags.count("tls-dir") != 0) {
    options.tls_dir = flags["tls-dir"].as<std::string>();
    if (options.tls_dir.empty()) return Usage("tls-dir", "needs the name of a directory");
    if (!options.tls) return Usage("tls-dir", "makes no sense together with --insecure");
  }
  if (flags.count("users") != 0) {
    auto users = ReadUsersFile(flags["users"].as<std::string>());
    if (!users) return Usage("users", users.error().message);
    options.users = *std::move(users);
  }
  if (flags.count("state") != 0) {
    options.state_file = flags["state"].as<std::string>();
    if (options.state_file.empty()) return Usage("state", "needs the name of a file");
  }
  if (flags.count("auto-authorize") != 0) {
    const auto& text = flags["auto-authorize"].as<std::string>();
    const std::optional<double> seconds = ParseNumber(text, 0, kLongestDelaySeconds);
    if (!seconds) return Usage("auto-authorize", "'" + text + "' is not a number of seconds");
    options.registry.auto_authorize = std::chrono::duration_cast<payload_manager::Duration>(
        std::chrono::duration<double>(*seconds));
  }
  if (flags.count("time-scale") != 0) {
    const auto& text = flags["time-scale"].as<std::string>();
    const std::optional<double> scale = ParseNumber(text, kSlowestTime, kFastestTime);
    if (!scale) {
      return Usage("time-scale", "'" + text + "' is not a number from 0 to 1000");
    }
    parsed.time_scale = *scale;
  }
  return parsed;
}

}  // namespace

std::variant<Flags, ShowHelp, UsageError> ParseFlags(int argc, const char* const* argv) {
  const po::options_description options = Describe();
  po::variables_map flags;
  try {
    // No abbreviations: a script that uses one would break when a longer flag is added.
    const int style =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    const po::positional_options_description nothing_else;
    po::store(po::command_line_parser(argc, argv)
                  .options(options)
                  .positional(nothing_else)
                  .style(style)
                  .run(),
              flags);
  } catch (const po::too_many_positional_options_error&) {
    return UsageError{"only flags are understood, see --help"};
  } catch (const po::error& error) {
    return UsageError{error.what()};
  }
  if (flags.count("help") != 0) {
    std::ostringstream text;
    text << options << kEpilogue;
    return ShowHelp{text.str()};
  }
  for (const std::string& text : AssumptionsOf(flags)) {
    if (text == "list") return ShowHelp{ListAssumptions({})};
  }
  return ToFlags(flags);
}

}  // namespace mock_robot::program
