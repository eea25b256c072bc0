"""Duel's random numbers, from Philox4x32-10 of Random123 (kernels/device/random.cuh). Needs NumPy."""

from __future__ import annotations

from typing import List, Sequence

import numpy as np

PENALTY_DRAW = 0x50454E41  # of the first batch of an iteration


def philox(seed: int, counter: Sequence[np.ndarray]) -> List[np.ndarray]:
    """Four words for each counter of four. Source: J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3."""
    words = [np.asarray(word, dtype=np.uint64) for word in counter]
    key = [seed & 0xFFFFFFFF, seed >> 32]
    low = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        products = [np.uint64(0xD2511F53) * words[0], np.uint64(0xCD9E8D57) * words[2]]
        words = [
            products[1] >> np.uint64(32) ^ words[1] ^ np.uint64(key[0]), products[1] & low,
            products[0] >> np.uint64(32) ^ words[3] ^ np.uint64(key[1]), products[0] & low,
        ]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return words


def uniform(words: np.ndarray) -> np.ndarray:
    """In (0, 1), float64."""
    return ((words >> np.uint64(9)).astype(np.float64) + 0.5) / 2**23


def penalty_shares(seed: int, iteration: int, samples: int) -> np.ndarray:
    """[samples], of the first batch: where between its images a sample's gradient is penalised."""
    group = np.arange((samples + 3) // 4)
    zero = np.zeros_like(group)
    words = philox(seed, (group, zero, zero + PENALTY_DRAW, zero + iteration))
    return uniform(np.stack(words, axis=1).reshape(-1)[:samples])
