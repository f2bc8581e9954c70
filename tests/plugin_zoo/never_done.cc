// Works on its static data for ever once it is registered.
#include <map>
#include <string>

#include "payload_plugin/payload_plugin.hpp"

namespace {

std::map<std::string, std::string>& Notes() {
  static std::map<std::string, std::string> notes;
  return notes;
}

class Animal : public payload_plugin::Plugin {
 public:
  explicit Animal(payload_plugin::Host to_host) : Plugin(to_host) {
    host().Offer("zoo.animal", "name: 'animal'", payload_plugin::Encoding::kText);
  }
  void OnRegistered(payload_plugin::PayloadNumber) override {
    for (unsigned number = 0;; ++number) {
      Notes()[std::to_string(number % 1000)] = std::string(100 + number % 1000, 'x');
    }
  }
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Animal);
