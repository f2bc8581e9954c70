/* Weighs nothing at first, and 13.6 kg, under another name, once it is registered. */
#include "zoo.h"

static const payload_plugin_host* the_host;

static void* Open(const payload_plugin_host* host) {
  the_host = host;
  return ZooOpen(host);
}

static void Grow(void) {
  payload_plugin_message grown =
      payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_DEFINITION_CHANGED, 0, 1);
  grown.code = PAYLOAD_PLUGIN_ENCODING_TEXT;
  grown.body = PAYLOAD_PLUGIN_LITERAL(
      "name: 'grown animal' mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD "
      "mass_volume_properties { total_mass: 13.6 }");
  the_host->call(the_host->context, &grown);
}

static void Event(void* object, const payload_plugin_message* message) {
  (void)object;
  if (message->id == PAYLOAD_PLUGIN_EVENT_REGISTERED) Grow();
  if (message->id == PAYLOAD_PLUGIN_EVENT_DONE) {
    payload_plugin_log(the_host, 0, PAYLOAD_PLUGIN_LOG_INFO, PAYLOAD_PLUGIN_LITERAL("has grown"));
  }
}

ZOO_ENTRY(PAYLOAD_PLUGIN_MAGIC, sizeof(payload_plugin_entry_v0), PAYLOAD_PLUGIN_MAJOR, Open, Event,
          ZooClose);
