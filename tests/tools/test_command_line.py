#!/usr/bin/env python3
"""Example: tests/tools/test_command_line.py

Whether every tool written in Python refuses empty values.
"""

from __future__ import annotations

import subprocess
import sys
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
OPTIONS = {
    "compare_builds.py": "--data",
    "compare_peers": "--data",
    "compare_pytorch": "--report",
    "sweep_quality": "--out",
    "mutate_kernels.py": "--scratch",
    "parity/record_convolutions.py": "--out",
    "parity/record_fixtures.py": "--seed",
    "parity/train_published_gan.py": "--data",
    "peers/pytorch_peer.py": "--data",
}


class EmptyValues(unittest.TestCase):
    def test_every_tool_refuses_them(self):
        for tool, option in OPTIONS.items():
            for words in ([option, ""], [f"{option}=", "x"]):
                done = subprocess.run([sys.executable, TOOLS / tool, *words], capture_output=True, text=True)
                with self.subTest(tool=tool, words=words):
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(f"{option}: expected a value, found an empty one", done.stderr)

    def test_none_is_left_out(self):
        with_options = {str(p.relative_to(TOOLS)) for p in TOOLS.rglob("*") if p.is_file() and "ArgumentParser(" in text_of(p)}
        with_options = {name for name in with_options if not name.endswith(".pyc")}
        self.assertEqual(with_options, {*OPTIONS, "command_line.py"})


def text_of(path: Path) -> str:
    return path.read_text(errors="replace")


if __name__ == "__main__":
    unittest.main()
