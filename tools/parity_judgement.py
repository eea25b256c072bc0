"""Compares what two implementations computed with what is true, tensor by tensor: used by parity_pytorch.py."""

from __future__ import annotations

import math
from typing import Dict, List, NamedTuple, Sequence

import numpy as np

from safetensors_file import Arrays

FACTOR = 4.0  # of PyTorch's own float32 error
ROUNDINGS = 16  # beside it, of a tensor's values: PyTorch's own error may be small by chance
UNIT_ROUNDOFF = 2.0**-24

LEARNING_RATE, BETA1, BETA2, ADAM_EPS = 2e-4, 0.5, 0.999, 1e-8  # of both optimizers

STATS = ("discriminator loss", "generator loss", "mean D(x)", "mean D(G(z))")
# Biases of the linear layers before batch norm.
HIDDEN_BIASES = ("generator.model.2.bias", "generator.model.5.bias", "generator.model.8.bias")


class Row(NamedTuple):
    """The errors of one tensor. Pairs are the largest error and the root of the mean square."""

    group: str
    name: str
    duel: np.ndarray
    pytorch: np.ndarray
    allowed: np.ndarray
    is_judged: bool

    @property
    def is_good(self) -> bool:
        is_near = np.all(np.isfinite(self.duel)) and np.all(self.duel <= self.allowed)
        return bool(is_near) or not self.is_judged

    @property
    def use(self) -> float:
        """Share of what is allowed; above 1 is too much."""
        share = np.max(quotient(self.duel, self.allowed))
        return float(share) if np.isfinite(share) else math.inf

    def __str__(self) -> str:
        ratio, mean_ratio = quotient(self.duel, self.pytorch)
        verdict = ("ok" if self.is_good else "WRONG") if self.is_judged else "-"
        numbers = f"{self.duel[0]:10.2e} {self.pytorch[0]:10.2e} {self.allowed[0]:10.2e}"
        return f"{numbers} {ratio:9.2f} {mean_ratio:9.2f}  {verdict:7} {self.name}"


