// What a process uses, as the kernel and the allocator say.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "payload_manager/base/clock.h"

namespace payload_manager::bench {

// Processor time of all threads of this process, to the nanosecond.
Duration ProcessCpu();
// Of another process; 0 when there is none.
Duration ProcessCpu(pid_t process);

// Resident memory of this process in bytes.
std::size_t ResidentBytes();
// Of another process; 0 when there is none.
std::size_t ResidentBytes(pid_t process);
// What is allocated from the heap and not freed, in bytes, large blocks included.
std::size_t HeapBytes();
// Gives what is free in the heap back to the system, so that ResidentBytes means something.
void TrimHeap();

std::vector<pid_t> Threads();
// How often a thread of this process has gone to sleep of its own accord, which is how often it was
// woken. 0 when there is none.
std::uint64_t Sleeps(pid_t thread);
// What it is called; empty when there is none.
std::string NameOf(pid_t thread);

std::size_t OpenDescriptors();
// Raises the limit of open files to the hard limit. False when even that is less than `needed`.
bool AllowDescriptors(std::size_t needed);

}  // namespace payload_manager::bench
