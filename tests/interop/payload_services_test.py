"""What a payload does with its token besides listing payloads, by the unmodified client over TLS:
it offers services, reports faults, keeps time and updates its software."""

import concurrent.futures
import datetime
import unittest

import grpc
from bosdyn.api import payload_software_update_initiation_pb2 as initiation
from bosdyn.api import payload_software_update_initiation_service_pb2_grpc as initiation_service
from bosdyn.api import robot_id_pb2, service_fault_pb2, software_package_pb2, time_sync_pb2
from bosdyn.client.auth import AuthClient, InvalidTokenError
from bosdyn.client.directory import DirectoryClient, NonexistentServiceError
from bosdyn.client.directory_registration import (DirectoryRegistrationClient,
                                                  DirectoryRegistrationKeepAlive,
                                                  ServiceAlreadyExistsError,
                                                  ServiceDoesNotExistError)
from bosdyn.client.exceptions import InvalidRequestError, UnauthenticatedError
from bosdyn.client.fault import (FaultClient, ServiceFaultAlreadyExistsError,
                                 ServiceFaultDoesNotExistError)
from bosdyn.client.payload_software_update import PayloadSoftwareUpdateClient
from bosdyn.client.robot_state import RobotStateClient
from bosdyn.client.time_sync import TimeSyncClient, TimeSyncEndpoint
from bosdyn.client.token_manager import TokenManager
from bosdyn.util import now_nsec
from google.protobuf import timestamp_pb2

from admin import SoftwareAdmin
from spot_case import PATIENCE, SpotCase, a_payload, until, within_the_rate

NAME, TYPE = "acme-lidar", "acme.LidarService"
RELEASED = timestamp_pb2.Timestamp(seconds=1_770_000_000)


class PayloadCase(SpotCase):
    """Has an authorized payload, whose token the client holds."""

    def setUp(self):
        super().setUp()
        payload = a_payload()
        self.guid = payload.GUID
        self.register(payload)
        self.admin.authorize(self.guid)
        self.robot.authenticate_with_token(self.token(payload), timeout=PATIENCE)
        self.directory = self.robot.ensure_client(DirectoryClient.default_service_name)

    def active_faults(self):
        client = self.robot.ensure_client(RobotStateClient.default_service_name)
        return client.get_robot_state(timeout=PATIENCE).service_fault_state


