#!/usr/bin/python3
"""Example: tools/compare_pytorch.py --build build/cpu --batch-sizes 64 1024 --json times.json

Measures the time of one training iteration of Duel and of PyTorch's own loop (the published script's step) in turn, on
the same processor cores. PyTorch's images lie in memory as normalised floats: no data loader slows it down. PyTorch
first runs with several settings (threads, OpenBLAS kernels); the fastest ones are compared, the best counts. Ratios
above 1 mean that Duel is faster. Other work on the machine disturbs the times: repeat the comparison, and look at the
spread and at the processor time.

Exit codes: 0 done, 1 failed, 77 skipped because PyTorch is not installed for this Python.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Tuple

SKIPPED = 77
TOOLS = Path(__file__).resolve().parent
SETTLE_SECONDS = 0.1  # until the helper threads of the side that ran last have gone to sleep
WARM_UP_ITERATIONS = 3  # before every measurement, untimed: caches and clock frequency
TRIAL_ROUNDS = 3  # measurements of each of PyTorch's settings, to see which ones can be the fastest
CONTENDER_FACTOR = 1.4


class Setting(NamedTuple):
    """How PyTorch is run."""

    threads: int
    environment: Tuple[Tuple[str, str], ...]

    def __str__(self) -> str:
        words = [f"{self.threads} thread" + ("s" if self.threads > 1 else "")]
        return ", ".join(words + [f"{name}={value}" for name, value in self.environment])


class Measurement(NamedTuple):
    """Of one iteration."""

    milliseconds: float
    cpu_milliseconds: float  # of all threads together; the system counts in steps of about 10 ms


class Side:
    """A process that says "ready ..." and then obeys "run N" with "SECONDS DISCRIMINATOR_LOSS GENERATOR_LOSS"."""

    def __init__(self, name: str, command: List[str], environment: Dict[str, str]):
        self.name = name
        self.losses = ""
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        self.introduction = self._answer().partition(" ")[2]

    def _answer(self) -> str:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended early with exit code {self.process.wait()}")
        return line.strip()

    def run(self, iterations: int) -> float:
        """Seconds that so many iterations took."""
        self.process.stdin.write(f"run {iterations}\n")
        self.process.stdin.flush()
        seconds, _, self.losses = self._answer().partition(" ")
        return float(seconds)

    def cpu_seconds(self) -> float:
        """Processor time that all its threads have used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime

    def measure(self, iterations: int) -> Measurement:
        """The time of an iteration, after a pause and a short warm-up."""
        time.sleep(SETTLE_SECONDS)
        self.run(WARM_UP_ITERATIONS)
        cpu_before = self.cpu_seconds()
        seconds = self.run(iterations)
        return Measurement(1e3 * seconds / iterations, 1e3 * (self.cpu_seconds() - cpu_before) / iterations)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def start_duel(arguments: argparse.Namespace, batch_size: int, threads: int) -> Side:
    program = arguments.build / "tools" / "iteration_time"
    if not program.exists():
        raise RuntimeError(f"{program} is missing; build it, or name the build folder with --build")
    command = [str(program), "--batch-size", str(batch_size), "--threads", str(threads)]
    return Side("iteration_time", command + (["--data", str(arguments.data)] if arguments.data else []), {})


def start_pytorch(setting: Setting, batch_size: int, data: str, read_losses: bool) -> Side:
    threads = str(setting.threads)
    command = [sys.executable, str(TOOLS / "published_gan.py"), "--threads", threads]
    command += ["--batch-size", str(batch_size), "--data", data] + ([] if read_losses else ["--no-item"])
    # Threads that wait actively would take the cores from the other side.
    waiting = {"OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive")}
    numbers = {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    return Side(f"PyTorch ({setting})", command, {**waiting, **numbers, **dict(setting.environment)})


def processor() -> Dict[str, str]:
    """What the system tells about its first core."""
    with contextlib.suppress(OSError):
        core = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
        return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in core.splitlines())}
    return {}


