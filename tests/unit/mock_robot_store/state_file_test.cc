#include "store/state_file.h"

#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <optional>
#include <utility>

#include "auth/token.h"
#include "mock_robot/registry.h"
#include "store/commit_queue.h"
#include "tests/unit/mock_robot_store/state_folder.h"

namespace mock_robot::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class StateFileTest : public StateFolder {};

TEST_F(StateFileTest, IsMadeForItsOwnerOnly) {
  const OpenedState state = Open();
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat((file_.string() + "-wal").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_TRUE(state.kept.registry.payloads.empty());
  EXPECT_TRUE(TokenSigner::IsKey(state.kept.signing_key));
}

TEST_F(StateFileTest, KeepsEveryFieldOfPayloadsAndUsers) {
  const Changes changes = SomeChanges();
  std::string key;
  {
    const OpenedState state = Open();
    key = state.kept.signing_key.Reveal();
    ASSERT_TRUE(state.store->Write({&changes}).ok());
  }
  const OpenedState again = Open();
  EXPECT_EQ(again.kept.signing_key.Reveal(), key);
  EXPECT_EQ(again.kept.registry.last_epoch, changes.last_payload_epoch);
  EXPECT_EQ(again.kept.users.last_epoch, changes.last_user_epoch);
  EXPECT_EQ(TextOf(again.kept), TextOf(changes));
  EXPECT_FALSE(fs::exists(file_.string() + "-wal.txt"));
}

TEST_F(StateFileTest, KeepsWarningsWhateverIsInThem) {
  const std::vector<std::vector<std::string>> kWarnings = {{},
                                                           {"plain"},
                                                           {"plain", "", "~ and a blank"},
                                                           {"plain", "in \"quotes\""},
                                                           {"back\\slash"},
                                                           {"\x7f and \t"},
                                                           {"h\u00f6her", "plain"}};
  for (const std::vector<std::string>& warnings : kWarnings) {
    Changes changes = SomeChanges();
    changes.payloads[0].after->warnings = warnings;
    {
      const OpenedState state = Open();
      ASSERT_TRUE(state.store->Write({&changes}).ok());
    }
    const OpenedState again = Open();
    ASSERT_EQ(again.kept.registry.payloads.size(), 2u);
    EXPECT_EQ(again.kept.registry.payloads[0].warnings, warnings);
  }
}

// The queue works out the rows of a few payloads, the file those of many.
TEST_F(StateFileTest, KeepsWhatComesThroughTheQueueFewPayloadsOrMany) {
  for (const int count : {1, 100}) {
    Changes changes = SomeChanges();
    const PayloadChange sample = changes.payloads[0];
    changes.payloads.clear();
    for (int i = 0; i < count; ++i) {
      PayloadChange& change = changes.payloads.emplace_back(sample);
      bosdyn::api::Payload lamp = sample.after->Registered();
      change.guid = "lamp-" + std::to_string(i);
      lamp.set_guid(change.guid);
      change.after->Define(lamp);
      change.after->ordinal = change.after->epoch = static_cast<std::uint64_t>(i) + 1;
    }
    changes.last_payload_epoch = 100;
    file_ = folder_ / std::to_string(count);
    {
      CommitQueue queue(Open().store,
                        [](const auto& problem) { ADD_FAILURE() << problem.message; });
      EXPECT_TRUE(queue.Wait(queue.Append(changes)));
    }
    EXPECT_EQ(TextOf(Open().kept), TextOf(changes));
  }
}

TEST_F(StateFileTest, HasWhatWasWrittenWhenTheProcessEndsWithoutClosing) {
  const Changes changes = SomeChanges();
  {
    const OpenedState state = Open();
    ASSERT_TRUE(state.store->Write({&changes}).ok());
    // What a power failure would leave.
    fs::copy(file_, folder_ / "copy");
    fs::copy(file_.string() + "-wal", folder_ / "copy-wal");
    fs::permissions(folder_ / "copy", fs::perms(0600));
  }
  file_ = folder_ / "copy";
  EXPECT_EQ(TextOf(Open().kept), TextOf(changes));
}

TEST_F(StateFileTest, WritesAllOfABatchInOrder) {
  Changes first = SomeChanges();
  Changes second;
  PayloadChange& again = second.payloads.emplace_back(first.payloads[0]);
  again.before = again.after;
  again.after->ordinal = again.after->epoch = 7;  // forgotten and registered anew
  second.last_payload_epoch = 7;
  second.last_user_epoch = first.last_user_epoch;
  Changes third;
  third.payloads.push_back({first.payloads[1].guid, first.payloads[1].after, std::nullopt});
  third.users.push_back({first.users[0].name, first.users[0].after, std::nullopt});
  third.last_payload_epoch = 8;
  third.last_user_epoch = 9;
  {
    const OpenedState state = Open();
    ASSERT_TRUE(state.store->Write({&first, &second, &third}).ok());
  }
  const KeptState kept = Open().kept;
  ASSERT_EQ(kept.registry.payloads.size(), 1u);
  EXPECT_EQ(kept.registry.payloads[0].ordinal, 7u);
  EXPECT_EQ(kept.registry.last_epoch, 8u);
  EXPECT_EQ(kept.users.users.size(), 1u);
  EXPECT_EQ(kept.users.last_epoch, 9u);
}

TEST_F(StateFileTest, IsAsBeforeAfterABatchThatFailsHalfWayAndTakesTheNext) {
  const Changes good = SomeChanges();
  Changes bad;
  bad.payloads.push_back({"new", std::nullopt, good.payloads[0].after});
  bad.payloads[0].after->ordinal = 5;
  bad.payloads[0].after->epoch = 5;
  bosdyn::api::Payload other = bad.payloads[0].after->Registered();
  other.set_guid("new");
  bad.payloads[0].after->Define(other);
  PayloadChange twice{"a", std::nullopt, good.payloads[0].after};
  twice.after->ordinal = 6;  // a GUID that is there already
  bad.payloads.push_back(twice);
  {
    const OpenedState state = Open();
    ASSERT_TRUE(state.store->Write({&good}).ok());
    const auto refused = state.store->Write({&bad});
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, HasSubstr(file_.string()));
    bad.payloads.pop_back();
    bad.last_payload_epoch = 6;
    bad.last_user_epoch = good.last_user_epoch;
    ASSERT_TRUE(state.store->Write({&bad}).ok());
  }
  EXPECT_EQ(Open().kept.registry.payloads.size(), good.payloads.size() + 1);
}

