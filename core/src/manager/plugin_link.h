// Joins one plugin with the sessions of its payloads: what the plugin asks goes to the session, how
// it ended goes back to the plugin.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manager/plugin_host.h"
#include "payload_manager/payload_manager.h"
#include "payload_manager/payload_sessions.h"

namespace payload_manager {

// A payload of the plugin that runs.
struct LinkedPayload {
  SessionId session{};
  std::string payload_id;
  std::string guid;
  ValidationContext context;  // what a changed definition is checked against
  // Hears of a changed definition that the session has taken. On the plugin's thread.
  std::function<void(const bosdyn::api::Payload&)> on_definition = {};
};

// Threads: every member may be called from any thread; nothing blocks. The plugin's calls arrive on
// its own threads and are worked on there: a plugin that asks for much pays for it itself.
class PluginLink : public std::enable_shared_from_this<PluginLink> {
 public:
  struct Options {
    std::string robot;
    std::filesystem::path plugin_file;
    std::weak_ptr<PayloadSessions> sessions;  // whose observers share this link
    bool strict = false;
    // Takes a note for the user's callback; false when it could not be posted. Never blocks. The
    // second argument runs when the note was delivered.
    std::function<bool(Note, std::function<void()>)> post_note;
  };

  explicit PluginLink(Options options) : options_(std::move(options)) {}

  // What Plugin::Load is to be given. The first 64 calls before Connect are kept for it, further
  // ones are refused then.
  PluginCallHandler Handler();

  // From here on calls are carried out. One entry per payload offered; none where the payload was
  // refused.
  void Connect(std::weak_ptr<PluginHost> host, std::vector<std::optional<LinkedPayload>> payloads);
  // From here on nothing is carried out or answered; log lines are still taken.
  void Disconnect();

  // A token of the plugin's. From here on it shows in no note and no answer, whatever they quote.
  void Guard(const Secret& token);

  // `text` may hold anything; what is noted is one line of it without the guarded tokens.
  void NoteThat(NoteLevel level, const std::string& payload_id, std::string_view text);

 private:
  // Every text that leaves here, to the log or to the plugin, is made by this.
  std::string Line(std::string_view text);
  enum class Stage { kStarting, kCatchingUp, kConnected };

  void Take(PluginCall call);
  void Do(const PluginCall& call);
  void Carry(PayloadSessions& sessions, const LinkedPayload& payload, const PluginCall& call);
  void SetVersion(PayloadSessions& sessions, const LinkedPayload& payload, const PluginCall& call);
  Checked<Done> ChangeDefinition(PayloadSessions& sessions, const LinkedPayload& payload,
                                 const PluginCall& call);
  // How a call ended: an event, if the plugin wants one, and a note if it failed.
  PayloadSessions::ResultCallback Answer(const LinkedPayload& payload, const PluginCall& call);
  void Conclude(const std::string& payload_id, std::optional<std::size_t> index,
                std::uint64_t request_id, const std::string& problem);

  const Options options_;
  std::atomic<bool> closed_ = false;
  std::atomic<int> notes_under_way_ = 0;

  std::mutex mutex_;
  Stage stage_ = Stage::kStarting;                      // guarded by mutex_, as all below
  std::size_t early_taken_ = 0;                         // calls kept so far
  std::vector<PluginCall> early_;                       // to be done in this order before any later
  std::weak_ptr<PluginHost> host_;                      // constant after Connect
  std::vector<std::optional<LinkedPayload>> payloads_;  // constant after Connect
  std::vector<Secret> tokens_;
};

}  // namespace payload_manager
