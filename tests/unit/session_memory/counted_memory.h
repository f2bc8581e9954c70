// What this process has allocated with new and not given back.
#pragma once

#include <cstddef>

namespace payload_manager::testing {

// As the allocator rounds it. Threads: any.
std::size_t LiveBytes();

}  // namespace payload_manager::testing
