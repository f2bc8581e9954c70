// Whether a thread is in a completion, where nothing may block: a transport runs all completions of
// the process on a few threads of its own (gRPC 1.51: two), and one that waits there holds up the
// answer it waits for.
#pragma once

namespace payload_manager {

// Whether the calling thread is within a CompletionScope. What blocks asks first, and refuses.
bool InCompletion();

// A RobotConnection runs each completion within one. Nests. Threads: lives and dies on one thread.
class CompletionScope {
 public:
  CompletionScope();
  ~CompletionScope();
  CompletionScope(const CompletionScope&) = delete;
  CompletionScope& operator=(const CompletionScope&) = delete;
};

}  // namespace payload_manager
