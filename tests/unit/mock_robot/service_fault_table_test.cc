#include "service_faults/service_fault_table.h"

namespace mock_robot {
namespace {

using bosdyn::api::ClearServiceFaultRequest;
using bosdyn::api::ClearServiceFaultResponse;
using bosdyn::api::ServiceFault;
using bosdyn::api::TriggerServiceFaultResponse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr RobotTime kStart{std::chrono::hours(1)};
constexpr auto kOk = TriggerServiceFaultResponse::STATUS_OK;
constexpr auto kAlready = TriggerServiceFaultResponse::STATUS_FAULT_ALREADY_ACTIVE;
constexpr auto kCleared = ClearServiceFaultResponse::STATUS_OK;
constexpr auto kNotActive = ClearServiceFaultResponse::STATUS_FAULT_NOT_ACTIVE;

ServiceFault Fault(const std::string& name, const std::string& service = {},
                   const std::string& guid = {}) {
  ServiceFault fault;
  fault.mutable_fault_id()->set_fault_name(name);
  fault.mutable_fault_id()->set_service_name(service);
  fault.mutable_fault_id()->set_payload_guid(guid);
  fault.set_severity(ServiceFault::SEVERITY_WARN);
  return fault;
}

ClearServiceFaultRequest ClearOf(const ServiceFault& fault) {
  ClearServiceFaultRequest request;
  *request.mutable_fault_id() = fault.fault_id();
  return request;
}

class ServiceFaults : public testing::Test {
 protected:
  TriggerServiceFaultResponse::Status Trigger(const ServiceFault& fault, RobotTime now = kStart) {
    const auto answer = table_.Trigger(fault, host_of_, now);
    EXPECT_TRUE(answer.ok());
    return *answer;
  }
  ClearServiceFaultResponse::Status Clear(const ClearServiceFaultRequest& request,
                                          RobotTime now = kStart) {
    const auto answer = table_.Clear(request, host_of_, now);
    EXPECT_TRUE(answer.ok());
    return *answer;
  }
  // "name/service/GUID" of each.
  static std::vector<std::string> Names(const std::vector<ServiceFault>& faults) {
    std::vector<std::string> names;
    for (const ServiceFault& fault : faults) {
      const auto& id = fault.fault_id();
      names.push_back(id.fault_name() + "/" + id.service_name() + "/" + id.payload_guid());
    }
    return names;
  }
  std::vector<std::string> Active() { return Names(table_.Active(kStart)); }

  ServiceFaultTable table_;
  ServiceFaultTable::HostOf host_of_ = [](std::string_view service) {
    return service == "lidar" ? std::string("guid-of-host") : std::string();
  };
};

TEST_F(ServiceFaults, AreWhatTheirThreeNamesSay) {
  EXPECT_EQ(Trigger(Fault("hot", "camera", "guid")), kOk);
  EXPECT_EQ(Trigger(Fault("hot", "camera", "other")), kOk);
  EXPECT_EQ(Trigger(Fault("hot", "thermo", "guid")), kOk);
  EXPECT_EQ(Trigger(Fault("cold", "camera", "guid")), kOk);
  EXPECT_EQ(Trigger(Fault("hot", "camera", "guid")), kAlready);
  EXPECT_EQ(Trigger(Fault("hot", "camera", "GUID")), kAlready);
  EXPECT_EQ(Trigger(Fault("HOT", "camera", "guid")), kOk);
}

TEST_F(ServiceFaults, ThatAreActiveStayAsTheyAre) {
  ServiceFault fault = Fault("hot");
  fault.set_error_message("first");
  Trigger(fault);
  fault.set_error_message("second");
  EXPECT_EQ(Trigger(fault, kStart + seconds(5)), kAlready);
  const auto active = table_.Active(kStart + seconds(7));
  ASSERT_EQ(active.size(), 1u);
  EXPECT_EQ(active[0].error_message(), "first");
  EXPECT_EQ(active[0].onset_timestamp().seconds(), 3600);
  EXPECT_EQ(active[0].duration().seconds(), 7);
}

TEST_F(ServiceFaults, HaveTheTimesOfTheRobot) {
  ServiceFault fault = Fault("hot");
  fault.mutable_onset_timestamp()->set_seconds(99);
  fault.mutable_duration()->set_seconds(99);
  Trigger(fault, kStart + milliseconds(1500));
  EXPECT_EQ(Clear(ClearOf(fault), kStart + milliseconds(4250)), kCleared);
  const auto history = table_.History();
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].onset_timestamp().seconds(), 3601);
  EXPECT_EQ(history[0].onset_timestamp().nanos(), 500'000'000);
  EXPECT_EQ(history[0].duration().seconds(), 2);
  EXPECT_EQ(history[0].duration().nanos(), 750'000'000);
}

