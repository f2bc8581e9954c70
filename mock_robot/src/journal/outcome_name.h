// How a call ended, in a word.
#pragma once

#include <string>

#include "robot/rpcs.h"

namespace mock_robot {

// See JournalFilter::outcome.
std::string OutcomeName(const Rpc& rpc, const CallOutcome& outcome);

}  // namespace mock_robot
