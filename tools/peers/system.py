"""What the machine and the build of Duel are, for reports."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from pathlib import Path


def processor() -> str:
    """Name of the processor as the system tells it."""
    with contextlib.suppress(OSError):
        match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
        if match:
            return match.group(1)
    return "unknown processor"


def pin_to_cores(text: str) -> list[int]:
    """Pins this process, and so everything it starts, to the cores of a list such as "0,1"; all where it is empty."""
    if text:
        try:
            os.sched_setaffinity(0, {int(core) for core in text.split(",")})
        except ValueError:
            raise ValueError(f"expected a list of cores such as 0,1, found '{text}'") from None
        except OSError as error:
            raise ValueError(f"cannot run on the cores {text}: {error.strerror}") from None
    return sorted(os.sched_getaffinity(0))


def version_line(program: str) -> str:
    """The line of a compiler's --version that names its version; empty if it does not run."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        text = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
        lines = [line.strip() for line in text.splitlines() if re.search(r"\d+\.\d+", line)]
        return next((line for line in lines if "release" in line), lines[0] if lines else "")
    return ""


def compilers(build: Path) -> list[str]:
    """The compilers that a build folder was configured with, each with its version."""
    with contextlib.suppress(OSError):
        cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
        paths = re.findall(r"^CMAKE_(?:CXX|CUDA)_COMPILER:\w+=(.+)$", cache, re.MULTILINE)
        return [line for line in map(version_line, paths) if line]
    return []
