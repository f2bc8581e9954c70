/* Repeats every event as a log line; when registered, it says all it knows, right and wrong. */
#include <stdio.h>
#include <stdlib.h>

#include "zoo.h"

static void* Open(const payload_plugin_host* host) {
  const payload_plugin_host** object = malloc(sizeof(*object));
  if (object == NULL) return NULL;
  *object = host;
  ZooOffer(host);
  payload_plugin_log(host, PAYLOAD_PLUGIN_NO_PAYLOAD, PAYLOAD_PLUGIN_LOG_INFO,
                     PAYLOAD_PLUGIN_LITERAL("opening"));
  return object;
}

static void Say(const payload_plugin_host* host, uint32_t id, uint32_t payload, uint64_t request,
                uint32_t code, payload_plugin_bytes body) {
  payload_plugin_message message = payload_plugin_message_of(id, payload, request);
  message.code = code;
  message.body = body;
  host->call(host->context, &message);
}

static void SayEverything(const payload_plugin_host* host) {
  const payload_plugin_bytes nothing = {NULL, 0};
  const payload_plugin_bytes nowhere = {NULL, 5};
  const payload_plugin_bytes endless = {"", (size_t)1 << 40};
  payload_plugin_set_version(host, 0, PAYLOAD_PLUGIN_LITERAL("1.2.3"), 1);
  payload_plugin_attach(host, 0, 2);
  payload_plugin_detach(host, 0, 3);
  Say(host, PAYLOAD_PLUGIN_CALL_DEFINITION_CHANGED, 0, 4, PAYLOAD_PLUGIN_ENCODING_JSON,
      PAYLOAD_PLUGIN_LITERAL("{}"));
  Say(host, PAYLOAD_PLUGIN_CALL_DEFINITION_CHANGED, 0, 5, 99, nothing);
  payload_plugin_attach(host, 1, 6);
  payload_plugin_attach(host, PAYLOAD_PLUGIN_NO_PAYLOAD, 7);
  Say(host, 4711, 0, 8, 0, nothing);
  Say(host, PAYLOAD_PLUGIN_CALL_SET_VERSION, 0, 9, 0, nowhere);
  Say(host, PAYLOAD_PLUGIN_CALL_SET_VERSION, 0, 10, 0, endless);
  ZooOffer(host);
  payload_plugin_refuse(host, nothing);
  host->call(host->context, NULL);
}

static void Event(void* object, const payload_plugin_message* message) {
  const payload_plugin_host* host = *(const payload_plugin_host**)object;
  char line[200];
  const int length =
      snprintf(line, sizeof(line), "%u of %u for %llu: %.*s", (unsigned)message->id,
               (unsigned)message->payload, (unsigned long long)message->request_id,
               (int)message->body.size, message->body.data == NULL ? "" : message->body.data);
  const payload_plugin_bytes bytes = {line, (size_t)length};
  payload_plugin_log(host, PAYLOAD_PLUGIN_NO_PAYLOAD, PAYLOAD_PLUGIN_LOG_WARNING, bytes);
  if (message->id == PAYLOAD_PLUGIN_EVENT_REGISTERED) SayEverything(host);
}

static void Close(void* object) {
  const payload_plugin_host* host = *(const payload_plugin_host**)object;
  payload_plugin_log(host, PAYLOAD_PLUGIN_NO_PAYLOAD, PAYLOAD_PLUGIN_LOG_INFO,
                     PAYLOAD_PLUGIN_LITERAL("closed"));
  free(object);
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open, Event,
          Close);
