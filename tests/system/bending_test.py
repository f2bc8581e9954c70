"""A mock robot that is made to misbehave, watched and hurried by way of payloadctl."""

import datetime
import json
import unittest

from programs import BIN, Robot, SystemTest

GUID = "11111111-2222-4333-8444-555555555555"


class Bending(SystemTest):
    def setUp(self):
        super().setUp()
        self.mine = self.credentials("mine", GUID, "a-secret-of-mine-for-tests")

    def register(self, robot, code=0):
        return self.run_ctl("register", self.definition(), *robot.flags(),
                            "--credentials", self.mine, code=code)

    def json(self, program):
        return json.loads(program.lines()[0])

    def test_faults_hit_are_counted_and_removed(self):
        robot = Robot(self)
        robot.mock("inject", "grpc-status", "--code", "UNAVAILABLE", "--rpc", "RegisterPayload",
                   "--message", "out of order")
        self.register(robot, code=3)
        fault, = self.json(robot.mock("faults", "--json"))["faults"]
        self.assertEqual((fault["kind"], fault["fired"]), ("grpc-status", 1))
        robot.mock("faults", "--remove", str(fault["id"]))
        self.register(robot)
        self.assert_one_line(robot.mock("faults", "--remove", "4711", code=8), "4711")

    def test_what_the_robot_refuses_names_the_flag(self):
        robot = Robot(self)
        for flag, line in (("--rpc", ["hang", "--rpc", "Nothing"]),
                           ("--status", ["status", "--status", "STATUS_NO_SUCH"]),
                           ("--answer", ["answer", "--rpc", "GetRobotId", "--answer", "nonsense"]),
                           ("--probability", ["hang", "--probability", "2"])):
            self.assert_one_line(robot.mock("inject", *line, code=2), flag)

    def test_an_answer_by_script(self):
        robot = Robot(self)
        robot.mock("inject", "answer", "--rpc", "RegisterPayload", "--times", "1",
                   "--answer", "status: STATUS_ALREADY_EXISTS")
        self.register(robot, code=4)
        self.register(robot)

    def test_the_journal_is_shown_counted_and_followed(self):
        robot = Robot(self)
        self.register(robot)
        follower = self.start(BIN / "payloadctl", "mock", "journal", "--follow", "--json",
                              "--rpc", "RegisterPayload", "--admin", robot.admin)
        follower.wait_for("follows the journal from here on", stream="err")
        self.register(robot, code=4)
        calls = 2
        first = json.loads(follower.wait_for("RegisterPayload"))
        self.assertEqual((first["guid"], first["outcome"]), (GUID, "STATUS_ALREADY_EXISTS"))
        count = self.json(robot.mock("journal", "--count", "--json", "--guid", GUID))
        self.assertEqual(count, {"answered": calls, "waiting": 0, "exact": True})
        entries = self.json(robot.mock("journal", "--json", "--outcome", "OK"))["entries"]
        self.assertEqual([entry["guid"] for entry in entries], [GUID])
        robot.mock("journal")  # that no secret is in it is secrets_test.py's to say

    def test_the_journal_is_awaited(self):
        robot = Robot(self)
        twice = ("journal", "--await", "2", "--rpc", "RegisterPayload", "--guid", GUID)
        self.register(robot)
        self.assert_one_line(robot.mock(*twice, "--timeout", "0.1", code=7), "--await", "1 of 2")
        waiting = self.start(BIN / "payloadctl", "mock", *twice, "--json", "--admin", robot.admin)
        self.register(robot, code=4)
        self.assertEqual(waiting.wait(), 0, waiting.everything())
        self.assertEqual(self.json(waiting), {"answered": 2})

    def test_software_is_staged_listed_and_taken_away(self):
        robot = Robot(self)
        robot.mock("stage", "acme-lidar", "--version", "1.3.0", "--size", "4096")
        software, = self.json(robot.mock("software", "--json"))["software"]
        self.assertEqual((software["package"], software["staged"]["version"]),
                         ("acme-lidar", "1.3.0"))
        robot.mock("unstage", "acme-lidar")
        self.assert_one_line(robot.mock("unstage", "acme-lidar", code=8), "acme-lidar")
        self.assert_one_line(robot.mock("stage", "", code=1), "package")
        self.assert_one_line(robot.mock("prompt", "acme-update", "--patience", "1", code=8),
                             "acme-update")

    def test_a_waiting_payload_is_turned_away(self):
        robot = Robot(self)
        self.register(robot)
        robot.mock("reject", GUID)
        self.assertIsNone(robot.payload(GUID))
        self.assert_one_line(robot.mock("reject", GUID, code=8), GUID)
        self.register(robot)
        robot.mock("authorize", GUID)
        self.assert_one_line(robot.mock("reject", GUID, code=1), "authorized")

    def test_presets_are_those_of_the_port_where_an_address_is(self):
        presets = "".join(f' preset_configurations {{ preset_name: "{port}"'
                          f' label_prefix: "mount_port:{port}" }}' for port in ("rear", "front"))
        for number in (5, 6):
            self.definition(f"{number}.textproto",
                            f'name: "Payload {number}" ipv4_address: "192.168.50.{number}"'
                            f' mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD{presets}')
        robot = Robot(self, "--port-of-address", "192.168.50.5=front",
                      "--port-of-address", "192.168.50.7=rear")
        for number, offered in ((5, ["front"]), (6, ["rear"])):
            guid = GUID[:-1] + str(number)
            self.run_ctl("register", f"{self.folder}/{number}.textproto", *robot.flags(),
                         "--credentials", self.credentials(str(number), guid, "a-secret-of-tests"))
            self.assertEqual(robot.payload(guid)["presets_offered"], offered)

    def test_time_runs_as_fast_as_asked(self):
        robot = Robot(self, "--time-scale", "1000", "--auto-authorize=600")
        self.register(robot)
        # Ten minutes of the robot's time: more than half a second.
        for _ in range(1000):
            if robot.payload(GUID)["authorized"]:
                return
        self.fail("ten minutes of the robot's time took too long")

    def test_time_moves_when_told_to(self):
        robot = Robot(self, "--time-scale", "0", "--auto-authorize=600")
        self.register(robot)
        began = self.json(robot.mock("advance", "599", "--json"))["now"]
        self.assertFalse(robot.payload(GUID)["authorized"])
        robot.mock("inject", "clock-skew", "--ahead", "3600")
        moved = self.json(robot.mock("advance", "1", "--json"))
        self.assertTrue(robot.payload(GUID)["authorized"])
        self.assertEqual(moved["advanced"], 1)
        self.assertEqual(time_of(moved["now"]) - time_of(began), datetime.timedelta(seconds=3601))
        self.assert_one_line(robot.mock("advance", "0", code=2), "SECONDS")


def time_of(text):
    """To the microsecond, which is as exactly as Python can."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.datetime.fromisoformat(f"{whole}.{(fraction + '000000')[:6]}")


if __name__ == "__main__":
    unittest.main()
