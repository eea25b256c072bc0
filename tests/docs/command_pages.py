"""Whether every command of a program has a page: one that the index names it beside, and that begins with a command to type."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

from documents import Command, commands_of, spans_of
from workplace import Workplace


def commands_of_program(place: Workplace, program: str) -> list[str]:
    """As its help lists them, with those of two words; of a word that is no command by itself only what follows it."""

    def below(words: list[str]) -> Iterator[str]:
        text = place.run([program, *words, "--help"]).stdout
        lists = re.findall(r"^Subcommands:\n((?:  .*\n?)+)", text, re.MULTILINE)
        names = [line.split()[0] for line in "".join(lists).splitlines()]
        # A command has options of its own, in groups; a first word has --help alone.
        if words and (not names or re.search(r"^(?!Options|Subcommands|Examples)[A-Z][\w ]*:$", text, re.MULTILINE)):
            yield " ".join(words)
        for name in names:
            yield from below([*words, name])

    return list(below([]))


def is_of(command: Command, program: str, name: str) -> bool:
    words = [program, *name.split()]
    return command.words[: len(words)] == words


def complaints_of_pages(index: Path, root: Path, program: str, names: list[str]) -> Iterator[str]:
    place = index.relative_to(root)
    pages: dict[str, list[str]] = {}
    for row in re.findall(r"^\|.*\|$", index.read_text(encoding="utf-8"), re.MULTILINE):
        links = re.findall(r"\]\(([\w.-]+\.md)\)", row)
        for name in re.findall(rf"`{program} ([a-z ]+)`", row):
            if name not in names:
                yield f"{place}: {program} has no command '{name}'"
            elif len(links) != 1:
                yield f"{place}: expected a link to the page of '{name}' in its row, found {len(links)}"
            else:
                pages.setdefault(links[0], []).append(name)
    for name in names:
        if not any(name in of_page for of_page in pages.values()):
            yield f"{place}: the command '{name}' of {program} has no page"
    for page, of_page in pages.items():
        if not (file := index.parent / page).exists():
            continue  # dead_links() says so
        spans = list(spans_of(file, root))
        first = next((span for span in spans if span.language), None)
        if first is None or not any(is_of(command, program, name) for command in commands_of(first) for name in of_page):
            yield f"docs/{page}: its first block is no command of {', '.join(of_page)}"
        typed = [command for span in spans for command in commands_of(span)]
        for name in of_page:
            if not any(is_of(command, program, name) for command in typed):
                yield f"docs/{page}: does not show '{program} {name}', which {place} says it does"
