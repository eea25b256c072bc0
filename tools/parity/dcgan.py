"""The published DCGAN script's networks as the comparison runs them. Needs PyTorch and NumPy.

As Duel's, and unlike the script's, D sees the generated images of an update once, after the real ones, and both players
learn from that pass: its running statistics move twice, and one mask of dropout serves both players.
"""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

import numpy as np
import torch
from torch import nn

from dcgan_networks import DcganNetworks
from mlp_networks import begin_pass
from parity.batch_norm import use_own_sums
from parity.batches import Batch
from parity.dropout import GivenDropout, set_masks
from parity.gan import find_gradients
from parity.script_gan import ScriptGan
from published_gan import Classes, StepResult

OF_NETWORKS = ("generator_norm", "discriminator_norm", "hidden_keep")
OF_SIZES = ("generator_widths", "discriminator_widths")


def networks_of(settings: Dict[str, Any]) -> DcganNetworks:
    """The script's, but for settings under Duel's names."""
    networks = DcganNetworks(**{name: settings[name] for name in OF_NETWORKS if name in settings})
    sizes = {name: tuple(settings[name]) for name in OF_SIZES if name in settings}
    return networks._replace(sizes=networks.sizes._replace(**sizes))


def settings_of(networks: DcganNetworks) -> Dict[str, Any]:
    """All of Duel's settings that decide what these networks are, whichever its preset."""
    settings = {"networks": "dcgan", "image_size": networks.sizes.image_shape[1]}
    settings.update({name: getattr(networks, name) for name in OF_NETWORKS})
    return {**settings, **{name: list(getattr(networks.sizes, name)) for name in OF_SIZES}}


class Dcgan(ScriptGan):
    """joint_norm, generated_first, pixel_dropout: wrong ones, batch norm over real and generated images together, a pass of
    the generated images before the real ones', and dropout of pixels instead of channels."""

    preset = "dcgan"

    def __init__(
        self,
        dtype: torch.dtype = torch.float32,
        networks: DcganNetworks = DcganNetworks(),
        seed: int = 0,
        joint_norm: bool = False,
        generated_first: bool = False,
        pixel_dropout: bool = False,
        **arguments: Any,
    ):
        super().__init__(dtype, networks=networks, **arguments)
        self.seed, self.joint_norm, self.generated_first = seed, joint_norm, generated_first
        self._iteration, self._order = 0, np.zeros(0, np.int64)  # of the running step
        use_own_sums(self.generator)
        use_own_sums(self.discriminator)
        self._give_masks(self.networks, pixel_dropout)

    def _give_masks(self, networks: DcganNetworks, of_pixels: bool) -> None:
        """In place of the dropout that draws its own. Batch norm counts as a layer, too."""
        model = self.discriminator.model
        of_widths = iter(zip(networks.sizes.discriminator_widths, networks.judged_sides))
        layer = 0
        for i, module in enumerate(model):
            if isinstance(module, (nn.Conv2d, nn.BatchNorm2d)):
                layer += 1
            elif isinstance(module, nn.Dropout2d):
                width, side = next(of_widths)
                shape = (width, side, side) if of_pixels else (width, 1, 1)
                model[i] = GivenDropout(layer, networks.hidden_keep, shape)

    def iterate(self, batch: Batch, order: np.ndarray) -> StepResult:
        self._iteration, self._order = batch.iteration, order
        return super().iterate(batch, order)

    def step(self, latents: torch.Tensor, real_images: torch.Tensor, classes: Classes = Classes()) -> StepResult:
        """One iteration: both gradients from one pass, then both updates."""
        valid = torch.ones(len(latents), 1, dtype=self.dtype)
        fake = torch.zeros_like(valid)
        self.generator_optimizer.zero_grad()
        self.discriminator_optimizer.zero_grad()
        generated = self.generator(latents, classes.generated)
        begin_pass(self.discriminator, self.power_steps)
        of_real, of_generated = self._judge_both(real_images, generated, classes)
        discriminator_loss = self._discriminator_loss(of_real, of_generated, valid, fake)
        if self.is_penalised:
            discriminator_loss = discriminator_loss + self._penalty(real_images, generated.detach(), classes)
        if not self.generator_first:
            find_gradients(discriminator_loss, self.discriminator)
            self._update_discriminator()
            begin_pass(self.discriminator, self.power_steps)
            generator_loss = self._generator_loss(self._judge(generated, classes.generated, len(latents)), valid, fake)
            find_gradients(generator_loss, self.generator)
        else:
            generator_loss = self._generator_loss(of_generated, valid, fake)
            find_gradients(generator_loss, self.generator)
            find_gradients(discriminator_loss, self.discriminator)
            self._update_discriminator()
        self.generator_optimizer.step()
        return StepResult(discriminator_loss, generator_loss, of_real, of_generated)

    def _judge(self, images: torch.Tensor, classes: Optional[torch.Tensor], first_place: int) -> torch.Tensor:
        set_masks(self.discriminator, self.seed, self._iteration, first_place + self._order)
        return self.discriminator(images, classes)

    def _penalty(self, real_images: torch.Tensor, generated: torch.Tensor, classes: Classes) -> torch.Tensor:
        set_masks(self.discriminator, self.seed, self._iteration, 2 * len(real_images) + self._order)
        return super()._penalty(real_images, generated, classes)

    def _judge_both(
        self, real_images: torch.Tensor, generated: torch.Tensor, classes: Classes
    ) -> Tuple[torch.Tensor, torch.Tensor]:
        rows = len(real_images)
        if self.joint_norm:
            places = np.concatenate([self._order, rows + self._order])
            set_masks(self.discriminator, self.seed, self._iteration, places)
            of_all = None if classes.real is None else torch.cat(classes)
            of_real, of_generated = self.discriminator(torch.cat((real_images, generated)), of_all).split(rows)
        elif self.generated_first:
            of_generated = self._judge(generated, classes.generated, rows)
            of_real = self._judge(real_images, classes.real, 0)
        else:
            of_real = self._judge(real_images, classes.real, 0)
            of_generated = self._judge(generated, classes.generated, rows)
        return of_real, of_generated
