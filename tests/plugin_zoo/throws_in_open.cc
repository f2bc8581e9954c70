// Lets an exception out of `open`, which is forbidden.
#include <stdexcept>

#include "zoo.h"

namespace {

void* Open(const payload_plugin_host*) { throw std::runtime_error("from open"); }

}  // namespace

extern "C" {
ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
}
