/* Was built with a header whose struct ended earlier: `close` is not there to be read. */
#include <stddef.h>

#include "zoo.h"

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, offsetof(payload_plugin_entry_v0, close), PAYLOAD_PLUGIN_MAJOR,
          ZooOpen, ZooEvent, ZooClose);
