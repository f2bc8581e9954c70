// Faults, calls and times in the words of payloadctl's command line.
#pragma once

#include <string>
#include <vector>

#include "mock_robot/faults.h"
#include "payload_manager/base/clock.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

// "43200.000000000": all that a clock can tell.
std::string Seconds(payload_manager::Duration time);

// "--rpc=RegisterPayload", for what is set.
std::vector<std::string> WordsOf(const CallMatch& calls);

// What `payloadctl mock inject` is to be told. The problem names the field of faults.h that has no
// words.
payload_manager::Checked<std::vector<std::string>> WordsOf(const Fault& fault);

}  // namespace mock_robot
