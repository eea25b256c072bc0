#!/usr/bin/env python3
"""Example: tests/tools/test_compare_peers.py

The parts of tools/compare_peers: statistics, names and settings, the protocol with a fake program, whole comparisons of
fake programs. Where PyTorch is installed its peers run too. Needs no build.
"""

import contextlib
import importlib.util
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from peers import figures, kinds, report, rounds, system  # noqa: E402
from peers.child_process import Answer, ChildFailed, ChildProcess, parse_answer  # noqa: E402

FAKE = Path(__file__).resolve().parent / "peers" / "fake_program.py"
TOOL = ROOT / "tools" / "compare_peers"
HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "numpy"))


def fake(mode: str = "good", *words: str) -> ChildProcess:
    return ChildProcess([sys.executable, str(FAKE), f"MODE={mode}", *words])


def fake_side(name: str, mode: str = "good", setting: str = "1 thread") -> rounds.Side:
    words = [] if name.startswith("duel") else ["--peer", name]
    return rounds.Side(name, setting, lambda: fake(mode, *words))


class Statistics(unittest.TestCase):
    def test_quartiles(self):
        self.assertEqual(figures.quartiles([4.0, 1.0, 3.0, 2.0, 5.0]), (2.0, 3.0, 4.0))
        self.assertEqual(figures.quartiles([7.0]), (7.0, 7.0, 7.0))
        with self.assertRaises(ValueError):
            figures.quartiles([])

    def test_ratios_are_of_the_same_round(self):
        self.assertEqual(figures.ratio([2.0, 30.0, 8.0], [1.0, 10.0, 2.0]), (3.0, 2.0, 4.0))
        with self.assertRaises(ValueError):
            figures.ratio([1.0], [1.0, 2.0])
        with self.assertRaises(ValueError):
            figures.ratio([], [])

    def test_iterations(self):
        self.assertEqual(figures.iterations_for(0.3, 10, 0.1), 30)
        self.assertEqual(figures.iterations_for(0.3, 1, 10.0), 2)
        self.assertEqual([figures.iterations_of_epoch(60000, n) for n in (64, 256, 1024)], [938, 235, 59])


class Names(unittest.TestCase):
    def test_peers(self):
        self.assertEqual(kinds.parse_peer("eager"), ("eager", False, False))
        self.assertEqual(kinds.parse_peer("cuda-graph+fused-adam+tf32"), ("cuda-graph", True, True))
        for wrong in ("", "eager+", "eagre", "eager+fast"):
            with self.assertRaises(ValueError, msg=wrong):
                kinds.parse_peer(wrong)

    def test_lists_and_defaults(self):
        self.assertEqual(kinds.parse_peers("eager, compiled,eager", "cpu"), ["eager", "compiled"])
        for device, names in kinds.DEFAULTS.items():
            self.assertEqual(kinds.parse_peers("", device), names)
            self.assertTrue(device == "cuda" or not any(kinds.parse_peer(name).needs_cuda for name in names))

    def test_what_peers_do(self):
        self.assertTrue(kinds.parse_peer("eager+fused-adam").reads_losses)
        self.assertFalse(kinds.parse_peer("eager-no-read").reads_losses)
        self.assertIsNone(kinds.parse_peer("cuda-graph").compile_mode)
        captured = {name for name in kinds.BASES if kinds.parse_peer(name).is_captured}
        self.assertEqual(captured, {"cuda-graph", "compiled-cuda-graph", "max-autotune-cuda-graph"})

    def test_environments(self):
        self.assertEqual(kinds.parse_environment("A=1,B=x=y"), (("A", "1"), ("B", "x=y")))
        for wrong in ("A", "=1", "A=1,"):
            with self.assertRaises(ValueError, msg=wrong):
                kinds.parse_environment(wrong)

    def test_settings(self):
        self.assertEqual(kinds.settings_of("cuda", 16, ["A=1"], {}), [kinds.Setting(16)])
        passive = kinds.PASSIVE
        self.assertEqual(kinds.settings_of("cpu", 2, [], {}), [kinds.Setting(1, passive), kinds.Setting(2, passive),
                                                               kinds.Setting(2)])
        self.assertEqual(kinds.settings_of("cpu", 1, ["A=1"], {"OMP_WAIT_POLICY": "active"}),
                         [kinds.Setting(1), kinds.Setting(1, (("A", "1"),))])
        variables = kinds.Setting(2, passive).variables()
        self.assertEqual({variables[n] for n in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}, {"2"})
        self.assertEqual(variables["OMP_WAIT_POLICY"], "passive")
        self.assertEqual(str(kinds.Setting(2, passive)), "2 threads, OMP_WAIT_POLICY=passive")


