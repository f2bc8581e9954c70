/* A gas sensor that tells the robot its firmware version: a typical plugin in plain C. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payload_plugin/definition.h"

typedef struct GasSensor {
  const payload_plugin_host* host;
  uint64_t last_request;
  unsigned authorizations;
} GasSensor;

static void Log(const GasSensor* sensor, uint32_t payload, uint32_t importance, const char* line) {
  const payload_plugin_bytes bytes = {line, strlen(line)};
  payload_plugin_log(sensor->host, payload, importance, bytes);
}

static void* Open(const payload_plugin_host* host) {
  GasSensor* sensor = calloc(1, sizeof(*sensor));
  if (sensor == NULL) {
    payload_plugin_refuse(host, PAYLOAD_PLUGIN_LITERAL("out of memory"));
    return NULL;
  }
  sensor->host = host;
  payload_plugin_offer(host, PAYLOAD_PLUGIN_LITERAL("draeger.x-am-8000"), payload_plugin_definition,
                       payload_plugin_definition_encoding);
  return sensor;
}

static void Event(void* object, const payload_plugin_message* message) {
  GasSensor* sensor = object;
  char line[80];
  switch (message->id) {
    case PAYLOAD_PLUGIN_EVENT_REGISTERED:
      payload_plugin_set_version(sensor->host, message->payload, PAYLOAD_PLUGIN_LITERAL("1.4.2"),
                                 ++sensor->last_request);
      break;
    case PAYLOAD_PLUGIN_EVENT_DONE:
      if (message->request_id == sensor->last_request) {
        Log(sensor, message->payload, PAYLOAD_PLUGIN_LOG_INFO, "the robot knows our version");
      }
      break;
    case PAYLOAD_PLUGIN_EVENT_AUTHORIZED:
      ++sensor->authorizations; /* and with each renewed token */
      break;
    case PAYLOAD_PLUGIN_EVENT_ERROR:
      Log(sensor, message->payload, PAYLOAD_PLUGIN_LOG_WARNING,
          message->request_id == 0 ? "the host reports an error"
                                   : "the robot did not take our version");
      break;
    case PAYLOAD_PLUGIN_EVENT_CLOSING:
      snprintf(line, sizeof(line), "closing after %u tokens", sensor->authorizations);
      Log(sensor, PAYLOAD_PLUGIN_NO_PAYLOAD, PAYLOAD_PLUGIN_LOG_INFO, line);
      break;
    default: /* the others do not matter here, and newer ones are not known */
      break;
  }
}

static void Close(void* object) { free(object); }

const payload_plugin_entry_v0 payload_plugin_entry = {
    .magic = PAYLOAD_PLUGIN_MAGIC,
    .size = sizeof(payload_plugin_entry_v0),
    .major = PAYLOAD_PLUGIN_MAJOR,
    .minor = PAYLOAD_PLUGIN_MINOR,
    .open = Open,
    .event = Event,
    .close = Close,
};
