// What the table of rules (tests/conformance) cannot say: exact instants, and what the
// administrator sees.
#include "mock_robot/registry.h"

#include <cmath>
#include <limits>

namespace mock_robot {
namespace {

using bosdyn::api::GetPayloadAuthTokenResponse;
using bosdyn::api::Payload;
using bosdyn::api::RegisterPayloadResponse;
using bosdyn::api::ServiceFault;
using payload_manager::Secret;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kGuid = "guid-of-a-payload";
const Secret kSecret("secret-of-a-payload");
constexpr RobotTime kStart{std::chrono::hours(1)};

Payload Definition(const std::string& guid = kGuid) {
  Payload definition;
  definition.set_guid(guid);
  definition.set_name("Lidar");
  definition.set_mount_frame_name(bosdyn::api::MOUNT_FRAME_BODY_PAYLOAD);
  return definition;
}

bosdyn::api::PayloadPreset Preset(const std::string& name, const std::string& label) {
  bosdyn::api::PayloadPreset preset;
  preset.set_preset_name(name);
  if (!label.empty()) preset.add_label_prefix(label);
  return preset;
}

TEST(Registry, InvalidRequestsNameTheField) {
  Registry registry;
  Payload definition = Definition("");
  EXPECT_EQ(registry.Register(definition, kSecret, kStart).error().message,
            "payload.GUID is empty");
  definition = Definition();
  definition.set_is_authorized(true);
  EXPECT_THAT(registry.Register(definition, kSecret, kStart).error().message,
              HasSubstr("payload.is_authorized"));
  definition = Definition();
  definition.set_is_enabled(true);
  EXPECT_THAT(registry.Register(definition, kSecret, kStart).error().message,
              HasSubstr("payload.is_enabled"));
  EXPECT_THAT(registry.List(), IsEmpty());
}

TEST(Registry, HasRoomForDefinitionsOfSoManyBytesAndForSoManyPayloads) {
  Assumptions assumptions;
  Registry registry({}, assumptions);
  Payload large = Definition("large");
  large.set_description(std::string(1 << 20, 'd'));
  EXPECT_EQ(registry.Register(large, kSecret, kStart).error().message,
            "payload is larger than 1048576 bytes");
  ASSERT_TRUE(Assume("largest-definition-kib=1025", assumptions).ok());
  EXPECT_TRUE(Registry({}, assumptions).Register(large, kSecret, kStart).ok());
  EXPECT_THAT(registry.List(), IsEmpty());

  ASSERT_TRUE(Assume("most-payloads=2", assumptions).ok());
  Registry small({}, assumptions);
  ASSERT_TRUE(small.Register(Definition("a"), kSecret, kStart).ok());
  ASSERT_TRUE(small.Register(Definition("b"), kSecret, kStart).ok());
  EXPECT_THAT(small.Register(Definition("c"), kSecret, kStart).error().message,
              HasSubstr("has 2 payloads"));
  EXPECT_TRUE(small.Register(Definition("A"), kSecret, kStart).ok());
  small.Forget("a", kStart);
  EXPECT_TRUE(small.Register(Definition("c"), kSecret, kStart).ok());
}

TEST(Registry, CanAlwaysListAllDefinitionsInOneMessage) {
  Registry registry;
  Payload definition = Definition();
  definition.set_description(std::string((1 << 20) - 200, 'd'));
  std::size_t stored = 0;
  for (; stored < 1000; ++stored) {
    definition.set_guid("guid-" + std::to_string(stored));
    const auto answer = registry.Register(definition, kSecret, kStart);
    if (answer.ok()) continue;
    EXPECT_THAT(answer.error().message, HasSubstr("all payloads together"));
    break;
  }
  EXPECT_EQ(stored, 64u);
  // What a payload leaves behind is room, and its version takes none to speak of.
  bosdyn::api::SoftwareVersion version;
  version.GetReflection()->MutableUnknownFields(&version)->AddLengthDelimited(
      100, std::string(1 << 20, 'u'));
  registry.UpdateVersion({"guid-0", kSecret}, version, kStart);
  EXPECT_LT(registry.List()[0].ByteSizeLong(), std::size_t{1} << 20);
  registry.Forget("guid-1", kStart);
  EXPECT_TRUE(registry.Register(definition, kSecret, kStart).ok());
  definition.set_guid("one-more");
  EXPECT_FALSE(registry.Register(definition, kSecret, kStart).ok());
}

TEST(Registry, KnowsTheHolderOfAGrantThatIsAssumedToHoldWhileThePayloadIsThere) {
  Assumptions assumptions;
  ASSERT_TRUE(Assume("forgotten-tokens-void=no", assumptions).ok());
  Registry registry({}, assumptions);
  ASSERT_TRUE(registry.Register(Definition(), kSecret, kStart).ok());
  registry.Authorize(kGuid, {}, kStart);
  const auto epoch = registry.GrantToken({kGuid, kSecret}, kStart).epoch;
  registry.Deauthorize(kGuid, kStart);
  EXPECT_EQ(registry.HolderOf(epoch), kGuid);
  registry.Authorize(kGuid, {}, kStart);
  EXPECT_EQ(registry.HolderOf(epoch), kGuid);
  registry.Forget(kGuid, kStart);
  EXPECT_EQ(registry.HolderOf(epoch), "");
}

TEST(Registry, DescribesWhatTheAdministratorSees) {
  Registry registry;
  ASSERT_TRUE(registry.Register(Definition(), kSecret, kStart).ok());
  ASSERT_TRUE(registry.Register(Definition(), Secret(), kStart + seconds(7)).ok());
  ASSERT_EQ(registry.Describe().size(), 1u);
  const PayloadInfo info = registry.Describe().front();
  EXPECT_TRUE(info.credentials_known);
  EXPECT_EQ(info.registrations, 2u);
  EXPECT_EQ(info.first_registered, kStart);
  EXPECT_EQ(info.last_registered, kStart + seconds(7));
  EXPECT_THAT(info.preset_applied, IsEmpty());
  EXPECT_THAT(info.warnings, IsEmpty());
}

TEST(Registry, OffersOnlyPresetsOfThePortWhereTheAddressIs) {
  RegistryOptions options;
  options.port_of_address.emplace("192.168.50.9", MountPort::kFront);
  Registry registry(options);
  Payload definition = Definition();
  *definition.add_preset_configurations() = Preset("rear", "mount_port:rear");
  *definition.add_preset_configurations() = Preset("front", "mount_port:front");
  *definition.add_preset_configurations() = Preset("anywhere", "");
  *definition.add_preset_configurations() = Preset("both", "mount_port:rear");
  *definition.add_preset_configurations() = Preset("", "");
  definition.mutable_preset_configurations(3)->add_label_prefix("mount_port:front");

  ASSERT_TRUE(registry.Register(definition, kSecret, kStart).ok());
  definition.set_guid("guid-at-the-rear");
  definition.set_ipv4_address("192.168.50.5");
  ASSERT_TRUE(registry.Register(definition, kSecret, kStart).ok());
  definition.set_guid("guid-at-the-front");
  definition.set_ipv4_address("192.168.50.9");
  ASSERT_TRUE(registry.Register(definition, kSecret, kStart).ok());

  const auto infos = registry.Describe();
  EXPECT_THAT(infos[0].presets_offered, ElementsAre("rear", "front", "anywhere", "both"));
  EXPECT_THAT(infos[1].presets_offered, ElementsAre("rear", "anywhere", "both"));
  EXPECT_THAT(infos[2].presets_offered, ElementsAre("front", "anywhere", "both"));
}

TEST(Registry, TellsWhichPresetIsAppliedUntilDeauthorized) {
  Registry registry;
  Payload definition = Definition();
  *definition.add_preset_configurations() = Preset("rear", "");
  ASSERT_TRUE(registry.Register(definition, kSecret, kStart).ok());
  ASSERT_TRUE(registry.Authorize(kGuid, "rear", kStart).ok());
  EXPECT_EQ(registry.Describe()[0].preset_applied, "rear");
  ASSERT_TRUE(registry.Deauthorize(kGuid, kStart).ok());
  EXPECT_THAT(registry.Describe()[0].preset_applied, IsEmpty());
}

TEST(Registry, AFaultBeginsAtTheInstantOfItsCause) {
  Registry registry;
  Payload definition = Definition();
  definition.set_liveness_timeout_secs(2.5);
  ASSERT_TRUE(registry.Register(definition, kSecret, kStart).ok());
  EXPECT_EQ(registry.NextChange(), kStart + milliseconds(2500));

  const RobotTime later = kStart + seconds(10);
  registry.Advance(later);
  EXPECT_EQ(registry.NextChange(), std::nullopt);
  const std::vector<ServiceFault> faults = registry.ActiveFaults(later);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].fault_id().fault_name(), kNotAuthorizedFault);
  EXPECT_EQ(faults[0].duration().seconds(), 10);
  EXPECT_EQ(faults[1].fault_id().fault_name(), kLivenessFault);
  EXPECT_EQ(faults[1].fault_id().payload_guid(), kGuid);
  EXPECT_THAT(faults[1].fault_id().service_name(), IsEmpty());
  EXPECT_EQ(faults[1].onset_timestamp().seconds(), 3602);
  EXPECT_EQ(faults[1].onset_timestamp().nanos(), 500'000'000);
  EXPECT_EQ(faults[1].duration().seconds(), 7);
  EXPECT_EQ(faults[1].duration().nanos(), 500'000'000);
}

