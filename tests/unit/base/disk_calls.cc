#include "tests/unit/base/disk_calls.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace {

DiskCalls* watching = nullptr;

}  // namespace

DiskCalls::DiskCalls() { watching = this; }
DiskCalls::~DiskCalls() { watching = nullptr; }

// Found before libc's by whatever this program links.
extern "C" int fsync(int fd) {
  if (watching != nullptr) {
    std::error_code ignored;
    watching->synced.insert(
        std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), ignored).string());
  }
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

extern "C" int link(const char* from, const char* to) noexcept {
  if (watching != nullptr && watching->link_error != 0) {
    errno = watching->link_error;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}
