#!/usr/bin/env python3
"""Example: echo 'run 100' | tools/peers/pytorch_peer.py --peer eager --data FOLDER --batch-size 64 --threads 2

Runs the published script's step in PyTorch in one of several ways. Prints "ready" and what it is as JSON, or
"unavailable" and the reason. Then it obeys lines "run N" on standard input: it trains N iterations and prints the
seconds taken and the last losses (discriminator, generator), as iteration_time does for Duel. All images lie on the
device as normalised floats: no data loader slows it down. Needs PyTorch and NumPy.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import re
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterator, TextIO

sys.path[0] = str(Path(__file__).resolve().parents[1])  # no module of this folder hides one that PyTorch imports

from command_line import ArgumentParser  # noqa: E402
from peers.kinds import GAMES, NETWORKS, PeerKind, parse_peer  # noqa: E402

if TYPE_CHECKING:
    import torch
    from published_gan import PublishedGan, StepResult

WARM_UP_ITERATIONS = 6  # before "ready": compiles, creates Adam's state, then a few more as they will be
CAPTURE_WARM_UP_ITERATIONS = 5
REASON_LENGTH = 240  # characters
Runner = Callable[[int], "StepResult"]  # runs N iterations


class Unavailable(Exception):
    """This peer cannot run here."""


def require(kind: PeerKind, device: str) -> None:
    """Raises Unavailable where this machine or PyTorch cannot run the peer."""
    for module, name in (("torch", "PyTorch"), ("numpy", "NumPy")):
        if importlib.util.find_spec(module) is None:
            raise Unavailable(f"{name} is not installed for this Python {sys.version.split()[0]}")
    if kind.needs_cuda and device != "cuda":
        raise Unavailable("needs --device cuda")
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        raise Unavailable(f"PyTorch {torch.__version__} finds no CUDA device")
    if kind.compile_mode and not hasattr(torch, "compile"):
        raise Unavailable(f"PyTorch {torch.__version__} has no torch.compile")


def shuffled_batches(images: "torch.Tensor", batch_size: int, whole_only: bool) -> Iterator["torch.Tensor"]:
    """Batches of ever new shuffled epochs. The last one of an epoch may be smaller, or is left out if `whole_only`."""
    import torch

    while True:
        for indices in torch.randperm(images.size(0), device=images.device).split(batch_size):
            if indices.size(0) == batch_size or not whole_only:
                yield images[indices]


class CapturedBatches:
    """Batches gathered by operations that a graph can hold: their place in the epoch lies on the device.

    Every batch is whole: the last one of an epoch takes what it lacks from the front of the order.
    """

    def __init__(self, images: "torch.Tensor", batch_size: int):
        import torch

        self.images = images
        self.batch_size = batch_size
        self.per_epoch = -(-images.size(0) // batch_size)
        self.order = torch.randperm(images.size(0), device=images.device)
        self.positions = torch.arange(batch_size, device=images.device)
        self.batches_left = self.per_epoch

    def gather(self) -> "torch.Tensor":
        batch = self.images.index_select(0, self.order.index_select(0, self.positions))
        self.positions.add_(self.batch_size).remainder_(self.images.size(0))
        return batch

    def count_one(self) -> None:
        """After every iteration: a new order at the end of an epoch."""
        import torch

        self.batches_left -= 1
        if self.batches_left == 0:
            self.batches_left = self.per_epoch
            self.order.copy_(torch.randperm(self.order.size(0), device=self.order.device))


def clear_gradients(gan: "PublishedGan") -> None:
    """So that every iteration finds the same state, which neither a compiled step nor a graph may see change.

    The step overwrites both networks' gradients before it uses them.
    """
    gan.generator_optimizer.zero_grad(set_to_none=True)
    gan.discriminator_optimizer.zero_grad(set_to_none=True)


def plain_runner(kind: PeerKind, gan: "PublishedGan", images: "torch.Tensor", batch_size: int) -> Runner:
    """The script's loop, with its step or the compiled one."""
    import torch
    from mlp_networks import LATENT_DIM

    step = gan.step
    batches = shuffled_batches(images, batch_size, whole_only=kind.compile_mode is not None)
    if kind.compile_mode:
        step = torch.compile(gan.step, mode=kind.compile_mode, dynamic=False)

    def run(iterations: int) -> "StepResult":
        for _ in range(iterations):
            real_images = next(batches)
            latents = torch.randn(real_images.size(0), LATENT_DIM, device=images.device)
            if kind.compile_mode:
                clear_gradients(gan)
            if kind.base == "reduce-overhead":
                torch.compiler.cudagraph_mark_step_begin()
            result = step(latents, real_images)
            if kind.reads_losses:  # the script prints both
                result.discriminator_loss.item(), result.generator_loss.item()
        return result

    return run


