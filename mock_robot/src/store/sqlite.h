// As much of SQLite as a state file needs, without leaks.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "payload_manager/base/outcome.h"
#include "store/seal.h"

namespace mock_robot {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

// What SQLite says went wrong last; never holds a value from the database.
payload_manager::Failed<payload_manager::Problem> SqliteFailure(sqlite3* database,
                                                                const std::filesystem::path& file);

// False if one of the statements in `sql` failed.
bool Execute(sqlite3* database, const char* sql);

// One prepared statement. Rows are sealed: what is read counts only once the seal, their last
// column, was found right.
//
// Threads: one caller at a time.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql);
  ~Statement();
  Statement(Statement&&) = delete;
  Statement& operator=(Statement&&) = delete;

  // Parameters, from the first on. What is bound must live until Run().
  Statement& Bind(std::int64_t number);
  Statement& Bind(std::string_view text);
  Statement& BindBytes(std::string_view bytes);
  Statement& BindNull();
  Statement& Bind(const Seal& seal);
  // Runs it to its end and readies it for the next parameters. False if anything failed.
  bool Run();

  // Columns, row by row: while (Next()) { … Number() … if (!SealHolds()) … }. A column of another
  // type than asked for reads as zero or nothing and breaks the seal.
  bool Next();
  std::int64_t Number();
  std::string Text();
  std::string Bytes();
  bool IsNull() const;  // the column that comes next
  void Skip();          // a column that is null
  bool SealHolds();
  // Whether Next() has seen all rows and no failure.
  bool AtEnd() const { return result_ == SQLITE_DONE; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::string Column(int type);
  void Note(int result);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int result_ = SQLITE_OK;
  int position_ = 0;  // of the parameter or column that was last
  Sealer read_;       // the columns since Next()
};

}  // namespace mock_robot
