#!/usr/bin/env python3
"""The library of training programs carries a second one: test_second_program.py FASHION_GAN MNIST_GAN.

77: Debian's package dataset-fashion-mnist is not installed.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, OTHER_PROGRAM = sys.argv[1:3]
SOURCE = Path(__file__).with_name("fashion_gan.cpp")
COMMANDS = ("train", "sample", "interpolate", "bench", "evaluate")


class SecondProgram(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = Path(cls.folder.name)
        cls.addClassCleanup(cls.folder.cleanup)
        cls.run_folder = cls.place / "runs" / "00000-quick"
        variables = {"FASHION_GAN_BATCH_SIZE": "50", "MNIST_GAN_BATCH_SIZE": "7", "FASHION_GAN_BATCHSIZE": "3"}
        cls.trained = cls.call(PROGRAM, "train", "--threads", "1", "--max-iterations", "4", **variables)

    @classmethod
    def call(cls, *command, **variables):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MNIST_GAN_", "FASHION_GAN_", "XDG_"))}
        environment = {**kept, "HOME": cls.folder.name, **variables}
        return subprocess.run(command, cwd=cls.place, env=environment, capture_output=True, text=True)

    def check_refused(self, message, *command):
        result = self.call(*command)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn(message, result.stderr)

    def test_its_source_is_short(self):
        self.assertLess(len(SOURCE.read_text().splitlines()), 150)

    def test_help_is_about_this_program(self):
        texts = [self.call(PROGRAM, *arguments).stdout for arguments in ([], *([c, "--help"] for c in COMMANDS))]
        self.assertIn("  fashion_gan train --preset smooth      wider networks, smooth labels", texts[0])
        self.assertIn("--preset NAME=quick", texts[1])
        self.assertIn("quick: small networks, a first look within a minute; smooth: wider networks", texts[1])
        self.assertIn("FASHION_GAN_BATCH_SIZE is --batch-size", texts[1])
        for text in texts:
            self.assertIn("fashion_gan", text)
            self.assertNotIn("mnist_gan", text.lower())
        self.assertTrue(self.call(PROGRAM, "--version").stdout.startswith("fashion_gan "))

    def test_a_run_bears_its_name(self):
        self.assertEqual(self.trained.returncode, 0, self.trained.stderr)
        self.assertIn("fashion_gan: warning: environment variable FASHION_GAN_BATCHSIZE is not known", self.trained.stderr)
        texts = {file.name: file.read_text() for file in self.run_folder.iterdir() if file.suffix in (".toml", ".txt", ".json", ".html", ".jsonl")}
        self.assertTrue(texts["config.toml"].startswith("# Settings of fashion_gan "))
        self.assertIn('\npreset = "quick"\n', texts["config.toml"])
        self.assertIn("\nbatch-size = 50\n", texts["config.toml"])
        self.assertIn("preset quick", texts["report.html"])
        self.assertIn("fashion_gan", texts["log.txt"])
        for name, text in texts.items():
            self.assertNotIn("mnist_gan", text, name)
        self.assertNotIn("mnist_gan", self.trained.stdout + self.trained.stderr)

    def test_it_draws_and_goes_on(self):
        drawn = self.call(PROGRAM, "sample", "--checkpoint", "latest", "--count", "4")
        self.assertEqual((drawn.returncode, drawn.stdout), (0, "./samples_seed0_4.png\n"), drawn.stderr)
        self.assertTrue((self.place / "samples_seed0_4.png").is_file())
        more = self.call(PROGRAM, "train", "--resume", "latest", "--max-iterations", "6", "--threads", "1")
        self.assertEqual(more.returncode, 0, more.stderr)
        self.assertTrue((self.run_folder / "checkpoints" / "000006.safetensors").is_file())

    def test_presets_are_a_programs_own(self):
        self.check_refused("--preset: expected quick or smooth, found 'blog'", PROGRAM, "train", "--preset", "blog")
        self.check_refused("found 'smoth'; did you mean smooth?", PROGRAM, "bench", "--preset", "smoth")
        self.check_refused(
            f"{self.run_folder.resolve()}/config.toml: preset: expected default, blog, paper, dcgan, lsgan, hinge, wgan or wgan_gp, found 'quick'; is it a run of "
            "another program than mnist_gan?", OTHER_PROGRAM, "train", "--resume", self.run_folder)


if __name__ == "__main__":
    if not Path("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz").is_file():
        print("skipped: Debian's package dataset-fashion-mnist is not installed")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
