// The gRPC services that the robot serves to its clients.
#pragma once

#include <memory>
#include <vector>

namespace grpc {
class Service;
}

namespace mock_robot {

class Robot;

// All of them. `robot` must outlive the services, here and below.
std::vector<std::unique_ptr<grpc::Service>> MakeRobotServices(Robot& robot);

// Those that have a file of their own, each in one of them.
std::unique_ptr<grpc::Service> MakeDirectoryRegistration(Robot& robot);
std::unique_ptr<grpc::Service> MakeFaults(Robot& robot);
std::unique_ptr<grpc::Service> MakeRobotStates(Robot& robot);
std::unique_ptr<grpc::Service> MakeSoftwareUpdates(Robot& robot);
std::unique_ptr<grpc::Service> MakeTimeSyncs(Robot& robot);

}  // namespace mock_robot
