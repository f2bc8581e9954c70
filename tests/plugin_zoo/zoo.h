/* A well-behaved plugin in pieces; each animal of the zoo replaces the piece it gets wrong. */
#ifndef TESTS_PLUGIN_ZOO_ZOO_H_
#define TESTS_PLUGIN_ZOO_ZOO_H_

#include "payload_plugin/payload_plugin.h"

static char zoo_object;

static inline void ZooOffer(const payload_plugin_host* host) {
  static const char id[] = "zoo.animal";
  static const char definition[] = "name: 'animal' mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD";
  const payload_plugin_bytes id_bytes = {id, sizeof(id) - 1};
  const payload_plugin_bytes definition_bytes = {definition, sizeof(definition) - 1};
  payload_plugin_offer(host, id_bytes, definition_bytes, PAYLOAD_PLUGIN_ENCODING_TEXT);
}

static inline void* ZooOpen(const payload_plugin_host* host) {
  ZooOffer(host);
  return &zoo_object;
}

static inline void ZooEvent(void* object, const payload_plugin_message* message) {
  (void)object;
  (void)message;
}

static inline void ZooClose(void* object) { (void)object; }

/* AddressSanitizer would make a variable larger than the source says. */
#ifdef __clang__
#define ZOO_AS_WRITTEN __attribute__((no_sanitize("address")))
#else
#define ZOO_AS_WRITTEN
#endif

#define ZOO_ENTRY(magic, size, major, open, event, close)               \
  ZOO_AS_WRITTEN const payload_plugin_entry_v0 payload_plugin_entry = { \
      magic, size, major, PAYLOAD_PLUGIN_MINOR, open, event, close}

#endif /* TESTS_PLUGIN_ZOO_ZOO_H_ */
