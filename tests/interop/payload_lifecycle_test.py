"""The way of a payload through a robot, walked by the unmodified client over TLS."""

import threading
import unittest

from bosdyn.api import payload_pb2
from bosdyn.api import payload_registration_pb2 as messages
from bosdyn.api import payload_registration_service_pb2_grpc as service
from bosdyn.api import robot_id_pb2
from bosdyn.client.auth import AuthClient
from bosdyn.client.directory import DirectoryClient
from bosdyn.client.payload_registration import (InvalidPayloadCredentialsError,
                                                PayloadAlreadyExistsError,
                                                PayloadNotAuthorizedError,
                                                PayloadRegistrationKeepAlive)

from spot_case import PATIENCE, SECRET, SpotCase, a_payload, until


class PayloadLifecycle(SpotCase):
    def test_the_whole_way_from_register_to_forget(self):
        payload = a_payload(serial_number="7")
        guid = payload.GUID
        self.register(payload)
        user = self.logged_in()
        waiting = self.listed(user, guid)
        self.assertFalse(waiting.is_authorized or waiting.is_enabled)
        self.assertEqual((waiting.name, waiting.description, waiting.serial_number),
                         (payload.name, payload.description, "7"))

        with self.assertRaises(PayloadNotAuthorizedError):
            self.token(payload)

        self.admin.authorize(guid)
        token = self.token(payload)
        self.assertEqual(token.count("."), 2, "a token is a JWT")
        self.assertTrue(self.listed(user, guid).is_authorized)

        itself = self.new_robot()
        itself.authenticate_with_token(token, timeout=PATIENCE)
        self.assertEqual(self.listed(itself, guid).GUID, guid, "its token opens the list")

        self.registration.attach_payload(guid, SECRET, timeout=PATIENCE)
        self.assertTrue(self.listed(user, guid).is_enabled)
        self.registration.detach_payload(guid, SECRET, timeout=PATIENCE)
        self.assertFalse(self.listed(user, guid).is_enabled)

        version = robot_id_pb2.SoftwareVersion(major_version=2, minor_version=3, patch_level=4)
        self.registration.update_payload_version(guid, SECRET, version, timeout=PATIENCE)
        self.assertEqual(self.listed(user, guid).version, version)

        self.admin.forget(guid)
        self.assertIsNone(self.listed(user, guid))
        with self.assertRaises(InvalidPayloadCredentialsError):
            self.token(payload)

    def test_a_payload_waits_for_its_authorization_and_gets_its_token(self):
        payload = a_payload()
        self.register(payload)
        asked = observe(self.registration)
        robot = self.new_robot()
        waiter = Waiter(robot.authenticate_from_payload_credentials, payload.GUID, SECRET,
                        payload_registration_client=self.registration, timeout=PATIENCE)
        self.assertTrue(asked.wait(PATIENCE))
        self.admin.authorize(payload.GUID)
        self.assertIsNone(waiter.error())
        self.assertTrue(robot.user_token)
        self.assertTrue(self.listed(robot, payload.GUID).is_authorized)

    def test_a_payload_forgotten_while_waiting_is_told_so(self):
        for dismiss in (self.admin.forget, self.admin.reject):
            with self.subTest(dismiss.__name__):
                payload = a_payload()
                self.register(payload)
                registration = self.new_robot().ensure_client("payload-registration")
                asked = observe(registration)
                waiter = Waiter(self.new_robot().authenticate_from_payload_credentials,
                                payload.GUID, SECRET, payload_registration_client=registration,
                                timeout=PATIENCE)
                self.assertTrue(asked.wait(PATIENCE))
                dismiss(payload.GUID)
                self.assertIsInstance(waiter.error(), InvalidPayloadCredentialsError)

    def test_register_and_authenticate_in_one_call(self):
        payload = a_payload()
        robot = self.new_robot()
        waiter = Waiter(robot.register_payload_and_authenticate, payload, SECRET, timeout=PATIENCE)
        until(lambda: self.admin.payload(payload.GUID))
        self.admin.authorize(payload.GUID)
        self.assertIsNone(waiter.error())
        self.assertTrue(robot.user_token)

    def test_the_clients_keep_alive_brings_a_forgotten_payload_back(self):
        payload = a_payload()
        with PayloadRegistrationKeepAlive(self.registration, payload, SECRET,
                                          registration_interval_secs=0.5) as keep_alive:
            keep_alive.start()
            self.admin.authorize(payload.GUID)
            self.admin.forget(payload.GUID)
            until(lambda: self.admin.payload(payload.GUID))
            self.assertTrue(keep_alive.is_alive())
        self.assertFalse(self.admin.payload(payload.GUID).authorized)

    def test_a_second_registration_changes_nothing(self):
        payload = a_payload()
        self.register(payload)
        self.admin.authorize(payload.GUID)
        changed = payload_pb2.Payload()
        changed.CopyFrom(payload)
        changed.name = "Another name"
        with self.assertRaises(PayloadAlreadyExistsError):
            self.register(changed)
        user = self.logged_in()
        self.assertEqual(self.listed(user, payload.GUID).name, payload.name)
        self.assertTrue(self.listed(user, payload.GUID).is_authorized)

    def test_a_preset_takes_the_place_of_the_definition(self):
        payload = a_payload()
        preset = payload.preset_configurations.add(preset_name="Rear", description="At the rear")
        preset.mount_tform_payload.rotation.w = 1
        preset.mount_tform_payload.position.x = -0.2
        preset.mass_volume_properties.total_mass = 2.5
        self.register(payload)
        self.admin.authorize(payload.GUID, preset_name="Rear")
        listed = self.listed(self.logged_in(), payload.GUID)
        self.assertEqual(listed.name, payload.name)
        self.assertEqual(listed.description, "At the rear")
        self.assertAlmostEqual(listed.mount_tform_payload.position.x, -0.2)
        self.assertAlmostEqual(listed.mass_volume_properties.total_mass, 2.5)

    def test_guids_are_matched_regardless_of_case(self):
        payload = a_payload()
        self.register(payload)
        self.admin.authorize(payload.GUID)
        self.assertTrue(self.registration.get_payload_auth_token(payload.GUID.upper(), SECRET,
                                                                 timeout=PATIENCE))
        self.assertIsNotNone(self.listed(self.logged_in(), payload.GUID.lower()))

    def test_the_directory_names_what_the_robot_serves(self):
        robot = self.logged_in()
        entries = {entry.name: entry for entry in robot.list_services()}
        for name, kind in (("auth", AuthClient.service_type),
                           ("directory", DirectoryClient.service_type),
                           ("payload", "bosdyn.api.PayloadService"),
                           ("payload-registration", "bosdyn.api.PayloadRegistrationService"),
                           ("robot-id", "bosdyn.api.RobotIdService")):
            with self.subTest(name):
                self.assertEqual(entries[name].type, kind)
        self.assertTrue(robot.get_id().serial_number)

    def test_asynchronous_calls_answer_as_the_others(self):
        payload = a_payload()
        self.registration.register_payload_async(payload, SECRET).result(timeout=PATIENCE)
        with self.assertRaises(PayloadAlreadyExistsError):
            self.registration.register_payload_async(payload, SECRET).result(timeout=PATIENCE)

    def test_an_old_client_sends_the_deprecated_credentials_only(self):
        payload = a_payload()
        self.register(payload)
        self.admin.authorize(payload.GUID)
        channel = self.robot.ensure_secure_channel("payload-registration.spot.robot")
        stub = service.PayloadRegistrationServiceStub(channel)
        request = messages.GetPayloadAuthTokenRequest(payload_guid=payload.GUID,
                                                      payload_secret=SECRET)
        self.assertEqual(stub.GetPayloadAuthToken(request, timeout=PATIENCE).status,
                         messages.GetPayloadAuthTokenResponse.STATUS_OK)


def observe(registration):
    """An event that is set as soon as the robot has answered a question for a token."""
    answered = threading.Event()
    ask = registration.get_payload_auth_token

    def ask_and_tell(*arguments, **keywords):
        try:
            return ask(*arguments, **keywords)
        finally:
            answered.set()

    registration.get_payload_auth_token = ask_and_tell
    return answered


class Waiter:
    """A blocking call of the client on a thread of its own."""

    def __init__(self, call, *arguments, **keywords):
        self._error = None
        self._thread = threading.Thread(target=self._run, args=(call, arguments, keywords),
                                        daemon=True)
        self._thread.start()

    def _run(self, call, arguments, keywords):
        try:
            call(*arguments, **keywords)
        except Exception as error:  # whatever it is, the test asks for it
            self._error = error

    def error(self):
        """What the call raised, or None; waits for its end."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the call did not end"
        return self._error


if __name__ == "__main__":
    unittest.main()
