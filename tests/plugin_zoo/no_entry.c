/* A shared library like any other. */
__attribute__((visibility("default"))) int no_entry(void) { return 0; }
