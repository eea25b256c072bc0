#!/usr/bin/env python3
"""Example: tests/library/test_install.py --build build/cpu --compiler clang++

Installs a build into a folder, moves it, and uses it as others would: the project consumer/ finds it, trains a tiny GAN with a
kernel of its own and draws; a second program is built from the app's library; the installed kernel_lab compiles a kernel
file with the installed headers. Of the sources nothing is read then but examples and tests.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "docs"))
from workplace import write_images  # noqa: E402

OPTIONS = argparse.Namespace()
MOST_LINES = 40  # of a program that trains
KERNEL_FILE = ROOT / "examples" / "kernels" / "adam_one_value_per_thread.cu"


def run(*command: object, cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **environment}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.place = Path(cls.holder.name)
        run(OPTIONS.cmake, "--install", OPTIONS.build, "--prefix", cls.place / "first")
        cls.prefix = (cls.place / "first").rename(cls.place / "moved here")
        write_images(cls.place / "images")

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def build(self, project: Path) -> Path:
        build = self.place / f"build {project.name}"
        run(OPTIONS.cmake, "-S", project, "-B", build, "-G", OPTIONS.generator, f"-DCMAKE_CXX_COMPILER={OPTIONS.compiler}",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_BUILD_TYPE=Release")
        run(OPTIONS.cmake, "--build", build)
        return build

    def test_a_project_trains_with_a_kernel_of_its_own(self):
        lines = (HERE / "consumer" / "tiny_gan.cpp").read_text().splitlines()
        self.assertLess(len(lines), MOST_LINES)
        build = self.build(HERE / "consumer")
        self.assertNotIn(str(ROOT), (build / "build.ninja").read_text().replace(str(HERE / "consumer"), ""))
        output = run(build / "tiny_gan", self.place / "images", cwd=self.place)
        self.assertRegex(output, r" 99: D \d\.\d+, G \d\.\d+\n")
        self.assertEqual((self.place / "samples.png").read_bytes()[:4], b"\x89PNG")
        kernels = (self.place / "tiny_gan.safetensors").read_bytes()
        self.assertIn(b"one_value_per_thread", kernels)
        failed = subprocess.run([build / "tiny_gan", self.place / "nowhere"], capture_output=True, text=True)
        self.assertEqual(failed.returncode, 1)
        self.assertIn("tiny_gan: ", failed.stderr)

    def test_a_whole_program_is_built_from_the_app(self):
        project = self.place / "program"
        project.mkdir()
        source = ROOT / "tests" / "app" / "second_program" / "fashion_gan.cpp"
        (project / "main.cpp").write_text(source.read_text().replace('"app/program.h"', "<duel/app.h>"))
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(program LANGUAGES CXX)\nfind_package(duel REQUIRED)\n"
            "add_executable(fashion_gan main.cpp)\ntarget_link_libraries(fashion_gan PRIVATE duel::app)\n"
            "duel_accept_external_kernels(fashion_gan)\n")
        program = self.build(project) / "fashion_gan"
        command = [program, "train", "--data", self.place / "images", "--outdir", self.place / "runs", "--max-iterations", "3",
                   "--kernel-file", KERNEL_FILE, "--step", "plain", "--kernel", "adam=one_value_per_thread"]
        self.compiles_with_installed_headers(command)

    def test_the_installed_lab_takes_kernel_files(self):
        lab = self.prefix / "bin" / "kernel_lab"
        self.compiles_with_installed_headers([lab, "verify", "--with", KERNEL_FILE, "--op", "adam", "--case", "1025"])

    def compiles_with_installed_headers(self, command: list) -> None:
        cache = {"XDG_CACHE_HOME": str(self.place / "cache")}
        self.assertIn("one_value_per_thread", run(*command, **cache))
        header, elsewhere = self.prefix / "include" / "duel" / "kernels" / "op.h", self.place / "op.h"
        header.rename(elsewhere)
        failed = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **cache})
        elsewhere.rename(header)
        self.assertEqual(failed.returncode, 2)
        self.assertIn(f"the headers in {self.prefix}/include/duel/kernels are", failed.stderr)

    def test_manual_and_completions_are_there(self):
        share = self.prefix / "share"
        self.assertIn(".TH MNIST", (share / "man" / "man1" / "mnist_gan.1").read_text())
        lab = (share / "man" / "man1" / "kernel_lab.1").read_text()
        for part in (".TH KERNEL_LAB", ".SH VERIFY", "\\-\\-seeds", ".SH TUNE"):
            self.assertIn(part, lab)
        for file in ("bash-completion/completions/mnist_gan", "zsh/vendor-completions/_mnist_gan", "fish/vendor_completions.d/mnist_gan.fish"):
            self.assertIn("--epochs" if "fish" not in file else "-l epochs", (share / file).read_text(), file)

    def test_public_headers_say_so_and_no_others(self):
        include = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
        folder = self.prefix / "include" / "duel"
        umbrellas = sorted((folder / "duel").glob("*.h"))
        public = {folder / name for umbrella in umbrellas for name in include.findall(umbrella.read_text())} | set(umbrellas)
        self.assertGreater(len(public), 10)
        said = {file for file in folder.rglob("*.h") if file.read_text().startswith("// Public. ")}
        self.assertEqual(said, public)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--cmake", default="cmake")
    parser.add_argument("--generator", default="Ninja")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
