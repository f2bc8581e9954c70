/* Has nobody to hear events. */
#include "zoo.h"

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          NULL, ZooClose);
