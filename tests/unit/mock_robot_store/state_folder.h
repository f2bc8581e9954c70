// State files in a folder of their own, made, looked at and tampered with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "store/state_file.h"
#include "tests/support/temporary_folder.h"

namespace mock_robot::testing {

// SQLite on a file, as another program would use it.
class SqliteFile {
 public:
  explicit SqliteFile(const std::filesystem::path& file) {
    EXPECT_EQ(sqlite3_open(file.c_str(), &database_), SQLITE_OK);
  }
  ~SqliteFile() { sqlite3_close(database_); }
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  void Run(const char* sql) const {
    EXPECT_EQ(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sql << ": " << sqlite3_errmsg(database_);
  }

 private:
  sqlite3* database_ = nullptr;
};

class StateFolder : public ::testing::Test {
 protected:
  OpenedState Open() const {
    auto opened = OpenStateFile(file_);
    if (!opened) {
      ADD_FAILURE() << opened.error().message;
      return {};
    }
    return *std::move(opened);
  }

  // Nothing in the folder changes, down to the byte.
  void ExpectRefused(const std::string& why) const {
    const auto before = Contents();
    const auto refused = OpenStateFile(file_);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, ::testing::HasSubstr(why));
    EXPECT_THAT(refused.error().message, ::testing::HasSubstr(file_.string()));
    EXPECT_EQ(refused.error().message.find('\n'), std::string::npos);
    EXPECT_TRUE(Contents() == before) << why;
  }

  static std::string ContentOf(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::map<std::string, std::string> Contents() const {
    std::map<std::string, std::string> contents;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      contents[entry.path().string()] = ContentOf(entry.path());
    }
    return contents;
  }
  void Write(const std::string& content) const {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << content;
    std::filesystem::permissions(file_, std::filesystem::perms(0600));
  }

  // Two payloads and two users, every field of theirs set.
  static Changes SomeChanges() {
    auto& random = payload_manager::SystemRandom();
    const auto at = [](int hours) { return RobotTime(std::chrono::hours(hours)); };
    PayloadRecord record;
    bosdyn::api::Payload lamp;
    lamp.set_guid("a");
    lamp.set_name("lamp");
    lamp.add_preset_configurations()->set_preset_name("rear");
    record.Define(lamp);
    record.secret.emplace("secret-of-a-payload", random);
    record.warnings = {"odd \"one\"", "and another\nline"};
    record.authorized = record.attached = true;
    record.preset_applied = "rear";
    record.ordinal = 1;
    record.epoch = 3;
    record.registrations = 12;
    record.first_registered = at(1);
    record.last_registered = at(2);
    PayloadRecord waiting;
    bosdyn::api::Payload nameless;
    nameless.set_guid("b");
    waiting.Define(nameless);
    waiting.ordinal = waiting.epoch = 2;
    waiting.authorize_at = at(4);
    Changes changes;
    changes.payloads = {{"a", std::nullopt, record}, {"b", std::nullopt, waiting}};
    changes.users.push_back(
        {"anna", std::nullopt, UserRecord{"anna", {"annas-password", random}, 1}});
    changes.users.push_back({"bert", std::nullopt, UserRecord{"bert", {"x", random}, 2}});
    changes.last_payload_epoch = 4;
    changes.last_user_epoch = 2;
    return changes;
  }

  static std::string TextOf(const PayloadRecord& record) {
    std::ostringstream out;
    out << record.Registered().ShortDebugString() << " secret " << record.secret.has_value();
    if (record.secret) {
      for (unsigned byte : record.secret->salt()) out << ' ' << byte;
      for (unsigned byte : record.secret->digest()) out << ' ' << byte;
    }
    for (const std::string& warning : record.warnings) out << " [" << warning << "]";
    out << ' ' << record.authorized << record.attached << ' ' << record.preset_applied << ' '
        << record.ordinal << ' ' << record.epoch << ' ' << record.registrations;
    for (const RobotTime time : {record.first_registered, record.last_registered,
                                 record.authorize_at.value_or(RobotTime())}) {
      out << ' ' << time.time_since_epoch().count();
    }
    out << ' ' << record.authorize_at.has_value() << '\n';
    return out.str();
  }
  static std::string TextOf(const UserRecord& user) {
    std::ostringstream out;
    out << user.name << ' ' << user.epoch;
    for (unsigned byte : user.password.salt()) out << ' ' << byte;
    for (unsigned byte : user.password.digest()) out << ' ' << byte;
    out << '\n';
    return out.str();
  }
  static std::string TextOf(const KeptState& kept) {
    std::string text;
    for (const PayloadRecord& record : kept.registry.payloads) text += TextOf(record);
    for (const UserRecord& user : kept.users.users) text += TextOf(user);
    return text;
  }
  static std::string TextOf(const Changes& changes) {
    std::string text;
    for (const PayloadChange& change : changes.payloads) text += TextOf(*change.after);
    for (const UserChange& change : changes.users) text += TextOf(*change.after);
    return text;
  }

  const payload_manager::testing::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "robot.state";
};

}  // namespace mock_robot::testing
