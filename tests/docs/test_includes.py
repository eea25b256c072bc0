#!/usr/bin/env python3
"""Every #include of the tree against the directions that docs/architecture.md states.

The table of its section "Directions" has a row for each floor of the house, from the ground up, and in it the rooms: patterns of paths.
A file is in the room whose pattern, of all that match, is the longest. It may include files of its own room and of lower floors.
"""

from __future__ import annotations

import fnmatch
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
INCLUDE = re.compile(r'^\s*#\s*include "([^"]+/[^"]+)"', re.MULTILINE)  # generated headers lie in no folder
FREE = ("tests/", "examples/")  # may include everything; nobody includes them
OPS = "kernels/ops/*/*h"  # the room of the ops' headers


def floors(page: str) -> list[list[str]]:
    """The rooms of every floor."""
    section = page.split("\n### Directions\n", 1)[1].split("\n#", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [re.findall(r"`([^`]+)`", row) for row in rows]


def includes(files: list[str]) -> list[tuple[str, str]]:
    """File and what it includes."""
    return [(file, included) for file in files for included in INCLUDE.findall((ROOT / file).read_text())]


def circle_in(edges: dict[str, set[str]]) -> list[str]:
    """Some circle of the graph; [] where there is none."""
    done: set[str] = set()

    def search(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node):], node]
        if node in done:
            return []
        done.add(node)
        return next(filter(None, (search(other, [*path, node]) for other in sorted(edges.get(node, ())))), [])

    return next(filter(None, (search(node, []) for node in sorted(edges))), [])


class Includes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.floors = floors(PAGE.read_text())
        cls.rooms = [(room, floor) for floor, rooms in enumerate(cls.floors) for room in rooms]
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.h", "*.cuh", "*.cpp", "*.cu"],
                                cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
        cls.files = [file for file in listed if not file.startswith(FREE) and (ROOT / file).is_file()]
        cls.edges = includes(cls.files)

    def place(self, file: str) -> tuple[str, int]:
        """Room and floor."""
        found = [(len(room), room, floor) for room, floor in self.rooms if fnmatch.fnmatchcase(file, room)]
        self.assertTrue(found, f"{file} is in no room of {PAGE.name}")
        return max(found)[1:]

    def test_every_room_has_files(self):
        self.assertGreater(len(self.floors), 10)
        places = {self.place(file)[0] for file in self.files}
        self.assertEqual([room for room, _ in self.rooms if room not in places], [])

    def test_includes_point_downward(self):
        wrong = []
        for file, included in self.edges:
            (room, floor), (other, below) = self.place(file), self.place(included)
            if room != other and below >= floor:
                wrong.append(f"{file} includes {included}: {other} is not below {room}")
        self.assertEqual(wrong, [])

    def test_ops_share_pieces_without_a_circle(self):
        edges: dict[str, set[str]] = {}
        wrong = []
        for file, included in self.edges:
            folder, other = Path(file).parent, Path(included).parent
            if folder == other or self.place(included)[0] != OPS:
                continue
            if folder.parent.name == "ops" and Path(included).name == "launchers.h":
                wrong.append(f"{file} includes {included}: launchers are an op's own")
            if self.place(file)[0] == OPS:
                edges.setdefault(str(folder), set()).add(str(other))
        self.assertEqual(wrong, [])
        self.assertEqual(circle_in(edges), [])

    def test_the_engine_includes_no_kernel_of_an_op(self):
        for file, included in self.edges:
            if file.startswith(("engine/", "app/")) and self.place(included)[0] == OPS:
                self.assertTrue(included.endswith(".h"), f"{file} includes {included}")
                self.assertNotIn(Path(included).name, ("launchers.h", "cases.h", "reference.h"), file)

    def test_only_headers_are_included(self):
        self.assertEqual([edge for edge in self.edges if not edge[1].endswith((".h", ".cuh"))], [])

    def test_no_program_is_known_below_it(self):
        for file in self.files:
            if not file.startswith(("apps/", "tools/", "python/")):
                code = re.sub(r"//.*", "", (ROOT / file).read_text())
                self.assertNotRegex(code.lower(), r"mnist", file)


class Circles(unittest.TestCase):
    def test_a_circle_is_found(self):
        self.assertEqual(circle_in({"a": {"b"}, "b": {"c"}, "c": set()}), [])
        self.assertEqual(circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}}), ["b", "c", "b"])


if __name__ == "__main__":
    unittest.main()
