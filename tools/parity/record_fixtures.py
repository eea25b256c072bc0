#!/usr/bin/env python3
"""Example: tools/parity/record_fixtures.py tests/engine/fixtures

Records what the published scripts' steps, and the 2014 paper's, compute in PyTorch for small networks, for tests that run
without PyTorch:

  epoch_end.json  three iterations of 6 images, the second one an epoch's last with 3
  minimax.json    one iteration with the generator loss mean log(1 - D(G(z)))
  least_squares.json  one iteration of LSGAN
  hinge.json      two iterations with the hinge loss
  wgan.json       two iterations of a critic with RMSprop and weights clipped at 0.2
  wgan_gp.json    two iterations of a critic with a gradient penalty of weight 10
  conditional.json  the same with classes that both networks read
  embedding.json  two iterations with learned label embeddings, spectral normalization of D and the penalty R1
  r1.json         two iterations with the penalty R1 of weight 2
  spectral.json   two iterations with spectral normalization of D, the hinge loss and the penalty R1
  rmsprop.json    two iterations with RMSprop and PyTorch's default rate
  sure.json       single iterations with probabilities that are 0 or 1, or nearly so, where BCELoss clamps
  dcgan.json      two iterations of the published DCGAN script's networks: convolutions, batch norm and dropout of channels
  conditional_dcgan.json  the same networks with classes and, without batch norm and dropout in D, a gradient penalty
  paper.json      two iterations of the 2014 paper's networks: maxout, dropout, SGD with momentum; an epoch each

Every iteration starts from the recorded values before it, in float32. Values are PyTorch's in float64; beside them
stands what tools/parity/judgement.py allows: the largest error and the root of the mean square.

Exit codes: 0 done, 1 failed, 2 usage, 6 a file cannot be written, 77 skipped because PyTorch is not installed for this Python.
"""

from __future__ import annotations

import argparse
import functools
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

from mlp_networks import MlpNetworks, Sizes  # noqa: E402
from parity.batches import Batch  # noqa: E402
from parity.dcgan import Dcgan, networks_of, settings_of  # noqa: E402
from parity.gan import MakeGan  # noqa: E402
from parity.judgement import IMAGES, STATS, Outcome, Pair, Row, compare  # noqa: E402
from parity.paper_gan import PaperGan  # noqa: E402
from parity.pytorch_run import PyTorchRun, Watch, load_state, state_of  # noqa: E402
from parity.script_gan import ScriptGan  # noqa: E402
from safetensors_file import Arrays  # noqa: E402

SIZES = Sizes(3, (1, 3, 3), (4, 5, 6), (5, 4))
HEAD_BIAS = MlpNetworks(SIZES).head_bias
PAPER_SIZES = SIZES._replace(generator_widths=(7, 6), discriminator_widths=(5, 4))
DCGAN = networks_of({"generator_widths": (3, 4, 2), "discriminator_widths": (2, 4, 3)})
DCGAN = DCGAN._replace(sizes=DCGAN.sizes._replace(latent_dim=3, image_shape=(1, 8, 8)))
FLOAT32_RUNS = 16  # more than the tool takes: the bounds must hold on any processor
BATCH, LAST_BATCH = 6, 3
CLASSES = 3  # of a conditional GAN
CONDITIONAL_DCGAN = DCGAN._replace(classes=CLASSES, discriminator_norm="none", hidden_keep=1.0)
SURE_BIASES = (30.0, -30.0, -95.0)  # parity/comparison.py says what each of them is for


def random_batch(
    random: np.random.Generator, rows: int, iteration: int = 0, classes: int = 0, sizes: Sizes = SIZES
) -> Batch:
    latents = random.standard_normal((rows, sizes.latent_dim)).astype(np.float32)
    batch = Batch(latents, random.uniform(-1, 1, (rows, sizes.pixels)).astype(np.float32), iteration)
    if classes == 0:
        return batch
    real, generated = random.integers(0, classes, (2, rows))
    return batch._replace(real_labels=real, generated_labels=generated)


