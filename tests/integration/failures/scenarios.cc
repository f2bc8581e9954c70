#include "tests/integration/failures/scenarios.h"

#include <iterator>

namespace payload_manager::testing {

std::vector<Scenario> AllScenarios() {
  std::vector<Scenario> all;
  for (std::vector<Scenario>& part :
       std::vector{ConnectingScenarios(), TransportScenarios(), AnswerScenarios()}) {
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  return all;
}

ConnectionOptions PlainTo(std::uint16_t port) {
  ConnectionOptions options;
  options.robot = {"127.0.0.1", port};
  options.insecure = true;
  return options;
}

ConnectionOptions TlsTo(std::uint16_t port, const std::string& root_certificate_pem) {
  ConnectionOptions options;
  options.robot = {"127.0.0.1", port};
  options.root_certificates_pem = root_certificate_pem;
  return options;
}

}  // namespace payload_manager::testing
