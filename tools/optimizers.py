"""The optimizers that are compared with PyTorch's: their settings, what they keep of each weight, and what they make of
an error of its gradient. Needs NumPy.

Names in a state are PLAYER.PREFIX.KEPT.WEIGHT, such as "generator.adam.exp_avg.model.0.bias", and PLAYER.PREFIX.step,
the number of updates. Errors are pairs: the largest one of a tensor, and the root of the mean square.
"""

from __future__ import annotations

import math
import re
from typing import Dict, NamedTuple, Optional, Union

import numpy as np

from safetensors_file import Arrays


class MovingAverages(NamedTuple):
    """Divides by the usual size of gradients: keeps an average of their squares, and of themselves where `first`."""

    prefix: str
    learning_rate: float
    second: str
    beta2: float
    first: str = ""
    beta1: float = 0.0
    is_corrected: bool = False  # divides averages by 1 - beta^t
    eps: float = 1e-8

    @property
    def longest_step(self) -> float:
        """The most that it moves a weight, after many gradients of 0 (D. Kingma and J. Ba, Adam, section 2.1)."""
        return self.learning_rate * (1 - self.beta1) / math.sqrt(1 - self.beta2)

    def groups(self) -> Dict[str, str]:
        return {**({self.first: "first moments"} if self.first else {}), self.second: "second moments"}

    def error_of_kept(self, kept: str, error: np.ndarray, gradient: np.ndarray, _updates: int) -> np.ndarray:
        if kept == self.first:
            return (1 - self.beta1) * error
        return (1 - self.beta2) * 2 * np.max(np.abs(gradient)) * error

    def error_of_weight(self, error: np.ndarray, kept: Arrays, updates: int) -> np.ndarray:
        """The gradient is divided by its usual size."""
        usual_square = kept[self.second] / (1 - self.beta2**updates if self.is_corrected else 1)
        steepness = self.learning_rate / (np.sqrt(usual_square) + self.eps)
        steps = [np.minimum(steepness * one, 2 * self.longest_step) for one in error]
        return np.array([np.max(steps[0]), math.sqrt(np.mean(steps[1] ** 2))])


class SgdMomentum(NamedTuple):
    """v = momentum v - rate g; p += v: kernels/optimizers/sgd_momentum.h."""

    prefix: str
    learning_rate: float = 0.1
    decay: float = 1.000004
    least_rate: float = 1e-6
    initial_momentum: float = 0.5
    final_momentum: float = 0.7
    momentum_epochs: int = 250

    def rate(self, updates: int) -> float:
        """Of the update after so many."""
        return max(self.learning_rate / self.decay**updates, self.least_rate)

    def momentum(self, epoch: int) -> float:
        """Epochs count from 0."""
        share = min(epoch / (self.momentum_epochs - 1), 1)
        return self.initial_momentum + (self.final_momentum - self.initial_momentum) * share

    def groups(self) -> Dict[str, str]:
        return {"velocity": "velocities"}

    def error_of_kept(self, _kept: str, error: np.ndarray, _gradient: np.ndarray, updates: int) -> np.ndarray:
        return self.rate(updates - 1) * error

    def error_of_weight(self, error: np.ndarray, _kept: Arrays, updates: int) -> np.ndarray:
        return self.rate(updates - 1) * error


Optimizer = Union[MovingAverages, SgdMomentum]
ADAM = MovingAverages("adam", 2e-4, "exp_avg_sq", 0.999, "exp_avg", 0.5, is_corrected=True)
RMSPROP = MovingAverages("rmsprop", 0.01, "square_avg", 0.99)
SGD_MOMENTUM = SgdMomentum("sgd")
OPTIMIZERS: Dict[str, Optimizer] = {unit.prefix: unit for unit in (ADAM, RMSPROP, SGD_MOMENTUM)}
KEPT = re.compile("|".join(rf"\b{unit.prefix}\.({'|'.join(unit.groups())})\." for unit in OPTIMIZERS.values()))


def weight_of(name: str) -> str:
    """Name of the weight of which an optimizer keeps what `name` stands for; any other name stays."""
    return KEPT.sub("", name)


def group_of_kept(name: str) -> Optional[str]:
    """What an optimizer calls what it keeps under a name; None where it keeps nothing there."""
    found = KEPT.search(name)
    if found is None:
        return None
    prefix, kept = found[0].split(".")[:2]
    return OPTIMIZERS[prefix].groups()[kept]


def carried(name: str, error: np.ndarray, state: Arrays) -> np.ndarray:
    """What an error of the weight's gradient may make of what the optimizer keeps, or of the weight, under that name.
    state: the true one, with gradients, after the update."""
    weight = weight_of(name)
    player, _, rest = weight.partition(".")
    unit = next(unit for unit in OPTIMIZERS.values() if f"{player}.{unit.prefix}.step" in state)
    updates = int(state[f"{player}.{unit.prefix}.step"][0])
    if name != weight:
        return unit.error_of_kept(name.split(".")[2], error, state["gradients." + weight], updates)
    kept = {key: state[f"{player}.{unit.prefix}.{key}.{rest}"] for key in unit.groups()}
    return unit.error_of_weight(error, kept, updates)
