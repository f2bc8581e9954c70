// Stands between the files under test and the kernel: notes which folders were brought to the disk,
// and plays a file system without hard links.
#pragma once

#include <set>
#include <string>

// One at a time. Threads: the test's only.
class DiskCalls {
 public:
  DiskCalls();
  ~DiskCalls();
  DiskCalls(const DiskCalls&) = delete;
  DiskCalls& operator=(const DiskCalls&) = delete;

  std::set<std::string> synced;  // the paths of all that was fsynced
  int link_error = 0;            // what link() fails with, unless 0
};
