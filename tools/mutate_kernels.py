#!/usr/bin/env python3
"""Example: tools/mutate_kernels.py --scratch /tmp/mutants --checked

Mutation testing: makes small mechanical changes to the kernels' sources, one at a time, and sees whether the tests
notice. The working tree is only read: sources are copied to the scratch folder, built there once for the CPU device,
and for each mutant only the objects that include the changed file are compiled again, linked before the others, and run
with the tests of the ops that they belong to. Mutants that do not compile, or whose objects are the same to the last
bit, do not count; others are drawn in their place. Files get mutants in proportion to their lines of code.

Results are in SCRATCH/results.jsonl, one mutant a line; --resume goes on from there, where the files are the same.
docs/mutation-testing.md explains more. Exit codes: 0 done, 1 failed,
2 usage, 6 a file or standard output cannot be written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from command_line import ArgumentParser
from kernel_mutants import Mutant, code_lines, mutants_of
from outputs import run_tool, write_whole

ROOT = Path(__file__).resolve().parent.parent
COPIED = ["CMakeLists.txt", "app", "apps", "cmake", "engine", "examples", "files", "kernels", "python", "tests", "tools"]
MUTATED = ["kernels/**/*.cu", "kernels/**/*.cuh", "kernels/device/pack.h", "kernels/activations/*.h", "kernels/convolution/geometry.h",
           "kernels/losses/*.h", "kernels/optimizers/*.h", "kernels/penalties/*.h"]
# Test programs, and the kernels that each runs. The order is that in which they are tried.
PROGRAMS = {
    "test_optimizers": ["ops/advance_optimizer/", "ops/flat_update/", "optimizers/"],
    "test_batch_inputs": ["ops/batch_inputs/", "ops/class_rows/"],
    "test_batch_norm": ["ops/batch_norm/", "ops/batch_norm_gradient/", "ops/label_embedding/", "ops/spectral_norm/"],
    "test_convolution": ["convolution/", "ops/convolution/", "ops/convolution_input_gradient/",
                         "ops/convolution_weight_gradient/"],
    "test_dropout": ["ops/dropout/"],
    "test_gradient_penalty": ["ops/gradient_penalty/", "penalties/"],
    "test_maxout": ["ops/maxout/", "ops/dropout/"],
    "test_distances": ["ops/count_in_rows/", "ops/log_sum_exp_rows/", "ops/smallest_in_rows/", "ops/squared_distances/"],
    "test_end_iteration": ["ops/end_iteration/"],
    "test_latent_normal": ["ops/latent_normal/"],
    "test_latent_uniform": ["ops/latent_uniform/"],
    "test_moving_average": ["ops/moving_average/"],
    "test_softmax_cross_entropy": ["ops/softmax_cross_entropy/"],
    "test_transpose": ["ops/transpose/"],
    "test_library_variants": ["libraries/"],
    "test_level_ops": ["levels/", "libraries/", "ops/linear_forward/", "ops/input_gradient/", "ops/discriminator_head/", "ops/batch_inputs/",
                       "ops/linear_tangent/", "ops/mean_losses/", "ops/scale_columns/", "ops/weight_gradient/"],
}
COUNTED = ("killed", "survived")
# Of a test program: processor time, so that a busy machine kills no mutant, and wall time, as a deadlock uses no processor.
LEAST_CPU_SECONDS, CPU_TIMES_AS_LONG = 60, 3
WALL_SECONDS = 1800
# Takes half an hour on the checked device, and has the same edges as smaller tests.
LEFT_OUT_CHECKED = ("~*the shapes of training*", "~*every schedule*")


class Failure(Exception):
    pass


def run(command: list[str], folder: Path, wall: float | None = None,
        cpu: int | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a command for at most so many seconds; where there is a limit of processor time, without dumping core."""
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return subprocess.run(command, cwd=folder, timeout=wall, text=True, errors="replace", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, preexec_fn=limit if cpu else None)


