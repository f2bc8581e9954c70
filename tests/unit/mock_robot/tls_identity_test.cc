#include "identity/tls_identity.h"

#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <filesystem>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "identity/x509.h"
#include "payload_manager/base/files.h"
#include "tests/support/temporary_folder.h"

namespace mock_robot {
namespace {

namespace fs = std::filesystem;
using payload_manager::FileMode;
using testing::HasSubstr;

class TlsIdentityTest : public testing::Test {
 protected:
  mode_t ModeOf(const std::string& file) const {
    struct stat status {};
    EXPECT_EQ(stat((directory_ / file).c_str(), &status), 0) << file;
    return status.st_mode & 0777;
  }
  void Write(const std::string& file, std::string_view content, FileMode mode) {
    ASSERT_TRUE(payload_manager::WriteFileAtomically(directory_ / file, content, mode).ok());
  }
  std::string ProblemOf() const {
    const auto loaded = LoadOrMakeTlsIdentity(directory_);
    return loaded.ok() ? "none" : loaded.error().message;
  }

  const payload_manager::testing::TemporaryFolder folder_;
  fs::path directory_ = folder_ / "tls";
};

TEST_F(TlsIdentityTest, IsGoodForEveryNameOfTheRobot) {
  const auto identity = MakeTlsIdentity();
  ASSERT_TRUE(identity.ok());
  const auto root = x509::CertificateFromPem(identity->root_pem);
  const auto server = x509::CertificateFromPem(identity->certificate_pem);
  const auto key = x509::KeyFromPem(identity->key_pem.Reveal());
  ASSERT_TRUE(root && server && key);
  EXPECT_TRUE(x509::IsSignedBy(server.get(), root.get()));
  EXPECT_TRUE(x509::IsFor(server.get(), key.get()));
  EXPECT_TRUE(x509::IsInItsTime(server.get()));
  EXPECT_TRUE(x509::CoversRobotNames(server.get()));
  const auto is_for = [&](const char* host) {
    return X509_check_host(server.get(), host, 0, 0, nullptr) == 1;
  };
  EXPECT_TRUE(is_for("payload-registration.spot.robot"));
  EXPECT_TRUE(is_for("auth.spot.robot"));
  EXPECT_TRUE(is_for("id.spot.robot"));
  EXPECT_FALSE(is_for("example.com"));
}

TEST_F(TlsIdentityTest, IsKeptInADirectoryAndFoundAgain) {
  const auto made = LoadOrMakeTlsIdentity(directory_);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(ModeOf("root.pem"), 0644u);
  EXPECT_EQ(ModeOf("server-key.pem"), 0600u);
  const auto found = LoadOrMakeTlsIdentity(directory_);
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->root_pem, made->root_pem);
  EXPECT_EQ(found->certificate_pem, made->certificate_pem);
  EXPECT_TRUE(found->key_pem == made->key_pem);
}

TEST_F(TlsIdentityTest, OfAFreshDirectoryIsOneForAllWhoComeAtOnce) {
  for (int round = 0; round < 20; ++round) {
    const fs::path fresh = directory_ / std::to_string(round);
    std::latch start(4);
    std::vector<std::string> roots(4);
    {
      std::vector<std::jthread> robots;
      for (std::string& root : roots) {
        robots.emplace_back([&start, &root, &fresh] {
          start.arrive_and_wait();
          const auto identity = LoadOrMakeTlsIdentity(fresh);
          root = identity ? identity->root_pem : identity.error().message;
        });
      }
    }
    EXPECT_THAT(roots, testing::Each(roots[0]));
    EXPECT_THAT(roots[0], HasSubstr("BEGIN CERTIFICATE"));
    const auto kept = LoadOrMakeTlsIdentity(fresh);
    ASSERT_TRUE(kept.ok()) << kept.error().message;
    EXPECT_EQ(kept->root_pem, roots[0]);
  }
}

TEST_F(TlsIdentityTest, LetsOtherAccountsReadTheRootCertificate) {
  const mode_t before = umask(022);
  EXPECT_TRUE(LoadOrMakeTlsIdentity(directory_ / "deeper").ok());
  umask(before);
  EXPECT_EQ(ModeOf(""), 0755u);
  EXPECT_EQ(ModeOf("deeper"), 0755u);
  EXPECT_EQ(ModeOf("deeper/root.pem"), 0644u);
  EXPECT_EQ(ModeOf("deeper/server-key.pem"), 0600u);
}

TEST_F(TlsIdentityTest, IsMadeAnewIfItsMakingWasCutShort) {
  ASSERT_TRUE(LoadOrMakeTlsIdentity(directory_).ok());
  fs::remove(directory_ / "root.pem");
  EXPECT_EQ(ProblemOf(), "none");
  EXPECT_TRUE(fs::exists(directory_ / "root.pem"));
}

TEST_F(TlsIdentityTest, ThatIsDamagedIsRefusedByTheNameOfTheFile) {
  const auto made = LoadOrMakeTlsIdentity(directory_);
  ASSERT_TRUE(made.ok());
  Write("root.pem", "rubbish", FileMode::kPublic);
  EXPECT_THAT(ProblemOf(), HasSubstr("root.pem is not a certificate"));
  Write("root.pem", made->root_pem, FileMode::kPublic);
  Write("server-key.pem", "rubbish", FileMode::kPrivate);
  EXPECT_THAT(ProblemOf(), HasSubstr("server-key.pem is not a private key"));
  fs::remove(directory_ / "server-key.pem");
  EXPECT_THAT(ProblemOf(), HasSubstr("server-key.pem"));
}

TEST_F(TlsIdentityTest, WhoseKeyOthersMayReadIsRefused) {
  ASSERT_TRUE(LoadOrMakeTlsIdentity(directory_).ok());
  fs::permissions(directory_ / "server-key.pem", fs::perms::owner_read | fs::perms::others_read);
  EXPECT_THAT(ProblemOf(), HasSubstr("chmod"));
}

TEST_F(TlsIdentityTest, WhosePartsDoNotBelongTogetherIsRefused) {
  const auto made = LoadOrMakeTlsIdentity(directory_);
  const auto other = MakeTlsIdentity();
  ASSERT_TRUE(made.ok() && other.ok());
  Write("server-key.pem", other->key_pem.Reveal(), FileMode::kPrivate);
  EXPECT_THAT(ProblemOf(), HasSubstr("is not the key of server.pem"));
  Write("server-key.pem", made->key_pem.Reveal(), FileMode::kPrivate);
  Write("root.pem", other->root_pem, FileMode::kPublic);
  EXPECT_THAT(ProblemOf(), HasSubstr("is not signed by root.pem"));
}

}  // namespace
}  // namespace mock_robot
