// The places in which a connection's waiting calls wait, kept for the calls to come.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace payload_manager {

struct WaitingPlace;  // only the gRPC adapter looks inside

// Threads: every member may be called from any thread; nothing blocks.
class WaitingPlaces {
 public:
  // More than these are not kept: as many threads as ordinarily call one robot at the same time.
  static constexpr std::size_t kMostSpare = 8;

  using Make = std::function<std::shared_ptr<WaitingPlace>()>;
  explicit WaitingPlaces(Make make) : make_(std::move(make)) {}

  // One that nobody else has.
  std::shared_ptr<WaitingPlace> Take();
  void GiveBack(std::shared_ptr<WaitingPlace> place);

 private:
  const Make make_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<WaitingPlace>> spare_;  // guarded by mutex_
};

}  // namespace payload_manager
