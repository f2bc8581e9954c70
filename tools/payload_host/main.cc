#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "tools/cli/process.h"
#include "tools/payload_host/log.h"
#include "tools/payload_host/probe.h"
#include "tools/payload_host/run_host.h"

namespace {

namespace cli = payload_manager::cli;
namespace host = payload_manager::payload_host;

// Stopping takes a good second when plugins are busy; see PayloadManager::Shutdown.
constexpr std::chrono::seconds kLongestStop(5);

const char* Environment(const char* name) { return std::getenv(name); }

}  // namespace

int main(int argc, char** argv) {
  host::ServeAsProbe(argc, argv);
  const auto log = host::MakeLog(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  cli::PrepareProcess([log](const std::string& line) { log->debug("{}", line); });

  const auto options = host::ReadHostOptions({argv + 1, argv + argc}, &Environment);
  if (!options.ok()) {
    std::cerr << "payload-host: " << options.error().message << '\n';
    return static_cast<int>(cli::ExitCode::kBadInput);
  }
  if (!*options) {
    std::cout << host::HostHelp();
    return static_cast<int>(cli::ExitCode::kDone);
  }
  if (const auto usable = host::CheckStateDir(**options); !usable.ok()) {
    std::cerr << "payload-host: " << usable.error().message << '\n';
    return static_cast<int>(cli::ExitCode::kBadInput);
  }
  host::Host payload_host(**options, std::cout, log);
  const cli::SignalThread signals([&](const char* name) {
    payload_host.Stop();
    // Whoever reads our outputs may have stopped to: that must not keep us from ending.
    cli::EndProcessAfter(kLongestStop, static_cast<int>(cli::ExitCode::kOther));
    log->info("{}: stopping", name);
  });
  const host::Host::End end = payload_host.Run();
  // What was left behind would crash or block an orderly exit. All outputs are flushed by the line.
  if (end.left_behind) std::_Exit(static_cast<int>(end.code));
  return static_cast<int>(end.code);
}
