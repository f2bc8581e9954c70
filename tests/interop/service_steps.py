"""The steps of the rules of services (tests/conformance/service_rules.cc, token_rules.cc), taken by
the unmodified client: each rpc by the method of the client that sends it."""

from bosdyn.api import (auth_pb2, directory_pb2, directory_registration_pb2, header_pb2, payload_pb2,
                        payload_registration_pb2, payload_software_update_pb2, robot_id_pb2, robot_state_pb2,
                        service_fault_pb2, software_package_pb2, time_sync_pb2)
from bosdyn.client.auth import (AuthClient, InvalidLoginError, InvalidTokenError,
                                TemporarilyLockedOutError, _error_from_response,
                                _token_from_response)
from bosdyn.client.directory import DirectoryClient, NonexistentServiceError
from bosdyn.client.directory_registration import (DirectoryRegistrationClient,
                                                  ServiceAlreadyExistsError,
                                                  ServiceDoesNotExistError)
from bosdyn.client.exceptions import InvalidRequestError, UnauthenticatedError
from bosdyn.client.fault import (FaultClient, ServiceFaultAlreadyExistsError,
                                 ServiceFaultDoesNotExistError)
from bosdyn.client.payload import PayloadClient
from bosdyn.client.payload_registration import (InvalidPayloadCredentialsError,
                                                PayloadRegistrationClient,
                                                _update_payload_version_error)
from bosdyn.client.payload_software_update import PayloadSoftwareUpdateClient
from bosdyn.client.robot_id import RobotIdClient
from bosdyn.client.robot_state import RobotStateClient
from bosdyn.client.time_sync import TimeSyncClient
from google.protobuf import text_format

from admin import SoftwareAdmin
from spot_case import PASSWORD, PATIENCE, USER, robot_of

NAMES = {ServiceAlreadyExistsError: "ALREADY_EXISTS",
         ServiceDoesNotExistError: "NONEXISTENT_SERVICE",
         NonexistentServiceError: "NONEXISTENT_SERVICE",
         ServiceFaultAlreadyExistsError: "FAULT_ALREADY_ACTIVE",
         ServiceFaultDoesNotExistError: "FAULT_NOT_ACTIVE",
         InvalidLoginError: "INVALID_LOGIN",
         InvalidTokenError: "INVALID_TOKEN",
         TemporarilyLockedOutError: "TEMPORARILY_LOCKED_OUT",
         InvalidPayloadCredentialsError: "INVALID_CREDENTIALS",
         InvalidRequestError: "INVALID_REQUEST",
         UnauthenticatedError: "UNAUTHENTICATED"}
NOBODY = "nobody"
# The table's password of its user, where the suite has another.
TABLES_PASSWORD = "operators-password"


def has_a_method(step):
    """Whether the client has a method that sends this. If not, its call() does."""
    if step["what"] != "ask":
        return step["what"] != "ask_for_nothing"
    if step["rpc"] == "GetAuthToken":
        # By user and password or by token, never by both.
        return not ("username: '" in step["detail"] and " token: '" in step["detail"])
    return step["rpc"] != "UpdatePayloadVersion"  # which sends both forms of credentials alike


def _answer(response):
    """For the methods that do not judge the header themselves."""
    codes = header_pb2.CommonError
    return "INVALID_REQUEST" if response.header.error.code == codes.CODE_INVALID_REQUEST else "OK"


def _add(client, request):
    entry = request.service_entry
    client.register(entry.name, entry.type, entry.authority, request.endpoint.host_ip,
                    request.endpoint.port, liveness_timeout_secs=entry.liveness_timeout_secs,
                    timeout=PATIENCE)


def _change(client, request):
    entry = request.service_entry
    client.update(entry.name, entry.type, entry.authority, request.endpoint.host_ip,
                  request.endpoint.port, timeout=PATIENCE)


def _clear(client, request):
    client.clear_service_fault(request.fault_id, request.clear_all_service_faults,
                               request.clear_all_payload_faults, timeout=PATIENCE)


def _report(client, request):
    package = request.package_version
    return _answer(client.send_current_software_info(package.package_name, package.version,
                                                     package.release_date, package.build_id,
                                                     timeout=PATIENCE))


