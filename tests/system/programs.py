"""Runs our programs as a person or a script would, and waits for what they print.

Every wait has a deadline and nothing sleeps: reader threads announce each line as it arrives.
Everything printed is kept, and so is every secret, so that each test can show that the two never
meet.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

BIN = pathlib.Path(os.environ["PROGRAMS_DIR"])
PLUGINS = pathlib.Path(os.environ["PLUGINS_DIR"])
ZOO = pathlib.Path(os.environ["ZOO_DIR"])
TRANSCRIPTS = pathlib.Path(os.environ["TRANSCRIPTS_DIR"])

# Long enough for a sanitizer build on a busy machine; a passing test never waits for it.
PATIENCE = 30.0

CORE = "bostondynamics.core-io"
GAS = "draeger.x-am-8000"
LIDAR = "velodyne.vlp-16"
WAITING = "waiting for authorization"


class Program:
    """One running program and everything it has printed."""

    def __init__(self, test, *arguments, out=subprocess.PIPE, err=subprocess.PIPE):
        self._test = test
        self._news = threading.Condition()
        self._lines = {"out": [], "err": []}
        self.arguments = [str(argument) for argument in arguments]
        self._process = subprocess.Popen(
            self.arguments, stdin=subprocess.DEVNULL, stdout=out,
            stderr=err, env={**os.environ, "HOME": str(test.folder)})
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True)
            for name, stream in (("out", self._process.stdout), ("err", self._process.stderr))
            if stream]
        self._open = len(self._readers)
        for reader in self._readers:
            reader.start()

    def _read(self, name, stream):
        with stream:
            for line in stream:
                with self._news:
                    self._lines[name].append(line.decode(errors="replace").rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._open -= 1
            self._news.notify_all()

    def lines(self, stream="out", since=0):
        with self._news:
            return self._lines[stream][since:]

    def wait_for(self, pattern, stream="out", since=0, count=1):
        """Waits until `count` lines from number `since` on match; returns the last of them."""
        def found():
            matches = [line for line in self._lines[stream][since:] if re.search(pattern, line)]
            return matches[count - 1] if len(matches) >= count else None

        with self._news:
            self._news.wait_for(lambda: found() or self._open == 0, PATIENCE)
            line = found()
        if line is None:
            self._test.fail(f"{self} never printed {pattern!r}:\n{self.everything()}")
        return line

    def wait(self):
        """Waits for its end; returns its exit code."""
        try:
            code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._test.fail(f"{self} does not end:\n{self.everything()}")
        for reader in self._readers:
            reader.join(PATIENCE)
        return code

    def stop(self, number=signal.SIGTERM):
        self._process.send_signal(number)
        return self.wait()

    def end(self):
        """For clean-up: whatever state it is in, it is gone afterwards."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join(PATIENCE)

    def everything(self):
        return "\n".join(self.lines("out") + self.lines("err"))

    def __str__(self):
        return " ".join(self.arguments)


class Robot:
    """A mock robot that serves."""

    def __init__(self, test, *flags, tls_dir=None):
        self._test = test
        self.tls = "--insecure" not in flags
        if self.tls:
            flags += ("--tls-dir", tls_dir or tempfile.mkdtemp(dir=test.folder))
        self.program = test.start(BIN / "mock-robot", *flags)
        ready = json.loads(self.program.wait_for('"event"'))
        test.assertEqual(ready["event"], "ready")
        self.address = ready["robot"]
        self.admin = ready["admin"]
        self.root_cert = ready.get("root_cert")

    def flags(self):
        """How a client reaches it."""
        trust = ["--root-cert", self.root_cert] if self.tls else ["--insecure",
                                                                  "--token-over-plain"]
        return ["--robot", self.address, *trust]

    def restarted(self):
        """The same robot after a power failure: same address and identity, empty memory."""
        self.program.stop(signal.SIGKILL)
        return Robot(self._test, "--listen", self.address, "--admin", self.admin,
                     tls_dir=os.path.dirname(self.root_cert))

    def mock(self, *arguments, code=0):
        return self._test.run_ctl("mock", *arguments, "--admin", self.admin, code=code)

    def payloads(self):
        return json.loads(self.mock("list", "--json").lines()[0])["payloads"]

    def payload(self, guid):
        return next((p for p in self.payloads() if p["guid"] == guid), None)


class Host:
    """payload-host with a robot."""

    def __init__(self, test, robot, *flags, plugins=(), state=None, **outputs):
        self.state = state or os.path.join(test.folder, "state")
        identity = [] if "--ephemeral" in flags else ["--state-dir", self.state]
        for plugin in plugins:
            identity += ["--plugin", plugin]
        self.program = test.start(BIN / "payload-host", *robot.flags(), "--robot-name", "spot",
                                  "--interval", "0.5", *identity, *flags, **outputs)

    def mark(self):
        """The number of the next state line."""
        return len(self.program.lines())

    def wait_for(self, payload, state, since=0):
        return self.program.wait_for(f"^[^ ]+ {re.escape(payload)} .* → {state}(:|$)", since=since)

    def credentials(self, payload):
        return os.path.join(self.state, "spot", payload)

    def guid(self, payload):
        return pathlib.Path(self.credentials(payload)).read_text().splitlines()[0]

    def refusals(self):
        return [line for line in self.program.lines("err") if " refused: " in line]


class SystemTest(unittest.TestCase):
    """A test with a folder of its own, whose programs end with it."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="system-test-")
        self._programs = []
        self._secrets = set()

    def tearDown(self):
        for program in self._programs:
            program.end()
        for path in pathlib.Path(self.folder).glob("state*/*/*"):
            self.keep_secret((path.read_text().splitlines() + ["", ""])[1])
        printed = "\n".join(f"$ {program}\n{program.everything()}" for program in self._programs)
        shutil.rmtree(self.folder)
        TRANSCRIPTS.mkdir(parents=True, exist_ok=True)
        record = {"printed": printed, "secrets": sorted(self._secrets)}
        (TRANSCRIPTS / f"{self.id()}.json").write_text(json.dumps(record, indent=1))

    def keep_secret(self, text):
        """`text` may never be printed; see secrets_test.py."""
        if text.strip():
            self._secrets.add(text.strip())

    def start(self, *arguments, **outputs):
        """`out` and `err`: where they go, should a test want to be the one who reads them."""
        program = Program(self, *arguments, **outputs)
        self._programs.append(program)
        return program

    def run_ctl(self, *arguments, code=0):
        """Runs payloadctl to its end, which must be with `code`."""
        program = self.start(BIN / "payloadctl", *arguments)
        self.assertEqual(program.wait(), code, f"{program}\n{program.everything()}")
        return program

    def secret_file(self, name, content, mode=0o600):
        path = os.path.join(self.folder, name)
        with open(path, "w", opener=lambda p, f: os.open(p, f, mode)) as file:
            file.write(content)
        os.chmod(path, mode)
        return path

    def credentials(self, name, guid, secret):
        self.keep_secret(secret)
        return self.secret_file(name, f"{guid}\n{secret}\n")

    def definition(self, name="payload.textproto", text=""):
        path = os.path.join(self.folder, name)
        pathlib.Path(path).write_text(
            text or 'name: "Test payload" mount_frame_name: MOUNT_FRAME_BODY_PAYLOAD')
        return path

    def assert_one_line(self, program, *fragments):
        """Everything it printed is one line on the error output that holds the fragments."""
        self.assertEqual(program.lines("out"), [], str(program))
        self.assertEqual(len(program.lines("err")), 1, program.everything())
        for fragment in fragments:
            self.assertIn(fragment, program.lines("err")[0])
