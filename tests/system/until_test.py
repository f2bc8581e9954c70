"""What `payload-host --until` waits for, and the order of its exit codes."""

import os
import signal
import unittest

from programs import CORE, GAS, LIDAR, PLUGINS, WAITING, ZOO, Host, Robot, SystemTest

CORE_PLUGIN = PLUGINS / "core_io.so"
GAS_PLUGIN = PLUGINS / "gas_sensor.so"


class Until(SystemTest):
    def setUp(self):
        super().setUp()
        self.robot = Robot(self)

    def steal(self, payload):
        """Somebody else has registered the payload's GUID; the host's file has another secret."""
        guid = "11111111-2222-4333-8444-555555555555"
        thief = self.credentials("thief", guid, "the-secret-of-the-thief")
        self.run_ctl("register", self.definition(), "--credentials", thief, *self.robot.flags())
        os.makedirs(os.path.join(self.folder, "state", "spot"), 0o700)
        self.credentials(os.path.join("state", "spot", payload), guid, "the-secret-of-the-owner")

    def until(self, state, *flags, plugins=(CORE_PLUGIN,)):
        return Host(self, self.robot, "--until", state, *flags, plugins=plugins).program

    def test_registered_ends_with_0(self):
        self.assertEqual(self.until("registered").wait(), 0)
        self.assertEqual(len(self.robot.payloads()), 1)

    def test_authorized_ends_with_0_once_somebody_authorizes(self):
        host = Host(self, self.robot, "--until", "authorized", plugins=[CORE_PLUGIN, GAS_PLUGIN])
        for payload in (CORE, GAS):
            host.wait_for(payload, WAITING)
            self.robot.mock("authorize", host.guid(payload))
        self.assertEqual(host.program.wait(), 0)

    def test_nobody_authorizes_ends_with_7(self):
        self.assertEqual(self.until("authorized", "--timeout", "1").wait(), 7)

    def test_an_absent_robot_ends_with_7_and_says_why(self):
        self.robot.program.stop(signal.SIGKILL)
        host = self.until("registered", "--timeout", "1")
        self.assertEqual(host.wait(), 7)
        self.assertIn("unreachable", host.everything())

    def test_rejected_credentials_end_with_5_without_waiting_for_the_timeout(self):
        self.steal(CORE)
        host = self.until("registered")
        self.assertEqual(host.wait(), 5)
        self.assertIn("credentials rejected", host.everything())

    def test_rejected_credentials_come_before_timed_out(self):
        self.steal(CORE)
        host = self.until("authorized", "--timeout", "3", plugins=(CORE_PLUGIN, GAS_PLUGIN))
        self.assertEqual(host.wait(), 5)

    def test_a_refused_plugin_comes_before_all(self):
        self.steal(CORE)
        refused = ZOO / "wrong_magic.so"
        host = self.until("authorized", "--timeout", "3",
                          plugins=(refused, CORE_PLUGIN, GAS_PLUGIN))
        self.assertEqual(host.wait(), 9)
        host = self.until("registered", plugins=(GAS_PLUGIN, refused))
        self.assertEqual(host.wait(), 9)

    def test_a_signal_before_the_end_is_not_success(self):
        host = Host(self, self.robot, "--until", "authorized", plugins=[CORE_PLUGIN])
        host.wait_for(CORE, WAITING)
        self.assertEqual(host.program.stop(), 1)

    def test_a_signal_after_a_refusal_ends_with_9(self):
        host = Host(self, self.robot, "--until", "authorized",
                    plugins=[ZOO / "wrong_magic.so", CORE_PLUGIN])
        host.wait_for(CORE, WAITING)
        self.assertEqual(host.program.stop(), 9)

    def test_a_signal_after_rejected_credentials_ends_with_5(self):
        self.steal(CORE)
        host = Host(self, self.robot, "--until", "authorized", plugins=[CORE_PLUGIN, GAS_PLUGIN])
        host.wait_for(CORE, "credentials rejected")
        self.assertEqual(host.program.stop(), 5)

    def test_without_until_a_signal_ends_with_0_even_after_a_refusal(self):
        host = Host(self, self.robot, plugins=[ZOO / "wrong_magic.so", PLUGINS / "lidar.so"])
        host.wait_for(LIDAR, WAITING)
        self.assertEqual(host.program.stop(), 0)


if __name__ == "__main__":
    unittest.main()
