/* Writes its definition in a language of its own. */
#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  payload_plugin_offer(host, PAYLOAD_PLUGIN_LITERAL("zoo.animal"),
                       PAYLOAD_PLUGIN_LITERAL("<animal/>"), 99);
  return &zoo_object;
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
