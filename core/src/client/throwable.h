// The quick way to throw what errors.h documents.
#pragma once

#include <typeinfo>
#include <utility>

#include "payload_manager/base/outcome.h"
#include "payload_manager/failure.h"

namespace payload_manager {

// "Already exists" is the normal answer to a registration, so its exception is thrown all day long,
// and costs more than the rest of the client's work. What it costs is the functions that it passes.
// So here an exception is made in one place and thrown from another, which has nothing left to
// destroy and is left by a jump: the first function that it passes is the caller's.
//
//   const Throwable error = TakeError(call());
//   if (error) return Throw(error);

// An exception as the C++ ABI knows it, made and not thrown yet; null where there is none. Whoever
// has one must throw it.
struct Throwable {
  void* exception = nullptr;
  std::type_info* type = nullptr;
  void (*destroy)(void*) = nullptr;
  explicit operator bool() const { return exception != nullptr; }
};

// The exception that stands for the failure (errors.h: MakeError).
Throwable MakeThrowable(Failure&& failure);
// For the outcome's failure, if it has one.
inline Throwable TakeError(Outcome<Done> outcome) {
  return outcome.ok() ? Throwable() : MakeThrowable(std::move(outcome).error());
}

// What `throw` ends in, by the ABI's name. Never returns, which is not said to the compiler: a call
// that does not return is not made as a jump.
void RaiseByJump(void* exception, std::type_info* type,
                 void (*destroy)(void*)) __asm__("__cxa_throw");
inline void Throw(const Throwable& error) {
  return RaiseByJump(error.exception, error.type, error.destroy);
}

}  // namespace payload_manager
