"""Duel's side: given_steps runs on files, of which this module writes the one and reads the others. Needs NumPy."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional, Sequence

import numpy as np

from parity.batches import Inputs
from parity.judgement import Outcome
from parity.pictures import read_png
from safetensors_file import Arrays, read_safetensors, safetensors_bytes


class DuelRun(NamedTuple):
    """Files that given_steps has written. Iterations count from 1; 0 is the start."""

    folder: Path

    def stats(self) -> np.ndarray:
        """[iterations, 4]"""
        return read_safetensors(self.folder / "stats.safetensors")["iteration_stats"]

    def checkpoint(self, iteration: int) -> Arrays:
        state = read_safetensors(self.folder / f"after_{iteration}.safetensors")
        return {name: state[name] for name in state if name.startswith(("generator.", "discriminator."))}

    def outcome(self, first: int, iteration: int) -> Outcome:
        """Reports of the iterations first..iteration, and everything after the last one."""
        made = read_safetensors(self.folder / f"made_by_{iteration}.safetensors")
        return Outcome(self.stats()[first - 1 : iteration], {**self.checkpoint(iteration), **made})

    def picture(self, iteration: int) -> np.ndarray:
        return read_png(self.folder / f"made_by_{iteration}.png")


class Program(NamedTuple):
    """The built given_steps and what it is told in every run."""

    path: Path
    device: str
    threads: int
    preset: str
    game: Optional[str]  # None: the preset's
    settings: Dict[str, Any]  # of a configuration in JSON, where they are not those

    def run(self, step: str, weights: Arrays, inputs: Inputs, after: Sequence[int], folder: Path) -> DuelRun:
        """Trains on the inputs from the weights, in a new folder, and writes the states after those iterations.
        Raises RuntimeError where the program fails."""
        folder.mkdir(parents=True)
        given = folder / "given.safetensors"
        given.write_bytes(safetensors_bytes({**weights, **inputs._asdict()}))
        settings = json.dumps({**self.settings, "step": step})
        command = [str(self.path), str(given), str(folder), "--preset", self.preset, "--settings", settings]
        command += ["--game", self.game] if self.game else []
        command += ["--device", self.device, "--threads", str(self.threads)]
        command += ["--states-after", ",".join(map(str, after))]
        if subprocess.run(command, check=False).returncode != 0:
            raise RuntimeError("given_steps failed")
        given.unlink()
        return DuelRun(folder)
