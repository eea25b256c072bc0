"""Tests of tools/sweep_quality with a program in mnist_gan's place that only writes down what it was asked for."""

import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "sweep_quality"

# Trains: a run folder whose checkpoint holds the seed. Evaluates: a Fréchet distance of 100 + 10 * seed.
PROGRAM = '''#!/usr/bin/env python3
import json, pathlib, sys
arguments = sys.argv[1:]
with open(pathlib.Path(__file__).parents[2] / "calls", "a") as calls:
    print(" ".join(arguments), file=calls)
value = lambda flag: arguments[arguments.index(flag) + 1]
if arguments[0] == "train":
    folder = pathlib.Path(value("--outdir")) / ("00000-" + value("--name")) / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "latest.safetensors").write_text(value("--seed"))
else:
    files = [arguments[i + 1] for i, a in enumerate(arguments) if a == "--checkpoint"]
    distance = lambda file: {"mean": 100 + 10 * int(pathlib.Path(file).read_text())}
    # Training 0 has lost class 1 of 2, whose share is less than a tenth on the average of two sampling seeds.
    shares = lambda file: [[0.88, 0.12], [0.93, 0.07]] if pathlib.Path(file).read_text() == "0" else [[0.9, 0.1]] * 2
    figures = lambda file: {"frechet_distance": distance(file), "class_entropy": {"mean": 1}}
    real = {"frechet_distance": 9.65, "class_entropy": 2}
    if "histogram" not in value("--metrics"):
        figures = lambda file: {"frechet_distance": distance(file)}
        del real["class_entropy"]
    if "classes" in value("--metrics") and "conditional" in files[0]:
        figures = lambda file: {"frechet_distance": distance(file), "confirmed_classes": {"mean": 0.9}}
        real = {"frechet_distance": 9.65, "confirmed_classes": 0.98}
    checkpoints = [{"file": file, "figures": figures(file), "class_shares_by_seed": shares(file)} for file in files]
    result = {"real": {"figures": real}, "checkpoints": checkpoints}
    pathlib.Path(value("--json")).write_text(json.dumps(result))
'''


class Sweep(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        program = self.folder / "apps" / "mnist_gan" / "mnist_gan"
        program.parent.mkdir(parents=True)
        program.write_text(PROGRAM)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def sweep(self, *arguments):
        command = [sys.executable, str(TOOL), "--build", str(self.folder), "--data", "digits", "--metrics", "fd"]
        command += ["--out", str(self.folder / "out"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ))

    def calls(self):
        return (self.folder / "calls").read_text().splitlines()

    def test_a_table_of_means_and_ranges(self):
        result = self.sweep("--variants", "blog", "average", "--seeds", "0,1,2", "--epochs", "5")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[0], "| variant | seeds | Fréchet distance |")
        self.assertEqual(lines[2], "| real images | – | 9.7 |")
        self.assertEqual(lines[3], "| blog | 3 | 110.0 (100.0–120.0) |")
        self.assertEqual(lines[4], "| average | 3 | 110.0 (100.0–120.0) |")
        trained = [call for call in self.calls() if call.startswith("train")]
        self.assertEqual(len(trained), 6)
        self.assertIn("--preset blog", trained[0])
        self.assertIn("--epochs 5 --seed 1", trained[1])
        self.assertIn("--real-label 1 --ema-decay 0.999", trained[3])
        drawn_as_the_script = [call for call in self.calls() if "--preset blog --statistics batch" in call]
        self.assertEqual(len(drawn_as_the_script), 1)

    def test_games_for_equal_numbers_of_updates_or_equal_times(self):
        result = self.sweep("--variants", "games", "--seeds", "3", "--iterations", "500")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(result.stdout.splitlines()), 3 + 8)
        trained = [call for call in self.calls() if call.startswith("train")]
        self.assertIn("--game hinge --data digits --quiet --max-iterations 500", trained[2])
        self.assertIn("--r1 1 ", trained[5])
        self.assertIn("--preset wgan_gp", trained[7])
        self.sweep("--variants", "game hinge", "--seeds", "3", "--minutes", "0.5")
        self.assertIn("--minutes 0.5 --seed 3", self.calls()[-2])

    def test_trainings_that_lost_a_class_are_counted(self):
        result = self.sweep("--variants", "game lsgan, eps 0.8, rate 1e-4", "--seeds", "0,1,2", "--metrics", "fd,histogram")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[0], "| variant | seeds | Fréchet distance | entropy | no class lost |")
        self.assertTrue(lines[2].endswith("| 2.00 | – |"), lines[2])
        self.assertTrue(lines[3].endswith("| 2 of 3 |"), lines[3])
        self.assertIn("--game lsgan --batch-norm-eps 0.8 --lr 1e-4", self.calls()[0])

    def test_figures_of_some_variants_alone_have_a_column(self):
        result = self.sweep("--variants", "classes", "dcgan", "--seeds", "0", "--metrics", "fd,classes")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[0], "| variant | seeds | Fréchet distance | confirmed classes |")
        self.assertEqual(lines[2], "| real images | – | 9.7 | 0.980 |")
        self.assertEqual(lines[4], "| conditional, embedding | 1 | 100.0 | 0.900 |")
        self.assertEqual(lines[5], "| dcgan | 1 | 100.0 | – |")

    def test_what_is_done_is_not_done_again(self):
        self.sweep("--variants", "smooth, average", "--seeds", "0")
        self.assertEqual(len(self.calls()), 2)
        self.sweep("--variants", "smooth, average", "--seeds", "0")
        self.assertEqual(len(self.calls()), 2)
        self.sweep("--variants", "smooth, average", "--seeds", "0,1")  # a training and an evaluation more
        self.assertEqual(len(self.calls()), 4)

    def test_variants_that_differ_in_the_weights_alone_share_their_training(self):
        result = self.sweep("--variants", "smooth, average", "smooth", "--seeds", "4")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(sum(call.startswith("train") for call in self.calls()), 1)
        self.assertEqual(sum("--weights last" in call for call in self.calls()), 1)

    def test_weights_of_others(self):
        other = self.folder / "script.safetensors"
        other.write_text("7")
        result = self.sweep("--variants", "blog", "--seeds", "0", "--also", f"PyTorch={other}")
        self.assertIn("| PyTorch | 1 | 170.0 |", result.stdout)

    def test_what_a_killed_sweep_left_is_done_again(self):
        self.sweep("--variants", "smooth, average", "--seeds", "0")
        result = next((self.folder / "out").glob("*.json"))
        whole = result.read_text()
        for left in (whole[: len(whole) // 2], "", json.dumps({**json.loads(whole), "metrics_asked": []})):
            result.write_text(left)
            self.assertEqual(self.sweep("--variants", "smooth, average", "--seeds", "0").returncode, 0)
            self.assertEqual(result.read_text(), whole)

    def test_a_training_that_fails_is_an_error(self):
        (self.folder / "apps" / "mnist_gan" / "mnist_gan").write_text("#!/bin/sh\nexit 4\n")
        result = self.sweep("--variants", "blog", "--seeds", "0")
        self.assertEqual(result.returncode, 1)
        self.assertIn("sweep_quality: ", result.stderr)


if __name__ == "__main__":
    unittest.main()