class Recorder:
    """Iterations in float64 and float32. of_truth: what the GAN of the truth is made with, beside its dtype."""

    def __init__(self, make: MakeGan, **of_truth: Any):
        self.make, self.of_truth = make, of_truth

    def initial_weights(self, seed: int) -> Arrays:
        torch.manual_seed(seed)
        return state_of(self.make(torch.float32))

    def _run(self, state: Arrays, batches: Sequence[Batch], seed: int | None) -> Outcome:
        """The truth without a seed."""
        gan = self.make(torch.float64, **self.of_truth) if seed is None else self.make(torch.float32)
        load_state(gan, state)
        watch = Watch(gan) if seed is None else None
        run = PyTorchRun(gan, seed, watch)
        for batch in batches:
            run.iterate(batch)
            if watch and watch.near_kink:
                raise RuntimeError("an activation is at its kink but for rounding; choose another seed")
        return run.outcome()

    def truth_and_rows(self, state: Arrays, batches: Sequence[Batch]) -> tuple[Outcome, List[Row]]:
        truth = self._run(state, batches, None)
        pairs = [Pair(self._run(state, batches, seed), truth) for seed in range(FLOAT32_RUNS)]
        return truth, compare(pairs[0], pairs)

    def steps(self, weights: Arrays, batches: Sequence[Batch]) -> List[Dict[str, Any]]:
        """An iteration on each batch, from what was recorded of the one before; each is the first of a new trainer."""
        state, steps = weights, []
        for i, batch in enumerate(batches):
            truth, rows = self.truth_and_rows(state, [batch._replace(iteration=0)])
            steps.append(step_of(f"iteration {i + 1}", batch, truth, rows))
            state = state_after(steps[-1], truth.state)
        return steps

    def whole_run(self, weights: Arrays, batches: Sequence[Batch]) -> Dict[str, Any]:
        truth, rows = self.truth_and_rows(weights, batches)
        by_name = {row.name: row for row in rows}
        whole = {name: recorded(by_name[name], truth.stats[:, i]) for i, name in enumerate(STATS)}
        return {**whole, IMAGES: recorded(by_name[IMAGES], truth.state[IMAGES])}


def script(**arguments: Any) -> MakeGan:
    return functools.partial(ScriptGan, sizes=SIZES, **arguments)


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
    for key in ("real_labels", "generated_labels"):
        if (labels := getattr(batch, key)).size > 0:
            inputs[key] = labels.tolist()
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
    random, recorder = np.random.default_rng(seed), Recorder(script())
    weights = recorder.initial_weights(seed)
    batches = [random_batch(random, rows) for rows in (BATCH, LAST_BATCH, BATCH)]
    steps, whole = recorder.steps(weights, batches), recorder.whole_run(weights, batches)
    return {"start": start_of(weights), "steps": steps, "whole_run": whole}


def single_step(name: str, recorder: Recorder, seed: int) -> Dict[str, Any]:
    weights, batch = recorder.initial_weights(seed), random_batch(np.random.default_rng(seed), BATCH)
    step = step_of(name, batch, *recorder.truth_and_rows(weights, [batch]))
    return {"start": start_of(weights), "steps": [step]}


def minimax(seed: int) -> Dict[str, Any]:
    return single_step("minimax", Recorder(script(minimax=True)), seed)


def least_squares(seed: int) -> Dict[str, Any]:
    return single_step("least squares", Recorder(script(loss="least_squares")), seed)


def two_steps(
    recorder: Recorder, weights: Arrays, seed: int, classes: int = 0, sizes: Sizes = SIZES
) -> Dict[str, Any]:
    random = np.random.default_rng(seed)
    steps = recorder.steps(weights, [random_batch(random, BATCH, classes=classes, sizes=sizes) for _ in range(2)])
    return {"start": start_of(weights), "steps": steps}


def hinge(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(loss="hinge"))
    weights = recorder.initial_weights(seed)  # then such that scores lie on both sides of both margins
    for name, factor in (("generator.model.8.weight", 64), (HEAD_BIAS.replace("bias", "weight"), -60)):
        weights[name] = weights[name] * np.float32(factor)
    weights[HEAD_BIAS] = weights[HEAD_BIAS] - np.float32(1.5)
    return two_steps(recorder, weights, seed)


def wgan(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(loss="wasserstein", optimizer="rmsprop", weight_clip=0.2))
    return two_steps(recorder, recorder.initial_weights(seed), seed)


def wgan_gp(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(loss="wasserstein", gradient_penalty=10.0))
    return two_steps(recorder, recorder.initial_weights(seed), seed)


