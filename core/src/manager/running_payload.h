// A payload that runs: what it is, and who hears of its session.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "manager/plugin_host.h"
#include "manager/plugin_link.h"
#include "payload_manager/payload_manager.h"
#include "payload_manager/payload_sessions.h"

namespace payload_manager {

// A plugin that is loaded, for one robot.
struct LoadedPlugin {
  std::shared_ptr<PluginHost> host;
  std::shared_ptr<PluginLink> link;
  RobotHandle robot{};
};

// Everything above `mutex` is constant once the payload runs. Threads: any.
struct RunningPayload {
  std::string robot;
  std::filesystem::path plugin_file;
  std::string payload_id;
  std::string guid;
  SessionId session{};

  mutable std::mutex mutex;
  std::string reason;  // guarded by mutex, as all below
  std::string name;
  double total_mass_kg = 0;

  // This is its definition from now on.
  void Show(const bosdyn::api::Payload& definition);
  double mass_kg() const;
};

// `snapshot`: of its session; none: that was removed.
PayloadStatus StatusOf(const RunningPayload& payload, std::optional<PayloadSnapshot> snapshot);

// What the user (through `options`) and the plugin hear of the session. `index` is the payload's
// number in its plugin. The observer runs on the callback thread and shares what it is given.
SessionObserver Observe(const std::shared_ptr<const PayloadManagerOptions>& options,
                        const std::shared_ptr<RunningPayload>& payload, const LoadedPlugin& plugin,
                        std::size_t index);

}  // namespace payload_manager
