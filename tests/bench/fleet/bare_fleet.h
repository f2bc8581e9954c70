// What setting up a fleet takes without this project: generated stubs that make the same calls, at
// the pace that a robot's rate limits allow.
#pragma once

#include <memory>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/connect.h"

namespace payload_manager::bench {

// Registers the payloads with each of the robots and fetches a token for each, over the callback
// API, a channel for each robot and service's name as real clients have it; asks a robot that has
// given all its tokens for the directory's entry and the list of payloads, as the sessions do. A
// robot is called `calls_per_second` times in the first moment of each second.
// A call that fails ends the process: a benchmark of failing calls measures nothing.
// Threads: used by one.
class BareFleet {
 public:
  // Makes the requests and nothing else; no call is made yet.
  BareFleet(std::vector<ConnectionOptions> robots,
            const std::vector<bosdyn::api::Payload>& payloads, int calls_per_second);
  ~BareFleet();
  BareFleet(const BareFleet&) = delete;
  BareFleet& operator=(const BareFleet&) = delete;

  // Makes the channels and the calls; returns when all are answered.
  void SetUp();

 private:
  class Robot;
  class Progress;

  const std::size_t payloads_;
  const std::size_t calls_per_second_;
  const std::unique_ptr<Progress> progress_;
  std::vector<std::unique_ptr<Robot>> robots_;
};

}  // namespace payload_manager::bench
