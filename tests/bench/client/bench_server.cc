#include "tests/bench/client/bench_server.h"

#include <cstdint>
#include <string>
#include <vector>

namespace payload_manager::bench {

BenchServer::BenchServer(Transport transport)
    : child_(NextToThisProgram("bench_server"), transport == Transport::kTls
                                                    ? std::vector<std::string>{"--tls"}
                                                    : std::vector<std::string>{}) {
  options_.robot = {"127.0.0.1", static_cast<std::uint16_t>(std::stoi(child_.Hear()))};
  options_.client_name = "benchmark";
  options_.insecure = transport == Transport::kPlain;
  options_.token_over_plain = options_.insecure;
  if (options_.insecure) return;
  for (std::string line = child_.Hear(); line != "end"; line = child_.Hear()) {
    options_.root_certificates_pem += line + "\n";
  }
}

std::uint64_t BenchServer::Registrations() {
  child_.Say("count");
  return std::stoull(child_.Hear());
}

void BenchServer::HoldAnswers(bool hold) {
  child_.Say(hold ? "hold" : "answer");
  Registrations();  // it reads in order
}

}  // namespace payload_manager::bench