def copy_sources(source: Path) -> None:
    """Makes `source` hold the same files as the working tree; files that are the same keep their times."""
    wanted = {path.relative_to(ROOT) for name in COPIED for path in
              ([ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*"))
              if path.is_file() and "__pycache__" not in path.parts}
    for path in source.rglob("*"):
        if path.is_file() and path.relative_to(source) not in wanted:
            path.unlink()
    for name in wanted:
        content, copy = (ROOT / name).read_bytes(), source / name
        if not copy.is_file() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
            copy.chmod((ROOT / name).stat().st_mode)


@dataclass
class Outcome:
    status: str  # killed, survived, invalid (does not compile) or equivalent (the same objects)
    by: str = ""


@dataclass
class Build:
    """One configuration of the copied sources, and how to build parts of it with a mutant."""

    source: Path
    folder: Path
    options: list[str]
    left_out: tuple[str, ...] = ()  # of the test programs
    dependencies: dict[str, set[str]] = field(default_factory=dict)  # of each object, files below `source`
    compile_commands: dict[str, list[str]] = field(default_factory=dict)
    link_commands: dict[str, list[str]] = field(default_factory=dict)

    def prepare(self) -> None:
        configure = ["cmake", "-S", str(self.source), "-B", str(self.folder), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                     "-DDUEL_DEVICE=cpu", "-DDUEL_WARNINGS_AS_ERRORS=OFF", *self.options]
        for command in (configure, ["ninja", "-C", str(self.folder), "-j1", *PROGRAMS]):
            result = run(command, self.source)
            if result.returncode != 0:
                raise Failure(f"{shlex.join(command)} failed:\n{result.stdout[-4000:]}")
        self.read_dependencies()
        for entry in json.loads((self.folder / "compile_commands.json").read_text()):
            command = shlex.split(entry["command"])
            if "-o" in command:
                self.compile_commands[command[command.index("-o") + 1]] = command
        for program in PROGRAMS:
            last = run(["ninja", "-t", "commands", f"tests/{program}"], self.folder).stdout.strip().split("\n")[-1]
            self.link_commands[program] = shlex.split(last.split(" && ")[1])

    def read_dependencies(self) -> None:
        prefix, current = str(self.source) + "/", ""
        for line in run(["ninja", "-t", "deps"], self.folder).stdout.split("\n"):
            if line and not line[0].isspace():
                current = line.split(":")[0]
                self.dependencies[current] = set()
            elif line.strip().startswith(prefix):
                self.dependencies[current].add(line.strip()[len(prefix):])

    def objects(self, program: str, path: str) -> list[str]:
        """The objects of the program that depend on the file; none where no kernel among them does."""
        kernels = tuple(f"kernels/CMakeFiles/duel_kernels.dir/{name}" for name in PROGRAMS[program])
        test = f"tests/kernels/CMakeFiles/{program}.dir/"
        depending = sorted(name for name, files in self.dependencies.items() if path in files)
        if not any(name.startswith(kernels) and name.endswith(".cu.o") for name in depending):
            return []
        host = ("kernels/CMakeFiles/duel_verify.dir/", test)
        return [name for name in depending if name.startswith(kernels + host)]

    def programs(self, path: str) -> list[str]:
        return [program for program in PROGRAMS if self.objects(program, path)]

    def compile(self, name: str, folder: Path) -> bool | None:
        """Compiles an object into `folder`. None: it does not compile. Else whether it differs from the usual one."""
        output = folder / name
        output.parent.mkdir(parents=True, exist_ok=True)
        command = list(self.compile_commands[name])
        command[command.index("-o") + 1] = str(output)
        if run(command, self.folder).returncode != 0:
            return None
        return output.read_bytes() != (self.folder / name).read_bytes()

    def link(self, program: str, changed: list[str], folder: Path) -> Path:
        """Changed objects come first, so that the linker takes nothing of theirs from the libraries."""
        output = folder / program
        command = [str(folder / word) if word in changed else word for word in self.link_commands[program]]
        command[command.index("-o") + 1] = str(output)
        of_libraries = [str(folder / name) for name in changed if str(folder / name) not in command]
        result = run(command[:1] + of_libraries + command[1:], self.folder)
        if result.returncode != 0:
            raise Failure(f"linking {program} failed:\n{result.stdout[-4000:]}")
        return output

    def processor_limit(self, program: str) -> int:
        """Seconds of processor time that a mutant may take: a multiple of what the tests need without one, which must
        pass."""
        binary, passed = self.folder / "tests" / program, self.folder / f"{program}.passed"
        if not passed.exists() or passed.stat().st_mtime <= binary.stat().st_mtime or not passed.read_text():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            result = run([str(binary), *self.left_out], self.folder)
            if result.returncode != 0:
                raise Failure(f"{program} fails without any mutant:\n{result.stdout[-4000:]}")
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            passed.write_text(str(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime))
        return max(LEAST_CPU_SECONDS, int(CPU_TIMES_AS_LONG * float(passed.read_text())))

    def try_tests(self, program: str, binary: Path) -> str:
        """What kills the mutant, or nothing."""
        limit = self.processor_limit(program)
        try:
            result = run([str(binary), "--abort", *self.left_out], self.folder, WALL_SECONDS, limit)
        except subprocess.TimeoutExpired:
            return "timeout"
        if result.returncode == 0:
            return ""
        if result.returncode == -signal.SIGXCPU:
            return "timeout"
        title = re.search(r"^-{70,}\n(.+?)\n(?:-{70,}|  )", result.stdout, re.M)
        return f"{program}: {title.group(1).strip() if title else 'exit code ' + str(result.returncode)}"

    def judge(self, mutant: Mutant) -> Outcome:
        file = self.source / mutant.path
        text = file.read_text()
        mutant_folder = self.folder / "mutant"
        differs: dict[str, bool] = {}
        try:
            file.write_text(mutant.applied(text))
            for program in self.programs(mutant.path):
                for name in self.objects(program, mutant.path):
                    if name not in differs:
                        result = self.compile(name, mutant_folder)
                        if result is None:
                            return Outcome("invalid")
                        differs[name] = result
                changed = [name for name in self.objects(program, mutant.path) if differs[name]]
                if changed:
                    killer = self.try_tests(program, self.link(program, changed, mutant_folder))
                    if killer:
                        return Outcome("killed", killer)
        finally:
            file.write_text(text)
        return Outcome("survived" if any(differs.values()) else "equivalent")


def shares(total: int, lines: dict[str, int]) -> dict[str, int]:
    """`total` split in proportion to `lines`, by largest remainders."""
    exact = {path: total * count / sum(lines.values()) for path, count in lines.items()}
    result = {path: int(share) for path, share in exact.items()}
    by_remainder = sorted(exact, key=lambda path: (result[path] - exact[path], path))
    for path in by_remainder[:total - sum(result.values())]:
        result[path] += 1
    return result


def described(record: dict) -> str:
    before, after = (" ".join(record[key].split()) for key in ("before", "after"))
    text = f"{record['path']}:{record['line']}: {record['operator']}: {before} -> {after}"
    return f"{text}: {record['status']}{' by ' + record['by'] if record['by'] else ''}"


class Run:
    def __init__(self, arguments: argparse.Namespace):
        self.arguments = arguments
        scratch = arguments.scratch.resolve()
        if ROOT == scratch or ROOT in scratch.parents:
            raise Failure(f"--scratch is {scratch}, inside the working tree; name a folder outside")
        self.source, self.results = scratch / "source", scratch / "results.jsonl"
        options = shlex.split(os.environ.get("DUEL_CMAKE_ARGUMENTS", ""))
        self.plain = Build(self.source, scratch / "plain", options)
        self.checked = Build(self.source, scratch / "checked", [*options, "-DDUEL_CHECKED=ON", "-DDUEL_CPU_ARCH=x86-64-v2"],
                             LEFT_OUT_CHECKED)
        self.records: list[dict] = []

    def prepare(self) -> None:
        mark = self.source.parent / ".mutate_kernels"  # what is here is ours to remove
        self.source.parent.mkdir(parents=True, exist_ok=True)
        if not mark.exists() and any(self.source.parent.iterdir()):
            raise Failure(f"--scratch is {mark.parent}, which holds files of others; name a new or empty folder")
        mark.touch()
        self.source.mkdir(exist_ok=True)
        if not self.arguments.keep_copy:
            copy_sources(self.source)
        self.plain.prepare()
        if self.arguments.checked:
            self.checked.prepare()
        texts = {str(path.relative_to(self.source)): path.read_text() for pattern in MUTATED
                 for path in sorted(self.source.glob(pattern))}
        self.texts = {path: text for path, text in texts.items()
                      if self.arguments.only in path and self.plain.programs(path)}
        self.hashes = {path: hashlib.sha256(text.encode()).hexdigest()[:12] for path, text in self.texts.items()}
        self.queues = {path: mutants_of(path, text, self.arguments.seed) for path, text in self.texts.items()}
        lines = {path: code_lines(text) for path, text in self.texts.items() if self.queues[path]}
        if not lines:
            raise Failure(f"no kernel source that is compiled here has '{self.arguments.only}' in its name")
        self.shares = shares(self.arguments.count, lines)

    def load(self) -> None:
        if not self.arguments.resume or not self.results.exists():
            self.results.unlink(missing_ok=True)
            return
        for line in self.results.read_text().splitlines():
            try:
                record = json.loads(line)
            except ValueError:  # the end of a run that was killed
                continue
            is_again = self.arguments.again and record["status"] == "survived"
            if self.hashes.get(record["path"]) == record["hash"] and not is_again:
                self.records.append(record)
        write_whole(self.results, "".join(json.dumps(record) + "\n" for record in self.records))

    def counted(self, path: str) -> int:
        return sum(record["path"] == path and record["status"] in COUNTED for record in self.records)

    def next_mutant(self) -> Mutant | None:
        """Of the file that lags most behind its share. What short files cannot give, the others give."""
        if sum(record["status"] in COUNTED for record in self.records) >= self.arguments.count:
            return None
        by_need = sorted(self.shares, key=lambda path: ((self.counted(path) + 0.5) / max(self.shares[path], 0.1), path))
        done = {(record["path"], record["begin"], record["end"], record["after"]) for record in self.records}
        for path in by_need:
            for mutant in self.queues[path]:
                if (path, mutant.begin, mutant.end, mutant.after) not in done:
                    return mutant
        return None

    def judge_all(self) -> None:
        while mutant := self.next_mutant():
            begin = time.monotonic()
            outcome = self.plain.judge(mutant)
            if outcome.status == "survived" and self.arguments.checked:
                checked = self.checked.judge(mutant)
                if checked.status == "killed":
                    outcome = Outcome("killed", "checked device, " + checked.by)
            record = {**asdict(mutant), **asdict(outcome), "hash": self.hashes[mutant.path],
                      "seconds": round(time.monotonic() - begin, 1)}
            self.records.append(record)
            with self.results.open("a") as file:
                file.write(json.dumps(record) + "\n")
            number = sum(record["status"] in COUNTED for record in self.records)
            print(f"{number}/{self.arguments.count} {described(record)} ({record['seconds']} s)", flush=True)

    def summarize(self) -> None:
        count = Counter(record["status"] for record in self.records)
        total = count["killed"] + count["survived"]
        print(f"\nmutants {total}, killed {count['killed']} ({100 * count['killed'] / max(total, 1):.1f} %), survived "
              f"{count['survived']}; not counted: {count['invalid']} do not compile, {count['equivalent']} are the same "
              "code")
        killers = Counter(re.sub(r"^((?:checked device, )?\w+):.*", r"\1", record["by"]) for record in self.records
                          if record["status"] == "killed")
        for killer, kills in killers.most_common():
            print(f"  {kills:4} by {killer}")
        for operator in sorted({record["operator"] for record in self.records}):
            of = Counter(record["status"] for record in self.records if record["operator"] == operator)
            print(f"  {operator}: {of['killed']} of {of['killed'] + of['survived']}")
        for record in self.records:
            if record["status"] == "survived":
                print(described(record))

    def list_mutants(self) -> None:
        for path, share in self.shares.items():
            print(f"{path}: {share} of {len(self.queues[path])}")
            for mutant in self.queues[path][:share]:
                print("  " + described({**asdict(mutant), "status": "next", "by": ""}))


def main() -> None:
    parser = ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, required=True, help="folder for copies, builds and results")
    parser.add_argument("--count", type=int, default=200, help="mutants that count")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="TEXT", help="only files with this in their names")
    parser.add_argument("--checked", action="store_true", help="try survivors on the checked device too")
    parser.add_argument("--resume", action="store_true", help="keep results of files that are the same as then")
    parser.add_argument("--again", action="store_true", help="with --resume: try survivors again")
    parser.add_argument("--keep-copy", action="store_true", help="leave the copy of an earlier run as it is")
    parser.add_argument("--list", action="store_true", help="only show which mutants come first")
    a = parser.parse_args()
    run_ = Run(a)
    run_.prepare()
    if a.list:
        run_.list_mutants()
        return
    run_.load()
    run_.judge_all()
    run_.summarize()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that a mutated file becomes whole again
    run_tool("mutate_kernels", main, (Failure,))
