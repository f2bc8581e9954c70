"""The administrator's side of the mock, straight from its .proto file: messages are made at run
time, so that no generated code has to match the client's version of Protobuf."""

import os
import subprocess
import tempfile

import grpc
# What our files import has to be in the pool before them.
from bosdyn.api import robot_id_pb2, software_package_pb2
from google.protobuf import (descriptor_pb2, descriptor_pool, duration_pb2, message_factory,
                             timestamp_pb2)

PATIENCE = 20  # seconds
ADMIN_PROTO = "mock_robot/v1/admin.proto"
SOFTWARE_PROTO = "mock_robot/v1/software.proto"
assert robot_id_pb2 and software_package_pb2 and duration_pb2 and timestamp_pb2


def _file(proto):
    pool = descriptor_pool.Default()
    try:
        return pool.FindFileByName(proto)
    except KeyError:
        with tempfile.NamedTemporaryFile() as out:
            subprocess.run([os.environ["PROTOC"], f"-I{os.environ['PROTOS_DIR']}",
                            f"--descriptor_set_out={out.name}", proto], check=True)
            files = descriptor_pb2.FileDescriptorSet.FromString(out.read()).file
        pool.Add(files[0])
        return pool.FindFileByName(proto)


class Administration:
    """A service of the administration: a method for each rpc, which takes the fields of the request
    and returns the response."""

    def __init__(self, address, proto, name):
        self._channel = grpc.insecure_channel(address)
        self.results = _file(ADMIN_PROTO).enum_types_by_name["Result"].values_by_name
        service = _file(proto).services_by_name[name]
        for rpc in service.methods:
            setattr(self, rpc.name, self._method(service, rpc))

    def _method(self, service, rpc):
        request = message_factory.GetMessageClass(rpc.input_type)
        response = message_factory.GetMessageClass(rpc.output_type)
        call = self._channel.unary_unary(f"/{service.full_name}/{rpc.name}",
                                         request_serializer=request.SerializeToString,
                                         response_deserializer=response.FromString)
        return lambda **fields: call(request(**fields), timeout=PATIENCE)

    def result(self, response):
        """The name of the result, without its prefix."""
        return {value.number: name for name, value in
                self.results.items()}[response.result].removeprefix("RESULT_")

    def close(self):
        self._channel.close()


class SoftwareAdmin(Administration):
    """Payload software: `software.StageSoftware(package=...)` and so on."""

    def __init__(self, address):
        super().__init__(address, SOFTWARE_PROTO, "MockRobotSoftware")


class Admin(Administration):
    """Payloads: `admin.AuthorizePayload(guid=...)` and so on."""

    def __init__(self, address):
        super().__init__(address, ADMIN_PROTO, "MockRobotAdmin")

    def authorize(self, guid, preset_name=""):
        self._must(self.AuthorizePayload(guid=guid, preset_name=preset_name))

    def forget(self, guid):
        self._must(self.ForgetPayload(guid=guid))

    def reject(self, guid):
        self._must(self.RejectPayload(guid=guid))

    def deauthorize(self, guid):
        self._must(self.DeauthorizePayload(guid=guid))

    def advance(self, hours):
        self._must(self.AdvanceClock(by=duration_pb2.Duration(seconds=hours * 3600)))

    def _must(self, response):
        if self.result(response) != "OK":
            raise AssertionError(f"the mock's administration refused: {response}")

    def payload(self, guid):
        """What the mock knows about a payload, or None."""
        found = [state for state in self.ListPayloads().payloads if state.guid == guid.lower()]
        return found[0] if found else None