// Most of the time nothing is due, and the registry must not look at all payloads to know that.
TEST(Registry, NoticesEachSilenceAmongPayloadsThatBeatOn) {
  Registry registry;
  const auto silent = [&](RobotTime now) {
    std::string guids;
    for (const ServiceFault& fault : registry.ActiveFaults(now)) {
      if (fault.fault_id().fault_name() == kLivenessFault) guids += fault.fault_id().payload_guid();
    }
    return guids;
  };
  const auto beat = [&](const std::string& guid, double timeout, RobotTime now) {
    Payload definition = Definition(guid);
    definition.set_liveness_timeout_secs(timeout);
    ASSERT_TRUE(registry.Register(definition, kSecret, now).ok());
  };
  beat("a", 30, kStart);
  beat("b", 2, kStart);
  beat("c", 0, kStart);
  beat("a", 30, kStart + seconds(1));
  EXPECT_EQ(silent(kStart + seconds(1)), "");
  beat("a", 30, kStart + seconds(2));
  EXPECT_EQ(silent(kStart + seconds(2)), "b");
  // Heard again, it can fall silent again, sooner than the other.
  beat("b", 2, kStart + seconds(3));
  EXPECT_EQ(silent(kStart + seconds(3)), "");
  beat("c", 0, kStart + seconds(5));
  EXPECT_EQ(silent(kStart + seconds(5)), "b");
  beat("c", 0, kStart + seconds(32));
  EXPECT_EQ(silent(kStart + seconds(32)), "ba");
}

