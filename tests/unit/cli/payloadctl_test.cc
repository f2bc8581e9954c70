#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/fake_environment.h"

namespace payload_manager::payloadctl {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kGuid[] = "78b076a2-b4ba-491d-a099-738928c4410c";
constexpr char kSecret[] = "a-secret-nobody-may-see";

class Payloadctl : public ::testing::Test {
 protected:
  // Runs a line with the flags for a robot, and --credentials when it is `with_credentials`.
  int Run(std::vector<std::string> line, bool with_credentials = false) {
    line.insert(line.end(), {"--robot", "spot", "--insecure", "--token-over-plain"});
    if (with_credentials) line.insert(line.end(), {"--credentials", Credentials()});
    return RunBare(line);
  }
  int RunAdmin(std::vector<std::string> line) {
    line.insert(line.end(), {"--admin", "127.0.0.1:41002"});
    return RunBare(line);
  }
  int RunBare(const std::vector<std::string>& line) {
    return static_cast<int>(payloadctl::Run(line, env_));
  }
  std::string Credentials() {
    return folder_.Write("credentials", std::string(kGuid) + '\n' + kSecret + '\n', true);
  }
  void ExpectOneLine(const std::string& text) {
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    EXPECT_THAT(text, StartsWith("payloadctl: "));
  }