class Protocol(unittest.TestCase):
    def failure(self, mode: str, timeout: float = 60.0) -> str:
        """Why a program fails to get ready or to run."""
        with contextlib.closing(fake(mode)) as child, self.assertRaises(ChildFailed) as caught:
            child.wait_until_ready(timeout)
            for _ in range(4):
                child.run(1, timeout)
        return str(caught.exception)

    def test_answers(self):
        self.assertEqual(parse_answer("0.5 0.25 1e3"), Answer(0.5, 0.25, 1000.0))
        for wrong in ("", "0.5", "0.5 0.2 x", "0 1 1", "nan 1 1", "1 2 3 4"):
            with self.assertRaises(ChildFailed, msg=wrong):
                parse_answer(wrong)

    def test_a_good_program(self):
        with contextlib.closing(fake()) as child:
            self.assertEqual(child.wait_until_ready(60.0), "1000 /data")
            self.assertAlmostEqual(child.run(50, 60.0).seconds, 0.005)
            self.assertGreaterEqual(child.cpu_seconds(), 0.0)

    def test_reasons(self):
        self.assertEqual(self.failure("unavailable"), "no such thing here")
        self.assertEqual(self.failure("ends"), "ended with exit code 3: it broke")
        self.assertEqual(self.failure("dies"), "ended with exit code 4: out of luck")
        self.assertIn("found 'hello'", self.failure("babbles"))
        with self.assertRaisesRegex(ChildFailed, "no-such-program does not start"):
            ChildProcess(["/nowhere/no-such-program"])

    def test_a_program_that_hangs_is_ended(self):
        begin = time.monotonic()
        self.assertEqual(self.failure("hangs", 0.2), "getting ready took more than 0 s")
        self.assertLess(time.monotonic() - begin, 20.0)


class Rounds(unittest.TestCase):
    def compared(self, *sides: rounds.Side) -> report.BatchResult:
        """A comparison of two rounds."""
        self.addCleanup(lambda: [side.close() for side in sides])
        rounds.prepare_all(sides, at_a_time=2, timeout=60.0)
        contenders = rounds.try_settings(sides, window=0.01, settle=0.0, rounds=2)
        done = rounds.run_rounds(contenders, 2, 0.0, time.monotonic() + 60, seed=1)
        return report.BatchResult(64, 1000, done, list(sides))

    def test_times_and_ratios(self):
        own, peer = fake_side("duel fused"), fake_side("eager")
        self.compared(own, peer)
        self.assertEqual([round(t, 6) for t in own.milliseconds], [0.1, 0.1])
        self.assertAlmostEqual(figures.ratio(peer.milliseconds, own.milliseconds).median, 2.0)
        self.assertEqual(own.iterations, 100)
        self.assertEqual(own.last_losses, (0.5, 0.7))

    def test_a_peer_that_cannot_run_is_listed_with_its_reason(self):
        modes = {"eager": "good", "compiled": "unavailable", "cuda-graph": "nan", "reduce-overhead": "dies"}
        sides = [fake_side("duel fused"), *(fake_side(name, mode) for name, mode in modes.items())]
        text = report.describe(self.compared(*sides))
        self.assertIn("compiled (1 thread): cannot run: no such thing here", text)
        self.assertIn("cuda-graph (1 thread): cannot run: its losses are not finite after 1 iterations: nan 0.7", text)
        self.assertIn("reduce-overhead (1 thread): cannot run: ended with exit code 4: out of luck", text)
        self.assertRegex(text, r"eager +1 thread +0\.2000 .* 2\.00 \(2\.00 to 2\.00\)")

    def test_every_setting_is_tried_and_the_best_counts(self):
        sides = [fake_side("eager", setting=text) for text in ("slow", "fast", "near", "nearly")]
        for side, milliseconds in zip(sides, (9.0, 1.0, 1.2, 1.21)):
            side.child, side.trial_milliseconds = fake(), [milliseconds]
        self.addCleanup(lambda: [side.close() for side in sides])
        kept = rounds.keep_contenders(sides)
        self.assertEqual([side.setting for side in kept], ["fast", "near"])
        self.assertIsNone(sides[0].child)
        sides[1].milliseconds, sides[2].milliseconds = [3.0], [2.0]
        self.assertEqual([side.setting for side in rounds.fastest_of_each(sides)], ["near"])

    def test_rounds_end_at_the_deadline(self):
        side = fake_side("duel fused")
        rounds.prepare(side, 60.0)
        self.addCleanup(side.close)
        rounds.calibrate(side, 0.01)
        self.assertEqual(rounds.run_rounds([side], 50, 0.0, time.monotonic(), seed=1), rounds.LEAST_ROUNDS)


