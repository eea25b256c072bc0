"""Duel's run and PyTorch's on the same batches from the same weights, in lock step. Needs PyTorch and NumPy.

The truth is PyTorch in float64. PyTorch's own error is the largest of several float32 runs that are equal but for
rounding: the rows of every batch come in another order and, in the whole run, the initial weights differ by some
roundings.
"""

from __future__ import annotations

from itertools import chain, combinations
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import torch

from optimizers import OPTIMIZERS
from parity.batches import Inputs
from parity.duel_run import DuelRun, Program
from parity.gan import Gan, MakeGan
from parity.judgement import IMAGES, UNIT_ROUNDOFF, Outcome, Pair, Reached, Row
from parity.judgement import compare, compare_picture, error_of, hidden_biases, nearest
from parity.pytorch_run import Activation, PyTorchRun, Watch, load_state, state_of
from parity.report import Finding
from safetensors_file import Arrays

NUDGE = 16 * UNIT_ROUNDOFF  # relative, of the initial weights of PyTorch's whole runs
MOST_FLIPS = 4  # activations of one step that are tried on both sides of their kink
EFFECT = 4096 * 2.0**-53  # of biases before batch norm on images, in float64
# Of D's head, so that D is sure. In float32 the probability is then exactly 1; exactly 1; so near 0 that BCELoss clamps
# its gradient's denominator; exactly 0, as exp(95) is infinite; exactly 0.
SURE_BIASES = (30.0, 150.0, -30.0, -95.0, -150.0)


class Reference(NamedTuple):
    """How PyTorch runs here. `of_truth`: what the GAN of a truth is made with, beside its dtype."""

    make: MakeGan
    float32_runs: int
    biases_by_value: bool = False

    def gan(self, dtype: torch.dtype, state: Arrays, **of_truth: Any) -> Gan:
        gan = self.make(dtype, **of_truth)
        load_state(gan, state)
        return gan

    def truth(
        self, state: Arrays, inputs: Inputs, iteration: int, flipped: Iterable[Activation], of_truth: Dict[str, Any]
    ) -> Tuple[Outcome, Dict[Activation, float]]:
        """One iteration in float64, and which activations are at their kink but for rounding."""
        gan = self.gan(torch.float64, state, **of_truth)
        watch = Watch(gan, frozenset(flipped))
        run = PyTorchRun(gan, watch=watch)
        run.iterate(inputs.batch(iteration))
        return run.outcome(), watch.near_kink

    def truths(self, state: Arrays, inputs: Inputs, iteration: int, of_truth: Dict[str, Any]) -> List[Outcome]:
        """The step's truth, and what it would be with activations that are at their kink on the other side."""
        truth, near_kink = self.truth(state, inputs, iteration, (), of_truth)
        nearest_first = sorted(near_kink, key=near_kink.__getitem__)[:MOST_FLIPS]
        subsets = chain.from_iterable(combinations(nearest_first, n + 1) for n in range(len(nearest_first)))
        return [truth] + [self.truth(state, inputs, iteration, flipped, of_truth)[0] for flipped in subsets]

    def float32(self, state: Arrays, inputs: Inputs, iteration: int, seed: int) -> Outcome:
        run = PyTorchRun(self.gan(torch.float32, state), order_seed=seed)
        run.iterate(inputs.batch(iteration))
        return run.outcome()

    def single_step(self, duel: DuelRun, inputs: Inputs, iteration: int, **of_truth: Any) -> List[Row]:
        """Iteration `iteration` from Duel's own state before it."""
        before = duel.checkpoint(iteration - 1)
        truths = self.truths(before, inputs, iteration, of_truth)
        runs = [self.float32(before, inputs, iteration, seed) for seed in range(self.float32_runs)]
        own, *pytorch = [nearest(run, truths) for run in (duel.outcome(iteration, iteration), *runs)]
        return self.rows(own, pytorch, duel.picture(iteration)) + self.effects(own, pytorch, inputs, iteration)

    def rows(
        self, own: Pair, pytorch: Sequence[Pair], picture: np.ndarray, reached: Optional[Reached] = None
    ) -> List[Row]:
        rows = compare(own, pytorch, self.biases_by_value, reached)
        images = next(row for row in rows if row.name == IMAGES)
        return rows + compare_picture(picture, own, pytorch, images)

    def effects(self, own: Pair, pytorch: Sequence[Pair], inputs: Inputs, iteration: int) -> List[Row]:
        """Of the biases before batch norm, as they are after the step, on images of the same latents."""
        hidden = hidden_biases(own.truth.state)

        def images(pair: Pair, biases: Arrays) -> np.ndarray:
            state = {name: values for name, values in pair.run.state.items() if is_of_network(name)}
            gan = self.gan(torch.float64, {**state, **{name: biases[name] for name in hidden}})
            with torch.no_grad():
                return gan.generate(inputs.batch(iteration)).numpy()

        if not hidden:
            return []
        errors = [error_of(images(pair, pair.run.state), images(pair, pair.truth.state)) for pair in (own, *pytorch)]
        group, name = "effect of biases before batch norm", "G(z), Duel's biases or the true ones"
        return [Row(group, name, errors[0], np.max(errors[1:], axis=0), np.full(2, EFFECT))]


