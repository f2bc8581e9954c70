// The plugin interface for C++17: derive from payload_plugin::Plugin, offer payloads in the
// constructor, override the events you care for, and say PAYLOAD_PLUGIN_DEFINE(YourPlugin) once.
//
// No exception crosses to the host: one that leaves the constructor makes `open` fail with its
// what(); one that leaves an event is logged through the host as an error.
//
// Threads: the host constructs, calls and destroys a Plugin on one thread. Host may be copied to,
// and used on, any thread until the plugin's destructor has returned.
#pragma once

#include <algorithm>
#include <cstring>
#include <exception>
#include <string_view>

#include "payload_plugin/payload_plugin.h"

namespace payload_plugin {

enum class Encoding : std::uint32_t {
  kBinary = PAYLOAD_PLUGIN_ENCODING_BINARY,
  kText = PAYLOAD_PLUGIN_ENCODING_TEXT,
  kJson = PAYLOAD_PLUGIN_ENCODING_JSON,
};

enum class Importance : std::uint32_t {
  kDebug = PAYLOAD_PLUGIN_LOG_DEBUG,
  kInfo = PAYLOAD_PLUGIN_LOG_INFO,
  kWarning = PAYLOAD_PLUGIN_LOG_WARNING,
  kError = PAYLOAD_PLUGIN_LOG_ERROR,
};

// A payload's number: 0 for the first one offered, 1 for the next.
using PayloadNumber = std::uint32_t;
inline constexpr PayloadNumber kNoPayload = PAYLOAD_PLUGIN_NO_PAYLOAD;

// The host, as a plugin sees it. Each call returns at once; one given a request id other than 0 is
// answered later by OnDone or OnError with that id. What the calls mean: payload_plugin.h.
class Host {
 public:
  explicit Host(const payload_plugin_host* raw) noexcept : raw_(raw) {}

  // In the plugin's constructor only.
  void Offer(std::string_view payload_id, std::string_view definition, Encoding encoding) {
    Send(PAYLOAD_PLUGIN_CALL_OFFER, kNoPayload, 0, static_cast<std::uint32_t>(encoding), definition,
         payload_id);
  }

  void Log(Importance importance, std::string_view line,
           PayloadNumber payload = kNoPayload) noexcept {
    Send(PAYLOAD_PLUGIN_CALL_LOG, payload, 0, static_cast<std::uint32_t>(importance), line);
  }

  // `version` is "MAJOR.MINOR.PATCH".
  void SetVersion(PayloadNumber payload, std::string_view version, std::uint64_t request_id = 0) {
    Send(PAYLOAD_PLUGIN_CALL_SET_VERSION, payload, request_id, 0, version);
  }
  void Attach(PayloadNumber payload, std::uint64_t request_id = 0) {
    Send(PAYLOAD_PLUGIN_CALL_ATTACH, payload, request_id, 0, {});
  }
  void Detach(PayloadNumber payload, std::uint64_t request_id = 0) {
    Send(PAYLOAD_PLUGIN_CALL_DETACH, payload, request_id, 0, {});
  }
  void DefinitionChanged(PayloadNumber payload, std::string_view definition, Encoding encoding,
                         std::uint64_t request_id = 0) {
    Send(PAYLOAD_PLUGIN_CALL_DEFINITION_CHANGED, payload, request_id,
         static_cast<std::uint32_t>(encoding), definition);
  }

  // Used by PAYLOAD_PLUGIN_DEFINE; a plugin throws from its constructor instead.
  void Refuse(std::string_view reason) noexcept {
    Send(PAYLOAD_PLUGIN_CALL_REFUSE, kNoPayload, 0, 0, reason);
  }

 private:
  void Send(std::uint32_t id, PayloadNumber payload, std::uint64_t request_id, std::uint32_t code,
            std::string_view body, std::string_view name = {}) noexcept {
    payload_plugin_message message = payload_plugin_message_of(id, payload, request_id);
    message.code = code;
    message.body = {body.data(), body.size()};
    message.name = {name.data(), name.size()};
    raw_->call(raw_->context, &message);
  }

