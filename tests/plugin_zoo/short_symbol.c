/* Exports the right name, but so little of it that not even the numbers are there. */
#include <stdint.h>

#define payload_plugin_entry declared_in_the_sdk
#include "zoo.h"
#undef payload_plugin_entry

PAYLOAD_PLUGIN_EXPORT ZOO_AS_WRITTEN const uint32_t payload_plugin_entry[2] = {0x47504c50, 40};