def pytorch_settings(arguments: argparse.Namespace, cores: int) -> List[Setting]:
    """The environment as it is and every one to try, each with one thread and with all cores."""
    environments = [tuple(tuple(pair.split("=", 1)) for pair in text.split(",")) for text in arguments.try_env or []]
    if not environments and "OPENBLAS_CORETYPE" not in os.environ:
        # OpenBLAS takes its slowest kernels on a processor that is newer than itself.
        flags = processor().get("flags", "").split()
        kernels = "SkylakeX" if "avx512dq" in flags else "Haswell" if "avx2" in flags else ""
        environments = [(("OPENBLAS_CORETYPE", kernels),)] if kernels else []
    return [Setting(threads, environment) for environment in [(), *environments] for threads in sorted({1, cores})]


def try_settings(sides: Dict[Setting, Side], iterations: int) -> Dict[Setting, float]:
    """Median milliseconds an iteration of each of PyTorch's settings, measured in turn."""
    rounds = [{setting: side.measure(iterations) for setting, side in sides.items()} for _ in range(TRIAL_ROUNDS)]
    return {setting: statistics.median(times[setting].milliseconds for times in rounds) for setting in sides}


def contenders(trials: Dict[Setting, float]) -> List[Setting]:
    """The settings whose trials came near the best: other work on the machine may have disturbed them."""
    limit = CONTENDER_FACTOR * min(trials.values())
    return [setting for setting, milliseconds in trials.items() if milliseconds <= limit]


def measure_in_turn(sides: Dict[str, Side], rounds: int, iterations: int) -> Dict[str, List[Measurement]]:
    """Every side in every round; who is first changes from round to round."""
    times: Dict[str, List[Measurement]] = {name: [] for name in sides}
    names = list(sides)
    for i in range(rounds):
        first = i % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(sides[name].measure(iterations))
    return times


