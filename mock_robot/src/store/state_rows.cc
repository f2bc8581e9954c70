#include "store/state_rows.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "auth/token.h"
#include "store/state_file.h"

namespace mock_robot {
namespace {

using nlohmann::json;
using payload_manager::Checked;
using payload_manager::Failed;
using payload_manager::Problem;
using payload_manager::Secret;

std::int64_t ToRow(RobotTime time) { return time.time_since_epoch().count(); }
RobotTime FromRow(std::int64_t nanoseconds) {
  return RobotTime(payload_manager::Duration(nanoseconds));
}

template <typename Bytes>
std::string_view View(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <typename Bytes>
std::optional<Bytes> ToArray(std::string_view text) {
  Bytes bytes;
  if (text.size() != bytes.size()) return std::nullopt;
  std::copy(text.begin(), text.end(), bytes.begin());
  return bytes;
}

constexpr const char* kPutRobot =
    "INSERT OR REPLACE INTO robot(id, signing_key, last_payload_epoch, last_user_epoch, seal) "
    "VALUES(?, ?, ?, ?, ?)";
constexpr const char* kReadRobot =
    "SELECT id, signing_key, last_payload_epoch, last_user_epoch, seal FROM robot";
// By the ordinal only: another payload with the same GUID is a failure, not to be replaced.
constexpr const char* kPutPayload = R"(
INSERT INTO payload(ordinal, guid, definition, salt, digest, warnings, authorized, attached, preset,
  epoch, registrations, first_registered, last_registered, authorize_at, seal)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(ordinal) DO UPDATE SET guid=excluded.guid, definition=excluded.definition,
  salt=excluded.salt, digest=excluded.digest, warnings=excluded.warnings,
  authorized=excluded.authorized, attached=excluded.attached, preset=excluded.preset,
  epoch=excluded.epoch, registrations=excluded.registrations,
  first_registered=excluded.first_registered, last_registered=excluded.last_registered,
  authorize_at=excluded.authorize_at, seal=excluded.seal)";
constexpr const char* kReadPayloads =
    "SELECT ordinal, guid, definition, salt, digest, warnings, authorized, attached, preset, "
    "epoch, registrations, first_registered, last_registered, authorize_at, seal "
    "FROM payload ORDER BY ordinal";
constexpr const char* kPutUser =
    "INSERT OR REPLACE INTO user(name, salt, digest, epoch, seal) VALUES(?, ?, ?, ?, ?)";

// `columns` gives a Sealer or a Statement all that stands in the row before the seal.
template <typename Columns>
Seal SealOf(const Columns& columns) {
  Sealer sealer;
  columns(sealer);
  return sealer.Finish();
}
template <typename Columns>
bool PutSealed(Statement& put, const Columns& columns) {
  const Seal seal = SealOf(columns);
  columns(put);
  return put.Bind(seal).Run();
}

bool PutRobot(Statement& put, std::string_view key, std::uint64_t last_payload_epoch,
              std::uint64_t last_user_epoch) {
  return PutSealed(put, [&](auto& row) {
    row.Bind(std::int64_t{1})
        .BindBytes(key)
        .Bind(static_cast<std::int64_t>(last_payload_epoch))
        .Bind(static_cast<std::int64_t>(last_user_epoch));
  });
}

template <typename Row>
void BindPayload(Row& row, const PayloadRecord& record, std::string_view warnings) {
  row.Bind(static_cast<std::int64_t>(record.ordinal))
      .Bind(record.guid)
      .BindBytes(record.definition);
  if (record.secret) {
    row.BindBytes(View(record.secret->salt())).BindBytes(View(record.secret->digest()));
  } else {
    row.BindNull().BindNull();
  }
  row.Bind(warnings)
      .Bind(std::int64_t{record.authorized})
      .Bind(std::int64_t{record.attached})
      .Bind(record.preset_applied)
      .Bind(static_cast<std::int64_t>(record.epoch))
      .Bind(static_cast<std::int64_t>(record.registrations))
      .Bind(ToRow(record.first_registered))
      .Bind(ToRow(record.last_registered));
  if (record.authorize_at) {
    row.Bind(ToRow(*record.authorize_at));
  } else {
    row.BindNull();
  }
}

// Stands for itself within the quotes of JSON.
bool IsPlain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

// An array of strings in JSON; by hand where nothing has to be escaped, which is nearly always and
// takes a tenth of the time.
std::string DumpWarnings(const std::vector<std::string>& warnings) {
  std::string text = "[";
  for (const std::string& warning : warnings) {
    if (!std::all_of(warning.begin(), warning.end(), IsPlain)) {
      // They quote what came from outside, shortened; `replace` only rules out a throw.
      return json(warnings).dump(-1, ' ', false, json::error_handler_t::replace);
    }
    text.append(text.size() > 1 ? ",\"" : "\"").append(warning).append("\"");
  }
  return text + "]";
}

// Nothing unless it is an array of strings.
std::optional<std::vector<std::string>> ParseWarnings(const std::string& text) {
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_array()) return std::nullopt;
  std::vector<std::string> warnings;
  for (const json& warning : parsed) {
    if (!warning.is_string()) return std::nullopt;
    warnings.push_back(warning.get<std::string>());
  }
  return warnings;
}

bool HasPreset(const bosdyn::api::Payload& payload, std::string_view name) {
  const auto& presets = payload.preset_configurations();
  return std::any_of(presets.begin(), presets.end(),
                     [name](const auto& preset) { return preset.preset_name() == name; });
}

// The row that Next() has found; nothing if it is damaged.
std::optional<PayloadRecord> ReadPayload(Statement& row) {
  PayloadRecord record;
  record.ordinal = static_cast<std::uint64_t>(row.Number());
  record.guid = row.Text();
  record.definition = row.Bytes();
  const bool secret = !row.IsNull();
  if (secret) {
    const auto salt = ToArray<HashedSecret::Bytes>(row.Bytes());
    const auto digest = ToArray<HashedSecret::Bytes>(row.Bytes());
    if (!salt || !digest) return std::nullopt;
    record.secret.emplace(*salt, *digest);
  } else {
    row.Skip();
    row.Skip();
  }
  auto warnings = ParseWarnings(row.Text());
  record.authorized = row.Number() != 0;
  record.attached = row.Number() != 0;
  record.preset_applied = row.Text();
  record.epoch = static_cast<std::uint64_t>(row.Number());
  record.registrations = static_cast<std::uint64_t>(row.Number());
  record.first_registered = FromRow(row.Number());
  record.last_registered = FromRow(row.Number());
  if (row.IsNull()) {
    row.Skip();
  } else {
    record.authorize_at = FromRow(row.Number());
  }
  bosdyn::api::Payload registered;
  if (!row.SealHolds() || !warnings || !registered.ParseFromString(record.definition)) {
    return std::nullopt;
  }
  record.warnings = *std::move(warnings);
  const bool plain = record.preset_applied.empty();
  if (registered.guid() != record.guid || registered.is_authorized() || registered.is_enabled() ||
      (!record.authorized && (record.attached || !plain)) ||
      (record.authorized && record.authorize_at) ||
      (!plain && !HasPreset(registered, record.preset_applied))) {
    return std::nullopt;
  }
  return record;
}

}  // namespace

