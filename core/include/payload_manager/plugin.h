// Payload plugins: look at a file, load it, talk to it, unload it. What a plugin is stands in
// plugins/sdk/include/payload_plugin/payload_plugin.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payload_manager/base/outcome.h"
#include "payload_manager/base/secret.h"
#include "payload_manager/definition.h"

namespace payload_manager {

// Why a plugin is not used.
enum class PluginRefusal {
  kMissing,
  kUnreadable,         // or not a regular file
  kNotASharedLibrary,  // not an ELF shared object
  kDamaged,            // an ELF file that contradicts itself or ends too early
  kOtherMachine,       // built for another processor than this program
  kNoEntrySymbol,      // does not export payload_plugin_entry
  kWrongMagic,
  kWrongVersion,    // of the interface
  kTruncatedEntry,  // the exported struct is smaller than its version demands
  kOwnProtobuf,     // needs or contains Protobuf or gRPC, which cannot be in a process twice
  kCannotLoad,      // the system's loader refused it; the message has its words
  kOpenFailed,      // the message has the plugin's own words
  kBadOffer,        // offers nothing, or a payload without a proper id
};

std::string_view ToString(PluginRefusal refusal);

// `message` is one line that names the file and says what to do.
struct PluginProblem {
  PluginRefusal reason;
  std::string message;
};

// What looking tells about a plugin that may be loaded.
struct PluginFile {
  std::filesystem::path path;
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::vector<std::string> needed;  // the libraries it needs, as the file names them
};

// Looks at a file without loading, and so without running, any of it. Safe on hostile files: reads
// within bounds, never allocates what a file merely claims. Blocks on the disk. Threads: any.
// Only the file itself is looked at, not the libraries it needs.
BasicOutcome<PluginFile, PluginProblem> InspectPlugin(const std::filesystem::path& path);

struct OfferedPayload {
  std::string id;          // passes CheckPayloadId, unique within the plugin
  std::string definition;  // not yet parsed
  DefinitionEncoding encoding = DefinitionEncoding::kBinary;
};

enum class PluginEventKind {
  kRegistered,
  kAuthorized,  // with token
  kDeauthorized,
  kForgotten,
  kAttached,
  kDetached,
  kUnreachable,        // text: why
  kDefinitionDiffers,  // text: the fields
  kError,              // text: what; request_id: which call failed, or 0
  kDone,               // request_id: which call was carried out
};

struct PluginEvent {
  PluginEventKind kind;
  // Index in payloads(). None: the plugin as a whole, or a payload it does not have; only for
  // kError and kDone, as in the call they answer.
  std::optional<std::size_t> payload = 0;
  std::uint64_t request_id = 0;
  std::string text = {};
  Secret token = {};
};

enum class PluginCallKind {
  kLog,         // text, level
  kSetVersion,  // text: "MAJOR.MINOR.PATCH", not yet checked
  kAttach,
  kDetach,
  kDefinitionChanged,  // text: the definition, encoding
  kInvalid,            // something this host does not understand; text: what is wrong with it
};

enum class PluginLogLevel { kDebug, kInfo, kWarning, kError };

// Something a plugin asks for. One with a request_id other than 0 is to be answered with exactly
// one kDone or kError event, kInvalid included; no more than kMostUnansweredRequests wait for that.
// A kLog has none. `text` is a stranger's: any bytes, up to 4 MiB.
struct PluginCall {
  PluginCallKind kind;
  // None: the plugin as a whole, or a payload it does not have (only for kLog and kInvalid).
  std::optional<std::size_t> payload = std::nullopt;
  std::uint64_t request_id = 0;
  PluginLogLevel level = PluginLogLevel::kInfo;
  DefinitionEncoding encoding = DefinitionEncoding::kBinary;
  std::string text = {};
};

// As payload_plugin.h promises. What a plugin asks beyond that is refused without its owner hearing
// of it.
inline constexpr std::size_t kMostUnansweredRequests = 1000;

// Takes a plugin's calls, on whichever thread of the plugin, several at once, and already within
// Load. Must neither block nor throw nor call into the plugin: post to an inbox and return.
using PluginCallHandler = std::function<void(PluginCall)>;

// One loaded and opened plugin.
//
// Threads: plugins are promised that one thread makes all calls into them. The owner provides it:
// Load, Deliver and Close run on the same thread (asserted). The destructor may run elsewhere once
// Close has. payloads() and path() are constant and may be read from any thread.
// Ownership: owns the plugin's object and the mapped library; the handler lives as long as this.
class Plugin {
 public:
  // Looks, loads, opens. Runs foreign code, its static constructors included, and takes as long as
  // that takes. On failure the library is unmapped again and nothing remains.
  static BasicOutcome<std::unique_ptr<Plugin>, PluginProblem> Load(
      const std::filesystem::path& path, PluginCallHandler handler);

  // Closes if Close has not been called, then unmaps the library.
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // At least one; fixed from Load on.
  const std::vector<OfferedPayload>& payloads() const { return payloads_; }

  // Hands one event to the plugin and returns when the plugin has taken it; after an answer, also
  // the refusals of what the plugin asked too much. Nothing after Close.
  void Deliver(const PluginEvent& event);

  // Tells the plugin that it ends, then ends it. When this returns the handler is not running and
  // will not run again. Waits for handlers that are running, so it must not be called from one.
  // Idempotent.
  void Close();

 private:
  struct Parts;
  Plugin(std::filesystem::path path, std::vector<OfferedPayload> payloads,
         std::unique_ptr<Parts> parts);

  const std::filesystem::path path_;
  const std::vector<OfferedPayload> payloads_;
  std::unique_ptr<Parts> parts_;
};

// The plugins in a directory: every entry whose name ends in ".so", sorted by name, whatever it is
// (what is wrong with one is for Load to say). Not recursive. Blocks on the disk. Threads: any.
Checked<std::vector<std::filesystem::path>> FindPlugins(const std::filesystem::path& directory);

struct LoadedPlugins {
  std::vector<std::unique_ptr<Plugin>> plugins;
  std::vector<PluginProblem> refused;
};

// Loads each file on the calling thread; one that is refused does not keep the others from loading.
// `handler_for` is asked once per file for the handler of its calls.
LoadedPlugins LoadPlugins(
    const std::vector<std::filesystem::path>& paths,
    const std::function<PluginCallHandler(const std::filesystem::path&)>& handler_for);

}  // namespace payload_manager
