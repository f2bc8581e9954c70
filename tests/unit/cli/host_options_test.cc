#include "tools/payload_host/host_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace payload_manager::payload_host {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

const char* Home(const char* name) {
  return std::strcmp(name, "HOME") == 0 ? "/folk/spot" : nullptr;
}
const char* Xdg(const char* name) {
  return std::strcmp(name, "XDG_STATE_HOME") == 0 ? "/state" : "/folk/spot";
}
const char* RelativeXdg(const char* name) {
  return std::strcmp(name, "XDG_STATE_HOME") == 0 ? "state" : "/folk/spot";
}
const char* Nothing(const char*) { return nullptr; }

const std::vector<std::string> kLine{"--robot", "spot", "--insecure", "--plugin", "a.so"};

Checked<std::optional<HostOptions>> Read(const std::vector<std::string>& more,
                                         const char* (*environment)(const char*) = &Home) {
  std::vector<std::string> line = kLine;
  line.insert(line.end(), more.begin(), more.end());
  return ReadHostOptions(line, environment);
}

TEST(HostOptions, HaveTheDocumentedDefaults) {
  const auto options = Read({});
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ((*options)->robot_name, "spot:443");
  EXPECT_THAT((*options)->plugins, ElementsAre("a.so"));
  EXPECT_EQ((*options)->state_dir, "/folk/spot/.local/state/payload-host");
  EXPECT_EQ((*options)->interval, std::chrono::seconds(10));
  EXPECT_FALSE((*options)->strict);
  EXPECT_EQ((*options)->until, Until::kStopped);
  EXPECT_EQ((*options)->timeout, std::nullopt);
}

TEST(HostOptions, TheUsersStateDirectoryFollowsXdg) {
  EXPECT_EQ((*Read({}, &Xdg))->state_dir, "/state/payload-host");
  EXPECT_EQ((*Read({}, &RelativeXdg))->state_dir, "/folk/spot/.local/state/payload-host");
  EXPECT_EQ((*Read({"--state-dir", "here"}, &Xdg))->state_dir, "here");
  EXPECT_EQ((*Read({"--ephemeral"}, &Xdg))->state_dir, std::nullopt);
}

TEST(HostOptions, WithoutAHomeTheStateDirectoryMustBeSaid) {
  const auto options = Read({}, &Nothing);
  ASSERT_FALSE(options.ok());
  EXPECT_THAT(options.error().message, StartsWith("--state-dir: is missing"));
  EXPECT_TRUE(Read({"--ephemeral"}, &Nothing).ok());
}

const char* RelativeHome(const char* name) {
  return std::strcmp(name, "HOME") == 0 ? "folk/spot" : nullptr;
}

TEST(HostOptions, ARelativeHomeIsNoHome) {
  const auto options = Read({}, &RelativeHome);
  ASSERT_FALSE(options.ok());
  EXPECT_THAT(options.error().message, StartsWith("--state-dir: is missing, and $HOME"));
}

TEST(HostOptions, AStateDirectoryThatCannotBeIsNamedWithItsFlag) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  HostOptions options;
  options.robot_name = "spot";
  options.state_dir = folder / "not" / "yet";
  EXPECT_TRUE(CheckStateDir(options).ok());
  EXPECT_FALSE(std::filesystem::exists(folder / "not"));
  for (const auto& bad : {folder / "file", folder / "file" / "below"}) {
    options.state_dir = bad;
    const auto checked = CheckStateDir(options);
    ASSERT_FALSE(checked.ok()) << bad;
    EXPECT_THAT(checked.error().message, StartsWith("--state-dir: " + bad.string()));
  }
  options.state_dir = std::nullopt;
  EXPECT_TRUE(CheckStateDir(options).ok());
}

TEST(HostOptions, AFolderOfPluginsCountsByName) {
  const testing::TemporaryFolder folder;
  for (const char* file : {"b.so", "a.so", "read.me"}) std::ofstream(folder / file) << "x";
  const auto options = Read({"--plugin-dir", folder.path().string()});
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_THAT((*options)->plugins, ElementsAre("a.so", folder / "a.so", folder / "b.so"));
}

TEST(HostOptions, UntilAndTimeoutGoTogether) {
  const auto options = Read({"--until", "authorized", "--timeout", "2"});
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ((*options)->until, Until::kAuthorized);
  EXPECT_EQ((*options)->timeout, std::chrono::seconds(2));
}

TEST(HostOptions, HelpIsNoError) {
  const auto options = ReadHostOptions({"--help"}, &Nothing);
  ASSERT_TRUE(options.ok());
  EXPECT_FALSE(options->has_value());
}

struct BadLine {
  const char* what;
  std::vector<std::string> line;
  const char* problem;
};

class BadHostLines : public ::testing::TestWithParam<BadLine> {};

TEST_P(BadHostLines, AreOneLineThatNamesTheFlag) {
  const auto options = ReadHostOptions(GetParam().line, &Home);
  ASSERT_FALSE(options.ok());
  EXPECT_THAT(options.error().message, StartsWith(GetParam().problem));
  EXPECT_EQ(options.error().message.find('\n'), std::string::npos);
}

std::vector<std::string> With(const std::vector<std::string>& more) {
  std::vector<std::string> line = kLine;
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

INSTANTIATE_TEST_SUITE_P(
    HostOptions, BadHostLines,
    ::testing::Values(
        BadLine{"UnknownFlag", With({"--intervall", "1"}), "unknown flag --intervall"},
        BadLine{"AWord", With({"b.so"}), "'b.so': takes flags only"},
        BadLine{"NoPlugin", {"--robot", "spot", "--insecure"}, "--plugin: is missing"},
        BadLine{"NoFolder", With({"--plugin-dir", "no/such"}), "--plugin-dir: "},
        BadLine{"BothStates", With({"--state-dir", "x", "--ephemeral"}), "--state-dir, --ephem"},
        BadLine{"BadInterval", With({"--interval", "0"}), "--interval: '0'"},
        BadLine{"BadUntil", With({"--until", "happy"}), "--until: 'happy'"},
        BadLine{"TimeoutAlone", With({"--timeout", "1"}), "--timeout: only"},
        BadLine{"NoRobot", {"--plugin", "a.so"}, "--robot: is missing"}),
    [](const auto& test) { return std::string(test.param.what); });

}  // namespace
}  // namespace payload_manager::payload_host
