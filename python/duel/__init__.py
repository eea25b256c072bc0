"""Trains generative adversarial networks on hand-written CUDA kernels, or on the CPU that stands in for a GPU.

    import duel

    images = duel.load_images("DIR")
    trainer = duel.Trainer(images, "default", batch_size=64)
    history = trainer.train(1000, on_stats=lambda stats: print(stats[-1]))
    duel.save_grid("samples.png", trainer.sample(64))

Arrays are NumPy's; whatever NumPy takes, such as PyTorch's tensors in the host's memory, may be given. Errors are duel.Error.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Sequence

from ._duel import (
    ConfigError,
    DataError,
    Device,
    DeviceArray,
    DeviceError,
    Error,
    Generator,
    Images,
    Lab,
    NonFiniteError,
    Stats,
    Trainer,
    __version__,
    _measure,
    config,
    device,
    load_images,
    metrics,
    presets,
    read_safetensors,
    save_grid,
    select_device,
    write_safetensors,
)

__all__ = [
    "ConfigError", "DataError", "Device", "DeviceArray", "DeviceError", "Error", "Generator", "Images", "Lab", "NonFiniteError", "Stats", "Trainer",
    "__version__", "config", "device", "evaluate", "load_images", "metrics", "presets", "read_safetensors", "save_grid", "select_device",
    "write_safetensors",
]


def evaluate(
    source: Trainer | Generator | Any,
    train: Images,
    test: Images,
    *,
    samples: int = 10_000,
    seed: int = 0,
    metrics: Sequence[str] = (),
    classes: Sequence[int] | None = None,
    classifier_cache: str | os.PathLike[str] | None = None,
    on_progress: Callable[[str], object] | None = None,
) -> dict[str, Any]:
    """How good samples are, beside real images: docs/quality.md says what the figures mean.

    source: a Trainer or Generator, which draws `samples` images of `seed`; or images, float32 [count, ...] in [-1, 1]. metrics: names such as fd, pr
    or parzen; none: all, or where there are no labels those that need none. classes: numbers of what images were to be; a conditional source draws each
    in turn. on_progress gets lines of text.

    Returns figures (by duel.metrics()), the same of real images as `real`, class_shares, and which classifier judged. Raises DataError, ConfigError.
    """
    if isinstance(source, (Trainer, Generator)):
        drawn, known = source.sample(samples, seed), len(source.classes)
        if known > 0 and train.labels is not None and known == len(set(train.labels.tolist())):
            classes = [i % known for i in range(samples)]
        source = drawn if source.image_range == (-1, 1) else 2 * drawn - 1
    return _measure(source, classes, train, test, list(metrics), classifier_cache, on_progress)
