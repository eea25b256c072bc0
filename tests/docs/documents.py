"""What the documents hold: commands, options, paths and links."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Iterator, NamedTuple

PROGRAMS = re.compile(r"(tools/[\w./]+|build/[\w<>./-]+/[\w.-]+|\./[\w./]+|mnist_gan|kernel_lab|kernel_resources|cmake|ctest)$")
LANGUAGES = ("sh", "text", "cpp", "python")
SEPARATORS = ("&&", "||", "|", ";")


class UnknownLanguage(Exception):
    pass


class Span(NamedTuple):
    """A piece of code: a line of a fenced block, or what stands between backticks."""

    place: str  # file:line
    text: str
    language: str  # of its block; "" for a span within a sentence


class Command(NamedTuple):
    place: str
    words: list[str]
    is_mention: bool  # "`mnist_gan evaluate` measures ...": named within a sentence, without arguments

    def __str__(self) -> str:
        return f"{self.place}: {' '.join(self.words)}"


def files_of(root: Path) -> list[Path]:
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def spans_of(file: Path, root: Path) -> Iterator[Span]:
    language = None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{file.relative_to(root)}:{number}"
        if line.startswith("```"):
            language = line[3:] if language is None else None
            if language is not None and language not in LANGUAGES:
                raise UnknownLanguage(f"{place}: a block says what it is: ```{', ```'.join(LANGUAGES)}; found '{line}'")
        elif language is not None:
            yield Span(place, line, language)
        else:
            for text in re.findall(r"`([^`]+)`", line):
                yield Span(place, text, "")


def split_words(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars="&|;<>")
    lexer.whitespace_split = True
    return list(lexer)


def names_only(words: list[str]) -> bool:
    """A program and its command, of one word or two."""
    return len(words) == 2 or (len(words) == 3 and words[1] in ("data", "runs") and words[2].isalpha())


def commands_of(span: Span) -> Iterator[Command]:
    """Those of a shell block, those within a sentence that have arguments, and what output proposes to run."""
    text = span.text
    if span.language == "text":
        proposed = re.match(r"\s*again: (.*)", text)
        if proposed is None:
            return
        text = proposed[1]
    elif span.language in ("cpp", "python") or not text.strip():
        return
    elif not span.language and not (" " in text and PROGRAMS.match(text.split()[0])):
        return
    words: list[str] = []
    for word in [*split_words(text), ";"]:
        if word not in SEPARATORS:
            words.append(word)
        elif words:
            yield Command(span.place, words, not span.language and names_only(words))
            words = []


def options_of(span: Span) -> list[str]:
    """The options of a span such as `--batch-size 256`, which names no program."""
    if span.language or not span.text.startswith("-"):
        return []
    return re.findall(r"(?<![\w-])--[a-z][\w-]*", span.text)


def path_of(span: Span) -> str | None:
    """The path that a span names, if it names one of the sources."""
    is_path = not span.language and re.fullmatch(r"(apps|cmake|docs|engine|examples|files|kernels|tests|tools)/[\w./-]*", span.text)
    return span.text if is_path else None


def anchors_of(file: Path) -> set[str]:
    """As GitHub makes them: small letters, hyphens for blanks, no punctuation."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(file: Path, root: Path) -> Iterator[str]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if "://" in target:
                continue
            name, _, anchor = target.partition("#")
            linked = (file.parent / name).resolve() if name else file
            if not linked.exists() or (anchor and anchor not in anchors_of(linked)):
                yield f"{file.relative_to(root)}:{number}: the link {target} leads nowhere"
