// The administration of a robot over gRPC: protos/mock_robot/v1.
#pragma once

#include <memory>

namespace grpc {
class Service;
}

namespace mock_robot {

class Robot;

// `robot` must outlive the service, here and below.
std::unique_ptr<grpc::Service> MakeAdminService(Robot& robot);
// Of faults.proto and journal.proto.
std::unique_ptr<grpc::Service> MakeFaultAdmin(Robot& robot);
std::unique_ptr<grpc::Service> MakeJournalAdmin(Robot& robot);

// Payload software: mock_robot/v1/software.proto.
std::unique_ptr<grpc::Service> MakeSoftwareAdminService(Robot& robot);

}  // namespace mock_robot
