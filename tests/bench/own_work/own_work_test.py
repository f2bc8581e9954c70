#!/usr/bin/env python3
"""Holds the client's own work, in instructions per call and per beat, to the counts that
limits.json keeps. Times depend on the machine and its mood; instructions of one build do not.

    own_work_test.py PROGRAM [--update]

Runs PROGRAM (bench_own_work of the release build) under callgrind. Fails when a count is more than
TOLERANCE above its limit, or when a workload has no limit or a limit no workload. When a count went
up for a good reason, or well down, write the new ones with --update and commit them together with
what changed them. The counts hold for GCC 12 and Debian 12's libraries, release build.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

LIMITS = pathlib.Path(__file__).with_name("limits.json")
TOLERANCE = 0.05  # compilers' patch levels, and what the C library picks for the processor


def count(program: pathlib.Path) -> dict[str, int]:
    """Instructions per call by workload."""
    with tempfile.TemporaryDirectory() as folder:
        dumps = pathlib.Path(folder, "dump")
        run = subprocess.run(
            ["valgrind", "--quiet", "--tool=callgrind", "--collect-atstart=no",
             f"--callgrind-out-file={dumps}", program, "--count"],
            capture_output=True, text=True, timeout=300)
        if run.returncode != 0:
            sys.exit(f"own_work_test: {program} failed under valgrind:\n{run.stderr}")
        totals = {}
        for dump in pathlib.Path(folder).glob("dump.*"):
            text = dump.read_text(encoding="utf-8", errors="replace")
            name = re.search(r"^desc: Trigger: Client Request: (.+)$", text, re.MULTILINE)
            if name:
                totals[name[1]] = int(re.search(r"^summary: (\d+)", text, re.MULTILINE)[1])
    counts = {}
    for line in run.stdout.splitlines():
        name, calls = line.split()
        counts[name] = round(totals[name] / int(calls))
    return counts


def judge(counts: dict[str, int], limits: dict[str, int]) -> list[str]:
    """What is wrong, one line each."""
    problems = []
    for name in sorted(counts.keys() | limits.keys()):
        if name not in limits:
            problems.append(f"{name}: has no limit in {LIMITS.name}")
        elif name not in counts:
            problems.append(f"{name}: has a limit in {LIMITS.name} but is not measured")
        elif counts[name] > limits[name] * (1 + TOLERANCE):
            problems.append(f"{name}: {counts[name]} instructions, "
                            f"{counts[name] / limits[name] - 1:+.1%} above {limits[name]}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="write the counts into limits.json")
    arguments = parser.parse_args()
    counts = count(arguments.program)
    if arguments.update:
        LIMITS.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    limits = json.loads(LIMITS.read_text(encoding="utf-8"))
    for name, instructions in counts.items():
        print(f"{name:28} {instructions:8} instructions, limit {limits.get(name, '-')}")
    # A gate that cannot close is none.
    assert counts and judge(counts, {name: limit // 2 for name, limit in counts.items()})
    assert judge({}, counts) and judge(counts, {})
    problems = judge(counts, limits)
    for problem in problems:
        print(f"own_work_test: {problem} (see own_work_test.py --help)", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
