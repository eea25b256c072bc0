#!/usr/bin/env python3
"""Kills trainings at random moments, resumes them, and compares what is left with a training that nobody killed.

    kill_and_resume.py build/cpu/apps/mnist_gan/mnist_gan --kills 40

Every file of the run folders must be the same, but for what tells of time. Exit code 0 where it is.
"""

import argparse
import pathlib
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

IMAGES, SIDE = 4000, 8
SMALL = ["--image-size", "8", "--latent-dim", "4", "--generator-widths", "16,16", "--discriminator-widths", "16"]
OFTEN = ["--sample-interval", "400", "--watch-interval", "300", "--log-interval", "7", "--checkpoint-seconds", "0.05"]
SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


def write_images(folder, source):
    pixels = bytes(source.randrange(256) for _ in range(IMAGES * SIDE * SIDE))
    header = struct.pack(">4B3I", 0, 0, 8, 3, IMAGES, SIDE, SIDE)
    (folder / "train-images-idx3-ubyte").write_bytes(header + pixels)


def content(run):
    """What must be equal of each file, by name."""
    files = {}
    for file in sorted(run.rglob("*")):
        name = str(file.relative_to(run))
        if file.is_dir() or name in ("log.txt", "report.html", "outcome.json"):
            continue
        data = file.read_bytes()
        if name == "stats.jsonl":
            data = re.sub(rb',"seconds":[^}]*', b"", data)
        if name == "config.toml":
            data = re.sub(rb"(outdir|threads) = [^\n]*\n", b"", data)
        files[name] = data
    return files


def one_round(binary, folder, options, kills, source):
    """Returns how often a process was ended, and the files that differ."""
    command = [binary, "train", "--quiet", "--data", str(folder), *SMALL, *OFTEN, *options]
    whole, killed = folder / "whole", folder / "killed"
    subprocess.run([*command, "--outdir", whole], check=True, stdout=subprocess.DEVNULL)
    ended = refused = 0
    while True:
        runs = sorted(killed.glob("*-*")) if killed.exists() else []
        resumable = runs and any((runs[-1] / "checkpoints").glob("0*.safetensors"))
        if runs and not resumable:
            shutil.rmtree(killed)  # ended before its first checkpoint
        threads = str(source.randrange(1, 4))
        start = ["--resume", "latest"] if resumable else []
        process = subprocess.Popen([*command, *start, "--threads", threads, "--outdir", killed],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            _, error = process.communicate(timeout=source.uniform(0.02, 0.6) if ended < kills else None)
        except subprocess.TimeoutExpired:
            process.send_signal(source.choice(SIGNALS))
            process.communicate()
            ended += 1
            continue
        if process.returncode != 0:
            sys.exit(f"a resumed training ended with {process.returncode}: {error.decode()}")
        break
    left, right = content(next(whole.glob("*-*"))), content(next(killed.glob("*-*")))
    different = sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
    # Which checkpoints there are depends on time; the last one must be the same.
    last = max(name for name in left if re.match(r"checkpoints/\d+", name))
    different = [name for name in different if not re.match(r"checkpoints/\d+", name) or name == last]
    shutil.rmtree(whole)
    shutil.rmtree(killed)
    return ended, different


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", help="mnist_gan")
    parser.add_argument("--kills", type=int, default=40, help="processes to end in each round")
    parser.add_argument("--epochs", type=int, default=200, help="of 63 iterations")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = random.randrange(10**6) if arguments.seed is None else arguments.seed
    source = random.Random(seed)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write_images(folder, source)
        for options in (["--preset", "default"], ["--preset", "blog"], ["--step", "plain"]):
            ended, different = one_round(arguments.binary, folder, [*options, "--epochs", str(arguments.epochs)],
                                         arguments.kills, source)
            print(f"seed {seed}, {' '.join(options)}: {ended} ended, different: {', '.join(different) or 'nothing'}",
                  flush=True)
            if different:
                sys.exit(1)
    print(f"all equal, {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
