/* Compiled as C11: the interface, and the layout that plugins in other languages are written to. */
#include "payload_plugin/definition.h"
#include "payload_plugin/payload_plugin.h"

_Static_assert(sizeof(void*) == 8, "the interface is for 64-bit machines");
_Static_assert(sizeof(payload_plugin_bytes) == 16, "");
_Static_assert(sizeof(payload_plugin_message) == 56, "");
_Static_assert(offsetof(payload_plugin_message, request_id) == 16, "");
_Static_assert(offsetof(payload_plugin_message, body) == 40, "");
_Static_assert(sizeof(payload_plugin_host) == 32, "");
_Static_assert(offsetof(payload_plugin_host, call) == 24, "");
_Static_assert(sizeof(payload_plugin_entry_v0) == 40, "");
_Static_assert(offsetof(payload_plugin_entry_v0, close) == 32, "");

void UseEveryConvenience(const payload_plugin_host* host);
void UseEveryConvenience(const payload_plugin_host* host) {
  payload_plugin_offer(host, PAYLOAD_PLUGIN_LITERAL("acme.lamp"), payload_plugin_definition,
                       payload_plugin_definition_encoding);
  payload_plugin_refuse(host, PAYLOAD_PLUGIN_LITERAL("reason"));
  payload_plugin_log(host, 0, PAYLOAD_PLUGIN_LOG_INFO, PAYLOAD_PLUGIN_LITERAL("line"));
  payload_plugin_attach(host, 0, 1);
  payload_plugin_detach(host, 0, 2);
  payload_plugin_set_version(host, 0, PAYLOAD_PLUGIN_LITERAL("1.2.3"), 3);
}
