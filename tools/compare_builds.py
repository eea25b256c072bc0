#!/usr/bin/env python3
"""Trains with two builds of mnist_gan and compares the checkpoints, tensor by tensor and bit by bit.

For a change that must not change results: OLD is the program of the commit before it, NEW that of the change, built by
the same compiler. Both train from the same seed with the settings of each line of CASES. Exit codes: 0 all tensors are
equal, 1 some are not, or a training failed, 2 usage, 6 the disk.

  tools/compare_builds.py [--data DIR] [--case NAME]... OLD NEW
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from command_line import ArgumentParser
from outputs import run_tool

if TYPE_CHECKING:
    from safetensors_file import Arrays

# Name: settings. Small batches and networks train long, large ones a few iterations.
CASES = {
    "blog": ["--preset", "blog", "--max-iterations", "400"],
    "default": ["--max-iterations", "400"],
    "discriminator_first": ["--order", "discriminator_first", "--max-iterations", "100"],
    "simultaneous": ["--order", "simultaneous", "--max-iterations", "100"],
    "three_steps": ["--discriminator-steps", "3", "--max-iterations", "50"],
    "three_steps_first": ["--discriminator-steps", "3", "--order", "discriminator_first", "--max-iterations", "50"],
    "minimax": ["--preset", "blog", "--generator-loss", "minimax", "--max-iterations", "100"],
    "clamped": ["--bce", "clamped_probability", "--max-iterations", "100"],
    "no_batch_norm": ["--generator-norm", "none", "--max-iterations", "100"],
    "deep": ["--generator-widths", "48,64,80,96,112,128", "--discriminator-widths", "96,64,48,32", "--max-iterations", "100"],
    "shallow": ["--generator-widths", "64", "--discriminator-widths", "64", "--max-iterations", "100"],
    "odd_batch": ["--batch-size", "63", "--max-iterations", "100"],
    "large_batch": ["--batch-size", "1000", "--max-iterations", "20"],
    "last_batch": ["--train-images", "200", "--max-iterations", "50"],
    "plain": ["--step", "plain", "--max-iterations", "100"],
    "paper": ["--preset", "paper", "--step", "plain", "--max-iterations", "20"],
}


def train(program: Path, settings: list[str], data: list[str], folder: Path) -> Arrays:
    """The tensors of the last checkpoint. Raises CalledProcessError where training fails."""
    from safetensors_file import read_safetensors  # needs NumPy, which --help does not

    command = [program, "train", "--quiet", "--no-tuned-kernels", "--seed", "5", "--watch-interval", "0", "--outdir", folder]
    subprocess.run([*command, "--sample-interval", "1000000", *settings, *data], check=True, stdout=subprocess.DEVNULL)
    return read_safetensors(max(folder.glob("*/checkpoints/*.safetensors")))


def differences(old: Arrays, new: Arrays) -> list[str]:
    """A line for each tensor that is not the same."""
    lines = [f"{name} is in one of them only" for name in sorted(old.keys() ^ new.keys())]
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name], new[name]
        if before.tobytes() == after.tobytes():
            continue
        if before.shape != after.shape:
            lines.append(f"{name} is {list(before.shape)} and {list(after.shape)}")
        else:
            lines.append(f"{name} differs by up to {abs(before - after).max():.3g}")
    return lines


def main() -> int:
    parser = ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, metavar="OLD", help="mnist_gan of the commit before")
    parser.add_argument("new", type=Path, metavar="NEW", help="mnist_gan of the change")
    parser.add_argument("--data", type=Path, help="folder with the MNIST files")
    parser.add_argument("--case", action="append", choices=CASES, help="only this one; may be repeated")
    arguments = parser.parse_args()
    for program in (arguments.old, arguments.new):
        if not program.is_file():
            parser.error(f"{program}: expected a program, found none")
    data = ["--data", str(arguments.data)] if arguments.data else []
    failed = False
    for case in arguments.case or CASES:
        with tempfile.TemporaryDirectory(prefix="duel-builds-") as folder:
            both = [train(p, CASES[case], data, Path(folder) / n) for p, n in ((arguments.old, "old"), (arguments.new, "new"))]
        lines = differences(*both)
        print(f"{case:20} {'equal' if not lines else 'DIFFERENT'}, {len(both[0])} tensors", flush=True)
        for line in lines[:5]:
            print(f"  {line}")
        failed = failed or bool(lines)
    return 1 if failed else 0


if __name__ == "__main__":
    run_tool("compare_builds", main, (OSError, KeyError, subprocess.CalledProcessError))
