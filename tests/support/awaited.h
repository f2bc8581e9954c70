// Waits for the outcome that a Completion is told, with a deadline.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include "payload_manager/robot_connection.h"

namespace payload_manager::testing {

// Threads: the completion may run anywhere; the rest belongs to the test.
template <typename T>
class Awaited {
 public:
  Completion<T> completion() {
    return [promise = promise_](Outcome<T> outcome) { promise->set_value(std::move(outcome)); };
  }
  bool IsThere() const {
    return future_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  // At most 20 s.
  void wait() const { future_.wait_for(std::chrono::seconds(20)); }
  // A failure of its own kind, and of the test, when nothing came within 20 s.
  Outcome<T> Get() {
    if (future_.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
      ADD_FAILURE() << "the completion did not run";
      return Failed{Failure{FailureKind::kInvalidArgument, "the completion did not run"}};
    }
    return future_.get();
  }

 private:
  std::shared_ptr<std::promise<Outcome<T>>> promise_ = std::make_shared<std::promise<Outcome<T>>>();
  std::future<Outcome<T>> future_ = promise_->get_future();
};

}  // namespace payload_manager::testing
