// What must hold before a payload may run: its definition is sound, and so is its identity.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "manager/identity_store.h"
#include "payload_manager/definition.h"
#include "payload_manager/identity.h"
#include "payload_manager/plugin.h"

namespace payload_manager {

// A payload on its way in. Every problem names the plugin's file and the payload.
class Candidate {
 public:
  // Parses and checks what the plugin offers. Touches nothing but memory. `strict`: a warning is a
  // problem. `context` lacks only the payload's id.
  static Checked<Candidate> Examine(const std::filesystem::path& plugin_file,
                                    const OfferedPayload& offered, ValidationContext context,
                                    bool strict);

  // Finds or makes the payload's identity on `robot`, beside `others`, which weigh
  // `others_mass_kg`. Refused when one of them has its id or GUID, before an identity is made where
  // that can be told. Blocks on the disk.
  Checked<Done> Identify(const std::string& robot, const IdentityStore& store,
                         const std::vector<PayloadIdentity>& others, double others_mass_kg);

  const std::string& payload_id() const { return payload_id_; }
  // As CheckIdentities wants it.
  PayloadIdentity identity() const;
  const Secret& secret() const { return secret_; }
  const bosdyn::api::Payload& definition() const { return *definition_; }
  std::shared_ptr<const bosdyn::api::Payload> shared_definition() const { return definition_; }
  const ValidationContext& context() const { return context_; }
  // What a robot may not like about it, a line each.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  Candidate() = default;
  Failed<Problem> Because(const std::string& message) const;
  // Checks the definition in the context as it is now.
  Checked<Done> Validate();
  Checked<Done> CheckAgainst(const std::vector<PayloadIdentity>& others) const;

  std::string plugin_file_;
  std::string payload_id_;
  std::shared_ptr<bosdyn::api::Payload> definition_;
  ValidationContext context_;
  bool strict_ = false;
  Secret secret_;
  std::vector<std::string> warnings_;
};

}  // namespace payload_manager
