#include "rpc/stubs.h"

#include <algorithm>
#include <chrono>

namespace payload_manager {
namespace {

constexpr int kLargestAnswer = 100 * 1024 * 1024;  // what the robots' own clients accept
constexpr int kFirstReconnectMs = 500;
constexpr int kLongestReconnectMs = 1000;  // a robot that comes back is found within a second
constexpr Duration kLongestConnectAttempt = std::chrono::hours(1);
constexpr int kNameLookupMs = 5000;
constexpr int kPingEveryMs = 10000;  // only while a call waits: a dead link is noticed
constexpr int kPingAnswerMs = 5000;

int Milliseconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

// As a URI, so that a host called `unix` is not taken for a socket's scheme.
std::string Target(const Address& robot) {
  std::string target = "dns:///";
  for (const char c : robot.ToString()) {
    if (c == '[') {
      target += "%5B";
    } else if (c == ']') {
      target += "%5D";
    } else if (c == '%') {
      target += "%25";
    } else {
      target += c;
    }
  }
  return target;
}

grpc::ChannelArguments Arguments(const ConnectionOptions& options, const std::string& authority) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kLargestAnswer);
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, authority);
  if (!options.insecure) arguments.SetSslTargetNameOverride(authority);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
  // Despite its name, how long one attempt to connect may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS,
                   Milliseconds(std::min(options.connect_timeout, kLongestConnectAttempt)));
  arguments.SetInt(GRPC_ARG_DNS_ARES_QUERY_TIMEOUT_MS, kNameLookupMs);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, kLongestReconnectMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPingEveryMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingAnswerMs);
  // Connections to one robot share nothing: neither back-off nor fate.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // Whoever calls decides on retries; neither gRPC nor a DNS record does.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

}  // namespace

std::shared_ptr<Stubs> MakeStubs(const ConnectionOptions& options, const std::string& authority) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = options.root_certificates_pem;
  const auto credentials =
      options.insecure ? grpc::InsecureChannelCredentials() : grpc::SslCredentials(tls);
  return std::make_shared<Stubs>(
      authority,
      grpc::CreateCustomChannel(Target(options.robot), credentials, Arguments(options, authority)));
}

}  // namespace payload_manager
