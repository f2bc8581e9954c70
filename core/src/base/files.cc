#include "payload_manager/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace payload_manager {
namespace {

namespace fs = std::filesystem;

Failed<Problem> Because(const fs::path& path, const std::string& what, int error) {
  return Failed{Problem{path.string() + ": " + what + ": " + std::strerror(error)}};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Gives the temporary file up unless it has become the real one.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& beside)
      : name_(beside.string() + ".XXXXXX"), fd_(::mkostemp(name_.data(), O_CLOEXEC)) {}
  ~TemporaryFile() {
    if (fd_.get() >= 0) ::unlink(name_.c_str());
  }
  const std::string& name() const { return name_; }
  int fd() const { return fd_.get(); }

 private:
  std::string name_;
  Descriptor fd_;
};

bool WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// What stands in the folder stays there when the machine loses power. As far as the file system
// can: some refuse this for folders, and then there is nothing better to do.
void Sync(const fs::path& folder) {
  const Descriptor directory(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
}

Checked<Done> MakeFolder(const fs::path& folder, FileMode mode) {
  if (folder.empty()) return Done{};
  std::error_code error;
  const fs::file_type type = fs::status(folder, error).type();
  if (type == fs::file_type::directory) return Done{};
  if (type == fs::file_type::none) {
    return Because(folder, "cannot look at this folder", error.value());
  }
  if (auto parent = MakeFolder(folder.parent_path(), mode); !parent.ok()) return parent;
  const mode_t bits = mode == FileMode::kPrivate ? 0700 : 0755;
  if (::mkdir(folder.c_str(), bits) != 0 && errno != EEXIST) {
    return Because(folder, "cannot make this folder", errno);
  }
  Sync(folder.parent_path());
  return Done{};
}

// `place` puts the finished temporary file where it belongs; returns 0 or an errno.
template <typename Place>
Checked<Done> WriteAndPlace(const fs::path& path, std::string_view content, FileMode mode,
                            Place place) {
  const fs::path folder = path.parent_path();
  if (auto made = MakeFolder(folder, mode); !made.ok()) return made;
  TemporaryFile file(path);
  if (file.fd() < 0) return Because(path, "cannot write beside it", errno);
  if (::fchmod(file.fd(), mode == FileMode::kPrivate ? 0600 : 0644) != 0 ||
      !WriteAll(file.fd(), content) || ::fsync(file.fd()) != 0) {
    return Because(path, "cannot write it", errno);
  }
  if (const int error = place(file.name().c_str()); error != 0) {
    return Because(path, "cannot put it in place", error);
  }
  Sync(folder);
  return Done{};
}

// Returns 0 or an errno. A link never replaces, unlike a plain rename; it leaves the old name.
int MoveWithoutReplacing(const char* from, const char* to) {
  if (::link(from, to) == 0) return 0;
  const bool no_hard_links = errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS;
  if (!no_hard_links) return errno;
  return ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
}

Checked<std::string> ReadOpened(const fs::path& path, int fd, std::size_t limit) {
  std::string content;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Because(path, "cannot read it", errno);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit) {
      return Failed{
          Problem{path.string() + ": is larger than " + std::to_string(limit) + " bytes"}};
    }
  }
}

Checked<std::string> Read(const fs::path& path, std::size_t limit, bool must_be_private) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return Because(path, "cannot open it", errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return Because(path, "cannot look at it", errno);
  if (!S_ISREG(status.st_mode)) return Failed{Problem{path.string() + ": is not a file"}};
  if (must_be_private && (status.st_mode & 077) != 0) {
    return Failed{
        Problem{path.string() + ": others may read or write it; run: chmod 600 " + path.string()}};
  }
  return ReadOpened(path, file.get(), limit);
}

}  // namespace

Checked<Done> WriteFileAtomically(const fs::path& path, std::string_view content, FileMode mode) {
  return WriteAndPlace(path, content, mode, [&path](const char* temporary) {
    return ::rename(temporary, path.c_str()) == 0 ? 0 : errno;
  });
}

Checked<Done> CreateFileAtomically(const fs::path& path, std::string_view content, FileMode mode) {
  return WriteAndPlace(path, content, mode, [&path](const char* temporary) {
    return MoveWithoutReplacing(temporary, path.c_str());
  });
}

Checked<std::string> ReadSmallFile(const fs::path& path, std::size_t limit) {
  return Read(path, limit, false);
}

Checked<std::string> ReadPrivateFile(const fs::path& path, std::size_t limit) {
  return Read(path, limit, true);
}

}  // namespace payload_manager
