// Lets exceptions out of the C functions, which is forbidden.
#include <stdexcept>

#include "zoo.h"

namespace {

void Event(void*, const payload_plugin_message*) { throw std::runtime_error("from an event"); }
void Close(void*) { throw std::runtime_error("from close"); }

}  // namespace

extern "C" {
ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          Event, Close);
}