TEST(Registry, WatchesOnlyTheAuthorizedFromThatMomentIfSoAssumed) {
  Assumptions assumptions;
  assumptions.watch_only_authorized = true;
  Registry registry({}, assumptions);
  Payload definition = Definition();
  definition.set_liveness_timeout_secs(2);
  ASSERT_TRUE(registry.Register(definition, kSecret, kStart).ok());
  registry.Advance(kStart + seconds(1));
  EXPECT_EQ(registry.NextChange(), std::nullopt);
  ASSERT_TRUE(registry.Authorize(kGuid, "", kStart + seconds(1)).ok());
  registry.Advance(kStart + seconds(2));
  const auto faults = registry.ActiveFaults(kStart + seconds(2));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].fault_id().fault_name(), kLivenessFault);
}

TEST(Registry, ShowsAVersionThatCameAfterThePresetWithThePreset) {
  Registry registry;
  Payload definition = Definition();
  definition.set_description("plain");
  bosdyn::api::PayloadPreset preset = Preset("rear", "");
  preset.set_description("turned round");
  *definition.add_preset_configurations() = preset;
  ASSERT_TRUE(registry.Register(definition, kSecret, kStart).ok());
  ASSERT_TRUE(registry.Authorize(kGuid, "rear", kStart).ok());
  bosdyn::api::SoftwareVersion version;
  version.set_major_version(7);
  registry.UpdateVersion({kGuid, kSecret}, version, kStart);
  EXPECT_EQ(registry.List()[0].version().major_version(), 7);
  EXPECT_EQ(registry.List()[0].description(), "turned round");
  ASSERT_TRUE(registry.Deauthorize(kGuid, kStart).ok());
  EXPECT_EQ(registry.List()[0].version().major_version(), 7);
  EXPECT_EQ(registry.List()[0].description(), "plain");
}

