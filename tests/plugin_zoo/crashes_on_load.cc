// Its static constructor crashes.
#include <cstdlib>

#include "zoo.h"

namespace {

struct Crashing {
  Crashing() { std::abort(); }
} crashing;

}  // namespace

extern "C" {
ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          ZooEvent, ZooClose);
}
