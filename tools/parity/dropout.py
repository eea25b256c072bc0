"""Dropout whose masks are Duel's: those of kernels/ops/dropout/mask.h, from Philox4x32-10 of Random123. Needs PyTorch and
NumPy."""

from __future__ import annotations

import functools
import math
from typing import Tuple

import numpy as np
import torch
from torch import nn

from parity.random_numbers import philox, uniform

DROPOUT_DRAW = 0x44524F50  # of D's images and the first batch of an iteration


@functools.lru_cache(maxsize=8)
def is_kept(keep: float, seed: int, iteration: int, draw: int, samples: int, features: int) -> np.ndarray:
    """bool [samples, features]"""
    sample, group = np.meshgrid(np.arange(samples), np.arange((features + 3) // 4), indexing="ij")
    words = philox(seed, (group, sample, np.full_like(group, draw), np.full_like(group, iteration)))
    values = np.stack(words, axis=2).reshape(samples, -1)[:, :features]
    return uniform(values) < np.float32(keep)


class GivenDropout(nn.Module):
    """Dropout whose mask [samples, *shape] the caller sets before each pass. shape: of a sample, with a 1 along what the
    mask keeps or drops together: [channels, 1, 1] as Dropout2d does. layer: which layer of D reads what is left; 0 reads
    the images."""

    def __init__(self, layer: int, keep: float, shape: Tuple[int, ...]):
        super().__init__()
        self.layer, self.keep, self.shape = layer, keep, shape
        self.mask = torch.zeros(0)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return torch.where(self.mask, values / self.keep, torch.zeros_like(values))


def set_masks(discriminator: nn.Module, seed: int, iteration: int, places: np.ndarray) -> None:
    """For images that have those places in D's batch of real and generated ones."""
    for dropout in discriminator.modules():
        if isinstance(dropout, GivenDropout):
            samples, features = int(places.max()) + 1, math.prod(dropout.shape)
            mask = is_kept(dropout.keep, seed, iteration, DROPOUT_DRAW + dropout.layer, samples, features)
            dropout.mask = torch.tensor(mask[places]).view(-1, *dropout.shape)
