"""Every error that the documents promise, raised by the unmodified client."""

import unittest

import bosdyn.client
import grpc
from bosdyn.api import payload_registration_pb2 as messages
from bosdyn.api import payload_registration_service_pb2_grpc as service
from bosdyn.api import power_pb2, power_service_pb2_grpc, robot_id_pb2
from bosdyn.client.auth import (AuthClient, InvalidLoginError, InvalidTokenError,
                                TemporarilyLockedOutError)
from bosdyn.client.channel import translate_exception
from bosdyn.client.exceptions import (InvalidRequestError, ProxyConnectionError,
                                      TooManyRequestsError, UnableToConnectToRobotError,
                                      UnauthenticatedError, UnimplementedError)
from bosdyn.client.payload import PayloadClient
from bosdyn.client.payload_registration import (InvalidPayloadCredentialsError,
                                                PayloadAlreadyExistsError,
                                                PayloadDoesNotExistError,
                                                PayloadNotAuthorizedError)

from spot_case import PASSWORD, PATIENCE, SECRET, USER, SpotCase, a_payload, within_the_rate

VERSION = robot_id_pb2.SoftwareVersion(major_version=9)
UNKNOWN = "00000000-0000-4000-8000-000000000000"
WRONG = "another secret altogether"


class RegistrationErrors(SpotCase):
    def raises(self, error, call, *arguments):
        with self.assertRaises(error):
            within_the_rate(call, *arguments, timeout=PATIENCE)

    def test_register_says_already_exists_whatever_the_secret(self):
        payload = a_payload()
        self.register(payload)
        for secret in (SECRET, WRONG, ""):
            with self.subTest(secret):
                self.raises(PayloadAlreadyExistsError, self.registration.register_payload, payload,
                            secret)

    def test_register_refuses_what_only_the_robot_may_say(self):
        nameless = a_payload()
        nameless.GUID = ""
        for payload in (nameless, a_payload(is_authorized=True), a_payload(is_enabled=True)):
            self.raises(InvalidRequestError, self.registration.register_payload, payload, SECRET)
        self.assertEqual(len(self.admin.ListPayloads().payloads), 0)

    def test_an_unknown_guid(self):
        client = self.registration
        self.raises(InvalidPayloadCredentialsError, client.get_payload_auth_token, UNKNOWN, SECRET)
        self.raises(PayloadDoesNotExistError, client.update_payload_version, UNKNOWN, SECRET,
                    VERSION)
        self.raises(PayloadDoesNotExistError, client.attach_payload, UNKNOWN, SECRET)
        self.raises(PayloadDoesNotExistError, client.detach_payload, UNKNOWN, SECRET)

    def test_a_wrong_secret(self):
        payload = a_payload()
        self.register(payload)
        self.admin.authorize(payload.GUID)
        guid, client = payload.GUID, self.registration
        self.raises(InvalidPayloadCredentialsError, client.get_payload_auth_token, guid, WRONG)
        self.raises(InvalidPayloadCredentialsError, client.update_payload_version, guid, WRONG,
                    VERSION)
        self.raises(InvalidPayloadCredentialsError, client.attach_payload, guid, WRONG)
        self.raises(InvalidPayloadCredentialsError, client.detach_payload, guid, WRONG)

    def test_a_payload_that_is_not_authorized(self):
        payload = a_payload()
        self.register(payload)
        guid, client = payload.GUID, self.registration
        self.raises(PayloadNotAuthorizedError, client.get_payload_auth_token, guid, SECRET)
        self.raises(PayloadNotAuthorizedError, client.attach_payload, guid, SECRET)
        self.raises(PayloadNotAuthorizedError, client.detach_payload, guid, SECRET)
        client.update_payload_version(guid, SECRET, VERSION, timeout=PATIENCE)
        self.assertEqual(self.admin.payload(guid).version, VERSION)

    def test_a_payload_that_is_no_longer_authorized(self):
        payload = a_payload()
        self.register(payload)
        self.admin.authorize(payload.GUID)
        self.token(payload)
        self.admin.deauthorize(payload.GUID)
        self.raises(PayloadNotAuthorizedError, self.registration.get_payload_auth_token,
                    payload.GUID, SECRET)

    def test_a_payload_registered_without_a_secret_gets_nothing(self):
        payload = a_payload()
        self.register(payload, secret="")
        self.admin.authorize(payload.GUID)
        self.assertIsNotNone(self.listed(self.logged_in(), payload.GUID))
        guid, client = payload.GUID, self.registration
        for secret in ("", SECRET):
            self.raises(InvalidPayloadCredentialsError, client.get_payload_auth_token, guid, secret)
            self.raises(InvalidPayloadCredentialsError, client.attach_payload, guid, secret)

    def test_attaching_needs_to_say_what_to_do(self):
        payload = a_payload()
        self.register(payload)
        self.admin.authorize(payload.GUID)
        stub = service.PayloadRegistrationServiceStub(
            self.robot.ensure_secure_channel("payload-registration.spot.robot"))
        request = messages.UpdatePayloadAttachedRequest()
        request.payload_credentials.guid = payload.GUID
        request.payload_credentials.secret = SECRET
        answer = stub.UpdatePayloadAttached(request, timeout=PATIENCE)
        self.assertEqual(answer.header.error.code, answer.header.error.CODE_INVALID_REQUEST)

    def test_too_many_requests_in_one_second(self):
        # Without waiting for answers in between: the limit is ten in a second.
        calls = [self.registration.register_payload_async(a_payload(), SECRET, timeout=PATIENCE)
                 for _ in range(60)]
        errors = [call.exception(timeout=PATIENCE) for call in calls]
        self.assertTrue(any(isinstance(error, TooManyRequestsError) for error in errors))
        for error in errors:
            self.assertIsInstance(error, (TooManyRequestsError, type(None)))
        within_the_rate(self.registration.register_payload, a_payload(), SECRET)


