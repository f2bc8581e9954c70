// A robot in a process of its own, with the programs of this build, and a payload that registers.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>

#include "mock_robot/gtest/mock_robot_process_test.h"
#include "tests/support/temporary_folder.h"

namespace mock_robot {

constexpr char kGuid[] = "0b8f6d8e-6a4c-4a2e-9d0b-2f2f6f0f7a11";

inline MockRobotProcessOptions Programs() {
  MockRobotProcessOptions options;
  options.programs = PROGRAMS_DIR;
  return options;
}

class MockRobotInAProcess : public MockRobotProcessTest {
 protected:
  explicit MockRobotInAProcess(MockRobotProcessOptions options = Programs())
      : MockRobotProcessTest(std::move(options)) {
    namespace fs = std::filesystem;
    std::ofstream(credentials_) << kGuid << "\nsecret-of-the-payload\n";
    fs::permissions(credentials_, fs::perms::owner_read | fs::perms::owner_write);
  }

  // As a vendor's program would, over TLS. The exit code of payloadctl.
  int RegisterOne() {
    const std::string command = std::string(PROGRAMS_DIR) + "/payloadctl --robot " +
                                robot().address() + " --root-cert '" +
                                robot().root_certificate_file().string() +
                                "' register " DEFINITION_FILE " --credentials '" +
                                credentials_.string() + "' >/dev/null 2>&1";
    return WEXITSTATUS(std::system(command.c_str()));
  }

  const payload_manager::testing::TemporaryFolder folder_;
  const std::filesystem::path credentials_ = folder_ / "credentials";
};

}  // namespace mock_robot
