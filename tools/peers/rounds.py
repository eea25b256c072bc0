"""Measures several programs in turn: who is next changes from round to round, and only one runs at a time."""

from __future__ import annotations

import math
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Callable, Sequence

from peers.child_process import Answer, ChildFailed, ChildProcess
from peers.figures import iterations_for, quartiles

CONTENDER_FACTOR = 1.25  # settings that came this near to the best are compared: other work may have disturbed them
HOPELESS_FACTOR = 2.0  # settings that calibration finds this much slower than the best are not tried further
MOST_CONTENDERS = 2  # settings of a peer in the comparison
LEAST_ROUNDS = 2
RUN_TIMEOUT = 120.0  # seconds for one run


@dataclass
class Side:
    """One of the programs to compare, and what was measured of it."""

    name: str  # "duel fused", or a peer's name
    setting: str  # threads and environment
    start: Callable[[], ChildProcess]
    child: ChildProcess | None = None
    reason: str = ""  # why it cannot be measured; empty if it can
    iterations: int = 0  # of a window
    calibrated_milliseconds: float = 0  # of an iteration, roughly
    trained: int = 0  # iterations since it was ready
    milliseconds: list[float] = field(default_factory=list)  # of an iteration, by round
    cpu_milliseconds: list[float] = field(default_factory=list)  # processor time of all threads
    trial_milliseconds: list[float] = field(default_factory=list)
    first_losses: tuple[float, float] | None = None  # discriminator, generator
    last_losses: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        return f"{self.name} ({self.setting})" if self.setting else self.name

    @property
    def is_usable(self) -> bool:
        return self.child is not None and not self.reason

    def fail(self, reason: str) -> None:
        """Drops its figures, keeps the reason, ends the program."""
        self.reason = reason
        self.milliseconds, self.cpu_milliseconds = [], []
        self.close()

    def close(self) -> None:
        if self.child is not None:
            self.child.close()
            self.child = None

    def run(self, iterations: int) -> Answer:
        """Raises ChildFailed also where a loss is not finite."""
        answer = self.child.run(iterations, RUN_TIMEOUT)
        self.trained += iterations
        losses = (answer.discriminator_loss, answer.generator_loss)
        if not all(map(math.isfinite, losses)):
            raise ChildFailed(f"its losses are not finite after {self.trained} iterations: {losses[0]} {losses[1]}")
        self.first_losses = self.first_losses or losses
        self.last_losses = losses
        return answer


def prepare(side: Side, timeout: float) -> None:
    """Starts the program and waits `timeout` seconds at most until it is ready; else notes the reason."""
    try:
        side.child = side.start()
        side.child.wait_until_ready(timeout)
    except ChildFailed as error:
        side.fail(str(error))


def prepare_all(sides: Sequence[Side], at_a_time: int, timeout: float) -> None:
    """Several at a time, because torch.compile takes long."""
    with ThreadPoolExecutor(max_workers=at_a_time) as pool:
        list(pool.map(lambda side: prepare(side, timeout), sides))


def calibrate(side: Side, window: float) -> None:
    """Finds how many iterations take `window` seconds."""
    iterations = 1
    side.run(iterations)
    answer = side.run(iterations)
    while answer.seconds < window / 4:
        iterations = min(4 * iterations, iterations_for(window, iterations, answer.seconds))
        answer = side.run(iterations)
    side.iterations = iterations_for(window, iterations, answer.seconds)
    side.calibrated_milliseconds = 1e3 * answer.seconds / iterations


def measure(side: Side, settle: float) -> tuple[float, float]:
    """Milliseconds an iteration, and of processor time, after a pause of `settle` seconds and a warm-up."""
    time.sleep(settle)
    side.run(max(1, side.iterations // 5))
    cpu_before = side.child.cpu_seconds()
    answer = side.run(side.iterations)
    cpu = side.child.cpu_seconds() - cpu_before
    return 1e3 * answer.seconds / side.iterations, 1e3 * cpu / side.iterations


def attempt(side: Side, action: Callable[[], None]) -> None:
    """Does something with a side that is still usable; notes the reason where it fails."""
    if side.is_usable:
        try:
            action()
        except ChildFailed as error:
            side.fail(str(error))


def keep_contenders(sides: Sequence[Side]) -> list[Side]:
    """Of each name the settings whose trials came near the best, and one that failed if all did. Closes the others."""
    kept: list[Side] = []
    for name in dict.fromkeys(side.name for side in sides):
        of_name = [side for side in sides if side.name == name]
        usable = [side for side in of_name if side.is_usable]
        ranked = sorted(usable, key=lambda side: quartiles(side.trial_milliseconds).median)
        limit = CONTENDER_FACTOR * quartiles(ranked[0].trial_milliseconds).median if ranked else 0
        near = [side for side in ranked[:MOST_CONTENDERS] if quartiles(side.trial_milliseconds).median <= limit]
        kept += near or of_name[:1]
        for side in usable:
            if side not in near:
                side.close()
    return kept


def try_settings(sides: Sequence[Side], window: float, settle: float, rounds: int) -> list[Side]:
    """Calibrates every side; where a name has several settings, a few short windows tell which ones to compare."""
    for side in sides:
        attempt(side, lambda side=side: calibrate(side, window))
    for name in dict.fromkeys(side.name for side in sides):
        usable = [side for side in sides if side.name == name and side.is_usable]
        limit = HOPELESS_FACTOR * min((side.calibrated_milliseconds for side in usable), default=0)
        for side in usable:
            side.trial_milliseconds.append(side.calibrated_milliseconds)
        hopeful = [side for side in usable if side.calibrated_milliseconds <= limit]
        for _ in range(rounds if len(hopeful) > 1 else 0):
            for side in hopeful:
                attempt(side, lambda side=side: side.trial_milliseconds.append(measure(side, settle)[0]))
    return keep_contenders(sides)


def run_rounds(sides: Sequence[Side], rounds: int, settle: float, deadline: float, seed: int) -> int:
    """Every usable side once a round, in random order. Stops early at `deadline` (time.monotonic()).

    Returns the rounds done. A side that fails in a round loses its figures.
    """
    order = [side for side in sides if side.is_usable]
    randomness = random.Random(seed)
    for done in range(rounds):
        if done >= LEAST_ROUNDS and time.monotonic() > deadline:
            return done
        randomness.shuffle(order)
        for side in order:

            def measure_once(side: Side = side) -> None:
                milliseconds, cpu_milliseconds = measure(side, settle)
                side.milliseconds.append(milliseconds)
                side.cpu_milliseconds.append(cpu_milliseconds)

            attempt(side, measure_once)
    return rounds


def fastest_of_each(sides: Sequence[Side]) -> list[Side]:
    """Of each name the setting that counts: the fastest measured, or one that failed where all did."""
    best: list[Side] = []
    for name in dict.fromkeys(side.name for side in sides):
        of_name = [side for side in sides if side.name == name]
        measured = [side for side in of_name if side.milliseconds]
        best.append(min(measured, key=lambda side: quartiles(side.milliseconds).median) if measured else of_name[0])
    return best
