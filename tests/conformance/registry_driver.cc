#include "tests/conformance/registry_driver.h"

#include <map>

#include "mock_robot/registry.h"
#include "tests/conformance/names.h"

namespace conformance {
namespace {

using bosdyn::api::Payload;
using bosdyn::api::SoftwareVersion;
using bosdyn::api::UpdatePayloadAttachedRequest;
using mock_robot::Credentials;
using payload_manager::Secret;

class RegistryDriver final : public Driver {
 public:
  explicit RegistryDriver(const std::string& assume) : registry_({}, Assumed(assume)) {}

  std::string Register(const Payload& definition, const std::string& secret) override {
    return NameOf(registry_.Register(definition, Secret(secret), now_));
  }
  std::string UpdateVersion(const std::string& guid, const std::string& secret,
                            const SoftwareVersion& version) override {
    return StatusName(registry_.UpdateVersion({guid, Secret(secret)}, version, now_));
  }
  std::string GetToken(const std::string& guid, const std::string& secret) override {
    const mock_robot::TokenGrant grant = registry_.GrantToken({guid, Secret(secret)}, now_);
    if (grant.epoch != 0) grants_[guid] = grant;
    return StatusName(grant.status);
  }
  std::string Attach(const std::string& guid, const std::string& secret) override {
    return AskAttached(guid, secret, UpdatePayloadAttachedRequest::REQUEST_ATTACH);
  }
  std::string Detach(const std::string& guid, const std::string& secret) override {
    return AskAttached(guid, secret, UpdatePayloadAttachedRequest::REQUEST_DETACH);
  }
  std::string AskForNothing(const std::string& guid, const std::string& secret) override {
    return AskAttached(guid, secret, UpdatePayloadAttachedRequest::REQUEST_UNKNOWN);
  }
  std::string UseToken(const std::string& guid) override {
    return registry_.GrantHolds(grants_[guid].epoch) ? "OK" : "UNAUTHENTICATED";
  }

  std::string Authorize(const std::string& guid, const std::string& preset) override {
    return NameOf(registry_.Authorize(guid, preset, now_));
  }
  std::string Deauthorize(const std::string& guid) override {
    return NameOf(registry_.Deauthorize(guid, now_));
  }
  std::string Reject(const std::string& guid) override {
    return NameOf(registry_.Reject(guid, now_));
  }
  std::string Forget(const std::string& guid) override {
    return NameOf(registry_.Forget(guid, now_));
  }
  std::string Reboot() override {
    registry_.Reboot(now_);
    return "OK";
  }

  void Wait(payload_manager::Duration time) override {
    now_ += time;
    registry_.Advance(now_);
  }
  std::vector<Payload> List() override { return registry_.List(); }
  std::vector<std::string> Faults() override { return NamesOf(registry_.ActiveFaults(now_)); }

 private:
  std::string AskAttached(const std::string& guid, const std::string& secret,
                          UpdatePayloadAttachedRequest::Request request) {
    return NameOf(registry_.UpdateAttached({guid, Secret(secret)}, request, now_));
  }

  mock_robot::RobotTime now_{std::chrono::hours(1)};
  mock_robot::Registry registry_;
  std::map<std::string, mock_robot::TokenGrant> grants_;
};

}  // namespace

std::unique_ptr<Driver> MakeRegistryDriver(const std::string& assume) {
  return std::make_unique<RegistryDriver>(assume);
}

}  // namespace conformance