def measure_batch_size(arguments: argparse.Namespace, batch_size: int, cores: int) -> Dict[str, Any]:
    """Everything measured at one batch size, fit for JSON."""
    iterations = max(10, arguments.iterations * 64 // batch_size) if batch_size > 64 else arguments.iterations
    with contextlib.ExitStack() as stack:

        def started(side: Side) -> Side:
            stack.callback(side.close)
            return side

        duel = started(start_duel(arguments, batch_size, cores))
        data = duel.introduction.split(" ", 1)[1]
        sides = {
            setting: started(start_pytorch(setting, batch_size, data, not arguments.no_item))
            for setting in pytorch_settings(arguments, cores)
        }
        trials = try_settings(sides, max(5, iterations // 4))
        compared = {"Duel": duel, **{str(setting): sides[setting] for setting in contenders(trials)}}
        measured = measure_in_turn(compared, arguments.rounds, iterations)
        times = {name: [each.milliseconds for each in all_of_it] for name, all_of_it in measured.items()}
        best = min(contenders(trials), key=lambda setting: statistics.median(times[str(setting)]))
        return {
            "batch_size": batch_size,
            "iterations_per_measurement": iterations,
            "milliseconds": times,
            "cpu_milliseconds": {n: [each.cpu_milliseconds for each in m] for n, m in measured.items()},
            "ratios": [peer / own for own, peer in zip(times["Duel"], times[str(best)])],
            "pytorch_trials": {str(setting): trials[setting] for setting in trials},
            "pytorch_setting": str(best),
            "pytorch": json.loads(sides[best].introduction),
            "openblas_kernels": {str(s): json.loads(p.introduction)["openblas_kernels"] for s, p in sides.items()},
            "last_losses": {"Duel": duel.losses, "PyTorch": sides[best].losses},
        }


def quartiles(values: List[float]) -> Tuple[float, float, float]:
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def describe_settings(result: Dict[str, Any]) -> str:
    lines = [f"batch {result['batch_size']}: PyTorch's settings, median ms an iteration of {TRIAL_ROUNDS} short trials"]
    lines[0] += " and of the comparison"
    for setting, milliseconds in result["pytorch_trials"].items():
        kernels = result["openblas_kernels"][setting]
        times = result["milliseconds"].get(setting)
        compared = f"{statistics.median(times):9.2f}" if times else " " * 9
        mark = "  <- fastest" if setting == result["pytorch_setting"] else ""
        name = setting + (f" (OpenBLAS {kernels} kernels)" if kernels else "")
        lines.append(f"  {milliseconds:9.2f} {compared}  {name}{mark}")
    losses = result["last_losses"]
    lines.append(f"  last losses (discriminator, generator): Duel {losses['Duel']}, PyTorch {losses['PyTorch']}")
    return "\n".join(lines)


def describe_comparison(results: List[Dict[str, Any]]) -> str:
    lines = ["ms an iteration: median [quartiles], median of the processor time of all threads together"]
    lines.append("PyTorch/Duel: median (least to greatest) of the rounds' ratios")
    lines.append(f"{'batch':>6}  {'Duel':^25} {'CPU':>8}  {'PyTorch, fastest setting':^25} {'CPU':>8}  PyTorch/Duel")
    for result in results:
        cells = []
        for name in ("Duel", result["pytorch_setting"]):
            low, middle, high = quartiles(result["milliseconds"][name])
            cpu = statistics.median(result["cpu_milliseconds"][name])
            cells.append(f"{middle:8.2f} [{low:.2f}, {high:.2f}]".ljust(25) + f" {cpu:8.2f}")
        ratios = result["ratios"]
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        lines.append(f"{result['batch_size']:>6}  {cells[0]}  {cells[1]}  {ratio}")
    return "\n".join(lines)


def choose_cores(text: str) -> List[int]:
    """Pins this process, and so everything it starts, to the cores of a list such as "0,1"; all where it is empty."""
    if text:
        os.sched_setaffinity(0, {int(core) for core in text.split(",")})
    return sorted(os.sched_getaffinity(0))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", type=Path, default=TOOLS.parent / "build" / "cpu", help="build folder of Duel")
    parser.add_argument("--data", type=Path, help="folder of IDX files (default: where mnist_gan looks)")
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[64, 256, 1024], metavar="N")
    parser.add_argument("--rounds", type=int, default=10, help="measurements of each side (default %(default)s)")
    parser.add_argument(
        "--iterations",
        type=int,
        default=40,
        help="iterations of a measurement up to batch 64, proportionally fewer above (default %(default)s)",
    )
    parser.add_argument("--cores", default="", metavar="LIST", help="cores to use, such as 0,1 (default: all)")
    parser.add_argument(
        "--try-env",
        action="append",
        metavar="NAME=VALUE[,NAME=VALUE]",
        help="also try PyTorch with these variables; may be repeated (default: OpenBLAS's kernels for this processor's "
        "vector unit, unless OPENBLAS_CORETYPE is set)",
    )
    parser.add_argument("--no-item", action="store_true", help="PyTorch does not read both losses every iteration")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured")
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    if importlib.util.find_spec("torch") is None:
        print(f"skipped: PyTorch is not installed for {sys.executable}")
        return SKIPPED
    cores = choose_cores(arguments.cores)
    load_before = os.getloadavg()
    results = []
    for batch_size in arguments.batch_sizes:
        results.append(measure_batch_size(arguments, batch_size, len(cores)))
        print(describe_settings(results[-1]) + "\n", flush=True)
    report = {
        "processor": processor().get("model name", "unknown"),
        "cores": cores,
        "load_before": load_before,
        "load_after": os.getloadavg(),
        "results": results,
    }
    peer = results[0]["pytorch"]
    print(f"{report['processor']}, cores {cores}; PyTorch {peer['pytorch']}, Python {peer['python']}")
    print("load average {:.1f} before, {:.1f} after\n".format(load_before[0], report["load_after"][0]))
    print(describe_comparison(results))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, OSError, ValueError) as error:
        sys.exit(f"compare_pytorch.py: {error}")
