"""How the tools read their command lines."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Sequence


class ArgumentParser(argparse.ArgumentParser):
    """Refuses empty values, most often variables of the shell that are not set: an empty path would be the folder where
    one is. As files/arguments.h does."""

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:
        words = sys.argv[1:] if args is None else list(args)
        for before, word in zip(["", *words], words):
            is_empty = word.startswith("--") and word.find("=") == len(word) - 1
            if is_empty or not word:
                option = word[:-1] if is_empty else before
                self.error(f"{option}: expected a value, found an empty one; leave the option out for its default")
        return super().parse_args(words, namespace)
