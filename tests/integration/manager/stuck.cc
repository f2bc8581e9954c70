// Blocks for ever where it is told to: in its first event, or within open.
#include <future>

#include "payload_plugin/payload_plugin.hpp"

namespace {

[[noreturn]] void BlockForEver() {
  std::promise<void> never;
  for (;;) never.get_future().wait();
}

class Stuck : public payload_plugin::Plugin {
 public:
  explicit Stuck(payload_plugin::Host to_host) : Plugin(to_host) {
#ifdef STUCK_IN_OPEN
    host().Log(payload_plugin::Importance::kInfo, "opening");
    BlockForEver();
#endif
    host().Offer("acme.stuck", "name: 'stuck'", payload_plugin::Encoding::kText);
  }
  void OnRegistered(payload_plugin::PayloadNumber) override { BlockForEver(); }
};

}  // namespace

PAYLOAD_PLUGIN_DEFINE(Stuck);
