// Rows of a state file, to and from what the robot knows.
#pragma once

#include <filesystem>
#include <vector>

#include "store/sqlite.h"
#include "store/store.h"

namespace mock_robot {

// Of the payloads as they are after the changes; a row that means nothing for one that is gone.
std::vector<PayloadRow> RowsOf(const std::vector<PayloadChange>& changes);

// Writes rows within a transaction that the caller has begun.
class StateWriter {
 public:
  // The schema must be there.
  explicit StateWriter(sqlite3* database);

  // False if SQLite failed; it says why.
  bool Write(const Changes& changes);
  // The robot's own row, with what stands in `last`, the last of a batch, and the key that the
  // batch brings; null: the one that is there.
  bool WriteRobot(const Changes& last, const payload_manager::Secret* new_key);
  // The transaction with this key has been committed.
  void KeyIsKept(const payload_manager::Secret& key) { signing_key_ = key; }

 private:
  bool Put(const PayloadRecord& record, const PayloadRow& row);
  bool Put(const UserRecord& record);

  Statement put_payload_;
  Statement remove_payload_;
  Statement put_user_;
  Statement remove_user_;
  Statement read_key_;
  Statement put_robot_;
  payload_manager::Secret signing_key_;  // on the disk
};

// The one row of a new state file.
bool WriteRobotRow(sqlite3* database, const payload_manager::Secret& signing_key);

// Everything, or a Problem that says which row is damaged; nothing that this returns breaks a rule
// of the registry or of the user table, whatever the file holds.
payload_manager::Checked<KeptState> ReadState(sqlite3* database, const std::filesystem::path& file);

}  // namespace mock_robot
