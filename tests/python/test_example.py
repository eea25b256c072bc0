#!/usr/bin/env python3
"""The example of the documents runs from its first line to its last."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import ROOT

sys.path.insert(0, str(ROOT / "tests" / "docs"))
from workplace import write_images  # noqa: E402


class Example(unittest.TestCase):
    def test_first_steps(self):
        with tempfile.TemporaryDirectory() as place:
            write_images(Path(place) / "images")
            done = subprocess.run([sys.executable, ROOT / "python" / "examples" / "first_steps.py", "images", "50"], cwd=place,
                                  text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(done.returncode, 0, done.stdout)
            for name in ("samples.png", "walk.png", "gan.safetensors", "classes.png"):
                self.assertTrue((Path(place) / name).is_file())
            self.assertIn("adam=", done.stdout)


if __name__ == "__main__":
    unittest.main()
