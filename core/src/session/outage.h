// What a failed call says: nothing about the robot, that this call was lost, that it may have had
// its effect all the same, or that the robot is out of reach.
#pragma once

#include "payload_manager/failure.h"
#include "session/session_machine.h"

namespace payload_manager {

// Nobody has answered, and the same call may well be answered later.
bool IsLoss(FailureKind failure);

// The robot, or nobody, may have done what it was asked.
bool MayHaveBeenDone(FailureKind failure);

// Payload registration needs no token and is on every robot: its beats and token calls decide
// whether a robot is in reach. The other calls may fail for reasons of their own, be it that the
// robot does not have their service.
bool JudgesRobot(CallKind call);

// The robot, and not only this call, is out of reach: a call that judges it was lost, or the robot
// does not know the service it has to have.
bool IsOutage(CallKind call, FailureKind failure);

}  // namespace payload_manager
