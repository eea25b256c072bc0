"""Mechanical mutants of kernel sources: one small change each, as a slip of the keyboard would make it. Used by
tools/mutate_kernels.py.

Works on text formatted by the project's clang-format: a binary operator has a space on both sides, a template's bracket
or a pointer's star has not. Left alone are comments, text, preprocessor lines, code that only nvcc compiles,
static_assert, launch bounds and alignments, refusals of wrong arguments, what checked builds are told, tables of
variants, and constants for the sizes of blocks.
"""

from __future__ import annotations

import bisect
import random
import re
from dataclasses import dataclass

EXCHANGED = {
    "comparison": {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=",
                   "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&"},
    "logic": {"&&": "||", "||": "&&"},
}
OTHER_NAME = {
    "extremum": {"fmaxf": "fminf", "fminf": "fmaxf", "max": "min", "min": "max"},
    "name": {"rows": "columns", "columns": "rows", "row": "column", "column": "row", "r": "c", "c": "r", "row0": "column0",
             "column0": "row0", "kRows": "kColumns", "kColumns": "kRows", "depth": "extent", "extent": "depth",
             "begin": "end", "x": "y", "y": "x", "z": "w", "w": "z", "left": "right", "right": "left",
             "real": "generated", "generated": "real", "threadIdx": "blockIdx", "blockIdx": "threadIdx",
             "beta1": "beta2", "beta2": "beta1", "mean": "variance", "gamma": "beta", "kThreads": "kGroups"},
}
TOKEN = re.compile(r"""(?P<word>[A-Za-z_]\w*)
  |(?P<number>0x[0-9a-fA-F]+[uUlL]*|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[fFuUlL]*)
  |(?P<sign><<=|>>=|->|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|::|[-+*/%&|^<>=!?:;,.()\[\]{}~])""", re.X)
KEYWORDS = {"if", "for", "while", "switch", "return", "sizeof", "template", "constexpr", "decltype", "operator",
            "alignof", "typename", "static_cast", "reinterpret_cast", "const_cast"}
DECLARES = {"const", "constexpr", "static", "auto", "using", "typedef", "struct", "class", "enum", "template",
            "namespace", "extern", "inline", "case", "default", "else", "do", "public", "private", "goto", "__shared__",
            "__align__", "alignas", "if", "for", "while", "switch", "return"}
OPEN, CLOSED = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}


@dataclass(frozen=True)
class Mutant:
    path: str
    begin: int  # offsets into the file's text
    end: int
    line: int
    operator: str
    before: str
    after: str

    def applied(self, text: str) -> str:
        removed = text[self.begin:self.end]
        return text[:self.begin] + self.after + "\n" * (removed.count("\n") - self.after.count("\n")) + text[self.end:]


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    begin: int
    end: int


# Arguments of other types than all others: swapping one of them cannot compile.
UNLIKE = [r"stream", r".*\.data", r".*_kernel(<.*>)?", r"k", r"progress|clock"]


def could_be_alike(first: str, second: str) -> bool:
    """Whether two arguments could be swapped; false for parameters of a declaration too."""
    if any(re.search(r"[{}]|\bconst\b|\w[*&]* \w+$", text) for text in (first, second)):
        return False
    return all(bool(re.fullmatch(unlike, first)) == bool(re.fullmatch(unlike, second)) for unlike in UNLIKE)


def blanked(text: str, begin: int, end: int) -> str:
    return text[:begin] + re.sub(r"[^\n]", " ", text[begin:end]) + text[end:]


def closing(text: str, opening: int) -> int:
    """Offset after the bracket that closes the one at `opening`."""
    depth = 0
    for i in range(opening, len(text)):
        depth += (text[i] in OPEN) - (text[i] in CLOSED)
        if depth == 0:
            return i + 1
    return len(text)


def without_preprocessor(text: str) -> str:
    """Blanks directives and what host compilers leave out: the branches for nvcc."""
    open_ifs: list[tuple[bool, bool]] = []  # of each: is it about nvcc, is its present branch left out
    lines = text.split("\n")
    for i, line in enumerate(lines):
        directive = line.strip()
        if directive.startswith("#if"):
            about_nvcc = "__CUDACC__" in directive
            open_ifs.append((about_nvcc, about_nvcc and not directive.startswith("#ifndef")))
        elif directive == "#else":
            about_nvcc, left_out = open_ifs.pop()
            open_ifs.append((about_nvcc, about_nvcc and not left_out))
        elif directive.startswith("#endif"):
            open_ifs.pop()
        if directive.startswith("#") or any(left_out for _, left_out in open_ifs):
            lines[i] = " " * len(line)
    return "\n".join(lines)