// gRPC lets no such thing through; a caller in this process can hand it in.
TEST(Registry, RefusesTextThatIsNotUtf8) {
  Registry registry;
  Payload definition = Definition();
  definition.set_name("\xff\xfe");
  EXPECT_THAT(registry.Register(definition, kSecret, kStart).error().message, HasSubstr("UTF-8"));
  EXPECT_THAT(registry.List(), IsEmpty());
  EXPECT_THAT(registry.ActiveFaults(kStart), IsEmpty());
}

TEST(Registry, TakesAnyLivenessTimeoutWithoutHarm) {
  Registry registry;
  int number = 0;
  for (const double timeout :
       {std::nan(""), std::numeric_limits<double>::infinity(), -1.0, 1e300, -1e300, 5e-324}) {
    Payload definition = Definition(kGuid + std::to_string(++number));
    definition.set_liveness_timeout_secs(timeout);
    ASSERT_TRUE(registry.Register(definition, kSecret, kStart).ok());
    registry.Advance(kStart + seconds(1));
  }
  // Only the one that is positive and tiny is overdue.
  std::size_t silent = 0;
  for (const ServiceFault& fault : registry.ActiveFaults(kStart + seconds(1))) {
    if (fault.fault_id().fault_name() == kLivenessFault) ++silent;
  }
  EXPECT_EQ(silent, 1u);
}

TEST(Registry, AutoAuthorizationComesAfterItsDelay) {
  RegistryOptions options;
  options.auto_authorize = seconds(5);
  Registry registry(options);
  ASSERT_TRUE(registry.Register(Definition(), kSecret, kStart).ok());
  EXPECT_EQ(registry.NextChange(), kStart + seconds(5));
  EXPECT_EQ(registry.GrantToken({kGuid, kSecret}, kStart + milliseconds(4999)).status,
            GetPayloadAuthTokenResponse::STATUS_PAYLOAD_NOT_AUTHORIZED);
  EXPECT_EQ(registry.GrantToken({kGuid, kSecret}, kStart + seconds(5)).status,
            GetPayloadAuthTokenResponse::STATUS_OK);
}

TEST(Registry, AutoAuthorizationWithoutDelayComesWithTheRegistration) {
  RegistryOptions options;
  options.auto_authorize = seconds(0);
  Registry registry(options);
  ASSERT_TRUE(registry.Register(Definition(), kSecret, kStart).ok());
  EXPECT_TRUE(registry.List()[0].is_authorized());
}

TEST(Registry, AutoAuthorizationLeavesAloneWhatWasDeauthorized) {
  RegistryOptions options;
  options.auto_authorize = seconds(5);
  Registry registry(options);
  ASSERT_TRUE(registry.Register(Definition(), kSecret, kStart).ok());
  ASSERT_TRUE(registry.Authorize(kGuid, {}, kStart).ok());
  ASSERT_TRUE(registry.Deauthorize(kGuid, kStart).ok());
  registry.Advance(kStart + seconds(60));
  EXPECT_FALSE(registry.List()[0].is_authorized());
}

TEST(Registry, RefusesWhatIsImplausibleIfAskedToAndStoresNothing) {
  RegistryOptions options;
  options.refuse_implausible = true;
  Registry registry(options);
  Payload definition = Definition();
  definition.mutable_mass_volume_properties()->set_total_mass(26);
  const auto refused = registry.Register(definition, kSecret, kStart);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message,
            "refused as implausible: mass_volume_properties.total_mass is over 25 kg");
  EXPECT_THAT(registry.List(), IsEmpty());
  EXPECT_EQ(registry.GrantToken({kGuid, kSecret}, kStart).status,
            GetPayloadAuthTokenResponse::STATUS_INVALID_CREDENTIALS);
  EXPECT_FALSE(registry.Register(Definition(), Secret("brief"), kStart).ok());
  // What is stored is not judged again.
  ASSERT_TRUE(registry.Register(Definition(), kSecret, kStart).ok());
  EXPECT_EQ(*registry.Register(definition, kSecret, kStart),
            RegisterPayloadResponse::STATUS_ALREADY_EXISTS);
}

TEST(Registry, AnswersOfTheAdministratorSayWhatHappened) {
  Registry registry;
  EXPECT_EQ(registry.Forget("nobody", kStart).message, "no payload has the GUID 'nobody'");
  ASSERT_TRUE(registry.Register(Definition(), kSecret, kStart).ok());
  EXPECT_EQ(registry.Authorize(kGuid, "side", kStart).message, "the payload has no preset 'side'");
}

}  // namespace
}  // namespace mock_robot
