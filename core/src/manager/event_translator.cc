#include "manager/event_translator.h"

#include <utility>

namespace payload_manager {

PluginEvent EventTranslator::Make(PluginEventKind kind, std::string text) const {
  PluginEvent event;
  event.kind = kind;
  event.payload = payload_;
  event.text = std::move(text);
  return event;
}

std::vector<PluginEvent> EventTranslator::OnState(const StateChange& change) const {
  std::vector<PluginEvent> events;
  // After an outage, too: it tells the plugin that the robot answers again.
  if (IsRegistered(change.after) && !IsRegistered(change.before)) {
    events.push_back(Make(PluginEventKind::kRegistered));
  }
  if (change.after == PayloadState::kUnreachable) {
    events.push_back(Make(PluginEventKind::kUnreachable, change.reason));
  } else if (change.after == PayloadState::kCredentialsRejected ||
             change.after == PayloadState::kDefinitionRejected) {
    events.push_back(Make(PluginEventKind::kError, change.reason));
  }
  return events;
}

std::vector<PluginEvent> EventTranslator::OnToken(const Secret& token) const {
  PluginEvent event = Make(PluginEventKind::kAuthorized);
  event.token = token;
  return {std::move(event)};
}

std::vector<PluginEvent> EventTranslator::OnDefinition(
    const std::vector<std::string>& differences) const {
  if (differences.empty()) return {};
  std::string text;
  for (const std::string& difference : differences) {
    text += (text.empty() ? "" : "; ") + difference;
  }
  return {Make(PluginEventKind::kDefinitionDiffers, std::move(text))};
}

std::vector<PluginEvent> EventTranslator::OnForgotten() const {
  return {Make(PluginEventKind::kForgotten), Make(PluginEventKind::kRegistered)};
}

std::vector<PluginEvent> EventTranslator::OnDeauthorized() const {
  return {Make(PluginEventKind::kDeauthorized)};
}

std::vector<PluginEvent> EventTranslator::OnAttached(bool attached) const {
  return {Make(attached ? PluginEventKind::kAttached : PluginEventKind::kDetached)};
}

}  // namespace payload_manager
