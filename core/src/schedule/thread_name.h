// What our threads are called in `top -H`, debuggers and core dumps.
#pragma once

#include <pthread.h>

namespace payload_manager {

// At most 15 characters; all of ours begin with "pm-".
inline void NameThisThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace payload_manager
