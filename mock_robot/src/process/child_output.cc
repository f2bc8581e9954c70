#include "process/child_output.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

namespace mock_robot {
namespace {

// What is there to read, or nothing; closes the pipe at its end.
std::string ReadSome(PipeEnd& pipe) {
  std::array<char, 4096> part{};
  const ssize_t count = ::read(pipe.get(), part.data(), part.size());
  if (count > 0) return {part.data(), static_cast<std::size_t>(count)};
  if (count == 0 || errno != EINTR) pipe = PipeEnd();
  return {};
}

}  // namespace

PipeEnd::~PipeEnd() {
  if (fd_ >= 0) ::close(fd_);
}

ChildOutput::ChildOutput(PipeEnd out, PipeEnd err)
    : out_(std::move(out)),
      err_(std::move(err)),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      thread_([this] { Run(); }) {}

ChildOutput::~ChildOutput() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void ChildOutput::Run() {
  while (out_.get() >= 0 || err_.get() >= 0) {
    std::array<pollfd, 3> all{pollfd{stop_.get(), POLLIN, 0}, pollfd{out_.get(), POLLIN, 0},
                              pollfd{err_.get(), POLLIN, 0}};
    if (::poll(all.data(), all.size(), -1) < 0 && errno != EINTR) break;
    if (all[0].revents != 0) break;
    if (all[1].revents != 0) Add(ReadSome(out_), true);
    if (all[2].revents != 0) Add(ReadSome(err_), false);
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void ChildOutput::Add(const std::string& part, bool to_output) {
  const std::lock_guard lock(mutex_);
  if (to_output) {
    output_.append(part, 0, kMostOutput - std::min(kMostOutput, output_.size()));
  } else {
    errors_ += part;
    if (errors_.size() > kMostErrors) errors_.erase(0, errors_.size() - kMostErrors);
  }
  changed_.notify_all();
}

bool ChildOutput::TakeLine(std::string& line, RealDeadline deadline) {
  std::unique_lock lock(mutex_);
  std::size_t end = std::string::npos;
  changed_.wait_until(lock, deadline, [&] {
    end = output_.find('\n');
    return ended_ || end != std::string::npos;
  });
  if (end == std::string::npos) return false;
  line = output_.substr(0, end);
  output_.erase(0, end + 1);
  return true;
}

bool ChildOutput::AwaitEnd(RealDeadline deadline) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline, [this] { return ended_; });
}

std::string ChildOutput::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

std::string ChildOutput::errors() const {
  const std::lock_guard lock(mutex_);
  return errors_;
}

}  // namespace mock_robot
