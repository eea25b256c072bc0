"""Compares what two implementations computed with what is true, tensor by tensor. Needs NumPy.

Duel passes where its error is at most FACTOR times PyTorch's own in float32 plus some roundings of the tensor's size.
bounds.py says it for every kind of quantity.
"""

from __future__ import annotations

import math
from typing import Dict, FrozenSet, List, NamedTuple, Optional, Sequence

import numpy as np

from optimizers import carried, group_of_kept, weight_of
from parity.pictures import LEAST_RANGE, MOST_IMAGES, grid_levels, saved_levels
from safetensors_file import Arrays

FACTOR = 4.0  # of PyTorch's own float32 error
ROUNDINGS = 16  # beside it, of a tensor's values: PyTorch's own error may be small by chance
WEIGHT_ROUNDINGS = 2  # the same of a weight, which is rounded once, when its step is added
UNIT_ROUNDOFF = 2.0**-24

STATS = ("discriminator loss", "generator loss", "mean D(x)", "mean D(G(z))")
WEIGHTS = "weights and biases"
IMAGES = "generated_images"  # their key in a state


class Row(NamedTuple):
    """The errors of one tensor. Pairs are the largest error and the root of the mean square."""

    group: str
    name: str
    duel: np.ndarray
    pytorch: np.ndarray
    allowed: np.ndarray
    is_judged: bool = True

    @property
    def is_good(self) -> bool:
        is_near = np.all(np.isfinite(self.duel)) and np.all(self.duel <= self.allowed)
        return bool(is_near) or not self.is_judged

    @property
    def use(self) -> float:
        """Share of what is allowed; above 1 is too much."""
        share = np.max(quotient(self.duel, self.allowed))
        return float(share) if np.isfinite(share) else math.inf

    @property
    def ratio(self) -> float:
        """Duel's largest error as a multiple of PyTorch's own."""
        return float(quotient(self.duel, self.pytorch)[0])


