/* Comes from a future whose interface nobody here knows, and leaves a mark if any of it runs. */
#include <stdlib.h>

#include "zoo.h"

__attribute__((constructor)) static void LeaveAMark(void) {
  setenv("PAYLOAD_PLUGIN_ZOO_RAN", "wrong_major", 1);
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), 7, ZooOpen, ZooEvent, ZooClose);
