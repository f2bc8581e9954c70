// How everything goes back that was done beside a change that the disk then refused: faults raised
// and cleared, services that went with their payload, what was heard meanwhile.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

namespace mock_robot {

// What is never kept, because it ends with the robot's boot, is changed along with what is kept,
// and the answer to both says either that both were done or that neither was. So whoever changes
// such a thing notes here how to undo that, and the owner says which change on its way to the disk
// it hangs on.
//
// Threads: none of its own and no locks; one caller at a time.
class UndoLog {
 public:
  // Something has been done. `undo` puts back what was there just before it; whatever was done
  // after it and falls with it has been undone by then, but other things may have been done
  // meanwhile.
  void Note(std::function<void()> undo) { fresh_.push_back(std::move(undo)); }

  // Whether anything was noted since the last call of HangOn.
  bool has_news() const { return !fresh_.empty(); }

  // All that was noted since the last call stands or falls with the change of this number; with
  // none, it stands. Changes up to `kept` are on the disk.
  void HangOn(std::uint64_t change, std::uint64_t kept) {
    for (auto& undo : fresh_) {
      if (change > kept) noted_.push_back({change, std::move(undo)});
    }
    fresh_.clear();
    while (!noted_.empty() && noted_.front().change <= kept) noted_.pop_front();
  }

  // All changes beyond `kept` have failed: undoes what hangs on them, newest first.
  void Undo(std::uint64_t kept) {
    const std::deque<Noted> noted = std::exchange(noted_, {});
    for (auto one = noted.rbegin(); one != noted.rend(); ++one) {
      if (one->change > kept) one->undo();
    }
    fresh_.clear();  // of the undoing itself
  }

 private:
  struct Noted {
    std::uint64_t change = 0;
    std::function<void()> undo;
  };
  std::vector<std::function<void()>> fresh_;
  std::deque<Noted> noted_;  // oldest first
};

}  // namespace mock_robot
