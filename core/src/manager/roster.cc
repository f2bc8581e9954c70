#include "manager/roster.h"

#include <utility>

namespace payload_manager {

void Roster::Add(std::shared_ptr<const RunningPayload> payload) {
  const std::lock_guard lock(mutex_);
  payloads_.push_back(std::move(payload));
}

void Roster::Remove(const std::shared_ptr<const RunningPayload>& payload) {
  const std::lock_guard lock(mutex_);
  std::erase(payloads_, payload);
}

void Roster::RemoveAllOn(const std::string& robot) {
  const std::lock_guard lock(mutex_);
  std::erase_if(payloads_, [&robot](const auto& payload) { return payload->robot == robot; });
}

std::vector<std::shared_ptr<const RunningPayload>> Roster::All() const {
  const std::lock_guard lock(mutex_);
  return payloads_;
}

std::vector<PayloadIdentity> Roster::IdentitiesOn(const std::string& robot) const {
  std::vector<PayloadIdentity> identities;
  const std::lock_guard lock(mutex_);
  for (const auto& payload : payloads_) {
    if (payload->robot != robot) continue;
    identities.push_back({payload->payload_id, payload->guid, payload->plugin_file.string()});
  }
  return identities;
}

double Roster::MassOn(const std::string& robot) const {
  double mass_kg = 0;
  const std::lock_guard lock(mutex_);
  for (const auto& payload : payloads_) {
    if (payload->robot == robot) mass_kg += payload->mass_kg();
  }
  return mass_kg;
}

}  // namespace payload_manager