TEST_F(ServiceFaults, OfAServiceAreItsHostsUnlessSaidOtherwise) {
  Trigger(Fault("hot", "lidar"));
  Trigger(Fault("hot", "lidar", "another"));
  Trigger(Fault("hot", "nobodys"));
  Trigger(Fault("hot"));
  EXPECT_THAT(Active(),
              ElementsAre("hot/lidar/guid-of-host", "hot/lidar/another", "hot/nobodys/", "hot//"));
  EXPECT_EQ(Trigger(Fault("hot", "lidar", "guid-of-host")), kAlready);
  EXPECT_EQ(Clear(ClearOf(Fault("hot", "lidar"))), kCleared);
  EXPECT_THAT(Active(), ElementsAre("hot/lidar/another", "hot/nobodys/", "hot//"));
}

TEST_F(ServiceFaults, AreClearedByIdentity) {
  EXPECT_EQ(Clear(ClearOf(Fault("hot"))), kNotActive);
  Trigger(Fault("hot"));
  Trigger(Fault("cold"));
  EXPECT_EQ(Clear(ClearOf(Fault("hot", "camera"))), kNotActive);
  EXPECT_EQ(Clear(ClearOf(Fault("hot"))), kCleared);
  EXPECT_EQ(Clear(ClearOf(Fault("hot"))), kNotActive);
  EXPECT_THAT(Active(), ElementsAre("cold//"));
  EXPECT_EQ(Trigger(Fault("hot")), kOk);
}

TEST_F(ServiceFaults, AreClearedAllOfAServiceOrAllOfAPayload) {
  for (const char* service : {"lidar", "camera"}) {
    for (const char* guid : {"one", "two"}) Trigger(Fault("hot", service, guid));
  }
  ClearServiceFaultRequest request;
  request.mutable_fault_id()->set_service_name("lidar");
  request.set_clear_all_service_faults(true);
  EXPECT_EQ(Clear(request), kCleared);
  EXPECT_THAT(Active(), ElementsAre("hot/camera/one", "hot/camera/two"));
  EXPECT_EQ(Clear(request), kNotActive);

  request.Clear();
  request.mutable_fault_id()->set_payload_guid("TWO");
  request.set_clear_all_payload_faults(true);
  EXPECT_EQ(Clear(request), kCleared);
  EXPECT_THAT(Active(), ElementsAre("hot/camera/one"));

  request.mutable_fault_id()->set_payload_guid("one");
  request.mutable_fault_id()->set_service_name("no such service");
  request.set_clear_all_service_faults(true);
  EXPECT_EQ(Clear(request), kCleared) << "either may match";
}

TEST_F(ServiceFaults, ThatWereClearedAreRememberedUpToFifty) {
  for (int i = 0; i < 60; ++i) {
    const ServiceFault fault = Fault("fault " + std::to_string(i));
    Trigger(fault);
    Clear(ClearOf(fault));
  }
  const auto history = table_.History();
  ASSERT_EQ(history.size(), 50u);
  EXPECT_EQ(history.front().fault_id().fault_name(), "fault 10");
  EXPECT_EQ(history.back().fault_id().fault_name(), "fault 59");
}