  const payload_plugin_host* raw_;
};

// What an author derives from. Text and tokens handed to an event live until it returns.
class Plugin {
 public:
  explicit Plugin(Host host) : host_(host) {}
  virtual ~Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  virtual void OnRegistered(PayloadNumber) {}
  // Also each time the token was renewed. Never log the token.
  virtual void OnAuthorized(PayloadNumber, std::string_view /*token*/) {}
  virtual void OnDeauthorized(PayloadNumber) {}
  virtual void OnForgotten(PayloadNumber) {}
  virtual void OnAttached(PayloadNumber) {}
  virtual void OnDetached(PayloadNumber) {}
  virtual void OnUnreachable(PayloadNumber, std::string_view /*why*/) {}
  virtual void OnDefinitionDiffers(PayloadNumber, std::string_view /*fields*/) {}
  // request_id: the call that failed, or 0 where no call of ours did.
  virtual void OnError(PayloadNumber, std::uint64_t /*request_id*/, std::string_view /*what*/) {}
  virtual void OnDone(PayloadNumber, std::uint64_t /*request_id*/) {}
  virtual void OnClosing() {}

 protected:
  Host& host() { return host_; }

 private:
  Host host_;
};

namespace detail {

inline void Dispatch(Plugin& plugin, const payload_plugin_message& m) {
  const std::string_view body(m.body.data, m.body.size);
  switch (m.id) {
    case PAYLOAD_PLUGIN_EVENT_REGISTERED:
      return plugin.OnRegistered(m.payload);
    case PAYLOAD_PLUGIN_EVENT_AUTHORIZED:
      return plugin.OnAuthorized(m.payload, body);
    case PAYLOAD_PLUGIN_EVENT_DEAUTHORIZED:
      return plugin.OnDeauthorized(m.payload);
    case PAYLOAD_PLUGIN_EVENT_FORGOTTEN:
      return plugin.OnForgotten(m.payload);
    case PAYLOAD_PLUGIN_EVENT_ATTACHED:
      return plugin.OnAttached(m.payload);
    case PAYLOAD_PLUGIN_EVENT_DETACHED:
      return plugin.OnDetached(m.payload);
    case PAYLOAD_PLUGIN_EVENT_UNREACHABLE:
      return plugin.OnUnreachable(m.payload, body);
    case PAYLOAD_PLUGIN_EVENT_DEFINITION_DIFFERS:
      return plugin.OnDefinitionDiffers(m.payload, body);
    case PAYLOAD_PLUGIN_EVENT_ERROR:
      return plugin.OnError(m.payload, m.request_id, body);
    case PAYLOAD_PLUGIN_EVENT_DONE:
      return plugin.OnDone(m.payload, m.request_id);
    case PAYLOAD_PLUGIN_EVENT_CLOSING:
      return plugin.OnClosing();
    default:
      return;  // newer than this header
  }
}

// What the host holds while the plugin is open.
template <typename T>
struct Instance {
  explicit Instance(Host to_host) : host(to_host), plugin(to_host) {}
  Host host;
  T plugin;
};

template <typename T>
void* Open(const payload_plugin_host* raw) noexcept {
  Host host(raw);
  try {
    return new Instance<T>(host);
  } catch (const std::exception& error) {
    host.Refuse(error.what());
  } catch (...) {
    host.Refuse("its constructor threw something that is not a std::exception");
  }
  return nullptr;
}

template <typename T>
void OnEvent(void* object, const payload_plugin_message* message) noexcept {
  auto* instance = static_cast<Instance<T>*>(object);
  payload_plugin_message known{};  // an older host's message is shorter: the rest stays zero
  std::memcpy(&known, message, std::min<std::size_t>(message->size, sizeof(known)));
  try {
    Dispatch(instance->plugin, known);
  } catch (const std::exception& error) {
    instance->host.Log(Importance::kError, error.what());
  } catch (...) {
    instance->host.Log(Importance::kError, "an event threw something that is not an exception");
  }
}

template <typename T>
void Close(void* object) noexcept {
  delete static_cast<Instance<T>*>(object);
}

}  // namespace detail
}  // namespace payload_plugin

// Defines the entry for a class that derives from payload_plugin::Plugin and is constructed from a
// payload_plugin::Host. Once per plugin, outside any namespace.
#define PAYLOAD_PLUGIN_DEFINE(Type)                                     \
  extern "C" constexpr payload_plugin_entry_v0 payload_plugin_entry = { \
      PAYLOAD_PLUGIN_MAGIC,                                             \
      sizeof(payload_plugin_entry_v0),                                  \
      PAYLOAD_PLUGIN_MAJOR,                                             \
      PAYLOAD_PLUGIN_MINOR,                                             \
      &::payload_plugin::detail::Open<Type>,                            \
      &::payload_plugin::detail::OnEvent<Type>,                         \
      &::payload_plugin::detail::Close<Type>}
