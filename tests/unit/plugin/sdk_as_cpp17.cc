// Compiled as C++17: the wrapper, with a plugin that uses all of it.
#include "payload_plugin/definition.h"
#include "payload_plugin/payload_plugin.hpp"

namespace {

using payload_plugin::Encoding;
using payload_plugin::Importance;
using payload_plugin::PayloadNumber;

class Lamp : public payload_plugin::Plugin {
 public:
  explicit Lamp(payload_plugin::Host to_host) : Plugin(to_host) {
    host().Offer("acme.lamp", "name: 'lamp'", Encoding::kText);
  }
  void OnRegistered(PayloadNumber payload) override { host().SetVersion(payload, "1.2.3", 1); }
  void OnAuthorized(PayloadNumber payload, std::string_view) override { host().Attach(payload, 2); }
  void OnDeauthorized(PayloadNumber payload) override { host().Detach(payload, 3); }
  void OnForgotten(PayloadNumber payload) override {
    host().DefinitionChanged(payload, "{}", Encoding::kJson, 4);
  }
  void OnAttached(PayloadNumber payload) override { host().Log(Importance::kInfo, "on", payload); }
  void OnDetached(PayloadNumber payload) override { host().Log(Importance::kInfo, "off", payload); }
  void OnUnreachable(PayloadNumber, std::string_view why) override {
    host().Log(Importance::kWarning, why);
  }
  void OnDefinitionDiffers(PayloadNumber, std::string_view fields) override {
    host().Log(Importance::kError, fields);
  }
  void OnError(PayloadNumber, std::uint64_t, std::string_view what) override {
    host().Log(Importance::kDebug, what);
  }
  void OnDone(PayloadNumber, std::uint64_t) override {}
  void OnClosing() override {}
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Lamp);