class Services(PayloadCase):
    def setUp(self):
        super().setUp()
        self.client = self.robot.ensure_client(DirectoryRegistrationClient.default_service_name)

    def add(self, name=NAME, kind=TYPE, authority="lidar", **keywords):
        self.client.register(name, kind, authority, "192.168.50.5", 5000, timeout=PATIENCE,
                             **keywords)

    def test_a_service_is_registered_on_the_payloads_token(self):
        self.add()
        entry = self.directory.get_entry(NAME, timeout=PATIENCE)
        self.assertEqual((entry.type, entry.authority, entry.host_payload_guid),
                         (TYPE, "lidar.spot.robot", self.guid))
        self.assertTrue(entry.last_update.seconds)
        self.assertIn(NAME, [entry.name for entry in self.robot.list_services()])
        with self.assertRaises(ServiceAlreadyExistsError):
            self.add()
        with self.assertRaises(ServiceAlreadyExistsError):
            self.add(name="another", authority="lidar.spot.robot")
        self.client.update(NAME, TYPE, "elsewhere", "192.168.50.5", 6000, timeout=PATIENCE)
        self.assertEqual(self.directory.get_entry(NAME).authority, "elsewhere.spot.robot")
        self.client.unregister(NAME, timeout=PATIENCE)
        with self.assertRaises(NonexistentServiceError):
            self.directory.get_entry(NAME, timeout=PATIENCE)
        with self.assertRaises(ServiceDoesNotExistError):
            self.client.unregister(NAME, timeout=PATIENCE)
        with self.assertRaises(ServiceDoesNotExistError):
            self.client.update(NAME, TYPE, "lidar", "192.168.50.5", 5000, timeout=PATIENCE)
        with self.assertRaises(InvalidRequestError):
            self.add(name="")

    def test_a_users_service_has_no_host(self):
        user = self.logged_in()
        client = user.ensure_client(DirectoryRegistrationClient.default_service_name)
        client.register(NAME, TYPE, "lidar", "192.168.50.5", 5000, timeout=PATIENCE)
        self.assertEqual(self.directory.get_entry(NAME).host_payload_guid, "")

    def test_the_keep_alive_keeps_a_service_and_brings_it_back(self):
        keep_alive = DirectoryRegistrationKeepAlive(self.client, rpc_interval_seconds=0.2)
        with keep_alive:
            keep_alive.start(NAME, TYPE, "lidar", "192.168.50.5", 5000)
            first = self.directory.get_entry(NAME)
            self.assertEqual(first.liveness_timeout_secs, 0.5)
            until(lambda: self.directory.get_entry(NAME).last_update != first.last_update)
            self.admin.Reboot()
            until(lambda: NAME in [entry.name for entry in self.directory.list()])
            self.assertTrue(keep_alive.is_alive())
            self.assertEqual(self.directory.get_entry(NAME).host_payload_guid, self.guid)
        self.assertNotIn(NAME, [entry.name for entry in self.directory.list()])

    def test_a_service_that_falls_silent_has_a_fault_until_it_is_back(self):
        keep_alive = DirectoryRegistrationKeepAlive(self.client, rpc_interval_seconds=0.1)
        keep_alive.start(NAME, TYPE, "lidar", "192.168.50.5", 5000)
        keep_alive.shutdown()
        until(lambda: self.active_faults().faults)
        fault = self.active_faults().faults[0]
        self.assertEqual((fault.fault_id.service_name, fault.fault_id.payload_guid),
                         (NAME, self.guid))
        with DirectoryRegistrationKeepAlive(self.client) as again:
            again.start(NAME, TYPE, "lidar", "192.168.50.5", 5000)
            self.assertEqual(len(self.active_faults().faults), 0)

    def test_a_restarted_client_takes_over_without_a_reset(self):
        self.add()
        with DirectoryRegistrationKeepAlive(self.client) as keep_alive:
            keep_alive.start(NAME, TYPE, "lidar2", "192.168.50.5", 5000, reset_service=False)
            self.assertEqual(self.directory.get_entry(NAME).authority, "lidar2.spot.robot")

    def test_a_token_is_needed(self):
        nobody = self.new_robot()
        channel = nobody.ensure_secure_channel("api.spot.robot")
        client = DirectoryRegistrationClient()
        client.channel = channel
        with self.assertRaises(UnauthenticatedError):
            client.unregister(NAME, timeout=PATIENCE)