def quotient(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a / b, where 0 / 0 is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((a == 0) & (b == 0), 0.0, a / b)


def hidden_biases(state: Arrays) -> FrozenSet[str]:
    """Names of the biases of linear layers and convolutions right before batch norm, in the same sequence of modules."""
    names = set()
    for name in state:
        if name.endswith(".running_mean"):
            sequence, place, _ = name.rsplit(".", 2)
            names.add(f"{sequence}.{int(place) - 1}.bias")
    return frozenset(names.intersection(state))


def group_of(name: str, hidden: FrozenSet[str]) -> str:
    """What kind of tensor of a state a name stands for. hidden: hidden_biases() of that state."""
    if name == IMAGES:
        return "generated images"
    if weight_of(name.replace("gradients.", "")) in hidden:
        is_gradient = name.startswith("gradients.")
        return "gradients of biases before batch norm" if is_gradient else "biases before batch norm and moments"
    if kept := group_of_kept(name):
        return kept
    for part, group in (
        ("gradients.", "gradients"),
        ("running_mean", "running means"),
        ("running_var", "running variances"),
        ("num_batches_tracked", "counters"),
        (".step", "counters"),
        (".0._u", "singular vectors"),
        (".0._v", "singular vectors"),
    ):
        if part in name:
            return group
    return WEIGHTS


def error_of(values: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Largest error and root of the mean square, NaN where a value is. Raises ValueError for another shape."""
    if values.shape != truth.shape:
        raise ValueError(f"expected shape {truth.shape}, found {values.shape}")
    with np.errstate(invalid="ignore"):  # infinity less infinity
        difference = values.astype(np.float64) - truth
    return np.array([np.max(np.abs(difference)), math.sqrt(np.mean(difference**2))])


def size_of(values: np.ndarray) -> np.ndarray:
    return error_of(values, np.zeros(values.shape))


class Outcome(NamedTuple):
    """What a run has computed."""

    stats: np.ndarray  # [iterations, 4], as STATS
    state: Arrays  # at the end; "gradients.NAME" and "generated_images": of the last iteration
    terms: Arrays = {}  # of a truth: for gradients that are sums over the batch, the summed sizes of the terms


class Pair(NamedTuple):
    """What a run computed, and what it should have."""

    run: Outcome
    truth: Outcome


class Reached:
    """The largest errors of PyTorch's float32 runs so far, by tensor and relative to its size: in a whole run, where
    training is chaotic, the few runs may all be near the truth for an iteration by chance."""

    def __init__(self) -> None:
        self._relative: Dict[str, np.ndarray] = {}

    def update(self, name: str, own: np.ndarray, size: np.ndarray) -> np.ndarray:
        """The largest so far for a tensor that is now of this size."""
        relative = np.where(size > 0, quotient(own, size), 0.0)
        self._relative[name] = np.maximum(self._relative.get(name, np.zeros(2)), relative)
        return np.maximum(own, self._relative[name] * size)


def judge(
    group: str, name: str, errors: Sequence[np.ndarray], floor: np.ndarray, size: np.ndarray, reached: Optional[Reached]
) -> Row:
    """The row of one tensor. errors: Duel's, then PyTorch's runs'; floor: allowed beside the multiple of these."""
    duel, *pytorch = errors
    own = np.max(pytorch, axis=0)
    usual = reached.update(name, own, size) if reached else own
    return Row(group, name, duel, own, FACTOR * usual + floor, not group.startswith("biases before batch norm"))


def nearest(run: Outcome, truths: Sequence[Outcome]) -> Pair:
    """The run with that one of several truths whose gradients are nearest."""

    def distance(truth: Outcome) -> float:
        names = [name for name in truth.state if name.startswith("gradients.")]
        return float(sum(error_of(run.state[name], truth.state[name])[1] ** 2 for name in names))

    return Pair(run, min(truths, key=distance))


def carried_by_optimizer(name: str, gradients: Dict[str, Row], true_state: Arrays) -> np.ndarray:
    """What the allowed error of a gradient may make of what `name` stands for: 0 of what has no gradient."""
    weight = weight_of(name)
    return carried(name, gradients[weight].allowed, true_state) if weight in gradients else np.zeros(2)


def compare_stats(duel: Pair, pytorch: Sequence[Pair]) -> List[Row]:
    """Losses and means of all iterations of the runs."""
    rows = []
    for column, name in enumerate(STATS):
        errors = [error_of(run.stats[:, column], truth.stats[:, column]) for run, truth in (duel, *pytorch)]
        size = size_of(duel.truth.stats[:, column])
        rows.append(judge("losses and means", name, errors, ROUNDINGS * UNIT_ROUNDOFF * size, size, None))
    return rows


def compare(
    duel: Pair, pytorch: Sequence[Pair], biases_by_value: bool = False, reached: Optional[Reached] = None
) -> List[Row]:
    """Everything that the runs computed. Raises KeyError where a run lacks a tensor of its truth.

    reached: of a whole run. biases_by_value: a mistake that a comparison may make: some roundings of its size for a
    bias before batch norm.
    """
    rows = compare_stats(duel, pytorch)
    truth = duel.truth.state
    hidden = hidden_biases(truth)
    gradients: Dict[str, Row] = {}
    for name in sorted(truth, key=lambda name: not name.startswith("gradients.")):
        errors = [error_of(pair.run.state[name], pair.truth.state[name]) for pair in (duel, *pytorch)]
        group, size = group_of(name, hidden), size_of(duel.truth.terms.get(name, truth[name]))
        roundings = (WEIGHT_ROUNDINGS if group == WEIGHTS else ROUNDINGS) * UNIT_ROUNDOFF * size
        floor = roundings + carried_by_optimizer(name, gradients, truth)
        is_count = truth[name].dtype.kind == "i"
        row = judge(group, name, errors, np.zeros(2) if is_count else floor, size, reached)
        if biases_by_value and not row.is_judged:
            row = row._replace(allowed=roundings, is_judged=True)
        rows.append(row)
        if name.startswith("gradients."):
            gradients[name[len("gradients.") :]] = row
    return rows


def compare_picture(picture: np.ndarray, duel: Pair, pytorch: Sequence[Pair], images: Row) -> List[Row]:
    """Duel's sample picture [height, width], whose pixels are whole numbers: against the grid of Duel's own images, and
    against that of the true ones. images: the row of the generated images themselves."""

    def first_images(outcome: Outcome) -> np.ndarray:
        return outcome.state[IMAGES][:MOST_IMAGES, 0]

    def error(levels: np.ndarray, truth: np.ndarray) -> np.ndarray:
        if levels.shape != truth.shape:
            raise ValueError(f"expected a picture of {truth.shape}, found {levels.shape}")
        return size_of(np.maximum(0.0, np.abs(levels - truth) - 0.5))

    rounding = ROUNDINGS * UNIT_ROUNDOFF * 255
    true_images = first_images(duel.truth)
    # The value, the least and the greatest may be wrong by as much as images may be.
    spread = 255 * 3 * images.allowed[0] / max(true_images.max() - true_images.min(), LEAST_RANGE)
    rows = []
    for name, truth_of, allowed in (
        ("against the grid of Duel's images", lambda pair: pair.run, rounding),
        ("against the grid of the true images", lambda pair: pair.truth, rounding + spread),
    ):
        grids = [grid_levels(first_images(truth_of(pair))) for pair in (duel, *pytorch)]
        saved = [picture, *(saved_levels(first_images(pair.run)) for pair in pytorch)]
        errors = [error(levels, grid) for levels, grid in zip(saved, grids)]
        group = "sample picture, levels of grey beyond rounding"
        rows.append(Row(group, name, errors[0], np.max(errors[1:], axis=0), np.full(2, allowed)))
    return rows
