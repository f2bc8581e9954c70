"""What `cmake --install` puts somewhere serves a vendor's project: its plugin loads, its tests with
a mock robot in their process and beside it build and pass, the latter with other copies of the
generated files, with which the former would abort."""

import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["BUILD_DIR"])
CMAKE = os.environ["CMAKE_COMMAND"]
PROJECT = pathlib.Path(__file__).resolve().parent / "vendor_project"
DEADLINE = 200


class InstalledPackage(unittest.TestCase):
    def run_it(self, *command, **more):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              timeout=DEADLINE, stdin=subprocess.DEVNULL, **more)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def test_serves_a_vendors_project(self):
        with tempfile.TemporaryDirectory() as folder:
            prefix = pathlib.Path(folder) / "installed"
            build = pathlib.Path(folder) / "build"
            self.run_it(CMAKE, "--install", BUILD, "--prefix", prefix)
            self.run_it(CMAKE, "-G", "Ninja", "-S", PROJECT, "-B", build,
                        f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Debug",
                        f"-DSPOT_PROTOS={PROJECT.parents[2] / 'protos'}",
                        "-DCMAKE_CXX_FLAGS_DEBUG=-O0")
            self.run_it(CMAKE, "--build", build)
            self.assertIn("acme.lamp", self.run_it(prefix / "bin" / "payloadctl", "plugin",
                                                   "inspect", build / "plugins" / "acme_lamp.so"))
            self.run_it(build / "in_process_test")
            environment = dict(os.environ, PATH=f"{prefix / 'bin'}:{os.environ['PATH']}")
            environment.pop("PAYLOAD_MANAGER_BIN", None)
            self.run_it(build / "beside_it_test", env=environment, cwd=folder)
            both = subprocess.run([build / "both_copies", build / "libspot_sdk.so"],
                                  capture_output=True, text=True, timeout=DEADLINE,
                                  stdin=subprocess.DEVNULL)
            self.assertEqual(both.returncode, -signal.SIGABRT, both.stderr)
            self.assertRegex(both.stderr, r"bosdyn/api/\w+\.proto.*already exists|"
                                          r"File already exists in database: bosdyn/api/")

    def test_holds_no_path_of_the_tree_it_was_built_in(self):
        with tempfile.TemporaryDirectory() as folder:
            self.run_it(CMAKE, "--install", BUILD, "--prefix", folder)
            source = str(PROJECT.parents[2])
            for file in pathlib.Path(folder).rglob("*.cmake"):
                self.assertNotIn(source, file.read_text(encoding="utf-8"), file)


if __name__ == "__main__":
    unittest.main()
