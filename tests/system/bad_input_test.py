"""Whatever is wrong is one line that names it, the documented exit code, and nothing half done."""

import os
import pathlib
import socket
import unittest

from programs import BIN, CORE, PLUGINS, Host, Robot, SystemTest


class BadInput(SystemTest):
    def setUp(self):
        super().setUp()
        self.robot = Robot(self)
        self.mine = self.credentials("mine", "11111111-2222-4333-8444-555555555555",
                                     "a-secret-of-mine-for-tests")

    def ctl(self, code, *arguments):
        """payloadctl ends with `code` and one line, which is returned."""
        program = self.run_ctl(*arguments, code=code)
        self.assert_one_line(program, "payloadctl: ")
        return program.lines("err")[0]

    def host(self, code, *flags, plugin=PLUGINS / "core_io.so"):
        program = self.start(BIN / "payload-host", "--plugin", plugin, "--state-dir",
                             os.path.join(self.folder, "state"), *flags)
        self.assertEqual(program.wait(), code, program.everything())
        self.assertFalse(os.path.exists(os.path.join(self.folder, "state")))
        self.assertEqual(len(program.lines("err")), 1, program.everything())
        return program.lines("err")[0]

    def test_an_unknown_flag(self):
        self.assertIn("--jsonn", self.ctl(2, "list", "--jsonn"))
        self.assertIn("--intervall", self.host(2, *self.robot.flags(), "--intervall", "1"))
        mock = self.start(BIN / "mock-robot", "--lisen", "127.0.0.1")
        self.assertEqual(mock.wait(), 2)
        self.assert_one_line(mock, "--lisen")

    def test_an_unreachable_robot(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
            nobody = f"127.0.0.1:{taken.getsockname()[1]}"
            line = self.ctl(3, "token", "--robot", nobody, "--insecure", "--credentials", self.mine)
            self.assertIn(nobody, line)
            self.assertIn(nobody, self.ctl(3, "mock", "list", "--admin", nobody))

    def test_an_unknown_host(self):
        line = self.ctl(3, "token", "--robot", "no-such-robot.invalid", "--insecure",
                        "--credentials", self.mine, "--timeout", "5")
        self.assertIn("no-such-robot.invalid", line)

    def test_the_certificate_of_another_robot(self):
        other = Robot(self)
        line = self.ctl(3, "token", "--robot", self.robot.address, "--root-cert", other.root_cert,
                        "--credentials", self.mine, "--timeout", "5")
        self.assertIn(self.robot.address, line)
        host = Host(self, self.robot, "--robot", "x", plugins=[PLUGINS / "core_io.so"]).program
        self.assertEqual(host.wait(), 2)  # --robot given twice

    def test_the_host_says_that_a_certificate_is_not_trusted(self):
        other = Robot(self)
        self.robot.root_cert = other.root_cert
        host = Host(self, self.robot, "--until", "registered", "--timeout", "3",
                    plugins=[PLUGINS / "core_io.so"])
        self.assertEqual(host.program.wait(), 7)
        host.wait_for(CORE, "unreachable")

    def test_tls_and_plain_mixed_up(self):
        plain = Robot(self, "--insecure")
        self.ctl(3, "token", "--robot", plain.address, "--root-cert", self.robot.root_cert,
                 "--credentials", self.mine, "--timeout", "5")
        self.ctl(3, "token", "--robot", self.robot.address, "--insecure", "--credentials",
                 self.mine, "--timeout", "5")

    def test_a_root_certificate_that_is_none(self):
        bad = self.definition("root.pem", "no certificate")
        line = self.ctl(2, "token", "--robot", self.robot.address, "--root-cert", bad,
                        "--credentials", self.mine)
        self.assertIn(": --root-cert: is not", line)
        self.assertIn("--root-cert: is not", self.host(2, "--robot", self.robot.address,
                                                       "--root-cert", bad))

    def test_credentials_files(self):
        robot = self.robot.flags()
        for name, content, mode in (("one-line", "guid-of-test\n", 0o600),
                                    ("empty", "", 0o600),
                                    ("three-lines", "a-guid\na-secret\nmore\n", 0o600),
                                    ("open", "a-guid\na-secret-of-test\n", 0o644)):
            path = self.secret_file(name, content, mode)
            self.assertIn(path, self.ctl(2, "token", *robot, "--credentials", path))
            definition = self.definition()
            self.assertIn(path, self.ctl(2, "register", definition, *robot, "--credentials", path))
            self.assertEqual(pathlib.Path(path).read_text(), content)
        self.assertIn("none", self.ctl(2, "token", *robot, "--credentials",
                                       os.path.join(self.folder, "none")))
        self.assertEqual(self.robot.payloads(), [])

    def test_a_bad_definition_makes_no_identity(self):
        path = os.path.join(self.folder, "new")
        bad = self.definition(text='nam: "x"')
        line = self.ctl(2, "register", bad, *self.robot.flags(), "--credentials", path)
        self.assertIn(bad, line)
        self.assertFalse(os.path.exists(path))

    def test_a_port_in_use(self):
        for flag, address in (("--listen", self.robot.address), ("--admin", self.robot.admin)):
            second = self.start(BIN / "mock-robot", flag, address)
            self.assertEqual(second.wait(), 1)
            self.assert_one_line(second, address)

    def test_an_administration_for_everybody(self):
        mock = self.start(BIN / "mock-robot", "--admin", "0.0.0.0:0")
        self.assertEqual(mock.wait(), 2)
        self.assert_one_line(mock, "--admin")

    def test_a_state_directory_that_cannot_be(self):
        blocked = self.definition("state-is-a-file", "x")
        program = self.start(BIN / "payload-host", *self.robot.flags(), "--plugin",
                             PLUGINS / "core_io.so", "--state-dir", blocked)
        self.assertEqual(program.wait(), 2)
        self.assert_one_line(program, "--state-dir", blocked)
        self.assertEqual(self.robot.payloads(), [])

    def test_a_folder_without_plugins(self):
        empty = os.path.join(self.folder, "empty")
        os.mkdir(empty)
        program = self.start(BIN / "payload-host", *self.robot.flags(), "--plugin-dir", empty)
        self.assertEqual(program.wait(), 2)
        self.assert_one_line(program, "--plugin-dir", empty)


if __name__ == "__main__":
    unittest.main()
