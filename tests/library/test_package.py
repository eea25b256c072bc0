#!/usr/bin/env python3
"""Example: tests/library/test_package.py --cmake cmake

What becomes of an installed tree before cpack packs it: cmake/debian/finish_package.cmake.
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEBIAN = ROOT / "cmake" / "debian"
OPTIONS = argparse.Namespace()


class Finished(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.place = Path(self.holder.name)
        self.shares = {"duel": self.place / "programs/usr/share", "libduel-dev": self.place / "development/usr/share"}
        for name, share in self.shares.items():
            licence = share / "doc" / name / "copyright"
            licence.parent.mkdir(parents=True)
            licence.write_text((ROOT / "LICENSE").read_text())
            time = (DEBIAN / "copyright").stat().st_mtime_ns  # as in a clone, whose files may all have the same
            os.utime(licence, ns=(time, time))
        self.page = self.shares["duel"] / "man/man1/mnist_gan.1"
        self.page.parent.mkdir(parents=True)
        self.page.write_text(".TH MNIST_GAN 1")

    def finish(self, generator: str = "DEB"):
        subprocess.run([OPTIONS.cmake, f"-DCPACK_GENERATOR={generator}", f"-DCPACK_TEMPORARY_DIRECTORY={self.place}", "-P",
                        DEBIAN / "finish_package.cmake"], check=True)

    def test_the_copyright_file_is_debians(self):
        self.finish()
        for name, share in self.shares.items():
            self.assertEqual((share / "doc" / name / "copyright").read_text(), (DEBIAN / "copyright").read_text())

    def test_changelog_and_pages_are_compressed(self):
        self.finish()
        with gzip.open(self.shares["libduel-dev"] / "doc/libduel-dev/changelog.gz", "rt") as changelog:
            self.assertEqual(changelog.read(), (DEBIAN / "changelog").read_text())
        self.assertFalse(self.page.exists())
        self.assertTrue(self.page.with_suffix(".1.gz").exists())

    def test_every_override_is_of_its_package_and_has_a_reason_above_it(self):
        self.finish()
        for name, share in self.shares.items():
            lines = (share / "lintian" / "overrides" / name).read_text().splitlines()
            self.assertTrue(lines[0].startswith("# "))
            for line in lines:
                self.assertTrue(line.startswith(("# ", f"{name}: ")), line)

    def test_packages_of_other_kinds_stay_as_they_are(self):
        self.finish("TGZ")
        self.assertTrue(self.page.exists())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cmake", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