def _report_status(client, request):
    status = request.update_status
    return _answer(client.send_installation_status(status.package_name, status.status,
                                                   status.error_code, timeout=PATIENCE))


def _update_version(client, request):
    client.call(client._stub.UpdatePayloadVersion, request,
                error_from_response=_update_payload_version_error, timeout=PATIENCE)


registration, software = directory_registration_pb2, payload_software_update_pb2
# By rpc: the client, the request, and how the client sends it. What comes back is the table's name
# of the answer, or nothing for "OK".
METHODS = {
    "UpdatePayloadVersion": (PayloadRegistrationClient,
                             payload_registration_pb2.UpdatePayloadVersionRequest, _update_version),
    "ListPayloads": (PayloadClient, payload_pb2.ListPayloadsRequest,
                     lambda client, _: client.list_payloads(timeout=PATIENCE) and None),
    "GetRobotId": (RobotIdClient, robot_id_pb2.RobotIdRequest,
                   lambda client, _: client.get_id(timeout=PATIENCE) and None),
    "GetServiceEntry": (DirectoryClient, directory_pb2.GetServiceEntryRequest,
                        lambda client, request: client.get_entry(request.service_name,
                                                                 timeout=PATIENCE) and None),
    "ListServiceEntries": (DirectoryClient, directory_pb2.ListServiceEntriesRequest,
                           lambda client, _: client.list(timeout=PATIENCE) and None),
    "RegisterService": (DirectoryRegistrationClient, registration.RegisterServiceRequest, _add),
    "UpdateService": (DirectoryRegistrationClient, registration.UpdateServiceRequest, _change),
    "UnregisterService": (DirectoryRegistrationClient, registration.UnregisterServiceRequest,
                          lambda client, request: client.unregister(request.service_name,
                                                                    timeout=PATIENCE) and None),
    "TriggerServiceFault": (FaultClient, service_fault_pb2.TriggerServiceFaultRequest,
                            lambda client, request: client.trigger_service_fault(
                                request.fault, timeout=PATIENCE) and None),
    "ClearServiceFault": (FaultClient, service_fault_pb2.ClearServiceFaultRequest, _clear),
    "GetRobotState": (RobotStateClient, robot_state_pb2.RobotStateRequest,
                      lambda client, _: client.get_robot_state(timeout=PATIENCE) and None),
    "TimeSyncUpdate": (TimeSyncClient, time_sync_pb2.TimeSyncUpdateRequest, None),
    "SendCurrentVersionInfo": (PayloadSoftwareUpdateClient,
                               software.SendCurrentVersionInfoRequest, _report),
    "GetAvailableSoftwareUpdates": (PayloadSoftwareUpdateClient,
                                    software.GetAvailableSoftwareUpdatesRequest,
                                    lambda client, request: _answer(client.get_available_updates(
                                        list(request.package_names), timeout=PATIENCE))),
    "SendSoftwareUpdateStatus": (PayloadSoftwareUpdateClient,
                                 software.SendSoftwareUpdateStatusRequest, _report_status),
}


