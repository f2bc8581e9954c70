// The metadata of one call: what the caller added, and the token where the call needs one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "payload_manager/base/secret.h"
#include "payload_manager/failure.h"
#include "rpc/exchange.h"

namespace payload_manager {

enum class TokenRule { kOverTlsOnly, kAlsoOverPlain };

// kInvalidArgument, naming the option, where a token would go over a plain connection that does not
// allow it. An empty token is not a secret and always fine.
Outcome<Done> CheckTokenMayTravel(const Exchange& exchange, const Secret& token, TokenRule rule);

// Adds to a call, by `add(key, value)`, what is in `added` and, unless `token` is empty or `added`
// holds an authorization of its own, the token as `authorization: Bearer …`. kInvalidArgument for
// what cannot travel as metadata (gRPC would stop the process); some has been added then. Does not
// check whether the token may travel.
using AddMetadata = std::function<void(const std::string& key, const std::string& value)>;
Outcome<Done> MakeMetadata(const Exchange& exchange, const Metadata& added, const Secret& token,
                           const AddMetadata& add);

// What must not come back in a message of all that a caller added: every authorization, with and
// without its scheme (`Bearer `), and every binary value, of which nobody knows what it is.
std::vector<Secret> SecretsIn(const Metadata& added);

}  // namespace payload_manager
