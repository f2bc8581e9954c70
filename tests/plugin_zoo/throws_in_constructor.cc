// Throws where C++ authors expect to be allowed to.
#include <stdexcept>

#include "payload_plugin/payload_plugin.hpp"

namespace {

class Animal : public payload_plugin::Plugin {
 public:
  explicit Animal(payload_plugin::Host to_host) : Plugin(to_host) {
    throw std::runtime_error("no lidar at 192.168.50.9");
  }
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Animal);
