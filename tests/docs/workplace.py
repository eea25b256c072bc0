"""A folder that looks like the repository after a build, with small data and a small run: where commands are run."""

from __future__ import annotations

import json
import os
import random
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

SIDE, CLASSES = 28, 10
COUNTS = {"train": 300, "t10k": 120}


def write_images(folder: Path) -> None:
    """Stripes that depend on the class, with noise, in the files of MNIST."""
    folder.mkdir()
    noise = random.Random(1)
    for split, count in COUNTS.items():
        labels = [i % CLASSES for i in range(count)]
        pixels = bytearray()
        for label in labels:
            pixels += bytes(
                (200 if p * CLASSES // (SIDE * SIDE) == label else 20) + noise.randrange(16) for p in range(SIDE * SIDE)
            )
        images = struct.pack(">4B3I", 0, 0, 8, 3, count, SIDE, SIDE) + pixels
        (folder / f"{split}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, count) + bytes(labels))


def write_pictures(folder: Path) -> None:
    """PNG files of two classes, in colour and not square."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    for name, colour in (("cats", bytes((250, 120, 10))), ("dogs", bytes((90, 90, 200)))):
        (folder / name).mkdir(parents=True)
        for i in range(200):
            width, height = 40 + i % 40, 50
            rows = b"".join(b"\0" + (colour if y % 10 > i % 10 else b"\0\0\0") * width for y in range(height))
            header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
            (folder / name / f"{i}.png").write_bytes(
                b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
            )


def write_table(file: Path) -> None:
    """A line for each image, its label first."""
    lines = [",".join([str(i % CLASSES), *(str((i * p) % 256) for p in range(SIDE * SIDE))]) for i in range(100)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_array(file: Path, kind: str, shape: tuple[int, ...], values: bytes) -> None:
    """NumPy's format, version 1.0."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    file.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values)


def without_metadata(checkpoint: Path, file: Path) -> None:
    """The weights of the generator alone, as PyTorch's users save them."""
    content = checkpoint.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    header, data, kept = json.loads(content[8 : 8 + size]), content[8 + size :], b""
    tensors = {}
    for name, tensor in header.items():
        part = name.removeprefix("generator.model.")
        if part == name or part.split(".")[1] not in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked"):
            continue
        begin, end = tensor["data_offsets"]
        tensors[name] = {**tensor, "data_offsets": [len(kept), len(kept) + end - begin]}
        kept += data[begin:end]
    text = json.dumps(tensors).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + kept)


class Workplace:
    def __init__(self, path: Path, root: Path, build: Path):
        self.path, self.root, self.build = path, root, build
        self.presets = json.loads((root / "CMakePresets.json").read_text(encoding="utf-8"))
        for name in ("apps", "docs", "engine", "examples", "kernels", "tests", "CMakePresets.json"):
            (path / name).symlink_to(root / name)
        shutil.copytree(root / "tools", path / "tools")
        for script in ("build.sh", "setup.sh"):  # all is there
            (path / "tools" / script).write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
        (path / "build").mkdir()
        for preset in self.preset_names("configurePresets"):
            (path / "build" / preset).symlink_to(build)
        write_images(path / "DIR")
        write_pictures(path / "photos")
        write_table(path / "digits.csv")
        write_array(path / "images.npy", "|u1", (50, 8, 8), bytes(i % 256 for i in range(50 * 64)))
        write_array(path / "labels.npy", "<i8", (50,), struct.pack("<50q", *(i % 3 for i in range(50))))
        folders = [build / "apps/mnist_gan", build / "tools/kernel_lab", build / "tools/kernel_resources", path / "tools"]
        small = {"THREADS": 1, "MAX_ITERATIONS": 2, "SAMPLES": 100, "SEEDS": 1, "ROUNDS": 3, "SECONDS": 0.01}
        self.environment = {
            **os.environ,
            **{f"MNIST_GAN_{name}": str(value) for name, value in small.items()},
            "MNIST_GAN_DATA": str(path / "DIR"),
            "XDG_CACHE_HOME": str(path / "cache"),
            "DUEL_SIMT_THREADS": "1",
            "PATH": ":".join([*map(str, folders), os.environ["PATH"]]),
        }
        self.make_files()

    def make_files(self) -> None:
        """What the documents call runs/00007-default, FILE, OLD.json and so on."""
        self.must_run(["mnist_gan", "train", "--name", "default"])
        (self.path / "runs/00000-default").rename(self.path / "runs/00007-default")
        checkpoint = self.path / "runs/00007-default/checkpoints/latest.safetensors"
        for name in ("FILE", "a.safetensors", "b.safetensors"):
            (self.path / name).symlink_to(checkpoint)
        without_metadata(checkpoint, self.path / "pytorch.safetensors")
        write_array(self.path / "z.npy", "<f4", (2, 100), bytes(4 * 200))
        self.must_run(["kernel_lab", "bench", "--op", "end_iteration", "--seconds", "0.01", "--out", "OLD.json"])
        shutil.copy(self.path / "OLD.json", self.path / "NEW.json")

    def run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.path, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", check=False
        )

    def must_run(self, words: list[str]) -> None:
        done = self.run(words)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}")

    def preset_names(self, kind: str) -> list[str]:
        return [preset["name"] for preset in self.presets[kind] if not preset.get("hidden")]

    def targets(self) -> set[str]:
        done = subprocess.run(["cmake", "--build", str(self.build), "--target", "help"], capture_output=True, text=True, check=True)
        return {line.split(":")[0].removeprefix("... ").strip() for line in done.stdout.splitlines()}
