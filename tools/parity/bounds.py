"""What judgement.py allows, in words, for every kind of quantity."""

from __future__ import annotations

from typing import Dict

BOUNDS: Dict[str, str] = {
    "losses and means": "PyTorch's error, and 16 roundings of the value.",
    "gradients": (
        "PyTorch's error, and 16 roundings of the tensor's size (of a bias, and of what batch norm by channel has "
        "learned: of the terms that it is the sum of, for they may cancel). The size is the largest value for the largest error, the root of the mean square "
        "for that of the error."
    ),
    "gradients of biases before batch norm": (
        "The true gradient is 0: what is left is rounding of the terms that cancel. PyTorch's error, and 16 "
        "roundings of the terms' summed sizes."
    ),
    "weights and biases": (
        "PyTorch's error, 2 roundings of the tensor's size, for a weight is rounded once, when its step is "
        "subtracted, and what the optimizer makes of the gradient's allowed error: "
        "the learning rate times that error over the gradient's usual size, sqrt(v / (1 - beta2^t)) + eps, of each "
        "weight, but at most twice the longest step, the learning rate times (1 - beta1) / sqrt(1 - beta2); of SGD "
        "the learning rate times that error."
    ),
    "first moments": (
        "PyTorch's error, 16 roundings of the tensor's size, and 1 - beta1 of the gradient's allowed error."
    ),
    "second moments": (
        "PyTorch's error, 16 roundings of the tensor's size, and 1 - beta2 of twice the largest gradient times "
        "the gradient's allowed error: the derivative of its square."
    ),
    "velocities": (
        "PyTorch's error, 16 roundings of the tensor's size, and the learning rate times the gradient's allowed error."
    ),
    "running means": "PyTorch's error, and 16 roundings of the tensor's size.",
    "running variances": "PyTorch's error, and 16 roundings of the tensor's size.",
    "singular vectors": "Of spectral normalization. PyTorch's error, and 16 roundings of the tensor's size.",
    "counters": "No error at all: num_batches_tracked and the optimizers' steps are whole numbers.",
    "generated images": "PyTorch's error, and 16 roundings of the tensor's size, which is about 1.",
    "sample picture, levels of grey beyond rounding": (
        "How much further than half a level, the rounding to whole ones, a pixel of the PNG file is from its true "
        "level: 16 roundings of 255; against the true images also thrice the images' allowed error, as the value, "
        "the darkest and the brightest pixel may each be wrong."
    ),
    "effect of biases before batch norm": (
        "Images in float64 with Duel's biases and with the true ones must be the same but for 4096 roundings of "
        "float64."
    ),
    "biases before batch norm and moments": (
        "Shown, not judged: Adam divides rounding noise by its own size, so each implementation drifts its own "
        "way, by up to the learning rate a step. Their effect on images is judged instead."
    ),
}
