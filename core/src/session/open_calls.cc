#include "session/open_calls.h"

#include <utility>
#include <vector>

namespace payload_manager {

std::optional<OpenCalls::Begun> OpenCalls::Begin() {
  std::stop_source source;
  const std::lock_guard lock(mutex_);
  if (refusing_) return std::nullopt;
  const std::uint64_t number = ++last_;
  std::stop_token cancellation = source.get_token();
  calls_.emplace(number, std::move(source));
  return Begun{number, std::move(cancellation)};
}

void OpenCalls::End(std::uint64_t call, Runtime::Task answer) {
  const std::lock_guard lock(mutex_);
  if (runtime_ != nullptr) runtime_->Post(std::move(answer));
  calls_.erase(call);
  if (refusing_ && calls_.empty()) none_left_.Set();
}

void OpenCalls::Cancel(std::uint64_t call) {
  std::stop_source source(std::nostopstate);
  {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(call);
    if (found == calls_.end()) return;
    source = found->second;
  }
  source.request_stop();
}

void OpenCalls::CancelAll() {
  std::vector<std::stop_source> sources;
  {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
    sources.reserve(calls_.size());
    for (const auto& [call, source] : calls_) sources.push_back(source);
    if (calls_.empty()) none_left_.Set();
  }
  for (std::stop_source& source : sources) source.request_stop();
}

void OpenCalls::LetGoOfRuntime() {
  const std::lock_guard lock(mutex_);
  runtime_ = nullptr;
}

}  // namespace payload_manager
