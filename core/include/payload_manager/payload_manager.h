// The payload manager: plugins in, payloads kept registered on robots.
//
//   PayloadManager manager(options);
//   manager.AddRobot({.name = "spot-7", .connection = connection});
//   for (const PluginReport& report : manager.AddPlugins("spot-7", files)) Show(report);
//   ...
//   manager.Shutdown();
//
// This class is wiring and stop order. What a payload does is decided by its session
// (payload_sessions.h), what a plugin file is by the loader (plugin.h), what a definition may say
// by definition.h.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"
#include "payload_manager/base/random.h"
#include "payload_manager/payload_session.h"
#include "payload_manager/robot_connection.h"

namespace payload_manager {

// A payload changed its state. `robot`, `plugin_file` and `payload_id` say which payload.
struct PayloadChange {
  std::string robot;
  std::filesystem::path plugin_file;
  std::string payload_id;
  std::string guid;
  PayloadState old_state{};
  PayloadState new_state{};
  std::string reason;  // one line for an operator
};

// Something worth a line in a log that is not a change of state: a warning about a definition, a
// plugin's own log line, the end of a plugin's request.
enum class NoteLevel { kDebug, kInfo, kWarning, kError };
struct Note {
  NoteLevel level = NoteLevel::kInfo;
  std::string robot;
  std::filesystem::path plugin_file;
  std::string payload_id;  // empty: about the plugin as a whole
  std::string text;        // one line; never a secret of ours
};

// Why a plugin, or one payload of it, does not run.
struct Refusal {
  std::filesystem::path plugin_file;
  std::string payload_id;  // empty: the whole plugin
  std::string reason;      // one line that names the file or field
};

// What became of one plugin file. Both lists may have entries: a plugin's good payloads run
// although another of its payloads was refused.
struct PluginReport {
  std::filesystem::path plugin_file;
  std::vector<std::string> payload_ids;  // of the payloads that run now
  std::vector<Refusal> refusals;
};

struct PayloadStatus {
  std::string robot;
  std::filesystem::path plugin_file;
  std::string payload_id;
  std::string guid;
  std::string name;  // as the definition has it
  PayloadState state{};
  std::string reason;  // of the latest change
  // All that is known of it: since when, attempts, the last failure, the next attempt, and in which
  // fields the robot's definition differs.
  PayloadSnapshot snapshot;
};

struct PayloadManagerOptions {
  // Identities are kept in `<state_dir>/<robot name>/<payload id>`. std::nullopt: nowhere; each
  // run then makes new ones (except GUIDs fixed in a definition) and the robot sees new payloads.
  std::optional<std::filesystem::path> state_dir;
  // How each payload is kept registered: intervals and timeouts.
  SessionOptions session;
  // A warning about a definition refuses the payload, and one refusal refuses everything else in
  // the same call of AddPlugins.
  bool strict = false;
  // Makes GUIDs and secrets. Must outlive the manager.
  RandomSource* random = &SystemRandom();

  // Both run on one callback thread of the manager, never under a lock, in the order in which
  // things happened; also before AddPlugins has returned. They must not throw and should not
  // block: while they do, nobody hears of events.
  std::function<void(const PayloadChange&)> on_change;
  std::function<void(const Note&)> on_note;
};

// Threads: AddRobot, UpdateConnection, RemoveRobot, AddPlugins and Payloads may be called from any
// thread; RemoveRobotAndWait and Shutdown from any thread, but on a callback's, or in a completion
// (base/completion_scope.h), they are only a request. Each plugin object has one thread of the
// manager's own, which makes all calls into it: a plugin that blocks stands still itself and
// nothing else does.
class PayloadManager {
 public:
  struct Robot {
    // Names the robot to people and names its folder under `state_dir`.
    std::string name;
    std::shared_ptr<RobotConnection> connection;
  };

  explicit PayloadManager(PayloadManagerOptions options);
  // Shuts down (see Shutdown).
  ~PayloadManager();
  PayloadManager(const PayloadManager&) = delete;
  PayloadManager& operator=(const PayloadManager&) = delete;

  // Refuses a name that is in use, is empty or cannot name a folder; after Shutdown, everything.
  // Does not wait for the robot.
  Checked<Done> AddRobot(Robot robot);

  // The robot is reached otherwise from now on (another address, another certificate), as
  // PayloadSessions::UpdateConnection says: its payloads keep their state and go on. Refused: no
  // connection, an unknown robot; after Shutdown, everything.
  Checked<Done> UpdateConnection(const std::string& robot_name,
                                 std::shared_ptr<RobotConnection> connection);

  // Ends the payloads on the robot, closes and unloads the plugins that were loaded for it, cancels
  // its calls and lets go of its connection. Nothing is unregistered, and identities are kept. Its
  // payloads are gone from Payloads and on_change hears of them no more, but for a callback that is
  // running; the name may be used again at once. AddPlugins for it that is under way starts nothing
  // more, and says so. Never blocks. False when there is no such robot; after Shutdown, always.
  bool RemoveRobot(const std::string& robot_name);
  // RemoveRobot, then waits until none of its payloads' callbacks is running or to come, its calls
  // have ended, the connection has been let go of and its plugins are unloaded; false when `limit`
  // passed first. A plugin that is still busy stays loaded, and Shutdown waits for it. On the
  // callback thread: does not wait, and returns false.
  bool RemoveRobotAndWait(const std::string& robot_name, Duration limit = std::chrono::seconds(1));

  // Loads the plugins, all at once, checks what they offer and starts a session for each payload on
  // the robot; one report per file, in the same order. Blocks on the disk and on the plugins'
  // `open` (at most 10 s, all together), not on the robot. What is refused leaves nothing behind:
  // not registered, no identity made, and not loaded, unless its `open` has still not returned: it
  // is then closed when that returns. A refusal never affects a payload that runs already.
  // But a plugin whose static constructors hang keeps the loader's lock, so that those behind it
  // are refused as well, and one that crashes takes the process along (payload-host tries each in a
  // process of its own first).
  //
  // When `stop` is requested or Shutdown called, or at the instant `give_up`, before the sessions
  // are started, none of them is: a report without payloads and refusals is of a plugin that was
  // given up like that.
  std::vector<PluginReport> AddPlugins(const std::string& robot_name,
                                       const std::vector<std::filesystem::path>& plugin_files,
                                       const std::stop_token& stop = {},
                                       TimePoint give_up = TimePoint::max());

  // All payloads that run, in the order they were added. Never blocks on a robot or plugin.
  std::vector<PayloadStatus> Payloads() const;

  // Stops: no new calls, calls in flight are cancelled, plugins hear that they are closed and are
  // unloaded, connections are released. Does not unregister anything. Callbacks and plugins that
  // are busy get `grace` to return, all together. True: no callback runs any more and no plugin is
  // loaded, refused ones included. False: one is still busy; its thread is abandoned, and a plugin
  // on it stays loaded. The process should then end by std::_Exit: a plugin that is torn out of its
  // work by the end of the process crashes it, and one that holds the loader's lock blocks exit().
  // Idempotent: a later call returns what the first one did. On a callback thread or in a
  // completion: does not wait, and returns false.
  bool Shutdown(Duration grace = std::chrono::seconds(1));

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace payload_manager
