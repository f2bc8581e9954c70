// What a test wants to know of a payload, without generated code: so it serves a robot in this
// process and one in another alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mock_robot {

struct PayloadFacts {
  std::string guid;  // as the robot stores it: in lower case
  std::string name;
  bool authorized = false;
  bool attached = false;
  bool credentials_known = false;   // it registered with a secret
  std::string version;              // "1.2.3"; empty if the payload never said
  std::string preset;               // applied on authorization; empty: the default configuration
  std::uint64_t registrations = 0;  // attempts, the first included
};

// All payloads of one robot at one instant, in the order of first registration.
struct PayloadList {
  std::vector<PayloadFacts> payloads;
};

// The payload of this GUID, regardless of (ASCII) case. The matchers look for a function of this
// name and shape beside the type they are applied to.
std::optional<PayloadFacts> FindPayload(const PayloadList& list, std::string_view guid);

}  // namespace mock_robot
