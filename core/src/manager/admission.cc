#include "manager/admission.h"

#include <utility>

#include "bosdyn/api/payload.pb.h"

namespace payload_manager {
namespace {

std::string Join(const std::vector<DefinitionFinding>& findings) {
  std::string text;
  for (const DefinitionFinding& finding : findings) {
    text += (text.empty() ? "" : "; ") + finding.message;
  }
  return text;
}

}  // namespace

Failed<Problem> Candidate::Because(const std::string& message) const {
  return Failed{Problem{plugin_file_ + ": " + payload_id_ + ": " + message}};
}

Checked<Candidate> Candidate::Examine(const std::filesystem::path& plugin_file,
                                      const OfferedPayload& offered, ValidationContext context,
                                      bool strict) {
  Candidate candidate;
  candidate.plugin_file_ = plugin_file.string();
  candidate.payload_id_ = offered.id;
  candidate.strict_ = strict;
  candidate.context_ = std::move(context);
  candidate.context_.payload_id = offered.id;
  auto definition = ParseDefinition(offered.definition, offered.encoding);
  if (!definition.ok()) return candidate.Because(definition.error().message);
  candidate.definition_ = std::make_shared<bosdyn::api::Payload>(*std::move(definition));
  if (auto valid = candidate.Validate(); !valid.ok()) return Failed{std::move(valid).error()};
  return candidate;
}

Checked<Done> Candidate::Identify(const std::string& robot, const IdentityStore& store,
                                  const std::vector<PayloadIdentity>& others,
                                  double others_mass_kg) {
  context_.other_mass_kg = others_mass_kg;
  auto found = store.Find(robot, payload_id_, definition_->guid());
  if (!found.ok()) return Because(found.error().message);
  if (auto sound = *found ? Take(**std::move(found)) : Validate(); !sound.ok()) return sound;
  return CheckAgainst(others);
}

Checked<Done> Candidate::MakeIdentity(const std::string& robot, const IdentityStore& store) {
  if (!secret_.empty()) return Done{};
  auto made = store.FindOrMake(robot, payload_id_, definition_->guid());
  if (!made.ok()) return Because(made.error().message);
  return Take(*std::move(made));
}

Checked<Done> Candidate::Take(PayloadCredentials credentials) {
  definition_->set_guid(credentials.guid);
  secret_ = std::move(credentials.secret);
  context_.secret_length = secret_.size();
  return Validate();
}

PayloadIdentity Candidate::identity() const {
  return {payload_id_, definition_->guid(), plugin_file_};
}

Checked<Done> Candidate::Validate() {
  const DefinitionReport report = ValidateDefinition(*definition_, context_);
  if (!report.ok()) return Because(Join(report.errors));
  if (strict_ && !report.warnings.empty()) return Because(Join(report.warnings));
  warnings_.clear();
  for (const DefinitionFinding& warning : report.warnings) warnings_.push_back(warning.message);
  return Done{};
}

Checked<Done> Candidate::CheckAgainst(const std::vector<PayloadIdentity>& others) const {
  std::vector<PayloadIdentity> all = others;
  all.push_back(identity());
  const auto answers = CheckIdentities(all);
  if (answers.back()) return Failed{*answers.back()};  // names us already
  return Done{};
}

}  // namespace payload_manager
