// How a call as such ends, and when that may be told.
#pragma once

#include <memory>

namespace mock_robot {

class Commit;

// With anything but kOk the response means nothing and is not sent. A value; may be used like the
// enum in it.
class CallStatus {
 public:
  enum Code { kOk, kUnauthenticated, kTooManyRequests };

  CallStatus(Code code) : code_(code) {}   // NOLINT(google-explicit-constructor)
  operator Code() const { return code_; }  // NOLINT(google-explicit-constructor)

  // What must be on the disk before the answer leaves, see Robot::WhenKept; null: nothing.
  std::shared_ptr<Commit> until_kept;

 private:
  Code code_;
};

}  // namespace mock_robot
