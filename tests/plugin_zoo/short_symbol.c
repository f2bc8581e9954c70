/* Exports the right name, but so little of it that not even the numbers are there. */
#include <stdint.h>

__attribute__((visibility("default"))) const uint32_t payload_plugin_entry[2] = {0x47504c50, 40};
