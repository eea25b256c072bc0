#!/usr/bin/python3
"""Example: tools/parity_pytorch.py --build build/cpu --data FOLDER_OF_MNIST

Trains Duel and PyTorch (the published script's step) on the same latents and images from the same initial weights and
compares losses, mean D(x) and D(G(z)), every gradient, weight, moment of Adam and running statistic. Some iterations
have a smaller batch. The truth is PyTorch in float64. Two comparisons for each of the iterations 1, 10 and 100:

single step  PyTorch starts the iteration from Duel's own state before it, so that only one step's rounding counts. The
             few activations that are 0 but for rounding may lie on either side of LeakyReLU's kink.
whole run    both have trained from the first iteration. Rounding grows quickly there: an activation that falls on the
             other side of the kink changes gradients by much more than rounding.

Duel passes where its error is at most 4 times PyTorch's own in float32 plus 16 roundings of the tensor's size (of the
terms' size for the gradient of a bias, a sum over the batch), both for the largest error of a tensor and for the root
of the mean square. What Adam makes of the gradients' allowed errors is allowed too: it divides them by the gradients'
usual size, which may be very small. PyTorch's own error is the largest of several runs that are equal but for rounding:
the rows of every batch come in another order and, in the whole run, the initial weights differ by some roundings.

A linear layer's bias before batch norm has no effect on a network in training: its true gradient is 0, and Adam
amplifies what rounding leaves of it. So its gradient is judged, its value and moments are shown only.

Exit codes: 0 alike, 1 not alike or failed, 77 skipped because PyTorch is not installed for this Python.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from itertools import chain, combinations
from pathlib import Path
from typing import Any, Dict, Iterable, List, Sequence, Tuple

SKIPPED = 77
TOOLS = Path(__file__).resolve().parent

if importlib.util.find_spec("torch") is None:
    print(f"skipped: PyTorch is not installed for {sys.executable}")
    sys.exit(SKIPPED)

import numpy as np
import torch

from parity_judgement import UNIT_ROUNDOFF, Pair, Row, compare, describe, nearest, with_prefix
from parity_reference import Activation, Inputs, Watch, load_state, run_pytorch, state_of
from published_gan import LATENT_DIM, PIXELS, PublishedGan, normalised, openblas_kernels, read_training_images
from safetensors_file import Arrays, read_safetensors, write_safetensors

NUDGE = 16 * UNIT_ROUNDOFF  # relative, of the initial weights of PyTorch's whole runs
MOST_FLIPS = 4  # activations of one step that are tried on both sides of LeakyReLU's kink
WRONG: Dict[str, Dict[str, Any]] = {
    "batch_norm_eps": {"batch_norm_eps": 0.8001},
    "beta2": {"betas": (0.5, 0.9991)},
    "order": {"generator_first": False},
}


def make_inputs(arguments: argparse.Namespace) -> Inputs:
    iterations, batch = max(arguments.after), arguments.batch_size
    random = np.random.default_rng(arguments.seed)
    latents = random.standard_normal((iterations, batch, LATENT_DIM)).astype(np.float32)
    if arguments.data:
        images = read_training_images(arguments.data)
        chosen = random.integers(len(images), size=iterations * batch)
        real_images = normalised(images[chosen]).reshape(iterations, batch, PIXELS)
    else:
        real_images = random.uniform(-1, 1, (iterations, batch, PIXELS)).astype(np.float32)
    rows = np.full(iterations, batch, dtype=np.int64)
    rows[1::4] = max(2, batch // 2)  # iterations 2, 6, 10 ... but not 1 and 100
    return Inputs(latents, real_images, rows)


def run_duel(inputs: Inputs, weights: Arrays, after: Sequence[int], arguments: argparse.Namespace) -> Arrays:
    program = arguments.build / "tools" / "given_steps"
    if not program.exists():
        raise RuntimeError(f"{program} is missing; build it, or name the build folder with --build")
    with tempfile.TemporaryDirectory(prefix="parity_pytorch.") as folder:
        given, computed = Path(folder) / "given.safetensors", Path(folder) / "computed.safetensors"
        write_safetensors(given, {**weights, **inputs._asdict()})
        command = [str(program), str(given), str(computed), "--threads", str(arguments.threads)]
        command += ["--states-after", ",".join(map(str, after))]
        if subprocess.run(command, check=False).returncode != 0:
            raise RuntimeError("given_steps failed")
        return read_safetensors(computed)


def nudged(weights: Arrays, seed: int) -> Arrays:
    random = np.random.default_rng(seed)
    return {
        name: (values * (1 + random.uniform(-NUDGE, NUDGE, values.shape))).astype(values.dtype)
        for name, values in weights.items()
    }


class Comparison:
    """Duel's run and PyTorch's, as one step or as a whole run."""

    def __init__(self, arguments: argparse.Namespace):
        self.inputs = make_inputs(arguments)
        self.after = sorted(set(arguments.after))
        self.runs = arguments.float32_runs
        self.wrong = WRONG.get(arguments.wrong, {})
        torch.manual_seed(arguments.seed)
        self.weights = state_of(PublishedGan())
        states = sorted({n for last in self.after for n in (last - 1, last) if n > 0})
        self.duel = run_duel(self.inputs, self.weights, states, arguments)

    def _float32(self, state: Arrays, iterations: range, order_seed: int) -> Arrays:
        gan = PublishedGan(torch.float32, **self.wrong)
        load_state(gan, state, iterations.start - 1)
        return run_pytorch(gan, self.inputs, iterations, self.after, order_seed)

    def _truth(self, state: Arrays, iterations: range, flipped: Iterable[Activation] = ()) -> Tuple[Arrays, Watch]:
        gan = PublishedGan(torch.float64, **self.wrong)
        load_state(gan, state, iterations.start - 1)
        watch = Watch(gan, frozenset(flipped))
        return run_pytorch(gan, self.inputs, iterations, self.after, watch=watch), watch

    def _truths(self, state: Arrays, iteration: int) -> List[Arrays]:
        """The step's truth, and what it would be with activations that are 0 but for rounding on the other side."""
        only = range(iteration, iteration + 1)
        truth, watch = self._truth(state, only)
        nearest_first = sorted(watch.near_kink, key=watch.near_kink.__getitem__)[:MOST_FLIPS]
        subsets = chain.from_iterable(combinations(nearest_first, n + 1) for n in range(len(nearest_first)))
        return [truth] + [self._truth(state, only, flipped)[0] for flipped in subsets]

    def single_step(self, iteration: int) -> List[Row]:
        state = with_prefix(self.duel, f"after_{iteration - 1}.") if iteration > 1 else self.weights
        truths = self._truths(state, iteration)
        runs = [self._float32(state, range(iteration, iteration + 1), seed) for seed in range(self.runs)]
        duel, *pytorch = [nearest(run, truths, iteration) for run in (self.duel, *runs)]
        return compare(iteration, iteration, duel, pytorch)

    def whole_run(self) -> Dict[int, List[Row]]:
        """Rows of each iteration looked at."""
        every = range(1, len(self.inputs.rows) + 1)
        truth, _ = self._truth(self.weights, every)
        runs = [Pair(self._float32(nudged(self.weights, seed), every, seed), truth) for seed in range(self.runs)]
        return {n: compare(n, 1, Pair(self.duel, truth), runs) for n in self.after}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", type=Path, default=TOOLS.parent / "build" / "cpu", help="build folder of Duel")
    parser.add_argument("--data", type=Path, help="folder of IDX files (default: random images)")
    parser.add_argument("--after", type=int, nargs="+", default=[1, 10, 100], metavar="N", help="iterations to look at")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--float32-runs", type=int, default=4, help="PyTorch runs that tell its own error")
    parser.add_argument("--threads", type=int, default=0, help="worker threads of Duel's CPU device, 0 = all cores")
    parser.add_argument("--all", action="store_true", help="show every tensor, not the worst of each group")
    parser.add_argument("--wrong", choices=sorted(WRONG), help="give PyTorch a wrong setting, to see this check fail")
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    comparison = Comparison(arguments)
    images = f"images of {arguments.data}" if arguments.data else "random images"
    kernels = f" with OpenBLAS {openblas_kernels()} kernels" if openblas_kernels() else ""
    print(f"PyTorch {torch.__version__}{kernels}, batch {arguments.batch_size}, {images}, seed {arguments.seed}")
    all_rows: List[Row] = []
    for iteration in comparison.after:
        rows = comparison.single_step(iteration)
        all_rows += rows
        print(f"\nSINGLE STEP {iteration}, {comparison.inputs.rows[iteration - 1]} rows")
        print(describe(rows, arguments.all))
    for iteration, rows in comparison.whole_run().items():
        all_rows += rows
        print(f"\nWHOLE RUN, iterations 1 to {iteration}\n" + describe(rows, arguments.all))
    wrong = sum(not row.is_good for row in all_rows)
    print(f"\n{len(all_rows)} quantities, {wrong} WRONG" if wrong else f"\n{len(all_rows)} quantities, all alike")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, OSError, ValueError, KeyError) as error:
        print(f"parity_pytorch.py: {error!r}", file=sys.stderr)
        sys.exit(1)
