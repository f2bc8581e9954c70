// One program run as a child, with a pipe to its standard input and from its outputs.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

using RealDeadline = std::chrono::steady_clock::time_point;

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

  // Reads both outputs until a whole line has come on standard output; false if the outputs ended
  // or the deadline passed first. The line has no newline.
  bool ReadLine(std::string& line, RealDeadline deadline);
  // Reads both outputs to their end; false if the deadline passed first.
  bool ReadToEnd(RealDeadline deadline);
  // What has been read so far and not returned as a line.
  const std::string& output() const { return output_; }
  const std::string& errors() const { return errors_; }

  void Signal(int signal);
  // Waits until it has ended, reading on so that a full pipe never holds it up; then kills it.
  // Returns the exit code, or 128 plus the number of the signal that ended it.
  int Wait(RealDeadline deadline);

 private:
  ChildProcess() = default;
  // Waits for more of either output; false at the end of both or at the deadline.
  bool ReadSome(RealDeadline deadline);

  pid_t pid_ = -1;  // -1: never started, moved from, or reaped
  int exit_code_ = -1;
  int input_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::string output_;
  std::string errors_;
};

}  // namespace mock_robot
