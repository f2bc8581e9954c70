// The payload rules as a table: what is done, and what must come back.
#pragma once

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
};

struct Step {
  Do what;
  std::string guid;
  std::string secret;
  std::string detail;
  std::string expected;
};

// A rule of mock_robot/SEMANTICS.md, by the same name.
struct Rule {
  std::string name;
  std::vector<Step> steps;
  std::string assume = {};  // "name=value" where the mock has to assume otherwise than it does
};

const std::vector<Rule>& Rules();

// What changes with the assumptions about registration, the administrator and faults, each in turn.
const std::vector<Rule>& RulesUnderAssumptions();

// Takes all steps of a rule; the first answer that is not the expected one ends the run as a
// failure of the calling test.
void Follow(const Rule& rule, Driver& driver);

}  // namespace conformance
