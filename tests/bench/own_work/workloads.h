// What the client does by itself, piece by piece, without gRPC: measured in time by Google
// Benchmark and in instructions by callgrind.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace payload_manager::bench {

// Does some of it, everything at its steady state already; returns how many calls or beats that
// were. Only those count (counting.h).
using Workload = std::function<std::uint64_t()>;

// By name (`call/waiting`), made when it is its turn.
std::vector<std::pair<std::string, std::function<Workload()>>> Workloads();

}  // namespace payload_manager::bench
