#!/usr/bin/env python3
"""Example: tests/tools/test_mutate_kernels.py

Which mutants tools/kernel_mutants.py finds, and which places it leaves alone. Needs no build.
"""

import argparse
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from kernel_mutants import Finder, code_lines, code_of, mutants_of  # noqa: E402
from mutate_kernels import Failure, Run, shares  # noqa: E402


def changes(text: str, operator: str = "") -> set[tuple[str, str]]:
    return {(m.before, m.after) for m in Finder("a.cu", text).all() if operator in m.operator}


class Operators(unittest.TestCase):
    def test_comparisons_but_no_templates(self):
        self.assertEqual(changes("if (a < b) f<int>(a);", "comparison"), {("<", "<=")})
        self.assertEqual(changes("use(a == b, c >= d);", "comparison"), {("==", "!="), (">=", ">")})

    def test_arithmetic_but_no_pointers(self):
        self.assertEqual(changes("float* a = b + c * d;", "arithmetic"), {("+", "-"), ("*", "/")})
        self.assertEqual(changes("Row operator+(const Row& a);", "arithmetic"), set())
        self.assertEqual(changes("++i;", "arithmetic"), {("++", "--")})

    def test_constants(self):
        self.assertEqual(changes("a = 16u;", "constant"), {("16u", "17u"), ("16u", "15u")})
        self.assertEqual(changes("a = 0;", "constant"), {("0", "1")})
        self.assertEqual(changes("a = 0.f;", "constant"), {("0.f", "1.0f")})
        self.assertEqual(changes("a = 0.5f;", "constant"), {("0.5f", "1.5f"), ("0.5f", "1.0f")})
        self.assertEqual(changes("a = 0xffffffffu;", "constant"), {("0xffffffffu", "0xfffffffeu"),
                                                                  ("0xffffffffu", "0x100000000u")})

    def test_conditions(self):
        self.assertEqual(changes("if (a) b();", "condition"), {("(a)", "(!(a))")})
        self.assertEqual(changes("x = a ? b : c;", "condition"), {(" b : c", " c : b")})

    def test_barriers_and_statements(self):
        text = "{ __syncthreads(); a[i] = b; const int c = 1; if (c) return; return d; }"
        self.assertEqual(changes(text, "barrier"), {("__syncthreads();", ";")})
        self.assertEqual(changes(text, "statement"), {("a[i] = b;", ";"), ("return;", ";")})

    def test_logic_signs_extrema(self):
        self.assertEqual(changes("x = a && !b;", "logic"), {("&&", "||")})
        self.assertEqual(changes("x = a && !b;", "sign"), {("!", "")})
        self.assertEqual(changes("x = fmaxf(a, 1);", "extremum"), {("fmaxf", "fminf")})

    def test_offsets_and_swaps(self):
        self.assertEqual(changes("x = a[i][j];", "swap"), {("[i][j]", "[j][i]")})
        self.assertEqual(changes("x = a[i];", "offset"), {("i", "i + 1")})
        self.assertEqual(changes("float a[i][j];", "offset") | changes("f([=](int x) { return x; });", "offset"), set())
        self.assertEqual(changes("f(a, g(b, c));", "swap"), {("a, g(b, c)", "g(b, c), a"), ("b, c", "c, b")})


class Scratch(unittest.TestCase):
    def test_a_folder_of_others_stays(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "source").mkdir()
            (Path(folder) / "source" / "mine.cu").touch()
            arguments = argparse.Namespace(scratch=Path(folder))
            with self.assertRaisesRegex(Failure, "holds files of others"):
                Run(arguments).prepare()
            self.assertTrue((Path(folder) / "source" / "mine.cu").exists())


class LeftAlone(unittest.TestCase):
    def test_comments_texts_and_assertions(self):
        for text in ('// a < b\n', '/* a < b */', 'f("a < b");', "static_assert(a < b + 1);", "#if a < 1\n#endif",
                     "__launch_bounds__(256)", 'require(a < b, "c");'):
            self.assertFalse(changes(text) - {("f(\"a < b\");", ";")}, text)

    def test_branches_for_nvcc(self):
        self.assertEqual(changes("#ifdef __CUDACC__\na < b;\n#else\nc > d;\n#endif", "comparison"), {(">", ">=")})
        self.assertEqual(changes("#ifndef __CUDACC__\na < b;\n#else\nc > d;\n#endif", "comparison"), {("<", "<=")})
        self.assertEqual(changes("#if defined(__CUDACC__) || defined(X)\na < b;\n#endif\nc > d;", "comparison"),
                         {(">", ">=")})

    def test_offsets_stay(self):
        text = "a;  // b\nc;"
        self.assertEqual(len(code_of(text)), len(text))
        self.assertEqual(code_lines(text), 2)


class Kernels(unittest.TestCase):
    def test_every_mutant_changes_its_file_and_keeps_its_lines(self):
        for path in sorted(ROOT.glob("kernels/**/*.cu*")):
            text = path.read_text()
            for mutant in mutants_of(path.name, text, seed=1):
                mutated = mutant.applied(text)
                self.assertNotEqual(mutated, text)
                self.assertEqual(mutated.count("\n"), text.count("\n"), mutant)
                self.assertEqual(text[mutant.begin:mutant.end], mutant.before)

    def test_a_seed_gives_the_same_order(self):
        text = (ROOT / "kernels/ops/flat_update/flat.cu").read_text()
        self.assertEqual(mutants_of("a", text, 1), mutants_of("a", text, 1))
        self.assertNotEqual(mutants_of("a", text, 1), mutants_of("a", text, 2))

    def test_shares_are_proportional_and_complete(self):
        self.assertEqual(shares(10, {"a": 30, "b": 20}), {"a": 6, "b": 4})
        self.assertEqual(sum(shares(200, {"a": 7, "b": 11, "c": 13}).values()), 200)


if __name__ == "__main__":
    unittest.main()
