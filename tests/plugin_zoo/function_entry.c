/* Exports the right name as a function. */
__attribute__((visibility("default"))) void payload_plugin_entry(void) {}
