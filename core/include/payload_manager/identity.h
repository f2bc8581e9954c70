// Which payloads may live together: payload ids (the plugin's) and GUIDs (the installation's).
//
// Threads: free functions without state; call them from anywhere. Nothing blocks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/outcome.h"

namespace payload_manager {

// Whether `id` is a payload id: "vendor.product" of letters, digits, '.', '-' and '_', at most 100
// characters, no empty part between dots. Such an id is a safe file name too.
Checked<Done> CheckPayloadId(std::string_view id);

struct PayloadIdentity {
  std::string payload_id;
  std::string guid;    // empty where none is fixed
  std::string origin;  // whom to name in a message, such as the plugin's file
};

// One answer per identity, in the same order: nothing where the payload may run, else why it is
// refused. Of two payloads with one id or one GUID (ids exactly, GUIDs regardless of case, as
// robots match them) the first may run and the second is refused.
std::vector<std::optional<Problem>> CheckIdentities(const std::vector<PayloadIdentity>& identities);

}  // namespace payload_manager
