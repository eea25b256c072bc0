"""What the tests of the Python package share: images, small networks, and the end where NumPy is missing."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_HERE = 77

try:
    import numpy as np
except ImportError:
    print("NumPy is not installed for this Python")
    sys.exit(NOT_HERE)

import duel  # noqa: E402

SMALL = dict(latent_dim=8, generator_widths=[16, 32], discriminator_widths=[24, 16], batch_size=16)


def stripes(count: int = 120, side: int = 8, channels: int = 1) -> duel.Images:
    """Bright stripes that depend on the class, with noise."""
    noise = np.random.default_rng(1)
    labels = np.arange(count, dtype=np.uint8) % 4
    pixels = noise.integers(0, 30, (count, channels, side, side), dtype=np.uint8)
    for i, label in enumerate(labels):
        pixels[i, :, 2 * label : 2 * label + 2] += 200
    return duel.Images(pixels if channels > 1 else pixels[:, 0], labels, "stripes")
