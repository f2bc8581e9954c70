// payload-host's command line, read and checked as far as can be without touching a robot.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "payload_manager/connect.h"
#include "tools/payload_host/goal.h"

namespace payload_manager::payload_host {

struct HostOptions {
  ConnectionOptions connection;
  std::string robot_name;
  std::vector<std::filesystem::path> plugins;  // files, those of folders included, in order
  std::optional<std::filesystem::path> state_dir;
  Duration interval = std::chrono::seconds(10);
  bool strict = false;
  Until until = Until::kStopped;
  std::optional<Duration> timeout;
};

// `line` is argv without the program's name; `environment` looks up an environment variable
// (null: unset). No value: help was asked for. Blocks on the disk.
Checked<std::optional<HostOptions>> ReadHostOptions(const std::vector<std::string>& line,
                                                    const char* (*environment)(const char* name));

// Whether the robot's folder in the state directory is one or can be made; makes nothing. The
// problem names --state-dir and the folder at fault. Blocks on the disk.
Checked<Done> CheckStateDir(const HostOptions& options);

std::string HostHelp();

}  // namespace payload_manager::payload_host
