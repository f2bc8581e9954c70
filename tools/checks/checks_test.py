"""Proves that each check can fail: every case plants one offence in a small tree."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
STYLE = (HERE.parents[1] / ".clang-format").read_text(encoding="utf-8")


class CheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def plant(self, files):
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def run_check(self, name, files):
        self.plant(files)
        return subprocess.run([sys.executable, str(HERE / name), "--root", str(self.root)],
                              capture_output=True, text=True)

    def refuses(self, name, files, *expected):
        run = self.run_check(name, files)
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        for text in expected:
            self.assertIn(text, run.stdout)

    def accepts(self, name, files):
        run = self.run_check(name, files)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


class Includes(CheckTest):
    API = "core/include/payload_manager/client.h"

    def offence(self, path, include, expected):
        self.refuses("check_includes", {path: f"\n#include {include}\n"}, f"{path}:2: {expected}")

    def test_public_headers_know_no_grpc(self):
        self.offence(self.API, "<grpcpp/channel.h>", "core_api must not include grpc")

    def test_public_headers_know_no_service_stub(self):
        self.offence(self.API, '"bosdyn/api/auth_service.grpc.pb.h"',
                     "core_api must not include grpc")

    def test_public_headers_know_no_boost_and_no_spdlog(self):
        self.offence(self.API, "<boost/dll.hpp>", "core_api must not include boost")
        self.offence(self.API, "<spdlog/spdlog.h>", "core_api must not include spdlog")

    def test_sessions_and_schedule_know_no_grpc_and_no_boost(self):
        for room in ("session", "schedule"):
            self.offence(f"core/src/{room}/a.cc",
                         "<grpcpp/grpcpp.h>", f"{room} must not include grpc")
            self.offence(f"core/src/{room}/a.cc",
                         "<boost/asio.hpp>", f"{room} must not include boost")

    def test_the_mock_does_not_share_the_clients_wire_semantics(self):
        self.plant({self.API: "", "core/src/rpc/status.h": ""})
        self.offence("mock_robot/src/services/a.cc", '"payload_manager/client.h"',
                     "mock_private must not include core_api")
        self.offence("mock_robot/src/services/a.cc", '"rpc/status.h"',
                     "mock_private must not include rpc")

    def test_the_mocks_rules_know_no_grpc(self):
        self.offence("mock_robot/src/registry/a.cc", "<grpcpp/grpcpp.h>",
                     "mock_rules must not include grpc")

    def test_the_client_does_not_know_the_mock(self):
        self.plant({"mock_robot/include/mock_robot/mock_robot.h": ""})
        self.offence("core/src/rpc/a.cc", '"mock_robot/mock_robot.h"',
                     "rpc must not include mock_api")

    def test_the_plugin_sdk_stands_alone(self):
        self.plant({"core/include/payload_manager/base/outcome.h": ""})
        self.offence("plugins/sdk/include/payload_plugin/p.h", '"payload_manager/base/outcome.h"',
                     "sdk must not include base")
        self.offence("plugins/sdk/include/payload_plugin/p.h", '"bosdyn/api/payload.pb.h"',
                     "sdk must not include messages")

    def test_payload_plugins_know_the_sdk_only(self):
        self.plant({"plugins/sdk/include/payload_plugin/p.h": "", "plugins/lidar/l.h": ""})
        self.offence("plugins/gas/g.cc", "<spdlog/spdlog.h>",
                     "payload_plugin must not include spdlog")
        self.offence("plugins/gas/g.cc", '"../lidar/l.h"', "one payload plugin must not include")
        self.offence("plugins/gas/g.cc", '"plugins/lidar/l.h"',
                     "one payload plugin must not include")
        self.offence("plugins/gas/g.cc", '"missing.h"', "there is no such file")
        self.accepts("check_includes", {"plugins/gas/g.cc": '#include "payload_plugin/p.h"\n'})

    def test_programs_use_public_headers(self):
        self.plant({"core/src/session/table.h": "", "mock_robot/src/services/s.h": ""})
        self.offence("tools/host/main.cc", '"session/table.h"', "tools must not include session")
        self.offence("tools/host/main.cc", '"mock_robot/src/services/s.h"',
                     "tools must not include mock_private")

    def test_base_knows_nobody(self):
        self.plant({self.API: ""})
        self.offence("core/include/payload_manager/base/b.h", '"payload_manager/client.h"',
                     "base must not include core_api")

    def test_an_unknown_library_is_refused(self):
        self.offence("core/src/rpc/a.cc", "<curl/curl.h>", "neither a file of the project nor")

    def test_a_tree_that_keeps_the_rules_is_accepted(self):
        self.accepts("check_includes", {
            self.API: '#include <vector>\n#include "bosdyn/api/payload.pb.h"\n'
                      '#include "payload_manager/base/outcome.h"\n',
            "core/include/payload_manager/base/outcome.h": "#include <string>\n",
            "core/src/rpc/a.cc": '#include "rpc/a.h"\n#include <grpcpp/grpcpp.h>\n'
                                 "#include <sys/stat.h>\n#include <unistd.h>\n",
            "core/src/rpc/a.h": '#include "payload_manager/client.h"\n',
            "tests/support/loopback.h": '#include "payload_manager/client.h"\n',
        })


class Sleep(CheckTest):
    def test_sleeping_is_refused_in_any_language(self):
        for name, line in (("a_test.cc", "std::this_thread::sleep_for(1s);"), ("b.cc",
                           "usleep(5);"),
                           ("c.c", "sleep(1);"), ("d.py", "time.sleep(0.1)"),
                           ("e.sh", "run; sleep 1"), ("f.cc", "nanosleep(&a, &b);")):
            with self.subTest(name):
                self.refuses("check_sleep", {f"tests/unit/{name}": f"\n{line}\n"}, f"{name}:2: ")

    def test_waiting_and_programs_are_accepted(self):
        self.accepts("check_sleep", {
            "tests/unit/a_test.cc": "condition.wait_until(lock, deadline);\n// sleeps until then\n",
            "core/src/a.cc": "std::this_thread::sleep_for(1s);\n"})


class Paths(CheckTest):
    def test_absolute_paths_are_refused(self):
        for path in ("/work/main/x", "/home/ann/robot", "/root/.ssh", "/tmp/state"):
            with self.subTest(path):
                self.refuses("check_paths", {"README.md": f"see {path}\n"}, "README.md:1: ", path)

    def test_private_hosts_are_refused(self):
        for url in ("http://buildhost/x", "https://git.corp.internal/y", "http://robot.lan:80"):
            with self.subTest(url):
                self.refuses("check_paths", {"a.py": url + "\n"}, "a.py:1: a private host")

    def test_relative_paths_public_hosts_and_marked_examples_are_accepted(self):
        self.accepts("check_paths", {
            "a.md": "build/tmp/x ../work/shared $HOME/x /usr/bin/env /dev/zero\n"
                    "https://github.com/x http://127.0.0.1:80 http://localhost:1\n"
                    "/home/ann/x  # check_paths: example\n"})


class FileLength(CheckTest):
    def test_a_file_of_401_lines_is_refused(self):
        self.refuses("check_file_length", {"core/a.cc": "x\n" * 401}, "core/a.cc: 401 lines")

    def test_400_lines_prose_and_data_are_accepted(self):
        self.accepts("check_file_length", {"core/a.cc": "x\n" * 400, "README.md": "x\n" * 900,
                                           "tests/data/a.csv": "x\n" * 900})


class CountTests(CheckTest):
    RESULTS = ('<testsuite tests="3" failures="1" disabled="0" skipped="1">'
               '<testcase name="Good"><system-out>fine</system-out></testcase>'
               '<testcase name="Bad"><failure/><system-out>{}</system-out></testcase>'
               '<testcase name="Left"><skipped/></testcase></testsuite>')

    def count(self, *options):
        printed = "\n".join(f"line {number} of Bad" for number in range(1, 101))
        self.plant({"tsan/results.xml": self.RESULTS.format(printed)})
        return subprocess.run([sys.executable, str(HERE / "count_tests"), *options,
                               str(self.root / "tsan/results.xml")],
                              capture_output=True, text=True).stdout

    def test_one_line_adds_up(self):
        self.assertEqual(self.count(), "1 passed, 1 failed, 1 skipped\n")

    def test_a_stage_that_failed_counts_as_a_failure(self):
        self.assertIn(" 2 failed", self.count("--at-least-failed", "2"))

    def test_the_failed_ones_are_shown_with_the_end_of_their_output(self):
        shown = self.count("--show-failed")
        self.assertIn("--- failed in tsan: Bad\n(40 lines before these)\nline 41 of Bad\n", shown)
        self.assertTrue(shown.endswith("line 100 of Bad\n1 passed, 1 failed, 1 skipped\n"), shown)
        self.assertNotIn("Good", shown)


class Format(CheckTest):
    def test_a_file_in_another_format_is_refused(self):
        self.refuses("check_format", {".clang-format": STYLE,
                     "a.cc": "int  main( ) { return 0 ;}\n"},
                     "a.cc:1: run: clang-format -i a.cc")

    def test_a_formatted_file_is_accepted(self):
        self.accepts("check_format", {".clang-format": STYLE, "a.cc": "int main() { return 0; }\n"})


if __name__ == "__main__":
    unittest.main()
