// The digest at the end of each row of a state file: damage shows wherever it is. Against
// accidents, not against people.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mock_robot {

using Seal = std::array<char, 16>;

// Makes the seals of rows, one after the other, of what would be bound to the statement that writes
// them. Threads: one caller at a time.
class Sealer {
 public:
  Sealer& Bind(std::int64_t number);
  Sealer& Bind(std::string_view text);
  Sealer& BindBytes(std::string_view bytes);
  Sealer& BindNull();
  // A column of another type than it should have: no row has the seal of this one.
  void Break();

  // The seal of what was bound since the last one.
  Seal Finish();

 private:
  void Add(char kind, std::string_view bytes);

  std::string bytes_;
};

}  // namespace mock_robot
