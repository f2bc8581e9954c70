/* A plugin without code of its own: offers the one definition that is linked into it. Compiled by
 * payload_manager_add_plugin(... DEFINITION file PAYLOAD_ID id), once per such plugin. */
#include "payload_plugin/definition.h"

/* There is nothing to remember; any address that is not NULL stands for an open instance. */
static char instance;

static void* Open(const payload_plugin_host* host) {
  payload_plugin_offer(host, PAYLOAD_PLUGIN_LITERAL(PAYLOAD_ID), payload_plugin_definition,
                       payload_plugin_definition_encoding);
  return &instance;
}

static void Event(void* object, const payload_plugin_message* message) {
  (void)object;
  (void)message;
}

static void Close(void* object) { (void)object; }

const payload_plugin_entry_v0 payload_plugin_entry = {
    .magic = PAYLOAD_PLUGIN_MAGIC,
    .size = sizeof(payload_plugin_entry_v0),
    .major = PAYLOAD_PLUGIN_MAJOR,
    .minor = PAYLOAD_PLUGIN_MINOR,
    .open = Open,
    .event = Event,
    .close = Close,
};
