/* Has its reasons, in more than one line. */
#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  ZooOffer(host);
  payload_plugin_refuse(host, PAYLOAD_PLUGIN_LITERAL("the sensor on /dev/gas0\ndoes not answer"));
  return NULL;
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
