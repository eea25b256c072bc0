"""The networks of gan.py of the PyTorch-GAN collection: linear layers, one after another. Needs PyTorch."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, Optional, Tuple

import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize

LATENT_DIM = 100
IMAGE_SHAPE = (1, 28, 28)
PIXELS = 28 * 28


class Sizes(NamedTuple):
    """Of both networks; the script's, unless a comparison needs smaller ones."""

    latent_dim: int = LATENT_DIM
    image_shape: Tuple[int, int, int] = IMAGE_SHAPE
    generator_widths: Tuple[int, ...] = (128, 256, 512, 1024)
    discriminator_widths: Tuple[int, ...] = (512, 256)

    @property
    def pixels(self) -> int:
        return math.prod(self.image_shape)


def with_spectral_norm(network: nn.Module) -> nn.Module:
    """Of the weights of all linear layers and convolutions."""
    for module in network.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            parametrizations.spectral_norm(module)
    return network


def begin_pass(network: nn.Module, steps: int = 1) -> None:
    """The power iteration's step of each weight with spectral normalization. PyTorch makes one at every use of a weight in
    training mode; here all uses until the next call have the same singular vectors, as in one pass over all samples."""
    for module in network.modules():
        if not parametrize.is_parametrized(module, "weight"):
            continue
        of_weight = module.parametrizations["weight"]
        of_weight.train()
        with torch.no_grad():
            for _ in range(steps):
                module.weight
        of_weight.eval()


class ClassInput(NamedTuple):
    """What a network reads of an image's class. kind: "one_hot", or "embedding": a learned vector of as many values.
    padding: a class whose vector is not learned; None: all are."""

    classes: int = 0  # 0: it reads none
    kind: str = "one_hot"
    padding: Optional[int] = None

    def embedding(self) -> Optional[nn.Embedding]:
        """The network's module for it, if it has one."""
        if self.kind != "embedding":
            return None
        return nn.Embedding(self.classes, self.classes, self.padding)


def class_input_of(networks: Any) -> ClassInput:
    """Of networks with its fields, under the names that Duel's configurations have."""
    return ClassInput(networks.classes, networks.class_input, networks.embedding_padding)


def class_values(classes: Optional[torch.Tensor], embedding: Optional[nn.Embedding]) -> Optional[torch.Tensor]:
    """Of one-hot classes [batch, classes] what the network reads."""
    return classes if classes is None or embedding is None else embedding(classes.argmax(1))


def with_classes(rows: torch.Tensor, classes: Optional[torch.Tensor]) -> torch.Tensor:
    return rows if classes is None else torch.cat((rows, classes), 1)


class Generator(nn.Module):
    """Latents [batch, latent_dim], with their classes, to images [batch, *image_shape] in [-1, 1]."""

    def __init__(self, batch_norm_eps: float = 0.8, sizes: Sizes = Sizes(), class_input: ClassInput = ClassInput()):
        super().__init__()
        self.image_shape = sizes.image_shape
        self.label_embedding = class_input.embedding()
        layers: list[nn.Module] = []
        width_before = sizes.latent_dim + class_input.classes
        for i, width in enumerate(sizes.generator_widths):
            layers.append(nn.Linear(width_before, width))
            if i > 0:
                # The script's 0.8 lands on eps, the second positional parameter.
                layers.append(nn.BatchNorm1d(width, batch_norm_eps))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            width_before = width
        self.model = nn.Sequential(*layers, nn.Linear(width_before, sizes.pixels), nn.Tanh())

    def forward(self, latents: torch.Tensor, classes: Optional[torch.Tensor] = None) -> torch.Tensor:
        values = class_values(classes, self.label_embedding)
        return self.model(with_classes(latents, values)).view(latents.size(0), *self.image_shape)


class Discriminator(nn.Module):
    """Images [batch, *image_shape], with their classes, to D's judgement [batch, 1], for the script the probability that
    each is real. judgement: of D's score."""

    def __init__(self, judgement: nn.Module, sizes: Sizes = Sizes(), class_input: ClassInput = ClassInput()):
        super().__init__()
        self.label_embedding = class_input.embedding()
        layers: list[nn.Module] = []
        width_before = sizes.pixels + class_input.classes
        for width in sizes.discriminator_widths:
            layers += [nn.Linear(width_before, width), nn.LeakyReLU(0.2, inplace=True)]
            width_before = width
        self.model = nn.Sequential(*layers, nn.Linear(width_before, 1), judgement)

    @property
    def head(self) -> nn.Sequential:
        """What ends with the judgement."""
        return self.model

    def score(self, images: torch.Tensor, classes: Optional[torch.Tensor] = None) -> torch.Tensor:
        """[batch, 1]"""
        return self.model[:-1](self._inputs(images, classes))

    def forward(self, images: torch.Tensor, classes: Optional[torch.Tensor] = None) -> torch.Tensor:
        return self.model(self._inputs(images, classes))

    def _inputs(self, images: torch.Tensor, classes: Optional[torch.Tensor]) -> torch.Tensor:
        return with_classes(images.flatten(1), class_values(classes, self.label_embedding))


class MlpNetworks(NamedTuple):
    """What makes both. classes, class_input, embedding_padding: the fields of ClassInput. discriminator_norm: "spectral" or
    "none"."""

    sizes: Sizes = Sizes()
    batch_norm_eps: float = 0.8
    classes: int = 0
    class_input: str = "one_hot"
    embedding_padding: Optional[int] = None
    discriminator_norm: str = "none"

    @property
    def head_bias(self) -> str:
        return f"discriminator.model.{2 * len(self.sizes.discriminator_widths)}.bias"

    def generator(self) -> nn.Module:
        return Generator(self.batch_norm_eps, self.sizes, class_input_of(self))

    def discriminator(self, judgement: nn.Module) -> nn.Module:
        network = Discriminator(judgement, self.sizes, class_input_of(self))
        return with_spectral_norm(network) if self.discriminator_norm == "spectral" else network
