#include "directory/service_directory.h"

#include <cmath>
#include <limits>

#include "service_faults/service_fault_table.h"

namespace mock_robot {
namespace {

using bosdyn::api::Endpoint;
using bosdyn::api::RegisterServiceResponse;
using bosdyn::api::ServiceEntry;
using bosdyn::api::ServiceFault;
using bosdyn::api::UnregisterServiceResponse;
using bosdyn::api::UpdateServiceResponse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr RobotTime kStart{std::chrono::hours(1)};
constexpr auto kOk = RegisterServiceResponse::STATUS_OK;
constexpr auto kExists = RegisterServiceResponse::STATUS_ALREADY_EXISTS;

ServiceEntry Entry(const std::string& name, double liveness = 0,
                   const std::string& authority = {}) {
  ServiceEntry entry;
  entry.set_name(name);
  entry.set_type("acme." + name);
  entry.set_authority(authority.empty() ? name : authority);
  entry.set_liveness_timeout_secs(liveness);
  return entry;
}

std::vector<ServiceEntry> BuiltIn() {
  ServiceEntry entry = Entry("robot-id", 0, "id.spot.robot");
  entry.set_type("bosdyn.api.RobotIdService");
  return {entry};
}

class Directory : public testing::Test {
 protected:
  RegisterServiceResponse::Status Register(const ServiceEntry& entry, RobotTime now = kStart) {
    const auto answer = directory_.Register(entry, endpoint_, "guid-of-host", now);
    EXPECT_TRUE(answer.ok());
    return *answer;
  }
  std::vector<std::string> FaultNames() {
    std::vector<std::string> names;
    for (const ServiceFault& fault : faults_.Active(kStart)) {
      names.push_back(fault.fault_id().fault_name() + " of " + fault.fault_id().service_name());
    }
    return names;
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const ServiceEntry& entry : directory_.List()) names.push_back(entry.name());
    return names;
  }
  void Trigger(const std::string& name, const std::string& service) {
    ServiceFault fault;
    fault.mutable_fault_id()->set_fault_name(name);
    fault.mutable_fault_id()->set_service_name(service);
    faults_.Raise(fault, kStart);
  }

