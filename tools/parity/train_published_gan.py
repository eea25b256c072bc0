#!/usr/bin/env python3
"""Example: tools/parity/train_published_gan.py --data FOLDER_OF_MNIST --epochs 20 --out script_seed0.safetensors

Trains the published script's GAN with PyTorch alone and writes both networks under PyTorch's names, with "generator."
and "discriminator." before them: what `mnist_gan evaluate --checkpoint` measures beside Duel's own runs.
Beside it, FILE.jsonl: mean losses, D(x) and D(G(z)) of every epoch.

Exit codes: 0 done, 1 failed, 2 usage, 6 a file cannot be written, 77 skipped because PyTorch is not installed for this Python.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # no module of this folder hides one that PyTorch imports

from command_line import ArgumentParser  # noqa: E402
from outputs import OutputFile, before_pytorch, data_files, run_tool  # noqa: E402


def parse_arguments() -> argparse.Namespace:
    parser = ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of IDX files")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    arguments = parser.parse_args()
    if arguments.out.suffix == ".jsonl":
        parser.error("--out: expected another ending than .jsonl, which the file of epochs beside it has")
    return arguments


ARGUMENTS = before_pytorch("train_published_gan", parse_arguments)

import torch  # noqa: E402

from mlp_networks import LATENT_DIM  # noqa: E402
from published_gan import PublishedGan, normalised, read_training_images  # noqa: E402
from safetensors_file import safetensors_bytes  # noqa: E402


def main() -> None:
    arguments = ARGUMENTS
    output = OutputFile("--out", arguments.out, data_files(arguments.data))
    epochs = arguments.out.with_suffix(".jsonl")
    OutputFile("--out", epochs, data_files(arguments.data), '{"epoch":')
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    images = torch.from_numpy(normalised(read_training_images(arguments.data)))
    gan = PublishedGan()
    start = time.monotonic()
    with epochs.open("w", encoding="utf-8") as log:
        for epoch in range(1, arguments.epochs + 1):
            sums = torch.zeros(4)
            batches = torch.randperm(len(images)).split(arguments.batch_size)
            for chosen in batches:
                results = gan.step(torch.randn(len(chosen), LATENT_DIM), images[chosen])
                sums += torch.stack([result.detach().mean() for result in results])
            names = ("d_loss", "g_loss", "d_real", "d_fake")
            means = dict(zip(names, (sums / len(batches)).tolist()))
            line = {"epoch": epoch, **means, "seconds": round(time.monotonic() - start, 1)}
            print(json.dumps(line), file=log, flush=True)
    state = {}
    for player, network in (("generator", gan.generator), ("discriminator", gan.discriminator)):
        state.update({f"{player}.{name}": tensor.numpy() for name, tensor in network.state_dict().items()})
    output.write(safetensors_bytes(state))


if __name__ == "__main__":
    run_tool("train_published_gan", main, (OSError, ValueError))
