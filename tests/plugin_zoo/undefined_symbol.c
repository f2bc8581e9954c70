/* Cannot be loaded: what it calls exists nowhere. */
#include "zoo.h"

void zoo_nowhere_to_be_found(void);

static void* Open(const payload_plugin_host* host) {
  zoo_nowhere_to_be_found();
  return ZooOpen(host);
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
