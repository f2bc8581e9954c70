/* Its payload id would be a path. */
#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  payload_plugin_offer(host, PAYLOAD_PLUGIN_LITERAL("../../etc/passwd"),
                       PAYLOAD_PLUGIN_LITERAL("name: 'animal'"), PAYLOAD_PLUGIN_ENCODING_TEXT);
  return &zoo_object;
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
