// The warnings about one definition, bounded.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace mock_robot {

// Anybody may register anything, and the administrator reads it: of a definition that is wrong in a
// million places the first twenty will do.
class Warnings {
 public:
  void Add(std::string warning) {
    if (kept_.size() < kMost) {
      kept_.push_back(std::move(warning));
    } else {
      ++more_;
    }
  }

  // What was added, and how many more if there were more.
  std::vector<std::string> Take() {
    if (more_ > 0) kept_.push_back("and " + std::to_string(more_) + " more");
    return std::move(kept_);
  }

 private:
  static constexpr std::size_t kMost = 20;
  std::vector<std::string> kept_;
  std::size_t more_ = 0;
};

}  // namespace mock_robot