def is_of_network(name: str) -> bool:
    player, _, rest = name.partition(".")
    return player in ("generator", "discriminator") and rest.partition(".")[0] not in OPTIMIZERS


class WholeRuns:
    """PyTorch's runs from the first iteration on, in lock step: the truth and those in float32."""

    def __init__(self, reference: Reference, weights: Arrays, inputs: Inputs):
        self._reference, self._inputs, self._reached = reference, inputs, Reached()
        truth = reference.gan(torch.float64, weights)
        self._truth = PyTorchRun(truth, watch=Watch(truth))
        self._runs = [
            PyTorchRun(reference.gan(torch.float32, nudged(weights, seed)), order_seed=seed)
            for seed in range(reference.float32_runs)
        ]

    def iterate(self, iteration: int) -> None:
        for run in (self._truth, *self._runs):
            run.iterate(self._inputs.batch(iteration))

    def compare(self, duel: DuelRun, iteration: int) -> List[Row]:
        truth = self._truth.outcome()
        pairs = [Pair(run.outcome(), truth) for run in self._runs]
        own = Pair(duel.outcome(1, iteration), truth)
        return self._reference.rows(own, pairs, duel.picture(iteration), self._reached)


def nudged(weights: Arrays, seed: int) -> Arrays:
    random = np.random.default_rng(seed)
    return {
        name: (values * (1 + random.uniform(-NUDGE, NUDGE, values.shape))).astype(values.dtype)
        for name, values in weights.items()
    }


def compare_exchange(reference: Reference, duel: DuelRun, weights: Arrays, iteration: int) -> List[Row]:
    """Weights that went to Duel, bit by bit; and Duel's checkpoint through load_state_dict(strict=True) and back."""
    start, checkpoint = duel.checkpoint(0), duel.checkpoint(iteration)
    back = state_of(reference.gan(torch.float32, checkpoint))
    zero = np.zeros(2)

    def row(name: str, values: Arrays, expected: Arrays) -> Row:
        wrong = sum(values.get(key) is None or values[key].tobytes() != expected[key].tobytes() for key in expected)
        return Row("exchange of weights", name, np.full(2, float(wrong)), zero, zero)

    return [
        row("tensors not the same bits: PyTorch's state_dicts, in Duel", start, weights),
        row("tensors not the same bits: Duel's checkpoint, in PyTorch", back, checkpoint),
    ]


class Comparison:
    """All findings, one after another."""

    def __init__(self, reference: Reference, program: Program, inputs: Inputs, after: Sequence[int], seed: int):
        self.reference, self.program, self.inputs, self.after = reference, program, inputs, after
        torch.manual_seed(seed)
        gan = self.reference.make(torch.float32)
        self.weights, self._head_bias = state_of(gan), gan.head_bias

    def run(self, steps: Sequence[str], folder: Path) -> Iterator[Finding]:
        """Duel writes its files to the folder."""
        states = sorted({0, *self.after, *(n - 1 for n in self.after)})
        runs = {step: self.program.run(step, self.weights, self.inputs, states, folder / step) for step in steps}
        last = self.after[-1]
        for step, duel in runs.items():
            rows = compare_exchange(self.reference, duel, self.weights, last)
            yield Finding("exchange of weights", step, f"{last}", rows)
        whole = WholeRuns(self.reference, self.weights, self.inputs)
        for iteration in range(1, last + 1):
            whole.iterate(iteration)
            for step, duel in runs.items() if iteration in self.after else ():
                rows = self.reference.single_step(duel, self.inputs, iteration)
                yield Finding("single step", step, f"{iteration}", rows)
                yield Finding("whole run", step, f"{iteration}", whole.compare(duel, iteration))
        for step in steps if self._head_bias else ():
            yield from self.sure_discriminator(step, folder / "sure" / step)

    def sure_discriminator(self, step: str, folder: Path) -> Iterator[Finding]:
        inputs = self.inputs.first(1)
        for bias in SURE_BIASES:
            weights = {**self.weights, self._head_bias: np.array([bias], dtype=np.float32)}
            duel = self.program.run(step, weights, inputs, (0, 1), folder / f"{bias:g}")
            rows = self.reference.single_step(duel, inputs, 1, is_sure=True)
            yield Finding("sure D", step, f"bias {bias:g}", rows)
