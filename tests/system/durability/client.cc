#include "tests/system/durability/client.h"

#include <algorithm>
#include <utility>

#include "bosdyn/api/payload_registration.pb.h"

namespace durability {
namespace {

const std::string kRegistration = "bosdyn.api.PayloadRegistrationService/";
const std::string kAdmin = "mock_robot.v1.MockRobotAdmin/";
constexpr const char* kPreset = "rear";

std::string SecretOf(const std::string& guid) { return "secret of " + guid; }

template <typename Request>
void Identify(Request& request, const std::string& guid) {
  request.mutable_payload_credentials()->set_guid(guid);
  request.mutable_payload_credentials()->set_secret(SecretOf(guid));
}

Expected Authorized(const Expected& before, bool with_preset) {
  Expected after = before;
  after.shown = before.registered;
  if (with_preset) {
    const api::PayloadPreset& preset = before.registered.preset_configurations(0);
    after.shown.set_description(preset.description());
    after.shown.set_mount_frame_name(preset.mount_frame_name());
  }
  after.shown.set_is_authorized(true);
  after.shown.set_is_enabled(before.shown.is_enabled());
  return after;
}

bool Same(const MaybeExpected& expected, const api::Payload* found) {
  if (!expected || found == nullptr) return !expected && found == nullptr;
  return expected->shown.SerializeAsString() == found->SerializeAsString();
}

std::string Text(const MaybeExpected& expected) {
  return expected ? expected->shown.ShortDebugString() : "unknown";
}

}  // namespace

template <typename Request, typename Response>
bool Client::Ask(WireClient& to, const std::string& rpc, const Request& request,
                 Response& response) {
  return to.Call(rpc, request, &response).ok();
}

template <typename Request, typename Response>
bool Client::Administer(const std::string& method, Request request, const std::string& guid) {
  request.set_guid(guid);
  Response response;
  if (!Ask(*admin_, kAdmin + method, request, response)) return false;
  if (response.result() != mock_robot::v1::RESULT_OK) {
    wrong_ = method + " of " + guid + ": " + response.message();
    return false;
  }
  Acknowledge();
  return true;
}

void Client::Acknowledge() {
  const Pending done = *std::exchange(pending_, std::nullopt);
  Token token;
  if (const auto found = known_.find(done.guid); found != known_.end()) {
    token = found->second.token;
  }
  if (done.voids_token && !token.text.empty())
    void_tokens_.push_back(std::exchange(token, {}).text);
  if (done.after) {
    known_.insert_or_assign(done.guid, Known{*done.after, token});
  } else {
    known_.erase(done.guid);
  }
}

bool Client::Register() {
  const std::string guid =
      "client-" + std::to_string(number_) + "-payload-" + std::to_string(++registered_);
  api::RegisterPayloadRequest request;
  api::Payload& definition = *request.mutable_payload();
  definition.set_guid(guid);
  definition.set_name("payload " + std::to_string(registered_));
  definition.set_description(std::string(Below(6000), 'd'));  // some need more than one page
  definition.mutable_version()->set_major_version(1);
  definition.add_preset_configurations()->set_preset_name(kPreset);
  definition.mutable_preset_configurations(0)->set_description("as behind");
  request.set_payload_secret(SecretOf(guid));
  pending_ = Pending{guid, Expected{definition, definition}};
  order_.push_back(guid);
  api::RegisterPayloadResponse response;
  if (!Ask(*robot_, kRegistration + "RegisterPayload", request, response)) return false;
  if (response.status() != api::RegisterPayloadResponse::STATUS_OK) {
    wrong_ = "RegisterPayload of " + guid + ": " + response.ShortDebugString();
    return false;
  }
  Acknowledge();
  return true;
}

bool Client::ChangeOne(const std::string& guid) {
  const Known& known = known_.at(guid);
  const Expected& now = known.now;
  const bool authorized = now.shown.is_authorized();
  const std::uint64_t dice = Below(10);
  if (dice == 0) {
    pending_ = Pending{guid, std::nullopt, true};
    return Administer<mock_robot::v1::ForgetPayloadRequest, mock_robot::v1::ForgetPayloadResponse>(
        "ForgetPayload", {}, guid);
  }
  if (dice < 3) {
    api::UpdatePayloadVersionRequest request;
    Identify(request, guid);
    request.mutable_updated_version()->set_major_version(static_cast<int>(Below(1000)));
    Expected after = now;
    *after.registered.mutable_version() = request.updated_version();
    *after.shown.mutable_version() = request.updated_version();
    pending_ = Pending{guid, after};
    api::UpdatePayloadVersionResponse response;
    if (!Ask(*robot_, kRegistration + "UpdatePayloadVersion", request, response)) return false;
    Acknowledge();
    return true;
  }
  if (!authorized || dice < 5) {
    mock_robot::v1::AuthorizePayloadRequest request;
    const bool with_preset = Below(2) == 0;
    if (with_preset) request.set_preset_name(kPreset);
    pending_ = Pending{guid, Authorized(now, with_preset)};
    return Administer<mock_robot::v1::AuthorizePayloadRequest,
                      mock_robot::v1::AuthorizePayloadResponse>("AuthorizePayload", request, guid);
  }
  if (dice == 5) {
    pending_ = Pending{guid, Expected{now.registered, now.registered}, true};
    return Administer<mock_robot::v1::DeauthorizePayloadRequest,
                      mock_robot::v1::DeauthorizePayloadResponse>("DeauthorizePayload", {}, guid);
  }
  if (dice < 8 && known.token.text.empty()) return AskForToken(guid);
  api::UpdatePayloadAttachedRequest request;
  Identify(request, guid);
  const bool attach = !now.shown.is_enabled();
  request.set_request(attach ? api::UpdatePayloadAttachedRequest::REQUEST_ATTACH
                             : api::UpdatePayloadAttachedRequest::REQUEST_DETACH);
  Expected after = now;
  after.shown.set_is_enabled(attach);
  pending_ = Pending{guid, after};
  api::UpdatePayloadAttachedResponse response;
  if (!Ask(*robot_, kRegistration + "UpdatePayloadAttached", request, response)) return false;
  Acknowledge();
  return true;
}

bool Client::AskForToken(const std::string& guid) {
  Token token;
  token.after = expirations_.done;
  api::GetPayloadAuthTokenRequest request;
  Identify(request, guid);
  api::GetPayloadAuthTokenResponse response;
  if (!Ask(*robot_, kRegistration + "GetPayloadAuthToken", request, response)) return false;
  token.before = expirations_.begun;
  if (response.token().empty()) wrong_ = "no token for " + guid;
  token.text = response.token();
  known_.at(guid).token = token;
  return wrong_.empty();
}

bool Client::ExpireTokens() {
  ++expirations_.begun;
  mock_robot::v1::InjectFaultRequest request;
  request.mutable_fault()->mutable_expire_tokens();
  mock_robot::v1::InjectFaultResponse response;
  if (!Ask(*admin_, "mock_robot.v1.MockRobotFaults/InjectFault", request, response)) return false;
  ++expirations_.done;
  return true;
}

void Client::SortTokens() {
  for (auto& [guid, known] : known_) {
    if (known.token.text.empty() || known.token.after == expirations_.begun) continue;
    const bool expired = known.token.before < expirations_.done;
    const std::string text = std::exchange(known.token, {}).text;
    if (expired) void_tokens_.push_back(text);
  }
}

bool Client::Step() {
  if (number_ == 0 && Below(8) == 0) return ExpireTokens();
  if (known_.size() < 3 || Below(4) == 0) return Register();
  auto chosen = known_.begin();
  std::advance(chosen, static_cast<long>(Below(known_.size())));
  return ChangeOne(std::string(chosen->first));
}

std::string Client::Work(const std::string& robot, const std::string& admin,
                         std::atomic<std::uint64_t>& answered) {
  robot_ = std::make_unique<WireClient>(robot, "");
  admin_ = std::make_unique<WireClient>(admin, "");
  while (Step()) {
    ++answered;
    answered.notify_all();
  }
  return wrong_;
}

std::string Client::Compare(std::vector<api::Payload>& listed) {
  SortTokens();
  std::string differs;
  std::size_t position = 0;
  std::map<std::string, Known> found;
  for (const std::string& guid : order_) {
    const auto is_it = [&guid](const api::Payload& payload) { return payload.guid() == guid; };
    const auto at = std::find_if(listed.begin(), listed.end(), is_it);
    const api::Payload* seen = at == listed.end() ? nullptr : &*at;
    const auto known = known_.find(guid);
    const MaybeExpected before =
        known == known_.end() ? MaybeExpected() : MaybeExpected(known->second.now);
    Token token = known == known_.end() ? Token() : known->second.token;
    MaybeExpected now = before;
    if (!Same(before, seen)) {
      const bool unanswered = pending_ && pending_->guid == guid && Same(pending_->after, seen);
      if (!unanswered) {
        differs += guid + " should be: " + Text(before) +
                   (pending_ && pending_->guid == guid ? " or: " + Text(pending_->after) : "") +
                   ", and is: " + (seen == nullptr ? "unknown" : seen->ShortDebugString()) + "\n";
      }
      now = pending_ ? pending_->after : MaybeExpected();
    }
    // Whether a request that voids it took effect may not be told by what is seen.
    if (pending_ && pending_->guid == guid && pending_->voids_token) token = {};
    if (seen == nullptr) continue;
    const auto where = static_cast<std::size_t>(at - listed.begin());
    if (where < position) differs += guid + " is listed before one that was registered earlier\n";
    position = where;
    if (now) found.emplace(guid, Known{*now, token});
  }
  known_ = std::move(found);
  pending_.reset();
  const auto forgotten = [this](const std::string& guid) { return known_.count(guid) == 0; };
  order_.erase(std::remove_if(order_.begin(), order_.end(), forgotten), order_.end());
  const auto is_ours = [this](const api::Payload& payload) {
    return known_.count(payload.guid()) != 0;
  };
  listed.erase(std::remove_if(listed.begin(), listed.end(), is_ours), listed.end());
  return differs;
}

std::vector<std::string> Client::GoodTokens() const {
  std::vector<std::string> tokens;
  for (const auto& [guid, known] : known_) {
    if (!known.token.text.empty()) tokens.push_back(known.token.text);
  }
  return tokens;
}

}  // namespace durability
