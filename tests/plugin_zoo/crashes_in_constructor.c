/* Takes its process with it as soon as it is loaded. */
#include <signal.h>

#include "zoo.h"

__attribute__((constructor)) static void Crash(void) { raise(SIGKILL); }

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, ZooOpen,
          ZooEvent, ZooClose);
