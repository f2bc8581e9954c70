// What `--json` prints, held against files: scripts rely on every field. A file may gain fields;
// it never loses or renames one.
#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/fake_environment.h"

namespace payload_manager::payloadctl {
namespace {

constexpr char kGuid[] = "78b076a2-b4ba-491d-a099-738928c4410c";

std::string Golden(const std::string& name) {
  std::ifstream file(std::string(GOLDEN_DIR "/") + name);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class GoldenOutput : public ::testing::Test {
 protected:
  GoldenOutput() {
    auto& payload = *env_.robot.payloads.add_payloads();
    payload.set_guid(kGuid);
    payload.set_name("Lidar");
    payload.set_description("Sees \"far\"");
    payload.set_is_authorized(true);
    payload.set_is_enabled(true);
    payload.mutable_version()->set_minor_version(2);
    payload.mutable_mass_volume_properties()->set_total_mass(0.5F);
    payload.add_preset_configurations()->set_preset_name("front");
    payload.add_preset_configurations()->set_preset_name("rear");
    auto& bare = *env_.robot.payloads.add_payloads();
    bare.set_guid("a-payload-of-others");

    ::mock_robot::v1::PayloadState state;
    state.set_guid(kGuid);
    state.set_name("Lidar");
    state.set_authorized(true);
    state.set_attached(true);
    state.mutable_version()->set_major_version(3);
    state.set_credentials_known(true);
    state.set_preset_applied("rear");
    state.add_presets_offered("front");
    state.add_presets_offered("rear");
    state.add_warnings("heavy");
    state.set_registrations(7);
    using google::protobuf::util::TimeUtil;
    *state.mutable_first_registered() = TimeUtil::SecondsToTimestamp(1'700'000'000);
    *state.mutable_last_registered() = TimeUtil::MillisecondsToTimestamp(1'700'000'010'250);
    env_.admin.payloads.push_back(state);

    env_.admin.software.push_back(LidarSoftware());
    env_.admin.software.emplace_back().set_package_name("bare");

    ::mock_robot::v1::FaultState fault;
    fault.set_id(4);
    fault.set_kind("hang");
    fault.mutable_fault()->mutable_calls()->set_rpc("RegisterPayload");
    fault.mutable_fault()->set_times(2);
    *fault.mutable_fault()->mutable_lasts() = TimeUtil::MillisecondsToDuration(1500);
    fault.set_fired(1);
    fault.set_held(1);
    env_.admin.faults.faults.push_back(fault);
    ::mock_robot::v1::JournalEntry entry;
    entry.set_number(6);
    *entry.mutable_received() = TimeUtil::MillisecondsToTimestamp(1'700'000'010'250);
    entry.set_rpc("RegisterPayload");
    entry.set_guid(kGuid);
    entry.set_client_name("lidar");
    entry.set_peer("127.0.0.1:41234");
    env_.admin.faults.journal.push_back(entry);
    entry.set_answered(true);
    *entry.mutable_took() = TimeUtil::MicrosecondsToDuration(250);
    entry.set_outcome("STATUS_ALREADY_EXISTS");
    entry.set_fault(4);
    env_.admin.faults.journal.push_back(entry);
  }

  static ::mock_robot::v1::SoftwareState LidarSoftware() {
    using google::protobuf::util::TimeUtil;
    ::mock_robot::v1::SoftwareState software;
    software.set_package_name("acme-lidar");
    software.mutable_current()->mutable_version()->set_minor_version(2);
    software.mutable_current()->set_build_id("b7");
    software.mutable_status()->set_status(bosdyn::api::SoftwareUpdateStatus::STATUS_INSTALLING);
    software.mutable_status()->set_error_code(bosdyn::api::SoftwareUpdateStatus::ERROR_NONE);
    auto& staged = *software.mutable_staged();
    staged.mutable_version_info()->mutable_version()->set_minor_version(3);
    *staged.mutable_version_info()->mutable_release_date() =
        TimeUtil::SecondsToTimestamp(1'700'000'000);
    staged.set_file_size(4096);
    staged.set_url("http://192.168.50.5/lidar");
    software.set_reporter(kGuid);
    *software.mutable_reported_at() = TimeUtil::SecondsToTimestamp(1'700'000'010);
    return software;
  }

  std::string Json(std::vector<std::string> line) {
    line.insert(line.end(), {"--json"});
    if (line[0] == "mock") {
      line.insert(line.end(), {"--admin", "localhost:1"});
    } else {
      line.insert(line.end(),
                  {"--robot", "spot", "--insecure", "--token-over-plain", "--credentials",
                   folder_.Write("credentials", std::string(kGuid) + "\nsecret-secret\n", true)});
    }
    payloadctl::Run(line, env_);
    EXPECT_EQ(env_.errors(), "");
    return env_.output();
  }

  FakeEnvironment env_;
  TestFolder folder_;
};

TEST_F(GoldenOutput, OfList) { EXPECT_EQ(Json({"list"}), Golden("list.json")); }
TEST_F(GoldenOutput, OfToken) { EXPECT_EQ(Json({"token"}), Golden("token.json")); }
TEST_F(GoldenOutput, OfTokenShown) {
  EXPECT_EQ(Json({"token", "--show"}), Golden("token_show.json"));
}
TEST_F(GoldenOutput, OfAttach) { EXPECT_EQ(Json({"attach"}), Golden("attach.json")); }
TEST_F(GoldenOutput, OfDetach) { EXPECT_EQ(Json({"detach"}), Golden("detach.json")); }
TEST_F(GoldenOutput, OfUpdateVersion) {
  EXPECT_EQ(Json({"update-version", "1.2.3"}), Golden("update-version.json"));
}
TEST_F(GoldenOutput, OfRegister) {
  const auto file = folder_.Write(
      "a.textproto", "name: 'Lidar' mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD", false);
  EXPECT_EQ(Json({"register", file}), Golden("register.json"));
}
TEST_F(GoldenOutput, OfDiff) {
  const auto file = folder_.Write("a.textproto",
                                  "name: 'Lidar' description: 'Sees \"far\"' "
                                  "mass_volume_properties { total_mass: 0.75 }",
                                  false);
  EXPECT_EQ(Json({"diff", file}), Golden("diff.json"));
}
TEST_F(GoldenOutput, OfMockList) { EXPECT_EQ(Json({"mock", "list"}), Golden("mock-list.json")); }
TEST_F(GoldenOutput, OfMockAuthorize) {
  EXPECT_EQ(Json({"mock", "authorize", kGuid, "--preset", "rear"}), Golden("mock-authorize.json"));
}
TEST_F(GoldenOutput, OfMockDeauthorize) {
  EXPECT_EQ(Json({"mock", "deauthorize", kGuid}), Golden("mock-deauthorize.json"));
}
TEST_F(GoldenOutput, OfMockForget) {
  EXPECT_EQ(Json({"mock", "forget", kGuid}), Golden("mock-forget.json"));
}
TEST_F(GoldenOutput, OfMockInject) {
  EXPECT_EQ(Json({"mock", "inject", "reset"}), Golden("mock-inject.json"));
}
TEST_F(GoldenOutput, OfMockFaults) {
  EXPECT_EQ(Json({"mock", "faults"}), Golden("mock-faults.json"));
}
TEST_F(GoldenOutput, OfMockJournal) {
  EXPECT_EQ(Json({"mock", "journal"}), Golden("mock-journal.json"));
}
TEST_F(GoldenOutput, OfMockReboot) {
  EXPECT_EQ(Json({"mock", "reboot"}), Golden("mock-reboot.json"));
}
TEST_F(GoldenOutput, OfMockAdvance) {
  EXPECT_EQ(Json({"mock", "advance", "43200"}), Golden("mock-advance.json"));
}
TEST_F(GoldenOutput, OfMockReject) {
  EXPECT_EQ(Json({"mock", "reject", kGuid}), Golden("mock-reject.json"));
}
TEST_F(GoldenOutput, OfMockSoftware) {
  EXPECT_EQ(Json({"mock", "software"}), Golden("mock-software.json"));
}
TEST_F(GoldenOutput, OfMockStage) {
  EXPECT_EQ(Json({"mock", "stage", "acme-lidar"}), Golden("mock-stage.json"));
}
TEST_F(GoldenOutput, OfMockUnstage) {
  EXPECT_EQ(Json({"mock", "unstage", "acme-lidar"}), Golden("mock-unstage.json"));
}
TEST_F(GoldenOutput, OfMockPrompt) {
  EXPECT_EQ(Json({"mock", "prompt", "acme-update"}), Golden("mock-prompt.json"));
}

}  // namespace
}  // namespace payload_manager::payloadctl
