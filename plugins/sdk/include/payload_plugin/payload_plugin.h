/* The interface between a payload plugin and the program that hosts it.
 *
 * A plugin is a shared library that exports one constant, `payload_plugin_entry`, and nothing else.
 * It tells the host which payloads it offers, hears how each one stands with the robot, and may ask
 * the host for things. It needs no Protobuf, gRPC, Boost or C++: this header is C11 (and C++17) and
 * includes only the two standard headers below. C++ authors may prefer payload_plugin.hpp.
 *
 * Everything that crosses is one struct, `payload_plugin_message`, in both directions: events go
 * from the host to the plugin, calls from the plugin to the host. A message is plain data, so a
 * host may run the plugin in a process of its own without the plugin knowing.
 *
 * Rules for both sides:
 *  - Memory. Whoever allocates frees. Everything a message points to is only borrowed until the
 *    function it was passed to returns: copy what you keep.
 *  - Text is UTF-8, given by pointer and length, and not terminated.
 *  - Growth. Structs begin with, or contain, their own size and only ever grow at the tail. Read a
 *    field only if the size you were given covers it. New ids are added, old ones never reused;
 *    a plugin ignores events it does not know, a host answers calls it does not know with
 *    PAYLOAD_PLUGIN_EVENT_ERROR.
 *  - Exceptions must not leave any function that is called through this header.
 *
 * Each function below says on which thread and when it may be called:
 *  [plugin thread]  the one thread on which the host makes all its calls into this plugin. Take
 *                   your time within reason: other work on that thread, events included, waits.
 *  [any thread]     also from threads the plugin has started, several at once.
 *  [while opening]  until `open` returns.   [while open]  from then until `close` is called.
 *
 * Version 0 is a draft: its minor versions may differ in anything, and a host accepts only plugins
 * of its own minor version. From version 1 on it accepts every plugin of its own major version.
 */
#ifndef PAYLOAD_PLUGIN_PAYLOAD_PLUGIN_H_
#define PAYLOAD_PLUGIN_PAYLOAD_PLUGIN_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PAYLOAD_PLUGIN_MAGIC \
  UINT32_C(0x47504c50) /* "PLPG" in the file of a little-endian machine */
#define PAYLOAD_PLUGIN_MAJOR UINT32_C(0)
#define PAYLOAD_PLUGIN_MINOR UINT32_C(1)

/* A borrowed run of bytes. `data` may be NULL when `size` is 0. */
typedef struct payload_plugin_bytes {
  const char* data;
  size_t size;
} payload_plugin_bytes;

/* How the bytes of a definition, a bosdyn.api.Payload message, are written. */
enum {
  PAYLOAD_PLUGIN_ENCODING_BINARY = 0, /* Protobuf wire format */
  PAYLOAD_PLUGIN_ENCODING_TEXT = 1,   /* Protobuf text format: what people write by hand */
  PAYLOAD_PLUGIN_ENCODING_JSON = 2    /* Protobuf's JSON mapping */
};

/* How important a log line is. */
enum {
  PAYLOAD_PLUGIN_LOG_DEBUG = 0,
  PAYLOAD_PLUGIN_LOG_INFO = 1,
  PAYLOAD_PLUGIN_LOG_WARNING = 2,
  PAYLOAD_PLUGIN_LOG_ERROR = 3
};

/* Events, host to plugin. `payload` says which payload is meant. Unless said otherwise, `name`
 * and `body` are empty and `code` and `request_id` are 0. */
