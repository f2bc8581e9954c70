// A robot in this process, and then an SDK with its own copies of the generated files: Protobuf
// aborts. both_copies LIBRARY
#include <dlfcn.h>

#include "mock_robot/mock_robot.h"

int main(int argc, char** argv) {
  const auto robot = mock_robot::MockRobot::Start({});
  if (!robot || argc != 2) return 2;
  return dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) == nullptr ? 1 : 0;
}
