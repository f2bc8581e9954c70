// The quick way to throw what errors.h documents.
#pragma once

#include <utility>

#include "payload_manager/base/outcome.h"
#include "payload_manager/failure.h"

namespace payload_manager {

// "Already exists" is the normal answer to a registration, so its exception is thrown all day long,
// and costs more than the rest of the client's work. What it costs is the functions that it passes,
// and most of all those in which something has to be destroyed. So here a failure is nobody's local
// variable:
//
//   if (Failure* const failure = TakeFailure(call())) ThrowOwned(failure);

// The outcome's failure on the heap, for ThrowOwned to delete; null if it has none.
inline Failure* TakeFailure(Outcome<Done> outcome) {
  return outcome.ok() ? nullptr : new Failure(std::move(outcome).error());
}

// Throws the exception that stands for the failure (errors.h: MakeError) and deletes it. Never
// returns, which is not said to the compiler: a call that does not return is not made as a jump.
void ThrowOwned(Failure* failure);

}  // namespace payload_manager
