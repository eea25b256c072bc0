#!/usr/bin/env python3
"""Stands for iteration_time and for a Python that runs a peer: obeys the protocol with times that follow from its name.

The last argument of the form MODE=... or the environment variable FAKE_MODE chooses how it behaves: good, unavailable,
ends, hangs, nan (losses), babbles, dies (in the third run).
"""

import os
import sys
import time

SECONDS_PER_ITERATION = 1e-4


def main() -> int:
    words = sys.argv[1:]
    modes = [word.removeprefix("MODE=") for word in words if word.startswith("MODE=")]
    mode = (modes or [os.environ.get("FAKE_MODE", "good")])[-1]
    is_peer = "--peer" in words
    if mode == "unavailable":
        print("unavailable no such thing here", flush=True)
        return 0
    if mode == "ends":
        print("a first line\nit broke", file=sys.stderr)
        return 3
    if mode == "hangs":
        time.sleep(60)
    peer = '{"pytorch": "9.9", "python": "3", "threads": 1, "blas": "none", "gpu": ""}'
    print("ready", peer if is_peer else "1000 /data", flush=True)
    for count, line in enumerate(sys.stdin):
        iterations = int(line.removeprefix("run "))
        seconds = iterations * SECONDS_PER_ITERATION * (2 if is_peer else 1)
        if mode == "dies" and count == 2:
            print("out of luck", file=sys.stderr)
            return 4
        loss = "nan" if mode == "nan" else "0.5"
        print("hello" if mode == "babbles" else f"{seconds:.9f} {loss} 0.7", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
