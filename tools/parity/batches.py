"""Latents, images and labels of a run of iterations that passes the end of an epoch. Needs NumPy."""

from __future__ import annotations

import math
from typing import Callable, NamedTuple, Optional, Sequence, Tuple

import numpy as np

IMAGES_OF_MNIST = 60000  # random images stand for as many

DrawLatents = Callable[[np.random.Generator, Sequence[int]], np.ndarray]  # of a shape, with variance 1


def normal_latents(random: np.random.Generator, shape: Sequence[int]) -> np.ndarray:
    return random.standard_normal(shape)


def uniform_latents(random: np.random.Generator, shape: Sequence[int]) -> np.ndarray:
    return random.uniform(-math.sqrt(3), math.sqrt(3), shape)


class Batch(NamedTuple):
    latents: np.ndarray  # float32 [rows, latent_dim]
    real_images: np.ndarray  # float32 [rows, pixels] in the generator's range
    iteration: int = 0  # from 0; given_steps takes each for an epoch
    # Of these images and of those that will be generated, int64 [rows]; read where there are classes.
    real_labels: np.ndarray = np.zeros(0, np.int64)
    generated_labels: np.ndarray = np.zeros(0, np.int64)


class Inputs(NamedTuple):
    latents: np.ndarray  # float32 [iterations, batch, latent_dim]
    real_images: np.ndarray  # float32 [iterations, batch, pixels] in the generator's range
    rows: np.ndarray  # int64 [iterations]: rows in use
    real_labels: np.ndarray  # int64 [iterations, batch], drawn, whatever the images show; 0 where there are no classes
    generated_labels: np.ndarray  # the same

    def batch(self, iteration: int) -> Batch:
        """Of an iteration, counted from 1."""
        i, rows = iteration - 1, self.rows[iteration - 1]
        labels = (self.real_labels[i, :rows], self.generated_labels[i, :rows])
        return Batch(self.latents[i, :rows], self.real_images[i, :rows], i, *labels)

    def first(self, iterations: int) -> "Inputs":
        return Inputs(*(array[:iterations] for array in self))


def rows_of_iterations(iterations: int, batch: int, images: int, epoch_end: int) -> np.ndarray:
    """Rows [iterations]; iteration `epoch_end` (from 1) is the last one of an epoch, and every epoch's length later."""
    per_epoch = -(-images // batch)
    is_last = (np.arange(1, iterations + 1) - epoch_end) % per_epoch == 0
    return np.where(is_last, images - (per_epoch - 1) * batch, batch).astype(np.int64)


def order_of_images(
    iterations: int, batch: int, images: int, epoch_end: int, random: np.random.Generator
) -> np.ndarray:
    """Indices of the images that the iterations take one after another: the end of one epoch's order, then others."""
    per_epoch = -(-images // batch)
    skipped = (-epoch_end % per_epoch) * batch  # of the first epoch, before the run
    epochs = -(-(skipped + iterations * batch) // images) + 1
    return np.concatenate([random.permutation(images) for _ in range(epochs)])[skipped:]


def make_inputs(
    iterations: int, batch: int, epoch_end: int, latent_dim: int, pixels: int, images: Optional[np.ndarray], seed: int,
    draw_latents: DrawLatents = normal_latents, pixel_range: Tuple[float, float] = (-1.0, 1.0), classes: int = 0,
) -> Inputs:
    """`images` [count, pixels] float32, or None for random ones in the range. Raises ValueError where a batch would
    have one row."""
    random = np.random.default_rng(seed)
    count = IMAGES_OF_MNIST if images is None else len(images)
    rows = rows_of_iterations(iterations, batch, count, epoch_end)
    if rows.min() < 2:
        raise ValueError(f"{count} images in batches of {batch} leave a batch of {rows.min()}; batch norm needs two")
    latents = draw_latents(random, (iterations, batch, latent_dim)).astype(np.float32)
    if images is None:
        real_images = random.uniform(*pixel_range, (iterations, batch, pixels)).astype(np.float32)
    else:
        order = order_of_images(iterations, batch, count, epoch_end, random)
        real_images = np.zeros((iterations, batch, pixels), dtype=np.float32)
        begin = 0
        for i, n in enumerate(rows):
            real_images[i, :n] = images[order[begin : begin + n]]
            begin += n
    return Inputs(latents, real_images, rows, *random.integers(0, max(classes, 1), (2, iterations, batch)))


def iterations_to_compare(iterations: int, every: int, epoch_end: int) -> Tuple[int, ...]:
    """The first three, every so many, the end of the epoch with those around it, and the last one."""
    chosen = {1, 2, 3, iterations, *range(every, iterations + 1, every), *range(epoch_end - 1, epoch_end + 3)}
    return tuple(sorted(n for n in chosen if 1 <= n <= iterations))
