// The commands about payload software, and the map from the administration to the command line.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <map>

#include "mock_robot/v1/faults.pb.h"
#include "mock_robot/v1/journal.pb.h"
#include "tests/unit/cli/fake_environment.h"

namespace payload_manager::payloadctl {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MockSoftware : public ::testing::Test {
 protected:
  int Run(std::vector<std::string> line) {
    line.insert(line.begin(), "mock");
    line.insert(line.end(), {"--admin", "127.0.0.1:41002"});
    return static_cast<int>(payloadctl::Run(line, env_));
  }

  FakeEnvironment env_;
};

TEST_F(MockSoftware, IsStagedAsTheFlagsSay) {
  EXPECT_EQ(Run({"stage", "acme", "--version", "1.2.3", "--build-id", "b7", "--released",
                 "2026-05-04T03:02:01Z", "--size", "10", "--url", "http://192.168.50.5/acme"}),
            0);
  EXPECT_EQ(Run({"unstage", "acme"}), 0);
  EXPECT_THAT(env_.admin.calls,
              ElementsAre("stage version_info { package_name: \"acme\" version { major_version: 1 "
                          "minor_version: 2 patch_level: 3 } release_date { seconds: 1777863721 } "
                          "build_id: \"b7\" } file_size: 10 url: \"http://192.168.50.5/acme\"",
                          "unstage acme"));
  EXPECT_EQ(env_.output(), "acme: lies ready\nacme: no longer lies ready\n");
}

TEST_F(MockSoftware, ThatIsDescribedWronglyIsNotStaged) {
  EXPECT_EQ(Run({"stage", "acme", "--version", "1.2"}), 2);
  EXPECT_EQ(Run({"stage", "acme", "--released", "yesterday"}), 2);
  EXPECT_EQ(Run({"stage", "acme", "--size", "-1"}), 2);
  EXPECT_EQ(Run({"stage", "acme", "--size", "1k"}), 2);
  EXPECT_EQ(Run({"prompt", "acme", "--patience", "soon"}), 2);
  EXPECT_THAT(env_.admin.calls, IsEmpty());
  EXPECT_THAT(env_.errors(), AllOf(HasSubstr("--version: "), HasSubstr("--released: 'yesterday'"),
                                   HasSubstr("--size: '-1'"), HasSubstr("--size: '1k'"),
                                   HasSubstr("--patience: ")));
}

TEST_F(MockSoftware, IsListedWithNumbersWhereNamesAreUnknown) {
  auto& software = env_.admin.software.emplace_back();
  software.set_package_name("acme\x1b[2J");
  software.mutable_status()->set_status(
      static_cast<bosdyn::api::SoftwareUpdateStatus::Status>(4711));
  EXPECT_EQ(Run({"software"}), 0);
  EXPECT_THAT(env_.output(), AllOf(HasSubstr("PACKAGE"), HasSubstr("acme?[2J"), HasSubstr("4711")));
}

TEST_F(MockSoftware, IsAskedForWithTheUsersPatience) {
  EXPECT_EQ(Run({"prompt", "acme", "--update", "--patience", "0.5"}), 0);
  EXPECT_THAT(env_.admin.calls, ElementsAre("prompt acme PROMPT_INITIATE_UPDATE 500000000 ns"));
}

// An rpc that is added without a command fails here.
TEST(Administration, HasACommandForEveryRpc) {
  const std::map<std::string, std::string> commands = {{"ListPayloads", "mock list"},
                                                       {"AuthorizePayload", "mock authorize"},
                                                       {"DeauthorizePayload", "mock deauthorize"},
                                                       {"RejectPayload", "mock reject"},
                                                       {"ForgetPayload", "mock forget"},
                                                       {"Reboot", "mock reboot"},
                                                       {"AdvanceClock", "mock advance"},
                                                       {"InjectFault", "mock inject"},
                                                       {"ListFaults", "mock faults"},
                                                       {"RemoveFault", "mock faults"},
                                                       {"RemoveAllFaults", "mock faults"},
                                                       {"ReleaseFault", "mock faults"},
                                                       {"ReadJournal", "mock journal"},
                                                       {"FollowJournal", "mock journal"},
                                                       {"CountJournal", "mock journal"},
                                                       {"AwaitJournal", "mock journal"},
                                                       {"PromptPayload", "mock prompt"},
                                                       {"StageSoftware", "mock stage"},
                                                       {"UnstageSoftware", "mock unstage"},
                                                       {"ListSoftware", "mock software"}};
  std::size_t rpcs = 0;
  for (const auto* file : {::mock_robot::v1::PayloadState::descriptor()->file(),
                           ::mock_robot::v1::Fault::descriptor()->file(),
                           ::mock_robot::v1::JournalEntry::descriptor()->file(),
                           ::mock_robot::v1::SoftwareState::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int k = 0; k < file->service(i)->method_count(); ++k, ++rpcs) {
        const std::string& rpc = file->service(i)->method(k)->name();
        ASSERT_EQ(commands.count(rpc), 1u) << rpc;
        const auto known = Commands();
        EXPECT_TRUE(std::any_of(known.begin(), known.end(), [&](const Command& command) {
          return command.name == commands.at(rpc);
        })) << rpc;
      }
    }
  }
  EXPECT_EQ(rpcs, commands.size());
}

TEST_F(MockSoftware, AndTheOtherMockCommandsAreListedByHelpOnMock) {
  EXPECT_EQ(Run({"--help"}), 0);
  EXPECT_THAT(env_.output(), AllOf(HasSubstr("  mock stage PACKAGE"), HasSubstr("  mock reject")));
  EXPECT_EQ(env_.output().find("  register "), std::string::npos);
  EXPECT_EQ(payloadctl::Run({"moc", "--help"}, env_), cli::ExitCode::kBadInput);
}

}  // namespace
}  // namespace payload_manager::payloadctl
