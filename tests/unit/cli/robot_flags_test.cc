#include "tools/cli/robot_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace payload_manager::cli {
namespace {

using ::testing::StartsWith;

Checked<ConnectionOptions> Read(const std::vector<std::string>& line) {
  const auto arguments = ParseArguments(line, RobotFlags());
  EXPECT_TRUE(arguments.ok());
  return ReadRobotFlags(*arguments);
}

TEST(RobotFlags, ARobotListensOnPort443UnlessSaidOtherwise) {
  const auto options = Read({"--robot", "192.168.80.3", "--insecure"});
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->robot.ToString(), "192.168.80.3:443");
  EXPECT_TRUE(options->insecure);
  EXPECT_FALSE(options->token_over_plain);
}

TEST(RobotFlags, TheRootCertificateIsReadFromItsFile) {
  const std::filesystem::path file =
      std::filesystem::path(::testing::TempDir()) / "robot_flags_test_root.pem";
  std::ofstream(file) << "a certificate";
  const auto options = Read({"--robot", "[::1]:4433", "--root-cert", file.string()});
  std::filesystem::remove(file);
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->robot.ToString(), "[::1]:4433");
  EXPECT_EQ(options->root_certificates_pem, "a certificate");
  EXPECT_FALSE(options->insecure);
}

TEST(RobotFlags, AreWhatTheLibrarysProblemsAreToldIn) {
  EXPECT_EQ(WithFlagNames("ConnectionOptions::root_certificates_pem: is no certificate"),
            "--root-cert: is no certificate");
  EXPECT_EQ(WithFlagNames("unless ConnectionOptions::token_over_plain allows it"),
            "unless --token-over-plain allows it");
  EXPECT_EQ(WithFlagNames("ConnectionOptions::robot: names no host"), "--robot: names no host");
}

struct BadLine {
  const char* what;
  std::vector<std::string> line;
  const char* problem;
};

class BadRobotFlags : public ::testing::TestWithParam<BadLine> {};

TEST_P(BadRobotFlags, AreNamedFirst) {
  const auto options = Read(GetParam().line);
  ASSERT_FALSE(options.ok());
  EXPECT_THAT(options.error().message, StartsWith(GetParam().problem));
}

INSTANTIATE_TEST_SUITE_P(
    RobotFlags, BadRobotFlags,
    ::testing::Values(
        BadLine{"NoRobot", {"--insecure"}, "--robot: is missing"},
        BadLine{"NoAddress", {"--robot", "a:b:c", "--insecure"}, "--robot: "},
        BadLine{"NeitherTrustNorInsecure", {"--robot", "spot"}, "--root-cert: is missing"},
        BadLine{"Both", {"--robot", "spot", "--insecure", "--root-cert", "x"}, "--root-cert, --in"},
        BadLine{
            "NoSuchFile", {"--robot", "spot", "--root-cert", "no/such"}, "--root-cert: no/such"},
        BadLine{"TokenOverPlainWithTls",
                {"--robot", "spot", "--root-cert", "x", "--token-over-plain"},
                "--token-over-plain: only"}),
    [](const auto& test) { return std::string(test.param.what); });

}  // namespace
}  // namespace payload_manager::cli
