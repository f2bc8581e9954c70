"""payloadctl against a mock robot: each documented exit code at least once."""

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import termios
import unittest

from programs import BIN, CORE, PATIENCE, PLUGINS, Robot, SystemTest

GUID = "11111111-2222-4333-8444-555555555555"


class Payloadctl(SystemTest):
    def setUp(self):
        super().setUp()
        self.password = "a-password-for-ada"
        self.keep_secret(self.password)
        users = self.secret_file("users", f"ada:{self.password}\n")
        self.robot = Robot(self, "--users", users)
        self.mine = self.credentials("mine", GUID, "a-secret-of-mine-for-tests")

    def ctl(self, *arguments, code=0, credentials=None):
        return self.run_ctl(*arguments, *self.robot.flags(), "--credentials",
                            credentials or self.mine, code=code)

    def register(self):
        return self.ctl("register", self.definition())

    def test_registering_twice_is_4(self):
        self.register()
        again = self.ctl("register", self.definition(), code=4)
        self.assert_one_line(again, "payloadctl: ")

    def test_the_wrong_secret_is_5(self):
        self.register()
        self.robot.mock("authorize", GUID)
        thief = self.credentials("thief", GUID, "a-secret-that-is-not-right")
        for command in (["token"], ["attach"], ["update-version", "1.2.3"]):
            self.assert_one_line(self.ctl(*command, code=5, credentials=thief), "payloadctl: ")

    def test_before_authorization_is_6(self):
        self.register()
        for command in (["token"], ["attach"], ["detach"], ["list"]):
            self.assert_one_line(self.ctl(*command, code=6), "payloadctl: ")
        self.ctl("update-version", "1.2.3")

    def test_an_unknown_payload_is_8(self):
        for command in (["attach"], ["update-version", "1.2.3"]):
            self.assert_one_line(self.ctl(*command, code=8), "payloadctl: ")
        for command in (["authorize", GUID], ["deauthorize", GUID], ["forget", GUID]):
            self.assert_one_line(self.robot.mock(*command, code=8), GUID)

    def test_an_unknown_preset_is_8(self):
        self.register()
        self.assert_one_line(self.robot.mock("authorize", GUID, "--preset", "none", code=8), "none")
        self.assertFalse(self.robot.payload(GUID)["authorized"])

    def test_a_definition_is_compared_with_the_robots(self):
        definition = self.definition()
        self.register()
        self.robot.mock("authorize", GUID)
        self.assertFalse(json.loads(self.ctl("diff", definition, "--json").lines()[0])["differs"])
        other = self.definition("other.textproto", 'name: "Another name"')
        differs = self.ctl("diff", other, code=1)
        self.assertIn("name", differs.lines()[0])

    def test_a_user_lists_with_a_password_from_a_file(self):
        self.register()
        password = self.secret_file("password", self.password + "\n")
        listed = self.run_ctl("list", *self.robot.flags(), "--user", "ada", "--password-file",
                              password, "--json")
        self.assertEqual(json.loads(listed.lines()[0])["payloads"][0]["guid"], GUID)
        wrong = self.secret_file("wrong", "not-the-password-of-ada\n")
        self.keep_secret("not-the-password-of-ada")
        refused = self.run_ctl("list", *self.robot.flags(), "--user", "ada", "--password-file",
                               wrong, code=5)
        self.assert_one_line(refused, "payloadctl: ")

    def at_a_terminal(self, *arguments):
        """Starts payloadctl at a terminal of its own; returns it and both ends once it asks."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        process = subprocess.Popen(
            [BIN / "payloadctl", *arguments], stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.addCleanup(process.kill)
        shown = b""
        while b"assword" not in shown:
            self.assertTrue(select.select([ours], [], [], PATIENCE)[0], shown)
            shown += os.read(ours, 1000)
        self.assertFalse(self.echoes(theirs))
        return process, ours, theirs

    @staticmethod
    def echoes(terminal):
        return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)

    def test_a_signal_at_the_password_prompt_gives_the_echo_back(self):
        for key, number in ((b"\x03", signal.SIGINT), (b"\x1c", signal.SIGQUIT)):
            process, ours, theirs = self.at_a_terminal("list", *self.robot.flags(), "--user", "ada")
            os.write(ours, key)
            self.assertEqual(process.wait(PATIENCE), -number)
            self.assertTrue(self.echoes(theirs))

    def test_a_password_is_taken_from_the_terminal(self):
        process, ours, theirs = self.at_a_terminal("list", *self.robot.flags(), "--user", "ada")
        os.write(ours, self.password.encode() + b"\n")
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertTrue(self.echoes(theirs))

    def test_a_plugin_is_inspected(self):
        for name in ("core_io", "gas_sensor", "lidar"):
            plugin = str(PLUGINS / f"{name}.so")
            inspected = json.loads(self.run_ctl("plugin", "inspect", plugin, "--json").lines()[0])
            self.assertEqual(list(inspected), ["file", "interface", "needed", "payloads"])
            self.assertEqual(inspected["file"], plugin)
            (payload,) = inspected["payloads"]
            self.assertEqual(list(payload), ["id", "name", "errors", "warnings"])
            self.assertEqual((payload["errors"], payload["warnings"]), ([], []))
        text = self.run_ctl("plugin", "inspect", PLUGINS / "core_io.so")
        self.assertIn(CORE, text.everything())

    def test_registrations_survive_a_reboot(self):
        self.register()
        self.robot.mock("authorize", GUID)
        self.robot.mock("reboot")
        self.ctl("token")

    def test_a_token_is_shown_to_whom_asks_and_to_nobody_else(self):
        self.register()
        self.robot.mock("authorize", GUID)
        quiet = self.ctl("token").everything()
        token = self.ctl("token", "--show").lines()[0]
        self.assertEqual(token.count("."), 2)
        self.assertNotIn(token, quiet)
        self.assertNotIn(token.split(".")[0], quiet)


if __name__ == "__main__":
    unittest.main()
