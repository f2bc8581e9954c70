// The plugins a manager has loaded, refused ones included, until each is closed.
#pragma once

#include <filesystem>
#include <mutex>
#include <vector>

#include "manager/running_payload.h"
#include "payload_manager/base/clock.h"

namespace payload_manager {

// Threads: every member may be called from any thread; only Close waits.
class PluginShelf {
 public:
  // Starts the host that `plugin` has none of yet, for the file, such that Seal finds it. Once Seal
  // has been called nothing is loaded and there is no host.
  void Load(const std::filesystem::path& file, LoadedPlugin& plugin);
  // All that are not known to be closed, and no more to come.
  std::vector<LoadedPlugin> Seal();
  // Those of one robot; more may come.
  std::vector<LoadedPlugin> Of(RobotHandle robot) const;

  // Nothing these plugins ask is carried out any more, and they are closed as soon as they are not
  // busy. Never blocks.
  static void RequestClose(const std::vector<LoadedPlugin>& plugins);
  // RequestClose, then waits at most `limit`, all together; true when all are closed and unloaded.
  // Those are forgotten, the others kept.
  bool Close(const std::vector<LoadedPlugin>& plugins, Duration limit);

 private:
  mutable std::mutex mutex_;
  bool sealed_ = false;                // guarded by mutex_
  std::vector<LoadedPlugin> plugins_;  // guarded by mutex_
};

}  // namespace payload_manager
