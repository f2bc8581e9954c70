#include "store/sqlite.h"

namespace mock_robot {

using payload_manager::Failed;
using payload_manager::Problem;

Failed<Problem> SqliteFailure(sqlite3* database, const std::filesystem::path& file) {
  return Failed{Problem{file.string() + ": " + sqlite3_errmsg(database)}};
}

bool Execute(sqlite3* database, const char* sql) {
  return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

Statement::Statement(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  result_ = sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
  statement_.reset(statement);
}

Statement::~Statement() = default;

void Statement::Note(int result) {
  if (result != SQLITE_OK) result_ = result;
}

Statement& Statement::Bind(std::int64_t number) {
  Note(sqlite3_bind_int64(statement_.get(), ++position_, number));
  return *this;
}

Statement& Statement::Bind(std::string_view text) {
  // A null pointer would bind NULL.
  const char* characters = text.empty() ? "" : text.data();
  Note(sqlite3_bind_text64(statement_.get(), ++position_, characters, text.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
  return *this;
}

Statement& Statement::BindBytes(std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  Note(sqlite3_bind_blob64(statement_.get(), ++position_, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::BindNull() {
  Note(sqlite3_bind_null(statement_.get(), ++position_));
  return *this;
}

Statement& Statement::Bind(const Seal& seal) { return BindBytes({seal.data(), seal.size()}); }

bool Statement::Run() {
  if (result_ == SQLITE_OK) {
    const int stepped = sqlite3_step(statement_.get());
    if (stepped != SQLITE_DONE && stepped != SQLITE_ROW) result_ = stepped;
  }
  const bool done = result_ == SQLITE_OK;
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  if (statement_ != nullptr) result_ = SQLITE_OK;
  position_ = 0;
  return done;
}

bool Statement::Next() {
  if (result_ != SQLITE_OK && result_ != SQLITE_ROW) return false;
  result_ = sqlite3_step(statement_.get());
  position_ = 0;
  read_.Finish();  // begins anew
  return result_ == SQLITE_ROW;
}

bool Statement::IsNull() const {
  return sqlite3_column_type(statement_.get(), position_) == SQLITE_NULL;
}

std::string Statement::Column(int type) {
  const int column = position_++;
  if (sqlite3_column_type(statement_.get(), column) != type) {
    read_.Break();
    return {};
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::int64_t Statement::Number() {
  const int column = position_++;
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_INTEGER) {
    read_.Break();
    return 0;
  }
  const std::int64_t number = sqlite3_column_int64(statement_.get(), column);
  read_.Bind(number);
  return number;
}

std::string Statement::Text() {
  std::string text = Column(SQLITE_TEXT);
  read_.Bind(text);
  return text;
}

std::string Statement::Bytes() {
  std::string bytes = Column(SQLITE_BLOB);
  read_.BindBytes(bytes);
  return bytes;
}

void Statement::Skip() {
  if (IsNull()) {
    read_.BindNull();
  } else {
    read_.Break();
  }
  ++position_;
}

bool Statement::SealHolds() {
  const Seal expected = read_.Finish();
  return Column(SQLITE_BLOB) == std::string_view(expected.data(), expected.size());
}

}  // namespace mock_robot
