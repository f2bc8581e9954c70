// What a robot was asked and what it answered: every call that came, also of an rpc that it does
// not serve, with a request that is none, or one too large (up to 200 MB: what is larger gRPC turns
// away by itself). Nothing of a request's or an answer's content is kept but what is listed here,
// so no secret and no token can be in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mock_robot/faults.h"
#include "mock_robot/robot_time.h"
#include "payload_manager/base/clock.h"

namespace mock_robot {

// A call that is answered at once makes one entry. One that has to wait makes two: when it came,
// and when it was answered.
struct JournalEntry {
  std::uint64_t number = 0;  // of the entry, 1, 2, 3, ...
  RobotTime received;
  bool answered = false;
  payload_manager::Duration took{};  // from the call to its answer; 0 while there is none
  // "RegisterPayload"; of an rpc that the robot does not serve the path as it came,
  // "/acme.Unheard/Of", its first 100 characters, made printable.
  std::string rpc;
  // Of the payload the request is about, as it came; where it names none, of the one whose token
  // opened the call.
  std::string guid;
  std::string client_name;  // as the request's header has it
  std::string peer;         // "127.0.0.1:41234", "[::1]:41234"
  // The answer; all 0 while there is none.
  int call_status = 0;  // gRPC's
  int header_code = 0;  // bosdyn.api.CommonError.Code; 0 if the header or its error is unset
  int status = 0;       // the value of the status field; 0 also if the answer has none
  std::string outcome;  // see JournalFilter::outcome; empty while there is none
  FaultId fault = 0;    // the one that decided the answer; 0 if none did
  // Empty unless MockRobotOptions::journal_texts is set. A line each of Protobuf's text format, at
  // most 2 KiB, in which secrets, passwords and tokens are "***"; what gRPC's status said where
  // that was the answer, and how many bytes came where they were no request.
  std::string request_text{};
  std::string answer_text{};

  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

// Entries that agree with everything that is set. GUIDs and client names are kept, and compared, up
// to their first 100 characters.
struct JournalFilter {
  std::string rpc{};
  std::string guid{};  // regardless of case
  std::string client_name{};
  // The first of these that is not OK: gRPC's status ("UNAVAILABLE"), the header's code
  // ("CODE_INVALID_REQUEST", "CODE_UNSPECIFIED" without one), the status ("STATUS_ALREADY_EXISTS").
  // "OK" if all are, or if the rpc has no status. Numbers stand for what has no name. The
  // connection cut instead of an answer is "RESET".
  std::string outcome{};
};

struct JournalCount {
  std::uint64_t answered = 0;
  std::uint64_t waiting = 0;  // came, not answered yet; 0 if an outcome is asked for
  // False if more came than is told apart (8192 combinations of rpc, GUID and client name), and
  // calls of others may belong here too.
  bool exact = true;
};

// Reads on where it left off. Threads: one at a time. May outlive the robot; then nothing comes.
class JournalReader {
 public:
  virtual ~JournalReader() = default;
  // The next entry that agrees; waits for one up to `patience` of real time. Nothing if none came,
  // or the robot has stopped.
  virtual std::optional<JournalEntry> Next(payload_manager::Duration patience) = 0;
  // How many entries, whether they agree or not, were overwritten before this reader came to them.
  virtual std::uint64_t missed() const = 0;
};

}  // namespace mock_robot
