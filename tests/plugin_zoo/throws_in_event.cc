// Throws where C++ authors expect to be allowed to, and goes on.
#include <stdexcept>

#include "payload_plugin/payload_plugin.hpp"

namespace {

class Animal : public payload_plugin::Plugin {
 public:
  explicit Animal(payload_plugin::Host to_host) : Plugin(to_host) {
    host().Offer("zoo.animal", R"({"name": "animal"})", payload_plugin::Encoding::kJson);
  }
  void OnRegistered(payload_plugin::PayloadNumber) override {
    throw std::runtime_error("registered too early");
  }
  void OnForgotten(payload_plugin::PayloadNumber) override { throw 42; }
  void OnAttached(payload_plugin::PayloadNumber payload) override {
    host().Log(payload_plugin::Importance::kDebug, "still here", payload);
  }
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Animal);
