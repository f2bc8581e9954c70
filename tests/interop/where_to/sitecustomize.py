"""Tells the client's command line which port to call and which root to trust; it is otherwise as it
came. Python runs this by itself before the program when the folder is on its path."""

import os

import bosdyn.client.robot
import bosdyn.client.sdk

bosdyn.client.robot._DEFAULT_SECURE_CHANNEL_PORT = int(os.environ["INTEROP_PORT"])
# The last default is that of `cert_resource_glob`.
create = bosdyn.client.sdk.create_standard_sdk
create.__defaults__ = create.__defaults__[:-1] + (os.environ["INTEROP_ROOT_CERT"],)