TEST_F(StateFileTest, KeepsANewKeyOfTheTokens) {
  Changes changes = SomeChanges();
  changes.payloads.clear();
  changes.users.clear();
  const Changes later = SomeChanges();
  {
    const OpenedState state = Open();
    changes.signing_key = KeyChange{state.kept.signing_key, TokenSigner::MakeKey()};
    ASSERT_TRUE(state.store->Write({&changes}).ok());
    ASSERT_TRUE(state.store->Write({&later}).ok());
  }
  EXPECT_EQ(Open().kept.signing_key, changes.signing_key->after);
}

TEST_F(StateFileTest, HoldsNoSecretAndNoPassword) {
  const Changes changes = SomeChanges();
  const OpenedState state = Open();
  ASSERT_TRUE(state.store->Write({&changes}).ok());
  for (const fs::path& path : {file_, fs::path(file_.string() + "-wal")}) {
    EXPECT_EQ(ContentOf(path).find("secret-of-a-payload"), std::string::npos) << path;
    EXPECT_EQ(ContentOf(path).find("annas-password"), std::string::npos) << path;
  }
}

TEST_F(StateFileTest, IsOpenOnlyOnceAtATime) {
  {
    const OpenedState state = Open();
    const Changes changes = SomeChanges();
    ASSERT_TRUE(state.store->Write({&changes}).ok());
    ExpectRefused("has it open");
    fs::create_symlink(file_, folder_ / "other-name");
    const auto other = OpenStateFile(folder_ / "other-name");
    EXPECT_FALSE(other.ok());
  }
  EXPECT_TRUE(OpenStateFile(file_).ok());
}

TEST_F(StateFileTest, OfAnotherProcessIsRefused) {
  { Open(); }
  // The lock of a process that is no robot: SQLite's.
  const SqliteFile other(file_);
  other.Run("PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM user");
  const auto refused = OpenStateFile(file_);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("another process has it open"));
  other.Run("ROLLBACK");
}

// SQLite's own access to files, but for one thing done just before a database is opened for the
// first time.
class BeforeTheFirstOpening {
 public:
  explicit BeforeTheFirstOpening(std::function<void()> first) {
    usual() = sqlite3_vfs_find(nullptr);
    todo() = std::move(first);
    vfs_ = *usual();
    vfs_.zName = "delayed";
    vfs_.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
      if (const auto now = std::exchange(todo(), nullptr)) now();
      return usual()->xOpen(usual(), name, file, flags, out);
    };
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~BeforeTheFirstOpening() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(usual(), 1);
  }
  BeforeTheFirstOpening(const BeforeTheFirstOpening&) = delete;
  BeforeTheFirstOpening& operator=(const BeforeTheFirstOpening&) = delete;

 private:
  static sqlite3_vfs*& usual() {
    static sqlite3_vfs* vfs = nullptr;
    return vfs;
  }
  static std::function<void()>& todo() {
    static std::function<void()> todo;
    return todo;
  }
  sqlite3_vfs vfs_{};
};

