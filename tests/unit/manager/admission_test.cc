#include "manager/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "bosdyn/api/payload.pb.h"
#include "tests/support/temporary_folder.h"

namespace payload_manager {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr char kGuid[] = "78b076a2-b4ba-491d-a099-738928c4410c";

class Admission : public ::testing::Test {
 protected:
  static Checked<Candidate> Examine(const std::string& text, bool strict = false) {
    return Candidate::Examine("lidar.so", {"acme.lidar", text, DefinitionEncoding::kText}, {},
                              strict);
  }
  // As the manager does when everything is admitted.
  static Checked<Done> Admit(Candidate& candidate, const IdentityStore& store,
                             const std::vector<PayloadIdentity>& others, double others_mass_kg) {
    if (auto found = candidate.Identify("spot", store, others, others_mass_kg); !found.ok()) {
      return found;
    }
    return candidate.MakeIdentity("spot", store);
  }
  IdentityStore Kept() { return {folder_.path(), SystemRandom()}; }
  IdentityStore Ephemeral() { return {std::nullopt, SystemRandom()}; }
  fs::path File() const { return folder_ / "spot" / "acme.lidar"; }

  const testing::TemporaryFolder folder_;
};

TEST_F(Admission, FillsInAnIdentityThatStays) {
  auto first = Examine("name: 'Lidar'");
  ASSERT_TRUE(first.ok()) << first.error().message;
  ASSERT_TRUE(Admit(*first, Kept(), {}, 0).ok());
  EXPECT_EQ(first->definition().guid().size(), 36u);
  EXPECT_EQ(first->secret().size(), 22u);
  auto second = Examine("name: 'Lidar'");
  ASSERT_TRUE(Admit(*second, Kept(), {}, 0).ok());
  EXPECT_EQ(second->definition().guid(), first->definition().guid());
  EXPECT_TRUE(second->secret() == first->secret());
}

TEST_F(Admission, AnEphemeralIdentityIsNewEachTimeAndLeavesNothing) {
  auto first = Examine("name: 'Lidar'");
  auto second = Examine("name: 'Lidar'");
  ASSERT_TRUE(Admit(*first, Ephemeral(), {}, 0).ok());
  ASSERT_TRUE(Admit(*second, Ephemeral(), {}, 0).ok());
  EXPECT_NE(first->definition().guid(), second->definition().guid());
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Admission, AGuidFixedByTheDefinitionWins) {
  auto candidate = Examine(std::string("name: 'Lidar' GUID: '") + kGuid + "'");
  ASSERT_TRUE(candidate.ok()) << candidate.error().message;
  ASSERT_TRUE(Admit(*candidate, Kept(), {}, 0).ok());
  EXPECT_EQ(candidate->definition().guid(), kGuid);
}

TEST_F(Admission, AFileThatDisagreesWithAFixedGuidIsAProblem) {
  auto first = Examine("name: 'Lidar'");
  ASSERT_TRUE(Admit(*first, Kept(), {}, 0).ok());
  auto candidate = Examine(std::string("name: 'Lidar' GUID: '") + kGuid + "'");
  const auto identified = Admit(*candidate, Kept(), {}, 0);
  ASSERT_FALSE(identified.ok());
  EXPECT_THAT(identified.error().message,
              AllOf(StartsWith("lidar.so: acme.lidar: "), HasSubstr(File().string())));
}

TEST_F(Admission, ATakenPayloadIdIsRefusedBeforeAnIdentityIsMade) {
  auto candidate = Examine("name: 'Lidar'");
  const auto identified = Admit(*candidate, Kept(), {{"acme.lidar", "other", "first.so"}}, 0);
  ASSERT_FALSE(identified.ok());
  EXPECT_THAT(identified.error().message, AllOf(HasSubstr("lidar.so"), HasSubstr("first.so")));
  EXPECT_FALSE(fs::exists(File()));
}

TEST_F(Admission, ATakenGuidIsRefusedWhateverItsCase) {
  auto candidate = Examine(std::string("name: 'Lidar' GUID: '") + kGuid + "'");
  const auto identified = Admit(
      *candidate, Kept(), {{"acme.camera", "78B076A2-B4BA-491D-A099-738928C4410C", "first.so"}}, 0);
  ASSERT_FALSE(identified.ok());
  EXPECT_FALSE(fs::exists(File()));
}

TEST_F(Admission, LookingForAnIdentityMakesNone) {
  auto candidate = Examine("name: 'Lidar'");
  ASSERT_TRUE(candidate->Identify("spot", Kept(), {}, 0).ok());
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Admission, ATakenIdNamesTheFileOnce) {
  auto candidate = Examine("name: 'Lidar'");
  const auto admitted = Admit(*candidate, Kept(), {{"acme.lidar", "other", "first.so"}}, 0);
  ASSERT_FALSE(admitted.ok());
  const std::string& message = admitted.error().message;
  EXPECT_THAT(message, StartsWith("lidar.so: "));
  EXPECT_EQ(message.find("lidar.so", 1), std::string::npos) << message;
}

TEST_F(Admission, ACopiedIdentityFileIsRefused) {
  auto lidar = Examine("name: 'Lidar'");
  ASSERT_TRUE(Admit(*lidar, Kept(), {}, 0).ok());
  auto copy = Examine("name: 'Lidar'");
  const auto identified =
      Admit(*copy, Kept(), {{"acme.camera", lidar->definition().guid(), "first.so"}}, 0);
  EXPECT_FALSE(identified.ok());
}

TEST_F(Admission, AnIdentityThatOthersMayReadIsRefused) {
  auto first = Examine("name: 'Lidar'");
  ASSERT_TRUE(Admit(*first, Kept(), {}, 0).ok());
  fs::permissions(File(), fs::perms::group_read, fs::perm_options::add);
  auto again = Examine("name: 'Lidar'");
  const auto identified = Admit(*again, Kept(), {}, 0);
  ASSERT_FALSE(identified.ok());
  EXPECT_THAT(identified.error().message, HasSubstr("chmod 600"));
}

TEST_F(Admission, BytesThatAreNoDefinitionAreRefused) {
  const auto candidate = Examine("name 'Lidar");
  ASSERT_FALSE(candidate.ok());
  EXPECT_THAT(candidate.error().message, StartsWith("lidar.so: acme.lidar: "));
}

TEST_F(Admission, AnImplausibleDefinitionIsRefusedWithAllItsErrors) {
  const auto candidate = Examine("is_authorized: true mass_volume_properties { total_mass: -1 }");
  ASSERT_FALSE(candidate.ok());
  EXPECT_THAT(candidate.error().message,
              AllOf(HasSubstr("name"), HasSubstr("is_authorized"), HasSubstr("total_mass")));
}

constexpr char kHeavy[] =
    "name: 'Lidar' mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD "
    "mass_volume_properties { total_mass: 13 }";

TEST_F(Admission, WarningsAreKeptAndWithStrictRefuse) {
  EXPECT_FALSE(Examine("name: 'Lidar'")->warnings().empty());
  EXPECT_FALSE(Examine("name: 'Lidar'", true).ok());
  ASSERT_TRUE(Examine(kHeavy, true).ok()) << Examine(kHeavy, true).error().message;
}

TEST_F(Admission, PayloadsAreWeighedTogether) {
  auto candidate = Examine(kHeavy);
  EXPECT_THAT(candidate->warnings(), IsEmpty());
  ASSERT_TRUE(Admit(*candidate, Ephemeral(), {}, 5).ok());
  EXPECT_FALSE(candidate->warnings().empty());
  auto strict = Examine(kHeavy, true);
  EXPECT_FALSE(Admit(*strict, Kept(), {}, 5).ok());
  EXPECT_FALSE(fs::exists(File()));
}

TEST(RobotNames, NameFolders) {
  EXPECT_TRUE(IdentityStore::CheckRobotName("192.168.80.3:443").ok());
  EXPECT_TRUE(IdentityStore::CheckRobotName("[::1]:443").ok());
  for (const std::string name : {"", ".", "..", "a/b", "a\nb"}) {
    EXPECT_FALSE(IdentityStore::CheckRobotName(name).ok()) << name;
  }
}

}  // namespace
}  // namespace payload_manager
