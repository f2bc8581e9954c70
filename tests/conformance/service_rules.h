// The parts of ServiceRules().
#pragma once

#include <vector>

#include "tests/conformance/rules.h"

namespace conformance {

std::vector<Rule> DirectoryRules();
std::vector<Rule> FaultRules();

}  // namespace conformance
