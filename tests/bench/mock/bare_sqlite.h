// SQLite doing, by itself, what a robot's state file has to: the same rows in the same commits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "registry/payload_record.h"

namespace payload_manager::bench {

// Writes payloads to a database of its own with the schema and the settings of a state file. It
// checks nothing, and what a robot works out for a row (the salted secret, the warnings, the seal)
// it is given. Throws when SQLite fails. Threads: one at a time.
class BareSqlite {
 public:
  // All rows are like `sample` but for GUID and number. `file` must not be there.
  BareSqlite(const std::filesystem::path& file, const mock_robot::PayloadRecord& sample);
  ~BareSqlite();

  // So many payloads in one transaction for each of `batches`.
  void Write(const std::vector<std::size_t>& batches);
  std::uint64_t rows() const;

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace payload_manager::bench
