// The rules as a table: what is done, and what must come back.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "tests/conformance/driver.h"

namespace conformance {

enum class Do {
  kRegister,       // detail: text format, added to a plain definition
  kUpdateVersion,  // detail: "1.2.3"
  kGetToken,
  kAttach,
  kDetach,
  kAskForNothing,
  kUseToken,
  kAuthorize,  // detail: the preset
  kDeauthorize,
  kReject,
  kForget,
  kReboot,
  kWait,    // detail: seconds
  kState,   // answers "absent" or "waiting", "authorized", "authorized attached"
  kField,   // detail: which field; answers its value
  kGuids,   // answers all GUIDs as listed, in order, with blanks between
  kFaults,  // answers all active faults, sorted, "; " between

  // From here on for drivers that know all services of the robot.
  kAsk,      // sends `rpc` with `detail`, a request in text format, and the token of `guid`
  kEntry,    // detail: a service; answers "absent" or "<type> at <authority> of <GUID or nobody>"
  kEntries,  // answers the directory's names in order, "built-in" for those of the robot's own
  kActive,   // answers the active faults as "<fault>/<service>/<GUID>", in order, "; " between
  kCleared,  // the same of the history
  kSeverities,  // answers "<attribute>=<highest severity>", sorted, with blanks between
  kAvailable,   // detail: names of packages; answers those that lie ready
  kSoftware,    // answers what is known of a package (detail), "absent" if nothing
  kStage,       // detail: the package
  kUnstage,     // detail: the package
  kPrompt,      // detail: the service of a payload that the robot is to call
};

struct Step {
  Do what;
  std::string guid;
  std::string secret;
  std::string detail;
  std::string expected;
  std::string rpc = {};
};

// A rule of mock_robot/SEMANTICS.md, by the same name.
struct Rule {
  std::string name;
  std::vector<Step> steps;
  std::string assume = {};  // "name=value" where the mock has to assume otherwise than it does
};

const std::vector<Rule>& Rules();

// The rules of the services that payloads and users find on a robot besides registration.
const std::vector<Rule>& ServiceRules();

// What changes with the assumptions about registration, the administrator and faults, each in turn.
const std::vector<Rule>& RulesUnderAssumptions();

// How GoogleTest names a rule when it lists them.
void PrintTo(const Rule& rule, std::ostream* out);

// Takes all steps of a rule; the first answer that is not the expected one ends the run as a
// failure of the calling test.
void Follow(const Rule& rule, Driver& driver);

}  // namespace conformance
