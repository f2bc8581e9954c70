// Loading and opening.
#include "bosdyn/api/payload.pb.h"
#include "payload_manager/definition.h"
#include "payload_manager/identity.h"
#include "zoo.h"

namespace payload_manager {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(LoadPlugin, OffersThePayloadAsThePluginWroteIt) {
  CallLog log;
  const auto plugin = Plugin::Load(Animal("parrot"), log.Handler());
  ASSERT_TRUE(plugin.ok()) << plugin.error().message;
  EXPECT_EQ((*plugin)->path(), Animal("parrot"));
  ASSERT_EQ((*plugin)->payloads().size(), 1u);
  const OfferedPayload& payload = (*plugin)->payloads()[0];
  EXPECT_EQ(payload.id, "zoo.animal");
  EXPECT_EQ(payload.encoding, DefinitionEncoding::kText);
  EXPECT_EQ(payload.definition, "name: 'animal' mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD");
}

TEST(LoadPlugin, RefusesWhatTheSystemCannotLoad) {
  ExpectRefusedLoaded(Animal("undefined_symbol"), PluginRefusal::kCannotLoad,
                      "zoo_nowhere_to_be_found");
}

TEST(LoadPlugin, RefusesAnEntryWithoutAFunction) {
  ExpectRefusedLoaded(Animal("missing_function"), PluginRefusal::kTruncatedEntry, "function");
}

TEST(LoadPlugin, PassesOnWhyThePluginDidNotOpen) {
  ExpectRefusedLoaded(Animal("open_fails"), PluginRefusal::kOpenFailed,
                      "did not open: the sensor on /dev/gas0 does not answer");
  ExpectRefusedLoaded(Animal("open_fails_silently"), PluginRefusal::kOpenFailed, "no reason");
  ExpectRefusedLoaded(Animal("throws_in_constructor"), PluginRefusal::kOpenFailed,
                      "did not open: no lidar at 192.168.50.9");
  ExpectRefusedLoaded(Animal("throws_in_open"), PluginRefusal::kOpenFailed, "threw an exception");
}

TEST(LoadPlugin, RefusesBadOffers) {
  ExpectRefusedLoaded(Animal("offers_nothing"), PluginRefusal::kBadOffer, "no payload");
  ExpectRefusedLoaded(Animal("offers_twice"), PluginRefusal::kBadOffer, "zoo.animal twice");
  ExpectRefusedLoaded(Animal("bad_id"), PluginRefusal::kBadOffer, "id may hold only letters");
  ExpectRefusedLoaded(Animal("bad_encoding"), PluginRefusal::kBadOffer, "encoding");
}

TEST(LoadPlugin, LeavesJudgingTheDefinitionToItsReader) {
  const auto plugin = Plugin::Load(Animal("misspelled"), [](const PluginCall&) {});
  ASSERT_TRUE(plugin.ok()) << plugin.error().message;
  const OfferedPayload& payload = (*plugin)->payloads()[0];
  const auto parsed = ParseDefinition(payload.definition, payload.encoding, payload.id);
  ASSERT_FALSE(parsed.ok());
  EXPECT_THAT(parsed.error().message, HasSubstr("zoo.misspelled: line 2"));
  EXPECT_THAT(parsed.error().message, HasSubstr("nmae"));
}

TEST(LoadPlugins, OneBadPluginDoesNotKeepTheGoodOnesFromLoading) {
  CallLog log;
  std::vector<std::filesystem::path> asked;
  const auto loaded = LoadPlugins({Animal("wrong_major"), Animal("twin_a"), Animal("dodo"),
                                   Animal("open_fails"), Animal("twin_b")},
                                  [&](const std::filesystem::path& path) {
                                    asked.push_back(path);
                                    return log.Handler();
                                  });
  EXPECT_EQ(asked.size(), 5u);
  ASSERT_EQ(loaded.plugins.size(), 2u);
  EXPECT_EQ(loaded.plugins[0]->path(), Animal("twin_a"));
  EXPECT_EQ(loaded.plugins[1]->path(), Animal("twin_b"));
  ASSERT_EQ(loaded.refused.size(), 3u);
  EXPECT_EQ(loaded.refused[0].reason, PluginRefusal::kWrongVersion);
  EXPECT_EQ(loaded.refused[1].reason, PluginRefusal::kMissing);
  EXPECT_EQ(loaded.refused[2].reason, PluginRefusal::kOpenFailed);
}

TEST(LoadPlugins, TwinsAreToldApartByCheckIdentities) {
  const auto loaded =
      LoadPlugins({Animal("twin_a"), Animal("twin_b")},
                  [](const std::filesystem::path&) { return [](const PluginCall&) {}; });
  std::vector<PayloadIdentity> identities;
  for (const auto& plugin : loaded.plugins) {
    identities.push_back({plugin->payloads()[0].id, "", plugin->path().string()});
  }
  const auto answers = CheckIdentities(identities);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_FALSE(answers[0]);
  ASSERT_TRUE(answers[1]);
  EXPECT_THAT(answers[1]->message,
              HasSubstr("'zoo.twin' is taken by " + Animal("twin_a").string()));
}

TEST(FindPlugins, ListsSharedLibrariesByName) {
  const testing::TemporaryFolder directory;
  for (const char* name : {"b.so", "a.so", "c.so.1", "readme.txt", ".so"})
    directory.Write(name, "");
  std::filesystem::create_directory(directory.path() / "deeper");
  directory.Write("deeper/d.so", "");
  std::filesystem::create_symlink("nowhere", directory.path() / "broken.so");
  const auto found = FindPlugins(directory.path());
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_THAT(*found, ElementsAre(directory.path() / "a.so", directory.path() / "b.so",
                                  directory.path() / "broken.so"));
}

TEST(FindPlugins, NamesADirectoryItCannotRead) {
  const auto missing = FindPlugins("no/such/directory");
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("no/such/directory: "));
  const auto file = FindPlugins(Animal("parrot"));
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(file.error().message, HasSubstr("parrot.so: "));
}

}  // namespace
}  // namespace payload_manager
