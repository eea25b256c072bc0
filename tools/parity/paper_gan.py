"""The networks and the step of `--preset paper` in PyTorch: Goodfellow et al. 2014 on MNIST. Needs PyTorch and NumPy.

Dropout keeps what Duel's does.
"""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

import numpy as np
import torch
from torch import nn

from mlp_networks import Sizes
from optimizers import SGD_MOMENTUM, SgdMomentum
from parity.batches import Batch, uniform_latents
from parity.dropout import GivenDropout, set_masks
from parity.gan import find_gradients
from parity.kinks import Maxout
from published_gan import StepResult, zero_to_one

SIZES = Sizes(generator_widths=(1200, 1200), discriminator_widths=(240, 240))


class Generator(nn.Module):
    """Latents [batch, latent_dim] to images [batch, *image_shape] in [0, 1]."""

    def __init__(self, sizes: Sizes):
        super().__init__()
        self.image_shape = sizes.image_shape
        widths = [sizes.latent_dim, *sizes.generator_widths]
        hidden = [module for pair in zip(widths, widths[1:]) for module in (nn.Linear(*pair), nn.ReLU())]
        self.model = nn.Sequential(*hidden, nn.Linear(widths[-1], sizes.pixels), nn.Sigmoid())

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return self.model(latents).view(len(latents), *self.image_shape)


class Discriminator(nn.Module):
    """Images [batch, ...] to logits [batch, 1]. keep: of pixels, and of the outputs of hidden layers."""

    def __init__(self, sizes: Sizes, pieces: int, keep: Tuple[float, float]):
        super().__init__()
        widths = [sizes.pixels, *sizes.discriminator_widths]
        modules: List[nn.Module] = [GivenDropout(0, keep[0], (widths[0],))]
        for i, (before, width) in enumerate(zip(widths, widths[1:])):
            modules += [nn.Linear(before, width * pieces), Maxout(pieces), GivenDropout(i + 1, keep[1], (width,))]
        self.model = nn.Sequential(*modules, nn.Linear(widths[-1], 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.model(images.flatten(1))


class PaperSgd(torch.optim.Optimizer):
    """optimizers.SgdMomentum."""

    def __init__(self, parameters: Any, settings: SgdMomentum):
        super().__init__(parameters, {})
        self.settings = settings
        self.epoch = 0  # of the next step

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for parameter in self.param_groups[0]["params"]:
            kept = self.state[parameter]
            if not kept:
                kept.update({"step": torch.tensor(0.0), "velocity": torch.zeros_like(parameter)})
            rate, momentum = self.settings.rate(int(kept["step"])), self.settings.momentum(self.epoch)
            kept["velocity"] = kept["velocity"] * momentum - parameter.grad * rate
            kept["step"] += 1
            parameter += kept["velocity"]


class PaperGan:
    """Both networks, and simultaneous updates by SGD with momentum.

    `dtype` is the arithmetic of everything; keep: what dropout keeps of pixels and of hidden outputs. The other
    arguments are the paper's values; a comparison may pass wrong ones to see itself fail: updates one after another,
    D's first, masks that real and generated images share, `sgd_settings` of SgdMomentum.
    """

    is_penalising = False
    preset = "paper"
    batch_size = 100
    pixel_range = (0.0, 1.0)
    draw_latents = staticmethod(uniform_latents)
    pixels = staticmethod(zero_to_one)
    head_bias: Optional[str] = None

    def __init__(
        self,
        dtype: torch.dtype = torch.float32,
        sizes: Sizes = SIZES,
        pieces: int = 5,
        keep: Tuple[float, float] = (0.8, 0.5),
        seed: int = 0,
        is_simultaneous: bool = True,
        shares_masks: bool = False,
        **sgd_settings: Any,
    ):
        self.dtype, self.seed = dtype, seed
        self.is_simultaneous, self.shares_masks = is_simultaneous, shares_masks
        self.generator = Generator(sizes).to(dtype)
        self.discriminator = Discriminator(sizes, pieces, keep).to(dtype)
        self.loss = nn.BCEWithLogitsLoss()
        sgd = SGD_MOMENTUM._replace(**sgd_settings)
        self.optimizer = sgd.prefix
        self.generator_optimizer = PaperSgd(self.generator.parameters(), sgd)
        self.discriminator_optimizer = PaperSgd(self.discriminator.parameters(), sgd)

    def generate(self, batch: Batch) -> torch.Tensor:
        return self.generator(torch.tensor(batch.latents).to(self.dtype))

    def iterate(self, batch: Batch, order: np.ndarray) -> StepResult:
        """One iteration on the batch, whose rows come in that order. Both players see the generated images under the
        same masks."""
        latents, real_images = (torch.tensor(values[order]).to(self.dtype) for values in batch[:2])
        rows = len(order)
        real, fake = torch.ones(rows, 1, dtype=self.dtype), torch.zeros(rows, 1, dtype=self.dtype)
        optimizers = (self.generator_optimizer, self.discriminator_optimizer)
        for optimizer in optimizers:
            optimizer.zero_grad()
            optimizer.epoch = batch.iteration

        def judge(images: torch.Tensor, first_place: int) -> torch.Tensor:
            set_masks(self.discriminator, self.seed, batch.iteration, first_place + order)
            return self.discriminator(images)

        generated = self.generator(latents)
        of_generated = judge(generated, 0 if self.shares_masks else rows)
        of_real = judge(real_images, 0)
        discriminator_loss = (self.loss(of_real, real) + self.loss(of_generated, fake)) / 2
        if self.is_simultaneous:
            generator_loss = self.loss(of_generated, real)
            find_gradients(generator_loss, self.generator)
            find_gradients(discriminator_loss, self.discriminator)
        else:
            find_gradients(discriminator_loss, self.discriminator)
            self.discriminator_optimizer.step()
            generator_loss = self.loss(judge(generated, rows), real)
            find_gradients(generator_loss, self.generator)
        for optimizer in optimizers if self.is_simultaneous else (self.generator_optimizer,):
            optimizer.step()
        return StepResult(discriminator_loss, generator_loss, torch.sigmoid(of_real), torch.sigmoid(of_generated))
