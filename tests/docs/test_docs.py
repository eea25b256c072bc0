#!/usr/bin/env python3
"""Example: tests/docs/test_docs.py --build build/cpu

Every command that README.md and docs/ tell people to type is run in a folder with small data, or, where that takes too
long or needs what not everybody has, at least taken apart by the program itself: the table ONLY_PARSED names those, with
the reason; so are commands that need a library which the build is without. A command of a program that is not known here fails, until it is run or stands in that table. Options that the
text mentions must be some program's, paths of the sources must exist, links must lead somewhere, and every command of the
program must have a page (command_pages.py). Documents with planted
mistakes (planted.py) show that the check sees.

Exit codes: 0 all is well, 1 something is wrong; it is named with file and line.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator

from command_pages import commands_of_program, complaints_of_pages
from documents import Command, UnknownLanguage, commands_of, dead_links, files_of, options_of, path_of, spans_of
from planted import PLANTED
from workplace import Workplace

ROOT = Path(__file__).resolve().parents[2]
INDEX = ROOT / "docs/user-guide.md"

# The program reads the whole command line, and refuses one option that is added: --not-an-option.
ONLY_PARSED = [
    (r"mnist_gan export .*--format onnx", "needs the ONNX library; test_export reads such files"),
    (r"mnist_gan data fetch", "needs the network"),
    (r"mnist_gan watch", "serves until a signal ends it; test_live_page asks it"),
    (r"mnist_gan bench --", "measures memory and arithmetic of the machine for seconds; without an option it is run"),
    (r"mnist_gan evaluate --self-test", "needs thousands of test images"),
    (r"kernel_lab (tune|check)", "minutes"),
    (r"kernel_lab bench", "measures the memory of the machine for seconds; kernel_lab compare reads what two of them wrote"),
    (r"kernel_lab counters", "only the checked build counts"),
    (r"kernel_lab verify --op linear_forward --variant mine", "a variant that does not exist, in what a failure looks like"),
    (r"kernel_lab verify --with \S+ --op", "a case of a kernel that was broken first, in what a failure looks like"),
    (r"kernel_resources", "reads a build of the GPU's code"),
    (r"tools/(compare_builds.py|compare_peers|compare_pytorch|sweep_quality|parity/train_published_gan.py)", "needs PyTorch, another build or hours"),
    (r"tools/mutate_kernels.py", "hours"),
    (r"build/\w+/tools/iteration_time", "an endless measurement, which compare_peers controls"),
]
NOT_RUN = [
    (r"ssh ", "another machine"),
    (r"(tensorboard|pip) ", "of TensorBoard"),
    (r"tools/test.sh( --full)?$", "this test is a part of it"),
    (r"tools/setup.sh --tests$", "installs packages"),
    (r"pip install \.$", "a build of its own, with packages from an index"),
    (r"PYTHONPATH=build/cpu/python python3 python/examples/first_steps.py DIR$", "the test python_example does"),
    (r"tools/fuzz.sh", "minutes, and a build of its own"),
    (r"tools/check_portable.sh build/cpu-portable$", "needs that build"),
    (r"build/\w+/tests/\w+$", "a test program"),
    (r"cmake --install build/cpu(-portable)? --prefix FOLDER$", "the test install does"),
]
# Makes a command small. Others are small by the environment (workplace.py).
APPENDED = [
    (r"kernel_lab verify --with examples/kernels/adam", ["--case", "1025"]),
    (r"mnist_gan data stack", ["--count", "300", "--test-count", "120"]),
]
# What stands for names of the reader's own.
PLACEHOLDERS = {"A:B": "0:1", "OP=VARIANT": "end_iteration=one_thread", "NAME": "adam", "FOLDER_OF_MNIST": "DIR"}
OTHER_OPTIONS = {"--profile-from-start", "--n-epochs", "--component"}  # of ncu; the published script's name for --epochs; of cmake
TOOLS = "compare_builds.py compare_peers compare_pytorch sweep_quality mutate_kernels.py profile.sh test.sh".split()


def matching(table: list, words: list[str]) -> list:
    text = re.sub(r"^build/[\w-]+/(apps/mnist_gan|tools/kernel_lab)/", "", " ".join(words))
    return [row[1] for row in table if re.match(row[0], text)]


class Checker:
    def __init__(self, place: Workplace):
        self.place = place
        self.aliases: dict[str, str] = {}
        self.targets = place.targets()
        self.ran = self.parsed = self.skipped = 0

    def check(self, command: Command) -> str | None:
        """What is wrong with it; nothing where all is well."""
        words = [PLACEHOLDERS.get(word, word) for word in command.words]
        if re.match(r"\w+=", words[0]):  # PATH=..., which the workplace has set
            return None
        if words[0] == "alias":
            name, _, program = words[1].partition("=")
            self.aliases[name] = program
            return None
        if words[0] in ("tools/build.sh", "cmake", "ctest") and not matching(NOT_RUN, words):
            return self.check_build(words)
        if matching(NOT_RUN, words):
            self.skipped += 1
            return None if words[0].startswith("build/") or self.knows(words[0]) else f"there is no {words[0]}"
        if not self.knows(words[0]):
            return f"there is no program {words[0]}"
        if command.is_mention or matching(ONLY_PARSED, words):
            return self.parse(words)
        return self.profile(words) if words[0] == "tools/profile.sh" else self.run(words)

    def knows(self, program: str) -> bool:
        program = self.aliases.get(program, program)
        return "/" not in program or (self.place.path / program).exists() or program.endswith("/kernel_resources")

    def run(self, words: list[str]) -> str | None:
        self.ran += 1
        for more in matching(APPENDED, words):
            words = [*words, *more]
        begin = time.monotonic()
        done = self.place.run(words)
        print(f"{time.monotonic() - begin:6.2f} s  {' '.join(words)}", flush=True)
        lack = re.search(r"needs a library that this build is without \(\w+\)", done.stdout)
        if done.returncode == 2 and lack:
            print(f"          taken apart only: it {lack[0]}", flush=True)
            self.ran -= 1
            return self.parse(words)
        return None if done.returncode == 0 else f"ended with {done.returncode}:\n{done.stdout.strip()[-2000:]}"

    def parse(self, words: list[str]) -> str | None:
        self.parsed += 1
        program = self.aliases.get(words[0], words[0])
        if program.endswith("kernel_resources") and not (self.place.path / program).exists():
            return None  # needs a header of the CUDA toolkit
        done = self.place.run([program, *words[1:], "--not-an-option"])
        said = done.stdout.strip()
        expected = r"(unknown option '--not-an-option'|unrecognized arguments: --not-an-option$|not expected: --not-an-option)"
        return None if done.returncode != 0 and re.search(expected, said, re.MULTILINE) else said[-2000:]

    def profile(self, words: list[str]) -> str | None:
        """The command that the script would run, without profiler and GPU: its own options, and those of training."""
        done = self.place.run([words[0], "--print", *words[1:]])
        printed = shlex.split(done.stdout) if done.returncode == 0 else []
        begin = next((i for i, word in enumerate(printed) if word.endswith("/mnist_gan")), None)
        return done.stdout if begin is None else self.parse(["mnist_gan", *printed[begin + 1 :]])

    def check_build(self, words: list[str]) -> str | None:
        """Presets and targets must exist."""
        self.parsed += 1
        if words[0] == "tools/build.sh":
            preset, targets = words[1], words[2:]
        elif words[:2] == ["cmake", "--build"]:
            preset, targets = words[2].removeprefix("build/"), [word for word in words[3:] if word != "--target"]
        elif words[1] == "--preset" and len(words) == 3:
            preset, targets = words[2], []
        elif words[:2] == ["ctest", "-L"] and len(words) == 3:
            return None if (ROOT / "tests" / words[2]).is_dir() else f"no test has the label {words[2]}"
        else:
            return "expected --preset NAME, --build build/NAME or, of ctest, -L LABEL"
        kind = "testPresets" if words[0] == "ctest" else "configurePresets"
        if preset not in self.place.preset_names(kind):
            return f"there is no preset {preset}"
        missing = [target for target in targets if target not in self.targets]
        return f"there is no target {missing[0]}" if missing else None


def known_options(place: Workplace) -> set[str]:
    programs = [
        [program, *command.split()] for program in ("mnist_gan", "kernel_lab") for command in ("", *commands_of_program(place, program))
    ]
    programs += [[f"tools/{name}"] for name in TOOLS] + [["build/cpu/tools/iteration_time"]]
    texts = [place.run([*words, "--help"]).stdout for words in programs]
    sources = (ROOT / "tools/kernel_resources/main.cpp").read_text(encoding="utf-8")
    return set(re.findall(r"--[a-z][\w-]*", "\n".join([*texts, sources]))) | OTHER_OPTIONS


def complaints_of(file: Path, root: Path, checker: Checker, known: set[str]) -> Iterator[str]:
    yield from dead_links(file, root)
    try:
        spans = list(spans_of(file, root))
    except UnknownLanguage as error:
        yield str(error)
        return
    for span in spans:
        for command in commands_of(span):
            wrong = checker.check(command)
            if wrong is not None:
                yield f"{command}\n    {wrong}"
        for option in options_of(span):
            if option.replace("_", "-") not in known:
                yield f"{span.place}: no program has the option {option}"
        path = path_of(span)
        if path is not None and not (ROOT / path).exists():
            yield f"{span.place}: there is no {path}"


def without_page(index: Path, folder: Path, names: list[str]) -> Iterator[str]:
    """Commands without a page that nobody complains about, if their row were missing."""
    text = index.read_text(encoding="utf-8")
    planted = folder / "INDEX.md"
    for name in names:
        rows = [line for line in text.splitlines() if f"`mnist_gan {name}`" not in line]
        planted.write_text("\n".join(rows), encoding="utf-8")
        if not any(f"'{name}'" in line for line in complaints_of_pages(planted, folder, "mnist_gan", names)):
            yield f"the check is blind: it did not find that {name} has no page"


def overlooked(folder: Path, checker: Checker, known: set[str]) -> Iterator[str]:
    """Planted mistakes that nobody complains about."""
    for name, text in PLANTED.items():
        file = folder / "PLANTED.md"
        file.write_text(text, encoding="utf-8")
        if not list(complaints_of(file, folder, checker, known)):
            yield f"the check is blind: it did not find {name}"


def main() -> int:
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build/cpu")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duel-docs-") as folder:
        place = Workplace(Path(folder), ROOT, arguments.build.resolve())
        checker = Checker(place)
        known = known_options(place)
        wrong = [line for file in files_of(ROOT) for line in complaints_of(file, ROOT, checker, known)]
        print(f"{checker.ran} commands run, {checker.parsed} parsed, {checker.skipped} left out")
        wrong += overlooked(Path(folder), checker, known)
        names = commands_of_program(place, "mnist_gan")
        wrong += complaints_of_pages(INDEX, ROOT, "mnist_gan", names) if names else ["mnist_gan --help lists no commands"]
        wrong += without_page(INDEX, Path(folder), names)
    print("\n".join([*wrong, f"{len(wrong)} complaints"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
