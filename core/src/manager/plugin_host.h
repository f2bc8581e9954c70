// One plugin and the thread that makes all calls into it.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "payload_manager/base/clock.h"
#include "payload_manager/plugin.h"

namespace payload_manager {

// Threads: every member may be called from any thread; Close and the destructor not from within the
// plugin (its event handler or its calls).
class PluginHost {
 public:
  // Loads and opens the plugin on a new thread. Never blocks. `handler` as for Plugin::Load.
  static std::shared_ptr<PluginHost> Start(const std::filesystem::path& path,
                                           PluginCallHandler handler);

  // Waits until the plugin's `open` has returned and gives what it offers, or why it was refused.
  // Nothing when it is not open at `deadline`, or when `stop` or RequestClose ask for the end
  // first.
  std::optional<BasicOutcome<std::vector<OfferedPayload>, PluginProblem>> WaitUntilOpen(
      TimePoint deadline, const std::stop_token& stop = {});

  // Close(0), unless it has been closed: never waits.
  ~PluginHost();
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // The plugin hears of the event as soon as it has heard of the ones before. Never blocks. Of a
  // plugin that has let 10,000 pile up, the newest are dropped, except answers to its own requests.
  // Nothing after RequestClose.
  void Post(PluginEvent event);

  // The plugin hears of no more events and is closed as soon as it is not busy, be it with `open`.
  // Never blocks.
  void RequestClose();
  // RequestClose, then waits until the plugin is closed and unloaded; false when it is still busy
  // after `limit`. Its thread is then left to it and unloads it if it ever returns. Idempotent.
  bool Close(Duration limit);
  // It is closed and unloaded, or never was loaded.
  bool HasEnded() const;

 private:
  struct Shared;
  PluginHost(std::filesystem::path path, std::shared_ptr<Shared> shared, std::thread thread);

  const std::filesystem::path path_;
  const std::shared_ptr<Shared> shared_;
  std::mutex closing_;
  std::thread thread_;  // guarded by closing_; not joinable once closed
};

}  // namespace payload_manager
