// How a call as such ends, and when that may be told.
#pragma once

#include <string>

#include "store/ticket.h"

namespace mock_robot {

// With anything but kOk the response means nothing and is not sent. A value; may be used like the
// enum in it.
class CallStatus {
 public:
  enum Code { kOk, kUnauthenticated, kTooManyRequests };

  CallStatus(Code code) : code_(code) {}   // NOLINT(google-explicit-constructor)
  operator Code() const { return code_; }  // NOLINT(google-explicit-constructor)

  // What must be on the disk before the answer leaves, see Robot::WhenKept; null: nothing.
  Ticket until_kept;
  // The payload whose token opened the call; empty if it was a user's or none was looked at.
  std::string holder;

 private:
  Code code_;
};

}  // namespace mock_robot
