"""The table of rules (tests/conformance), row by row, by the unmodified client: whatever it says of
the registry and of the robot's other services must be what a program on the real client sees. Each
rule has a robot of its own, whose time stands still until the rule waits."""

import json
import os
import subprocess
import tempfile
import unittest

from bosdyn.api import payload_pb2, payload_registration_pb2, robot_id_pb2
from bosdyn.client.exceptions import InvalidRequestError, UnauthenticatedError
from bosdyn.client.payload import PayloadClient
from bosdyn.client.payload_registration import (InvalidPayloadCredentialsError,
                                                PayloadAlreadyExistsError,
                                                PayloadDoesNotExistError,
                                                PayloadNotAuthorizedError,
                                                PayloadRegistrationClient,
                                                _update_payload_attached_error)
from bosdyn.client.robot_state import RobotStateClient
from google.protobuf import duration_pb2, text_format

from admin import Admin
from service_steps import ServiceSteps, has_a_method
from spot_case import PASSWORD, PATIENCE, USER, MockRobotProcess, robot_of

NAMES = {PayloadAlreadyExistsError: "ALREADY_EXISTS",
         PayloadDoesNotExistError: "DOES_NOT_EXIST",
         InvalidPayloadCredentialsError: "INVALID_CREDENTIALS",
         PayloadNotAuthorizedError: "PAYLOAD_NOT_AUTHORIZED",
         InvalidRequestError: "INVALID_REQUEST",
         UnauthenticatedError: "UNAUTHENTICATED"}
# With a request that no method of the client makes: sent by its call(), on which all of them rest.
BY_CALL = {"AnAttachRequestForNothingIsInvalid", "AnAttachRequestForNothingDetaches",
           "WithAUserNameThePasswordDecidesEvenIfATokenComesAlong",
           "EitherFormOfCredentialsWillDoAndTheNewOneWins", "AnAbsentVersionIsStoredAsZero"}
# None is left out. Grows with the table.
RULES = 120


def name_of(call, *arguments):
    """"OK", or the table's name of what the call raises."""
    try:
        call(*arguments, timeout=PATIENCE)
        return "OK"
    except tuple(NAMES) as error:
        return NAMES[type(error)]


