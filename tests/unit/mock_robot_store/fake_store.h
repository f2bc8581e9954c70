// A store without a disk, which does what a test says.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace mock_robot::testing {

// What the test and the store that the robot owns both see. Threads: any.
class FakeDisk {
 public:
  // Writes wait from here on.
  void Stall() {
    const std::lock_guard lock(mutex_);
    stalled_ = true;
  }
  void GoOn() {
    const std::lock_guard lock(mutex_);
    stalled_ = false;
    changed_.notify_all();
  }
  // Every write fails from here on, those that wait included.
  void Fail(bool fails = true) {
    const std::lock_guard lock(mutex_);
    fails_ = fails;
  }
  void WaitForAWrite() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return begun_ > 0; });
  }
  // How many changes each successful commit held.
  std::vector<std::size_t> commits() const {
    const std::lock_guard lock(mutex_);
    return commits_;
  }
  // What is on the disk.
  std::map<std::string, PayloadRecord> payloads() const {
    const std::lock_guard lock(mutex_);
    return payloads_;
  }

  payload_manager::Checked<payload_manager::Done> Write(const std::vector<const Changes*>& batch) {
    std::unique_lock lock(mutex_);
    ++begun_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !stalled_; });
    if (fails_) return payload_manager::Failed{payload_manager::Problem{"the disk is full"}};
    for (const Changes* changes : batch) {
      for (const PayloadChange& change : changes->payloads) {
        payloads_.erase(change.guid);
        if (change.after) payloads_.emplace(change.guid, *change.after);
      }
    }
    commits_.push_back(batch.size());
    return payload_manager::Done{};
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stalled_ = false;
  bool fails_ = false;
  int begun_ = 0;
  std::vector<std::size_t> commits_;
  std::map<std::string, PayloadRecord> payloads_;
};

class FakeStore final : public Store {
 public:
  explicit FakeStore(std::shared_ptr<FakeDisk> disk) : disk_(std::move(disk)) {}
  payload_manager::Checked<payload_manager::Done> Write(
      const std::vector<const Changes*>& batch) override {
    return disk_->Write(batch);
  }

 private:
  std::shared_ptr<FakeDisk> disk_;
};

}  // namespace mock_robot::testing
