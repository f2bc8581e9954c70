// The plugins a manager has loaded, refused ones included, until each is closed.
#pragma once

#include <mutex>
#include <vector>

#include "manager/running_payload.h"
#include "payload_manager/base/clock.h"

namespace payload_manager {

// Threads: every member may be called from any thread; only Close waits.
class PluginShelf {
 public:
  // Has Seal find the plugin; false when that has happened already.
  bool Keep(const LoadedPlugin& plugin);
  // All that are not known to be closed. From here on Keep is false.
  std::vector<LoadedPlugin> Seal();
  // The same, of one robot; Keep goes on.
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
