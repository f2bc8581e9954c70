// Full of what makes GCC mark symbols as unique for the process, which would keep the library
// mapped for ever were it not for the flags of payload_manager_add_plugin.
#include <map>
#include <string>

#include "payload_plugin/payload_plugin.hpp"

namespace {

template <typename T>
struct Counted {
  static inline int instances = 0;
};

}  // namespace

namespace zoo {

template <typename T>
struct Shared {
  static int instances;
};
template <typename T>
int Shared<T>::instances = 0;

inline std::map<std::string, int>& Registry() {
  static std::map<std::string, int> registry;
  return registry;
}

}  // namespace zoo

namespace {

class Animal : public payload_plugin::Plugin {
 public:
  explicit Animal(payload_plugin::Host to_host) : Plugin(to_host) {
    ++Counted<Animal>::instances;
    ++zoo::Shared<int>::instances;
    const int seen = ++zoo::Registry()["animal"];
    host().Offer("zoo.animal", "name: 'animal'", payload_plugin::Encoding::kText);
    host().Log(payload_plugin::Importance::kInfo, "instance " + std::to_string(seen));
  }
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Animal);