class TokenErrors(SpotCase):
    def lists(self, robot):
        return robot.ensure_client(PayloadClient.default_service_name).list_payloads(
            timeout=PATIENCE)

    def list_directly(self, token):
        """The list of payloads with this token and without the directory, which needs one too."""
        robot = self.new_robot()
        robot.sync_with_services_list(self.logged_in().list_services())
        robot.update_user_token(token)
        return self.lists(robot)

    def test_the_list_needs_a_token(self):
        with self.assertRaises(UnauthenticatedError):
            self.list_directly(None)

    def test_the_list_needs_a_token_of_this_robot(self):
        with self.assertRaises(UnauthenticatedError):
            self.list_directly("header.claims.signature")

    def test_a_forgotten_payloads_token_is_void(self):
        payload = a_payload()
        self.register(payload)
        self.admin.authorize(payload.GUID)
        token = self.token(payload)
        self.assertTrue(self.list_directly(token))
        self.admin.forget(payload.GUID)
        with self.assertRaises(UnauthenticatedError):
            within_the_rate(self.list_directly, token)
        with self.assertRaises(InvalidTokenError):
            within_the_rate(self.new_robot().authenticate_with_token, token, timeout=PATIENCE)

    def test_a_token_is_renewed_and_the_old_one_stays_valid(self):
        auth = self.robot.ensure_client(AuthClient.default_service_name)
        first = auth.auth(USER, PASSWORD, timeout=PATIENCE)
        second = auth.auth_with_token(first, timeout=PATIENCE)
        self.assertNotEqual(first, second)
        for token in (first, second):
            within_the_rate(self.list_directly, token)

    def test_a_wrong_password_and_an_unknown_user(self):
        for user, password in ((USER, WRONG), ("nobody", PASSWORD), (USER, "")):
            with self.subTest(user=user), self.assertRaises(InvalidLoginError):
                within_the_rate(self.robot.authenticate, user, password, timeout=PATIENCE)

    def test_neither_user_nor_token(self):
        for password in ("", PASSWORD):
            with self.assertRaises(InvalidRequestError):
                within_the_rate(self.robot.authenticate, "", password, timeout=PATIENCE)

    def test_a_token_that_is_none(self):
        with self.assertRaises(InvalidTokenError):
            self.robot.authenticate_with_token("not a token", timeout=PATIENCE)

    def test_six_wrong_passwords_lock_the_user_out(self):
        for _ in range(6):
            with self.assertRaises(InvalidLoginError):
                within_the_rate(self.robot.authenticate, USER, WRONG, timeout=PATIENCE)
        with self.assertRaises(TemporarilyLockedOutError):
            within_the_rate(self.robot.authenticate, USER, PASSWORD, timeout=PATIENCE)


class TransportErrors(SpotCase):
    def test_an_rpc_that_the_mock_does_not_serve(self):
        robot = self.logged_in()
        channel = robot.ensure_secure_channel("api.spot.robot")
        stub = power_service_pb2_grpc.PowerServiceStub(channel)
        with self.assertRaises(grpc.RpcError) as raised:
            stub.PowerCommand(power_pb2.PowerCommandRequest(), timeout=PATIENCE)
        self.assertIsInstance(translate_exception(raised.exception), UnimplementedError)

    def test_a_client_that_trusts_another_root(self):
        robot = bosdyn.client.create_standard_sdk("interop").create_robot("127.0.0.1")
        robot.update_secure_channel_port(self.mock.port)
        with self.assertRaises(UnableToConnectToRobotError):
            robot.get_id()

    def test_a_robot_that_is_gone(self):
        self.assertTrue(self.robot.get_id().serial_number)
        self.mock.stop()
        # Which of the two it says depends on the words of its gRPC library.
        with self.assertRaises((ProxyConnectionError, UnableToConnectToRobotError)):
            self.new_robot().get_id()


if __name__ == "__main__":
    unittest.main()
