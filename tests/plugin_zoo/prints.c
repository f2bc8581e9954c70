/* Writes to the standard output, which is not its own. */
#include <stdio.h>

#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  puts("hello");
  fflush(stdout);
  return ZooOpen(host);
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open,
          ZooEvent, ZooClose);
