"""What the tools write: files that a user names, by the rules of files/output_file.h, and standard output."""

from __future__ import annotations

import argparse
import errno
import fcntl
import importlib.util
import itertools
import os
import re
import stat
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterable, TextIO, Tuple, Type

DISK, USAGE, SKIPPED = 6, 2, 77  # exit codes
PATIENCE = 5.0  # seconds, for somebody who reads a named pipe
DISK_ERRORS = {errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EBADF}
COUNT = itertools.count()


class UnusableName(ValueError):
    """A name that no file to be written can have."""


class UnwritableFile(Exception):
    """What the system does not let be written."""


def write_whole(path: Path, text: str | bytes) -> None:
    """Readers see the old file or the new one, which has its permissions; what was written is on the disk. A symbolic
    link is replaced: for files of our own. Raises OSError."""
    data = text.encode() if isinstance(text, str) else text
    number = next(COUNT)  # named as files/temporary.h does, which removes what a killed process leaves
    temporary = path.with_name(f"{path.name[:200]}.{os.getpid()}-{number}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with open(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(data)
            file.flush()
            if path.is_file() and not path.is_symlink():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            os.fsync(file.fileno())
            os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def data_files(folder: Path | None) -> list[Path]:
    """Those of a dataset, whichever of them are read."""
    return [] if folder is None else list(folder.glob("*-ubyte*"))


class OutputFile:
    """Written once, at a tool's end, and checked before its work: links are followed, devices, pipes and descriptors of
    the shell (/dev/stdout, /dev/fd/N) are opened at once and written to. A regular file is replaced, whole, only where
    it is empty or begins as every output of the tool does, white space aside; without a `beginning` none is.

    Raises UnusableName where the folder is missing, for a folder, a block device, a loop of links, a descriptor that is
    not open for writing, a file that would be lost, and for one of `inputs`, the files that the tool reads;
    UnwritableFile for the rest."""

    def __init__(self, option: str, name: Path | None, inputs: Iterable[Path] = (), beginning: str = "",
                 patience: float = PATIENCE):
        self.option, self.name, self.descriptor = option, name, -1
        self.beginning = beginning.encode()
        if name is None:
            return
        try:
            self.target = self.behind_links(name)
            if self.descriptor < 0:
                self.check(patience)
            self.keep_apart_from(inputs)
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
                self.refuse(error.strerror)
            self.fail(error)

    def refuse(self, found: str) -> None:
        raise UnusableName(f"{self.option}: '{self.name}': expected a file to write, found {found}; name another one")

    def fail(self, error: OSError) -> None:
        raise UnwritableFile(f"{self.option}: cannot write '{self.name}': {error.strerror}") from error

    def behind_links(self, path: Path) -> Path:
        for _ in range(41):
            parent = os.path.realpath(path.parent)
            if path.name.isdigit() and re.fullmatch(rf"/proc/{os.getpid()}(/task/\d+)?/fd", parent):
                self.open_descriptor(int(path.name))
                return path
            if not path.is_symlink():
                return path
            path = path.parent / os.readlink(path)
        self.refuse("a loop of symbolic links")
        return path

    def open_descriptor(self, number: int) -> None:
        try:
            is_writable = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY and os.get_inheritable(number)
        except OSError:
            is_writable = False
        if not is_writable:
            self.refuse(f"descriptor {number}, which is not open for writing")
        self.descriptor = os.dup(number)

    def check(self, patience: float) -> None:
        folder = self.target.parent
        try:
            mode = self.target.stat().st_mode
        except FileNotFoundError:
            if not folder.is_dir():
                self.refuse(f"that the folder {folder} does not exist")
            with tempfile.TemporaryFile(dir=folder):
                return
        if stat.S_ISDIR(mode):
            self.refuse("a folder")
        if stat.S_ISBLK(mode):
            self.refuse("a block device")
        if stat.S_ISREG(mode):
            for number, stream in ((1, "output"), (2, "error")):
                if os.path.samestat(self.target.stat(), os.fstat(number)):
                    self.refuse(f"the file that standard {stream} goes to")
            os.close(os.open(self.target, os.O_RDWR | os.O_NONBLOCK))
            if self.would_lose_a_file():
                self.refuse("a file that is neither empty nor an earlier result of this tool, and stays")
            with tempfile.TemporaryFile(dir=folder):
                return
        end = time.monotonic() + patience
        while self.descriptor < 0:
            try:
                self.descriptor = os.open(self.target, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
            except OSError as error:  # ENXIO: nobody has opened the pipe for reading yet
                if error.errno != errno.ENXIO or time.monotonic() > end:
                    raise
                time.sleep(0.01)
        os.set_blocking(self.descriptor, True)

    def would_lose_a_file(self) -> bool:
        try:
            with self.target.open("rb") as file:
                found = file.read(4096)
        except FileNotFoundError:
            return False
        wanted = b"".join(self.beginning.split())
        return bool(found) and not (wanted and b"".join(found.split()).startswith(wanted))

    def keep_apart_from(self, inputs: Iterable[Path]) -> None:
        if self.descriptor < 0 and not self.target.exists():
            return
        mine = os.fstat(self.descriptor) if self.descriptor >= 0 else self.target.stat()
        for path in inputs:
            if stat.S_ISREG(mine.st_mode) and path.exists() and os.path.samestat(mine, path.stat()):
                self.refuse(f"{path}, which this tool reads")

    def write(self, text: str | bytes) -> None:
        """Nothing, where no file was named."""
        if self.name is None:
            return
        try:
            if self.descriptor < 0:
                if self.would_lose_a_file():
                    raise FileExistsError(errno.EEXIST, "what is there by now is no earlier result of this tool")
                return write_whole(self.target, text)
            sys.stdout.flush()  # it may be the same descriptor
            with open(self.descriptor, "wb") as file:
                file.write(text.encode() if isinstance(text, str) else text)
        except OSError as error:
            self.fail(error)


def open_standard_descriptors() -> None:
    """Closed ones, so that no file gets their numbers; what is printed to a closed standard output is known to be lost."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if number == 2 else os.O_RDONLY)
    if sys.stdout is None:
        sys.stdout = open(1, "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = open(2, "w", closefd=False)


class Stream:
    """Standard output, or standard error. What cannot be written is dropped; where the stream `counts`, flush() raises
    the first error (argparse keeps those of write() to itself)."""

    def __init__(self, stream: TextIO, counts: bool):
        self.stream, self.counts, self.error = stream, counts, None

    def attempt(self, act: Callable[[], Any]) -> None:
        try:
            act()
        except OSError as error:
            self.error = self.error or error

    def write(self, text: str) -> int:
        self.attempt(lambda: self.stream.write(text))
        return len(text)

    def flush(self) -> None:
        self.attempt(self.stream.flush)
        if self.counts and self.error:
            raise self.error

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def guarded(name: str, body: Callable[[], Any], failures: Tuple[Type[BaseException], ...] = ()) -> Any:
    """What `body` returns; or ends the process, with 1 for one of `failures`, 2 for an UnusableName, 6 where a file or
    standard output cannot be written, which is said unless a reader has gone."""
    open_standard_descriptors()
    if not isinstance(sys.stdout, Stream):
        sys.stdout, sys.stderr = Stream(sys.stdout, counts=True), Stream(sys.stderr, counts=False)
    code, message = 0, ""
    try:
        try:
            result = body()
            sys.stdout.flush()
            return result
        except SystemExit as end:  # of argparse
            if not isinstance(end.code, int):
                raise
            code = end.code
            sys.stdout.flush()
    except UnusableName as error:
        code, message = USAGE, str(error)
    except UnwritableFile as error:
        code, message = DISK, str(error)
    except OSError as error:
        if error.errno in DISK_ERRORS:
            code, message = code or DISK, "" if error.errno == errno.EPIPE else str(error)
        elif OSError in failures:
            code, message = 1, str(error)
        else:
            raise
    except failures as error:
        code, message = 1, str(error)
    if message:
        print(f"{name}: {message}", file=sys.stderr)
    try:
        sys.stdout.flush()
    except OSError:  # said already; the interpreter must not try again
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stdout.error = None
    sys.exit(code)


def run_tool(name: str, main: Callable[[], int | None], failures: Tuple[Type[BaseException], ...] = ()) -> None:
    """Ends the process with what `main` returns (None: 0), or as guarded() does."""
    sys.exit(guarded(name, main, failures) or 0)


def before_pytorch(name: str, parse_arguments: Callable[[], argparse.Namespace]) -> argparse.Namespace:
    """Parses the command line before PyTorch is loaded, which takes seconds. Where it is missing the process ends with
    77, which tests take for skipped."""

    def parse() -> argparse.Namespace:
        arguments = parse_arguments()
        if importlib.util.find_spec("torch") is None:
            print(f"skipped: PyTorch is not installed for {sys.executable}")
            sys.exit(SKIPPED)
        return arguments

    return guarded(name, parse)
