"""The container recipe's steps, without a container engine: what `assemble` puts together is
complete, runs by itself and as somebody without rights, and can be administered."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAMS = os.environ["PROGRAMS_DIR"]
RECIPE = pathlib.Path(__file__).resolve().parents[2] / "mock_robot" / "container" / "assemble"
DEADLINE = 60


class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.target = pathlib.Path(folder.name) / "container"
        subprocess.run([RECIPE, cls.target, PROGRAMS], check=True, timeout=DEADLINE,
                       stdout=subprocess.DEVNULL)
        cls.root = cls.target / "rootfs"
        pathlib.Path(folder.name).chmod(0o755)

    def serve(self, *command):
        """A mock robot started so, and its ready line."""
        process = subprocess.Popen([str(word) for word in command] + ["--until-stdin-ends"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.wait, DEADLINE)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        return process, json.loads(process.stdout.readline())

    def test_its_programs_run_on_its_libraries_alone(self):
        run = self.target / "run-without-engine"
        robot, ready = self.serve(run, "mock-robot")
        listed = subprocess.run([run, "payloadctl", "--admin", ready["admin"], "--json", "mock",
                                 "list"], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((listed.returncode, listed.stderr), (0, ""))
        self.assertEqual(json.loads(listed.stdout), {"payloads": []})
        # Not one library of this machine was mapped.
        mapped = pathlib.Path(f"/proc/{robot.pid}/maps").read_text(encoding="utf-8").split()
        for file in mapped:
            if ".so" in file:
                self.assertIn(str(self.root), file)
        robot.stdin.close()
        self.assertEqual(robot.wait(DEADLINE), 0)

    def test_its_file_system_is_enough_for_a_user_without_rights(self):
        if os.geteuid() == 0:
            enter = ["chroot", "--userspec=65532:65532"]
        else:
            enter = ["unshare", "--user", "--map-root-user", "chroot"]
        robot, ready = self.serve(*enter, self.root, "/bin/mock-robot")
        self.assertTrue(ready["tls"])
        self.assertIn("BEGIN CERTIFICATE",
                      (self.root / ready["root_cert"].lstrip("/")).read_text(encoding="utf-8"))
        robot.stdin.close()
        self.assertEqual(robot.wait(DEADLINE), 0)

    def test_leaves_its_certificate_in_a_folder_that_its_user_may_write_to(self):
        folder = self.root / "tls"
        folder.mkdir()
        if os.geteuid() == 0:
            os.chown(folder, 65533, 65533)
            enter = ["chroot", "--userspec=65533:65533"]
        else:
            enter = ["unshare", "--user", "--map-root-user", "chroot"]
        certificates = []
        for _ in range(2):
            robot, ready = self.serve(*enter, self.root, "/bin/mock-robot", "--tls-dir", "/tls")
            self.assertEqual(ready["root_cert"], "/tls/root.pem")
            certificates.append((folder / "root.pem").read_text(encoding="utf-8"))
            robot.stdin.close()
            self.assertEqual(robot.wait(DEADLINE), 0)
        self.assertIn("BEGIN CERTIFICATE", certificates[0])
        self.assertEqual(certificates[0], certificates[1])

    def test_is_small_and_runs_as_nobody_in_particular(self):
        size = sum(file.stat().st_size for file in self.root.rglob("*") if file.is_file())
        self.assertLess(size, 64 << 20)
        recipe = (self.target / "Containerfile").read_text(encoding="utf-8")
        self.assertIn("USER 65532", recipe)
        names = {file.name for file in (self.root / "bin").iterdir()}
        self.assertEqual(names, {"mock-robot", "payloadctl"})

    def test_refuses_to_guess_where_to_put_it(self):
        done = subprocess.run([RECIPE], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("name the folder", done.stderr)


if __name__ == "__main__":
    unittest.main()
