"""mock_robot/SEMANTICS.md names tests that exist, and every row of the table of rules."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEMANTICS = (ROOT / "mock_robot" / "SEMANTICS.md").read_text()
RULES = {rule for part in ("rules", "service_rules", "token_rules")
         for rule in re.findall(r'^ +(?:Rule rule)?\{"([A-Z]\w+)",',
                                (ROOT / f"tests/conformance/{part}.cc").read_text(), re.MULTILINE)}
TESTS = {f"{suite}.{name}"
         for file in (ROOT / "tests").rglob("*_test.cc")
         for suite, name in re.findall(r"\bTEST(?:_F|_P)?\((\w+),\s*(\w+)\)", file.read_text())}
ASSUMPTIONS = set(re.findall(
    r'\{"([a-z0-9-]+)", &Assumptions', (ROOT / "mock_robot/src/assumptions/assumptions.cc").read_text()))
ROWS = [line for line in SEMANTICS.splitlines()
        if line.startswith("| ") and not line.startswith("| rule |")]
NAME = r"`(?:rule:[^`]+|[A-Z]\w+\.[\w…]+)`"


def matching(name, names):
    """The names that `name` means; an ellipsis in it stands for anything."""
    pattern = re.compile(re.escape(name).replace("…", ".*"))
    return {candidate for candidate in names if pattern.fullmatch(candidate)}


class Semantics(unittest.TestCase):
    def test_every_rule_of_the_table_is_listed(self):
        listed = set()
        for name in re.findall(r"`rule:([^`]+)`", SEMANTICS.split("## Registration")[1]):
            found = matching(name, RULES)
            self.assertTrue(found, f"no rule is called {name}")
            listed |= found
        self.assertEqual(RULES - listed, set())
        self.assertGreater(len(RULES), 90)

    def test_every_test_that_is_named_exists(self):
        names = re.findall(r"`([A-Z]\w+\.[A-Z…][\w…]*)`", SEMANTICS)
        self.assertGreater(len(names), 30)
        for name in names:
            self.assertTrue(matching(name, TESTS), f"no test is called {name}")

    def test_every_row_says_by_name_which_tests_hold_it(self):
        self.assertGreater(len(ROWS), 70)
        for row in ROWS:
            tests = row.strip("| ").rsplit(" | ", 1)[-1]
            self.assertRegex(tests, rf"^{NAME}(, {NAME})*( \([^)]*\))?$", row)

    def test_every_assumption_has_an_option_or_a_reason(self):
        for row in ROWS:
            _, source, option, _ = row.strip("| ").split(" | ")
            if "assumption" in source:
                self.assertRegex(option, r"^(`|none: )", row)

    def test_every_option_exists_is_listed_and_tested(self):
        self.assertGreater(len(ASSUMPTIONS), 40)
        listed = re.findall(r"`A\.([a-z0-9-]+)`", SEMANTICS.split("## Registration")[1])
        self.assertEqual(set(listed), ASSUMPTIONS)
        tests = "".join(file.read_text() for file in (ROOT / "tests").rglob("*.cc"))
        for name in ASSUMPTIONS:
            self.assertIn(f'"{name}=', tests, "nobody tests what it changes")


if __name__ == "__main__":
    unittest.main()
