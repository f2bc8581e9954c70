/* Offers one payload id twice. */
#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  ZooOffer(host);
  ZooOffer(host);
  return &zoo_object;
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
