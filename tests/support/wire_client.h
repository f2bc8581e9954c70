// A bare gRPC client: sends any message to any rpc and shows what came back, unjudged. Its gRPC
// part is out of sight, so that tests that use it stay instrumented for ThreadSanitizer.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace payload_manager::testing {

// How the call went for gRPC; `code` is the name of the status, "OK", "UNAVAILABLE", ...
struct WireStatus {
  std::string code;
  std::string message;
  std::string details;

  bool ok() const { return code == "OK"; }
};

struct WireOptions {
  std::map<std::string, std::string> metadata;
  std::chrono::milliseconds deadline = std::chrono::seconds(20);
  bool wait_for_ready = false;
  std::stop_token cancellation = {};
};

// What a client bears. Without a word, as much as gRPC does.
struct WireLimits {
  std::optional<std::chrono::milliseconds> connect_timeout;
  int largest_answer = -1;  // in bytes; -1: any
};

// One channel. Threads: any; Call blocks, at most until its deadline.
class WireClient {
 public:
  // Plain if `root_pem` is empty; otherwise TLS for the name `authority`.
  WireClient(const std::string& address, const std::string& root_pem,
             const std::string& authority = "api.spot.robot", const WireLimits& limits = {});
  ~WireClient();

  // `rpc` is "package.Service/Method".
  WireStatus Call(const std::string& rpc, const google::protobuf::Message& request,
                  google::protobuf::Message* response, const WireOptions& options = {});
  // The same with whatever bytes.
  WireStatus CallBytes(const std::string& rpc, const std::string& request, std::string* response,
                       const WireOptions& options = {});

 private:
  struct Channel;
  std::unique_ptr<Channel> channel_;
};

// The metadata that carries a token the way Spot's clients send it.
inline WireOptions WithToken(const std::string& token) {
  WireOptions options;
  options.metadata["authorization"] = "Bearer " + token;
  return options;
}

}  // namespace payload_manager::testing