TEST_F(ServiceFaults, AreAggregatedByAttributeToTheHighestSeverity) {
  const auto trigger = [&](const std::string& name, ServiceFault::Severity severity,
                           const std::vector<std::string>& attributes) {
    ServiceFault fault = Fault(name);
    fault.set_severity(severity);
    for (const auto& attribute : attributes) fault.add_attributes(attribute);
    Trigger(fault);
  };
  trigger("a", ServiceFault::SEVERITY_CRITICAL, {"imaging"});
  trigger("b", ServiceFault::SEVERITY_INFO, {"imaging", "power"});
  trigger("c", ServiceFault::SEVERITY_WARN, {"power"});
  auto state = table_.Describe(kStart);
  EXPECT_EQ(state.faults_size(), 3);
  EXPECT_EQ(state.aggregated().size(), 2u);
  EXPECT_EQ(state.aggregated().at("imaging"), ServiceFault::SEVERITY_CRITICAL);
  EXPECT_EQ(state.aggregated().at("power"), ServiceFault::SEVERITY_WARN);
  Clear(ClearOf(Fault("a")));
  state = table_.Describe(kStart);
  EXPECT_EQ(state.aggregated().at("imaging"), ServiceFault::SEVERITY_INFO);
  EXPECT_EQ(state.historical_faults_size(), 1);
}

TEST_F(ServiceFaults, ThatNameNothingAreInvalidRequests) {
  const auto complaint = [&](const ClearServiceFaultRequest& request) {
    return table_.Clear(request, host_of_, kStart).error().message;
  };
  EXPECT_EQ(table_.Trigger(Fault(""), host_of_, kStart).error().message,
            "fault.fault_id.fault_name is empty");
  EXPECT_EQ(complaint(ClearOf(Fault(""))), "fault_id.fault_name is empty");
  ClearServiceFaultRequest request;
  request.set_clear_all_service_faults(true);
  EXPECT_THAT(complaint(request), HasSubstr("service_name"));
  request.mutable_fault_id()->set_service_name("lidar");
  request.set_clear_all_payload_faults(true);
  EXPECT_THAT(complaint(request), HasSubstr("payload_guid"));
  EXPECT_THAT(Active(), IsEmpty());
}

TEST_F(ServiceFaults, AreBoundedInNumberAndSize) {
  ServiceFault large = Fault("large");
  large.set_error_message(std::string(ServiceFaultTable::kLargestBytes, 'x'));
  EXPECT_THAT(table_.Trigger(large, host_of_, kStart).error().message, HasSubstr("larger than"));
  for (std::size_t i = 0; i < ServiceFaultTable::kMostTriggered; ++i) {
    ASSERT_EQ(Trigger(Fault(std::to_string(i))), kOk);
  }
  EXPECT_FALSE(table_.Trigger(Fault("one more"), host_of_, kStart).ok());
  EXPECT_EQ(Trigger(Fault("7")), kAlready);
  // The robot's own have room nevertheless, and what is cleared makes some.
  table_.Raise(Fault("of the robot"), kStart);
  EXPECT_EQ(table_.Active(kStart).size(), ServiceFaultTable::kMostTriggered + 1);
  Clear(ClearOf(Fault("7")));
  EXPECT_EQ(Trigger(Fault("one more")), kOk);
}

TEST_F(ServiceFaults, OfTheRobotBeginWithTheirCause) {
  table_.Raise(Fault("silent"), kStart - seconds(3));
  table_.Raise(Fault("silent"), kStart);
  EXPECT_EQ(table_.Active(kStart)[0].duration().seconds(), 3);
  EXPECT_EQ(Trigger(Fault("silent")), kAlready);
  table_.Reset();
  EXPECT_THAT(Active(), IsEmpty());
  EXPECT_THAT(table_.History(), IsEmpty());
}

}  // namespace
}  // namespace mock_robot
