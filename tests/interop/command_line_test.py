"""`python -m bosdyn.client`, the command line that comes with the client, against the mock. It has
no flags for port and root certificate, so that where_to/sitecustomize.py says these two."""

import os
import pathlib
import subprocess
import sys
import unittest

from bosdyn.client.exceptions import TooManyRequestsError

from spot_case import PASSWORD, PATIENCE, SECRET, USER, SpotCase, a_payload, within_the_rate

WHERE_TO = pathlib.Path(__file__).resolve().parent / "where_to"


class CommandLine(SpotCase):
    def run_client(self, *words, exit_code=0):
        """What the command prints; it must end with this code, and without a complaint."""
        environment = dict(os.environ, PYTHONPATH=str(WHERE_TO), PYTHONDONTWRITEBYTECODE="1",
                           INTEROP_PORT=str(self.mock.port), INTEROP_ROOT_CERT=self.mock.root_cert,
                           BOSDYN_CLIENT_USERNAME=USER, BOSDYN_CLIENT_PASSWORD=PASSWORD)

        def once():
            done = subprocess.run([sys.executable, "-m", "bosdyn.client", "127.0.0.1", *words],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=PATIENCE * 2, env=environment, check=False)
            if "TooManyRequestsError" in done.stdout + done.stderr:
                raise TooManyRequestsError(None)  # each command logs in, and there may be 5 a second
            return done

        done = within_the_rate(once)
        self.assertEqual(done.returncode, exit_code, done.stdout + done.stderr)
        self.assertNotIn("Error", done.stderr)
        return done.stdout

    def test_id(self):
        self.assertIn("spot-MOCK-00000001", self.run_client("id"))

    def test_directory(self):
        listing = self.run_client("dir", "list")
        for name in ("auth", "directory", "directory-registration", "fault", "payload",
                     "payload-registration", "payload-software-update", "robot-id", "robot-state",
                     "time-sync"):
            self.assertRegex(listing, rf"(?m)^{name} ")
        self.assertIn("bosdyn.api.FaultService", self.run_client("dir", "get", "fault"))
        self.run_client("dir", "register", "--service-name", "acme", "--service-type", "acme.Lidar",
                        "--service-authority", "acme.spot.robot", "--service-hostname",
                        "192.168.50.5", "--service-port", "5000")
        self.assertIn("acme.Lidar", self.run_client("dir", "list"))
        self.run_client("dir", "unregister", "--service-name", "acme")
        self.assertNotIn("acme.Lidar", self.run_client("dir", "list"))

    def test_payload(self):
        self.assertIn("No payloads found", self.run_client("payload", "list"))
        payload = a_payload()
        # The client says so even when all went well: its command forgets to return a result.
        said = self.run_client("payload", "register", "--payload-name", payload.name,
                               "--payload-guid", payload.GUID, "--payload-secret", SECRET,
                               exit_code=1)
        self.assertIn("successfully registered", said)
        self.assertIn(payload.GUID, self.run_client("payload", "list"))

    def test_fault(self):
        self.assertIn("No active service faults", self.run_client("fault", "show"))
        payload = a_payload()
        self.register(payload)
        shown = self.run_client("fault", "show")
        self.assertIn(payload.GUID, shown)
        self.assertIn("waits for authorization", shown)
        self.assertIn(payload.GUID, self.run_client("state", "full"))

    def test_time_sync(self):
        self.assertIn("Local time to robot time", self.run_client("time-sync"))


if __name__ == "__main__":
    unittest.main()
