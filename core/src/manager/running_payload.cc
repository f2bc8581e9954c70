#include "manager/running_payload.h"

#include <utility>

#include "bosdyn/api/payload.pb.h"
#include "manager/event_translator.h"

namespace payload_manager {

void RunningPayload::Show(const bosdyn::api::Payload& definition) {
  const std::lock_guard lock(mutex);
  name = definition.name();
  total_mass_kg = definition.mass_volume_properties().total_mass();
}

double RunningPayload::mass_kg() const {
  const std::lock_guard lock(mutex);
  return total_mass_kg;
}

PayloadStatus StatusOf(const RunningPayload& payload, std::optional<PayloadSnapshot> snapshot) {
  PayloadStatus status;
  status.robot = payload.robot;
  status.plugin_file = payload.plugin_file;
  status.payload_id = payload.payload_id;
  status.guid = payload.guid;
  if (snapshot) {
    status.snapshot = *std::move(snapshot);
  } else {
    status.snapshot.robot = payload.robot;
    status.snapshot.guid = payload.guid;
    status.snapshot.state = PayloadState::kRemoved;
  }
  status.state = status.snapshot.state;
  const std::lock_guard lock(payload.mutex);
  status.reason = payload.reason;
  status.name = payload.name;
  return status;
}

SessionObserver Observe(const std::shared_ptr<const PayloadManagerOptions>& options,
                        const std::shared_ptr<RunningPayload>& payload, const LoadedPlugin& plugin,
                        std::size_t index) {
  const EventTranslator translator(index);
  const auto tell = [host = plugin.host](std::vector<PluginEvent> events) {
    for (PluginEvent& event : events) host->Post(std::move(event));
  };
  SessionObserver observer;
  observer.state_changed = [options, payload, translator, tell](const StateChange& change) {
    {
      const std::lock_guard lock(payload->mutex);
      payload->reason = change.reason;
    }
    if (options->on_change) {
      options->on_change({payload->robot, payload->plugin_file, payload->payload_id, payload->guid,
                          change.before, change.after, change.reason});
    }
    tell(translator.OnState(change));
  };
  observer.token = [link = plugin.link, translator, tell](const Secret& token, TokenNews) {
    link->Guard(token);
    tell(translator.OnToken(token));
  };
  observer.definition_differs = [link = plugin.link, payload, translator,
                                 tell](const std::vector<std::string>& differences) {
    auto events = translator.OnDefinition(differences);
    link->NoteThat(events.empty() ? NoteLevel::kInfo : NoteLevel::kWarning, payload->payload_id,
                   events.empty() ? "the robot's definition agrees again"
                                  : "the robot has another definition until it is told to forget "
                                    "this payload: " +
                                        events.front().text);
    tell(std::move(events));
  };
  observer.forgotten = [translator, tell] { tell(translator.OnForgotten()); };
  observer.deauthorized = [translator, tell] { tell(translator.OnDeauthorized()); };
  observer.attached = [link = plugin.link, payload, translator, tell](bool attached) {
    link->NoteThat(NoteLevel::kInfo, payload->payload_id, attached ? "attached" : "detached");
    tell(translator.OnAttached(attached));
  };
  return observer;
}

}  // namespace payload_manager
