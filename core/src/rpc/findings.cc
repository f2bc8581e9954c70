#include "rpc/findings.h"

#include <functional>
#include <utility>

namespace payload_manager {

bool Findings::Begin(std::string_view authority, TimePoint now, std::weak_ptr<Diagnosis> by) {
  const std::lock_guard lock(mutex_);
  if (!prober_.expired()) return false;
  // A clock that stands before then is another one, of a test.
  if (begun_.has_value() && now >= *begun_ && now - *begun_ < kBetweenProbes) return false;
  begun_ = now;
  authority_ = authority;
  prober_ = std::move(by);
  report_.reset();
  has_report_ = false;
  return true;
}

void Findings::TakeBack() {
  const std::lock_guard lock(mutex_);
  begun_.reset();
  prober_.reset();
}

void Findings::End(std::optional<ProbeReport> report) {
  const std::lock_guard lock(mutex_);
  prober_.reset();
  report_ = std::move(report);
  has_report_ = report_.has_value();
}

std::shared_ptr<Diagnosis> Findings::Probing() const {
  const std::lock_guard lock(mutex_);
  return prober_.lock();
}

std::optional<ProbeReport> Findings::Known(std::string_view authority) const {
  if (!has_report_.load(std::memory_order_relaxed)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (report_.has_value() && report_->cause == FailureCause::kNameNotInCertificate &&
      authority != authority_) {
    return std::nullopt;
  }
  return report_;
}

void Findings::Forget() {
  if (!has_report_.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex_);
  report_.reset();
  has_report_ = false;
}

FindingsTable& FindingsTable::OfThisProcess() {
  static auto* const table = new FindingsTable;  // never destroyed: connections may end after main
  return *table;
}

std::shared_ptr<Findings> FindingsTable::Of(const ProbeTarget& target, const Clock* clock) {
  Key key{target.robot.ToString(), target.insecure,
          std::hash<std::string>()(target.root_certificates_pem), clock};
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[std::move(key)];
  entry.turn = ++turns_;
  if (entry.findings == nullptr) entry.findings = std::make_shared<Findings>();
  auto findings = entry.findings;
  if (entries_.size() > kMostUnused) DropUnused();
  return findings;
}

void FindingsTable::DropUnused() {
  std::map<std::size_t, std::map<Key, Entry>::iterator> unused;
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->second.findings.use_count() == 1) unused.emplace(entry->second.turn, entry);
  }
  while (unused.size() > kMostUnused) {
    entries_.erase(unused.begin()->second);
    unused.erase(unused.begin());
  }
}

std::size_t FindingsTable::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void FindingsTable::ForgetAll() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

}  // namespace payload_manager
