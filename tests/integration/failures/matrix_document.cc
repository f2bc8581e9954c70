#include "tests/integration/failures/matrix_document.h"

#include <fstream>
#include <string_view>

namespace payload_manager::testing {
namespace {

constexpr std::string_view kAnything = "…";
constexpr char kName[] = "failure";

std::string Trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(' ');
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(' ') - from + 1));
}

// `x` as x; anything else as it is.
std::string Plain(const std::string& cell) {
  const bool code = cell.size() > 2 && cell.front() == '`' && cell.find('`', 1) == cell.size() - 1;
  return code ? cell.substr(1, cell.size() - 2) : cell;
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t from = 1;
  for (auto to = line.find('|', from); to != std::string::npos; to = line.find('|', from)) {
    cells.push_back(Plain(Trimmed(std::string_view(line).substr(from, to - from))));
    from = to + 1;
  }
  return cells;
}

std::vector<std::string> Pieces(const std::string& cell) {
  std::vector<std::string> pieces;
  std::size_t from = 0;
  for (auto to = cell.find(kAnything); to != std::string::npos; to = cell.find(kAnything, from)) {
    pieces.push_back(cell.substr(from, to - from));
    from = to + kAnything.size();
  }
  pieces.push_back(cell.substr(from));
  return pieces;
}

}  // namespace

Matrix ReadMatrix(const std::string& path) {
  Matrix matrix;
  std::ifstream file(path);
  if (!file) {
    matrix.error = "cannot read " + path;
    return matrix;
  }
  std::vector<std::string> titles;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] != '|') {
      titles.clear();
      continue;
    }
    const std::vector<std::string> cells = Cells(line);
    if (titles.empty()) {
      titles = cells;
      continue;
    }
    if (titles[0] != kName || line.find("|---") == 0) continue;
    if (cells.size() != titles.size()) {
      matrix.error = "a row with too few or too many cells: " + line;
      return matrix;
    }
    MatrixRow& row = matrix.rows[cells[0]];
    for (std::size_t at = 1; at < cells.size(); ++at) {
      if (!row.emplace(titles[at], cells[at]).second) {
        matrix.error = "two rows with the name " + cells[0];
        return matrix;
      }
    }
  }
  return matrix;
}

bool SaysSomewhere(const std::string& cell, const std::string& text) {
  std::size_t from = 0;
  for (const std::string& piece : Pieces(cell)) {
    const auto at = text.find(piece, from);
    if (at == std::string::npos) return false;
    from = at + piece.size();
  }
  return true;
}

bool Says(const std::string& cell, const std::string& text) {
  const std::string first = Pieces(cell).front();
  return text.compare(0, first.size(), first) == 0 && SaysSomewhere(cell, text);
}

}  // namespace payload_manager::testing