  Endpoint endpoint_;
  ServiceFaultTable faults_;
  ServiceDirectory directory_{BuiltIn(), faults_};
};

TEST_F(Directory, ShowsWhatWasRegisteredAfterWhatIsBuiltIn) {
  endpoint_.set_host_ip("192.168.50.5");
  endpoint_.set_port(5000);
  ServiceEntry entry = Entry("lidar", 2.5);
  entry.set_host_payload_guid("a claim");
  entry.mutable_last_update()->set_seconds(99);
  entry.set_user_token_required(true);
  EXPECT_EQ(Register(entry, kStart + milliseconds(1500)), kOk);
  EXPECT_EQ(Register(Entry("camera")), kOk);
  EXPECT_THAT(Names(), ElementsAre("robot-id", "lidar", "camera"));
  const ServiceEntry listed = *directory_.Find("lidar");
  EXPECT_EQ(listed.authority(), "lidar.spot.robot");
  EXPECT_EQ(listed.type(), "acme.lidar");
  EXPECT_EQ(listed.host_payload_guid(), "guid-of-host");
  EXPECT_EQ(listed.last_update().seconds(), 3601);
  EXPECT_EQ(listed.last_update().nanos(), 500'000'000);
  EXPECT_EQ(listed.liveness_timeout_secs(), 2.5);
  EXPECT_TRUE(listed.user_token_required());
  EXPECT_EQ(directory_.EndpointOf("lidar")->port(), 5000);
  EXPECT_EQ(directory_.HostOf("lidar"), "guid-of-host");
  EXPECT_FALSE(directory_.Find("no such service").has_value());
}

TEST_F(Directory, TakesAKnownNameForAHeartbeatThatChangesNothingElse) {
  Register(Entry("lidar"));
  ServiceEntry changed = Entry("lidar");
  changed.set_type("acme.another");
  EXPECT_EQ(*directory_.Register(changed, endpoint_, "another", kStart + seconds(9)), kExists);
  const ServiceEntry listed = *directory_.Find("lidar");
  EXPECT_EQ(listed.type(), "acme.lidar");
  EXPECT_EQ(listed.host_payload_guid(), "guid-of-host");
  EXPECT_EQ(listed.last_update().seconds(), 3609);
}

TEST_F(Directory, KeepsAuthorityAndTypeTogetherUnique) {
  EXPECT_EQ(Register(Entry("lidar")), kOk);
  ServiceEntry twin = Entry("twin", 0, "lidar.spot.robot");
  EXPECT_EQ(Register(twin), kOk) << "another type";
  twin.set_name("triplet");
  EXPECT_EQ(Register(twin), kExists);
  twin.set_authority("elsewhere");
  EXPECT_EQ(Register(twin), kOk) << "another authority";
  twin.set_name("quadruplet");
  EXPECT_EQ(Register(twin), kExists) << "a bare label is the name in full";
  ServiceEntry usurper = Entry("usurper", 0, "id");
  usurper.set_type("bosdyn.api.RobotIdService");
  EXPECT_EQ(Register(usurper), kExists);
  EXPECT_THAT(Names(), ElementsAre("robot-id", "lidar", "twin", "triplet"));
}

TEST_F(Directory, LeavesBuiltInServicesAlone) {
  EXPECT_EQ(Register(Entry("robot-id")), kExists);
  EXPECT_EQ(directory_.Unregister("robot-id", kStart),
            UnregisterServiceResponse::STATUS_NONEXISTENT_SERVICE);
  EXPECT_EQ(*directory_.Update(Entry("robot-id"), endpoint_, "another", kStart),
            UpdateServiceResponse::STATUS_NONEXISTENT_SERVICE);
  EXPECT_EQ(directory_.Find("robot-id")->type(), "bosdyn.api.RobotIdService");
}

TEST_F(Directory, ForgetsWhatIsUnregistered) {
  EXPECT_EQ(directory_.Unregister("lidar", kStart),
            UnregisterServiceResponse::STATUS_NONEXISTENT_SERVICE);
  Register(Entry("lidar"));
  EXPECT_EQ(directory_.Unregister("lidar", kStart), UnregisterServiceResponse::STATUS_OK);
  EXPECT_THAT(Names(), ElementsAre("robot-id"));
  EXPECT_EQ(directory_.HostOf("lidar"), "");
}

TEST_F(Directory, ReplacesWhatIsUpdated) {
  EXPECT_EQ(*directory_.Update(Entry("lidar"), endpoint_, "another", kStart),
            UpdateServiceResponse::STATUS_NONEXISTENT_SERVICE);
  Register(Entry("lidar"));
  Register(Entry("camera"));
  ServiceEntry changed = Entry("lidar", 5, "elsewhere");
  changed.set_host_payload_guid("a claim");
  endpoint_.set_port(6000);
  EXPECT_EQ(*directory_.Update(changed, endpoint_, "another", kStart + seconds(3)),
            UpdateServiceResponse::STATUS_OK);
  const ServiceEntry listed = *directory_.Find("lidar");
  EXPECT_EQ(listed.authority(), "elsewhere.spot.robot");
  EXPECT_EQ(listed.host_payload_guid(), "guid-of-host");
  EXPECT_EQ(listed.last_update().seconds(), 3603);
  EXPECT_EQ(directory_.EndpointOf("lidar")->port(), 6000);
  // It may not take another's place.
  changed = Entry("lidar", 0, "camera");
  changed.set_type("acme.camera");
  EXPECT_THAT(directory_.Update(changed, endpoint_, "another", kStart).error().message,
              HasSubstr("service_entry.authority"));
  EXPECT_EQ(directory_.Find("lidar")->authority(), "elsewhere.spot.robot");
}

TEST_F(Directory, RaisesAFaultForAServiceThatFallsSilentAndTheNextHeartbeatClearsIt) {
  Register(Entry("lidar", 2.5));
  EXPECT_EQ(directory_.NextChange(), kStart + milliseconds(2500));
  directory_.Advance(kStart + milliseconds(2499));
  EXPECT_THAT(FaultNames(), IsEmpty());
  directory_.Advance(kStart + seconds(10));
  EXPECT_THAT(FaultNames(), ElementsAre("service_liveness of lidar"));
  const ServiceFault fault = faults_.Active(kStart + seconds(10))[0];
  EXPECT_EQ(fault.fault_id().payload_guid(), "guid-of-host");
  EXPECT_EQ(fault.severity(), ServiceFault::SEVERITY_CRITICAL);
  EXPECT_EQ(fault.duration().seconds(), 7);
  EXPECT_EQ(directory_.NextChange(), std::nullopt);
  EXPECT_EQ(Register(Entry("lidar"), kStart + seconds(11)), kExists);
  EXPECT_THAT(FaultNames(), IsEmpty());
  EXPECT_EQ(directory_.NextChange(), kStart + milliseconds(13'500));
  directory_.Advance(kStart + seconds(20));
  EXPECT_TRUE(
      directory_.Update(Entry("lidar", 2.5), endpoint_, "another", kStart + seconds(21)).ok());
  EXPECT_THAT(FaultNames(), IsEmpty());
}

TEST_F(Directory, WatchesNobodyWithoutATimeout) {
  int number = 0;
  for (const double timeout :
       {0.0, -1.0, std::nan(""), 1e300, std::numeric_limits<double>::infinity()}) {
    Register(Entry("service" + std::to_string(++number), timeout));
  }
  directory_.Advance(kStart + std::chrono::hours(1000));
  EXPECT_THAT(FaultNames(), IsEmpty());
}

TEST_F(Directory, ClearsAllFaultsOfANameThatComesOrGoesButNotOnAHeartbeat) {
  Trigger("old", "lidar");
  Trigger("hot", "camera");
  Register(Entry("lidar"));
  EXPECT_THAT(FaultNames(), ElementsAre("hot of camera"));
  Trigger("new", "lidar");
  Register(Entry("lidar"));
  EXPECT_THAT(FaultNames(), ElementsAre("hot of camera", "new of lidar"));
  directory_.Unregister("lidar", kStart);
  EXPECT_THAT(FaultNames(), ElementsAre("hot of camera"));
  Trigger("again", "lidar");
  directory_.Unregister("lidar", kStart);
  EXPECT_THAT(FaultNames(), ElementsAre("hot of camera", "again of lidar"))
      << "nothing was unregistered";
}

TEST_F(Directory, IsEmptyOfRegisteredServicesAfterAReboot) {
  Register(Entry("lidar", 2));
  directory_.Reboot();
  EXPECT_THAT(Names(), ElementsAre("robot-id"));
  EXPECT_EQ(directory_.NextChange(), std::nullopt);
  EXPECT_EQ(Register(Entry("lidar")), kOk);
}

TEST_F(Directory, NamesTheFieldOfAnInvalidRequest) {
  const auto complaint = [&](const ServiceEntry& entry) {
    const auto updated = directory_.Update(entry, endpoint_, {}, kStart);
    EXPECT_FALSE(updated.ok());
    std::string message = directory_.Register(entry, endpoint_, {}, kStart).error().message;
    EXPECT_EQ(updated.ok() ? "" : updated.error().message, message);
    return message;
  };
  ServiceEntry entry = Entry("lidar");
  entry.clear_name();
  EXPECT_EQ(complaint(entry), "service_entry.name is empty");
  entry = Entry("lidar");
  entry.clear_type();
  EXPECT_EQ(complaint(entry), "service_entry.type is empty");
  entry = Entry("lidar");
  entry.clear_authority();
  EXPECT_EQ(complaint(entry), "service_entry.authority is empty");
  entry = Entry("lidar");
  entry.set_permission_required(std::string(ServiceDirectory::kLargestBytes, 'x'));
  EXPECT_THAT(complaint(entry), HasSubstr("larger than"));
  EXPECT_THAT(Names(), ElementsAre("robot-id"));
}

TEST_F(Directory, TakesOddEndpoints) {
  for (const int port : {0, -1, 70'000}) {
    endpoint_.set_host_ip("0.0.0.0");
    endpoint_.set_port(port);
    EXPECT_EQ(Register(Entry("service" + std::to_string(port))), kOk);
  }
}

TEST_F(Directory, HasRoomForAThousandServices) {
  for (std::size_t i = 0; i < ServiceDirectory::kMostRegistered; ++i) {
    ASSERT_EQ(Register(Entry("service" + std::to_string(i))), kOk);
  }
  EXPECT_THAT(directory_.Register(Entry("more"), endpoint_, {}, kStart).error().message,
              HasSubstr("1000"));
  EXPECT_EQ(Register(Entry("service7")), kExists);
}

}  // namespace
}  // namespace mock_robot
