"""What others test with: a Python server of ten threads that keeps GUIDs in a dictionary and fills
the response header. Prints one line of JSON as mock-robot does; ends with its standard input."""

import concurrent.futures
import json
import sys
import threading

import grpc
from bosdyn.api import header_pb2, payload_registration_pb2, payload_registration_service_pb2_grpc


class Registration(payload_registration_service_pb2_grpc.PayloadRegistrationServiceServicer):
    def __init__(self):
        self._lock = threading.Lock()
        self._payloads = {}

    def RegisterPayload(self, request, context):
        response = payload_registration_pb2.RegisterPayloadResponse()
        response.header.request_received_timestamp.GetCurrentTime()
        response.header.request_header.CopyFrom(request.header)
        response.header.error.code = header_pb2.CommonError.CODE_OK
        with self._lock:
            if request.payload.GUID in self._payloads:
                response.status = response.STATUS_ALREADY_EXISTS
            else:
                self._payloads[request.payload.GUID] = request
                response.status = response.STATUS_OK
        response.header.response_timestamp.GetCurrentTime()
        return response


def main():
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=10))
    payload_registration_service_pb2_grpc.add_PayloadRegistrationServiceServicer_to_server(
        Registration(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(json.dumps({"robot": f"127.0.0.1:{port}", "root_cert": ""}), flush=True)
    sys.stdin.read()
    server.stop(None)


if __name__ == "__main__":
    main()
