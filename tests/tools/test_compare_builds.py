#!/usr/bin/env python3
"""Tests of tools/compare_builds.py with programs in mnist_gan's place that write given tensors. 77: no NumPy."""

import importlib.util
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "compare_builds.py"
if importlib.util.find_spec("numpy") is None:
    print(f"skipped: NumPy is not installed for {sys.executable}")
    sys.exit(77)

PROGRAM = '''#!{python}
import pathlib, sys
sys.path.insert(0, "{tools}")
import numpy as np
from safetensors_file import safetensors_bytes
folder = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1]) / "00000-any" / "checkpoints"
folder.mkdir(parents=True)
for name in ("000003.safetensors", "latest.safetensors"):
    (folder / name).write_bytes(safetensors_bytes({tensors}))
'''
SAME = '{"weight": np.float32([1, 2]), "step": np.int64([3])}'


class CompareBuilds(unittest.TestCase):
    def compare(self, old: str, new: str) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as folder:
            programs = []
            for name, tensors in (("old", old), ("new", new)):
                program = Path(folder) / name
                program.write_text(PROGRAM.format(python=sys.executable, tools=TOOL.parent, tensors=tensors))
                program.chmod(program.stat().st_mode | stat.S_IXUSR)
                programs.append(program)
            return subprocess.run([sys.executable, TOOL, "--case", "blog", *programs], capture_output=True, text=True)

    def test_equal_tensors(self):
        done = self.compare(SAME, SAME)
        self.assertEqual((done.returncode, done.stdout), (0, "blog                 equal, 2 tensors\n"), done.stderr)

    def test_every_difference_is_told(self):
        for new, line in (
            ('{"weight": np.float32([1, 2.5]), "step": np.int64([3])}', "weight differs by up to 0.5"),
            ('{"weight": np.float32([1, 2]), "step": np.int64([4])}', "step differs by up to 1"),
            ('{"weight": np.float32([1, 2, 3]), "step": np.int64([3])}', "weight is [2] and [3]"),
            ('{"step": np.int64([3])}', "weight is in one of them only"),
        ):
            done = self.compare(SAME, new)
            with self.subTest(line=line):
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(line, done.stdout)

    def test_a_training_that_fails_is_no_agreement(self):
        done = self.compare(SAME, "missing")
        self.assertEqual(done.returncode, 1)
        self.assertIn("returned non-zero exit status", done.stderr)

    def test_a_missing_program_is_named(self):
        done = subprocess.run([sys.executable, TOOL, "nowhere", TOOL], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("nowhere: expected a program, found none", done.stderr)


if __name__ == "__main__":
    unittest.main()
