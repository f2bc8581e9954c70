/* Built with an earlier draft of the interface. */
#include "zoo.h"

ZOO_AS_WRITTEN const payload_plugin_entry_v0 payload_plugin_entry = {
    PAYLOAD_PLUGIN_MAGIC,
    sizeof(payload_plugin_entry_v0),
    PAYLOAD_PLUGIN_MAJOR,
    PAYLOAD_PLUGIN_MINOR - 1,
    ZooOpen,
    ZooEvent,
    ZooClose};
