"""Bytes that no client of good will sends, past the client's own checks."""

import unittest

import grpc
from bosdyn.api import header_pb2, payload_pb2, payload_registration_pb2

from spot_case import PATIENCE, SpotCase, a_payload

REGISTER = "/bosdyn.api.PayloadRegistrationService/RegisterPayload"
TIMES = 200


class HostileInput(SpotCase):
    def test_text_that_is_no_utf8_is_an_error_and_one_line_of_the_robots(self):
        good = payload_registration_pb2.RegisterPayloadRequest(
            header=header_pb2.RequestHeader(client_name="hostile"),
            payload=payload_pb2.Payload(GUID="a-guid", name="NAME-OF-A-PAYLOAD"))
        bad = good.SerializeToString().replace(b"NAME", b"\xff\xfe\n\x1b")
        channel = self.robot.ensure_secure_channel("api.spot.robot")
        send = channel.unary_unary(REGISTER, request_serializer=lambda bytes_: bytes_,
                                   response_deserializer=lambda bytes_: bytes_)
        for _ in range(TIMES):
            with self.assertRaises(grpc.RpcError) as refused:
                send(bad, timeout=PATIENCE)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INTERNAL)
            self.assertIn("no bosdyn.api.RegisterPayloadRequest", refused.exception.details())
        self.register(a_payload())
        # Whoever floods the robot with it fills no log, and writes none of its lines.
        lines = self.mock.stderr().splitlines()
        self.assertLess(len(lines), 10)
        self.assertEqual(lines[0],
                         "mock-robot: Protobuf: text that is no UTF-8 in bosdyn.api.Payload.name")
        for line in lines:
            self.assertTrue(line.startswith("mock-robot: Protobuf: text that is no UTF-8"), line)


if __name__ == "__main__":
    unittest.main()
