// Assumptions that the table of payload rules (tests/conformance) cannot show: what changes with
// each of them, and how they are named.
#include "mock_robot/assumptions.h"

#include "directory/service_directory.h"
#include "registry/definition_limits.h"
#include "robot/authority.h"
#include "service_faults/service_fault_table.h"
#include "software_update/software_packages.h"
#include "time_sync/time_sync.h"

namespace mock_robot {
namespace {

using bosdyn::api::ServiceFault;
using payload_manager::Secret;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr RobotTime kStart{std::chrono::hours(1)};

Assumptions Assuming(const std::string& text) {
  Assumptions assumptions;
  const auto assumed = Assume(text, assumptions);
  EXPECT_TRUE(assumed.ok()) << text;
  return assumptions;
}

TEST(Assumptions, AreNamedAndListed) {
  EXPECT_TRUE(Assuming("accept-empty-guid=yes").accept_empty_guid);
  EXPECT_EQ(Assuming("time-sync-samples=7").time_sync_samples, 7u);
  EXPECT_EQ(Assuming("other-authority=a=b").other_authority, "a=b");
  EXPECT_EQ(Assuming("not-authorized-severity=info").not_authorized_severity,
            ServiceFault::SEVERITY_INFO);
  const std::string list = ListAssumptions(Assuming("time-sync-samples=7"));
  EXPECT_THAT(list, HasSubstr("accept-empty-guid=no\n    an empty GUID"));
  EXPECT_THAT(list, HasSubstr("time-sync-samples=7\n"));
  EXPECT_THAT(list, HasSubstr("payload-liveness-severity=critical\n"));
  EXPECT_THAT(list, HasSubstr("other-authority=api.spot.robot\n"));
}

TEST(Assumptions, ComplainAboutWhatTheyCannotBe) {
  Assumptions assumptions;
  const auto complaint = [&](const std::string& text) {
    const auto assumed = Assume(text, assumptions);
    return assumed ? "" : assumed.error().message;
  };
  EXPECT_THAT(complaint("no-such-thing=yes"), HasSubstr("no such assumption"));
  EXPECT_THAT(complaint(""), HasSubstr("no such assumption"));
  EXPECT_THAT(complaint("accept-empty-guid"), HasSubstr("wants a value"));
  EXPECT_THAT(complaint("accept-empty-guid=true"), HasSubstr("neither yes nor no"));
  EXPECT_THAT(complaint("time-sync-samples=-1"), HasSubstr("not a number"));
  EXPECT_THAT(complaint("time-sync-samples=3x"), HasSubstr("not a number"));
  EXPECT_THAT(complaint("other-authority="), HasSubstr("1 to 100"));
  EXPECT_THAT(complaint("not-authorized-severity=bad"), HasSubstr("info, warn"));
  EXPECT_EQ(assumptions.time_sync_samples, 3u);
}

TEST(Assumptions, RankTheRobotsFaults) {
  for (const auto& [text, index] : {std::pair{"not-authorized-severity=info", 0},
                                    std::pair{"payload-liveness-severity=info", 1}}) {
    Registry registry({}, Assuming(text));
    bosdyn::api::Payload payload;
    payload.set_guid("guid");
    payload.set_liveness_timeout_secs(1);
    ASSERT_TRUE(registry.Register(payload, Secret("secret"), kStart).ok());
    registry.Advance(kStart + seconds(1));
    const auto faults = registry.ActiveFaults(kStart + seconds(1));
    ASSERT_EQ(faults.size(), 2u);
    EXPECT_EQ(faults[static_cast<std::size_t>(index)].severity(), ServiceFault::SEVERITY_INFO);
  }
}

class AssumingDirectory {
 public:
  explicit AssumingDirectory(const std::string& text)
      : faults(Assuming(text)), directory({}, faults, Assuming(text)) {}
  static bosdyn::api::ServiceEntry Entry(const std::string& name) {
    bosdyn::api::ServiceEntry entry;
    entry.set_name(name);
    entry.set_type("acme.Lidar");
    entry.set_authority(name);
    entry.set_liveness_timeout_secs(1);
    return entry;
  }
  auto Register(const bosdyn::api::ServiceEntry& entry, const std::string& host = "guid",
                RobotTime now = kStart) {
    return directory.Register(entry, {}, host, now);
  }
  std::vector<std::string> FaultNames() {
    std::vector<std::string> names;
    for (const auto& fault : faults.Active(kStart)) names.push_back(fault.fault_id().fault_name());
    return names;
  }

