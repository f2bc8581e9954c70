#include "tests/bench/harness/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace payload_manager::bench {
namespace {

// Both ends close by themselves in every other child.
std::array<int, 2> MakePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  return ends;
}

}  // namespace

Child::Child(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  const auto in = MakePipe();
  const auto out = MakePipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  std::string name = program.string();
  std::vector<std::string> texts = arguments;
  std::vector<char*> argv{name.data()};
  for (std::string& text : texts) argv.push_back(text.data());
  argv.push_back(nullptr);
  const int error = posix_spawn(&pid_, name.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  to_ = fdopen(in[1], "w");
  from_ = fdopen(out[0], "r");
  if (error != 0) {
    std::fclose(to_);
    std::fclose(from_);
    throw std::runtime_error("cannot start " + name);
  }
}

Child::~Child() {
  std::fclose(to_);
  int status = 0;
  waitpid(pid_, &status, 0);
  std::fclose(from_);
}

void Child::Say(const std::string& line) {
  if (std::fprintf(to_, "%s\n", line.c_str()) < 0 || std::fflush(to_) != 0) {
    throw std::runtime_error("a process of the benchmark has ended");
  }
}

std::string Child::Hear() {
  std::string line;
  for (int c = std::fgetc(from_); c != '\n'; c = std::fgetc(from_)) {
    if (c == EOF) throw std::runtime_error("a process of the benchmark has ended");
    line += static_cast<char>(c);
  }
  return line;
}

std::filesystem::path ThisProgram() { return std::filesystem::read_symlink("/proc/self/exe"); }

std::filesystem::path NextToThisProgram(const std::string& name) {
  return ThisProgram().parent_path() / name;
}

}  // namespace payload_manager::bench
