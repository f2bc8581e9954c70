// A stranger's text, made fit for our log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/secret.h"

namespace payload_manager {

// One line of at most 1,000 bytes: control characters become spaces, and a word that begins as one
// of `secrets` does becomes asterisks. Threads: any.
std::string MakeLogLine(std::string_view text, const std::vector<Secret>& secrets);

}  // namespace payload_manager
