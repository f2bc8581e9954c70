/* Stands for a plugin with Protobuf linked in and hidden: the symbols are there for all to see. */
#include "zoo.h"

void Hidden(void) __asm__("_ZN6google8protobuf7Message4zooEv");
void Hidden(void) {}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          ZooEvent, ZooClose);
