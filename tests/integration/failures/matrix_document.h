// docs/failures.md as data.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace payload_manager::testing {

// A row of one of the document's tables: its cells by the table's column titles, markup removed
// from those of one code word.
using MatrixRow = std::map<std::string, std::string>;

struct Matrix {
  std::string error;  // empty: the document could be read
  // By the row's name; a failure has a row in a table for operators and one for developers, put
  // together here.
  std::map<std::string, MatrixRow> rows;
};

Matrix ReadMatrix(const std::string& path);

// Whether `text` is what a cell says. `…` in the cell stands for anything.
bool Says(const std::string& cell, const std::string& text);
// Whether some part of the text is.
bool SaysSomewhere(const std::string& cell, const std::string& text);

}  // namespace payload_manager::testing
