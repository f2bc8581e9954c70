/* Opens well, and then has no payload. */
#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  (void)host;
  return &zoo_object;
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
