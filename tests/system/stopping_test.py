"""payload-host ends when it is told to, with the right exit code, whoever is busy or deaf."""

import os
import unittest

from programs import CORE, LIDAR, PLUGINS, WAITING, ZOO, Host, Robot, SystemTest


class Stopping(SystemTest):
    def setUp(self):
        super().setUp()
        self.robot = Robot(self)

    def test_a_plugin_busy_with_its_static_data_ends_with_0(self):
        host = Host(self, self.robot, plugins=[ZOO / "never_done.so", PLUGINS / "lidar.so"])
        for payload in ("zoo.animal", LIDAR):
            host.wait_for(payload, WAITING)
        self.assertEqual(host.program.stop(), 0, host.program.everything())

    def test_a_plugin_busy_with_its_static_data_does_not_change_the_code_of_until(self):
        host = Host(self, self.robot, "--until", "registered", "--timeout", "20",
                    plugins=[ZOO / "never_done.so", PLUGINS / "lidar.so"])
        self.assertEqual(host.program.wait(), 0, host.program.everything())

    def test_a_signal_is_heard_while_a_plugin_hangs(self):
        for animal in ("hangs_on_load", "hangs_in_open"):
            host = Host(self, self.robot, plugins=[ZOO / f"{animal}.so", PLUGINS / "lidar.so"])
            host.program.wait_for("hanging", "err")
            self.assertEqual(host.program.stop(), 0, host.program.everything())
            self.assertEqual(host.refusals(), [])
            self.assertEqual(host.program.lines(), [])

    def test_the_timeout_covers_the_start(self):
        for animal in ("hangs_on_load", "hangs_in_open"):
            host = Host(self, self.robot, "--until", "registered", "--timeout", "1",
                        plugins=[ZOO / f"{animal}.so"])
            self.assertEqual(host.program.wait(), 7, host.program.everything())

    def test_plugins_that_hang_are_refused_all_together_and_do_not_keep_it_from_ending(self):
        host = Host(self, self.robot, "--until", "registered",
                    plugins=[*[ZOO / "hangs_in_open.so"] * 5, PLUGINS / "lidar.so"])
        self.assertEqual(host.program.wait(), 9, host.program.everything())
        self.assertEqual(len(host.refusals()), 5)
        host.wait_for(LIDAR, WAITING)

    def full_pipe(self):
        """The end to write to of a pipe that takes no more, because nobody reads it."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        os.set_blocking(writer, False)
        try:
            while True:
                os.write(writer, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(writer, True)
        return writer

    def test_nobody_reading_the_standard_output_does_not_keep_it_from_ending(self):
        host = Host(self, self.robot, plugins=[PLUGINS / "core_io.so"], out=self.full_pipe())
        host.program.wait_for(f"{CORE}: runs on robot", "err")
        self.assertEqual(host.program.stop(), 0, host.program.everything())

    def test_nobody_reading_the_standard_output_does_not_hide_what_until_waits_for(self):
        host = Host(self, self.robot, "--until", "registered", plugins=[PLUGINS / "core_io.so"],
                    out=self.full_pipe())
        self.assertEqual(host.program.wait(), 0, host.program.everything())

    def test_nobody_reading_the_log_does_not_keep_it_from_ending(self):
        host = Host(self, self.robot, plugins=[PLUGINS / "core_io.so"], err=self.full_pipe())
        host.wait_for(CORE, WAITING)
        self.assertEqual(host.program.stop(), 1)

    def test_a_standard_output_without_reader_is_said_once_and_payloads_stay(self):
        reader, writer = os.pipe()
        os.close(reader)
        host = Host(self, self.robot, plugins=[PLUGINS / "core_io.so"], out=writer)
        os.close(writer)
        host.program.wait_for("cannot write to the standard output", "err")
        self.robot.mock("authorize", host.guid(CORE))
        self.assertTrue(self.robot.payload(host.guid(CORE))["authorized"])
        self.assertEqual(host.program.stop(), 0, host.program.everything())
        said = [line for line in host.program.lines("err") if "cannot write" in line]
        self.assertEqual(len(said), 1)


if __name__ == "__main__":
    unittest.main()
