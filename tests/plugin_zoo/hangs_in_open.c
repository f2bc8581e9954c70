/* Does not return from open. */
#include <unistd.h>

#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  ZooOffer(host);
  while (pause() != 0) continue;
  return &zoo_object;
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
