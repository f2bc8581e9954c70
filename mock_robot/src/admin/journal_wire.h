// The journal between the administration's wire and mock_robot/journal.h.
#pragma once

#include "mock_robot/journal.h"
#include "mock_robot/v1/journal.pb.h"

namespace mock_robot {

JournalFilter FromWire(const v1::JournalFilter& wire);
void ToWire(const JournalEntry& entry, v1::JournalEntry& wire);

}  // namespace mock_robot
