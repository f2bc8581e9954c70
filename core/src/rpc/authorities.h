// A robot serves many services on one address and tells them apart by authority: the TLS name that
// the client asks for. Which authority a service has, and the channel to each.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace payload_manager {

inline constexpr std::string_view kRegistrationAuthority = "payload-registration.spot.robot";
inline constexpr std::string_view kAuthAuthority = "auth.spot.robot";
// The directory's, and the one for services of which the directory knows nothing.
inline constexpr std::string_view kApiAuthority = "api.spot.robot";

// The authority of a service that only the robot's directory knows, once it has been asked.
// Threads: every member may be called from any thread.
class LearntAuthority {
 public:
  std::optional<std::string> Get() const;
  void Learn(std::string authority);
  void Forget();

 private:
  mutable std::mutex mutex_;
  std::optional<std::string> authority_;  // guarded by mutex_
};

struct Stubs;  // a channel and the stubs on it; only the gRPC adapter looks inside

// The channels of one connection, made when first needed and kept as long as the connection.
// Threads: every member may be called from any thread.
class ChannelTable {
 public:
  using Make = std::function<std::shared_ptr<Stubs>(const std::string& authority)>;
  // `make` must not block; it runs under this table's lock, so that no channel is made twice.
  explicit ChannelTable(Make make);
  // Lives as long as this table.
  Stubs& Get(std::string_view authority);

 private:
  const Make make_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Stubs>, std::less<>> channels_;  // guarded by mutex_
};

}  // namespace payload_manager
