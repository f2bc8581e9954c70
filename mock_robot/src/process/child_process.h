// One program run as a child, with a pipe to its standard input and from its outputs.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "payload_manager/base/outcome.h"
#include "process/child_output.h"

namespace mock_robot {

// Killed and reaped at the latest by the destructor. Threads: one caller at a time.
class ChildProcess {
 public:
  // `program` with a slash is a file; without, it is looked up along PATH. The child's standard
  // input ends when this object or this process does.
  static payload_manager::Checked<ChildProcess> Start(const std::filesystem::path& program,
                                                      const std::vector<std::string>& arguments);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  pid_t id() const { return pid_; }

  // What it writes, which is read from the start on; valid after its end, too.
  ChildOutput& said() { return *said_; }
  const ChildOutput& said() const { return *said_; }

  void Signal(int signal);
  // Waits until it has ended, and kills it at the deadline.
  // Returns the exit code, or 128 plus the number of the signal that ended it.
  int Wait(RealDeadline deadline);

 private:
  ChildProcess() = default;

  pid_t pid_ = -1;  // -1: never started, moved from, or reaped
  int exit_code_ = -1;
  PipeEnd input_;
  std::unique_ptr<ChildOutput> said_;
};

}  // namespace mock_robot
