#!/usr/bin/env python3
"""What `mnist_gan export` writes is what other programs take: test_export.py PART MNIST_GAN.

PART: pytorch (the code of docs/export.md loads and saves both networks of every preset), onnx (onnxruntime computes what
we do), page (the page's script draws what `sample` draws).

77: PyTorch with safetensors, onnxruntime or node is not installed, or the build is without ONNX.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PART, PROGRAM = sys.argv[1:3]
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "export.md"
NEEDED = {"pytorch": ("numpy", "torch", "safetensors"), "onnx": ("numpy", "onnxruntime"), "page": ("numpy",)}[PART]
SKIPPED = 77
HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "safetensors"))

for module in NEEDED:
    if importlib.util.find_spec(module) is None:
        print(f"skipped: {module} is not installed for {sys.executable}")
        sys.exit(SKIPPED)
NODE = shutil.which("node") or shutil.which("nodejs")
if PART == "page" and NODE is None:
    print("skipped: node is not installed")
    sys.exit(SKIPPED)

import numpy as np  # noqa: E402

DRAW_LATENTS = ("--latents", "z.npy")
SMALL = ("--generator-widths", "24,40,32", "--discriminator-widths", "24,16", "--latent-dim", "13")
SMALL_CONVOLUTIONS = ("--generator-widths", "12,8,6", "--discriminator-widths", "4,6,8", "--latent-dim", "13",
                      "--image-size", "28")
RUNS = {
    "default": (),
    "blog": (),
    "paper": ("--train-images", "0"),
    "scores": ("--loss", "least_squares", "--image-size", "16", "--channels", "3"),
    "classes": ("--conditional",),
    "dcgan": SMALL_CONVOLUTIONS,
    "planes": ("--conditional", "--networks", "dcgan", *SMALL_CONVOLUTIONS),
}
CONDITIONAL = ("classes", "planes")
CLASSES = 5  # of the images of each run


class Workplace:
    """Trainings of a few iterations, and what the program draws from them."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.random = np.random.default_rng(1)

    def call(self, *arguments):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MNIST_GAN_", "XDG_"))}
        result = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, env={**kept, "HOME": str(self.folder)},
                                capture_output=True, text=True)
        if result.returncode != 0:
            raise AssertionError(f"{arguments}: {result.returncode}: {result.stderr}")
        return result.stdout.split()[-1]

    def train(self, name):
        size, channels = (16, 3) if name == "scores" else (28, 1)
        data = self.folder / f"data{size}"
        data.mkdir(exist_ok=True)
        sizes = (40, size, size) if channels == 1 else (40, channels, size, size)
        header = bytes((0, 0, 8, len(sizes))) + b"".join(n.to_bytes(4, "big") for n in sizes)
        pixels = self.random.integers(0, 256, int(np.prod(sizes)), dtype=np.uint8)
        (data / "train-images-idx3-ubyte").write_bytes(header + pixels.tobytes())
        labels = bytes((0, 0, 8, 1, 0, 0, 0, 40)) + bytes(i % CLASSES for i in range(40))
        (data / "train-labels-idx1-ubyte").write_bytes(labels)
        preset = ("--preset", name) if name not in ("scores", *CONDITIONAL) else ()
        self.call("train", "--quiet", "--data", data, "--outdir", self.folder / name, "--max-iterations", 5, "--batch-size", 8,
                  "--threads", 1, *preset, *(() if name in ("dcgan", "planes") else SMALL), *RUNS[name])
        return next((self.folder / name).iterdir())

    def export(self, run, file, *options):
        return self.folder / self.call("export", "--checkpoint", run, "--out", file, *options)

    def latents(self, count):
        latents = self.random.standard_normal((count, 13)).astype(np.float32)
        np.save(self.folder / "z.npy", latents)
        return latents

    def sample(self, checkpoint, *options):
        """Of a conditional generator image i is of class i % CLASSES."""
        return np.load(self.folder / self.call("sample", "--checkpoint", checkpoint, "--format", "npy", *options))

    @staticmethod
    def classes(run, count):
        """Of so many images; None where the networks read none."""
        return np.arange(count) % CLASSES if run.parent.name in CONDITIONAL else None

    @classmethod
    def with_classes(cls, run, values, are_images=False):
        """[count, values] as the networks of the run read them."""
        classes = cls.classes(run, len(values))
        if classes is None:
            return values
        one_hot = np.eye(CLASSES, dtype=np.float32)[classes]
        if are_images and run.parent.name == "planes":
            one_hot = one_hot.repeat(28 * 28, 1)
        return np.concatenate((values, one_hot), 1)


class Exported(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = Workplace(folder.name)

    def each_run(self):
        for name in RUNS:
            with self.subTest(name):
                yield self.place.train(name)

    def check_close(self, found, expected, bound=1e-5):
        self.assertEqual(found.shape, expected.shape)
        self.assertLessEqual(float(np.abs(found - expected).max()), bound)


def code_of_the_document():
    """load() and save() of docs/export.md."""
    code = {}
    for block in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.S)[:2]:
        exec(block, code)
    return code


