"""The published script's GAN as the comparison runs it. Needs PyTorch and NumPy."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

import numpy as np
import torch
from torch.nn import functional

from mlp_networks import MlpNetworks
from parity.batches import Batch, normal_latents
from parity.cross_entropy import CrossEntropy
from parity.random_numbers import penalty_shares
from published_gan import SCRIPTS_OBJECTIVE, Classes, HingeLoss, Networks, PublishedGan, StepResult, normalised

# What ScriptGan plays under the names of `mnist_gan train --game`.
GAMES: Dict[str, Dict[str, Any]] = {
    "gan": {},
    "lsgan": {"loss": "least_squares"},
    "hinge": {"loss": "hinge"},
    "wgan": {"loss": "wasserstein", "weight_clip": 0.01},
    "wgan_gp": {"loss": "wasserstein", "gradient_penalty": 10.0},
}


class ScriptGan(PublishedGan):
    """is_sure: D's probability is that of float32, whatever the arithmetic. clamps, margin, shares_seed: wrong ones, of
    CrossEntropy, of HingeLoss and of the points of a gradient penalty; shares_labels: D is told of real images what the
    generated ones are. Arguments may also be fields of the networks, which then differ from those given."""

    preset = "blog"
    batch_size = 64
    pixel_range = (-1.0, 1.0)
    draw_latents = staticmethod(normal_latents)
    pixels = staticmethod(normalised)

    def __init__(
        self,
        dtype: torch.dtype = torch.float32,
        networks: Networks = MlpNetworks(),
        loss: str = SCRIPTS_OBJECTIVE,
        is_sure: bool = False,
        clamps: Optional[Tuple[bool, bool]] = None,
        margin: Optional[float] = None,
        shares_seed: int = 0,
        shares_labels: bool = False,
        **arguments: Any,
    ):
        wrong = CrossEntropy(*clamps) if clamps else HingeLoss(margin) if margin else None
        networks = networks._replace(**{name: arguments.pop(name) for name in networks._fields if name in arguments})
        super().__init__(dtype, networks, objective=loss, loss=wrong, **arguments)
        self.shares_seed, self.shares_labels = shares_seed, shares_labels
        self.head_bias = networks.head_bias if loss == SCRIPTS_OBJECTIVE else None
        if is_sure:
            self.discriminator.head[-1] = ScriptsSigmoid()

    def iterate(self, batch: Batch, order: np.ndarray) -> StepResult:
        shares = penalty_shares(self.shares_seed, batch.iteration, len(order))[order]
        self.shares = torch.tensor(shares).to(self.dtype).view(-1, 1, 1, 1)
        latents, real_images = (torch.tensor(values[order]).to(self.dtype) for values in batch[:2])
        real_labels = batch.generated_labels if self.shares_labels else batch.real_labels
        classes = Classes(self._one_hot(real_labels, order), self._one_hot(batch.generated_labels, order))
        return self.step(latents, real_images.view(len(order), *self.generator.image_shape), classes)

    def generate(self, batch: Batch) -> torch.Tensor:
        classes = self._one_hot(batch.generated_labels, np.arange(len(batch.latents)))
        return self.generator(torch.tensor(batch.latents).to(self.dtype), classes)

    def _one_hot(self, labels: np.ndarray, order: np.ndarray) -> Optional[torch.Tensor]:
        if self.networks.classes == 0:
            return None
        return functional.one_hot(torch.tensor(labels[order]), self.networks.classes).to(self.dtype)


class ScriptsSigmoid(torch.nn.Module):
    """The sigmoid of float64 logits as the script has it, in float32: beyond 17 it is exactly 1, and below -88.7, where
    exp(-logit) is infinite, exactly 0. Its gradient p (1 - p) follows from that p."""

    def forward(self, logits: torch.Tensor) -> torch.Tensor:
        return _RoundedSigmoid.apply(logits)


class _RoundedSigmoid(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, logits: torch.Tensor) -> torch.Tensor:
        probabilities = torch.sigmoid(logits).float().to(logits.dtype)
        is_infinite = torch.exp(-logits) > torch.finfo(torch.float32).max
        probabilities = torch.where(is_infinite, torch.zeros_like(probabilities), probabilities)
        context.save_for_backward(probabilities)
        return probabilities

    @staticmethod
    def backward(context: Any, d_probabilities: torch.Tensor) -> torch.Tensor:
        (p,) = context.saved_tensors
        return d_probabilities * p * (1 - p)