def captured_runner(kind: PeerKind, gan: "PublishedGan", images: "torch.Tensor", batch_size: int) -> Runner:
    """Replays one graph of the whole iteration: latents, gather, both networks' steps and both Adams."""
    import torch
    from mlp_networks import LATENT_DIM
    from published_gan import StepResult

    batches = CapturedBatches(images, batch_size)
    step = torch.compile(gan.step, mode=kind.compile_mode, dynamic=False) if kind.compile_mode else gan.step

    def iteration() -> StepResult:
        clear_gradients(gan)
        latents = torch.randn(batch_size, LATENT_DIM, device=images.device)
        return StepResult(*(value.detach() for value in step(latents, batches.gather())))

    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(CAPTURE_WARM_UP_ITERATIONS):
            iteration()
    torch.cuda.synchronize()
    clear_gradients(gan)  # outside the graph's memory, so none may live on into it
    gc.collect()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        result = iteration()
    torch.cuda.synchronize()

    def run(iterations: int) -> StepResult:
        for _ in range(iterations):
            graph.replay()
            batches.count_one()
        return result

    return run


def adam_options(kind: PeerKind, device: str) -> dict[str, Any]:
    """Adam as the script makes it, but for what the peer needs."""
    options: dict[str, Any] = {}
    if device == "cuda" and (kind.is_captured or kind.compile_mode):
        options["capturable"] = True
    if kind.fused_adam:
        options["fused"] = True
    return options


def make_runner(kind: PeerKind, networks: str, game: str, device: str, data: Path, batch_size: int) -> Runner:
    import torch
    from parity.script_gan import GAMES as SETTINGS
    from published_gan import NETWORKS, SCRIPTS_OBJECTIVE, PublishedGan, normalised, read_training_images

    torch.manual_seed(0)
    if kind.tf32:
        torch.set_float32_matmul_precision("high")
    images = torch.from_numpy(normalised(read_training_images(data))).to(device)
    if images.size(0) < batch_size:
        raise Unavailable(f"a batch of {batch_size} is larger than the data of {images.size(0)} images")
    settings = dict(SETTINGS[game])
    objective = settings.pop("loss", SCRIPTS_OBJECTIVE)
    is_without_norm = networks == "dcgan" and objective == "wasserstein"  # as Duel's game has it
    of_networks = {"discriminator_norm": "none"} if is_without_norm else {}
    gan = PublishedGan(networks=NETWORKS[networks](**of_networks), objective=objective, device=device, **settings,
                       **adam_options(kind, device))
    return (captured_runner if kind.is_captured else plain_runner)(kind, gan, images, batch_size)


def synchronise(device: str) -> None:
    import torch

    if device == "cuda":
        torch.cuda.synchronize()


def introduction(device: str) -> dict[str, object]:
    """What a measurement has to say about this PyTorch."""
    import torch
    from published_gan import openblas_kernels

    blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    kernels = openblas_kernels()
    return {
        "pytorch": torch.__version__,
        "python": sys.version.split()[0],
        "threads": torch.get_num_threads(),
        "blas": f"OpenBLAS with {kernels} kernels" if kernels else blas.group(1) if blas else "unknown",
        "gpu": torch.cuda.get_device_name() if device == "cuda" else "",
    }


def one_line(error: BaseException) -> str:
    """An exception's kind and the beginning of its text."""
    text = " ".join(str(error).split())
    short = text if len(text) <= REASON_LENGTH else text[:REASON_LENGTH] + " ..."
    return short if isinstance(error, Unavailable) else f"{type(error).__name__}: {short}"


def prepare(arguments: argparse.Namespace) -> Runner:
    """A runner that has run. Raises whatever keeps it from running."""
    kind = parse_peer(arguments.peer)
    require(kind, arguments.device)
    import torch

    warnings.simplefilter("ignore")
    torch.set_num_threads(arguments.threads)
    run = make_runner(kind, arguments.networks, arguments.game, arguments.device, arguments.data, arguments.batch_size)
    run(WARM_UP_ITERATIONS)
    synchronise(arguments.device)
    return run


def obey(run: Runner, device: str, lines: TextIO, answers: TextIO) -> None:
    """Obeys "run N" and "quit" until the lines end."""
    for line in lines:
        if line.strip() == "quit":
            return
        iterations = int(line.removeprefix("run "))
        synchronise(device)
        start = time.perf_counter()
        result = run(iterations)
        synchronise(device)
        seconds = time.perf_counter() - start
        losses = result.discriminator_loss.item(), result.generator_loss.item()
        print(f"{seconds:.9f} {losses[0]:.6f} {losses[1]:.6f}", file=answers, flush=True)


def private_output() -> TextIO:
    """Standard output for the protocol alone: whatever else is printed goes to standard error."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return output


def parse_arguments() -> argparse.Namespace:
    parser = ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", required=True, help="a name that compare_peers --help lists")
    parser.add_argument("--networks", choices=NETWORKS, default=NETWORKS[0], help="the script's, or those of its dcgan.py")
    parser.add_argument("--game", choices=GAMES, default=GAMES[0], help="what is played")
    parser.add_argument("--data", type=Path, required=True, help="folder of IDX files")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--batch-size", type=int, default=64, help="images a batch")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch's operators")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    answers = private_output()
    try:
        run = prepare(arguments)
        introduced = json.dumps(introduction(arguments.device))
    except Exception as error:  # whatever PyTorch or its compiler raises is the reason
        print("unavailable", one_line(error), file=answers, flush=True)
        return
    print("ready", introduced, file=answers, flush=True)
    obey(run, arguments.device, sys.stdin, answers)


if __name__ == "__main__":
    main()
