// Where callgrind counts (run it with --collect-atstart=no). Outside of valgrind all of it is
// nothing.
#pragma once

#include <valgrind/callgrind.h>

#include <utility>

namespace payload_manager::bench {

inline thread_local bool counting = false;

// Instructions of this thread count, or do not, while one lives; then it is as before. Nests.
class SwitchCounting {
 public:
  explicit SwitchCounting(bool on) : before_(std::exchange(counting, on)) {
    ToggleIf(before_ != on);
  }
  ~SwitchCounting() { ToggleIf(std::exchange(counting, before_) != before_); }
  SwitchCounting(const SwitchCounting&) = delete;
  SwitchCounting& operator=(const SwitchCounting&) = delete;

 private:
  static void ToggleIf(bool changes) {
    if (changes) CALLGRIND_TOGGLE_COLLECT;
  }
  const bool before_;
};

}  // namespace payload_manager::bench
