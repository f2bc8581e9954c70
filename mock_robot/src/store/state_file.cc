#include "store/state_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <utility>

#include "auth/token.h"
#include "payload_manager/base/files.h"
#include "store/sqlite.h"
#include "store/state_rows.h"

namespace mock_robot {
namespace {

namespace fs = std::filesystem;
using payload_manager::Checked;
using payload_manager::Done;
using payload_manager::Failed;
using payload_manager::Problem;

Failed<Problem> Refused(const fs::path& file, const std::string& why) {
  return Failed{Problem{file.string() + ": " + why}};
}

fs::path Beside(const fs::path& file, const char* suffix) { return file.string() + suffix; }

bool Exists(const fs::path& file) {
  struct stat status {};
  return ::lstat(file.c_str(), &status) == 0;
}

// One file is opened once per process. SQLite's own lock holds against other processes only as long
// as nobody in this process opens and closes the file a second time, so this is asked first.
class Claim {
 public:
  Claim() = default;
  Claim(Claim&& other) noexcept : file_(std::exchange(other.file_, {})) {}
  Claim& operator=(Claim&&) = delete;
  ~Claim() {
    if (file_ == File{}) return;
    const std::lock_guard lock(mutex());
    claimed().erase(file_);
  }
  // False if it is claimed already.
  bool Take(const struct stat& status) {
    const std::lock_guard lock(mutex());
    const File file{status.st_dev, status.st_ino};
    if (!claimed().insert(file).second) return false;
    file_ = file;
    return true;
  }

 private:
  using File = std::pair<dev_t, ino_t>;
  static std::mutex& mutex() {
    static std::mutex mutex;
    return mutex;
  }
  static std::set<File>& claimed() {
    static auto& files = *new std::set<File>;  // robots may outlive static objects
    return files;
  }
  File file_{};
};

// Member order matters: statements go before their database, and the claim last.
class StateFile final : public Store {
 public:
  StateFile(fs::path path, Claim claim, Database database)
      : path_(std::move(path)),
        claim_(std::move(claim)),
        database_(std::move(database)),
        begin_(database_.get(), "BEGIN IMMEDIATE"),
        commit_(database_.get(), "COMMIT"),
        writer_(database_.get()) {}

  Checked<Done> Write(const std::vector<const Changes*>& batch) override {
    if (batch.empty()) return Done{};
    const payload_manager::Secret* new_key = nullptr;
    for (const Changes* changes : batch) {
      if (changes->signing_key) new_key = &changes->signing_key->after;
    }
    if (!begin_.Run() || !WriteAll(batch) || !writer_.WriteRobot(*batch.back(), new_key) ||
        !commit_.Run()) {
      const Failed<Problem> failure = SqliteFailure(database_.get(), path_);
      if (sqlite3_get_autocommit(database_.get()) == 0) Execute(database_.get(), "ROLLBACK");
      return failure;
    }
    if (new_key != nullptr) writer_.KeyIsKept(*new_key);
    return Done{};
  }

 private:
  bool WriteAll(const std::vector<const Changes*>& batch) {
    for (const Changes* changes : batch) {
      if (!writer_.Write(*changes)) return false;
    }
    return true;
  }

  const fs::path path_;
  const Claim claim_;
  const Database database_;
  Statement begin_;
  Statement commit_;
  StateWriter writer_;
};

Database OpenInMemory() {
  sqlite3* raw = nullptr;
  const int opened =
      sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK || !Execute(database.get(), kStateFileSchema)) return nullptr;
  return database;
}

constexpr std::size_t kFormatVersions = 18;  // two bytes: 1 means rollback journal, 2 means WAL
constexpr std::size_t kUserVersion = 60;
constexpr std::size_t kApplication = 68;
constexpr std::size_t kHeader = 100;

// The bytes of a state file in which nothing is kept yet but the key of the tokens.
std::optional<std::string> NewStateFile() {
  const Database database = OpenInMemory();
  if (database == nullptr || !WriteRobotRow(database.get(), TokenSigner::MakeKey())) {
    return std::nullopt;
  }
  const std::string pragmas = "PRAGMA application_id=" + std::to_string(kApplicationId) +
                              "; PRAGMA user_version=" + std::to_string(kStateFileVersion);
  if (!Execute(database.get(), pragmas.c_str())) return std::nullopt;
  sqlite3_int64 size = 0;
  struct Free {
    void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
  };
  const std::unique_ptr<unsigned char, Free> bytes(
      sqlite3_serialize(database.get(), "main", &size, 0));
  if (bytes == nullptr || size < static_cast<sqlite3_int64>(kHeader)) return std::nullopt;
  bytes.get()[kFormatVersions] = bytes.get()[kFormatVersions + 1] = 2;
  return std::string(reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size));
}

Checked<Done> Make(const fs::path& file) {
  // Whatever a lost database has left would be taken for the new one's.
  for (const char* suffix : {"-wal", "-journal"}) {
    if (Exists(Beside(file, suffix))) {
      return Refused(file, "is not there, but a " + Beside(file, suffix).string() +
                               " of an earlier one is: put the file back or remove that one too");
    }
  }
  const std::optional<std::string> content = NewStateFile();
  if (!content) return Refused(file, "SQLite cannot make a database");
  return payload_manager::CreateFileAtomically(file, *content, payload_manager::FileMode::kPrivate);
}

