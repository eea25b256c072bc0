"""A program that obeys lines: it says "ready ...", then answers every "run N" with "SECONDS LOSS LOSS"."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Mapping, NamedTuple, Sequence


class ChildFailed(Exception):
    """The program cannot run, or not any longer; the text says why, in one line."""


class Answer(NamedTuple):
    """What the program says of N iterations."""

    seconds: float  # of all of them
    discriminator_loss: float  # of the last one
    generator_loss: float


def parse_answer(line: str) -> Answer:
    """Reads "SECONDS DISCRIMINATOR_LOSS GENERATOR_LOSS". Raises ChildFailed for anything else."""
    try:
        seconds, discriminator_loss, generator_loss = map(float, line.split())
    except ValueError:
        raise ChildFailed(f"expected 'SECONDS LOSS LOSS', found '{line}'") from None
    if not seconds > 0:
        raise ChildFailed(f"expected a positive time, found '{line}'")
    return Answer(seconds, discriminator_loss, generator_loss)


class ChildProcess:
    """The running program. Without use it must cost no processor time; it ends when its input does."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None):
        self.introduction = ""
        self._errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
                env={**os.environ, **(environment or {})},
                process_group=0,  # its helpers end with it
            )
        except OSError as error:
            self._errors.close()
            raise ChildFailed(f"{Path(command[0]).name} does not start: {error.strerror}") from None
        self._is_stuck = False
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line.strip())
        self._lines.put(None)

    def _next_line(self, timeout: float, what: str) -> str:
        try:
            line = self._lines.get(timeout=max(0.0, timeout))
        except queue.Empty:
            self._is_stuck = True
            raise ChildFailed(f"{what} took more than {timeout:.0f} s") from None
        if line is None:
            raise ChildFailed(f"ended with exit code {self._process.wait()}{self._last_error()}")
        return line

    def _last_error(self) -> str:
        """The last line of standard error, which usually is the message."""
        self._errors.seek(0)
        lines = [line.strip() for line in self._errors.read().splitlines() if line.strip()]
        return f": {lines[-1]}" if lines else ""

    def wait_until_ready(self, timeout: float) -> str:
        """What follows "ready". Raises ChildFailed where the program says "unavailable REASON", ends or is too slow."""
        verb, _, rest = self._next_line(timeout, "getting ready").partition(" ")
        if verb == "unavailable":
            raise ChildFailed(rest or "no reason given")
        if verb != "ready":
            raise ChildFailed(f"expected 'ready', found '{verb} {rest}'")
        self.introduction = rest
        return rest

    def run(self, iterations: int, timeout: float) -> Answer:
        """Runs so many iterations; `timeout` is in seconds."""
        try:
            self._process.stdin.write(f"run {iterations}\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it has ended: reading tells how
        return parse_answer(self._next_line(timeout, f"running {iterations} iterations"))

    def cpu_seconds(self) -> float:
        """Processor time that all its threads have used; the system counts in steps of about 10 ms."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            text = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
            fields = text.rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime
        return float("nan")

    def close(self) -> None:
        """Ends the program and its helpers: by the end of its input, else by a signal."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=0 if self._is_stuck else 5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join(timeout=1)
        if not self._reader.is_alive():
            self._process.stdout.close()
        self._errors.close()
