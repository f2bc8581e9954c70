#include "payload_manager/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/support/temporary_folder.h"
#include "tests/unit/base/disk_calls.h"

namespace payload_manager {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;

constexpr std::string_view kOld = "the old content\n";

class FilesTest : public ::testing::Test {
 protected:
  fs::path Path(const std::string& name) const { return folder_ / name; }

  fs::path Existing(const std::string& name, std::string_view content, mode_t mode) const {
    std::ofstream(Path(name)) << content;
    EXPECT_EQ(::chmod(Path(name).c_str(), mode), 0);
    return Path(name);
  }

  static std::string Content(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static unsigned Mode(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  const testing::TemporaryFolder folder_;
};

// Makes every write past `bytes` fail, as a full disk does, also for root.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_limit_);
    const rlimit limit{bytes, old_limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  void (*old_handler_)(int);
  rlimit old_limit_{};
};

class Umask {
 public:
  explicit Umask(mode_t mask) : old_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(old_); }

 private:
  mode_t old_;
};

TEST_F(FilesTest, WriteFileAtomicallyMakesANewFile) {
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "content", FileMode::kPublic).ok());
  EXPECT_EQ(Content(Path("f")), "content");
  EXPECT_THAT(Names(), ElementsAre("f"));
}

TEST_F(FilesTest, WriteFileAtomicallyReplacesAnOldFileAndItsMode) {
  const fs::path path = Existing("f", kOld, 0644);
  ASSERT_TRUE(WriteFileAtomically(path, "new", FileMode::kPrivate).ok());
  EXPECT_EQ(Content(path), "new");
  EXPECT_EQ(Mode(path), 0600u);
  EXPECT_THAT(Names(), ElementsAre("f"));
}

TEST_F(FilesTest, ModesHoldWhateverTheUmask) {
  for (const mode_t mask : {0000, 0022, 0077, 0177, 0777}) {
    SCOPED_TRACE(mask);
    const Umask umask(mask);
    ASSERT_TRUE(WriteFileAtomically(Path("private"), "x", FileMode::kPrivate).ok());
    ASSERT_TRUE(WriteFileAtomically(Path("public"), "x", FileMode::kPublic).ok());
    EXPECT_EQ(Mode(Path("private")), 0600u);
    EXPECT_EQ(Mode(Path("public")), 0644u);
  }
}

TEST_F(FilesTest, WriteFileAtomicallyMakesMissingFoldersPrivateForAPrivateFile) {
  const Umask umask(0);
  const fs::path path = Path("a") / "b" / "f";
  ASSERT_TRUE(WriteFileAtomically(path, "x", FileMode::kPrivate).ok());
  EXPECT_EQ(Mode(Path("a")), 0700u);
  EXPECT_EQ(Mode(Path("a") / "b"), 0700u);
  EXPECT_EQ(Content(path), "x");
}

TEST_F(FilesTest, WriteFileAtomicallyBringsTheFoldersItMakesToTheDisk) {
  const DiskCalls disk;
  ASSERT_TRUE(WriteFileAtomically(Path("a") / "b" / "f", "x", FileMode::kPrivate).ok());
  const std::string top = fs::canonical(folder_.path()).string();
  EXPECT_THAT(disk.synced, IsSupersetOf({top, top + "/a", top + "/a/b"}));
}

TEST_F(FilesTest, WriteFileAtomicallyLeavesTheOldFileWhenTheDiskIsFull) {
  const fs::path path = Existing("f", kOld, 0640);
  {
    const FileSizeLimit full(100);
    const auto written = WriteFileAtomically(path, std::string(1000, 'x'), FileMode::kPublic);
    ASSERT_FALSE(written.ok());
    EXPECT_THAT(written.error().message, StartsWith(path.string() + ": cannot write it"));
  }
  EXPECT_EQ(Content(path), kOld);
  EXPECT_EQ(Mode(path), 0640u);
  EXPECT_THAT(Names(), ElementsAre("f")) << "nothing is left beside it";
}

TEST_F(FilesTest, WriteFileAtomicallyDoesNotReplaceAFolder) {
  fs::create_directories(Path("f") / "inside");
  const auto written = WriteFileAtomically(Path("f"), "x", FileMode::kPublic);
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr("cannot put it in place"));
  EXPECT_TRUE(fs::is_directory(Path("f") / "inside"));
  EXPECT_THAT(Names(), ElementsAre("f"));
}

TEST_F(FilesTest, WriteFileAtomicallyNamesTheFolderItCannotMake) {
  const fs::path file = Existing("f", kOld, 0644);
  const auto written = WriteFileAtomically(file / "below" / "g", "x", FileMode::kPublic);
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr(file.string()));
  EXPECT_EQ(Content(file), kOld);
}