std::uint32_t BigEndian(const std::array<unsigned char, kHeader>& header, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) value = (value << 8) | header[i];
  return value;
}

Failed<Problem> Newer(const fs::path& file, std::uint32_t version) {
  return Refused(file, "was written by a newer mock robot (state version " +
                           std::to_string(version) + ", this one knows " +
                           std::to_string(kStateFileVersion) + ")");
}

// Before SQLite may touch it: it would mend, or convert, what is not ours to mend.
Checked<Done> LooksLikeOurs(const fs::path& file) {
  std::array<unsigned char, kHeader> header{};
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return Refused(file, std::string("cannot open it: ") + std::strerror(errno));
  const ssize_t got = ::read(fd, header.data(), header.size());
  ::close(fd);
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  const bool sqlite = got == static_cast<ssize_t>(kHeader) &&
                      std::memcmp(header.data(), kMagic.data(), kMagic.size()) == 0;
  if (!sqlite || BigEndian(header, kApplication) != kApplicationId) {
    return Refused(file, "is not a state file of a mock robot");
  }
  const std::uint32_t version = BigEndian(header, kUserVersion);
  if (version > kStateFileVersion) return Newer(file, version);
  if (version != kStateFileVersion || header[kFormatVersions] != 2 ||
      header[kFormatVersions + 1] != 2 || Exists(Beside(file, "-journal"))) {
    return Refused(file, "is damaged, or another program has written to it");
  }
  return Done{};
}

std::string SchemaOf(sqlite3* database) {
  std::string schema;
  Statement rows(database, "SELECT type, name, sql FROM sqlite_schema ORDER BY rowid");
  while (rows.Next()) {
    schema += rows.Text() + " " + rows.Text() + " ";
    if (!rows.IsNull()) schema += rows.Text();
    schema += "\n";
  }
  return rows.AtEnd() ? schema : std::string();
}

// Reads all of it and writes nothing. `locked` says whether the file is ours, or would be if it
// were in order: nobody else has it open.
Checked<KeptState> ReadAndCheck(sqlite3* database, const fs::path& file, bool& locked) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  const bool ready = Execute(database,
                             "PRAGMA locking_mode=EXCLUSIVE; PRAGMA wal_autocheckpoint=0;"
                             "PRAGMA cell_size_check=ON; PRAGMA query_only=ON");
  Statement version(database, "PRAGMA user_version");
  locked = ready && version.Next();
  if (!locked) {
    const int code = sqlite3_errcode(database);
    // Damage is seen under the lock, and keeps everybody else out, too.
    locked = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      return Refused(file, "another process has it open");
    }
    return SqliteFailure(database, file);
  }
  const std::int64_t number = version.Number();
  if (number > kStateFileVersion) return Newer(file, static_cast<std::uint32_t>(number));
  version.Next();

  const Database model = OpenInMemory();
  Statement check(database, "PRAGMA integrity_check(1)");
  if (model == nullptr || SchemaOf(database) != SchemaOf(model.get()) || !check.Next() ||
      check.Text() != "ok") {
    return Refused(file,
                   "is damaged; it was left as it is, put a good copy in its place or name "
                   "another");
  }
  check.Next();
  return ReadState(database, file);
}

}  // namespace

Checked<OpenedState> OpenStateFile(const fs::path& path) {
  std::error_code error;
  // The file itself, because SQLite looks for its log beside that one; and a whole path, because
  // SQLite has names of its own, like :memory:.
  const fs::path file = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error || path.empty()) return Refused(path, "is no name of a file");
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno != ENOENT) return Refused(file, std::strerror(errno));
    const Checked<Done> made = Make(file);
    if (::stat(file.c_str(), &status) != 0) {
      return made ? Refused(file, std::strerror(errno)) : Failed{made.error()};
    }
  }
  if (!S_ISREG(status.st_mode)) return Refused(file, "is not a file");
  if ((status.st_mode & 077) != 0) {
    return Refused(file, "others may read or write it; run: chmod 600 " + file.string());
  }
  Claim claim;
  if (!claim.Take(status)) return Refused(file, "another robot of this process has it open");
  if (const Checked<Done> ours = LooksLikeOurs(file); !ours) return Failed{ours.error()};

  const bool had_log = Exists(Beside(file, "-wal"));
  bool locked = false;
  sqlite3* raw = nullptr;
  const int opened =
      sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK) return SqliteFailure(database.get(), file);
  Checked<KeptState> kept = ReadAndCheck(database.get(), file, locked);
  if (!kept) {
    // SQLite makes an empty log to look into; the one it found, it leaves. Without the lock the log
    // is another robot's, who may have come after our look for one, and writes to it.
    if (locked && !had_log && fs::is_empty(Beside(file, "-wal"), error) && !error) {
      fs::remove(Beside(file, "-wal"), error);
    }
    return Failed{kept.error()};
  }
  sqlite3_db_config(database.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  if (!Execute(database.get(),
               "PRAGMA query_only=OFF; PRAGMA wal_autocheckpoint=1000; PRAGMA synchronous=FULL")) {
    return SqliteFailure(database.get(), file);
  }
  OpenedState state;
  state.kept = *std::move(kept);
  state.store = std::make_unique<StateFile>(file, std::move(claim), std::move(database));
  return state;
}

}  // namespace mock_robot
