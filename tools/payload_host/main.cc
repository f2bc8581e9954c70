#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <iostream>

#include "tools/cli/process.h"
#include "tools/payload_host/run_host.h"

namespace {

namespace cli = payload_manager::cli;
namespace host = payload_manager::payload_host;

const char* Environment(const char* name) { return std::getenv(name); }

}  // namespace

int main(int argc, char** argv) {
  const auto log = std::make_shared<spdlog::logger>(
      "payload-host", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  log->flush_on(spdlog::level::debug);
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
  host::Host payload_host(**options, std::cout, log);
  const cli::SignalThread signals([&](const char* name) {
    log->info("{}: stopping", name);
    payload_host.Stop();
  });
  return static_cast<int>(payload_host.Run());
}
