// From what a session tells to what a plugin hears.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "payload_manager/payload_session.h"
#include "payload_manager/plugin.h"

namespace payload_manager {

// Pure. Threads: any.
class EventTranslator {
 public:
  // `payload` is the payload's number in its plugin.
  explicit EventTranslator(std::size_t payload) : payload_(payload) {}

  // The events that payload_plugin.h promises, in order; often none. Authorization is told by its
  // token and by what took it away, not by the change of state.
  std::vector<PluginEvent> OnState(const StateChange& change) const;
  std::vector<PluginEvent> OnToken(const Secret& token) const;
  std::vector<PluginEvent> OnDefinition(const std::vector<std::string>& differences) const;
  std::vector<PluginEvent> OnForgotten() const;
  std::vector<PluginEvent> OnDeauthorized() const;
  std::vector<PluginEvent> OnAttached(bool attached) const;

 private:
  PluginEvent Make(PluginEventKind kind, std::string text = {}) const;

  const std::size_t payload_;
};

}  // namespace payload_manager
