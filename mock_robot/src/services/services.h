// The gRPC services that the robot serves to its clients.
#pragma once

#include <memory>
#include <vector>

namespace grpc {
class Service;
}

namespace mock_robot {

class Robot;

// `robot` must outlive the services.
std::vector<std::unique_ptr<grpc::Service>> MakeRobotServices(Robot& robot);

}  // namespace mock_robot
