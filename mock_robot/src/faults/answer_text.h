// Scripted answers that were given as text.
#pragma once

#include "mock_robot/faults.h"
#include "payload_manager/base/outcome.h"

namespace mock_robot {

// Makes the response of a fault::Answer from its text, as the type that the fault's rpc answers.
// Leaves alone what has no text, and what CheckFault refuses. The problem names answer.text.
payload_manager::Checked<payload_manager::Done> ReadAnswerText(Fault& fault);

}  // namespace mock_robot
