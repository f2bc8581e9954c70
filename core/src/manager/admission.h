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

  // Looks for the payload's identity on `robot` and whether it may run beside `others`, which weigh
  // `others_mass_kg`: refused when one of them has its id or GUID. Makes no identity. Blocks on the
  // disk.
  Checked<Done> Identify(const std::string& robot, const IdentityStore& store,
                         const std::vector<PayloadIdentity>& others, double others_mass_kg);
  // After Identify, once everything else is admitted: makes the identity if there was none. Blocks
  // on the disk.
  Checked<Done> MakeIdentity(const std::string& robot, const IdentityStore& store);

  const std::string& payload_id() const { return payload_id_; }
  // As CheckIdentities wants it; without a GUID as long as there is none.
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
  Checked<Done> Take(PayloadCredentials credentials);

  std::string plugin_file_;
  std::string payload_id_;
  std::shared_ptr<bosdyn::api::Payload> definition_;
  ValidationContext context_;
  bool strict_ = false;
  Secret secret_;
  std::vector<std::string> warnings_;
};

}  // namespace payload_manager
