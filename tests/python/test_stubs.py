#!/usr/bin/env python3
"""What the package has, its stubs declare, and what they declare it has; everything public has a docstring."""

import ast
import unittest

from support import ROOT

import duel
from duel import _duel

STUB = ast.parse((ROOT / "python" / "duel" / "_duel.pyi").read_text())


def members(node) -> set:
    return {item.name for item in node.body if isinstance(item, ast.FunctionDef)}


class Stubs(unittest.TestCase):
    def test_names_of_the_module(self):
        declared = {item.name for item in STUB.body if isinstance(item, (ast.ClassDef, ast.FunctionDef))} - {"_Draws"}
        there = {name for name in dir(_duel) if not name.startswith("__")} - {"_Memory"}
        self.assertEqual(declared, there)
        self.assertEqual(there - {"_measure"} | {"__version__", "evaluate"}, set(duel.__all__))

    def test_members_of_classes_with_docstrings(self):
        classes = {item.name: item for item in STUB.body if isinstance(item, ast.ClassDef)}
        for name, node in classes.items():
            if name == "_Draws" or issubclass(getattr(_duel, name), Exception):
                continue
            declared = members(node)
            for base in node.bases:
                declared |= members(classes[base.id])
            bound = getattr(_duel, name)
            there = {member for member in vars(bound) if not member.startswith("_") or member in declared}
            self.assertEqual(declared, there, name)
            for member in there:
                self.assertTrue(getattr(bound, member).__doc__, f"{name}.{member}")
        for name in duel.__all__:
            self.assertTrue(getattr(duel, name).__doc__ or name == "__version__", name)


if __name__ == "__main__":
    unittest.main()
