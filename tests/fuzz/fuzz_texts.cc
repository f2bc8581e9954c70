// Texts that people write: definitions of payloads in each encoding, and lists of users. The first
// byte says which; anything may come of it but a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bosdyn/api/payload.pb.h"
#include "mock_robot/users_file.h"
#include "payload_manager/definition.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using payload_manager::DefinitionEncoding;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr DefinitionEncoding kEncodings[] = {DefinitionEncoding::kText, DefinitionEncoding::kJson,
                                               DefinitionEncoding::kBinary};
  if (data[0] % 4 == 3) {
    static_cast<void>(mock_robot::ParseUsers(text));
    return 0;
  }
  const auto definition = payload_manager::ParseDefinition(text, kEncodings[data[0] % 4]);
  if (definition.ok()) static_cast<void>(payload_manager::ValidateDefinition(*definition));
  return 0;
}
