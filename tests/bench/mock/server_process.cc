#include "tests/bench/mock/server_process.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace payload_manager::bench {
namespace {

namespace fs = std::filesystem;

fs::path ProgramOf(Server server) {
  switch (server) {
    case Server::kMockRobot:
      return ThisProgram().parent_path().parent_path() / "bin" / "mock-robot";
    case Server::kMap:
      return NextToThisProgram("bench_map_server");
    case Server::kPython:
      if (!fs::exists(PYTHON)) {
        throw std::runtime_error(
            "the Python server needs the virtual environment of the interop tests: run "
            "tests/interop/prepare_venv build/interop-venv");
      }
      return PYTHON;
  }
  std::abort();
}

std::vector<std::string> ArgumentsOf(Server server, Wire wire, const fs::path& folder,
                                     const std::vector<std::string>& more) {
  std::vector<std::string> arguments;
  const bool tls = wire == Wire::kTls;
  if (server == Server::kPython) arguments = {"-B", PYTHON_SERVER};
  if (server == Server::kMockRobot) {
    arguments = {"--until-stdin-ends"};
    if (!tls) arguments.emplace_back("--insecure");
    if (tls) arguments.insert(arguments.end(), {"--tls-dir", folder / "identity"});
  }
  if (server == Server::kMap && tls) arguments = {"--tls", folder / "root.pem"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

ServerProcess::ServerProcess(Server server, Wire wire, const std::vector<std::string>& more)
    : child_(ProgramOf(server), ArgumentsOf(server, wire, folder_.path(), more)) {
  const auto ready = nlohmann::json::parse(child_.Hear());
  options_.robot = ParseAddress(ready.at("robot").get<std::string>(), 0).value();
  options_.client_name = "benchmark";
  options_.insecure = wire == Wire::kPlain;
  if (options_.insecure) return;
  std::ostringstream pem;
  pem << std::ifstream(ready.at("root_cert").get<std::string>()).rdbuf();
  options_.root_certificates_pem = pem.str();
}

}  // namespace payload_manager::bench
