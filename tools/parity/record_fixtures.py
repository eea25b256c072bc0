#!/usr/bin/env python3
"""Example: tools/parity/record_fixtures.py tests/engine/fixtures

Records what the published script's step in PyTorch computes for a small network, for tests that run without PyTorch:

  epoch_end.json  three iterations of 6 images, the second one an epoch's last with 3
  minimax.json    one iteration with the generator loss mean log(1 - D(G(z)))
  least_squares.json  one iteration of LSGAN
  rmsprop.json    two iterations with RMSprop and PyTorch's default rate
  sure.json       single iterations with probabilities that are 0 or 1, or nearly so, where BCELoss clamps
  paper.json      two iterations of the 2014 paper's networks: maxout, dropout, SGD with momentum; an epoch each

Every iteration starts from the recorded values before it, in float32. Values are PyTorch's in float64; beside them
stands what tools/parity/judgement.py allows: the largest error and the root of the mean square.

Exit codes: 0 done, 1 failed, 2 usage, 6 a file cannot be written, 77 skipped because PyTorch is not installed for this Python.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterable, List, Sequence

sys.path[0] = str(Path(__file__).resolve().parents[1])  # no module of this folder hides one that PyTorch imports

from command_line import ArgumentParser  # noqa: E402
from outputs import OutputFile, before_pytorch, run_tool  # noqa: E402


def parse_arguments() -> argparse.Namespace:
    parser = ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


ARGUMENTS = before_pytorch("record_fixtures", parse_arguments)

import numpy as np  # noqa: E402
import torch  # noqa: E402

from parity.batches import Batch  # noqa: E402
from parity.comparison import HEAD_BIAS  # noqa: E402
from parity.judgement import FACTOR, IMAGES, ROUNDINGS, STATS, UNIT_ROUNDOFF, Outcome, Pair, Row  # noqa: E402
from parity.judgement import compare, error_of  # noqa: E402
from parity.paper_gan import PaperGan, Settings  # noqa: E402
from parity.pytorch_run import PyTorchRun, ScriptsSigmoid, Watch, load_state, state_of  # noqa: E402
from published_gan import PublishedGan, Sizes  # noqa: E402
from safetensors_file import Arrays  # noqa: E402

SIZES = Sizes(3, (1, 3, 3), (4, 5, 6), (5, 4))
FLOAT32_RUNS = 16  # more than the tool takes: the bounds must hold on any processor
BATCH, LAST_BATCH = 6, 3
SURE_BIASES = (30.0, -30.0, -95.0)  # parity/comparison.py says what each of them is for


def random_batch(random: np.random.Generator, rows: int) -> Batch:
    latents = random.standard_normal((rows, SIZES.latent_dim)).astype(np.float32)
    return Batch(latents, random.uniform(-1, 1, (rows, SIZES.pixels)).astype(np.float32))


def initial_weights(seed: int) -> Arrays:
    torch.manual_seed(seed)
    return state_of(PublishedGan(sizes=SIZES))


class Recorder:
    """Iterations in float64 and float32 of a PublishedGan with these arguments. With is_sure, the truth has its
    probabilities in float32."""

    def __init__(self, is_sure: bool = False, **arguments: Any):
        self.is_sure, self.arguments = is_sure, arguments

    def _run(self, dtype: torch.dtype, state: Arrays, batches: Sequence[Batch], seed: int = 0) -> Outcome:
        gan = PublishedGan(dtype, sizes=SIZES, **self.arguments)
        load_state(gan, state)
        is_truth = dtype == torch.float64
        if is_truth and self.is_sure:
            gan.discriminator.model[-1] = ScriptsSigmoid()
        watch = Watch(gan) if is_truth else None
        run = PyTorchRun(gan, None if is_truth else seed, watch)
        for batch in batches:
            run.iterate(batch)
            if watch and watch.near_kink:
                raise RuntimeError("an activation is 0 but for rounding; choose another seed")
        return run.outcome()

    def truth_and_rows(self, state: Arrays, batches: Sequence[Batch]) -> tuple[Outcome, List[Row]]:
        truth = self._run(torch.float64, state, batches)
        pairs = [Pair(self._run(torch.float32, state, batches, seed), truth) for seed in range(FLOAT32_RUNS)]
        return truth, compare(pairs[0], pairs)


def rounded(values: np.ndarray) -> List[float]:
    """Nine digits tell every float32 from its neighbours. Whole numbers are written as such: files stay small."""
    short = (float(f"{value:.9g}") for value in values.reshape(-1).tolist())
    return [int(value) if value.is_integer() else value for value in short]


def recorded(row: Row, values: np.ndarray) -> Dict[str, Any]:
    allowed = [float(f"{value:.3g}") for value in row.allowed] if row.is_judged else None
    return {"allowed": allowed, "values": rounded(values)}


def step_of(name: str, batch: Batch, truth: Outcome, rows: Iterable[Row]) -> Dict[str, Any]:
    """One recorded iteration."""
    by_name = {row.name: row for row in rows}
    stats = {name: recorded(by_name[name], truth.stats[-1:, i]) for i, name in enumerate(STATS)}
    state = {name: recorded(by_name[name], values) for name, values in truth.state.items()}
    inputs = {"latents": rounded(batch.latents), "real_images": rounded(batch.real_images)}
    return {"name": name, **inputs, "stats": stats, "state": state}


def state_after(step: Dict[str, Any], like: Arrays) -> Arrays:
    """What was recorded, as the next iteration reads it."""
    names = [name for name in step["state"] if name.startswith(("generator.", "discriminator."))]
    return {
        name: np.array(step["state"][name]["values"], dtype=np.int64 if like[name].dtype.kind == "i" else np.float32)
        .reshape(like[name].shape)
        for name in names
    }


def start_of(state: Arrays) -> Dict[str, List[float]]:
    return {name: rounded(values) for name, values in state.items()}


def epoch_end(seed: int) -> Dict[str, Any]:
    random = np.random.default_rng(seed)
    batches = [random_batch(random, rows) for rows in (BATCH, LAST_BATCH, BATCH)]
    recorder, weights = Recorder(), initial_weights(seed)
    state, steps = weights, []
    for i, batch in enumerate(batches):
        truth, rows = recorder.truth_and_rows(state, [batch])
        steps.append(step_of(f"iteration {i + 1}", batch, truth, rows))
        state = state_after(steps[-1], truth.state)
    truth, rows = recorder.truth_and_rows(weights, batches)
    by_name = {row.name: row for row in rows}
    whole = {name: recorded(by_name[name], truth.stats[:, i]) for i, name in enumerate(STATS)}
    whole[IMAGES] = recorded(by_name[IMAGES], truth.state[IMAGES])
    return {"start": start_of(weights), "steps": steps, "whole_run": whole}


def minimax(seed: int) -> Dict[str, Any]:
    weights, batch = initial_weights(seed), random_batch(np.random.default_rng(seed), BATCH)
    step = step_of("minimax", batch, *Recorder(minimax=True).truth_and_rows(weights, [batch]))
    return {"start": start_of(weights), "steps": [step]}


def least_squares(seed: int) -> Dict[str, Any]:
    weights, batch = initial_weights(seed), random_batch(np.random.default_rng(seed), BATCH)
    step = step_of("least squares", batch, *Recorder(objective="least_squares").truth_and_rows(weights, [batch]))
    return {"start": start_of(weights), "steps": [step]}


def rmsprop(seed: int) -> Dict[str, Any]:
    random, state, steps = np.random.default_rng(seed), initial_weights(seed), []
    for i in range(2):
        batch = random_batch(random, BATCH)
        truth, rows = Recorder(optimizer="rmsprop").truth_and_rows(state, [batch])
        steps.append(step_of(f"iteration {i + 1}", batch, truth, rows))
        state = state_after(steps[-1], truth.state)
    return {"start": start_of(initial_weights(seed)), "steps": steps}


def sure(seed: int) -> Dict[str, Any]:
    weights, batch = initial_weights(seed), random_batch(np.random.default_rng(seed), BATCH)
    steps = []
    for bias in SURE_BIASES:
        own = {**weights, HEAD_BIAS: np.array([bias], dtype=np.float32)}
        step = step_of(f"bias {bias:g}", batch, *Recorder(is_sure=True).truth_and_rows(own, [batch]))
        steps.append({"name": step["name"], "change": {HEAD_BIAS: [bias]}, **step})
    return {"start": start_of(weights), "steps": steps}


PAPER = Settings(SIZES.latent_dim, SIZES.pixels, (7, 6), (5, 4), 3, 0.8, 0.5)


def paper_outcome(dtype: torch.dtype, state: Arrays, batches: Sequence[Batch], order_seed: int | None) -> Arrays:
    """After all iterations, of which each is an epoch; with an order_seed the rows of batches come in another order."""
    gan = PaperGan(PAPER, dtype)
    gan.load(state)
    stats = np.zeros((len(batches), len(STATS)))
    for i, batch in enumerate(batches):
        rows = len(batch.latents)
        order = np.arange(rows) if order_seed is None else np.random.default_rng(order_seed).permutation(rows)
        stats[i], images = gan.step(batch, i, i, order)
    return {**gan.state(), IMAGES: images, **{name: stats[:, i] for i, name in enumerate(STATS)}}


def paper_tensors(state: Arrays, batches: Sequence[Batch]) -> tuple[Arrays, Dict[str, Any]]:
    """The truth, and what is recorded of it."""
    truth = paper_outcome(torch.float64, state, batches, None)
    runs = [paper_outcome(torch.float32, state, batches, seed) for seed in range(FLOAT32_RUNS)]
    return truth, {name: paper_tensor(truth[name], [run[name] for run in runs]) for name in truth}


def paper_tensor(truth: np.ndarray, runs: Sequence[np.ndarray]) -> Dict[str, Any]:
    """Allowed are FACTOR times PyTorch's own error and ROUNDINGS of the tensor's size; counters are exact."""
    if truth.dtype.kind == "i":
        return {"allowed": [0.0, 0.0], "values": rounded(truth)}
    size = error_of(truth, np.zeros_like(truth))
    own = np.max([error_of(run, truth) for run in runs], axis=0)
    if np.any(own > 1e-4 * size):
        raise RuntimeError("a unit is at its kink but for rounding; choose another seed")
    allowed = FACTOR * own + ROUNDINGS * UNIT_ROUNDOFF * size
    return {"allowed": [float(f"{value:.3g}") for value in allowed], "values": rounded(truth)}


def paper(seed: int) -> Dict[str, Any]:
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    weights = PaperGan(PAPER).state()
    batches = [random_batch(random, BATCH) for _ in range(2)]
    batches = [Batch(batch.latents, (batch.real_images + 1) / 2) for batch in batches]
    state, steps = weights, []
    for i, batch in enumerate(batches):
        truth, tensors = paper_tensors(state, [batch])
        inputs = {"latents": rounded(batch.latents), "real_images": rounded(batch.real_images)}
        stats = {name: tensors.pop(name) for name in STATS}
        steps.append({"name": f"iteration {i + 1}", **inputs, "stats": stats, "state": tensors})
        state = state_after(steps[-1], truth)
    _, whole = paper_tensors(weights, batches)
    return {"start": start_of(weights), "steps": steps, "whole_run": {name: whole[name] for name in (*STATS, IMAGES)}}


def one_line_a_tensor(value: Any, depth: int = 0) -> str:
    """JSON, with every list of numbers, and every recorded tensor, on a line of its own."""
    is_short = not isinstance(value, (dict, list, tuple)) or isinstance(value, dict) and "values" in value
    if is_short or isinstance(value, (list, tuple)) and not (value and isinstance(value[0], dict)):
        return json.dumps(value, separators=(",", ":"))
    indent, end = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, list):
        return "[" + ",".join(indent + one_line_a_tensor(item, depth + 1) for item in value) + end + "]"
    items = [f"{indent}{json.dumps(key)}: {one_line_a_tensor(item, depth + 1)}" for key, item in value.items()]
    return "{" + ",".join(items) + end + "}"


def main() -> int:
    arguments = ARGUMENTS
    torch.set_num_threads(1)
    widths = {"generator_widths": SIZES.generator_widths, "discriminator_widths": SIZES.discriminator_widths}
    networks = {"latent_dim": SIZES.latent_dim, "image_size": SIZES.image_shape[1], **widths}
    made_by = f"tools/parity/record_fixtures.py --seed {arguments.seed}, PyTorch {torch.__version__}"
    records = {record.__name__: record for record in (epoch_end, minimax, least_squares, rmsprop, sure, paper)}
    beginning = '{"made_by":"tools/parity/record_fixtures.py '
    outputs = {name: OutputFile("folder", arguments.folder / f"{name}.json", (), beginning) for name in records}
    for name, record in records.items():
        if name == "paper":
            networks.update(generator_widths=PAPER.generator_widths, discriminator_widths=PAPER.discriminator_widths)
        content = {"made_by": made_by, "networks": networks, "batch_size": BATCH, **record(arguments.seed)}
        outputs[name].write(one_line_a_tensor(content) + "\n")
    return 0


if __name__ == "__main__":
    run_tool("record_fixtures", main, (OSError, ValueError))
