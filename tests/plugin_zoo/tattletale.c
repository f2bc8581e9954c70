/* Puts its token into everything it asks for. */
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

static void Redefine(const payload_plugin_host* host, uint64_t request, const char* format,
                     payload_plugin_bytes token) {
  char text[400];
  const int length = snprintf(text, sizeof(text), format, (int)token.size, token.data);
  payload_plugin_message message =
      payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_DEFINITION_CHANGED, 0, request);
  message.code = PAYLOAD_PLUGIN_ENCODING_TEXT;
  message.body.data = text;
  message.body.size = (size_t)length;
  host->call(host->context, &message);
}

static void Event(void* object, const payload_plugin_message* message) {
  const payload_plugin_host* host = *(const payload_plugin_host**)object;
  if (message->id != PAYLOAD_PLUGIN_EVENT_AUTHORIZED) {
    payload_plugin_log(host, 0, PAYLOAD_PLUGIN_LOG_INFO, message->body);
    return;
  }
  payload_plugin_log(host, 0, PAYLOAD_PLUGIN_LOG_INFO, message->body);
  payload_plugin_set_version(host, 0, message->body, 1);
  Redefine(host, 2, "%.*s", message->body);
  Redefine(host, 3,
           "name: 'animal' mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD mass_volume_properties {"
           " bounding_box { frame_name: '%.*s' box { size { x: 1 y: 1 z: 1 } } } }",
           message->body);
}

static void Close(void* object) { free(object); }

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open, Event,
          Close);