std::vector<PayloadRow> RowsOf(const std::vector<PayloadChange>& changes) {
  std::vector<PayloadRow> rows(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::optional<PayloadRecord>& record = changes[i].after;
    if (!record) continue;
    PayloadRow& row = rows[i];
    row.warnings = DumpWarnings(record->warnings);
    row.seal = SealOf([&](Sealer& columns) { BindPayload(columns, *record, row.warnings); });
  }
  return rows;
}

StateWriter::StateWriter(sqlite3* database)
    : put_payload_(database, kPutPayload),
      remove_payload_(database, "DELETE FROM payload WHERE ordinal=?"),
      put_user_(database, kPutUser),
      remove_user_(database, "DELETE FROM user WHERE name=?"),
      read_key_(database, "SELECT signing_key FROM robot"),
      put_robot_(database, kPutRobot) {
  if (read_key_.Next()) signing_key_ = Secret(read_key_.Bytes());
  read_key_.Next();
}

bool StateWriter::Write(const Changes& changes) {
  const bool ready = !changes.rows.empty();
  const std::vector<PayloadRow> made = ready ? std::vector<PayloadRow>() : RowsOf(changes.payloads);
  const std::vector<PayloadRow>& rows = ready ? changes.rows : made;
  for (std::size_t i = 0; i < changes.payloads.size(); ++i) {
    const PayloadChange& change = changes.payloads[i];
    const bool moved =
        change.before && (!change.after || change.after->ordinal != change.before->ordinal);
    if (moved && !remove_payload_.Bind(static_cast<std::int64_t>(change.before->ordinal)).Run()) {
      return false;
    }
    if (change.after && !Put(*change.after, rows[i])) return false;
  }
  for (const UserChange& change : changes.users) {
    const bool done = change.after ? Put(*change.after) : remove_user_.Bind(change.name).Run();
    if (!done) return false;
  }
  return true;
}