class Program(unittest.TestCase):
    """compare_peers itself, with fake programs for Duel and for the Python that has PyTorch."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "tools").mkdir()
        (self.folder / "tools" / "iteration_time").symlink_to(FAKE)

    def run_tool(self, *words: str, mode: str = "good") -> subprocess.CompletedProcess:
        command = [sys.executable, str(TOOL), "--build", str(self.folder), "--python", str(FAKE), "--rounds", "2"]
        return subprocess.run([*command, "--window", "0.01", *words], capture_output=True, text=True, timeout=300,
                              env={**os.environ, "FAKE_MODE": mode})

    def test_a_comparison(self):
        json_file = self.folder / "times.json"
        done = self.run_tool("--batches", "10,100", "--peers", "eager,compiled", "--threads", "1", "--json",
                             str(json_file), "--duel-arguments=--precision tf32")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for text in ("batch 10, 2 rounds", "batch 100", "duel plain", "duel --precision tf32", "s/epoch (100 it.)",
                     "PyTorch 9.9"):
            self.assertIn(text, done.stdout)
        content = json.loads(json_file.read_text())
        self.assertEqual([result["batch_size"] for result in content["results"]], [10, 100])
        self.assertEqual([len(side["milliseconds"]) for side in content["results"][0]["sides"]], [2] * 5)

    def test_a_bound_leaves_fewer_rounds(self):
        done = self.run_tool("--batches", "10", "--peers", "eager", "--threads", "1", "--rounds", "500",
                             "--seconds", "4")
        self.assertEqual(done.returncode, 0)
        self.assertLess(int(done.stdout.split()[2]), 100)

    def test_errors(self):
        self.assertIn("unknown peer 'warp'", self.run_tool("--peers", "warp").stderr)
        self.assertIn("duel fused at batch 64 cannot run: ended with exit code 3: it broke",
                      self.run_tool(mode="ends").stderr)
        self.assertIn("no-such-folder", self.run_tool("--build", "no-such-folder").stderr)
        self.assertEqual(self.run_tool("--batches", "1").returncode, 2)

    @unittest.skipIf(HAS_TORCH, "PyTorch is installed")
    def test_without_pytorch_it_is_skipped(self):
        done = self.run_tool("--batches", "10", "--threads", "1", "--python", sys.executable)
        self.assertEqual(done.returncode, 77)
        self.assertIn("skipped: ", done.stdout)


class Machine(unittest.TestCase):
    def test_compilers(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(system.compilers(Path(folder)), [])
            (Path(folder) / "CMakeCache.txt").write_text(f"CMAKE_CXX_COMPILER:FILEPATH={sys.executable}\n")
            self.assertEqual(system.compilers(Path(folder)), [f"Python {sys.version.split()[0]}"])

    def test_wrong_cores(self):
        for wrong in ("a", "0,", "99999"):
            with self.assertRaises(ValueError, msg=wrong):
                system.pin_to_cores(wrong)


@unittest.skipUnless(HAS_TORCH, "PyTorch or NumPy is not installed for this Python")
class PyTorchPeers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        pixels = bytes(i % 256 for i in range(100 * 784))
        (self.folder / "train-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, 100, 28, 28) + pixels)

    def peer(self, name: str, batch_size: int = 32, networks: str = "mlp", game: str = "gan") -> ChildProcess:
        program = str(ROOT / "tools" / "peers" / "pytorch_peer.py")
        child = ChildProcess([sys.executable, program, "--peer", name, "--data", str(self.folder), "--batch-size",
                              str(batch_size), "--networks", networks, "--game", game])
        self.addCleanup(child.close)
        return child

    def test_eager_peers_train(self):
        for name in ("eager", "eager-no-read"):
            child = self.peer(name)
            self.assertIn("pytorch", json.loads(child.wait_until_ready(120.0)))
            first, last = child.run(1, 60.0), child.run(20, 60.0)
            self.assertLess(last.discriminator_loss, first.discriminator_loss)

    def test_the_dcgan_trains(self):
        child = self.peer("eager", 16, "dcgan")
        child.wait_until_ready(120.0)
        first, last = child.run(1, 60.0), child.run(10, 60.0)
        self.assertLess(last.discriminator_loss, first.discriminator_loss)

    def test_games_are_played(self):
        for networks, game in (("mlp", "lsgan"), ("mlp", "wgan_gp"), ("dcgan", "wgan")):
            child = self.peer("eager-no-read", 16, networks, game)
            child.wait_until_ready(120.0)
            first, last = child.run(1, 60.0), child.run(10, 60.0)
            self.assertLess(last.discriminator_loss, first.discriminator_loss, game)

    def test_captured_batches_hold_every_image_once(self):
        import torch
        from peers.pytorch_peer import CapturedBatches

        batches = CapturedBatches(torch.arange(10.0).reshape(10, 1), 4)
        for _ in range(2):
            order = batches.order.tolist()
            start = int(batches.positions[0])
            gathered = []
            for _ in range(batches.per_epoch):
                gathered += batches.gather().flatten().tolist()
                batches.count_one()
            self.assertEqual(gathered, (order * 3)[start:start + 12])
        self.assertEqual(sorted(batches.order.tolist()), list(range(10)))

    def test_reasons(self):
        for name, batch_size, reason in (("cuda-graph", 32, "needs --device cuda"),
                                         ("eager", 101, "larger than the data of 100 images")):
            with self.assertRaisesRegex(ChildFailed, reason):
                self.peer(name, batch_size).wait_until_ready(120.0)


if __name__ == "__main__":
    unittest.main()
