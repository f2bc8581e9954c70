// Prints the tables of rules as JSON, for those who cannot link them: the real client's driver.
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/conformance/rules.h"

namespace {

const char* NameOf(conformance::Do what) {
  using conformance::Do;
  switch (what) {
    case Do::kRegister:
      return "register";
    case Do::kUpdateVersion:
      return "update_version";
    case Do::kGetToken:
      return "get_token";
    case Do::kAttach:
      return "attach";
    case Do::kDetach:
      return "detach";
    case Do::kAskForNothing:
      return "ask_for_nothing";
    case Do::kUseToken:
      return "use_token";
    case Do::kAuthorize:
      return "authorize";
    case Do::kDeauthorize:
      return "deauthorize";
    case Do::kReject:
      return "reject";
    case Do::kForget:
      return "forget";
    case Do::kReboot:
      return "reboot";
    case Do::kWait:
      return "wait";
    case Do::kState:
      return "state";
    case Do::kField:
      return "field";
    case Do::kGuids:
      return "guids";
    case Do::kFaults:
      return "faults";
    case Do::kAsk:
      return "ask";
    case Do::kEntry:
      return "entry";
    case Do::kEntries:
      return "entries";
    case Do::kActive:
      return "active";
    case Do::kCleared:
      return "cleared";
    case Do::kSeverities:
      return "severities";
    case Do::kAvailable:
      return "available";
    case Do::kSoftware:
      return "software";
    case Do::kStage:
      return "stage";
    case Do::kUnstage:
      return "unstage";
    case Do::kPrompt:
      return "prompt";
  }
  return "";
}

}  // namespace

int main() {
  nlohmann::json rules = nlohmann::json::array();
  for (const auto* table : {&conformance::Rules(), &conformance::ServiceRules(),
                            &conformance::RulesUnderAssumptions()}) {
    for (const conformance::Rule& rule : *table) {
      nlohmann::json steps = nlohmann::json::array();
      for (const conformance::Step& step : rule.steps) {
        steps.push_back({{"what", NameOf(step.what)},
                         {"guid", step.guid},
                         {"secret", step.secret},
                         {"detail", step.detail},
                         {"rpc", step.rpc},
                         {"expected", step.expected}});
      }
      rules.push_back({{"name", rule.name}, {"assume", rule.assume}, {"steps", steps}});
    }
  }
  std::cout << rules.dump(1) << '\n';
  return std::cout ? 0 : 1;
}
