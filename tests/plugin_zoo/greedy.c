/* Asks for far more than it waits for, and says how each request ended. */
#include <stdio.h>
#include <stdlib.h>

#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  const payload_plugin_host** object = malloc(sizeof(*object));
  if (object == NULL) return NULL;
  *object = host;
  ZooOffer(host);
  return object;
}

static void Event(void* object, const payload_plugin_message* message) {
  const payload_plugin_host* host = *(const payload_plugin_host**)object;
  if (message->id == PAYLOAD_PLUGIN_EVENT_REGISTERED) {
    for (uint64_t request = 1; request <= 1500; ++request) payload_plugin_attach(host, 0, request);
  } else if (message->request_id != 0) {
    char line[80];
    const int length =
        snprintf(line, sizeof(line), "%u of %u for %llu", (unsigned)message->id,
                 (unsigned)message->payload, (unsigned long long)message->request_id);
    const payload_plugin_bytes bytes = {line, (size_t)length};
    payload_plugin_log(host, 0, PAYLOAD_PLUGIN_LOG_INFO, bytes);
  }
}

static void Close(void* object) { free(object); }

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open, Event,
          Close);
