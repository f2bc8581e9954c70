// What a child process writes, read as it comes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace mock_robot {

using RealDeadline = std::chrono::steady_clock::time_point;

// One end of a pipe, closed with this object; -1 is none.
class PipeEnd {
 public:
  explicit PipeEnd(int fd = -1) : fd_(fd) {}
  PipeEnd(PipeEnd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  PipeEnd& operator=(PipeEnd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~PipeEnd();
  int get() const { return fd_; }

 private:
  int fd_;
};

// Reads both outputs of a child on a thread of its own until they end, whether or not anybody asks
// for what they say: a pipe that nobody reads fills up, and holds whoever writes to it for ever.
// Threads: every member may be called from any thread.
class ChildOutput {
 public:
  // Of standard output the first so many bytes are kept, of standard error the last: what a
  // program complained of before it ended.
  static constexpr std::size_t kMostOutput = std::size_t{256} << 20;
  static constexpr std::size_t kMostErrors = 4096;

  ChildOutput(PipeEnd out, PipeEnd err);
  // Ends the thread, even if another process keeps the pipes open.
  ~ChildOutput();
  ChildOutput(const ChildOutput&) = delete;
  ChildOutput& operator=(const ChildOutput&) = delete;

  // Waits for a whole line on standard output and takes it away, without its newline; false if the
  // outputs ended or the deadline passed first.
  bool TakeLine(std::string& line, RealDeadline deadline);
  // Waits for the end of both; false if the deadline passed first.
  bool AwaitEnd(RealDeadline deadline) const;
  // What has come so far and was not taken as a line.
  std::string output() const;
  std::string errors() const;

 private:
  void Run();
  void Add(const std::string& part, bool to_output);

  PipeEnd out_;  // both are the thread's
  PipeEnd err_;
  const PipeEnd stop_;  // readable once the thread is to end

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool ended_ = false;
  std::string output_;
  std::string errors_;

  std::thread thread_;
};

}  // namespace mock_robot
