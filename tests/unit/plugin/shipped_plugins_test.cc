// The plugins we ship, as the host runs them.
#include "bosdyn/api/payload.pb.h"
#include "zoo.h"

namespace payload_manager {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = PluginCallKind;

std::unique_ptr<Plugin> Loaded(const std::string& name, CallLog& log) {
  auto plugin = Plugin::Load(ShippedPlugin(name), log.Handler());
  EXPECT_TRUE(plugin.ok()) << plugin.error().message;
  return *std::move(plugin);
}

std::vector<Kind> KindsOf(const std::vector<PluginCall>& calls) {
  std::vector<Kind> kinds;
  for (const PluginCall& call : calls) kinds.push_back(call.kind);
  return kinds;
}

TEST(ShippedPlugins, OfferFlawlessDefinitions) {
  for (const auto& [name, id] :
       std::vector<std::pair<std::string, std::string>>{{"core_io", "bostondynamics.core-io"},
                                                        {"gas_sensor", "draeger.x-am-8000"},
                                                        {"lidar", "velodyne.vlp-16"}}) {
    CallLog log;
    const auto plugin = Loaded(name, log);
    ASSERT_EQ(plugin->payloads().size(), 1u);
    const OfferedPayload& payload = plugin->payloads()[0];
    EXPECT_EQ(payload.id, id);
    const auto parsed = ParseDefinition(payload.definition, payload.encoding, payload.id);
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    ValidationContext context;
    context.payload_id = payload.id;
    const DefinitionReport report = ValidateDefinition(*parsed, context);
    EXPECT_THAT(report.errors, IsEmpty());
    EXPECT_THAT(report.warnings, IsEmpty());
  }
}

TEST(ShippedPlugins, TheLidarAsksToBeAttachedOncePerAuthorization) {
  CallLog log;
  const auto lidar = Loaded("lidar", log);
  const PluginEvent authorized{.kind = PluginEventKind::kAuthorized, .token = Secret("token")};
  lidar->Deliver(authorized);
  auto calls = log.Take();
  EXPECT_THAT(KindsOf(calls), ElementsAre(Kind::kLog, Kind::kAttach));
  EXPECT_NE(calls[1].request_id, 0u);
  lidar->Deliver(authorized);  // a renewed token
  EXPECT_THAT(log.Take(), IsEmpty());
  lidar->Deliver({.kind = PluginEventKind::kForgotten});
  lidar->Deliver(authorized);
  EXPECT_THAT(KindsOf(log.Take()), ElementsAre(Kind::kLog, Kind::kAttach));
}

TEST(ShippedPlugins, TheLidarSaysWhyItIsNotAttached) {
  CallLog log;
  const auto lidar = Loaded("lidar", log);
  lidar->Deliver({.kind = PluginEventKind::kAuthorized, .token = Secret("token")});
  const std::uint64_t request = log.Take().back().request_id;
  lidar->Deliver({.kind = PluginEventKind::kError, .request_id = request, .text = "no room"});
  EXPECT_THAT(log.TakeTexts(), ElementsAre(HasSubstr("no room")));
}

TEST(ShippedPlugins, TheGasSensorTellsItsVersionWhenRegistered) {
  CallLog log;
  const auto sensor = Loaded("gas_sensor", log);
  sensor->Deliver({.kind = PluginEventKind::kRegistered});
  const auto calls = log.Take();
  ASSERT_THAT(KindsOf(calls), ElementsAre(Kind::kSetVersion));
  EXPECT_EQ(calls[0].text, "1.4.2");
  sensor->Deliver({.kind = PluginEventKind::kDone, .request_id = calls[0].request_id});
  EXPECT_THAT(log.TakeTexts(), ElementsAre(HasSubstr("version")));
}

TEST(ShippedPlugins, NeverLogTheToken) {
  for (const char* name : {"core_io", "gas_sensor", "lidar"}) {
    CallLog log;
    auto plugin = Loaded(name, log);
    plugin->Deliver({.kind = PluginEventKind::kAuthorized, .token = Secret("s3cr3t")});
    plugin.reset();
    EXPECT_THAT(log.TakeTexts(), ::testing::Not(Contains(HasSubstr("s3cr3t")))) << name;
  }
}

}  // namespace
}  // namespace payload_manager