TEST_F(FilesTest, WriteFileAtomicallyNamesTheFolderItCannotLookAt) {
  fs::create_symlink("loop", Path("loop"));
  for (const fs::path& folder : {Path("loop"), Path(std::string(300, 'x'))}) {
    const auto written = WriteFileAtomically(folder / "below" / "f", "x", FileMode::kPublic);
    ASSERT_FALSE(written.ok());
    EXPECT_THAT(written.error().message, HasSubstr("cannot look at this folder"));
    EXPECT_THAT(written.error().message, StartsWith(folder.string()));
  }
  EXPECT_THAT(Names(), ElementsAre("loop"));
}

TEST_F(FilesTest, CreateFileAtomicallyMakesANewFile) {
  ASSERT_TRUE(CreateFileAtomically(Path("f"), "content", FileMode::kPrivate).ok());
  EXPECT_EQ(Content(Path("f")), "content");
  EXPECT_EQ(Mode(Path("f")), 0600u);
  EXPECT_THAT(Names(), ElementsAre("f"));
}

TEST_F(FilesTest, CreateFileAtomicallyNeverReplaces) {
  const fs::path path = Existing("f", kOld, 0644);
  const auto created = CreateFileAtomically(path, "new", FileMode::kPrivate);
  ASSERT_FALSE(created.ok());
  EXPECT_THAT(created.error().message, HasSubstr("File exists"));
  EXPECT_EQ(Content(path), kOld);
  EXPECT_EQ(Mode(path), 0644u);
  EXPECT_THAT(Names(), ElementsAre("f"));
}

TEST_F(FilesTest, CreateFileAtomicallyNeedsNoHardLinks) {
  DiskCalls disk;
  for (const int error : {EPERM, EOPNOTSUPP, ENOSYS}) {
    disk.link_error = error;
    const fs::path path = Path("f");
    const auto created = CreateFileAtomically(path, "content", FileMode::kPrivate);
    ASSERT_TRUE(created.ok()) << created.error().message;
    EXPECT_EQ(Content(path), "content");
    EXPECT_EQ(Mode(path), 0600u);
    const auto again = CreateFileAtomically(path, "new", FileMode::kPrivate);
    ASSERT_FALSE(again.ok());
    EXPECT_THAT(again.error().message, HasSubstr("File exists"));
    EXPECT_EQ(Content(path), "content");
    EXPECT_THAT(Names(), ElementsAre("f"));
    fs::remove(path);
  }
}

TEST_F(FilesTest, CreateFileAtomicallyHasOneWinnerAmongManyThreads) {
  std::atomic<int> winners{0};
  std::atomic<int> winner{-1};
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      if (CreateFileAtomically(Path("f"), std::to_string(i), FileMode::kPrivate).ok()) {
        winner = i;
        ++winners;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(Content(Path("f")), std::to_string(winner));
  EXPECT_THAT(Names(), ElementsAre("f"));
}

TEST_F(FilesTest, ReadSmallFileGivesEveryByte) {
  const std::string content = std::string(10000, 'x') + std::string("\0\n", 2);
  const auto read = ReadSmallFile(Existing("f", content, 0644));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, content);
}

TEST_F(FilesTest, ReadSmallFileTakesExactlyItsLimitAndNoByteMore) {
  const fs::path path = Existing("f", "12345678", 0644);
  EXPECT_TRUE(ReadSmallFile(path, 8).ok());
  const auto read = ReadSmallFile(path, 7);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message, path.string() + ": is larger than 7 bytes");
}

TEST_F(FilesTest, ReadSmallFileNamesAFileThatIsMissing) {
  const auto read = ReadSmallFile(Path("missing"));
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, StartsWith(Path("missing").string() + ": cannot open it"));
}

TEST_F(FilesTest, ReadSmallFileRefusesWhatIsNoFileInsteadOfWaitingForIt) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  for (const fs::path& path : {Path("pipe"), folder_.path(), fs::path("/dev/zero")}) {
    const auto read = ReadSmallFile(path);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().message, path.string() + ": is not a file");
  }
}

TEST_F(FilesTest, ReadPrivateFileTakesAFileOfItsOwnerOnly) {
  for (const mode_t mode : {0600, 0400, 0700}) {
    const auto read = ReadPrivateFile(Existing("f" + std::to_string(mode), "secret", mode));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, "secret");
  }
}

TEST_F(FilesTest, ReadPrivateFileRefusesAFileThatOthersMayUse) {
  for (const mode_t mode : {0640, 0620, 0610, 0604, 0602, 0644, 0666}) {
    SCOPED_TRACE(mode);
    const fs::path path = Existing("f", "secret", mode);
    const auto read = ReadPrivateFile(path);
    ASSERT_FALSE(read.ok());
    EXPECT_THAT(read.error().message, HasSubstr("chmod 600 " + path.string()));
    EXPECT_THAT(read.error().message, ::testing::Not(HasSubstr("secret")));
    EXPECT_TRUE(ReadSmallFile(path).ok()) << "the mode matters to private files only";
  }
}

}  // namespace
}  // namespace payload_manager
