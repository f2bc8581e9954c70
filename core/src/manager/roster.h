// The payloads that run, on all robots, in the order they were added.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "manager/running_payload.h"
#include "payload_manager/identity.h"

namespace payload_manager {

// Threads: every member may be called from any thread; none blocks.
class Roster {
 public:
  void Add(std::shared_ptr<const RunningPayload> payload);
  void Remove(const std::shared_ptr<const RunningPayload>& payload);
  void RemoveAllOn(const std::string& robot);

  std::vector<std::shared_ptr<const RunningPayload>> All() const;
  std::vector<PayloadIdentity> IdentitiesOn(const std::string& robot) const;
  double MassOn(const std::string& robot) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const RunningPayload>> payloads_;  // guarded by mutex_
};

}  // namespace payload_manager
