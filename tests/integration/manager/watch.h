// Hears what a PayloadManager tells, and waits for it with a deadline.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "payload_manager/payload_manager.h"

namespace payload_manager {

// Threads: the callbacks run on the manager's; the rest belongs to the test.
class Watch {
 public:
  void ListenTo(PayloadManagerOptions& options) {
    options.on_change = [this](const PayloadChange& change) {
      Hear([&] { changes_.push_back(change); });
    };
    options.on_note = [this](const Note& note) { Hear([&] { notes_.push_back(note); }); };
  }

  bool WaitForState(const std::string& payload_id, PayloadState state,
                    const std::string& robot = "spot") {
    return Wait([&] {
      const auto last = std::find_if(changes_.rbegin(), changes_.rend(), [&](const auto& change) {
        return change.payload_id == payload_id && change.robot == robot;
      });
      return last != changes_.rend() && last->new_state == state;
    });
  }
  bool WaitForNote(const std::string& text) {
    return Wait([&] { return Find(text) != nullptr; });
  }
  // All notes so far, a line each.
  std::string Notes() {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const Note& note : notes_) all += note.payload_id + ": " + note.text + '\n';
    return all;
  }
  std::size_t Heard() {
    const std::lock_guard lock(mutex_);
    return changes_.size() + notes_.size();
  }

 private:
  template <typename Record>
  void Hear(Record record) {
    const std::lock_guard lock(mutex_);
    record();
    heard_.notify_all();
  }
  template <typename Condition>
  bool Wait(Condition condition) {
    std::unique_lock lock(mutex_);
    return heard_.wait_for(lock, std::chrono::seconds(20), condition);
  }
  const Note* Find(const std::string& text) const {
    const auto found = std::find_if(notes_.begin(), notes_.end(), [&](const Note& note) {
      return note.text.find(text) != std::string::npos;
    });
    return found == notes_.end() ? nullptr : &*found;
  }

  std::mutex mutex_;
  std::condition_variable heard_;
  std::vector<PayloadChange> changes_;  // guarded by mutex_, as the notes
  std::vector<Note> notes_;
};

}  // namespace payload_manager
