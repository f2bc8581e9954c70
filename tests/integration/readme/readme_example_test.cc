// The C++ examples of README.md, word for word between the marks, so that they stay true.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "bosdyn/api/payload.pb.h"
#include "bosdyn/api/robot_id.pb.h"
#include "mock_robot/mock_robot.h"
#include "payload_manager/connect.h"
#include "payload_manager/errors.h"
#include "payload_manager/payload_registration_client.h"
#include "payload_manager/payload_sessions.h"

TEST(ReadmeExample, WorksAsWritten) {
  const payload_manager::PayloadCredentials us{"3a7d5c1e-8f20-4b6d-9c11-5e2f7a90b4d3",
                                               payload_manager::Secret("only for this test")};
  bosdyn::api::Payload lamp;
  lamp.set_guid(us.guid);
  lamp.set_name("Lamp");
  // [example]
  auto robot = mock_robot::MockRobot::Start({}).value();
  payload_manager::ConnectionOptions options;
  options.robot = payload_manager::ParseAddress(robot->address(), 443).value();
  options.root_certificates_pem = robot->root_certificate_pem();
  payload_manager::PayloadRegistrationClient client(payload_manager::Connect(options).value());
  client.RegisterPayload(lamp, us.secret);
  EXPECT_THROW(client.GetPayloadAuthToken(us), payload_manager::PayloadNotAuthorizedError);
  robot->Authorize(us.guid);
  EXPECT_FALSE(client.GetPayloadAuthToken(us).empty());
  // [example]

  const auto definition = std::make_shared<const bosdyn::api::Payload>(lamp);
  bosdyn::api::SoftwareVersion version;
  version.set_major_version(3);
  payload_manager::SessionObserver observer;
  // [example]
  auto runtime = std::make_shared<payload_manager::ThreadedRuntime>();  // two threads, for all
  payload_manager::PayloadSessions fleet(runtime);
  const auto spot = fleet.AddRobot("spot", payload_manager::Connect(options).value());
  const auto session = fleet.Add(spot, definition, us.secret, {}, observer).value();
  fleet.SetVersion(session, version);  // as soon as the robot knows the payload
  // [example]
  EXPECT_TRUE(robot->WaitUntil([&](const auto& seen) {
    return seen.Find(us.guid)->payload.version().major_version() == 3;
  }));
}

TEST(ReadmeExample, StandsInTheReadmeAsItIsTestedHere) {
  const auto read = [](const char* path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  };
  const std::string readme = read(README_FILE);
  std::istringstream here(read(THIS_FILE));
  int lines = 0;
  bool inside = false;
  for (std::string line; std::getline(here, line);) {
    if (line == "  // [example]") {
      inside = !inside;
    } else if (inside) {
      ++lines;
      EXPECT_NE(readme.find("\n" + line.substr(2) + "\n"), std::string::npos) << line;
    }
  }
  EXPECT_EQ(lines, 14);
}
