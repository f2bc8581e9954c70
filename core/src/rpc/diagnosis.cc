#include "rpc/diagnosis.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <future>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

#include "rpc/sharpen.h"

namespace payload_manager {
namespace {

// Of all robots of this process.
std::atomic<int> probes_under_way = 0;

bool TakePlace() {
  if (probes_under_way.fetch_add(1) < Diagnosis::kMostAtOnce) return true;
  probes_under_way.fetch_sub(1);
  return false;
}

int MillisecondsUntil(TimePoint when) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(when - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 60'000));
}

}  // namespace

void HeldCall::LetGo() {
  let_go_ = true;
  diagnosis_->Wake();
}

Diagnosis::Diagnosis(ProbeTarget target, std::shared_ptr<Findings> findings, Probe probe,
                     const Clock* clock, Duration limit)
    : target_(std::move(target)),
      findings_(std::move(findings)),
      probe_(std::move(probe)),
      clock_(clock),
      limit_(std::min(limit, kLongestProbe)) {}

void Diagnosis::Answered() {
  if (!answered_.load(std::memory_order_relaxed)) answered_ = true;
  findings_->Forget();
}

std::shared_ptr<Diagnosis> Diagnosis::Consider(const Exchange& exchange, const Failure& failure) {
  if (probe_ == nullptr || !IsDoubtful(exchange, failure)) return nullptr;
  // A connection that carried answers until now was simply lost; only the next loss is odd.
  if (failure.kind == FailureKind::kConnectionLost && answered_.exchange(false)) {
    return nullptr;
  }
  bool here = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return nullptr;
    here = probing_ || StartProbe(exchange.authority);
  }
  if (!IsWorthWaiting(failure)) return nullptr;
  return here ? shared_from_this() : findings_->Probing();
}

bool Diagnosis::StartProbe(std::string_view authority) {
  if (running_ || !TakePlace()) return false;
  if (!findings_->Begin(authority, clock_->Now(), weak_from_this())) {
    probes_under_way.fetch_sub(1);
    return false;
  }
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  try {
    if (wake < 0) throw std::system_error(errno, std::generic_category());
    ProbeTarget target = target_;
    target.authority = authority;
    std::thread([self = shared_from_this(), target = std::move(target), wake] {
      self->Run(target, wake);
    }).detach();
  } catch (const std::system_error&) {  // out of descriptors or threads: not now
    if (wake >= 0) ::close(wake);
    probes_under_way.fetch_sub(1);
    findings_->TakeBack();
    return false;
  }
  wake_ = wake;
  probing_ = true;
  running_ = true;
  return true;
}

void Diagnosis::Run(const ProbeTarget& target, int wake) {
  const TimePoint deadline = std::chrono::steady_clock::now() + limit_;
  ProbeReport report = probe_(target, [&](int descriptor, short events) {
    return WaitFor(deadline, wake, descriptor, events);
  });
  probes_under_way.fetch_sub(1);
  std::vector<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    // Cut short, it has found nothing.
    findings_->End(closed_ ? std::nullopt : std::optional(std::move(report)));
    probing_ = false;  // from here on nobody is held
    wake_ = -1;
    waiting.swap(waiting_);
  }
  ::close(wake);
  for (Waiting& each : waiting) each.finish();
  waiting.clear();
  const std::lock_guard lock(mutex_);
  running_ = false;
  ended_.notify_all();
}

bool Diagnosis::WaitFor(TimePoint deadline, int wake, int descriptor, short events) {
  while (true) {
    const auto next = FinishDue();
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return false;
    }
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::array<pollfd, 2> watched{pollfd{wake, POLLIN, 0}, pollfd{descriptor, events, 0}};
    ::poll(watched.data(), watched.size(),
           MillisecondsUntil(std::min(deadline, next.value_or(deadline))));
    if ((watched[0].revents & POLLIN) != 0) {
      eventfd_t ignored = 0;
      ::eventfd_read(wake, &ignored);
      continue;
    }
    if (watched[1].revents != 0) return true;
  }
}

std::optional<TimePoint> Diagnosis::FinishDue() {
  const TimePoint now = std::chrono::steady_clock::now();
  std::vector<Waiting> due;
  std::optional<TimePoint> next;
  {
    const std::lock_guard lock(mutex_);
    const auto waits = [&](const Waiting& each) {
      return !closed_ && !each.call->let_go_ && !(each.until.has_value() && *each.until <= now);
    };
    const auto first_due = std::partition(waiting_.begin(), waiting_.end(), waits);
    std::move(first_due, waiting_.end(), std::back_inserter(due));
    waiting_.erase(first_due, waiting_.end());
    for (const Waiting& each : waiting_) {
      if (each.until.has_value()) next = std::min(next.value_or(*each.until), *each.until);
    }
  }
  for (Waiting& each : due) each.finish();
  return next;
}

bool Diagnosis::Hold(std::shared_ptr<HeldCall> call, std::optional<TimePoint> until,
                     std::function<void()> finish) {
  const std::lock_guard lock(mutex_);
  if (!probing_ || closed_) return false;
  waiting_.push_back({std::move(call), until, std::move(finish)});
  ::eventfd_write(wake_, 1);  // under the lock: after it `finish` may run, and end this object
  return true;
}

void Diagnosis::Wait(std::shared_ptr<HeldCall> call, std::optional<TimePoint> until) {
  const auto finished = std::make_shared<std::promise<void>>();
  if (!Hold(std::move(call), until, [finished] { finished->set_value(); })) return;
  finished->get_future().wait();
}

std::optional<ProbeReport> Diagnosis::Known(std::string_view authority) const {
  if (probe_ == nullptr) return std::nullopt;
  return findings_->Known(authority);
}

void Diagnosis::Wake() {
  const std::lock_guard lock(mutex_);
  if (wake_ >= 0) ::eventfd_write(wake_, 1);
}

void Diagnosis::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    if (wake_ >= 0) ::eventfd_write(wake_, 1);
  }
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return !running_; });
}

}  // namespace payload_manager
