"""No secret, password or token stands in anything that the other system tests had printed."""

import json
import re
import unittest

from programs import TRANSCRIPTS

TOKEN = re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def leaks(record):
    """What of the secrets, or of the shape of a token, was printed without having been asked for."""
    found = []
    for run in re.split(r"^\$ ", record["printed"], flags=re.MULTILINE):
        command = run.partition("\n")[0]
        asked_for = " --show" in command
        found += [secret for secret in record["secrets"] if secret in run]
        found += [] if asked_for else TOKEN.findall(run)
    return found


class Secrets(unittest.TestCase):
    def test_a_leak_would_be_found(self):
        self.assertEqual(leaks({"printed": "$ a\nxsecretx", "secrets": ["secret"]}), ["secret"])
        self.assertEqual(leaks({"printed": "$ a\n(eyJx.y-z._q)", "secrets": []}), ["eyJx.y-z._q"])
        self.assertEqual(leaks({"printed": "$ a --show\neyJx.y.z", "secrets": ["s3"]}), [])

    def test_nothing_was_printed_that_is_secret(self):
        records = sorted(TRANSCRIPTS.glob("*.json"))
        self.assertTrue(records, "run the other system tests first")
        secrets = 0
        for path in records:
            record = json.loads(path.read_text())
            secrets += len(record["secrets"])
            self.assertEqual(leaks(record), [], path.name)
        self.assertGreater(secrets, 10)


if __name__ == "__main__":
    unittest.main()