  FakeEnvironment env_;
  TestFolder folder_;
};

TEST_F(Payloadctl, GlobalFlagsMayStandBeforeAndAfterTheCommand) {
  EXPECT_EQ(RunBare({"--robot", "spot:1", "attach", "--insecure", "--credentials", Credentials()}),
            0);
  EXPECT_EQ(env_.connected.at(0).robot.ToString(), "spot:1");
  EXPECT_EQ(env_.output(), std::string(kGuid) + ": attached\n");
  EXPECT_THAT(env_.errors(), IsEmpty());
}

TEST_F(Payloadctl, TheTimeoutFlagIsTheTimeoutOfEveryCall) {
  EXPECT_EQ(Run({"attach", "--timeout", "2.5"}, true), 0);
  EXPECT_EQ(env_.robot.timeout, std::chrono::milliseconds(2500));
}

TEST_F(Payloadctl, HelpNamesEveryCommandAndEveryCommandHasHelp) {
  EXPECT_EQ(RunBare({"--help"}), 0);
  for (const Command& command : Commands()) {
    EXPECT_THAT(env_.output(), HasSubstr("\n  " + command.name)) << command.name;
    FakeEnvironment other;
    std::vector<std::string> line{"--help"};
    std::istringstream words(command.name);
    for (std::string word; words >> word;) line.push_back(word);
    EXPECT_EQ(payloadctl::Run(line, other), cli::ExitCode::kDone);
    EXPECT_THAT(other.output(), AllOf(HasSubstr("Usage: payloadctl " + command.name),
                                      HasSubstr("JSON: {"), HasSubstr("--robot ADDR")));
  }
}

TEST_F(Payloadctl, HelpFitsATerminal) {
  std::vector<std::vector<std::string>> lines{{"--help"}};
  for (const Command& command : Commands()) {
    std::istringstream words(command.name + " --help");
    lines.emplace_back();
    for (std::string word; words >> word;) lines.back().push_back(word);
  }
  for (const auto& line : lines) EXPECT_EQ(RunBare(line), 0);
  std::istringstream output(env_.output());
  for (std::string line; std::getline(output, line);) EXPECT_LE(line.size(), 100u) << line;
}

TEST_F(Payloadctl, RegisteringMakesTheCredentialsFileAndFillsInTheGuid) {
  const std::string definition = folder_.Write(
      "lidar.textproto", "name: 'Lidar' mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD", false);
  const std::string file = (folder_ / "new").string();
  EXPECT_EQ(Run({"register", definition, "--credentials", file}), 0) << env_.errors();
  ASSERT_EQ(env_.robot.registered.size(), 1u);
  const std::string guid = env_.robot.registered[0].guid();
  EXPECT_EQ(guid.size(), 36u);
  EXPECT_THAT(env_.output(), HasSubstr(guid + ": registered"));
  EXPECT_EQ(ReadCredentialsFile(file)->guid, guid);
  EXPECT_THAT(env_.output() + env_.errors(),
              Not(HasSubstr(std::string(ReadCredentialsFile(file)->secret.Reveal()))));
}

TEST_F(Payloadctl, ABadDefinitionIsRefusedBeforeAnIdentityIsMade) {
  const std::string definition = folder_.Write("nameless.textproto", "description: 'x'", false);
  const std::string file = (folder_ / "new").string();
  EXPECT_EQ(Run({"register", definition, "--credentials", file}), 2);
  ExpectOneLine(env_.errors());
  EXPECT_THAT(env_.errors(), AllOf(HasSubstr(definition), HasSubstr("name")));
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_THAT(env_.robot.calls, IsEmpty());
}

TEST_F(Payloadctl, WarningsAboutADefinitionGoToTheErrorOutput) {
  const std::string definition = folder_.Write(
      "heavy.textproto", "name: 'Heavy' mass_volume_properties { total_mass: 26 }", false);
  EXPECT_EQ(Run({"register", definition}, true), 0);
  EXPECT_THAT(env_.errors(), StartsWith("payloadctl: warning: " + definition));
}

TEST_F(Payloadctl, TheTokenIsPrintedOnlyWhenAskedFor) {
  EXPECT_EQ(Run({"token"}, true), 0);
  EXPECT_THAT(env_.output(), AllOf(HasSubstr("authorized"), Not(HasSubstr("the-token"))));
  EXPECT_EQ(Run({"token", "--show"}, true), 0);
  EXPECT_THAT(env_.output(), HasSubstr("\nthe-token\n"));
}

TEST_F(Payloadctl, TheVersionIsCheckedBeforeAnythingIsSent) {
  for (const char* version :
       {"1.2", "1.2.3.4", "a.b.c", "-1.2.3", "1.2.3 ", "1..3", "", "+1.2.3", "1.2.99999999999"}) {
    FakeEnvironment env;
    EXPECT_EQ(payloadctl::Run({"update-version", "--robot", "spot", "--insecure", "--credentials",
                               Credentials(), "--", version},
                              env),
              cli::ExitCode::kBadInput)
        << version;
    EXPECT_THAT(env.robot.calls, IsEmpty());
    EXPECT_THAT(env.errors(), HasSubstr("is not a version like 1.2.3"));
  }
  EXPECT_EQ(Run({"update-version", "1.20.3"}, true), 0);
  EXPECT_THAT(env_.robot.calls, ElementsAre(std::string("version ") + kGuid +
                                            " major_version: 1 minor_version: 20 patch_level: 3"));
}

TEST_F(Payloadctl, AListAsAPayloadUsesItsToken) {
  auto& payload = *env_.robot.payloads.add_payloads();
  payload.set_guid(kGuid);
  payload.set_name("Li\x1b[2Jdar");
  payload.set_is_authorized(true);
  EXPECT_EQ(Run({"list"}, true), 0);
  EXPECT_EQ(env_.robot.calls.back(), "list the-token");
  EXPECT_THAT(env_.output(), AllOf(HasSubstr(kGuid), HasSubstr("Li?[2Jdar")));
}

TEST_F(Payloadctl, AListAsAUserAsksForThePassword) {
  env_.passwords = {"typed"};
  EXPECT_EQ(Run({"list", "--user", "ada"}), 0);
  EXPECT_THAT(env_.prompts, ElementsAre("Password of ada: "));
  EXPECT_THAT(env_.robot.calls, ElementsAre("authenticate ada typed", "list the-token"));
}

TEST_F(Payloadctl, APasswordFileMustBePrivate) {
  EXPECT_EQ(Run({"list", "--user", "ada", "--password-file",
                 folder_.Write("password", "from-file\nline 2\n", true)}),
            0);
  EXPECT_EQ(env_.robot.calls.front(), "authenticate ada from-file");
  env_.robot.calls.clear();
  EXPECT_EQ(Run({"list", "--user", "ada", "--password-file",
                 folder_.Write("open", "from-file\n", false)}),
            2);
  EXPECT_THAT(env_.errors(), AllOf(HasSubstr("--password-file: "), HasSubstr("chmod 600")));
  EXPECT_THAT(env_.robot.calls, IsEmpty());
}

TEST_F(Payloadctl, ADiffNamesTheFieldsAndEndsWithOne) {
  auto& payload = *env_.robot.payloads.add_payloads();
  payload.set_guid("78B076A2-B4BA-491D-A099-738928C4410C");
  payload.set_name("Lidar");
  payload.mutable_mass_volume_properties()->set_total_mass(2);
  const std::string same = folder_.Write(
      "same.textproto", "name: 'Lidar' mass_volume_properties { total_mass: 2 }", false);
  EXPECT_EQ(Run({"diff", same}, true), 0) << env_.output() << env_.errors();
  const std::string other = folder_.Write(
      "other.textproto", "name: 'Lidar' mass_volume_properties { total_mass: 3 }", false);
  EXPECT_EQ(Run({"diff", other}, true), 1);
  EXPECT_THAT(env_.output(), HasSubstr("mass_volume_properties.total_mass"));
  env_.robot.payloads.clear_payloads();
  EXPECT_EQ(Run({"diff", same}, true), 8);
}

TEST_F(Payloadctl, MockCommandsAskTheAdministration) {
  EXPECT_EQ(RunAdmin({"mock", "authorize", "G", "--preset", "rear"}), 0);
  EXPECT_EQ(RunAdmin({"mock", "deauthorize", "G"}), 0);
  EXPECT_EQ(RunAdmin({"mock", "reject", "G"}), 0);
  EXPECT_EQ(RunAdmin({"mock", "forget", "G"}), 0);
  EXPECT_EQ(RunAdmin({"mock", "reboot"}), 0);
  EXPECT_THAT(env_.admin.calls,
              ElementsAre("authorize G rear", "deauthorize G", "reject G", "forget G", "reboot"));
  EXPECT_THAT(env_.admins, Each("127.0.0.1:41002"));
}

struct AdminEnd {
  ::mock_robot::v1::Result result;
  int exit_code;
};

TEST_F(Payloadctl, MockPromptAsksForTheVersionOrAnUpdate) {
  EXPECT_EQ(RunAdmin({"mock", "prompt", "acme-update"}), 0);
  EXPECT_EQ(RunAdmin({"mock", "prompt", "acme-update", "--update"}), 0);
  EXPECT_THAT(env_.admin.calls, ElementsAre("prompt acme-update PROMPT_SEND_VERSION",
                                            "prompt acme-update PROMPT_INITIATE_UPDATE"));
}

TEST_F(Payloadctl, AuthorizesAllThatWait) {
  for (const char* guid : {"a", "b", "c"}) {
    ::mock_robot::v1::PayloadState state;
    state.set_guid(guid);
    state.set_authorized(guid == std::string("b"));
    env_.admin.payloads.push_back(state);
  }
  EXPECT_EQ(RunAdmin({"mock", "authorize", "--all"}), 0);
  EXPECT_THAT(env_.admin.calls, ElementsAre("authorize a ", "authorize c "));
  EXPECT_EQ(RunAdmin({"mock", "authorize", "G", "--all"}), 2);
  EXPECT_EQ(RunAdmin({"mock", "authorize", "--all", "--preset", "x"}), 2);
  EXPECT_EQ(RunAdmin({"mock", "authorize"}), 2);
}

TEST_F(Payloadctl, WhatTheAdministrationRefusesHasAnExitCode) {
  for (const AdminEnd& end : {AdminEnd{::mock_robot::v1::RESULT_UNKNOWN_PAYLOAD, 8},
                              AdminEnd{::mock_robot::v1::RESULT_UNKNOWN_PRESET, 8},
                              AdminEnd{::mock_robot::v1::RESULT_UNKNOWN_SERVICE, 8},
                              AdminEnd{::mock_robot::v1::RESULT_CALL_FAILED, 3},
                              AdminEnd{::mock_robot::v1::RESULT_WRONG_STATE, 1},
                              AdminEnd{::mock_robot::v1::RESULT_UNSPECIFIED, 1}}) {
    FakeEnvironment env;
    env.admin.answer = AdminAnswer{end.result, "the reason"};
    EXPECT_EQ(
        static_cast<int>(payloadctl::Run({"mock", "forget", "G", "--admin", "localhost:1"}, env)),
        end.exit_code);
    EXPECT_EQ(env.errors(), "payloadctl: the reason\n");
    EXPECT_THAT(env.output(), IsEmpty());
  }
}

TEST_F(Payloadctl, AFailedCallEndsWithItsCodeAndNothingOnTheOutput) {
  env_.robot.failure = Failure{FailureKind::kPayloadNotAuthorized, "spot: not authorized yet"};
  EXPECT_EQ(Run({"token"}, true), 6);
  EXPECT_EQ(env_.errors(), "payloadctl: spot: not authorized yet\n");
  EXPECT_THAT(env_.output(), IsEmpty());
}

TEST_F(Payloadctl, NoOutputHoldsASecret) {
  env_.passwords = {"typed", "typed", "typed"};
  Run({"token"}, true);
  Run({"attach"}, true);
  Run({"list", "--json"}, true);
  Run({"list", "--user", "ada"});
  env_.robot.failure = Failure{FailureKind::kInvalidPayloadCredentials, "no"};
  Run({"token"}, true);
  EXPECT_THAT(env_.output() + env_.errors(),
              AllOf(Not(HasSubstr(kSecret)), Not(HasSubstr("typed")), Not(HasSubstr("the-token"))));
}

struct BadLine {
  const char* what;
  std::vector<std::string> line;
  const char* problem;
};

class BadCommandLines : public ::testing::TestWithParam<BadLine> {};

TEST_P(BadCommandLines, AreOneLineAndExitCodeTwo) {
  FakeEnvironment env;
  EXPECT_EQ(payloadctl::Run(GetParam().line, env), cli::ExitCode::kBadInput);
  EXPECT_THAT(env.errors(), StartsWith("payloadctl: " + std::string(GetParam().problem)));
  const std::string errors = env.errors();
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1) << errors;
  EXPECT_THAT(env.output(), IsEmpty());
  EXPECT_THAT(env.robot.calls, IsEmpty());
  EXPECT_THAT(env.admin.calls, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Payloadctl, BadCommandLines,
    ::testing::Values(
        BadLine{"Nothing", {}, "no command given"},
        BadLine{"UnknownCommand", {"lst"}, "unknown command 'lst'"},
        BadLine{"HalfACommand", {"mock"}, "'mock' wants one of: list, authorize"},
        BadLine{"WrongHalf", {"mock", "x"}, "unknown command 'mock x'"},
        BadLine{"UnknownFlag", {"list", "--jsn"}, "unknown flag --jsn"},
        BadLine{"AnotherCommandsFlag", {"attach", "--show"}, "unknown flag --show for 'attach'"},
        BadLine{"ArgumentMissing", {"mock", "forget"}, "GUID: is missing"},
        BadLine{"OneArgumentTooMany", {"mock", "reboot", "now"}, "'now': one argument too many"},
        BadLine{"NoRobot", {"list", "--user", "ada"}, "--robot: is missing"},
        BadLine{"NoAdmin", {"mock", "reboot"}, "--admin: is missing"},
        BadLine{"AdminWithoutPort", {"mock", "reboot", "--admin", "localhost"}, "--admin: "},
        BadLine{"NoCredentials", {"token"}, "--credentials: is missing"},
        BadLine{"CredentialsMissing", {"token", "--credentials", "no/such"}, "--credentials: no/"},
        BadLine{"BothUserAndPayload",
                {"list", "--user", "ada", "--credentials", "f"},
                "--user, --credentials: "},
        BadLine{"NeitherUserNorPayload", {"list"}, "--credentials: is missing"},
        BadLine{"PasswordOfNobody",
                {"list", "--password-file", "f", "--credentials", "f"},
                "--password-file: only"},
        BadLine{"BadTimeout", {"list", "--timeout", "soon"}, "--timeout: 'soon'"},
        BadLine{"DefinitionMissing", {"register", "no/such.textproto"}, "no/such.textproto"},
        BadLine{"DefinitionOfUnknownKind", {"register", "lidar.yaml"}, "lidar.yaml"}),
    [](const auto& test) { return std::string(test.param.what); });

}  // namespace
}  // namespace payload_manager::payloadctl