class Faults(PayloadCase):
    def setUp(self):
        super().setUp()
        self.client = self.robot.ensure_client(FaultClient.default_service_name)

    def fault(self, name="too hot", service=""):
        identity = service_fault_pb2.ServiceFaultId(fault_name=name, service_name=service,
                                                    payload_guid="" if service else self.guid)
        return service_fault_pb2.ServiceFault(fault_id=identity, error_message="90 degrees",
                                              attributes=["imaging"],
                                              severity=service_fault_pb2.ServiceFault.SEVERITY_WARN)

    def test_a_fault_is_triggered_seen_and_cleared(self):
        fault = self.fault()
        self.client.trigger_service_fault(fault, timeout=PATIENCE)
        with self.assertRaises(ServiceFaultAlreadyExistsError):
            self.client.trigger_service_fault(fault, timeout=PATIENCE)
        state = self.active_faults()
        self.assertEqual([fault.error_message for fault in state.faults], ["90 degrees"])
        self.assertTrue(state.faults[0].onset_timestamp.seconds)
        self.assertEqual(dict(state.aggregated),
                         {"imaging": service_fault_pb2.ServiceFault.SEVERITY_WARN})
        self.client.clear_service_fault(fault.fault_id, timeout=PATIENCE)
        state = self.active_faults()
        self.assertEqual((len(state.faults), len(state.aggregated)), (0, 0))
        self.assertEqual(state.historical_faults[-1].fault_id, fault.fault_id)
        with self.assertRaises(ServiceFaultDoesNotExistError):
            self.client.clear_service_fault(fault.fault_id, timeout=PATIENCE)

    def test_a_fault_of_a_service_is_its_hosts(self):
        directory = self.robot.ensure_client(DirectoryRegistrationClient.default_service_name)
        directory.register(NAME, TYPE, "lidar", "192.168.50.5", 5000, timeout=PATIENCE)
        self.client.trigger_service_fault(self.fault(service=NAME), timeout=PATIENCE)
        self.assertEqual(self.active_faults().faults[0].fault_id.payload_guid, self.guid)
        directory.unregister(NAME, timeout=PATIENCE)
        self.assertEqual(len(self.active_faults().faults), 0)

    def test_all_faults_of_a_service_or_a_payload_are_cleared_at_once(self):
        for name in ("one", "two"):
            self.client.trigger_service_fault(self.fault(name), timeout=PATIENCE)
            self.client.trigger_service_fault(self.fault(name, "a service"), timeout=PATIENCE)
        self.assertEqual(len(self.active_faults().faults), 4)
        self.client.clear_service_fault(
            service_fault_pb2.ServiceFaultId(service_name="a service"),
            clear_all_service_faults=True, timeout=PATIENCE)
        self.assertEqual(len(self.active_faults().faults), 2)
        self.client.clear_service_fault(
            service_fault_pb2.ServiceFaultId(payload_guid=self.guid),
            clear_all_payload_faults=True, timeout=PATIENCE)
        self.assertEqual(len(self.active_faults().faults), 0)

    def test_a_fault_without_a_name_is_an_invalid_request(self):
        with self.assertRaises(InvalidRequestError):
            self.client.trigger_service_fault(service_fault_pb2.ServiceFault(), timeout=PATIENCE)

    def test_a_waiting_payload_is_seen_in_the_robots_state(self):
        waiting = a_payload()
        self.register(waiting)
        faults = self.active_faults().faults
        self.assertEqual([fault.fault_id.payload_guid for fault in faults], [waiting.GUID])
        self.admin.authorize(waiting.GUID)
        self.assertEqual(len(self.active_faults().faults), 0)


class Time(PayloadCase):
    def test_the_clients_endpoint_synchronizes(self):
        endpoint = TimeSyncEndpoint(self.robot.ensure_client(TimeSyncClient.default_service_name))
        self.assertTrue(endpoint.establish_timesync(break_on_success=True))
        self.assertTrue(endpoint.clock_identifier)
        skew = endpoint.clock_skew.seconds + endpoint.clock_skew.nanos / 1e9
        # One machine, one clock.
        self.assertLess(abs(skew), 1)
        self.assertLess(endpoint.round_trip_time.seconds, 1)
        self.assertTrue(endpoint.establish_timesync(max_samples=10))

    def test_the_clients_thread_synchronizes_and_converts(self):
        self.robot.start_time_sync()
        self.addCleanup(self.robot.stop_time_sync)
        self.robot.time_sync.wait_for_sync(timeout_sec=PATIENCE)
        converted = self.robot.time_sync.robot_timestamp_from_local_secs(now_nsec() / 1e9)
        self.assertLess(abs(converted.seconds - now_nsec() / 1e9), 2)

    def test_a_round_trip_without_an_identifier_is_an_invalid_request(self):
        client = self.robot.ensure_client(TimeSyncClient.default_service_name)
        with self.assertRaises(InvalidRequestError):
            client.get_time_sync_update(time_sync_pb2.TimeSyncRoundTrip(), "", timeout=PATIENCE)


