// payload-host between its command line and its exit code.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
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
  // State lines go to `out`, which must outlive the host, everything else to `log`.
  Host(HostOptions options, std::ostream& out, std::shared_ptr<spdlog::logger> log);

  // Returns when --until is settled or timed out, or Stop was called.
  cli::ExitCode Run();
  void Stop();

 private:
  // Starts everything. No value: it runs; else the exit code to end with at once.
  std::optional<cli::ExitCode> Start(PayloadManager& manager);
  std::optional<cli::ExitCode> AddPlugins(PayloadManager& manager);
  PayloadManagerOptions ManagerOptions();
  void OnChange(const PayloadChange& change);
  void OnNote(const Note& note);
  // Waits for the end; true: because of Stop.
  bool Wait();

  const HostOptions options_;
  std::ostream& out_;
  const std::shared_ptr<spdlog::logger> log_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;                          // guarded by mutex_, as all below
  std::optional<Goal> goal_;                   // once all payloads are known
  std::map<std::string, PayloadState> early_;  // states from before that
};

}  // namespace payload_manager::payload_host
