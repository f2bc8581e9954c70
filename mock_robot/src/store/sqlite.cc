#include "store/sqlite.h"

#include <openssl/evp.h>

#include <cstdlib>

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

// Kind and length come first, so that no two rows run together to the same bytes.
void Statement::Add(char kind, std::string_view bytes) {
  sealed_ += kind;
  sealed_ += std::to_string(bytes.size());
  sealed_ += ':';
  sealed_ += bytes;
}

Statement& Statement::Bind(std::int64_t number) {
  Note(sqlite3_bind_int64(statement_.get(), ++position_, number));
  Add('i', std::to_string(number));
  return *this;
}

Statement& Statement::Bind(std::string_view text) {
  // A null pointer would bind NULL.
  const char* characters = text.empty() ? "" : text.data();
  Note(sqlite3_bind_text64(statement_.get(), ++position_, characters, text.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
  Add('t', text);
  return *this;
}

Statement& Statement::BindBytes(std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  Note(sqlite3_bind_blob64(statement_.get(), ++position_, data, bytes.size(), SQLITE_STATIC));
  Add('b', bytes);
  return *this;
}

Statement& Statement::BindNull() {
  Note(sqlite3_bind_null(statement_.get(), ++position_));
  Add('n', {});
  return *this;
}

namespace {

std::string Digest(std::string_view bytes) {
  std::string digest(32, '\0');
  auto* out = reinterpret_cast<unsigned char*>(digest.data());
  if (EVP_Digest(bytes.data(), bytes.size(), out, nullptr, EVP_sha256(), nullptr) != 1) {
    std::abort();
  }
  digest.resize(16);  // against accidents, not against people
  return digest;
}

}  // namespace

Statement& Statement::BindSeal() {
  seal_ = Digest(sealed_);
  return BindBytes(seal_);
}

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
  sealed_.clear();
  return done;
}

bool Statement::Next() {
  if (result_ != SQLITE_OK && result_ != SQLITE_ROW) return false;
  result_ = sqlite3_step(statement_.get());
  position_ = 0;
  sealed_.clear();
  return result_ == SQLITE_ROW;
}

bool Statement::IsNull() const {
  return sqlite3_column_type(statement_.get(), position_) == SQLITE_NULL;
}

std::string Statement::Column(int type) {
  const int column = position_++;
  if (sqlite3_column_type(statement_.get(), column) != type) {
    Add('?', {});
    return {};
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::int64_t Statement::Number() {
  const int column = position_++;
  const bool number = sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER;
  const std::int64_t value = number ? sqlite3_column_int64(statement_.get(), column) : 0;
  Add(number ? 'i' : '?', std::to_string(value));
  return value;
}

std::string Statement::Text() {
  std::string text = Column(SQLITE_TEXT);
  Add('t', text);
  return text;
}

std::string Statement::Bytes() {
  std::string bytes = Column(SQLITE_BLOB);
  Add('b', bytes);
  return bytes;
}

void Statement::Skip() {
  const bool null = IsNull();
  ++position_;
  Add(null ? 'n' : '?', {});
}

bool Statement::SealHolds() {
  const std::string expected = Digest(sealed_);
  return Column(SQLITE_BLOB) == expected;
}

}  // namespace mock_robot
