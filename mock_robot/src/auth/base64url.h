// Base64 with the URL-safe alphabet and without padding, as JWTs use it (RFC 4648, section 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mock_robot {

std::string EncodeBase64Url(std::string_view bytes);

// Nothing unless `text` is exactly what EncodeBase64Url makes of some bytes: no padding, no
// foreign characters, no stray bits, so that one token has one spelling.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace mock_robot