enum {
  /* The robot knows the payload, and knows it by our secret. Comes again after FORGOTTEN. */
  PAYLOAD_PLUGIN_EVENT_REGISTERED = 1,
  /* An administrator has authorized the payload. `body`: a token for the robot's services. Comes
   * again with a new token whenever the token was renewed. A token is a secret: never log it. */
  PAYLOAD_PLUGIN_EVENT_AUTHORIZED = 2,
  /* The authorization was withdrawn; the payload is still registered. */
  PAYLOAD_PLUGIN_EVENT_DEAUTHORIZED = 3,
  /* The robot no longer knew the payload and the old tokens are void. The host has registered it
   * anew, and it waits to be authorized again. */
  PAYLOAD_PLUGIN_EVENT_FORGOTTEN = 4,
  /* The robot takes the payload's mass and shape into account, or no longer does. */
  PAYLOAD_PLUGIN_EVENT_ATTACHED = 5,
  PAYLOAD_PLUGIN_EVENT_DETACHED = 6,
  /* The robot does not answer. `body`: why, for people. The next event of another kind for this
   * payload with `request_id` 0 means that it answers again; an answer to a call does not. */
  PAYLOAD_PLUGIN_EVENT_UNREACHABLE = 7,
  /* The robot walks on another definition of this payload than the plugin's. `body`: the fields. */
  PAYLOAD_PLUGIN_EVENT_DEFINITION_DIFFERS = 8,
  /* Something failed. `body`: what and why, for people. `request_id`: the call that this answers,
   * or 0. */
  PAYLOAD_PLUGIN_EVENT_ERROR = 9,
  /* The call with this `request_id` has been carried out. */
  PAYLOAD_PLUGIN_EVENT_DONE = 10,
  /* The host is about to call `close`. For the plugin as a whole: `payload` is
   * PAYLOAD_PLUGIN_NO_PAYLOAD. */
  PAYLOAD_PLUGIN_EVENT_CLOSING = 11
};

/* Calls, plugin to host. A call returns at once and says nothing. OFFER, REFUSE and LOG are never
 * answered. Any other call, also one that the host does not know, is answered later where its
 * `request_id` is not 0: with exactly one DONE or ERROR event that carries the id, unless `close`
 * comes first. The `payload` of the answer is the call's, or PAYLOAD_PLUGIN_NO_PAYLOAD if the call
 * named none that is offered. The ids are the plugin's to choose. While 1,000 calls wait for their
 * answers, further ones are not carried out, and their answer is ERROR. */
enum {
  /* Offers one payload. [plugin thread] [while opening] `name`: its payload id, "vendor.product" of
   * letters, digits, '.', '-' and '_', which never changes. `body`: its definition, `code`: the
   * encoding. The first payload offered has the number 0, the next 1, and so on. Leave the GUID
   * empty: it belongs to the installation. */
  PAYLOAD_PLUGIN_CALL_OFFER = 1,
  /* Says why `open` is about to return NULL. [plugin thread] [while opening] `body`: the reason in
   * one line, for people. */
  PAYLOAD_PLUGIN_CALL_REFUSE = 2,
  /* Logs a line. [any thread] [while opening] [while open] `code`: the importance, `body`: the
   * line. `payload` may be PAYLOAD_PLUGIN_NO_PAYLOAD. */
  PAYLOAD_PLUGIN_CALL_LOG = 3,
  /* Tells the robot the version of the payload's software. [any thread] [while open]
   * `body`: "MAJOR.MINOR.PATCH". */
  PAYLOAD_PLUGIN_CALL_SET_VERSION = 4,
  /* Ask the robot to take the payload into account, or to stop doing so. [any thread] [while open]
   * The robot refuses until the payload is authorized. */
  PAYLOAD_PLUGIN_CALL_ATTACH = 5,
  PAYLOAD_PLUGIN_CALL_DETACH = 6,
  /* Replaces the payload's definition. [any thread] [while open] `body` and `code` as in OFFER. The
   * host checks it and compares it with what the robot has; a robot that knows the payload keeps
   * the old definition until it is told to forget it. */
  PAYLOAD_PLUGIN_CALL_DEFINITION_CHANGED = 7
};

/* The `payload` of a message that concerns the plugin as a whole. */
#define PAYLOAD_PLUGIN_NO_PAYLOAD UINT32_MAX

typedef struct payload_plugin_message {
  uint32_t size;    /* sizeof(payload_plugin_message) as the sender knows it */
  uint32_t id;      /* one of the events or calls above */
  uint32_t payload; /* the payload's number in the order of offers */
  uint32_t code;    /* depends on the id */
  uint64_t request_id;
  payload_plugin_bytes name;
  payload_plugin_bytes body;
} payload_plugin_message;

/* What the plugin knows of its host. Lives from before `open` until `close` has returned (or `open`
 * has returned NULL). */
typedef struct payload_plugin_host {
  uint32_t size; /* sizeof(payload_plugin_host) as the host knows it */
  uint32_t major;
  uint32_t minor;
  uint32_t reserved; /* 0 */
  void* context;     /* the host's own; pass it to `call` */
  /* Sends one call to the host. [any thread], when: see the calls. Never blocks for long. After
   * `close` has returned, no thread of the plugin may be in here or come here. */
  void (*call)(void* context, const payload_plugin_message* message);
} payload_plugin_host;

