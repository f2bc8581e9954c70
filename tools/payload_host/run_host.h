// payload-host between its command line and its exit code.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>

#include "payload_manager/payload_manager.h"
#include "tools/cli/exit_code.h"
#include "tools/payload_host/host_options.h"

namespace spdlog {
class logger;
}

namespace payload_manager::payload_host {

// Threads: Run on the main thread, once; Stop from any thread, before or while it runs.
class Host {
 public:
  struct End {
    cli::ExitCode code{};
    // Whether a plugin, or a write to `out` that blocks, was left behind on its thread. The program
    // must then end by std::_Exit, and the host must live until then.
    bool left_behind = false;
  };

  // State lines go to `out`, which must outlive the host, everything else to `log`. --timeout
  // counts from here.
  Host(HostOptions options, std::ostream& out, std::shared_ptr<spdlog::logger> log);

  // Returns when --until is settled or timed out, or soon after Stop was called, in the middle of
  // the start as well; whatever plugins and the reader of `out` do.
  End Run();
  // Never blocks.
  void Stop();

 private:
  // Starts everything. No value: it runs, or was given up; else the exit code to end with at once.
  std::optional<cli::ExitCode> Start(PayloadManager& manager);
  std::optional<cli::ExitCode> AddPlugins(PayloadManager& manager);
  PayloadManagerOptions ManagerOptions();
  void OnChange(const PayloadChange& change);
  void TellGoal(const PayloadChange& change);
  void OnNote(const Note& note);
  bool IsGivenUp() const;
  cli::ExitCode Wait();

  const HostOptions options_;
  std::ostream& out_;
  const std::shared_ptr<spdlog::logger> log_;

  const TimePoint deadline_;  // of --timeout
  std::stop_source stop_;
  bool cannot_write_ = false;  // the callback thread's

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Goal> goal_;                   // once all payloads are known; guarded by mutex_
  std::map<std::string, PayloadState> early_;  // states from before that; guarded by mutex_
};

}  // namespace payload_manager::payload_host
