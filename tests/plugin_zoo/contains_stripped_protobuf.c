/* Stands for a plugin with Protobuf linked in, hidden and stripped: what remains is how Protobuf
 * describes itself. */
#include "zoo.h"

__attribute__((used)) static const char description[] = "\n google/protobuf/descriptor.proto\x12";

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          ZooEvent, ZooClose);