def code_of(text: str) -> str:
    """The text with everything blank that is not to be changed; offsets and lines stay."""
    for match in list(re.finditer(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', text, re.S)):
        text = blanked(text, match.start(), match.end())
    text = without_preprocessor(text)
    left_alone = (r"(static_assert|__launch_bounds__|alignas|__align__|require\w*|declare_accesses|CHECK\w*)\s*\("
                  r"|template <|kVariants\{")
    sizes = r"\bk\w*(?:Threads|Chunk|Panel|Rows|RowsPerBlock|ColumnsPerBlock|EpilogueWidth) = \d+\b"
    for match in list(re.finditer(sizes, text)):  # of blocks and their parts: others give the same results
        text = blanked(text, match.start(), match.end())
    for match in re.finditer(left_alone, text):
        if match.group().endswith("<"):
            end = text.index(">", match.end()) + 1  # parameters of our templates have no templates as defaults
        else:
            end = closing(text, match.end() - 1)
            if text[end:end + 2] == " {":
                end = closing(text, end + 1)
        text = blanked(text, match.start(), end)
    return text


def tokens_of(code: str) -> list[Token]:
    return [Token(match.lastgroup or "", match.group(), match.start(), match.end()) for match in TOKEN.finditer(code)]


class Finder:
    """All mutants of one file."""

    def __init__(self, path: str, text: str):
        self.path, self.text = path, text
        self.code = code_of(text)
        self.tokens = tokens_of(self.code)
        self.line_starts = [0] + [i + 1 for i, c in enumerate(text) if c == "\n"]
        self.found: dict[tuple[int, int, str], Mutant] = {}

    def add(self, operator: str, begin: int, end: int, after: str) -> None:
        before = self.text[begin:end]
        if before != after:
            line = bisect.bisect_right(self.line_starts, begin)
            self.found.setdefault((begin, end, after), Mutant(self.path, begin, end, line, operator, before, after))

    def all(self) -> list[Mutant]:
        for i, token in enumerate(self.tokens):
            if token.kind == "sign":
                self.sign(i, token)
            elif token.kind == "number":
                self.number(token)
            else:
                self.word(i, token)
        self.statements()
        return list(self.found.values())

    def sign(self, i: int, token: Token) -> None:
        is_binary = self.code[token.begin - 1].isspace() and self.code[token.end:token.end + 1].isspace()
        for operator, exchanged in EXCHANGED.items():
            if token.text in exchanged and is_binary and self.tokens[i - 1].text != "operator":
                self.add(operator, token.begin, token.end, exchanged[token.text])
        if token.text in ("++", "--"):
            self.add("arithmetic", token.begin, token.end, "--" if token.text == "++" else "++")
        elif token.text == "!" or (token.text == "-" and not is_binary):
            self.add("sign", token.begin, token.end, "")
        elif token.text == "?":
            self.branches(i)
        elif token.text == "[" and self.is_subscript(i):
            end = closing(self.code, token.begin)
            inside = self.text[token.end:end - 1]
            self.add("offset", token.end, end - 1, inside + " + 1")
            if self.code[end:end + 1] == "[":
                last = closing(self.code, end)
                self.add("swap", token.begin, last, self.text[end:last] + self.text[token.begin:end])

    def is_subscript(self, i: int) -> bool:
        """Whether the bracket at token i begins an index: not a lambda's captures, nor the size of a new array."""
        while self.tokens[i - 1].text == "]":
            depth = 0
            while i := i - 1:
                depth += (self.tokens[i].text in CLOSED) - (self.tokens[i].text in OPEN)
                if depth == 0:
                    break
        name, before = self.tokens[i - 1], self.tokens[i - 2]
        is_type = before.kind == "word" and before.text not in KEYWORDS
        return name.kind == "word" and name.text not in KEYWORDS and not is_type

    def number(self, token: Token) -> None:
        match = re.fullmatch(r"(.*?)([fFuUlL]*)", token.text)
        digits, suffix = match.group(1), match.group(2)
        if digits.startswith("0x"):
            match = re.fullmatch(r"(0x[0-9a-fA-F]+?)([uUlL]*)", token.text)
            value = int(match.group(1), 16)
            changed, suffix = [hex(value - 1), hex(value + 1)], match.group(2)
        elif re.fullmatch(r"\d+", digits):
            changed = [str(int(digits) + 1)] + ([str(int(digits) - 1)] if int(digits) > 0 else [])
        else:
            changed = [repr(float(digits) + 1.0)] + ([repr(float(digits) * 2.0)] if float(digits) > 0 else [])
        for text in changed:
            self.add("constant", token.begin, token.end, text + suffix)

    def word(self, i: int, token: Token) -> None:
        before = self.tokens[i - 1].text if i else ""
        follows = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        is_call = follows is not None and follows.text == "("
        for operator, other in OTHER_NAME.items():
            if token.text in other and is_call == (operator == "extremum"):
                self.add(operator, token.begin, token.end, other[token.text])
        if not is_call:
            return
        end = closing(self.code, follows.begin)
        if token.text in ("if", "while"):
            self.add("condition", follows.begin, end, f"(!{self.text[follows.begin:end]})")
        elif token.text not in KEYWORDS and before not in ("operator", "void", "float", "int", "bool", "auto", "Row"):
            self.arguments(follows.end, end - 1)

    def pieces(self, begin: int, end: int, separator: str) -> list[tuple[int, int]]:
        """The ranges between separators that no bracket encloses."""
        depth, start, ranges = 0, begin, []
        for token in self.tokens:
            if token.begin < begin or token.begin >= end:
                continue
            depth += (token.text in OPEN) - (token.text in CLOSED)
            if depth == 0 and token.text == separator:
                ranges.append((start, token.begin))
                start = token.end
        return ranges + [(start, end)]

    def arguments(self, begin: int, end: int) -> None:
        """Swaps neighbouring arguments of a call."""
        ranges = self.pieces(begin, end, ",")
        for (b0, e0), (b1, e1) in zip(ranges, ranges[1:]):
            first, second = self.text[b0:e0].strip(), self.text[b1:e1].strip()
            if first and second and could_be_alike(first, second):
                start = b0 + len(self.text[b0:e0]) - len(self.text[b0:e0].lstrip())
                self.add("swap", start, e1, f"{second}, {first}")

    def branches(self, i: int) -> None:
        """Swaps what stands before and after the colon of `condition ? a : b`."""
        depth, colon = 0, None
        for token in self.tokens[i + 1:]:
            depth += (token.text in OPEN) - (token.text in CLOSED)
            if depth < 0 or (depth == 0 and token.text in (",", ";")):
                if colon:
                    begin = self.tokens[i].end
                    after = f" {self.text[colon.end:token.begin].strip()} : {self.text[begin:colon.begin].strip()}"
                    self.add("condition", begin, token.begin, after)
                return
            if depth == 0 and token.text == ":" and not colon:
                colon = token

    def statements(self) -> None:
        """Removes assignments, calls, early returns and breaks."""
        for i, token in enumerate(self.tokens):
            if token.text not in (";", "{", "}", ")") or i + 1 == len(self.tokens):
                continue
            if token.text == ")" and not self.closes_condition(i):
                continue
            first = i + 1
            if self.tokens[first].text == "else":
                first += 1
            depth, last = 0, None
            for j in range(first, len(self.tokens)):
                depth += (self.tokens[j].text in OPEN) - (self.tokens[j].text in CLOSED)
                if depth < 0:
                    break
                if depth == 0 and self.tokens[j].text in (";", "}"):
                    last = j if self.tokens[j].text == ";" else None
                    break
            if last is not None and self.is_removable(first, last, after_condition=token.text == ")"):
                operator = "barrier" if self.tokens[first].text.startswith("__sync") else "statement"
                self.add(operator, self.tokens[first].begin, self.tokens[last].end, ";")

    def closes_condition(self, i: int) -> bool:
        """Whether the bracket at token i ends the head of an if or a loop."""
        depth = 0
        for j in range(i, 0, -1):
            depth += (self.tokens[j].text in CLOSED) - (self.tokens[j].text in OPEN)
            if depth == 0:
                return self.tokens[j - 1].text in ("if", "for", "while")
        return False

    def is_removable(self, first: int, last: int, after_condition: bool) -> bool:
        texts = [token.text for token in self.tokens[first:last]]
        if not texts:
            return False
        if texts[0] in ("return", "break", "continue"):
            return after_condition or len(texts) == 1
        if texts[0] in DECLARES or "__restrict__" in texts:
            return False
        depth = 0
        for left, right in zip(texts, texts[1:]):
            if left == "<" or right == ">":
                continue
            depth += (left in OPEN) - (left in CLOSED)
            if depth == 0 and re.match(r"[A-Za-z_]", left) and re.match(r"[A-Za-z_]", right):
                return False  # a declaration
            if depth == 0 and left in ("=", "+=", "-=", "*=", "/=", "^=", "|=", "&="):
                return True
        return texts[0] in ("++", "--") or texts[-1] == ")"


def mutants_of(path: str, text: str, seed: int) -> list[Mutant]:
    """All mutants of a file in a random order in which the operators take turns."""
    shuffle = random.Random(f"{seed}:{path}").shuffle
    by_operator: dict[str, list[Mutant]] = {}
    for mutant in sorted(Finder(path, text).all(), key=lambda m: (m.begin, m.end, m.after)):
        by_operator.setdefault(mutant.operator, []).append(mutant)
    queues = [by_operator[operator] for operator in sorted(by_operator)]
    shuffle(queues)
    for queue in queues:
        shuffle(queue)
    order = []
    while any(queues):
        order += [queue.pop() for queue in queues if queue]
    return order


def code_lines(text: str) -> int:
    """Lines that can be changed."""
    return sum(1 for line in code_of(text).split("\n") if re.search(r"\w", line))
