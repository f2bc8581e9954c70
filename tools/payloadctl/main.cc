#include <cstdlib>
#include <iostream>

#include "tools/cli/process.h"
#include "tools/payloadctl/run.h"

int main(int argc, char** argv) {
  // What gRPC has to say about a failed call stands in our own one line already.
  payload_manager::cli::PrepareProcess([](const std::string&) {});
  const auto environment = payload_manager::payloadctl::MakeEnvironment();
  return static_cast<int>(payload_manager::payloadctl::Run({argv + 1, argv + argc}, *environment));
}