class Driver(ServiceSteps):
    """Takes the steps of one rule with the client; `mock` knows no payload yet."""

    def __init__(self, mock):
        self.mock = mock
        self.admin = Admin(mock.admin_address)
        self.client = robot_of(mock).ensure_client(PayloadRegistrationClient.default_service_name)
        self.user = robot_of(mock)
        self._log_in()
        self.tokens = {}

    def _log_in(self):
        self.user.authenticate(USER, PASSWORD, timeout=PATIENCE)
        self.logged_in_for = 0

    def close(self):
        self.admin.close()

    def register(self, step):
        payload = payload_pb2.Payload(GUID=step["guid"], name="payload")
        payload.mass_volume_properties.total_mass = 1
        text_format.Merge(step["detail"], payload)
        return name_of(self.client.register_payload, payload, step["secret"])

    def update_version(self, step):
        major, minor, patch = (int(number) for number in step["detail"].split("."))
        version = robot_id_pb2.SoftwareVersion(major_version=major, minor_version=minor,
                                               patch_level=patch)
        return name_of(self.client.update_payload_version, step["guid"], step["secret"], version)

    def get_token(self, step):
        def ask(guid, secret, timeout):
            self.tokens[guid] = self.client.get_payload_auth_token(guid, secret, timeout=timeout)
        return name_of(ask, step["guid"], step["secret"])

    def attach(self, step):
        return name_of(self.client.attach_payload, step["guid"], step["secret"])

    def detach(self, step):
        return name_of(self.client.detach_payload, step["guid"], step["secret"])

    def ask_for_nothing(self, step):
        request = payload_registration_pb2.UpdatePayloadAttachedRequest(
            payload_credentials={"guid": step["guid"], "secret": step["secret"]})

        def ask(timeout):
            self.client.call(self.client._stub.UpdatePayloadAttached, request,
                             error_from_response=_update_payload_attached_error, timeout=timeout)
        return name_of(ask)

    def wait(self, step):
        seconds = int(step["detail"])
        answer = self.admin.result(self.admin.AdvanceClock(
            by=duration_pb2.Duration(seconds=seconds)))
        # Who looks at the robot for the rule has a token, too, but is not what the rule is about.
        self.logged_in_for += seconds
        if self.logged_in_for > 11 * 3600:
            self._log_in()
        return "" if answer == "OK" else answer

    def use_token(self, step):
        robot = robot_of(self.mock)
        robot.user_token = self.tokens[step["guid"]]
        # Without the directory, which needs the token as well.
        channel = robot.ensure_secure_channel("api.spot.robot")
        client = PayloadClient()
        client.update_from(robot)
        client.channel = channel
        return name_of(client.list_payloads)

    def authorize(self, step):
        return self.admin.result(self.admin.AuthorizePayload(guid=step["guid"],
                                                             preset_name=step["detail"]))

    def deauthorize(self, step):
        return self.admin.result(self.admin.DeauthorizePayload(guid=step["guid"]))

    def reject(self, step):
        return self.admin.result(self.admin.RejectPayload(guid=step["guid"]))

    def forget(self, step):
        return self.admin.result(self.admin.ForgetPayload(guid=step["guid"]))

    def reboot(self, _):
        return self.admin.result(self.admin.Reboot())

    def payloads(self):
        client = self.user.ensure_client(PayloadClient.default_service_name)
        return client.list_payloads(timeout=PATIENCE)

    def find(self, guid):
        return next((payload for payload in self.payloads() if payload.GUID == guid), None)

    def state(self, step):
        payload = self.find(step["guid"])
        if payload is None:
            return "absent"
        return (("authorized" if payload.is_authorized else "waiting") +
                (" attached" if payload.is_enabled else ""))

    def field(self, step):
        payload = self.find(step["guid"])
        if payload is None:
            return "absent"
        version = payload.version
        mass = payload.mass_volume_properties
        return {
            "name": payload.name,
            "description": payload.description,
            "x": f"{payload.mount_tform_payload.position.x:g}"
                 if payload.HasField("mount_tform_payload") else "absent",
            "mass": f"{mass.total_mass:g}"
                    if payload.HasField("mass_volume_properties") else "absent",
            "frame": payload_pb2.MountFrameName.Name(payload.mount_frame_name),
            "labels": "".join(payload.label_prefix),
            "version": f"{version.major_version}.{version.minor_version}.{version.patch_level}",
        }[step["detail"]]

    def guids(self, _):
        return " ".join(payload.GUID for payload in self.payloads())

    def faults(self, _):
        client = self.user.ensure_client(RobotStateClient.default_service_name)
        state = client.get_robot_state(timeout=PATIENCE).service_fault_state
        return "; ".join(sorted(f"{fault.fault_id.fault_name} of {fault.fault_id.payload_guid}"
                                for fault in state.faults))


def needs_call(rule):
    """Whether the client has no method for a request of this rule."""
    return not all(has_a_method(step) for step in rule["steps"])


class Conformance(unittest.TestCase):
    def test_the_table_of_rules(self):
        printed = subprocess.run([os.environ["PRINT_RULES"]], stdin=subprocess.DEVNULL,
                                 capture_output=True, text=True, timeout=PATIENCE, check=True)
        table = json.loads(printed.stdout)
        rules = {rule["name"]: rule for rule in table}
        self.assertEqual(len(rules), len(table), "two rules of one name")
        self.assertGreaterEqual(len(rules), RULES)
        self.assertEqual({name for name, rule in rules.items() if needs_call(rule)}, BY_CALL)
        for name, rule in rules.items():
            with self.subTest(name):
                self.follow(rule)
        waiting = sum(any(step["what"] == "wait" for step in rule["steps"])
                      for rule in rules.values())
        print(f"followed all {len(rules)} rules; {waiting} of them move the robot's clock, and "
              f"{len(BY_CALL)} send a request that no method of the client makes by its call(): "
              f"{', '.join(sorted(BY_CALL))}")

    def follow(self, rule):
        with tempfile.TemporaryDirectory() as folder:
            assume = ["--assume", rule["assume"]] if rule["assume"] else []
            mock = MockRobotProcess(folder, "--time-scale", "0", *assume)
            self.addCleanup(mock.stop)
            driver = Driver(mock)
            try:
                for number, step in enumerate(rule["steps"], start=1):
                    answer = getattr(driver, step["what"])(step)
                    self.assertEqual(answer, step["expected"], f"step {number}: {step}")
            finally:
                driver.close()
                self.assertEqual(mock.stop(), 0)


if __name__ == "__main__":
    unittest.main()