bool StateWriter::WriteRobot(const Changes& last, const Secret* new_key) {
  const Secret& key = new_key == nullptr ? signing_key_ : *new_key;
  return PutRobot(put_robot_, key.Reveal(), last.last_payload_epoch, last.last_user_epoch);
}

bool StateWriter::Put(const PayloadRecord& record, const PayloadRow& row) {
  BindPayload(put_payload_, record, row.warnings);
  return put_payload_.Bind(row.seal).Run();
}

bool StateWriter::Put(const UserRecord& record) {
  return PutSealed(put_user_, [&](auto& row) {
    row.Bind(record.name)
        .BindBytes(View(record.password.salt()))
        .BindBytes(View(record.password.digest()))
        .Bind(static_cast<std::int64_t>(record.epoch));
  });
}

bool WriteRobotRow(sqlite3* database, const Secret& signing_key) {
  Statement put(database, kPutRobot);
  return PutRobot(put, signing_key.Reveal(), 0, 0);
}

Checked<KeptState> ReadState(sqlite3* database, const std::filesystem::path& file) {
  const auto damaged = [&file](const std::string& what) {
    return Failed{Problem{file.string() + ": is damaged: " + what +
                          "; it was left as it is, put a good copy in its place or name another"}};
  };
  KeptState state;
  Statement robot(database, kReadRobot);
  if (!robot.Next()) return damaged("the robot's row is not there");
  robot.Number();
  state.signing_key = Secret(robot.Bytes());
  state.registry.last_epoch = static_cast<std::uint64_t>(robot.Number());
  state.users.last_epoch = static_cast<std::uint64_t>(robot.Number());
  if (!robot.SealHolds() || !TokenSigner::IsKey(state.signing_key) || robot.Next() ||
      !robot.AtEnd()) {
    return damaged("the robot's row");
  }

  std::set<std::uint64_t> epochs;
  Statement payloads(database, kReadPayloads);
  while (payloads.Next()) {
    const std::string which = "payload " + std::to_string(state.registry.payloads.size() + 1);
    std::optional<PayloadRecord> record = ReadPayload(payloads);
    if (!record || record->ordinal > state.registry.last_epoch ||
        record->epoch > state.registry.last_epoch || !epochs.insert(record->epoch).second) {
      return damaged(which);
    }
    state.registry.payloads.push_back(*std::move(record));
  }
  if (!payloads.AtEnd()) return damaged("the payloads cannot be read");

  Statement users(database, "SELECT name, salt, digest, epoch, seal FROM user ORDER BY name");
  epochs.clear();
  while (users.Next()) {
    const std::string which = "user " + std::to_string(state.users.users.size() + 1);
    std::string name = users.Text();
    const auto salt = ToArray<StretchedPassword::Salt>(users.Bytes());
    const auto digest = ToArray<StretchedPassword::Digest>(users.Bytes());
    const auto epoch = static_cast<std::uint64_t>(users.Number());
    if (!users.SealHolds() || !salt || !digest || epoch > state.users.last_epoch ||
        !epochs.insert(epoch).second) {
      return damaged(which);
    }
    state.users.users.push_back({std::move(name), StretchedPassword(*salt, *digest), epoch});
  }
  if (!users.AtEnd()) return damaged("the users cannot be read");
  return state;
}

}  // namespace mock_robot
