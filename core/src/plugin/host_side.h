// Our end of the wire to one plugin: what its calls run into.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "payload_manager/plugin.h"
#include "payload_plugin/payload_plugin.h"

namespace payload_manager {

// Turns a plugin's messages into PluginCalls, believing nothing: what is wrong becomes kInvalid.
//
// Threads: the plugin's calls come from any thread, several at once. EndOpening and Shut are for
// the thread that loads. The handler runs under no lock. Must not be moved: the plugin holds
// pointers into it.
class HostSide {
 public:
  explicit HostSide(PluginCallHandler handler);
  HostSide(const HostSide&) = delete;
  HostSide& operator=(const HostSide&) = delete;

  // What the plugin is given.
  const payload_plugin_host* host() const { return &host_; }

  // What the plugin said while opening. Later offers and refusals are invalid.
  struct Opening {
    std::vector<OfferedPayload> offers;
    std::string bad_offer;               // the first one's fault, or empty
    std::optional<std::string> refusal;  // one line
  };
  Opening EndOpening();

  // A request that was not passed on because too many were unanswered.
  struct TooMuch {
    std::uint32_t payload;  // as an answer names it
    std::uint64_t request_id;
  };
  // The plugin is about to hear an answer. Returns the requests refused until now: each is to be
  // told so. There are none unless an answer is still to come, so none is ever left over.
  std::vector<TooMuch> CountAnswer();

  // Afterwards calls are dropped. Returns when no handler is running.
  void Shut();

  // Says on the plugin's behalf that it did something it must not.
  void ReportMisbehaviour(std::string text);

 private:
  static void Call(void* context, const payload_plugin_message* message) noexcept;
  void Take(const payload_plugin_message& message);
  void TakeOffer(const payload_plugin_message& message);
  bool IsOffered(std::uint32_t payload) const { return payload < payloads_; }
  PluginCall Understand(const payload_plugin_message& message);

  const PluginCallHandler handler_;
  const payload_plugin_host host_;

  std::mutex mutex_;
  std::condition_variable idle_;
  bool opening_ = true;
  bool shut_ = false;
  std::size_t running_ = 0;       // handlers
  std::size_t payloads_ = 0;      // offered so far
  std::size_t unanswered_ = 0;    // requests passed on
  std::vector<TooMuch> refused_;  // not empty: unanswered_ is above 0
  Opening said_;
};

}  // namespace payload_manager
