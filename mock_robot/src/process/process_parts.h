// What a MockRobotProcess is made of. For the files that implement it, nobody else.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "mock_robot/mock_robot_process.h"
#include "process/child_process.h"

namespace mock_robot {

struct MockRobotProcess::Parts {
  // How one run of payloadctl ended.
  struct Ran {
    int exit_code = 0;
    std::string printed;
    std::string problem;  // one line; empty if it exited with 0
  };

  explicit Parts(ChildProcess started) : child(std::move(started)) {}

  // `payloadctl --admin <the robot> --json WORDS...`, killed after `at_most`. The problem: it
  // cannot be started.
  payload_manager::Checked<Ran> Run(const std::vector<std::string>& words,
                                    payload_manager::Duration at_most) const;

  std::string payloadctl;
  payload_manager::Duration patience{};
  std::string address;
  std::uint16_t port = 0;
  std::string admin;
  std::filesystem::path root_file;
  std::string root_pem;
  int id = 0;

  std::mutex mutex;
  ChildProcess child;  // guarded by mutex

  std::mutex holds_mutex;
  std::vector<std::pair<CallMatch, FaultId>> holds;  // what HoldAnswers began; guarded by it
};

}  // namespace mock_robot
