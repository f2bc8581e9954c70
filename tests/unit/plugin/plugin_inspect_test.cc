// `payloadctl plugin inspect`: whatever a plugin does when it runs, it is one line and does not
// reach us.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/cli/fake_environment.h"
#include "tools/payloadctl/run.h"

namespace payload_manager::payloadctl {
namespace {

using cli::ExitCode;
using ::testing::HasSubstr;

class PluginInspect : public ::testing::Test {
 protected:
  ExitCode Inspect(const std::string& animal, const std::string& timeout = "30") {
    return payloadctl::Run(
        {"plugin", "inspect", PLUGIN_ZOO_DIR "/" + animal + ".so", "--timeout", timeout},
        environment_);
  }
  void ExpectOneLine(const std::string& saying) {
    const std::string errors = environment_.errors();
    EXPECT_THAT(errors, HasSubstr(saying));
    EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1) << errors;
    EXPECT_EQ(environment_.output(), "");
  }
  FakeEnvironment environment_;
};

TEST_F(PluginInspect, SaysWhatAPluginOffers) {
  EXPECT_EQ(Inspect("twin_a"), ExitCode::kDone);
  EXPECT_THAT(environment_.output(), HasSubstr("\n  zoo.twin: twin\n"));
  EXPECT_EQ(environment_.errors(), "");
}

TEST_F(PluginInspect, SaysInThePluginsWordsWhyItDoesNotOpen) {
  EXPECT_EQ(Inspect("open_fails"), ExitCode::kPluginRefused);
  ExpectOneLine("did not open: ");
}

TEST_F(PluginInspect, EndsThoughThePluginDoesNotReturn) {
  EXPECT_EQ(Inspect("hangs_in_open", "1"), ExitCode::kPluginRefused);
  ExpectOneLine("hangs_in_open.so: has not been loaded, opened and closed within 1 s");
}

TEST_F(PluginInspect, SurvivesAPluginThatEndsItsProcess) {
  EXPECT_EQ(Inspect("crashes_on_load"), ExitCode::kPluginRefused);
  ExpectOneLine("crashes_on_load.so: ended its process when it was loaded, opened or closed");
}

TEST_F(PluginInspect, KeepsWhatAPluginPrintsOutOfItsOwnOutput) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(Inspect("prints"), ExitCode::kDone);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

TEST_F(PluginInspect, ShowsANameOnOneLine) {
  EXPECT_EQ(Inspect("forger"), ExitCode::kDone);
  EXPECT_THAT(environment_.output(), HasSubstr("\n  zoo.forger: a forged:  [2J\n"));
}

}  // namespace
}  // namespace payload_manager::payloadctl
