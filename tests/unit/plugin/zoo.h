// Where the plugins of tests/plugin_zoo are, and what the tests do with them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <vector>

#include "payload_manager/plugin.h"
#include "tests/support/temporary_folder.h"

namespace payload_manager {

inline std::filesystem::path Animal(const std::string& name) {
  return std::filesystem::path(PLUGIN_ZOO_DIR) / (name + ".so");
}
inline std::filesystem::path ShippedPlugin(const std::string& name) {
  return std::filesystem::path(SHIPPED_PLUGIN_DIR) / (name + ".so");
}

inline std::string BytesOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Remembers a plugin's calls.
class CallLog {
 public:
  PluginCallHandler Handler() {
    return [this](PluginCall call) {
      const std::lock_guard lock(mutex_);
      calls_.push_back(std::move(call));
    };
  }
  std::vector<PluginCall> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(calls_, {});
  }
  std::vector<std::string> TakeTexts() {
    std::vector<std::string> texts;
    for (PluginCall& call : Take()) texts.push_back(std::move(call.text));
    return texts;
  }

 private:
  std::mutex mutex_;
  std::vector<PluginCall> calls_;
};

// A refusal for the right reason, in one line that begins with the file.
inline void ExpectProblem(const PluginProblem& problem, PluginRefusal reason,
                          const std::filesystem::path& path, const std::string& saying) {
  EXPECT_EQ(ToString(problem.reason), ToString(reason)) << problem.message;
  EXPECT_THAT(problem.message, ::testing::StartsWith(path.string() + ": "));
  EXPECT_THAT(problem.message, ::testing::HasSubstr(saying));
  EXPECT_THAT(problem.message, ::testing::Not(::testing::HasSubstr("\n")));
}

// Looking alone must find it.
inline void ExpectRefusedUnloaded(const std::filesystem::path& path, PluginRefusal reason,
                                  const std::string& saying) {
  SCOPED_TRACE(path);
  const auto file = InspectPlugin(path);
  ASSERT_FALSE(file.ok());
  ExpectProblem(file.error(), reason, path, saying);
  const auto plugin = Plugin::Load(path, [](const PluginCall&) {});
  ASSERT_FALSE(plugin.ok());
  EXPECT_EQ(plugin.error().message, file.error().message);
}

// Looking finds nothing wrong, loading does.
inline void ExpectRefusedLoaded(const std::filesystem::path& path, PluginRefusal reason,
                                const std::string& saying) {
  SCOPED_TRACE(path);
  const auto file = InspectPlugin(path);
  EXPECT_TRUE(file.ok()) << file.error().message;
  const auto plugin = Plugin::Load(path, [](const PluginCall&) {});
  ASSERT_FALSE(plugin.ok());
  ExpectProblem(plugin.error(), reason, path, saying);
}

}  // namespace payload_manager
