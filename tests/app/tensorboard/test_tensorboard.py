#!/usr/bin/env python3
"""TensorBoard reads what a run writes, also of one that went on: test_tensorboard.py MNIST_GAN.

77: the Python package tensorboard is not installed, or the build has no event files.
"""

import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError:
    print("skipped: the Python package tensorboard is not installed")
    sys.exit(77)

PROGRAM = str(Path(sys.argv[1]).resolve())
SIDE, COUNT = 8, 64
SMALL = ["--image-size", "8", "--latent-dim", "4", "--generator-widths", "6,5", "--discriminator-widths", "5", "--batch-size", "16",
         "--threads", "1", "--quiet", "--tensorboard", "--log-interval", "3", "--sample-interval", "5", "--watch-interval", "4"]


class TensorBoard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.place = Path(folder.name)
        pixels = bytes(random.Random(1).randrange(256) for _ in range(COUNT * SIDE * SIDE))
        (cls.place / "train-images-idx3-ubyte").write_bytes(struct.pack(">4B3I", 0, 0, 8, 3, COUNT, SIDE, SIDE) + pixels)
        first = cls.call("train", "--data", str(cls.place), "--max-iterations", "10", *SMALL)
        if "libprotobuf-dev" in first.stderr:
            print("skipped: this build has no event files")
            sys.exit(77)
        assert first.returncode == 0, first.stderr
        cls.run_folder = cls.place / "runs" / "00000-default"
        more = cls.call("train", "--resume", str(cls.run_folder), "--max-iterations", "14", "--quiet", "--tensorboard")
        assert more.returncode == 0, more.stderr
        # From before what the second session wrote.
        earlier = cls.run_folder / "checkpoints" / "000010.safetensors"
        again = cls.call("train", "--resume", str(earlier), "--max-iterations", "22", "--quiet", "--tensorboard")
        assert again.returncode == 0, again.stderr
        cls.events = EventAccumulator(str(cls.run_folder), size_guidance={"scalars": 0, "images": 0, "histograms": 0})
        cls.events.Reload()

    @classmethod
    def call(cls, *arguments):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MNIST_GAN_", "XDG_"))}
        return subprocess.run([PROGRAM, *arguments], cwd=cls.place, env={**kept, "HOME": str(cls.place)}, capture_output=True, text=True)

    def test_scalars_have_every_step_once(self):
        self.assertEqual(set(self.events.Tags()["scalars"]),
                         {"loss/D", "loss/G", "judgement/D(x)", "judgement/D(G(z))", "game/value", "game/D's accuracy",
                          "samples/pairwise distance", "update/D", "update/G"})
        losses = self.events.Scalars("loss/D")
        self.assertEqual([event.step for event in losses], [1, 4, 7, 10, 13, 16, 19, 22])
        self.assertTrue(all(0 < event.value < 10 for event in losses))
        looks = [event.step for event in self.events.Scalars("game/value")]
        self.assertEqual(looks, sorted(set(looks)))

    def test_losses_are_those_of_the_log(self):
        import json

        lines = [json.loads(line) for line in (self.run_folder / "stats.jsonl").read_text().splitlines()]
        logged = {line["iteration"] + 1: line["g_loss"] for line in lines}
        for event in self.events.Scalars("loss/G"):
            self.assertAlmostEqual(event.value, logged[event.step], places=6)

    def test_pictures_are_those_of_the_folder(self):
        images = self.events.Images("samples")
        self.assertEqual([image.step for image in images], [0, 5, 10, 15, 20, 22])
        for image in images:
            self.assertEqual(image.encoded_image_string, (self.run_folder / "samples" / f"{image.step:06}.png").read_bytes())
            self.assertEqual((image.width, image.height), (82, 82))

    def test_histograms_of_weights_and_gradients(self):
        tags = self.events.Tags()["histograms"]
        for tag in ("weights/generator.model.0.weight", "gradients/generator.model.0.weight", "gradients/discriminator.model.0.weight"):
            self.assertIn(tag, tags)
            for event in self.events.Histograms(tag):
                histogram = event.histogram_value
                self.assertEqual(sum(histogram.bucket), histogram.num)
                self.assertLess(histogram.min, histogram.max)
        self.assertEqual(self.events.Histograms("weights/generator.model.0.weight")[0].histogram_value.num, 4 * 6)

    def test_every_session_has_a_file(self):
        self.assertEqual(len(list(self.run_folder.glob("events.out.tfevents.*"))), 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
