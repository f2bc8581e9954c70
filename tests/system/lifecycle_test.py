"""A payload's life with real processes, either side of which may die."""

import json
import signal
import unittest

from programs import BIN, CORE, GAS, LIDAR, PLUGINS, WAITING, Host, Robot, SystemTest


class Lifecycle(SystemTest):
    def setUp(self):
        super().setUp()
        self.robot = Robot(self)

    def host(self, *flags):
        return Host(self, self.robot, "--plugin-dir", PLUGINS, *flags)

    def authorize_all(self, host, since=0):
        for payload in (CORE, GAS, LIDAR):
            host.wait_for(payload, WAITING, since)
            self.robot.mock("authorize", host.guid(payload))
        for payload in (CORE, GAS, LIDAR):
            host.wait_for(payload, "authorized", since)

    def test_payloads_register_and_are_authorized(self):
        host = self.host()
        for payload in (CORE, GAS, LIDAR):
            host.wait_for(payload, WAITING)
        states = self.robot.payloads()
        self.assertEqual(len(states), 3)
        self.assertFalse(any(state["authorized"] for state in states))
        self.authorize_all(host)
        self.assertEqual(host.program.stop(), 0)

    def test_an_authorized_payload_is_used_by_hand(self):
        host = self.host()
        self.authorize_all(host)
        mine = [*self.robot.flags(), "--credentials", host.credentials(CORE)]
        shown = self.run_ctl("token", *mine, "--show", "--json")
        token = json.loads(shown.lines()[0])["token"]
        self.assertTrue(token)
        self.run_ctl("attach", *mine)
        self.assertTrue(self.robot.payload(host.guid(CORE))["attached"])
        self.run_ctl("detach", *mine)
        self.assertFalse(self.robot.payload(host.guid(CORE))["attached"])
        self.run_ctl("update-version", "4.1.0", *mine)
        self.assertEqual(self.robot.payload(host.guid(CORE))["version"], "4.1.0")
        listed = json.loads(self.run_ctl("list", *mine, "--json").lines()[0])
        self.assertEqual(len(listed["payloads"]), 3)

    def test_the_lidar_takes_its_rear_preset_and_attaches_itself(self):
        host = self.host()
        host.wait_for(LIDAR, WAITING)
        guid = host.guid(LIDAR)
        self.robot.mock("authorize", guid, "--preset", "rear")
        host.program.wait_for(f"{LIDAR}: attached", "err")
        state = self.robot.payload(guid)
        self.assertEqual((state["preset_applied"], state["attached"]), ("rear", True))

    def test_a_forgotten_payload_comes_back_and_waits(self):
        host = self.host()
        self.authorize_all(host)
        mark = host.mark()
        self.robot.mock("forget", host.guid(GAS))
        host.wait_for(GAS, WAITING, mark)
        self.assertFalse(self.robot.payload(host.guid(GAS))["authorized"])

    def test_taking_an_authorization_back_shows_and_is_given_again(self):
        host = self.host()
        self.authorize_all(host)
        mark = host.mark()
        self.robot.mock("deauthorize", host.guid(GAS))
        host.wait_for(GAS, WAITING, mark)
        self.robot.mock("authorize", host.guid(GAS))
        host.wait_for(GAS, "authorized", mark)

    def test_the_robot_is_killed_and_has_forgotten_everything(self):
        host = self.host()
        self.authorize_all(host)
        guids = [host.guid(payload) for payload in (CORE, GAS, LIDAR)]
        mark = host.mark()
        self.robot.program.stop(signal.SIGKILL)
        for payload in (CORE, GAS, LIDAR):
            host.wait_for(payload, "unreachable", mark)
        mark = host.mark()
        self.robot = self.robot.restarted()
        self.authorize_all(host, mark)
        self.assertEqual([host.guid(payload) for payload in (CORE, GAS, LIDAR)], guids)
        self.assertEqual(host.program.stop(), 0)

    def test_the_host_is_killed_and_finds_its_identities(self):
        host = self.host()
        self.authorize_all(host)
        guids = [host.guid(payload) for payload in (CORE, GAS, LIDAR)]
        host.program.stop(signal.SIGKILL)
        again = self.host("--until", "authorized", "--timeout", "20")
        self.assertEqual(again.program.wait(), 0)
        self.assertEqual([again.guid(payload) for payload in (CORE, GAS, LIDAR)], guids)
        self.assertEqual(len(self.robot.payloads()), 3)

    def test_an_ephemeral_host_is_somebody_else_each_time(self):
        for count in (3, 6):
            host = self.host("--ephemeral", "--until", "registered", "--timeout", "20")
            self.assertEqual(host.program.wait(), 0)
            self.assertEqual(len(self.robot.payloads()), count)

    def test_a_plain_robot_gives_no_token_unless_asked_by_name(self):
        self.robot = Robot(self, "--insecure")
        host = self.host()
        self.authorize_all(host)
        mine = ["--robot", self.robot.address, "--insecure", "--credentials",
                host.credentials(CORE)]
        refused = self.run_ctl("list", *mine, code=2)
        self.assert_one_line(refused, "payloadctl: ", "--token-over-plain")
        self.run_ctl("list", *mine, "--token-over-plain")

    def test_a_plain_robot_without_tokens_is_said_once_not_to_be_compared(self):
        self.robot = Robot(self, "--insecure")
        host = Host(self, self.robot, "--until", "registered", plugins=[PLUGINS / "core_io.so"])
        self.assertEqual(host.program.wait(), 0)
        self.assertNotIn("cannot be compared", host.program.everything())
        plain = self.start(BIN / "payload-host", "--robot", self.robot.address, "--insecure",
                           "--ephemeral", "--until", "registered", "--plugin",
                           PLUGINS / "core_io.so")
        self.assertEqual(plain.wait(), 0)
        self.assertEqual(plain.everything().count("cannot be compared"), 1)
        self.assertNotIn("ConnectionOptions", plain.everything())

    def test_a_host_that_waits_for_an_absent_robot_stops_at_once(self):
        self.robot.program.stop(signal.SIGKILL)
        host = self.host()
        for payload in (CORE, GAS, LIDAR):
            host.wait_for(payload, "unreachable")
        self.assertEqual(host.program.stop(signal.SIGINT), 0)


if __name__ == "__main__":
    unittest.main()
