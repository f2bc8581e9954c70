#include "tests/bench/mock/bare_sqlite.h"

#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "store/state_file.h"

namespace payload_manager::bench {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

void Require(bool condition, sqlite3* database) {
  if (!condition) throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(database));
}

Database Open(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  const int opened =
      sqlite3_open_v2(file.c_str(), &raw,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  Require(opened == SQLITE_OK, raw);
  return database;
}

constexpr std::string_view kSeal = "sixteen letters or more";
constexpr std::string_view kKey =
    "a private key, of the hundred and twenty-one bytes that one of this curve takes in its file "
    "format, near enough, to be stored";

}  // namespace

struct BareSqlite::Parts {
  Database database;
  Statement put_payload, put_robot, begin, commit;
  mock_robot::PayloadRecord record;
  std::string definition;
  std::size_t guid_at = 0;  // in the definition
  std::string warnings;
  std::int64_t rows = 0;

  void Execute(const char* sql) {
    Require(sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK,
            database.get());
  }
  Statement Prepare(const char* sql) {
    sqlite3_stmt* raw = nullptr;
    const int done =
        sqlite3_prepare_v3(database.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    Require(done == SQLITE_OK, database.get());
    return Statement(raw);
  }
  void Run(const Statement& statement) {
    Require(sqlite3_step(statement.get()) == SQLITE_DONE, database.get());
    sqlite3_reset(statement.get());
  }
  static void Bind(const Statement& statement, int at, std::int64_t number) {
    sqlite3_bind_int64(statement.get(), at, number);
  }
  static void BindText(const Statement& statement, int at, std::string_view text) {
    sqlite3_bind_text(statement.get(), at, text.data(), static_cast<int>(text.size()),
                      SQLITE_STATIC);
  }
  template <typename Bytes>
  static void BindBytes(const Statement& statement, int at, const Bytes& bytes) {
    sqlite3_bind_blob(statement.get(), at, bytes.data(), static_cast<int>(bytes.size()),
                      SQLITE_STATIC);
  }

  void PutPayload() {
    std::array<char, 48> guid{};
    const std::size_t length = record.guid.size();
    std::snprintf(guid.data(), guid.size(), "bbbbbbbb-0000-4000-8000-%012lld",
                  static_cast<long long>(++rows));
    definition.replace(guid_at, length, guid.data(), length);
    Bind(put_payload, 1, rows);
    BindText(put_payload, 2, {guid.data(), length});
    BindBytes(put_payload, 3, definition);
    BindBytes(put_payload, 4, record.secret->salt());
    BindBytes(put_payload, 5, record.secret->digest());
    BindText(put_payload, 6, warnings);
    Bind(put_payload, 7, 0);
    Bind(put_payload, 8, 0);
    BindText(put_payload, 9, record.preset_applied);
    Bind(put_payload, 10, rows);
    Bind(put_payload, 11, 1);
    Bind(put_payload, 12, record.first_registered.time_since_epoch().count());
    Bind(put_payload, 13, record.last_registered.time_since_epoch().count());
    sqlite3_bind_null(put_payload.get(), 14);
    BindBytes(put_payload, 15, kSeal.substr(0, 16));
    Run(put_payload);
  }
  void PutRobot() {
    BindBytes(put_robot, 1, kKey.substr(0, 121));
    Bind(put_robot, 2, rows);
    Bind(put_robot, 3, 0);
    BindBytes(put_robot, 4, kSeal.substr(0, 16));
    Run(put_robot);
  }
};

BareSqlite::BareSqlite(const std::filesystem::path& file, const mock_robot::PayloadRecord& sample)
    : parts_(std::make_unique<Parts>()) {
  Parts& parts = *parts_;
  parts.record = sample;
  parts.definition = sample.definition;
  parts.guid_at = parts.definition.find(sample.guid);
  parts.warnings = nlohmann::json(sample.warnings).dump();
  parts.database = Open(file);
  parts.Execute(
      "PRAGMA journal_mode=WAL; PRAGMA locking_mode=EXCLUSIVE; PRAGMA wal_autocheckpoint=1000;"
      "PRAGMA synchronous=FULL");
  parts.Execute(mock_robot::kStateFileSchema);
  parts.put_payload =
      parts.Prepare("INSERT INTO payload VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  parts.put_robot = parts.Prepare("INSERT OR REPLACE INTO robot VALUES(1, ?, ?, ?, ?)");
  parts.begin = parts.Prepare("BEGIN IMMEDIATE");
  parts.commit = parts.Prepare("COMMIT");
}

BareSqlite::~BareSqlite() = default;

void BareSqlite::Write(const std::vector<std::size_t>& batches) {
  for (const std::size_t batch : batches) {
    parts_->Run(parts_->begin);
    for (std::size_t i = 0; i < batch; ++i) parts_->PutPayload();
    parts_->PutRobot();
    parts_->Run(parts_->commit);
  }
}

std::uint64_t BareSqlite::rows() const { return static_cast<std::uint64_t>(parts_->rows); }

}  // namespace payload_manager::bench
