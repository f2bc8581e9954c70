/* Is no entry at all, for all one can tell. */
#include "zoo.h"

ZOO_ENTRY(UINT32_C(0xdeadbeef), sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          ZooEvent, ZooClose);
