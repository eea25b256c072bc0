"""The networks of dcgan.py of the PyTorch-GAN collection: convolutions, from an image of few pixels upward in G, with a
stride of two in D. Needs PyTorch."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Tuple

import torch
from torch import nn

from mlp_networks import Sizes, class_input_of, class_values, with_classes, with_spectral_norm

SIZES = Sizes(generator_widths=(128, 128, 64), discriminator_widths=(16, 32, 64, 128))  # widths: channels of layers
FIRST_EPS = 1e-5  # of the batch norm of G's linear layer: PyTorch's default


class DcganNetworks(NamedTuple):
    """What makes both: settings under the names that Duel's configurations have, but for sizes.

    Images are square, and their sides divisible by two for each width of G after the first. Norms: "batch" or "none", D's
    also "spectral".
    hidden_keep: what is left by D's dropout, which takes whole channels; 1: there is none. classes, class_input,
    embedding_padding: the fields of ClassInput, which are further values of latents and further channels of the images
    that D judges.
    """

    sizes: Sizes = SIZES
    batch_norm_eps: float = 0.8
    first_eps: float = FIRST_EPS
    generator_norm: str = "batch"
    discriminator_norm: str = "batch"
    hidden_keep: float = 0.75
    classes: int = 0
    class_input: str = "one_hot"
    embedding_padding: Optional[int] = None

    @property
    def head_bias(self) -> str:
        return "discriminator.adv_layer.0.bias"

    @property
    def first_side(self) -> int:
        """Of the images that G's first convolution reads, before they are upsampled."""
        return self.sizes.image_shape[1] >> len(self.sizes.generator_widths) - 1

    @property
    def judged_sides(self) -> Tuple[int, ...]:
        """Of the images that D's convolutions leave, one after another."""
        sides, side = [], self.sizes.image_shape[1]
        for _ in self.sizes.discriminator_widths:
            side = (side - 1) // 2 + 1
            sides.append(side)
        return tuple(sides)

    def generator(self) -> nn.Module:
        return DcganGenerator(self)

    def discriminator(self, judgement: nn.Module) -> nn.Module:
        network = DcganDiscriminator(self, judgement)
        return with_spectral_norm(network) if self.discriminator_norm == "spectral" else network


def initialise(module: nn.Module) -> None:
    """As the script does: normal weights of convolutions and batch norm; the rest stays as PyTorch draws it."""
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


class DcganGenerator(nn.Module):
    """Latents [batch, latent_dim], with their classes, to images [batch, *image_shape] in [-1, 1]."""

    def __init__(self, networks: DcganNetworks):
        super().__init__()
        self.image_shape = networks.sizes.image_shape
        widths, side = networks.sizes.generator_widths, networks.first_side
        is_normalised = networks.generator_norm == "batch"
        self.first_shape = (widths[0], side, side)
        self.label_embedding = class_input_of(networks).embedding()
        self.l1 = nn.Sequential(nn.Linear(networks.sizes.latent_dim + networks.classes, widths[0] * side**2))
        blocks: List[nn.Module] = [nn.BatchNorm2d(widths[0], networks.first_eps)] if is_normalised else []
        for before, width in zip(widths, widths[1:]):
            blocks += [nn.Upsample(scale_factor=2), nn.Conv2d(before, width, 3, stride=1, padding=1)]
            if is_normalised:
                blocks.append(nn.BatchNorm2d(width, networks.batch_norm_eps))
            blocks.append(nn.LeakyReLU(0.2, inplace=True))
        last = nn.Conv2d(widths[-1], self.image_shape[0], 3, stride=1, padding=1)
        self.conv_blocks = nn.Sequential(*blocks, last, nn.Tanh())
        self.apply(initialise)

    def forward(self, latents: torch.Tensor, classes: Optional[torch.Tensor] = None) -> torch.Tensor:
        rows = with_classes(latents, class_values(classes, self.label_embedding))
        return self.conv_blocks(self.l1(rows).view(-1, *self.first_shape))


def with_planes(images: torch.Tensor, classes: Optional[torch.Tensor]) -> torch.Tensor:
    """A further channel for each of a sample's class values [batch, classes], all of whose pixels are that value."""
    return images if classes is None else torch.cat((images, classes[:, :, None, None].expand(-1, -1, *images.shape[2:])), 1)


class DcganDiscriminator(nn.Module):
    """Images [batch, *image_shape], with their classes, to D's judgement [batch, 1]. judgement: of D's score."""

    def __init__(self, networks: DcganNetworks, judgement: nn.Module):
        super().__init__()
        self.label_embedding = class_input_of(networks).embedding()
        blocks: List[nn.Module] = []
        before = networks.sizes.image_shape[0] + networks.classes
        for i, width in enumerate(networks.sizes.discriminator_widths):
            blocks += [nn.Conv2d(before, width, 3, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
            if networks.hidden_keep < 1:
                blocks.append(nn.Dropout2d(1 - networks.hidden_keep))
            if i > 0 and networks.discriminator_norm == "batch":
                blocks.append(nn.BatchNorm2d(width, networks.batch_norm_eps))
            before = width
        self.model = nn.Sequential(*blocks)
        self.adv_layer = nn.Sequential(nn.Linear(before * networks.judged_sides[-1] ** 2, 1), judgement)
        self.apply(initialise)

    @property
    def head(self) -> nn.Sequential:
        """What ends with the judgement."""
        return self.adv_layer

    def score(self, images: torch.Tensor, classes: Optional[torch.Tensor] = None) -> torch.Tensor:
        """[batch, 1]"""
        return self.adv_layer[:-1](self._features(images, classes))

    def forward(self, images: torch.Tensor, classes: Optional[torch.Tensor] = None) -> torch.Tensor:
        return self.adv_layer(self._features(images, classes))

    def _features(self, images: torch.Tensor, classes: Optional[torch.Tensor]) -> torch.Tensor:
        return self.model(with_planes(images, class_values(classes, self.label_embedding))).flatten(1)
