#include "tools/payload_host/host_options.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "payload_manager/plugin.h"
#include "tools/cli/arguments.h"
#include "tools/cli/robot_flags.h"

namespace payload_manager::payload_host {
namespace {

using cli::Arguments;
using cli::Flag;
using Path = std::filesystem::path;

Failed<Problem> Because(std::string message) { return Failed{Problem{std::move(message)}}; }

std::vector<Flag> Flags() {
  std::vector<Flag> flags = cli::RobotFlags();
  const std::vector<Flag> own{
      {"robot-name", "NAME",
       "Name of the robot in the state directory, for when its address changes; the address unless "
       "said otherwise."},
      {"plugin", "FILE", "A plugin to run. May be repeated.", true},
      {"plugin-dir", "DIR", "Run every *.so in the folder, sorted by name. May be repeated.", true},
      {"state-dir", "DIR",
       "Where the payloads' identities are kept, as DIR/ROBOT/PAYLOAD-ID; unless said otherwise "
       "$XDG_STATE_HOME/payload-host or ~/.local/state/payload-host."},
      {"ephemeral", "", "Keep no identities: new payloads at every start."},
      {"interval", "SECONDS", "Between two registration attempts of a payload; 10."},
      {"strict", "", "Warnings are errors, and one refusal keeps everything from starting."},
      {"until", "STATE", "End as soon as every payload is 'registered' or 'authorized'."},
      {"timeout", "SECONDS",
       "With --until: how long to wait for that, the start included; for ever."},
      {"help", "", "This text."},
  };
  flags.insert(flags.end(), own.begin(), own.end());
  return flags;
}

Checked<std::vector<Path>> FindPluginFiles(const Arguments& arguments) {
  std::vector<Path> files;
  for (const std::string& file : arguments.All("plugin")) files.emplace_back(file);
  for (const std::string& folder : arguments.All("plugin-dir")) {
    const auto found = FindPlugins(folder);
    if (!found.ok()) return Because("--plugin-dir: " + found.error().message);
    if (found->empty()) return Because("--plugin-dir: " + folder + ": has no *.so in it");
    files.insert(files.end(), found->begin(), found->end());
  }
  if (files.empty()) return Because("--plugin: is missing; name a plugin, or a --plugin-dir");
  return files;
}

Checked<std::optional<Path>> FindStateDir(const Arguments& arguments,
                                          const char* (*environment)(const char*)) {
  const auto given = arguments.Get("state-dir");
  if (arguments.Has("ephemeral")) {
    if (given) return Because("--state-dir, --ephemeral: give one of them, not both");
    return std::optional<Path>();
  }
  if (given) return std::optional<Path>(*given);
  const char* xdg = environment("XDG_STATE_HOME");
  // The XDG specification wants relative paths ignored.
  if (xdg != nullptr && Path(xdg).is_absolute()) {
    return std::optional<Path>(Path(xdg) / "payload-host");
  }
  const char* home = environment("HOME");
  if (home == nullptr || !Path(home).is_absolute()) {
    return Because("--state-dir: is missing, and $HOME is no absolute path (or --ephemeral)");
  }
  return std::optional<Path>(Path(home) / ".local" / "state" / "payload-host");
}

Checked<Done> ReadUntil(const Arguments& arguments, HostOptions& options) {
  if (const auto until = arguments.Get("until")) {
    if (*until != "registered" && *until != "authorized") {
      return Because("--until: '" + *until + "' is neither 'registered' nor 'authorized'");
    }
    options.until = *until == "registered" ? Until::kRegistered : Until::kAuthorized;
  }
  if (const auto timeout = arguments.Get("timeout")) {
    if (options.until == Until::kStopped) {
      return Because("--timeout: only makes sense together with --until");
    }
    const auto seconds = cli::ParseSeconds("timeout", *timeout);
    if (!seconds.ok()) return Failed{seconds.error()};
    options.timeout = *seconds;
  }
  return Done{};
}

}  // namespace

Checked<std::optional<HostOptions>> ReadHostOptions(const std::vector<std::string>& line,
                                                    const char* (*environment)(const char*)) {
  const auto arguments = cli::ParseArguments(line, Flags());
  if (!arguments.ok()) return Because(arguments.error().message + "; see payload-host --help");
  if (arguments->Has("help")) return std::optional<HostOptions>();
  if (!arguments->words().empty()) {
    return Because("'" + arguments->words()[0] + "': takes flags only; see payload-host --help");
  }
  HostOptions options;
  auto connection = cli::ReadRobotFlags(*arguments);
  if (!connection.ok()) return Failed{std::move(connection).error()};
  options.connection = *std::move(connection);
  options.connection.client_name = "payload-host";
  options.robot_name = arguments->Get("robot-name").value_or(options.connection.robot.ToString());
  if (const auto interval = arguments->Get("interval")) {
    const auto seconds = cli::ParseSeconds("interval", *interval);
    if (!seconds.ok()) return Failed{seconds.error()};
    options.interval = *seconds;
  }
  options.strict = arguments->Has("strict");
  if (auto read = ReadUntil(*arguments, options); !read.ok()) {
    return Failed{std::move(read).error()};
  }
  auto state_dir = FindStateDir(*arguments, environment);
  if (!state_dir.ok()) return Failed{std::move(state_dir).error()};
  options.state_dir = *std::move(state_dir);
  auto plugins = FindPluginFiles(*arguments);
  if (!plugins.ok()) return Failed{std::move(plugins).error()};
  options.plugins = *std::move(plugins);
  return std::optional<HostOptions>(std::move(options));
}

Checked<Done> CheckStateDir(const HostOptions& options) {
  if (!options.state_dir) return Done{};
  const auto unusable = [&](const Path& folder, const std::string& why) {
    return Because("--state-dir: " + options.state_dir->string() +
                   ": cannot be used: " + folder.string() + ": " + why);
  };
  const Path wanted = std::filesystem::absolute(*options.state_dir) / options.robot_name;
  for (Path folder = wanted;; folder = folder.parent_path()) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) {
      const int error = errno;
      // ENOTDIR: a parent will turn out to be a file.
      const bool look_above = error == ENOENT || error == ENOTDIR;
      if (look_above && folder != folder.parent_path()) continue;
      return unusable(folder, std::generic_category().message(error));
    }
    if (!S_ISDIR(status.st_mode)) return unusable(folder, "is not a folder");
    const int needed = folder == wanted ? X_OK : W_OK | X_OK;  // what is missing is to be made
    if (::access(folder.c_str(), needed) == 0) return Done{};
    return unusable(folder, std::generic_category().message(errno));
  }
}

std::string HostHelp() {
  return "Usage: payload-host --robot ADDR (--root-cert FILE | --insecure) --plugin FILE... "
         "[FLAG]...\n\n"
         "Registers the payloads of plugins with a Spot robot and keeps them registered, waits "
         "for\n"
         "an administrator to authorize them, obtains and renews their tokens and tells the\n"
         "plugins. Runs until SIGTERM or SIGINT, or until what --until says.\n\n"
         "Writes a line to the standard output whenever a payload changes its state:\n"
         "TIME PAYLOAD-ID OLD STATE → NEW STATE: REASON. Logs and errors go to the standard error\n"
         "output. A plugin that is refused is reported at once; the others run. Each is first "
         "loaded\n"
         "in a process of its own, so that one that crashes or hangs there is refused, too.\n\n" +
         cli::DescribeFlags(Flags()) +
         "\nExit codes: 0 stopped, or all is as --until wants it; 2 usage or bad input; 9 a "
         "plugin\n"
         "or payload was refused (with --until or --strict, or when none is left to run); with\n"
         "--until also 5 credentials rejected, 7 timed out, and 1 when stopped before the end or\n"
         "when a definition was rejected, in this order; 1 anything else.\n";
}

}  // namespace payload_manager::payload_host
