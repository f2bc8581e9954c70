// A lidar that joins the robot's balance as soon as it may: a typical plugin in C++.
#include <string>

#include "payload_plugin/definition.h"
#include "payload_plugin/payload_plugin.hpp"

namespace {

using payload_plugin::Encoding;
using payload_plugin::Importance;
using payload_plugin::PayloadNumber;

class Lidar : public payload_plugin::Plugin {
 public:
  explicit Lidar(payload_plugin::Host to_host) : Plugin(to_host) {
    host().Offer("velodyne.vlp-16",
                 {payload_plugin_definition.data, payload_plugin_definition.size},
                 static_cast<Encoding>(payload_plugin_definition_encoding));
  }

  void OnAuthorized(PayloadNumber payload, std::string_view /*token*/) override {
    if (authorized_) return;  // only the token is new
    authorized_ = true;
    host().Log(Importance::kInfo, "authorized, asking to be attached", payload);
    host().Attach(payload, ++last_request_);
  }
  void OnDeauthorized(PayloadNumber) override { authorized_ = false; }
  void OnForgotten(PayloadNumber) override { authorized_ = false; }

  void OnAttached(PayloadNumber payload) override {
    host().Log(Importance::kInfo, "attached", payload);
  }
  void OnUnreachable(PayloadNumber, std::string_view) override { ++outages_; }
  void OnDefinitionDiffers(PayloadNumber payload, std::string_view fields) override {
    host().Log(Importance::kWarning,
               "the robot walks on other figures than ours: " + std::string(fields), payload);
  }
  void OnError(PayloadNumber payload, std::uint64_t request_id, std::string_view what) override {
    if (request_id != last_request_ || request_id == 0) return;
    host().Log(Importance::kWarning, "could not be attached: " + std::string(what), payload);
  }
  void OnClosing() override {
    host().Log(Importance::kInfo,
               "closing after " + std::to_string(outages_) + " outages of the robot");
  }

 private:
  bool authorized_ = false;
  std::uint64_t last_request_ = 0;
  unsigned outages_ = 0;
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Lidar);
