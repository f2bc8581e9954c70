// A process that takes part in a benchmark: the server, so that the client's processor time can be
// told from its, or an arm that needs a process to itself.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace payload_manager::bench {

// Talks in lines: what we Say it reads on its stdin, what it prints we Hear. It must end when its
// stdin does, so that none is left behind whatever becomes of us; its stderr is ours.
// Threads: used by one at a time.
class Child {
 public:
  // Throws std::runtime_error when the program cannot be started.
  Child(const std::filesystem::path& program, const std::vector<std::string>& arguments);
  // Closes its stdin and waits until it has ended.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Throws std::runtime_error when it has gone.
  void Say(const std::string& line);
  // The next line, without its end. Waits for it; throws std::runtime_error when the child ended.
  std::string Hear();
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

// This program's own file, for `Child(ThisProgram(), {"--role", …})`, and one that lies next to it.
std::filesystem::path ThisProgram();
std::filesystem::path NextToThisProgram(const std::string& name);

}  // namespace payload_manager::bench
