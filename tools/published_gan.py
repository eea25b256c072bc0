#!/usr/bin/python3
"""Example: echo 'run 100' | tools/published_gan.py --data FOLDER --batch-size 64 --threads 2

The published PyTorch script's GAN, for comparisons: its two networks, its training step, its images. Other tools import
them. As a program it obeys lines "run N" on standard input: it trains N iterations and prints the seconds taken and the
last losses (discriminator, generator), as iteration_time does for Duel. Set OMP_NUM_THREADS and OPENBLAS_NUM_THREADS
to the same number of threads. Needs PyTorch and NumPy.

Source of the semantics: gan.py of the PyTorch-GAN collection.
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import json
import sys
import time
from pathlib import Path
from typing import Dict, Iterator, NamedTuple, Optional, Tuple

import numpy as np
import torch
from torch import nn

LATENT_DIM = 100
IMAGE_SHAPE = (1, 28, 28)
PIXELS = 28 * 28
LEARNING_RATE = 2e-4


class Generator(nn.Module):
    """Latents [batch, 100] to images [batch, 1, 28, 28] in [-1, 1]."""

    def __init__(self, batch_norm_eps: float = 0.8):
        super().__init__()
        layers: list[nn.Module] = []
        width_before = LATENT_DIM
        for width in (128, 256, 512, 1024):
            layers.append(nn.Linear(width_before, width))
            if width > 128:
                # The script's 0.8 lands on eps, the second positional parameter.
                layers.append(nn.BatchNorm1d(width, batch_norm_eps))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            width_before = width
        self.model = nn.Sequential(*layers, nn.Linear(width_before, PIXELS), nn.Tanh())

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return self.model(latents).view(latents.size(0), *IMAGE_SHAPE)


class Discriminator(nn.Module):
    """Images [batch, 1, 28, 28] to the probability [batch, 1] that each is real."""

    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(PIXELS, 512),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(512, 256),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(256, 1),
            nn.Sigmoid(),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.model(images.view(images.size(0), -1))


class StepResult(NamedTuple):
    discriminator_loss: torch.Tensor
    generator_loss: torch.Tensor
    probability_real: torch.Tensor  # D(x) [batch, 1]
    probability_fake: torch.Tensor  # D(G(z)) [batch, 1]


class PublishedGan:
    """Both networks with their optimizers, and one iteration of the script.

    `dtype` is the arithmetic of everything. The other arguments are the script's values; a comparison may pass wrong
    ones to see itself fail.
    """

    def __init__(
        self,
        dtype: torch.dtype = torch.float32,
        batch_norm_eps: float = 0.8,
        betas: Tuple[float, float] = (0.5, 0.999),
        generator_first: bool = True,
    ):
        self.dtype = dtype
        self.generator_first = generator_first
        self.generator = Generator(batch_norm_eps).to(dtype)
        self.discriminator = Discriminator().to(dtype)
        self.loss = nn.BCELoss()
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), lr=LEARNING_RATE, betas=betas)
        self.discriminator_adam = torch.optim.Adam(self.discriminator.parameters(), lr=LEARNING_RATE, betas=betas)

    def step(self, latents: torch.Tensor, real_images: torch.Tensor) -> StepResult:
        """One iteration: the generator's step, then the discriminator's on the same generated images."""
        valid = torch.ones(real_images.size(0), 1, dtype=self.dtype)
        fake = torch.zeros(real_images.size(0), 1, dtype=self.dtype)
        if not self.generator_first:
            discriminator_results = self._discriminator_step(real_images, self.generator(latents), valid, fake)
        self.generator_adam.zero_grad()
        generated = self.generator(latents)
        generator_loss = self.loss(self.discriminator(generated), valid)
        generator_loss.backward()
        self.generator_adam.step()
        if self.generator_first:
            discriminator_results = self._discriminator_step(real_images, generated, valid, fake)
        discriminator_loss, probability_real, probability_fake = discriminator_results
        return StepResult(discriminator_loss, generator_loss, probability_real, probability_fake)

    def _discriminator_step(
        self, real_images: torch.Tensor, generated: torch.Tensor, valid: torch.Tensor, fake: torch.Tensor
    ) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        self.discriminator_adam.zero_grad()
        probability_real = self.discriminator(real_images)
        probability_fake = self.discriminator(generated.detach())
        real_loss = self.loss(probability_real, valid)
        fake_loss = self.loss(probability_fake, fake)
        discriminator_loss = (real_loss + fake_loss) / 2
        discriminator_loss.backward()
        self.discriminator_adam.step()
        return discriminator_loss, probability_real, probability_fake


def read_training_images(folder: Path) -> np.ndarray:
    """Images u8 [count, 28, 28] of an IDX folder, plain or gzip-compressed. Raises ValueError for another format."""
    plain = folder / "train-images-idx3-ubyte"
    path = plain if plain.exists() else plain.with_name(plain.name + ".gz")
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    magic, count, height, width = np.frombuffer(content[:16], dtype=">u4")
    if magic != 0x803 or (height, width) != IMAGE_SHAPE[1:] or len(content) != 16 + count * PIXELS:
        raise ValueError(f"{path}: expected an IDX file of 28 x 28 images (magic 0x00000803)")
    return np.frombuffer(content, dtype=np.uint8, offset=16).reshape(count, height, width)


def normalised(images: np.ndarray) -> np.ndarray:
    """u8 images as the script's float32 [count, 1, 28, 28] in [-1, 1]: ToTensor, then Normalize([0.5], [0.5])."""
    scaled = images.astype(np.float32) / np.float32(255)
    return ((scaled - np.float32(0.5)) / np.float32(0.5)).reshape(-1, *IMAGE_SHAPE)


def shuffled_batches(images: torch.Tensor, batch_size: int) -> Iterator[torch.Tensor]:
    """Batches of ever new shuffled epochs; the last one of an epoch may be smaller."""
    while True:
        for indices in torch.randperm(images.size(0)).split(batch_size):
            yield images[indices]


def openblas_kernels() -> Optional[str]:
    """Name of the kernels that the loaded OpenBLAS has chosen for this processor; None where none is loaded."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        libraries = {line.split(maxsplit=5)[5].strip() for line in maps if "openblas" in line}
    for library in sorted(libraries):
        name_of = getattr(ctypes.CDLL(library), "openblas_get_corename", None)
        if name_of is not None:
            name_of.restype = ctypes.c_char_p
            return name_of().decode()
    return None


def introduction() -> Dict[str, object]:
    """What a measurement has to say about this PyTorch."""
    return {
        "pytorch": torch.__version__,
        "python": sys.version.split()[0],
        "threads": torch.get_num_threads(),
        "openblas_kernels": openblas_kernels(),
    }


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of IDX files")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch's operators")
    parser.add_argument("--no-item", action="store_true", help="do not read both losses after every iteration")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    gan = PublishedGan()
    batches = shuffled_batches(torch.from_numpy(normalised(read_training_images(arguments.data))), arguments.batch_size)
    print("ready", json.dumps(introduction()), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line.removeprefix("run "))):
            real_images = next(batches)
            result = gan.step(torch.randn(real_images.size(0), LATENT_DIM), real_images)
            if not arguments.no_item:  # the script prints both
                result.discriminator_loss.item(), result.generator_loss.item()
        seconds = time.perf_counter() - start
        print(f"{seconds:.9f} {result.discriminator_loss.item():.6f} {result.generator_loss.item():.6f}", flush=True)


if __name__ == "__main__":
    main()
