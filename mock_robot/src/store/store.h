// What a robot keeps beyond its process, and where: the seam between its rules and the disk.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/user_record.h"
#include "payload_manager/base/outcome.h"
#include "payload_manager/base/secret.h"
#include "registry/payload_record.h"
#include "store/seal.h"

namespace mock_robot {

// Everything that is kept. Service registrations, service faults and lock-outs are not: they end
// with a robot's boot.
struct KeptState {
  RegistryRecord registry;
  UserTableRecord users;
  // Signs the tokens, which therefore stay good across a restart; see TokenSigner::MakeKey.
  payload_manager::Secret signing_key;
};

struct UserChange {
  std::string name;
  std::optional<UserRecord> before;
  std::optional<UserRecord> after;  // nothing: no such user
};

struct KeyChange {
  payload_manager::Secret before;
  payload_manager::Secret after;
};

// What of a payload's row on the disk takes time to work out, see RowsOf.
struct PayloadRow {
  std::string warnings;
  Seal seal{};
};

// What one call, or one request of the administrator, changed: all of it or nothing is kept. Each
// name and each GUID stands in it once.
struct Changes {
  std::vector<PayloadChange> payloads;
  std::vector<PayloadRow> rows;  // one for each of `payloads`, or none yet
  std::vector<UserChange> users;
  std::optional<KeyChange> signing_key;  // every token handed out so far is void
  std::uint64_t last_payload_epoch = 0;
  std::uint64_t last_user_epoch = 0;

  bool empty() const { return payloads.empty() && users.empty() && !signing_key; }
};

// Threads: one caller at a time. Every member blocks on the disk.
class Store {
 public:
  virtual ~Store() = default;

  // Makes all of `batch` last, in its order: when it returns Done, no end of the process or of the
  // machine takes it back. A Problem (disk full, read only, gone) leaves what was kept before, and
  // the store may be tried again.
  virtual payload_manager::Checked<payload_manager::Done> Write(
      const std::vector<const Changes*>& batch) = 0;
};

// A store and what was in it when it was opened.
struct OpenedState {
  std::unique_ptr<Store> store;  // null: nothing is kept
  KeptState kept;
};

}  // namespace mock_robot
