#!/usr/bin/python3
"""Example: tools/parity_pytorch.py --build build/cpu --data FOLDER_OF_MNIST

Trains Duel and PyTorch (the published script's step) on the same latents and images from the same initial weights and
compares losses, mean D(x) and D(G(z)), every gradient, weight, moment of Adam and running statistic. Some iterations
have a smaller batch. The truth is PyTorch in float64. Two comparisons for each of the iterations 1, 10 and 100:

single step  PyTorch starts the iteration from Duel's own state before it, so that only one step's rounding counts.
whole run    both have trained from the first iteration. Rounding grows quickly there: an activation that falls on the
             other side of LeakyReLU's kink changes gradients by much more than rounding.

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
from collections import deque
from pathlib import Path
from typing import Any, Deque, Dict, List, NamedTuple, Optional, Sequence, Tuple

SKIPPED = 77
TOOLS = Path(__file__).resolve().parent

if importlib.util.find_spec("torch") is None:
    print(f"skipped: PyTorch is not installed for {sys.executable}")
    sys.exit(SKIPPED)

import numpy as np
import torch

from parity_judgement import STATS, UNIT_ROUNDOFF, Row, compare, describe, with_prefix
from published_gan import IMAGE_SHAPE, LATENT_DIM, PIXELS, PublishedGan, normalised, openblas_kernels
from published_gan import read_training_images
from safetensors_file import Arrays, read_safetensors, write_safetensors

NUDGE = 16 * UNIT_ROUNDOFF  # relative, of the initial weights of PyTorch's whole runs
NEAR_KINK = 3e-7  # an activation this near to 0 may have another sign after rounding
WRONG: Dict[str, Dict[str, Any]] = {
    "batch_norm_eps": {"batch_norm_eps": 0.8001},
    "beta2": {"betas": (0.5, 0.9991)},
    "order": {"generator_first": False},
}


class Inputs(NamedTuple):
    latents: np.ndarray  # float32 [iterations, batch, 100]
    real_images: np.ndarray  # float32 [iterations, batch, 784] in [-1, 1]
    rows: np.ndarray  # int64 [iterations]: rows in use


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


def players(gan: PublishedGan) -> Tuple[Tuple[str, torch.nn.Module, torch.optim.Adam], ...]:
    return (
        ("generator.", gan.generator, gan.generator_adam),
        ("discriminator.", gan.discriminator, gan.discriminator_adam),
    )


def state_of(gan: PublishedGan) -> Arrays:
    """Weights, running statistics and, after a step, moments and gradients, under the names that given_steps uses."""
    state: Arrays = {}
    for prefix, network, adam in players(gan):
        state.update({prefix + name: tensor.numpy().copy() for name, tensor in network.state_dict().items()})
        for name, parameter in network.named_parameters():
            for moment in ("exp_avg", "exp_avg_sq") if adam.state else ():
                state[f"{prefix}adam.{moment}.{name}"] = adam.state[parameter][moment].numpy().copy()
            if parameter.grad is not None:
                state[f"gradients.{prefix}{name}"] = parameter.grad.numpy().copy()
    return state


def load_state(gan: PublishedGan, state: Arrays, steps: int) -> None:
    """Continues after so many steps from a state of Duel, or from initial weights where there were none."""
    for prefix, network, adam in players(gan):
        network.load_state_dict({name: torch.tensor(state[prefix + name]) for name in network.state_dict()})
        for name, parameter in network.named_parameters() if steps > 0 else ():
            adam.state[parameter] = {"step": torch.tensor(float(steps))}
            for moment in ("exp_avg", "exp_avg_sq"):
                adam.state[parameter][moment] = torch.tensor(state[f"{prefix}adam.{moment}.{name}"]).to(gan.dtype)


class Watch:
    """Looks into a PublishedGan while it steps."""

    def __init__(self, gan: PublishedGan):
        self.kink_distance = np.inf  # of the activation that came nearest to 0, where LeakyReLU has its kink
        self._terms: Dict[str, Deque[np.ndarray]] = {}
        for prefix, network, _ in players(gan):
            for i, layer in enumerate(network.model):
                if isinstance(layer, torch.nn.Linear):
                    layer.register_forward_hook(self._take_terms(f"{prefix}model.{i}.bias"))
                if isinstance(layer, torch.nn.LeakyReLU):
                    layer.register_forward_pre_hook(self._take_distance)

    def terms(self) -> Arrays:
        """The gradient of a bias is a sum over the batch: the summed sizes of its terms in the last step."""
        return {"gradients." + name: np.sum(sizes, axis=0) for name, sizes in self._terms.items()}

    def _take_terms(self, name: str) -> Any:
        # The discriminator's step goes through it twice, with real and with generated images.
        sizes = self._terms[name] = deque(maxlen=2 if name.startswith("discriminator.") else 1)

        def take(_d_inputs: Any, d_outputs: Tuple[torch.Tensor, ...]) -> None:
            sizes.append(d_outputs[0].abs().sum(0).numpy())

        def after_forward(_module: Any, _inputs: Any, output: torch.Tensor) -> None:
            output.grad_fn.register_hook(take)  # LeakyReLU works in place, which a module's backward hook forbids

        return after_forward

    def _take_distance(self, _module: Any, inputs: Tuple[torch.Tensor, ...]) -> None:
        self.kink_distance = min(self.kink_distance, float(inputs[0].detach().abs().min()))


def run_pytorch(
    gan: PublishedGan, inputs: Inputs, iterations: range, after: Sequence[int], order_seed: Optional[int] = None
) -> Arrays:
    """What given_steps computes in these iterations (from 1), under the same names, and "kink_distance".

    With an order_seed, every batch has its rows in another order.
    """
    random = np.random.default_rng(order_seed)
    watch = Watch(gan)
    output: Arrays = {"iteration_stats": np.zeros((len(inputs.rows), len(STATS)))}
    for iteration in iterations:
        i = iteration - 1
        order = np.arange(inputs.rows[i]) if order_seed is None else random.permutation(inputs.rows[i])
        latents = torch.tensor(inputs.latents[i][order]).to(gan.dtype)
        real_images = torch.tensor(inputs.real_images[i][order]).to(gan.dtype).view(-1, *IMAGE_SHAPE)
        output["iteration_stats"][i] = [value.mean().item() for value in gan.step(latents, real_images)]
        if iteration in after:
            output.update({f"after_{iteration}.{name}": tensor for name, tensor in state_of(gan).items()})
            output.update({f"terms_{iteration}.{name}": sums for name, sums in watch.terms().items()})
    output["kink_distance"] = np.array(watch.kink_distance)
    return output


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

    def _pytorch(self, dtype: torch.dtype, state: Arrays, iterations: range, order_seed: Optional[int] = None) -> Arrays:
        gan = PublishedGan(dtype, **self.wrong)
        load_state(gan, state, iterations.start - 1)
        return run_pytorch(gan, self.inputs, iterations, self.after, order_seed)

    def single_step(self, iteration: int) -> Tuple[List[Row], float]:
        """Rows, and how near an activation came to LeakyReLU's kink."""
        state = with_prefix(self.duel, f"after_{iteration - 1}.") if iteration > 1 else self.weights
        only = range(iteration, iteration + 1)
        truth = self._pytorch(torch.float64, state, only)
        runs = [self._pytorch(torch.float32, state, only, seed) for seed in range(self.runs)]
        return compare(iteration, iteration, self.duel, runs, truth), float(truth["kink_distance"])

    def whole_run(self) -> Dict[int, List[Row]]:
        """Rows of each iteration looked at."""
        every = range(1, len(self.inputs.rows) + 1)
        truth = self._pytorch(torch.float64, self.weights, every)
        runs = [self._pytorch(torch.float32, nudged(self.weights, seed), every, seed) for seed in range(self.runs)]
        return {n: compare(n, 1, self.duel, runs, truth) for n in self.after}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
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
        rows, kink_distance = comparison.single_step(iteration)
        all_rows += rows
        print(f"\nSINGLE STEP {iteration}, {comparison.inputs.rows[iteration - 1]} rows\n" + describe(rows, arguments.all))
        if kink_distance < NEAR_KINK and not all(row.is_good for row in rows):
            print(f"An activation is {kink_distance:.1e} from LeakyReLU's kink: try another --seed before you search.")
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
