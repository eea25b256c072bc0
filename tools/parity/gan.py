"""What the comparison asks of a GAN in PyTorch. Needs PyTorch and NumPy."""

from __future__ import annotations

from typing import Callable, Optional, Protocol, Tuple

import numpy as np
import torch

from parity.batches import Batch, DrawLatents
from published_gan import StepResult

MakeGan = Callable[..., "Gan"]  # of a dtype, and of what a truth has of its own


class Gan(Protocol):
    """Both networks with their optimizers."""

    # Of the class: Duel's preset, and what goes into it.
    preset: str
    batch_size: int
    pixel_range: Tuple[float, float]
    draw_latents: DrawLatents
    pixels: Callable[[np.ndarray], np.ndarray]  # of u8 images: float32 in the range

    is_penalising: bool  # D sees the points of a penalty of its gradients
    dtype: torch.dtype
    optimizer: str  # prefix of what both optimizers keep (optimizers.py)
    generator: torch.nn.Module
    discriminator: torch.nn.Module
    generator_optimizer: torch.optim.Optimizer
    discriminator_optimizer: torch.optim.Optimizer
    # The tensor of one value that makes D sure, of a GAN that clamps then and takes is_sure; None of others.
    head_bias: Optional[str]

    def iterate(self, batch: Batch, order: np.ndarray) -> StepResult:
        """One iteration on the batch, whose rows come in that order."""

    def generate(self, batch: Batch) -> torch.Tensor:
        """G(z) of the batch."""


def find_gradients(loss: torch.Tensor, network: torch.nn.Module) -> None:
    """Of one network alone; the other's loss may still go back through the same pass."""
    loss.backward(inputs=list(network.parameters()), retain_graph=True)