  ServiceFaultTable faults;
  ServiceDirectory directory;
};

TEST(Assumptions, AboutHeartbeatsOfServices) {
  AssumingDirectory own("heartbeat-by-anyone=no");
  ASSERT_TRUE(own.Register(own.Entry("lidar")).ok());
  ASSERT_TRUE(own.Register(own.Entry("lidar"), "another", kStart + seconds(1)).ok());
  EXPECT_EQ(own.directory.Find("lidar")->last_update().seconds(), 3600);
  ASSERT_TRUE(own.Register(own.Entry("lidar"), "guid", kStart + seconds(1)).ok());
  EXPECT_EQ(own.directory.Find("lidar")->last_update().seconds(), 3601);

  AssumingDirectory lasting("heartbeat-clears-fault=no");
  ASSERT_TRUE(lasting.Register(lasting.Entry("lidar")).ok());
  ASSERT_TRUE(lasting.Register(lasting.Entry("lidar"), "guid", kStart + seconds(9)).ok());
  EXPECT_THAT(lasting.FaultNames(), ElementsAre("service_liveness"));

  AssumingDirectory all("service-heartbeat-clears-all=yes");
  ASSERT_TRUE(all.Register(all.Entry("lidar")).ok());
  ServiceFault fault;
  fault.mutable_fault_id()->set_service_name("lidar");
  all.faults.Raise(fault, kStart);
  ASSERT_TRUE(all.Register(all.Entry("lidar")).ok());
  EXPECT_THAT(all.FaultNames(), IsEmpty());
}

TEST(Assumptions, AboutEntriesOfTheDirectory) {
  AssumingDirectory clashing("refuse-clashes=yes");
  ASSERT_TRUE(clashing.Register(clashing.Entry("lidar")).ok());
  auto twin = clashing.Entry("twin");
  twin.set_authority("lidar");
  EXPECT_FALSE(clashing.Register(twin).ok());

  AssumingDirectory bare("complete-authority=no");
  ASSERT_TRUE(bare.Register(bare.Entry("lidar")).ok());
  EXPECT_EQ(bare.directory.Find("lidar")->authority(), "lidar");
  twin.set_authority("lidar.spot.robot");
  EXPECT_EQ(*bare.Register(twin), bosdyn::api::RegisterServiceResponse::STATUS_ALREADY_EXISTS);

  AssumingDirectory taken("update-keeps-host=no");
  ASSERT_TRUE(taken.Register(taken.Entry("lidar")).ok());
  ASSERT_TRUE(taken.directory.Update(taken.Entry("lidar"), {}, "another", kStart).ok());
  EXPECT_EQ(taken.directory.HostOf("lidar"), "another");

  AssumingDirectory leaving("forgetting-removes-services=yes");
  ASSERT_TRUE(leaving.Register(leaving.Entry("lidar"), "guid").ok());
  ASSERT_TRUE(leaving.Register(leaving.Entry("camera"), "another").ok());
  leaving.directory.Forget("guid", kStart);
  EXPECT_EQ(leaving.directory.Registered().size(), 1u);
  AssumingDirectory staying("heartbeat-by-anyone=yes");
  ASSERT_TRUE(staying.Register(staying.Entry("lidar"), "guid").ok());
  staying.directory.Forget("guid", kStart);
  EXPECT_EQ(staying.directory.Registered().size(), 1u);
}

TEST(Assumptions, AboutFaultsOfServices) {
  AssumingDirectory named("service-liveness-fault=lost");
  ASSERT_TRUE(named.Register(named.Entry("lidar")).ok());
  named.directory.Advance(kStart + seconds(1));
  EXPECT_THAT(named.FaultNames(), ElementsAre("lost"));
  AssumingDirectory ranked("service-liveness-severity=info");
  ASSERT_TRUE(ranked.Register(ranked.Entry("lidar")).ok());
  ranked.directory.Advance(kStart + seconds(1));
  EXPECT_EQ(ranked.faults.Active(kStart)[0].severity(), ServiceFault::SEVERITY_INFO);
}

TEST(Assumptions, AboutClearingAndNamingFaults) {
  const auto nobody = [](std::string_view) { return std::string(); };
  ServiceFault fault;
  fault.mutable_fault_id()->set_fault_name("silent");
  bosdyn::api::ClearServiceFaultRequest clear;
  *clear.mutable_fault_id() = fault.fault_id();
  ServiceFaultTable guarded(Assuming("robot-faults-clearable=no"));
  guarded.Raise(fault, kStart);
  EXPECT_EQ(*guarded.Clear(clear, nobody, kStart),
            bosdyn::api::ClearServiceFaultResponse::STATUS_FAULT_NOT_ACTIVE);
  EXPECT_EQ(guarded.ClearOne(fault.fault_id(), kStart), 1u);
  ASSERT_TRUE(guarded.Trigger(fault, nobody, kStart).ok());
  EXPECT_EQ(*guarded.Clear(clear, nobody, kStart),
            bosdyn::api::ClearServiceFaultResponse::STATUS_OK);

  ServiceFaultTable nameless(Assuming("accept-nameless-faults=yes"));
  EXPECT_TRUE(nameless.Trigger({}, nobody, kStart).ok());
  EXPECT_EQ(*nameless.Clear({}, nobody, kStart), bosdyn::api::ClearServiceFaultResponse::STATUS_OK);
}

TEST(Assumptions, AboutLockOuts) {
  payload_manager::RandomSource& random = payload_manager::SystemRandom();
  const auto fail = [](UserTable& users, const std::string& name, RobotTime now) {
    return users.Login(name, Secret("wrong"), now);
  };
  UserTable sixth(random, Assuming("sixth-failure-locked-out=yes"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fail(sixth, "anna", kStart), LoginResult::kWrong);
  EXPECT_EQ(fail(sixth, "anna", kStart), LoginResult::kLockedOut);

  UserTable extended(random, Assuming("locked-attempts-extend=yes"));
  for (int i = 0; i < 6; ++i) fail(extended, "anna", kStart);
  fail(extended, "anna", kStart + seconds(59));
  EXPECT_EQ(fail(extended, "anna", kStart + seconds(118)), LoginResult::kLockedOut);

  UserTable everybody(random, Assuming("lock-out-for-all=yes"));
  for (int i = 0; i < 6; ++i) fail(everybody, "name" + std::to_string(i), kStart);
  EXPECT_EQ(fail(everybody, "anna", kStart), LoginResult::kLockedOut);
}

TEST(Assumptions, AboutLogins) {
  Registry registry;
  bosdyn::api::GetAuthTokenRequest request;
  request.set_username("nobody");
  request.set_password("password");
  Authority telling("robot", payload_manager::SystemRandom(), Assuming("tell-unknown-users=yes"));
  EXPECT_FALSE(telling.GetToken(request, registry, kStart).ok());

  Authority by_token("robot", payload_manager::SystemRandom(), Assuming("token-beats-user=yes"));
  by_token.users().Set("anna", Secret("password"));
  request.set_username("anna");
  EXPECT_EQ(by_token.GetToken(request, registry, kStart)->status,
            bosdyn::api::GetAuthTokenResponse::STATUS_OK);
  request.set_token("rubbish");
  EXPECT_EQ(by_token.GetToken(request, registry, kStart)->status,
            bosdyn::api::GetAuthTokenResponse::STATUS_INVALID_TOKEN);
}

TEST(Assumptions, AboutTimeAndSoftware) {
  TimeSync quick(Assuming("time-sync-samples=0"));
  bosdyn::api::TimeSyncUpdateResponse answer;
  ASSERT_TRUE(quick.Update({}, kStart, answer).ok());
  EXPECT_EQ(answer.state().status(), bosdyn::api::TimeSyncState::STATUS_OK);
  TimeSync strict(Assuming("refuse-unknown-clocks=yes"));
  bosdyn::api::TimeSyncUpdateRequest request;
  request.set_clock_identifier("of another robot");
  EXPECT_FALSE(strict.Update(request, kStart, answer).ok());
  ASSERT_TRUE(strict.Update({}, kStart, answer).ok());
  request.set_clock_identifier(answer.clock_identifier());
  EXPECT_TRUE(strict.Update(request, kStart, answer).ok());

  SoftwarePackages packages(Assuming("no-names-mean-all=yes"));
  bosdyn::api::StagedSoftwarePackage staged;
  staged.mutable_version_info()->set_package_name("acme");
  ASSERT_TRUE(packages.Stage(staged).ok());
  EXPECT_EQ(packages.Available({}).size(), 1u);
}

TEST(DefinitionLimits, NameWhatIsBeyondThem) {
  bosdyn::api::Payload payload;
  payload.set_guid(std::string(kLongestGuid, 'g'));
  EXPECT_EQ(BeyondLimits(payload, 1 << 20), std::nullopt);
  payload.set_guid(std::string(kLongestGuid + 1, 'g'));
  EXPECT_THAT(BeyondLimits(payload, 1 << 20).value_or(""), HasSubstr("payload.GUID"));
  payload.set_guid("guid");
  for (int i = 0; i < kMostPresets; ++i) payload.add_preset_configurations();
  EXPECT_EQ(BeyondLimits(payload, 1 << 20), std::nullopt);
  payload.add_preset_configurations();
  EXPECT_THAT(BeyondLimits(payload, 1 << 20).value_or(""), HasSubstr("preset_configurations"));
  payload.clear_preset_configurations();
  for (int i = 0; i < kMostParts; ++i) {
    payload.mutable_mass_volume_properties()->add_bounding_box();
  }
  EXPECT_EQ(BeyondLimits(payload, 1 << 20), std::nullopt);
  payload.add_preset_configurations()->add_label_prefix("one more");
  EXPECT_THAT(BeyondLimits(payload, 1 << 20).value_or(""), HasSubstr("bounding boxes"));
  payload.Clear();
  payload.set_description(std::string(1000, 'd'));
  EXPECT_EQ(BeyondLimits(payload, payload.ByteSizeLong()), std::nullopt);
  EXPECT_EQ(BeyondLimits(payload, payload.ByteSizeLong() - 1),
            "payload is larger than " + std::to_string(payload.ByteSizeLong() - 1) + " bytes");
}

}  // namespace
}  // namespace mock_robot