class ServiceSteps:
    """For the driver of conformance_test.py: has `mock`, `user` and `tokens`."""

    clock = ""

    def _client(self, who, kind):
        """A client that sends the token of `who`, under one authority for all services: the
        directory, which could tell others, needs the token as well."""
        robot = self.user
        if who:
            robot = robot_of(self.mock)
            if who != NOBODY:
                robot.user_token = self.tokens[who]
        channel = robot.ensure_secure_channel("api.spot.robot")
        client = kind()
        client.update_from(robot)
        client.channel = channel
        return client

    def ask(self, step):
        detail = step["detail"].replace("{token}", self.tokens.get(step["guid"], ""))
        detail = detail.replace("{clock}", self.clock)
        try:
            if step["rpc"] == "GetAuthToken":
                return self._login(step["guid"],
                                   text_format.Parse(detail, auth_pb2.GetAuthTokenRequest()))
            kind, request_type, send = METHODS[step["rpc"]]
            request = text_format.Parse(detail, request_type())
            client = self._client(step["guid"], kind)
            if step["rpc"] == "TimeSyncUpdate":
                return self._synchronize(client, request)
            return send(client, request) or "OK"
        except tuple(NAMES) as error:
            return NAMES[type(error)]

    def _login(self, who, request):
        client = self.user.ensure_client(AuthClient.default_service_name)
        if request.username and request.token:
            self.tokens[who] = client.call(client._stub.GetAuthToken, request,
                                           _token_from_response, _error_from_response,
                                           timeout=PATIENCE)
        elif request.username or request.password or not request.token:
            password = request.password.replace(TABLES_PASSWORD, PASSWORD)
            self.tokens[who] = client.auth(request.username, password, timeout=PATIENCE)
        else:
            self.tokens[who] = client.auth_with_token(request.token, timeout=PATIENCE)
        return "OK"

    def _synchronize(self, client, request):
        trip = request.previous_round_trip if request.HasField("previous_round_trip") else None
        response = client.get_time_sync_update(trip, request.clock_identifier, timeout=PATIENCE)
        self.clock = response.clock_identifier
        status = time_sync_pb2.TimeSyncState.Status.Name(response.state.status)
        return status.removeprefix("STATUS_")

    def entry(self, step):
        client = self._client("", DirectoryClient)
        try:
            entry = client.get_entry(step["detail"], timeout=PATIENCE)
        except NonexistentServiceError:
            return "absent"
        return f"{entry.type} at {entry.authority} of {entry.host_payload_guid or 'nobody'}"

    def entries(self, _):
        names = []
        for entry in self._client("", DirectoryClient).list(timeout=PATIENCE):
            name = entry.name if entry.name.startswith("acme") else "built-in"
            if name != "built-in" or names[-1:] != ["built-in"]:
                names.append(name)
        return " ".join(names)

    def _faults(self):
        client = self._client("", RobotStateClient)
        return client.get_robot_state(timeout=PATIENCE).service_fault_state

    @staticmethod
    def _ids(faults):
        return "; ".join(f"{fault.fault_id.fault_name}/{fault.fault_id.service_name}/"
                         f"{fault.fault_id.payload_guid}" for fault in faults)

    def active(self, _):
        return self._ids(self._faults().faults)

    def cleared(self, _):
        return self._ids(self._faults().historical_faults)

    def severities(self, _):
        name = service_fault_pb2.ServiceFault.Severity.Name
        return " ".join(f"{attribute}={name(severity).removeprefix('SEVERITY_')}"
                        for attribute, severity in sorted(self._faults().aggregated.items()))

    def available(self, step):
        client = self._client("", PayloadSoftwareUpdateClient)
        response = client.get_available_updates(step["detail"].split(), timeout=PATIENCE)
        return " ".join(package.version_info.package_name for package in response.staged_packages)

    # The administrator, and what only he sees.

    def _administer(self, call):
        admin = SoftwareAdmin(self.mock.admin_address)
        try:
            return call(admin)
        finally:
            admin.close()

    def software(self, step):
        for package in self._administer(lambda admin: admin.ListSoftware()).packages:
            if package.package_name == step["detail"]:
                return self._describe(package)
        return "absent"

    @staticmethod
    def _describe(package):
        words = []
        if package.HasField("current"):
            version = package.current.version
            words.append(f"version {version.major_version}.{version.minor_version}."
                         f"{version.patch_level}")
        if package.HasField("status"):
            name = software_package_pb2.SoftwareUpdateStatus.Status.Name(package.status.status)
            words.append(name.removeprefix("STATUS_"))
        return " ".join([*words, f"by {package.reporter}"])

    def stage(self, step):
        package = {"version_info": {"package_name": step["detail"]}}
        return self._administer(lambda admin: admin.result(admin.StageSoftware(package=package)))

    def unstage(self, step):
        return self._administer(
            lambda admin: admin.result(admin.UnstageSoftware(package_name=step["detail"])))

    def prompt(self, step):
        return self._administer(lambda admin: admin.result(
            admin.PromptPayload(service_name=step["detail"], prompt=1)))
