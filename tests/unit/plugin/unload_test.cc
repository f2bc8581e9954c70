// A plugin that is gone is gone: its code is no longer in the process.
#include <dlfcn.h>

#include "zoo.h"

namespace payload_manager {
namespace {

using ::testing::ElementsAre;

bool IsMapped(const std::filesystem::path& path) {
  const bool in_maps =
      BytesOf("/proc/self/maps").find(path.filename().string()) != std::string::npos;
  void* const handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle != nullptr) dlclose(handle);
  EXPECT_EQ(in_maps, handle != nullptr);
  return in_maps;
}

TEST(UnloadPlugin, UnmapsEvenWhatClings) {
  CallLog log;
  for (int round = 0; round < 3; ++round) {
    ASSERT_FALSE(IsMapped(Animal("clinging")));
    auto plugin = Plugin::Load(Animal("clinging"), log.Handler());
    ASSERT_TRUE(plugin.ok()) << plugin.error().message;
    EXPECT_TRUE(IsMapped(Animal("clinging")));
    // A library that had stayed would count on.
    EXPECT_THAT(log.TakeTexts(), ElementsAre("instance 1"));
    plugin->reset();
    EXPECT_FALSE(IsMapped(Animal("clinging")));
  }
}

TEST(UnloadPlugin, TwoInstancesShareTheCodeUntilTheLastOneGoes) {
  CallLog log;
  auto first = Plugin::Load(Animal("clinging"), log.Handler());
  auto second = Plugin::Load(Animal("clinging"), log.Handler());
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok());
  EXPECT_THAT(log.TakeTexts(), ElementsAre("instance 1", "instance 2"));
  first->reset();
  EXPECT_TRUE(IsMapped(Animal("clinging")));
  second->reset();
  EXPECT_FALSE(IsMapped(Animal("clinging")));
}

TEST(UnloadPlugin, UnmapsWhatItRefuses) {
  for (const char* animal : {"open_fails", "open_fails_silently", "offers_nothing", "bad_id",
                             "missing_function", "throws_in_constructor", "throws_in_open"}) {
    ASSERT_FALSE(Plugin::Load(Animal(animal), [](const PluginCall&) {}).ok()) << animal;
    EXPECT_FALSE(IsMapped(Animal(animal))) << animal;
  }
}

TEST(UnloadPlugin, HappensForEveryShippedPlugin) {
  for (const char* name : {"core_io", "gas_sensor", "lidar"}) {
    auto plugin = Plugin::Load(ShippedPlugin(name), [](const PluginCall&) {});
    ASSERT_TRUE(plugin.ok()) << plugin.error().message;
    EXPECT_TRUE(IsMapped(ShippedPlugin(name)));
    plugin->reset();
    EXPECT_FALSE(IsMapped(ShippedPlugin(name)));
  }
}

}  // namespace
}  // namespace payload_manager