class Tokens(PayloadCase):
    def test_a_token_is_renewed_and_the_old_one_stays_good(self):
        old = self.robot.user_token
        auth = self.robot.ensure_client(AuthClient.default_service_name)
        new = auth.auth_with_token(old, timeout=PATIENCE)
        self.assertNotEqual(new, old)
        for token in (new, old):
            robot = self.new_robot()
            robot.authenticate_with_token(token, timeout=PATIENCE)
            self.assertIsNotNone(self.listed(robot, self.guid))

    def test_the_clients_own_refreshing_outlives_a_token(self):
        first = self.robot.user_token
        manager = TokenManager(self.robot, refresh_interval=datetime.timedelta(seconds=0.3))
        self.addCleanup(manager.th.join, PATIENCE)
        self.addCleanup(manager.stop)
        self.admin.advance(hours=11)
        for _ in range(2):  # the first may have been under way
            before = self.robot.user_token
            until(lambda: self.listed(self.robot, self.guid) and self.robot.user_token != before)
        self.admin.advance(hours=2)
        self.assertIsNotNone(self.listed(self.robot, self.guid))
        late = self.new_robot()
        with self.assertRaises(InvalidTokenError):
            within_the_rate(late.authenticate_with_token, first, timeout=PATIENCE)


class Prompts(initiation_service.PayloadSoftwareUpdateInitiationServiceServicer):
    """The payload's side of a software update."""

    def __init__(self, updates):
        self.updates = updates
        self.asked = []

    def TriggerSendPayloadSoftwareInfo(self, request, context):
        self.asked.append("info")
        version = robot_id_pb2.SoftwareVersion(major_version=3)
        self.updates.send_current_software_info("acme", version, RELEASED, "build 7",
                                                timeout=PATIENCE)
        return initiation.TriggerSendPayloadSoftwareInfoResponse()

    def TriggerInitiateUpdate(self, request, context):
        self.asked.append("update")
        return initiation.TriggerInitiateUpdateResponse()


class SoftwareUpdate(PayloadCase):
    SERVICE_TYPE = "bosdyn.api.PayloadSoftwareUpdateInitiationService"

    def setUp(self):
        super().setUp()
        self.updates = self.robot.ensure_client(PayloadSoftwareUpdateClient.default_service_name)
        self.software = SoftwareAdmin(self.mock.admin_address)
        self.addCleanup(self.software.close)

    def test_the_payload_reports_and_asks(self):
        version = robot_id_pb2.SoftwareVersion(major_version=1, minor_version=2)
        self.updates.send_current_software_info("acme", version, RELEASED, "build 7",
                                                timeout=PATIENCE)
        status = software_package_pb2.SoftwareUpdateStatus
        self.updates.send_installation_status("acme", status.STATUS_DOWNLOADING, status.ERROR_NONE,
                                              timeout=PATIENCE)
        known = self.software.ListSoftware().packages[0]
        self.assertEqual((known.package_name, known.reporter), ("acme", self.guid))
        self.assertEqual(known.current.version.minor_version, 2)
        self.assertEqual(known.status.status, status.STATUS_DOWNLOADING)

        self.assertEqual(len(self.updates.get_available_updates("acme").staged_packages), 0)
        package = software_package_pb2.StagedSoftwarePackage(url="https://192.168.50.3/acme",
                                                             file_size=7)
        package.version_info.package_name = "acme"
        self.software.StageSoftware(package=package)
        staged = self.updates.get_available_updates(["acme", "other"]).staged_packages
        self.assertEqual([entry.url for entry in staged], ["https://192.168.50.3/acme"])

    def test_the_robot_calls_the_payload_on_the_administrators_word(self):
        prompts = Prompts(self.updates)
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=2))
        initiation_service.add_PayloadSoftwareUpdateInitiationServiceServicer_to_server(
            prompts, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        self.addCleanup(server.stop, None)
        directory = self.robot.ensure_client(DirectoryRegistrationClient.default_service_name)
        directory.register("acme-update", self.SERVICE_TYPE, "acme-update", "127.0.0.1", port,
                           timeout=PATIENCE)
        for prompt in (1, 2):
            answer = self.software.PromptPayload(service_name="acme-update", prompt=prompt)
            self.assertEqual(self.software.result(answer), "OK", answer.message)
        self.assertEqual(prompts.asked, ["info", "update"])
        self.assertEqual(self.software.ListSoftware().packages[0].current.version.major_version, 3)
        server.stop(None).wait(PATIENCE)
        answer = self.software.PromptPayload(service_name="acme-update", prompt=2)
        self.assertEqual(self.software.result(answer), "CALL_FAILED", answer.message)


if __name__ == "__main__":
    unittest.main()
