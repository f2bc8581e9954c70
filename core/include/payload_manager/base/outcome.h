// The result of something that may fail: a value, or the reason why there is none.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace payload_manager {

// Marks the failure alternative, so that BasicOutcome<std::string, std::string> is no puzzle.
template <typename E>
struct Failed {
  E error;
};
template <typename E>
Failed(E) -> Failed<E>;

// The value of something that has nothing to say but that it was done.
struct Done {
  friend bool operator==(Done, Done) { return true; }
};

// Exactly one of a T and an E. Asking for the one that is not there is a programming error
// (asserted). Threads: like any value.
template <typename T, typename E>
class [[nodiscard]] BasicOutcome {
 public:
  using value_type = T;
  using error_type = E;

  BasicOutcome(T value)  // NOLINT(google-explicit-constructor): `return value;` is the point
      : state_(std::in_place_index<0>, std::move(value)) {}
  template <typename G>
  BasicOutcome(Failed<G> failed)  // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<1>, E(std::move(failed.error))) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const E& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  E&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, E> state_;
};

// A failure that a person is to read: one line that names the file, flag or field and says what to
// do. Never holds a secret.
struct Problem {
  std::string message;
};

// What local things (files, flags, definitions) return. Talking to a robot returns Outcome<T>, see
// failure.h.
template <typename T>
using Checked = BasicOutcome<T, Problem>;

}  // namespace payload_manager
