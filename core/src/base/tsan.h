// Tells ThreadSanitizer of the ordering that gRPC provides and it cannot see. The thin adapters
// call ReleaseToGrpc(call) just before they hand a call over and AcquireFromGrpc(call) first thing
// in its completion, with the same pointer. In every other build both are nothing.
#pragma once

#ifdef PAYLOAD_MANAGER_THREAD_SANITIZER
extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}
#endif

namespace payload_manager {

inline void ReleaseToGrpc([[maybe_unused]] void* call) {
#ifdef PAYLOAD_MANAGER_THREAD_SANITIZER
  __tsan_release(call);
#endif
}

inline void AcquireFromGrpc([[maybe_unused]] void* call) {
#ifdef PAYLOAD_MANAGER_THREAD_SANITIZER
  __tsan_acquire(call);
#endif
}

}  // namespace payload_manager
