"""The program mock-robot: its ready line, its complaints, its end."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
DEADLINE = 30


class MockRobotProgram(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = dict(os.environ, TMPDIR=folder.name)

    def start(self, *flags):
        process = subprocess.Popen([PROGRAM, *flags], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=self.environment)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait, DEADLINE)
        self.addCleanup(process.kill)
        return process, json.loads(process.stdout.readline())

    def stop(self, process, number=signal.SIGTERM):
        process.send_signal(number)
        _, errors = process.communicate(timeout=DEADLINE)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(errors, "")

    def refused(self, *flags):
        """The one line of complaint, and the exit code."""
        done = subprocess.run([PROGRAM, *flags], capture_output=True, text=True,
                              timeout=DEADLINE, env=self.environment)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr, done.returncode

    def test_says_when_and_where_it_serves_and_stops_cleanly(self):
        process, ready = self.start()
        self.assertEqual(list(ready), ["event", "robot", "admin", "tls", "root_cert"])
        self.assertEqual(ready["event"], "ready")
        self.assertTrue(ready["tls"])
        root = pathlib.Path(ready["root_cert"])
        self.assertIn("BEGIN CERTIFICATE", root.read_text())
        self.assertEqual(root.parent.stat().st_mode & 0o777, 0o755)
        self.assertEqual((root.parent / "server-key.pem").stat().st_mode & 0o777, 0o600)
        for address in (ready["robot"], ready["admin"]):
            host, port = address.split(":")
            socket.create_connection((host, int(port)), timeout=DEADLINE).close()
        self.stop(process)
        self.assertEqual(list(self.folder.iterdir()), [], "left in the temporary directory")

    def test_stops_on_an_interrupt_too(self):
        process, _ = self.start("--insecure")
        self.stop(process, signal.SIGINT)

    def test_stops_when_its_standard_input_ends_if_asked_to(self):
        process = subprocess.Popen([PROGRAM, "--insecure", "--until-stdin-ends"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=self.environment)
        self.addCleanup(process.wait, DEADLINE)
        self.addCleanup(process.kill)
        self.assertIn("ready", process.stdout.readline())
        self.assertIsNone(process.poll())
        _, errors = process.communicate(timeout=DEADLINE)  # closes its standard input
        self.assertEqual((process.returncode, errors), (0, ""))

    def test_has_no_certificate_without_tls(self):
        process, ready = self.start("--insecure")
        self.assertFalse(ready["tls"])
        self.assertIsNone(ready["root_cert"])
        self.stop(process)

    def test_keeps_its_identity_in_the_tls_directory(self):
        roots = []
        for _ in range(2):
            process, ready = self.start("--tls-dir", str(self.folder / "tls"))
            roots.append(pathlib.Path(ready["root_cert"]).read_text())
            self.stop(process)
        self.assertEqual(roots[0], roots[1])

    def test_takes_the_port_it_is_told_and_complains_if_it_is_taken(self):
        process, ready = self.start("--insecure")
        error, code = self.refused("--insecure", "--listen", ready["robot"])
        self.assertEqual(error, f"mock-robot: {ready['robot']}: the port is in use\n")
        self.assertEqual(code, 1)
        error, code = self.refused("--insecure", "--admin", ready["admin"])
        self.assertEqual(error, f"mock-robot: {ready['admin']}: the port is in use\n")
        self.assertEqual(code, 1)
        self.stop(process)
        process, again = self.start("--insecure", "--listen", ready["robot"])
        self.assertEqual(again["robot"], ready["robot"])
        self.stop(process)

    def test_refuses_what_it_does_not_understand_by_the_name_of_the_flag(self):
        users = self.folder / "users"
        users.write_text("anna:hunter2\n")
        users.chmod(0o644)
        for flags in (["--no-such-flag"], ["--listen"], ["--listen", "host:port"],
                      ["--admin", "0.0.0.0:0"], ["--auto-authorize=soon"],
                      ["--auto-authorize=-1"], ["--auto-authorize=nan"],
                      ["--time-scale=-1"], ["--time-scale", "1001"], ["--time-scale=x"],
                      ["--users", str(self.folder / "none")], ["--users", str(users)],
                      ["--assume", "no-such-thing=yes"], ["--assume", "list-by-guid"],
                      ["--assume", "list-by-guid=maybe"],
                      ["--port-of-address", "192.168.50.5"],
                      ["--port-of-address", "192.168.50.5=top"],
                      ["--port-of-address", "192.168.50.=rear"],
                      ["--port-of-address", "lidar=rear"],
                      ["--tls-dir", "x", "--insecure"], ["--insecure=yes"]):
            error, code = self.refused(*flags)
            self.assertEqual(code, 2, flags)
            self.assertIn(flags[0].split("=")[0], error)
            self.assertNotIn("hunter2", error)
        self.assertEqual(self.refused("word")[1], 2)

    def test_takes_users_from_a_private_file(self):
        users = self.folder / "users"
        users.touch(0o600)
        users.write_text("anna:hunter2\n")
        process, _ = self.start("--users", str(users), "--auto-authorize=1.5", "--strict")
        self.stop(process)

    def test_refuses_a_damaged_tls_directory(self):
        (self.folder / "root.pem").write_text("rubbish")
        error, code = self.refused("--tls-dir", str(self.folder))
        self.assertEqual(code, 2)
        self.assertIn(str(self.folder), error)

    def test_refuses_what_is_no_state_file_and_leaves_it_alone(self):
        state = self.folder / "state"
        state.touch(0o600)
        state.write_text("rubbish")
        error, code = self.refused("--insecure", "--state", str(state))
        self.assertEqual(error, f"mock-robot: {state}: is not a state file of a mock robot\n")
        self.assertEqual(code, 2)
        self.assertEqual(state.read_text(), "rubbish")
        state.chmod(0o644)
        error, code = self.refused("--insecure", "--state", str(state))
        self.assertIn("chmod 600", error)
        self.assertEqual(code, 2)
        self.assertEqual(self.refused("--insecure", "--state", ".")[1], 2)

    def test_assumes_what_it_is_told(self):
        listed = subprocess.run([PROGRAM, "--assume", "list"], capture_output=True, text=True,
                                timeout=DEADLINE)
        self.assertEqual((listed.returncode, listed.stderr), (0, ""))
        self.assertRegex(listed.stdout, r"(?m)^list-by-guid=no$")
        process, _ = self.start("--assume", "list-by-guid=yes", "--assume", "time-sync-samples=7")
        self.stop(process)

    def test_helps(self):
        done = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True,
                              timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for flag in ("listen", "admin", "insecure", "tls-dir", "users", "auto-authorize", "strict"):
            self.assertIn("--" + flag, done.stdout)


if __name__ == "__main__":
    unittest.main()
