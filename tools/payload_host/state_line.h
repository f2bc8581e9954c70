// The line that payload-host prints when a payload changes its state. Scripts parse it.
#pragma once

#include <string>

#include "payload_manager/base/clock.h"
#include "payload_manager/payload_manager.h"

namespace payload_manager::payload_host {

// "2026-05-04T03:02:01.678Z acme.lidar registering → waiting for authorization: REASON", without
// an end of line. Always one line, whatever the reason holds.
std::string StateLine(const PayloadChange& change, WallTime now);

}  // namespace payload_manager::payload_host
