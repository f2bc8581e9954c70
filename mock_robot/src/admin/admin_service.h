// The administration of a robot over gRPC: mock_robot/v1/admin.proto.
#pragma once

#include <memory>

namespace grpc {
class Service;
}

namespace mock_robot {

class Robot;

// `robot` must outlive the service, here and below.
std::unique_ptr<grpc::Service> MakeAdminService(Robot& robot);

// Payload software: mock_robot/v1/software.proto.
std::unique_ptr<grpc::Service> MakeSoftwareAdminService(Robot& robot);

}  // namespace mock_robot
