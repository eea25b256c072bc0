"""Safetensors files of float32, float64 and int64 arrays: the header's length (u64), the header (JSON), the arrays' bytes.

Reads and writes what the tools exchange with Duel's programs, without the safetensors package.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Dict

import numpy as np

Arrays = Dict[str, np.ndarray]

TYPES = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8"), "I64": np.dtype("<i8")}


def safetensors_bytes(tensors: Arrays) -> bytes:
    """What a file of these tensors holds. Raises KeyError for an array of another type."""
    names = {dtype: name for name, dtype in TYPES.items()}
    header, end = {}, 0
    for name, array in tensors.items():
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": names[array.dtype], "shape": list(array.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    parts = [np.ascontiguousarray(array).tobytes() for array in tensors.values()]
    return b"".join([struct.pack("<Q", len(text)), text, *parts])


def read_safetensors(path: Path) -> Arrays:
    """Raises KeyError for a tensor of another type."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(content[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors
