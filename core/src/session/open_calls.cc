#include "session/open_calls.h"

#include <optional>
#include <utility>
#include <vector>

namespace payload_manager {
namespace {

// So many calls a thread takes at a time, of those to be cancelled.
constexpr std::size_t kCancelledAtATime = 8;

}  // namespace

std::optional<OpenCalls::Begun> OpenCalls::Begin() {
  std::stop_source source;
  const std::lock_guard lock(mutex_);
  if (refusing_) return std::nullopt;
  const std::uint64_t number = ++last_;
  std::stop_token cancellation = source.get_token();
  calls_.emplace(number, Call{std::move(source)});
  return Begun{number, std::move(cancellation)};
}

void OpenCalls::End(std::uint64_t call, Runtime::Task answer, Duration patience) {
  std::vector<std::shared_ptr<Departure>> held_up;  // dies after the lock
  const std::lock_guard lock(mutex_);
  const auto ended = calls_.find(call);
  held_up = std::move(ended->second.held_up);
  const bool is_awaited =
      patience <= Duration(0) || refusing_ || ended->second.awaited || !held_up.empty();
  const bool is_heard = !refusing_ || ended->second.awaited || !held_up.empty();
  calls_.erase(ended);
  if (runtime_ != nullptr && is_heard) {
    if (!held_up.empty()) {
      answer = [answer = std::move(answer), held_up] { answer(); };
    }
    if (is_awaited) {
      runtime_->Post(std::move(answer));
    } else {
      runtime_->PostBy(runtime_->Now() + patience, std::move(answer));
    }
  }
  if (refusing_ && calls_.empty()) none_left_.Set();
}

void OpenCalls::HoldUp(std::uint64_t call, std::shared_ptr<Departure> departure) {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(call);
  if (found != calls_.end()) {
    found->second.held_up.push_back(std::move(departure));
  } else if (runtime_ != nullptr) {  // its answer is on its way: behind that
    runtime_->Post([departure = std::move(departure)] {});
  }
}

bool OpenCalls::Await(std::uint64_t call) {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(call);
  if (found == calls_.end()) return false;
  found->second.awaited = true;
  return true;
}

void OpenCalls::Cancel(std::uint64_t call) {
  std::optional<std::stop_source> source;
  {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(call);
    if (found == calls_.end()) return;
    found->second.awaited = true;
    source.emplace(found->second.cancel);
  }
  source->request_stop();
}

void OpenCalls::CancelAll() {
  std::vector<std::stop_source> part;
  part.reserve(kCancelledAtATime);
  do {
    for (std::stop_source& source : part) source.request_stop();
    part.clear();
    const std::lock_guard lock(mutex_);
    if (!std::exchange(refusing_, true)) {
      to_cancel_.reserve(calls_.size());
      for (const auto& [number, call] : calls_) to_cancel_.push_back(call.cancel);
      if (calls_.empty()) none_left_.Set();
    }
    for (; part.size() < kCancelledAtATime && !to_cancel_.empty(); to_cancel_.pop_back()) {
      part.push_back(std::move(to_cancel_.back()));
    }
  } while (!part.empty());
}

void OpenCalls::LetGoOfRuntime() {
  const std::lock_guard lock(mutex_);
  runtime_ = nullptr;
}

}  // namespace payload_manager
