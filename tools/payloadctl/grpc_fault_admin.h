// The real FaultAdmin.
#pragma once

#include <memory>
#include <string>

#include "tools/payloadctl/fault_admin.h"

namespace grpc {
class Channel;
}

namespace payload_manager::payloadctl {

// `address` is for the messages.
std::unique_ptr<FaultAdmin> MakeFaultAdmin(const std::shared_ptr<grpc::Channel>& channel,
                                           std::string address);

}  // namespace payload_manager::payloadctl
