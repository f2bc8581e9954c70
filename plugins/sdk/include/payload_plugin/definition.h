/* The definition file that payload_manager_add_plugin(... DEFINITION file) has linked into the
 * plugin, byte for byte. */
#ifndef PAYLOAD_PLUGIN_DEFINITION_H_
#define PAYLOAD_PLUGIN_DEFINITION_H_

#include "payload_plugin/payload_plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const payload_plugin_bytes payload_plugin_definition;
/* PAYLOAD_PLUGIN_ENCODING_..., from the file's extension. */
extern const uint32_t payload_plugin_definition_encoding;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* PAYLOAD_PLUGIN_DEFINITION_H_ */
