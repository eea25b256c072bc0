"""The script's sample picture: reads Duel's PNG files and makes the same grid in NumPy."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np

COLUMNS, PADDING = 5, 2
MOST_IMAGES = 25
LEAST_RANGE = 1e-5  # of pixels, that torchvision divides by


def grid_levels(images: np.ndarray) -> np.ndarray:
    """Images [count, height, width] as the script's save_image(images, nrow=5, normalize=True) arranges and scales
    them, before it rounds to 0..255: float64 [grid height, grid width].

    Source: torchvision.utils.make_grid: a frame of 2 black pixels around each, the least pixel of all black, the
    greatest white; a single image has no frame.
    """
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    levels = 255 * (images - low) / max(high - low, LEAST_RANGE)
    count, height, width = images.shape
    if count == 1:
        return levels[0]
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    grid = np.zeros((rows * (height + PADDING) + PADDING, columns * (width + PADDING) + PADDING))
    for i, image in enumerate(levels):
        top = i // columns * (height + PADDING) + PADDING
        left = i % columns * (width + PADDING) + PADDING
        grid[top : top + height, left : left + width] = image
    return grid


def saved_levels(images: np.ndarray) -> np.ndarray:
    """The bytes that save_image writes: x * 255 + 0.5, clamped, without its fraction."""
    return np.clip(np.floor(grid_levels(images) + 0.5), 0, 255).astype(np.uint8)


def _paeth(a: int, b: int, c: int) -> int:
    """Of a, b and c the nearest to a + b - c, the first one where two are as near."""
    return min((a, b, c), key=lambda value: abs(a + b - c - value))


def _unfilter(kind: int, line: np.ndarray, above: np.ndarray) -> np.ndarray:
    """A line of a PNG file of one byte a pixel from its filtered form (PNG specification, section 9)."""
    result = np.zeros_like(line)
    a = c = 0  # left of the pixel, and above that
    for x, (value, b) in enumerate(zip(line.tolist(), above.tolist())):
        predicted = (0, a, b, (a + b) // 2, _paeth(a, b, c))[kind]
        a, c = (value + predicted) & 255, b
        result[x] = a
    return result


def read_png(path: Path) -> np.ndarray:
    """A grey picture of 8 bits, uint8 [height, width]. Raises ValueError for any other file."""
    content = path.read_bytes()
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError(f"{path}: expected a PNG file")
    header, data, at = b"", b"", 8
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        chunk = content[at + 8 : at + 8 + length]
        header = chunk if kind == b"IHDR" else header
        data += chunk if kind == b"IDAT" else b""
        at += length + 12
    width, height, *form = struct.unpack(">IIBBBBB", header)
    if form != [8, 0, 0, 0, 0]:
        raise ValueError(f"{path}: expected 8 bits of grey, not interlaced, found {form}")
    lines = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, width + 1)
    picture = np.zeros((height + 1, width), dtype=np.uint8)  # the first line is the one above the picture
    for y, line in enumerate(lines):
        picture[y + 1] = _unfilter(int(line[0]), line[1:], picture[y])
    return picture[1:]
