// Whatever obeys the payload rules, or talks to something that does: the table of rules is run
// against each of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bosdyn/api/payload.pb.h"
#include "payload_manager/base/clock.h"

namespace conformance {

enum class Do;

// Answers are names, as they stand in the table: the wire's status without its prefix ("OK",
// "ALREADY_EXISTS"), "INVALID_REQUEST" for a refused request, "UNAUTHENTICATED" for a refused
// token, "UNKNOWN_PAYLOAD", "UNKNOWN_PRESET" and "WRONG_STATE" for the administrator.
//
// Threads: one. Each driver starts with a robot that knows no payload.
class Driver {
 public:
  virtual ~Driver() = default;

  virtual std::string Register(const bosdyn::api::Payload& definition,
                               const std::string& secret) = 0;
  virtual std::string UpdateVersion(const std::string& guid, const std::string& secret,
                                    const bosdyn::api::SoftwareVersion& version) = 0;
  // Keeps the token as that of `guid`, in place of an older one.
  virtual std::string GetToken(const std::string& guid, const std::string& secret) = 0;
  virtual std::string Attach(const std::string& guid, const std::string& secret) = 0;
  virtual std::string Detach(const std::string& guid, const std::string& secret) = 0;
  // An attach request that asks for neither.
  virtual std::string AskForNothing(const std::string& guid, const std::string& secret) = 0;

  // Lists the payloads with the token that GetToken kept for `guid`.
  virtual std::string UseToken(const std::string& guid) = 0;

  virtual std::string Authorize(const std::string& guid, const std::string& preset) = 0;
  virtual std::string Deauthorize(const std::string& guid) = 0;
  virtual std::string Reject(const std::string& guid) = 0;
  virtual std::string Forget(const std::string& guid) = 0;
  virtual std::string Reboot() = 0;

  virtual void Wait(payload_manager::Duration time) = 0;

  // As ListPayloads answers somebody who may see it.
  virtual std::vector<bosdyn::api::Payload> List() = 0;
  // "<fault name> of <GUID>", the active ones.
  virtual std::vector<std::string> Faults() = 0;

  // The steps of ServiceRules(), for drivers that know all services of a robot. `who` is the
  // payload whose token GetToken kept, "" for a user, or kNobody for no token. In `request`,
  // {token} stands for the token of `who`, and {clock} for the robot's last clock identifier; a
  // token in the answer is from then on that of `who`.
  static constexpr const char* kNobody = "nobody";
  virtual std::string Ask(const std::string& /*who*/, const std::string& /*rpc*/,
                          const std::string& /*request*/) {
    return "this driver knows no services";
  }
  // kEntry to kPrompt.
  virtual std::string Look(Do /*what*/, const std::string& /*detail*/) {
    return "this driver knows no services";
  }
};

}  // namespace conformance