/* What the host knows of the plugin. */
typedef struct payload_plugin_entry_v0 {
  uint32_t magic; /* PAYLOAD_PLUGIN_MAGIC */
  uint32_t size;  /* sizeof(payload_plugin_entry_v0) as the plugin knows it */
  uint32_t major; /* PAYLOAD_PLUGIN_MAJOR */
  uint32_t minor; /* PAYLOAD_PLUGIN_MINOR */
  /* Makes one working instance: offers at least one payload and returns the plugin's own object,
   * not NULL. Or says REFUSE with the reason and returns NULL: then nothing is left behind, and
   * neither `event` nor `close` is called. [plugin thread] May be called again after, or before,
   * the instance is closed: keep no state outside the object. */
  void* (*open)(const payload_plugin_host* host);
  /* Hears one event. [plugin thread] [while open] Calling the host from within is fine. */
  void (*event)(void* object, const payload_plugin_message* message);
  /* Ends the instance and frees the object. Called once. [plugin thread] Stop and join your threads
   * before returning: the code is unmapped next. */
  void (*close)(void* object);
} payload_plugin_entry_v0;

#define PAYLOAD_PLUGIN_EXPORT __attribute__((visibility("default")))

/* The one symbol that a plugin exports; define it with designated values of the struct above. The
 * host reads the numbers in it from the file before it loads, and so runs, anything. */
extern PAYLOAD_PLUGIN_EXPORT const payload_plugin_entry_v0 payload_plugin_entry;
#define PAYLOAD_PLUGIN_ENTRY_SYMBOL "payload_plugin_entry"

/* Conveniences for C, nothing but messages filled in. */

static inline payload_plugin_message payload_plugin_message_of(uint32_t id, uint32_t payload,
                                                               uint64_t request_id) {
  payload_plugin_message message = {
      (uint32_t)sizeof(payload_plugin_message), id, payload, 0, request_id, {"", 0}, {"", 0}};
  return message;
}

static inline void payload_plugin_offer(const payload_plugin_host* host, payload_plugin_bytes id,
                                        payload_plugin_bytes definition, uint32_t encoding) {
  payload_plugin_message message =
      payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_OFFER, PAYLOAD_PLUGIN_NO_PAYLOAD, 0);
  message.name = id;
  message.body = definition;
  message.code = encoding;
  host->call(host->context, &message);
}

static inline void payload_plugin_refuse(const payload_plugin_host* host,
                                         payload_plugin_bytes reason) {
  payload_plugin_message message =
      payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_REFUSE, PAYLOAD_PLUGIN_NO_PAYLOAD, 0);
  message.body = reason;
  host->call(host->context, &message);
}

static inline void payload_plugin_log(const payload_plugin_host* host, uint32_t payload,
                                      uint32_t importance, payload_plugin_bytes line) {
  payload_plugin_message message = payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_LOG, payload, 0);
  message.code = importance;
  message.body = line;
  host->call(host->context, &message);
}

static inline void payload_plugin_attach(const payload_plugin_host* host, uint32_t payload,
                                         uint64_t request_id) {
  payload_plugin_message message =
      payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_ATTACH, payload, request_id);
  host->call(host->context, &message);
}

static inline void payload_plugin_detach(const payload_plugin_host* host, uint32_t payload,
                                         uint64_t request_id) {
  payload_plugin_message message =
      payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_DETACH, payload, request_id);
  host->call(host->context, &message);
}

static inline void payload_plugin_set_version(const payload_plugin_host* host, uint32_t payload,
                                              payload_plugin_bytes version, uint64_t request_id) {
  payload_plugin_message message =
      payload_plugin_message_of(PAYLOAD_PLUGIN_CALL_SET_VERSION, payload, request_id);
  message.body = version;
  host->call(host->context, &message);
}

#ifndef __cplusplus
/* The bytes of a string literal (or char array), without its end mark. */
#define PAYLOAD_PLUGIN_LITERAL(text) ((payload_plugin_bytes){(text), sizeof(text) - 1})
#endif

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* PAYLOAD_PLUGIN_PAYLOAD_PLUGIN_H_ */
