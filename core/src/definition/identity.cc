#include "payload_manager/identity.h"

#include <algorithm>
#include <map>

#include "payload_manager/base/text.h"

namespace payload_manager {
namespace {

constexpr std::size_t kMaxId = 100;

bool IsAllowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// One line, with room for two paths.
Problem Taken(const std::string& what) {
  constexpr std::size_t kLongest = 10'000;
  return Problem{OneLine(what, kLongest)};
}

}  // namespace

Checked<Done> CheckPayloadId(std::string_view id) {
  if (id.empty()) return Failed{Problem{"is empty; it must be vendor.product"}};
  // What is printed back is the id itself, so it is looked at before it is quoted.
  if (!std::all_of(id.begin(), id.end(), IsAllowed)) {
    return Failed{Problem{"may hold only letters, digits, '.', '-' and '_', as in vendor.product"}};
  }
  if (id.size() > kMaxId) return Failed{Problem{"is longer than 100 characters"}};
  const std::string quoted = "'" + std::string(id) + "'";
  if (id.find('.') == std::string_view::npos) {
    return Failed{Problem{quoted + " has no vendor; it must be vendor.product"}};
  }
  if (id.front() == '.' || id.back() == '.' || id.find("..") != std::string_view::npos) {
    return Failed{Problem{quoted + " has an empty part; it must be vendor.product"}};
  }
  return Done{};
}

std::vector<std::optional<Problem>> CheckIdentities(
    const std::vector<PayloadIdentity>& identities) {
  std::map<std::string, const PayloadIdentity*> by_id;
  std::map<std::string, const PayloadIdentity*> by_guid;
  std::vector<std::optional<Problem>> answers;
  answers.reserve(identities.size());
  for (const PayloadIdentity& identity : identities) {
    const auto same_id = by_id.find(identity.payload_id);
    const auto same_guid =
        identity.guid.empty() ? by_guid.end() : by_guid.find(Lower(identity.guid));
    if (same_id != by_id.end()) {
      answers.emplace_back(Taken(identity.origin + ": payload id '" + identity.payload_id +
                                 "' is taken by " + same_id->second->origin +
                                 "; remove one of the two"));
    } else if (same_guid != by_guid.end()) {
      answers.emplace_back(Taken(identity.origin + ": GUID " + identity.guid + " of payload '" +
                                 identity.payload_id + "' is taken by payload '" +
                                 same_guid->second->payload_id + "' of " +
                                 same_guid->second->origin + "; give each its own"));
    } else {
      answers.emplace_back(std::nullopt);
      by_id.emplace(identity.payload_id, &identity);
      if (!identity.guid.empty()) by_guid.emplace(Lower(identity.guid), &identity);
    }
  }
  return answers;
}

}  // namespace payload_manager