TEST_F(StateFileTest, OfAnotherProcessThatWasQuickerKeepsItsLog) {
  { Open(); }
  const fs::path log = file_.string() + "-wal";
  ASSERT_FALSE(fs::exists(log));
  std::optional<SqliteFile> winner;
  const BeforeTheFirstOpening hook([&] {
    winner.emplace(file_);
    winner->Run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA user_version; BEGIN IMMEDIATE");
  });
  const auto refused = OpenStateFile(file_);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("another process has it open"));
  ASSERT_TRUE(winner);
  EXPECT_TRUE(fs::exists(log));
  winner->Run("DELETE FROM user; COMMIT");
}

TEST_F(StateFileTest, ThatIsNoneIsRefused) {
  Write("");
  ExpectRefused("is not a state file of a mock robot");
  Write("anna:password\n");
  ExpectRefused("is not a state file of a mock robot");
  Write(std::string(100'000, 'x'));
  ExpectRefused("is not a state file of a mock robot");
  fs::remove(file_);
  SqliteFile(file_).Run("CREATE TABLE notes(text); INSERT INTO notes VALUES('mine')");
  fs::permissions(file_, fs::perms(0600));
  ExpectRefused("is not a state file of a mock robot");
  fs::remove(file_);
  fs::create_directory(file_);
  EXPECT_FALSE(OpenStateFile(file_).ok());
}

TEST_F(StateFileTest, OfANewerVersionIsRefused) {
  { Open(); }
  SqliteFile(file_).Run("PRAGMA user_version=2");
  ExpectRefused("was written by a newer mock robot (state version 2, this one knows 1)");
}

TEST_F(StateFileTest, OfANewerVersionThatIsOnlyInTheLogIsRefused) {
  { Open(); }
  {
    const SqliteFile newer(file_);
    newer.Run("PRAGMA user_version=2");
    fs::copy(file_, folder_ / "copy");
    fs::copy(file_.string() + "-wal", folder_ / "copy-wal");
  }
  file_ = folder_ / "copy";
  ExpectRefused("was written by a newer mock robot");
}

TEST_F(StateFileTest, WithAnotherSchemaIsRefused) {
  { Open(); }
  SqliteFile(file_).Run("CREATE TRIGGER t AFTER INSERT ON payload BEGIN DELETE FROM user; END");
  ExpectRefused("is damaged");
}

TEST_F(StateFileTest, WithARowThatIsNotAsWrittenIsRefused) {
  const Changes changes = SomeChanges();
  {
    const OpenedState state = Open();
    ASSERT_TRUE(state.store->Write({&changes}).ok());
  }
  const std::string good = ContentOf(file_);
  for (const char* damage :
       {"UPDATE payload SET authorized=0", "UPDATE payload SET guid='z' WHERE guid='a'",
        "UPDATE payload SET digest=NULL", "UPDATE payload SET warnings='[1]'",
        "UPDATE user SET epoch=epoch+1", "UPDATE user SET salt=x'00'", "DELETE FROM robot",
        "UPDATE robot SET last_payload_epoch=0", "UPDATE robot SET signing_key=x'00'"}) {
    SCOPED_TRACE(damage);
    Write(good);
    SqliteFile(file_).Run(damage);
    ExpectRefused("is damaged");
  }
}

TEST_F(StateFileTest, ThatOthersMayReadIsRefused) {
  { Open(); }
  fs::permissions(file_, fs::perms(0640));
  ExpectRefused("run: chmod 600");
}

TEST_F(StateFileTest, IsNotMadeBesideTheLogOfALostOne) {
  { std::ofstream(file_.string() + "-wal") << "old"; }
  const auto refused = OpenStateFile(file_);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr(file_.string()), HasSubstr("-wal")));
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(StateFileTest, WithNoPossibleNameIsRefused) {
  EXPECT_FALSE(OpenStateFile("").ok());
  Write("");
  EXPECT_FALSE(OpenStateFile(file_ / "below-a-file").ok());
}

}  // namespace
}  // namespace mock_robot::testing
