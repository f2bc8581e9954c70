// The one way in which a completion is run.
#pragma once

#include <utility>

#include "payload_manager/base/completion_scope.h"
#include "payload_manager/robot_connection.h"

namespace payload_manager {

// Tells `done`, unless it is empty, the outcome, with the thread marked as being in a completion.
// What `done` captured is gone when this returns. An exception of it ends the process, whoever
// called: it is on its way to nobody who could do anything about it.
template <typename T>
void Complete(Completion<T> done, Outcome<T> outcome) noexcept {
  if (done == nullptr) return;
  const CompletionScope scope;
  done(std::move(outcome));
  done = nullptr;
}

}  // namespace payload_manager