@unittest.skipUnless(PART == "pytorch", "another part")
class PyTorch(Exported):
    def test_the_code_of_the_document_loads_and_saves_both_networks(self):
        import torch
        code = code_of_the_document()
        for run in self.each_run():
            file = self.place.export(run, f"{run.parent.name}.safetensors")
            latents = self.place.latents(7)
            ours = self.place.sample(run, *DRAW_LATENTS)
            generator, discriminator = code["load"](file), code["load"](file, "discriminator")
            with torch.no_grad():
                images = generator(torch.from_numpy(self.place.with_classes(run, latents)))
                judgements = discriminator(torch.from_numpy(self.place.with_classes(run, images.numpy(), are_images=True)))
            self.check_close(images.numpy().reshape(ours.shape), ours)
            self.assertEqual(tuple(judgements.shape), (7, 1))
            code["save"](self.place.folder / "back.safetensors", file, generator=generator, discriminator=discriminator)
            np.testing.assert_array_equal(self.place.sample("back.safetensors", *DRAW_LATENTS), ours)
            again = self.place.export("back.safetensors", f"{run.parent.name}_again.safetensors")
            self.assertEqual(again.read_bytes(), file.read_bytes())


@unittest.skipUnless(PART == "onnx", "another part")
class Onnx(Exported):
    def test_onnxruntime_computes_what_we_do(self):
        import onnxruntime
        for run in self.each_run():
            sessions = {}
            for network in ("generator", "discriminator"):
                file = self.place.export(run, f"{run.parent.name}_{network}.onnx", "--format", "onnx", "--network", network)
                sessions[network] = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
            for count in (1, 9):
                latents = self.place.latents(count)
                classes = self.place.classes(run, count)
                others = {} if classes is None else {"classes": classes}
                images, = sessions["generator"].run(None, {"latents": latents, **others})
                self.check_close(images, self.place.sample(run, *DRAW_LATENTS))
                judgements, = sessions["discriminator"].run(None, {"images": images, **others})
                self.assertEqual(judgements.shape, (count, 1))
                self.assertTrue(np.isfinite(judgements).all())
                if HAS_TORCH:
                    self.check_close(judgements, self.judged_by_pytorch(run, images, count))

    def judged_by_pytorch(self, run, images, count):
        """By the discriminator that test_export.cpp holds to ours."""
        import torch
        file = self.place.export(run, f"{run.parent.name}_{count}.safetensors")
        with torch.no_grad():
            rows = self.place.with_classes(run, images.reshape(count, -1), are_images=True)
            return code_of_the_document()["load"](file, "discriminator")(torch.from_numpy(rows)).numpy()


DRAW = """
const page = require('fs').readFileSync(process.argv[2], 'utf8');
const scripts = Array.from(page.matchAll(/<script[^>]*>([^]*?)<\\/script>/g), match => match[1]);
const makeGenerator = new Function(scripts[1] + '; return makeGenerator;')();
const generator = makeGenerator(JSON.parse(scripts[0]));
const images = process.argv.slice(3).map((seed, i) => {
  return Array.from(generator.image(generator.withClass(generator.latent(Number(seed)), i)));
});
const lengths = [];
for (let k = 0; k < generator.directions; ++k) lengths.push(generator.direction(k).reduce((sum, x) => sum + x * x, 0));
console.log(JSON.stringify({ images, lengths }));
"""


@unittest.skipUnless(PART == "page", "another part")
class Page(Exported):
    SEEDS = ("0", "7", "123456", "8589934597")  # the last one is beyond 32 bits

    def test_the_page_draws_what_sample_draws(self):
        import json
        script = self.place.folder / "draw.js"
        script.write_text(DRAW)
        for run in self.each_run():
            page = self.place.export(run, f"{run.parent.name}.html", "--format", "html")
            output = subprocess.run([NODE, script, page, *self.SEEDS], check=True, capture_output=True, text=True).stdout
            drawn = json.loads(output)
            ours = self.place.sample(run, "--seeds", ",".join(self.SEEDS))
            if run.parent.name != "paper":
                ours = (ours + 1) / 2
            self.check_close(np.array(drawn["images"]).reshape(ours.shape), ours, 1 / 510)
            self.assertEqual(len(drawn["lengths"]), 10)
            np.testing.assert_allclose(drawn["lengths"], 1, atol=1e-5)

    def test_the_whole_script_is_valid(self):
        page = self.place.export(self.place.train("default"), "page.html", "--format", "html").read_text()
        for script in re.findall(r"<script>(.*?)</script>", page, re.S):
            file = self.place.folder / "part.js"
            file.write_text(script)
            subprocess.run([NODE, "--check", file], check=True)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