def conditional(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(loss="wasserstein", gradient_penalty=10.0, classes=CLASSES))
    return two_steps(recorder, recorder.initial_weights(seed), seed, CLASSES)


def embedding(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(r1=2.0, discriminator_norm="spectral", classes=CLASSES, class_input="embedding"))
    return two_steps(recorder, recorder.initial_weights(seed), seed, CLASSES)


def r1(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(r1=2.0))
    return two_steps(recorder, recorder.initial_weights(seed), seed)


def spectral(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(loss="hinge", r1=2.0, discriminator_norm="spectral"))
    return two_steps(recorder, recorder.initial_weights(seed), seed)


def rmsprop(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(optimizer="rmsprop"))
    return two_steps(recorder, recorder.initial_weights(seed), seed)


def sure(seed: int) -> Dict[str, Any]:
    recorder = Recorder(script(), is_sure=True)
    weights, batch = recorder.initial_weights(seed), random_batch(np.random.default_rng(seed), BATCH)
    steps = []
    for bias in SURE_BIASES:
        own = {**weights, HEAD_BIAS: np.array([bias], dtype=np.float32)}
        step = step_of(f"bias {bias:g}", batch, *recorder.truth_and_rows(own, [batch]))
        steps.append({"name": step["name"], "change": {HEAD_BIAS: [bias]}, **step})
    return {"start": start_of(weights), "steps": steps}


def dcgan(seed: int) -> Dict[str, Any]:
    recorder = Recorder(functools.partial(Dcgan, networks=DCGAN))
    return two_steps(recorder, with_large_convolutions(recorder.initial_weights(seed)), seed, sizes=DCGAN.sizes)


def conditional_dcgan(seed: int) -> Dict[str, Any]:
    make = functools.partial(Dcgan, networks=CONDITIONAL_DCGAN, loss="wasserstein", gradient_penalty=10.0)
    recorder = Recorder(make)
    return two_steps(recorder, with_large_convolutions(recorder.initial_weights(seed)), seed, CLASSES, DCGAN.sizes)


def with_large_convolutions(weights: Arrays) -> Arrays:
    """Beside whose outputs batch norm's eps is small."""
    return {name: values * np.float32(20) if values.ndim == 4 else values for name, values in weights.items()}


def paper(seed: int) -> Dict[str, Any]:
    random, recorder = np.random.default_rng(seed), Recorder(functools.partial(PaperGan, sizes=PAPER_SIZES, pieces=3))
    weights, batches = recorder.initial_weights(seed), [random_batch(random, BATCH, i) for i in range(2)]
    batches = [batch._replace(real_images=(batch.real_images + 1) / 2) for batch in batches]
    steps, whole = recorder.steps(weights, batches), recorder.whole_run(weights, batches)
    return {"start": start_of(weights), "steps": steps, "whole_run": whole}


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
    made_by = f"tools/parity/record_fixtures.py --seed {arguments.seed}, PyTorch {torch.__version__}"
    records = {record.__name__: record for record in (epoch_end, minimax, least_squares, hinge, wgan, wgan_gp, conditional, embedding, r1, spectral, rmsprop, sure, dcgan, conditional_dcgan, paper)}
    beginning = '{"made_by":"tools/parity/record_fixtures.py '
    outputs = {name: OutputFile("folder", arguments.folder / f"{name}.json", (), beginning) for name in records}
    for name, record in records.items():
        convolutions = {dcgan: DCGAN, conditional_dcgan: CONDITIONAL_DCGAN}.get(record)
        sizes = convolutions.sizes if convolutions else PAPER_SIZES if record is paper else SIZES
        widths = {"generator_widths": sizes.generator_widths, "discriminator_widths": sizes.discriminator_widths}
        networks = {"latent_dim": sizes.latent_dim, "image_size": sizes.image_shape[1], **widths}
        if record in (conditional, conditional_dcgan, embedding):
            networks["classes"] = CLASSES
        if record is embedding:
            networks["class_input"] = "embedding"
        if record in (spectral, embedding):
            networks["discriminator_norm"] = "spectral"
        if convolutions:
            networks.update(settings_of(convolutions))
        content = {"made_by": made_by, "networks": networks, "batch_size": BATCH, **record(arguments.seed)}
        outputs[name].write(one_line_a_tensor(content) + "\n")
    return 0


if __name__ == "__main__":
    run_tool("record_fixtures", main, (OSError, ValueError))