def quotient(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a / b, where 0 / 0 is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((a == 0) & (b == 0), 0.0, a / b)


def group_of(name: str) -> str:
    """What kind of tensor of a state a name stands for."""
    bare = name.replace("gradients.", "").replace("adam.exp_avg_sq.", "").replace("adam.exp_avg.", "")
    if bare in HIDDEN_BIASES:
        is_gradient = name.startswith("gradients.")
        return "gradients of biases before batch norm" if is_gradient else "biases before batch norm and moments"
    for part, group in (
        ("gradients.", "gradients"),
        ("exp_avg_sq", "second moments"),
        ("exp_avg", "first moments"),
        ("running_mean", "running means"),
        ("running_var", "running variances"),
        ("num_batches_tracked", "batches counted"),
    ):
        if part in name:
            return group
    return "weights and biases"


def error_of(values: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Largest error and root of the mean square, NaN where a value is. Raises ValueError for another shape."""
    if values.shape != truth.shape:
        raise ValueError(f"expected shape {truth.shape}, found {values.shape}")
    difference = values.astype(np.float64) - truth
    return np.array([np.max(np.abs(difference)), math.sqrt(np.mean(difference**2))])


def size_of(values: np.ndarray) -> np.ndarray:
    return error_of(values, np.zeros(values.shape))


def with_prefix(arrays: Arrays, prefix: str) -> Arrays:
    """The arrays whose names begin so, without that beginning."""
    return {name[len(prefix) :]: values for name, values in arrays.items() if name.startswith(prefix)}


class Pair(NamedTuple):
    """What a run computed, and what it should have."""

    run: Arrays
    truth: Arrays


def judge(group: str, name: str, duel: np.ndarray, pytorch: Sequence[np.ndarray], floor: np.ndarray) -> Row:
    """The row of one tensor: errors of Duel and of PyTorch's runs; floor: allowed beside the multiple of PyTorch's."""
    own = np.max(pytorch, axis=0)
    is_judged = not group.startswith("biases before batch norm")
    return Row(group, name, duel, own, FACTOR * own + floor, is_judged)


def nearest(run: Arrays, truths: Sequence[Arrays], iteration: int) -> Pair:
    """The run with that one of several truths whose gradients are nearest."""

    def distance(truth: Arrays) -> float:
        prefix = f"after_{iteration}.gradients."
        squares = [error_of(run[key], truth[key])[1] ** 2 for key in truth if key.startswith(prefix)]
        return float(np.sum(squares))

    return Pair(run, min(truths, key=distance))


def carried_by_adam(name: str, iteration: int, gradients: Dict[str, Row], true_state: Arrays) -> np.ndarray:
    """What the allowed error of a gradient may make of Adam's moment or of the weight that `name` stands for."""
    player, _, rest = name.partition(".")
    weight = player + "." + rest.replace("adam.exp_avg_sq.", "").replace("adam.exp_avg.", "")
    if weight not in gradients:
        return np.zeros(2)
    error = gradients[weight].allowed
    if ".exp_avg." in name:
        return (1 - BETA1) * error
    if ".exp_avg_sq." in name:
        return (1 - BETA2) * 2 * np.max(np.abs(true_state["gradients." + weight])) * error
    # Adam divides the gradient by its usual size.
    usual_square = true_state[f"{player}.adam.exp_avg_sq.{rest}"] / (1 - BETA2**iteration)
    return size_of(LEARNING_RATE / (np.sqrt(usual_square) + ADAM_EPS)) * error


def compare(iteration: int, first: int, duel: Pair, pytorch: Sequence[Pair]) -> List[Row]:
    """The losses and means of iterations first..iteration, and everything after that iteration.

    A truth may hold "terms_ITERATION.NAME": the summed sizes of the terms that a gradient is the sum of.
    Raises KeyError where a run lacks a tensor of its truth.
    """
    rows = []
    for column, name in enumerate(STATS):

        def stats(run: Arrays) -> np.ndarray:
            return run["iteration_stats"][first - 1 : iteration, column]

        errors = [error_of(stats(pair.run), stats(pair.truth)) for pair in (duel, *pytorch)]
        floor = ROUNDINGS * UNIT_ROUNDOFF * size_of(stats(duel.truth))
        rows.append(judge("losses and means", name, errors[0], errors[1:], floor))

    terms = with_prefix(duel.truth, f"terms_{iteration}.")
    true_state = with_prefix(duel.truth, f"after_{iteration}.")
    gradients: Dict[str, Row] = {}
    for name in sorted(true_state, key=lambda name: not name.startswith("gradients.")):
        key = f"after_{iteration}.{name}"
        errors = [error_of(pair.run[key], pair.truth[key]) for pair in (duel, *pytorch)]
        floor = ROUNDINGS * UNIT_ROUNDOFF * size_of(terms.get(name, true_state[name]))
        floor += carried_by_adam(name, iteration, gradients, true_state)
        is_count = true_state[name].dtype.kind == "i"
        row = judge(group_of(name), name, errors[0], errors[1:], np.zeros(2) if is_count else floor)
        rows.append(row)
        if name.startswith("gradients."):
            gradients[name[len("gradients.") :]] = row
    return rows


def describe(rows: List[Row], show_all: bool) -> str:
    """A table of all rows, or of the one of every group that comes nearest to its limit, and of the wrong ones."""
    lines = ["  |Duel-f64| |f32-f64|   allowed    max ratio rms ratio  verdict"]
    groups: Dict[str, List[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    for group, members in groups.items():
        worst = max(members, key=lambda row: row.use)
        lines.append(f"{group} ({len(members)})")
        lines += ["  " + str(row) for row in members if show_all or row is worst or not row.is_good]
    return "\n".join(lines)
