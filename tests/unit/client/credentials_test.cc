#include "payload_manager/credentials.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "payload_manager/base/files.h"
#include "tests/support/temporary_folder.h"

namespace payload_manager {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class CredentialsFile : public ::testing::Test {
 protected:
  void Write(std::string_view text) {
    ASSERT_TRUE(WriteFileAtomically(path_, text, FileMode::kPrivate).ok());
  }
  std::string Text() const {
    auto text = ReadSmallFile(path_);
    return text.ok() ? *text : "(" + text.error().message + ")";
  }
  mode_t Mode() const {
    struct stat status {};
    return ::stat(path_.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
  }
  std::size_t FilesBeside() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_.parent_path()), fs::directory_iterator()));
  }
  // Expects both functions to refuse the file, naming it and saying `why`, and to leave it alone.
  void ExpectRefused(std::string_view text, const std::string& why) {
    Write(text);
    const auto read = ReadCredentialsFile(path_);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_THAT(read.error().message, HasSubstr(path_.string()));
    EXPECT_THAT(read.error().message, HasSubstr(why));
    EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
    const auto made = ReadOrCreateCredentialsFile(path_, SystemRandom());
    ASSERT_FALSE(made.ok()) << text;
    EXPECT_EQ(made.error().message, read.error().message);
    EXPECT_EQ(Text(), text);
  }

  const testing::TemporaryFolder folder_;
  const fs::path path_ = folder_ / "state" / "robot" / "acme.lidar";
};

TEST_F(CredentialsFile, HoldsGuidAndSecretBothStripped) {
  Write("  guid-of-mine \r\n\tsecret-of-mine  \n\n \n");
  const auto read = ReadCredentialsFile(path_);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->guid, "guid-of-mine");
  EXPECT_EQ(read->secret, Secret("secret-of-mine"));
}

TEST_F(CredentialsFile, NeedsNoNewlineAtItsEnd) {
  Write("guid\nsecret");
  const auto read = ReadCredentialsFile(path_);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->secret, Secret("secret"));
}

TEST_F(CredentialsFile, IsRefusedAndLeftAloneWhenDamaged) {
  ExpectRefused("", "line 1");
  ExpectRefused("\nsecret\n", "line 1");
  ExpectRefused("guid\n", "line 2");
  ExpectRefused("guid\n   \n", "line 2");
  ExpectRefused("guid\n\nsecret\n", "line 2");
  ExpectRefused("guid\nsecret\nmore\n", "more than two lines");
  ExpectRefused("gu\x01id\nsecret\n", "control character");
}

TEST_F(CredentialsFile, NeverShowsItsSecretInAProblem) {
  Write("guid\nhush-hush\nmore\n");
  const auto read = ReadCredentialsFile(path_);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message.find("hush-hush"), std::string::npos);
}

TEST_F(CredentialsFile, IsRefusedWhenOthersMayReadIt) {
  Write("guid\nsecret\n");
  ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  for (const auto& outcome :
       {ReadCredentialsFile(path_), ReadOrCreateCredentialsFile(path_, SystemRandom())}) {
    ASSERT_FALSE(outcome.ok());
    EXPECT_THAT(outcome.error().message, HasSubstr("chmod 600 " + path_.string()));
  }
  EXPECT_EQ(Text(), "guid\nsecret\n");
}

TEST_F(CredentialsFile, ThatIsMissingIsAProblemToWhoOnlyReads) {
  const auto read = ReadCredentialsFile(path_);
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr(path_.string()));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(CredentialsFile, IsMadeWholeAndPrivateWhenMissing) {
  const auto made = ReadOrCreateCredentialsFile(path_, SystemRandom());
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->guid.size(), 36U);
  EXPECT_GE(made->secret.size(), 12U);
  EXPECT_EQ(Mode(), 0600U);
  EXPECT_EQ(FilesBeside(), 1U);
  EXPECT_EQ(Text(), made->guid + "\n" + std::string(made->secret.Reveal()) + "\n");
}

TEST_F(CredentialsFile, StaysTheSameOnceMade) {
  const auto made = ReadOrCreateCredentialsFile(path_, SystemRandom());
  const auto again = ReadOrCreateCredentialsFile(path_, SystemRandom());
  ASSERT_TRUE(made.ok() && again.ok());
  EXPECT_EQ(again->guid, made->guid);
  EXPECT_EQ(again->secret, made->secret);
}

TEST_F(CredentialsFile, IsMadeWithTheGuidThatIsGiven) {
  const auto made = ReadOrCreateCredentialsFile(path_, SystemRandom(), "fixed-by-the-vendor");
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->guid, "fixed-by-the-vendor");
  EXPECT_EQ(ReadCredentialsFile(path_)->guid, "fixed-by-the-vendor");
}

TEST_F(CredentialsFile, IsNotMadeWithAGuidThatItCouldNotHold) {
  for (const std::string guid : {"two\nlines", " leading", "trailing ", "  ", "be\x07ll", "\n"}) {
    const auto made = ReadOrCreateCredentialsFile(path_, SystemRandom(), guid);
    ASSERT_FALSE(made.ok()) << guid;
    EXPECT_THAT(made.error().message, HasSubstr(path_.string()));
    EXPECT_THAT(made.error().message, HasSubstr("GUID"));
    EXPECT_EQ(made.error().message.find('\n'), std::string::npos);
    EXPECT_FALSE(fs::exists(path_));
  }
}

TEST_F(CredentialsFile, OfAGoodGuidStaysWhenAnImpossibleOneIsAskedFor) {
  Write("abc\nsecret\n");
  const auto read = ReadOrCreateCredentialsFile(path_, SystemRandom(), "a\nb");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
  EXPECT_EQ(Text(), "abc\nsecret\n");
}

TEST_F(CredentialsFile, AgreesWithAGivenGuidWhateverItsCase) {
  Write("ABC-def\nsecret\n");
  EXPECT_TRUE(ReadOrCreateCredentialsFile(path_, SystemRandom(), "abc-DEF").ok());
}

TEST_F(CredentialsFile, OfAnotherGuidIsRefusedAndStays) {
  Write("abc\nsecret\n");
  const auto other = ReadOrCreateCredentialsFile(path_, SystemRandom(), "xyz");
  ASSERT_FALSE(other.ok());
  EXPECT_THAT(other.error().message, HasSubstr("abc"));
  EXPECT_THAT(other.error().message, HasSubstr("xyz"));
  EXPECT_EQ(Text(), "abc\nsecret\n");
}

TEST_F(CredentialsFile, InAFolderThatCannotBeMadeIsAProblem) {
  const fs::path in_a_file = folder_ / "file" / "credentials";
  ASSERT_TRUE(WriteFileAtomically(folder_ / "file", "x", FileMode::kPrivate).ok());
  EXPECT_FALSE(ReadOrCreateCredentialsFile(in_a_file, SystemRandom()).ok());
  EXPECT_FALSE(ReadOrCreateCredentialsFile(folder_.path(), SystemRandom()).ok());
}

}  // namespace
}  // namespace payload_manager
