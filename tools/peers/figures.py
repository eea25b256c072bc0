"""Statistics of measured times."""

from __future__ import annotations

import math
import statistics
from typing import NamedTuple, Sequence


class Quartiles(NamedTuple):
    low: float
    median: float
    high: float


class Ratio(NamedTuple):
    """Of the rounds' ratios."""

    median: float
    least: float
    greatest: float


def quartiles(values: Sequence[float]) -> Quartiles:
    """Raises ValueError where there are no values."""
    if not values:
        raise ValueError("no values to summarise")
    if len(values) == 1:
        return Quartiles(values[0], values[0], values[0])
    return Quartiles(*statistics.quantiles(values, n=4, method="inclusive"))


def ratio(peer: Sequence[float], own: Sequence[float]) -> Ratio:
    """Peer's time divided by the own time of the same round. Raises ValueError where the rounds differ in number."""
    if len(peer) != len(own) or not own:
        raise ValueError(f"expected as many rounds on both sides, found {len(peer)} and {len(own)}")
    ratios = [p / o for p, o in zip(peer, own)]
    return Ratio(statistics.median(ratios), min(ratios), max(ratios))


def iterations_for(window: float, iterations: int, seconds: float) -> int:
    """Iterations that take `window` seconds, at least 2, where `iterations` of them took `seconds`."""
    return max(2, math.ceil(window * iterations / seconds))


def iterations_of_epoch(images: int, batch_size: int) -> int:
    return -(-images // batch_size)
