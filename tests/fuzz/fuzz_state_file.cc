// Any bytes as a state file, and as the log beside it: refused and left as they are with nothing
// beside them, or fine, and then something can be kept in them.
//
// The input: the length of the file (four bytes, little end first), the file, the log if any bytes
// are left.
#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include "store/state_file.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;

void Write(const fs::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
  ::chmod(file.c_str(), 0600);
}

std::map<std::string, std::string> Contents(const fs::path& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    contents[entry.path().filename().string()] = {std::istreambuf_iterator<char>(in), {}};
  }
  return contents;
}

[[noreturn]] void Complain(const std::string& what) {
  std::cerr << what << "\n";
  std::abort();
}

mock_robot::Changes OneMore(const mock_robot::KeptState& kept) {
  mock_robot::Changes changes;
  mock_robot::PayloadRecord record;
  record.ordinal = record.epoch = kept.registry.last_epoch + 1;
  bosdyn::api::Payload payload;
  payload.set_guid("one-more-" + std::to_string(record.ordinal));
  record.Define(payload);
  changes.payloads.push_back({record.guid, std::nullopt, record});
  changes.last_payload_epoch = record.epoch;
  changes.last_user_epoch = kept.users.last_epoch;
  return changes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const payload_manager::testing::TemporaryFolder folder;
  if (size < 4) return 0;
  std::size_t length = 0;
  for (int i = 3; i >= 0; --i) length = (length << 8) | data[i];
  const std::string_view rest(reinterpret_cast<const char*>(data) + 4, size - 4);
  const std::string_view content = rest.substr(0, length);
  const std::string_view log = rest.substr(content.size());
  for (const auto& entry : fs::directory_iterator(folder.path())) fs::remove_all(entry.path());
  const fs::path file = folder.path() / "state";
  Write(file, content);
  if (!log.empty()) Write(folder.path() / "state-wal", log);
  const auto before = Contents(folder.path());

  std::size_t payloads = 0;
  {
    auto opened = mock_robot::OpenStateFile(file);
    if (!opened.ok()) {
      if (Contents(folder.path()) != before) Complain("refused, and changed");
      return 0;
    }
    payloads = opened->kept.registry.payloads.size();
    const mock_robot::Changes changes = OneMore(opened->kept);
    if (!opened->store->Write({&changes}).ok()) return 0;  // a free list in disorder, for example
  }
  const auto again = mock_robot::OpenStateFile(file);
  if (!again.ok()) Complain("taken once, then refused: " + again.error().message);
  if (again->kept.registry.payloads.size() != payloads + 1)
    Complain("what was written is not there");
  return 0;
}
