// Adapter only: where one thread waits for the answer to one call at a time.
#pragma once

#include <grpcpp/grpcpp.h>

#include <optional>

namespace payload_manager {

// What gRPC's own waiting calls make anew for each call, a queue, is kept for the next one here;
// and what an answered call leaves behind is destroyed while the next one waits, when the thread
// has nothing else to do. Threads: used by one at a time (waiting_places.h).
struct WaitingPlace {
  WaitingPlace() = default;
  WaitingPlace(const WaitingPlace&) = delete;
  WaitingPlace& operator=(const WaitingPlace&) = delete;
  ~WaitingPlace() {
    queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) {  // drained, as gRPC wants it; there is nothing in it
    }
  }

  // The context of a new call, which is the one that `context` points to from here on.
  void BeginCall() {
    now = 1 - now;
    contexts[now].emplace();
  }
  grpc::ClientContext* context() { return &*contexts[now]; }
  // Destroys what is left of the call before.
  void ForgetLastCall() { contexts[1 - now].reset(); }
  // Waits for the end of the call that SendFrom has begun.
  void Await();

  grpc::CompletionQueue queue;
  std::optional<grpc::ClientContext> contexts[2];
  int now = 0;
};

}  // namespace payload_manager
