"""A mock robot, the real client's view of it and the administrator's, for each test."""

import json
import os
import pathlib
import queue
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

import bosdyn.client
from bosdyn.api import payload_pb2
from bosdyn.client.exceptions import TooManyRequestsError
from bosdyn.client.payload import PayloadClient
from bosdyn.client.payload_registration import PayloadRegistrationClient
from bosdyn.client.payload_software_update import PayloadSoftwareUpdateClient

from admin import Admin

PATIENCE = 20  # seconds that anything may take before it counts as failed
SECRET = "a secret of the interop suite"
USER, PASSWORD = "operator", "a password of the suite"


class MockRobotProcess:
    """The mock-robot executable, from its ready line to its orderly end."""

    def __init__(self, folder, *flags):
        users = pathlib.Path(folder) / "users"
        users.touch(mode=0o600)
        users.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
        self.errors = open(pathlib.Path(folder) / "stderr", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [os.environ["MOCK_ROBOT"], *flags, "--users", str(users), "--tls-dir",
             str(pathlib.Path(folder) / "tls")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self.reader.start()
        line = lines.get(timeout=PATIENCE)
        if not line:
            raise AssertionError(f"mock-robot ended before it was ready: {self.stderr()}")
        ready = json.loads(line)
        assert ready["event"] == "ready" and ready["tls"] is True, ready
        self.port = int(ready["robot"].rpartition(":")[2])
        self.admin_address = ready["admin"]
        self.root_cert = ready["root_cert"]

    def _read(self, lines):
        for line in self.process.stdout:
            lines.put(line)
        lines.put("")

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read()

    def stop(self):
        """Ends it as an operator would; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
            self.reader.join(PATIENCE)
            self.process.stdout.close()
            self.errors.close()


class SpotCase(unittest.TestCase):
    """Has a robot of its own for each test: registrations and rates start from nothing."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.mock = MockRobotProcess(folder.name, "--rate-limits")
        self.addCleanup(self._stop)
        self.admin = Admin(self.mock.admin_address)
        self.addCleanup(self.admin.close)
        self.robot = self.new_robot()
        self.registration = self.robot.ensure_client(PayloadRegistrationClient.default_service_name)

    def _stop(self):
        self.assertEqual(self.mock.stop(), 0, "SIGTERM is an orderly end")

    def new_robot(self, root_cert=None):
        """The client's robot object, as any program makes it; without a token."""
        return robot_of(self.mock, root_cert)

    def logged_in(self):
        """A robot object with a user's token."""
        robot = self.new_robot()
        within_the_rate(robot.authenticate, USER, PASSWORD, timeout=PATIENCE)
        return robot

    def listed(self, robot, guid):
        """The payload of this GUID as the robot lists it, or None."""
        payloads = robot.ensure_client(PayloadClient.default_service_name).list_payloads(
            timeout=PATIENCE)
        found = [payload for payload in payloads if payload.GUID == guid]
        self.assertLessEqual(len(found), 1)
        return found[0] if found else None

    def register(self, payload, secret=SECRET):
        within_the_rate(self.registration.register_payload, payload, secret, timeout=PATIENCE)

    def token(self, payload, secret=SECRET):
        return within_the_rate(self.registration.get_payload_auth_token, payload.GUID, secret,
                               timeout=PATIENCE)


def robot_of(mock, root_cert=None):
    """The client's robot object for a mock robot; without a token."""
    sdk = bosdyn.client.create_standard_sdk("interop",
                                            cert_resource_glob=root_cert or mock.root_cert)
    sdk.register_service_client(PayloadSoftwareUpdateClient)  # not one of the standard ones
    robot = sdk.create_robot("127.0.0.1")
    robot.update_secure_channel_port(mock.port)
    return robot


def a_payload(**fields):
    """A plausible payload with a GUID of its own."""
    payload = payload_pb2.Payload(GUID=str(uuid.uuid4()), name="Interop sensor",
                                  description="Made by the interop suite", **fields)
    payload.version.major_version = 1
    payload.mount_frame_name = payload_pb2.MOUNT_FRAME_BODY_PAYLOAD
    payload.mount_tform_payload.rotation.w = 1
    payload.mass_volume_properties.total_mass = 1.5
    return payload


def until(condition):
    """Asks until it holds; each question is a round trip, none is lost."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("waited too long")


def within_the_rate(call, *arguments, **keywords):
    """Makes a call and, where the robot says "too many requests", makes it again a little later, as
    any client must."""
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while True:
        try:
            return call(*arguments, **keywords)
        except TooManyRequestsError:
            if time.monotonic() > deadline:
                raise
            pause.wait(0.25)
