#include "store/sqlite.h"

#include <openssl/sha.h>

#include <array>
#include <charconv>
#include <cstring>

namespace mock_robot {

using payload_manager::Failed;
using payload_manager::Problem;

Failed<Problem> SqliteFailure(sqlite3* database, const std::filesystem::path& file) {
  return Failed{Problem{file.string() + ": " + sqlite3_errmsg(database)}};
}

namespace {

// The digits of a number, without a string of their own.
class Decimal {
 public:
  template <typename Number>
  explicit Decimal(Number number)
      : end_(std::to_chars(digits_.begin(), digits_.end(), number).ptr) {}
  std::string_view text() const {
    return {digits_.data(), static_cast<std::size_t>(end_ - digits_.data())};
  }

 private:
  std::array<char, 20> digits_;
  const char* end_;
};

// Of a row: against accidents, not against people.
Seal Digest(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> whole;
  SHA256_CTX context;
// Every row comes by here, and OpenSSL's present interface would take three times as long.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(whole.data(), &context);
#pragma GCC diagnostic pop
  Seal digest;
  std::memcpy(digest.data(), whole.data(), digest.size());
  return digest;
}

}  // namespace

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
  sealed_ += Decimal(bytes.size()).text();
  sealed_ += ':';
  sealed_ += bytes;
}

Statement& Statement::Bind(std::int64_t number) {
  Note(sqlite3_bind_int64(statement_.get(), ++position_, number));
  Add('i', Decimal(number).text());
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

Statement& Statement::BindSeal() {
  seal_ = Digest(sealed_);
  return BindBytes({seal_.data(), seal_.size()});
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
  Add(number ? 'i' : '?', Decimal(value).text());
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
  const Seal expected = Digest(sealed_);
  return Column(SQLITE_BLOB) == std::string_view(expected.data(), expected.size());
}

}  // namespace mock_robot
