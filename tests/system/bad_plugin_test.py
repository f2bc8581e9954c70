"""Every bad plugin is one clear line and exit code 9, and never keeps the good ones from running."""

import os
import pathlib
import shutil
import unittest

from programs import CORE, GAS, LIDAR, PLUGINS, WAITING, ZOO, Host, Robot, SystemTest

# Animal of the zoo: a word that its refusal must hold.
REFUSED = {
    "wrong_magic": "magic",
    "wrong_major": "version",
    "truncated_entry": "claims 32 bytes",
    "no_entry": "payload_plugin_entry",
    "open_fails": "open",
    "offers_nothing": "offers",
    "bad_id": "id",
    "misspelled": "definition",
    "needs_protobuf": "rotobuf",
    "contains_protobuf": "rotobuf",
    "throws_in_open": "",
    "throws_in_constructor": "",
    "undefined_symbol": "",
}


class BadPlugin(SystemTest):
    def setUp(self):
        super().setUp()
        self.robot = Robot(self)

    def refuse(self, plugin, *fragments):
        """The plugin is refused with one line; the good ones on both sides of it run."""
        host = Host(self, self.robot, "--until", "registered", "--timeout", "20",
                    plugins=[PLUGINS / "core_io.so", plugin, PLUGINS / "gas_sensor.so"])
        self.assertEqual(host.program.wait(), 9, host.program.everything())
        for payload in (CORE, GAS):
            host.wait_for(payload, WAITING)
        self.assertEqual(len(host.refusals()), 1, host.program.everything())
        for fragment in (str(plugin), *fragments):
            self.assertIn(fragment, host.refusals()[0])
        self.assertEqual(sorted(os.listdir(os.path.join(host.state, "spot"))), [CORE, GAS])
        self.assertEqual(len(self.robot.payloads()), 2)

        inspected = self.run_ctl("plugin", "inspect", plugin, code=9)
        self.assertTrue(inspected.everything())

    def broken(self, name, content):
        path = pathlib.Path(self.folder) / name
        path.write_bytes(content)
        return path

    def test_missing(self):
        self.refuse(os.path.join(self.folder, "none.so"))

    def test_unreadable(self):
        folder = os.path.join(self.folder, "folder.so")
        os.mkdir(folder)
        self.refuse(folder)

    def test_no_shared_library(self):
        self.refuse(self.broken("text.so", b"This is no plugin.\n"))
        self.refuse(self.broken("empty.so", b""))

    def test_cut_short(self):
        whole = (PLUGINS / "lidar.so").read_bytes()
        self.refuse(self.broken("short.so", whole[:1000]))

    def test_another_machines(self):
        content = bytearray((PLUGINS / "lidar.so").read_bytes())
        content[18:20] = b"\xf3\x00"  # e_machine: RISC-V
        self.refuse(self.broken("riscv.so", bytes(content)), "machine")

    def test_strict_starts_nothing_when_one_is_refused(self):
        host = Host(self, self.robot, "--strict",
                    plugins=[PLUGINS / "core_io.so", ZOO / "wrong_magic.so"])
        self.assertEqual(host.program.wait(), 9)
        self.assertEqual(host.program.lines("out"), [])
        self.assertEqual(self.robot.payloads(), [])
        self.assertFalse(os.path.exists(host.state))

    def test_nothing_left_to_run_ends_at_once(self):
        host = Host(self, self.robot, plugins=[ZOO / "wrong_magic.so"])
        self.assertEqual(host.program.wait(), 9)
        self.assertEqual(len(host.refusals()), 1)
        self.assertFalse(os.path.exists(host.state))

    def test_the_second_of_two_payloads_of_one_id_is_refused(self):
        host = Host(self, self.robot, "--until", "registered", "--timeout", "20",
                    plugins=[ZOO / "twin_a.so", ZOO / "twin_b.so"])
        self.assertEqual(host.program.wait(), 9)
        self.assertEqual(len(host.refusals()), 1)
        self.assertIn("twin_b.so", host.refusals()[0])
        self.assertEqual(len(self.robot.payloads()), 1)

    def test_the_second_of_two_payloads_of_one_guid_is_refused(self):
        spot = os.path.join(self.folder, "state", "spot")
        os.makedirs(spot, 0o700)
        self.credentials(os.path.join(spot, CORE), "the-one-guid-of-both", "secret-of-the-core-io")
        self.credentials(os.path.join(spot, GAS), "THE-ONE-GUID-OF-BOTH", "secret-of-the-sensor")
        host = Host(self, self.robot, "--until", "registered", "--timeout", "20",
                    plugins=[PLUGINS / "core_io.so", PLUGINS / "gas_sensor.so"])
        self.assertEqual(host.program.wait(), 9)
        self.assertEqual(len(host.refusals()), 1)
        self.assertIn(GAS, host.refusals()[0])
        self.assertEqual([p["guid"] for p in self.robot.payloads()], ["the-one-guid-of-both"])

    def test_a_damaged_identity_refuses_its_payload_and_stays(self):
        spot = os.path.join(self.folder, "state", "spot")
        os.makedirs(spot, 0o700)
        damaged = self.secret_file(os.path.join(spot, LIDAR), "only-a-guid\n")
        open_to_all = self.secret_file(os.path.join(spot, CORE), "a-guid-of-ours\na-secret-of-ours\n",
                                       0o644)
        host = Host(self, self.robot, "--until", "registered", "--timeout", "20",
                    plugins=[PLUGINS / f"{name}.so" for name in ("core_io", "gas_sensor", "lidar")])
        self.assertEqual(host.program.wait(), 9)
        refusals = "\n".join(host.refusals())
        self.assertEqual(len(host.refusals()), 2, refusals)
        self.assertIn(damaged, refusals)
        self.assertIn(f"chmod 600 {open_to_all}", refusals)
        self.assertEqual(pathlib.Path(damaged).read_text(), "only-a-guid\n")
        self.assertEqual(len(self.robot.payloads()), 1)

    def outlive(self, animal, word):
        """The animal is refused with one line; the good ones on both sides of it run."""
        host = Host(self, self.robot, "--until", "registered", "--timeout", "25",
                    plugins=[PLUGINS / "core_io.so", ZOO / f"{animal}.so", PLUGINS / "lidar.so"])
        self.assertEqual(host.program.wait(), 9, host.program.everything())
        for payload in (CORE, LIDAR):
            host.wait_for(payload, WAITING)
        self.assertEqual(len(host.refusals()), 1, host.program.everything())
        self.assertIn(f"{animal}.so: {word}", host.refusals()[0])

    def test_a_plugin_that_crashes_on_load_takes_nobody_along(self):
        self.outlive("crashes_on_load", "crashes while it is loaded")

    def test_a_plugin_that_hangs_on_load_keeps_nobody_from_running(self):
        self.outlive("hangs_on_load", "hangs while it is loaded")

    def test_a_plugin_that_throws_at_every_event_disturbs_nobody(self):
        host = Host(self, self.robot, plugins=[ZOO / "throws_in_event.so", PLUGINS / "lidar.so"])
        host.wait_for(LIDAR, WAITING)
        self.robot.mock("authorize", host.guid(LIDAR))
        host.wait_for(LIDAR, "authorized")
        self.assertEqual(host.program.stop(), 0)


def add_zoo_tests():
    for animal, word in REFUSED.items():
        def test(self, animal=animal, word=word):
            self.refuse(ZOO / f"{animal}.so", word)
        setattr(BadPlugin, f"test_{animal}", test)


add_zoo_tests()

if __name__ == "__main__":
    unittest.main()
