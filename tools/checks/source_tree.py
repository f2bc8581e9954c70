"""The files that the checks look at, and the way in which they report."""

import argparse
import pathlib
import subprocess
import sys

CPP = (".h", ".cc", ".c")


def files(root: pathlib.Path) -> list[pathlib.PurePosixPath]:
    """All files of the project relative to `root`: what git tracks or would track; in a tree that
    is no checkout (an unpacked archive, a self-test), everything but `build`."""
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"],
            check=True, capture_output=True, text=True).stdout.split("\0")
        found = [pathlib.PurePosixPath(name) for name in listed if name]
    else:
        found = [pathlib.PurePosixPath(path.relative_to(root)) for path in root.rglob("*")]
        found = [path for path in found
                 if path.parts[0] != "build" and "__pycache__" not in path.parts]
    return sorted(path for path in found if (root / path).is_file())


def text_of(path: pathlib.Path) -> str | None:
    """The text of a file, or None if it is not text."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def main(description: str, check) -> int:
    """Runs `check(root) -> list of problems` and prints one line for each problem."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2],
                        help="the tree to check (default: the one this script lies in)")
    problems = check(parser.parse_args().root.resolve())
    for problem in problems:
        print(problem)
    if problems:
        name = pathlib.Path(sys.argv[0]).name
        print(f"{name}: {len(problems)} problem{'s' if len(problems) > 1 else ''}", file=sys.stderr)
    return 1 if problems else 0
