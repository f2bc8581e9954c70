// Reads the plain CSV tables under tests/data/spot_api: comma-separated, no quotes.
#ifndef TESTS_UNIT_WIRE_CSV_TABLE_H_
#define TESTS_UNIT_WIRE_CSV_TABLE_H_

#include <cstddef>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace wire_test {

struct CsvRow {
  std::size_t line = 0;  // In the file, counted from 1.
  std::string text;      // The row as it stands there.
  std::vector<std::string> cells;
};

struct CsvTable {
  std::string name;   // The file's name without its directory.
  std::string error;  // Empty if the table was read whole.
  std::vector<CsvRow> rows;

  // How a failure refers to a row.
  std::string Describe(const CsvRow& row) const {
    return name + ":" + std::to_string(row.line) + ": " + row.text;
  }
};

inline std::vector<std::string> SplitCells(const std::string& text) {
  std::vector<std::string> cells(1);
  for (const char c : text) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back().push_back(c);
    }
  }
  return cells;
}

// Reads `directory`/`name`. The first line must be `header`, and all rows must have as many cells.
inline CsvTable ReadCsvTable(const std::string& directory, const std::string& name,
                             const std::string& header) {
  CsvTable table;
  table.name = name;
  std::ifstream file(directory + "/" + name);
  std::string text;
  if (!std::getline(file, text)) {
    table.error = "cannot read " + directory + "/" + name;
    return table;
  }
  if (text != header) {
    table.error = name + ":1: expected the header " + header + " but found " + text;
    return table;
  }
  const std::size_t columns = SplitCells(header).size();
  for (std::size_t line = 2; std::getline(file, text); ++line) {
    CsvRow row{line, text, SplitCells(text)};
    if (row.cells.size() != columns) {
      table.error = table.Describe(row) + ": expected " + std::to_string(columns) + " cells";
      return table;
    }
    table.rows.push_back(std::move(row));
  }
  if (table.rows.empty()) table.error = name + ": has no rows";
  return table;
}

}  // namespace wire_test

#endif  // TESTS_UNIT_WIRE_CSV_TABLE_H_
