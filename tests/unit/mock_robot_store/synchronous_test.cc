// What is written has been asked for from the disk itself: a power failure takes less kindly than a
// kill what only the system's memory holds. The program's own fsync and fdatasync stand before the
// system's, for SQLite too.
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string_view>

#include "tests/unit/mock_robot_store/state_folder.h"

namespace {

std::atomic<int> syncs_of_the_log = 0;

int Sync(long number, int fd) {
  std::array<char, 512> path;
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
  const std::string_view name(path.data(), length < 0 ? 0 : static_cast<std::size_t>(length));
  const auto result = static_cast<int>(::syscall(number, fd));
  if (result == 0 && name.ends_with("robot.state-wal")) ++syncs_of_the_log;
  return result;
}

}  // namespace

extern "C" int fsync(int fd) { return Sync(SYS_fsync, fd); }
extern "C" int fdatasync(int fd) { return Sync(SYS_fdatasync, fd); }

namespace mock_robot::testing {
namespace {

using SynchronousTest = StateFolder;

TEST_F(SynchronousTest, EveryCommitIsOnTheDiskItselfWhenItIsSaidToBeKept) {
  const OpenedState state = Open();
  ASSERT_NE(state.store, nullptr);
  Changes changes = SomeChanges();
  for (int commit = 0; commit < 5; ++commit) {
    SCOPED_TRACE(commit);
    const int before = syncs_of_the_log;
    ASSERT_TRUE(state.store->Write({&changes}).ok());
    EXPECT_GT(syncs_of_the_log, before);
    for (PayloadChange& change : changes.payloads) change.before = change.after;
    for (UserChange& change : changes.users) change.before = change.after;
  }
}

}  // namespace
}  // namespace mock_robot::testing
