/* Claims a larger struct than it has. */
#include "zoo.h"

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0) + 8, PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          ZooEvent, ZooClose);
