"""That every benchmark runs and reports, and what tools/bench makes of it: the structure only.
Times are for quiet machines."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "bench"
# Written when the virtual environment is complete, which an interop test may be making just now.
PYTHON_IS_READY = TOOL.parents[1] / "build" / "interop-venv" / "made-from"
BUILD = os.environ["BUILD_DIR"]
VERDICTS = {"met", "within spread", "missed", "-"}


def bench(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([TOOL, "--build-dir", BUILD, *arguments], capture_output=True, text=True,
                          timeout=200)


class BenchTest(unittest.TestCase):
    maxDiff = None

    def test_every_benchmark_reports_whole_figures(self):
        listed = [line.split("\t")[0] for line in bench("--list").stdout.splitlines()]
        # Its server in Python needs what only the interop tests and tools/bench itself install.
        listed = [name for name in listed if PYTHON_IS_READY.exists() or not "python" in name]
        done = bench("--json", "--quick", *listed)
        self.assertEqual(done.returncode, 0, done.stderr)
        figures = [json.loads(line) for line in done.stdout.splitlines()]
        names = [figure["name"] for figure in figures]
        self.assertEqual(len(names), len(set(names)), names)
        for figure in figures:
            with self.subTest(figure["name"]):
                self.assertEqual(list(figure), ["name", "unit", "ours", "bare", "ratio", "spread",
                                                "target", "verdict", "note"])
                self.assertIn(figure["verdict"], VERDICTS)
                self.assertIsInstance(figure["ours"], (int, float))
                if figure["target"] is not None:
                    self.assertEqual(sorted(figure["target"]), ["at", "limit", "of"])
                    if figure["target"]["of"] == "ratio":
                        self.assertGreater(figure["ratio"], 0)
        for name in listed:
            self.assertTrue(any(each.startswith(name) for each in names), f"{name} is silent")

    def test_a_filter_selects_by_a_piece_of_the_name(self):
        done = bench("--json", "--quick", "client/64-in-flight")
        self.assertEqual(done.returncode, 0, done.stderr)
        names = [json.loads(line)["name"] for line in done.stdout.splitlines()]
        self.assertTrue(names)
        for name in names:
            self.assertTrue(name.startswith("client/64-in-flight/"), name)

    def test_a_filter_replaces_its_rows_of_the_documented_table_only(self):
        with tempfile.TemporaryDirectory() as folder:
            docs = pathlib.Path(folder) / "docs.md"
            rows = [f"| {name} | s | 1 |  |  |  |  | - |"
                    for name in ("first", "own-work/call/gone", "own-work/call/waiting", "z/last")]
            docs.write_text("\n".join(["# Text", "<!-- figures: begin -->", "Measured long ago.", "",
                                       "| h |", "|---|", *rows, "<!-- figures: end -->", "More.", ""]))
            done = bench("--quick", "--update-docs", "--docs", str(docs), "own-work/call")
            self.assertEqual(done.returncode, 0, done.stderr)
            lines = docs.read_text().splitlines()
        self.assertRegex(lines[2], r"^Measured long ago\. After that, `own-work/call`: \d{4}-")
        self.assertEqual([lines[0], lines[6], *lines[-3:]],
                         ["# Text", rows[0], rows[3], "<!-- figures: end -->", "More."])
        measured = [line for line in lines if line.startswith("| own-work/call/")]
        self.assertEqual(lines[7:7 + len(measured)], measured)
        self.assertGreater(len(measured), 3)
        self.assertNotIn("gone", "".join(measured))

    def test_the_table_has_a_line_for_each_figure(self):
        done = bench("--quick", "own-work")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertRegex(lines[0], r"^figure +unit +ours +bare +ratio +A/A +target +verdict$")
        self.assertGreater(len(lines), 1)

    def test_what_does_not_exist_is_a_usage_error(self):
        self.assertEqual(bench("no-such-benchmark").returncode, 2)
        self.assertEqual(bench("--no-such-flag").returncode, 2)
        self.assertEqual(bench("--update-docs", "--quick").returncode, 2)
        nowhere = subprocess.run([TOOL, "--build-dir", "nowhere"], capture_output=True, text=True)
        self.assertEqual(nowhere.returncode, 2)
        self.assertIn("nowhere", nowhere.stderr)


if __name__ == "__main__":
    unittest.main()
