"""The networks and the step of `--preset paper` in PyTorch: Goodfellow et al. 2014 on MNIST. Needs PyTorch and NumPy.

Dropout keeps what Duel's does: the masks are those of kernels/ops/dropout/mask.h, from Philox4x32-10 of Random123.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Sequence, Tuple

import numpy as np
import torch
from torch import nn

from parity.batches import Batch
from safetensors_file import Arrays

DROPOUT_DRAW = 0x44524F50  # of the first layer and the first batch of an iteration


class Settings(NamedTuple):
    latent_dim: int
    pixels: int
    generator_widths: Sequence[int]
    discriminator_widths: Sequence[int]
    pieces: int
    input_keep: float
    hidden_keep: float
    seed: int = 0
    learning_rate: float = 0.1
    decay: float = 1.000004
    least_rate: float = 1e-6
    momentum: Tuple[float, float] = (0.5, 0.7)
    momentum_epochs: int = 250


def philox(seed: int, counter: Sequence[np.ndarray]) -> List[np.ndarray]:
    """Four words for each counter of four. Source: J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3."""
    words = [np.asarray(word, dtype=np.uint64) for word in counter]
    key = [seed & 0xFFFFFFFF, seed >> 32]
    low = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        products = [np.uint64(0xD2511F53) * words[0], np.uint64(0xCD9E8D57) * words[2]]
        words = [
            products[1] >> np.uint64(32) ^ words[1] ^ np.uint64(key[0]), products[1] & low,
            products[0] >> np.uint64(32) ^ words[3] ^ np.uint64(key[1]), products[0] & low,
        ]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return words


def is_kept(keep: float, seed: int, iteration: int, draw: int, samples: int, features: int) -> np.ndarray:
    """bool [samples, features]"""
    sample, group = np.meshgrid(np.arange(samples), np.arange((features + 3) // 4), indexing="ij")
    words = philox(seed, (group, sample, np.full_like(group, draw), np.full_like(group, iteration)))
    values = np.stack(words, axis=2).reshape(samples, -1)[:, :features]
    return ((values >> np.uint64(9)).astype(np.float64) + 0.5) / 2**23 < np.float32(keep)


class Maxout(nn.Module):
    def __init__(self, pieces: int):
        super().__init__()
        self.pieces = pieces

    def forward(self, linear: torch.Tensor) -> torch.Tensor:
        return linear.view(len(linear), -1, self.pieces).max(-1).values


class GivenDropout(nn.Module):
    """Dropout whose mask [samples, features] the caller sets before each pass."""

    def __init__(self, keep: float):
        super().__init__()
        self.keep = keep
        self.mask = torch.zeros(0)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return torch.where(self.mask, values / self.keep, torch.zeros_like(values))


def generator_of(settings: Settings) -> nn.Sequential:
    widths = [settings.latent_dim, *settings.generator_widths]
    hidden = [module for pair in zip(widths, widths[1:]) for module in (nn.Linear(*pair), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(widths[-1], settings.pixels), nn.Sigmoid())


def discriminator_of(settings: Settings) -> nn.Sequential:
    """Images to logits."""
    widths, keep = [settings.pixels, *settings.discriminator_widths], settings.input_keep
    modules: List[nn.Module] = []
    for before, width in zip(widths, widths[1:]):
        modules += [GivenDropout(keep), nn.Linear(before, width * settings.pieces), Maxout(settings.pieces)]
        keep = settings.hidden_keep
    return nn.Sequential(*modules, GivenDropout(keep), nn.Linear(widths[-1], 1))


class PaperGan:
    """Both networks, and simultaneous updates by SGD with momentum."""

    def __init__(self, settings: Settings, dtype: torch.dtype = torch.float32):
        self.settings, self.dtype = settings, dtype
        self.networks = {"generator": generator_of(settings).to(dtype),
                         "discriminator": discriminator_of(settings).to(dtype)}
        self.velocity = {name: torch.zeros_like(value) for name, value in self.parameters().items()}
        self.steps = 0

    def parameters(self) -> Dict[str, torch.Tensor]:
        return {f"{player}.model.{name}": value for player, network in self.networks.items()
                for name, value in network.named_parameters()}

    def state(self) -> Arrays:
        """Under the names of Duel's checkpoints, and gradients once there are some."""
        state: Arrays = {}
        for name, value in self.parameters().items():
            player, tensor = name.split(".", 1)
            state[name] = value.detach().numpy().copy()
            state[f"{player}.sgd.velocity.{tensor}"] = self.velocity[name].numpy().copy()
            state[f"{player}.sgd.step"] = np.array([self.steps])
            if value.grad is not None:
                state[f"gradients.{name}"] = value.grad.numpy().copy()
        return state

    def load(self, state: Arrays) -> None:
        for name, value in self.parameters().items():
            player, tensor = name.split(".", 1)
            with torch.no_grad():
                value.copy_(torch.tensor(state[name]))
            self.velocity[name] = torch.tensor(state[f"{player}.sgd.velocity.{tensor}"]).to(self.dtype)
        self.steps = int(state["generator.sgd.step"][0])

    def judge(self, images: torch.Tensor, iteration: int, places: np.ndarray) -> torch.Tensor:
        """Logits of images that have those places in D's batch of real and generated ones."""
        features = [self.settings.pixels, *self.settings.discriminator_widths]
        dropouts = [module for module in self.networks["discriminator"] if isinstance(module, GivenDropout)]
        for layer, dropout in enumerate(dropouts):
            draw = DROPOUT_DRAW + layer
            mask = is_kept(dropout.keep, self.settings.seed, iteration, draw, places.max() + 1, features[layer])
            dropout.mask = torch.tensor(mask[places])
        return self.networks["discriminator"](images)

    def step(self, batch: Batch, iteration: int, epoch: int, order: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """One iteration on the batch, its rows in some order: losses of D and G, mean D(x) and D(G(z)); and the
        generated images [batch, pixels] in the order of the batch."""
        latents, real_images = (torch.tensor(values[order]).to(self.dtype) for values in batch)
        rows = len(latents)
        loss = nn.BCEWithLogitsLoss()
        real, fake = torch.ones(rows, 1, dtype=self.dtype), torch.zeros(rows, 1, dtype=self.dtype)
        generated = self.networks["generator"](latents)
        of_real = self.judge(real_images, iteration, order)
        of_generated = self.judge(generated, iteration, rows + order)
        of_detached = self.judge(generated.detach(), iteration, rows + order)
        losses = {"discriminator": (loss(of_real, real) + loss(of_detached, fake)) / 2,
                  "generator": loss(of_generated, real)}
        for player, network in self.networks.items():
            own = list(network.parameters())
            for value, gradient in zip(own, torch.autograd.grad(losses[player], own, retain_graph=True)):
                value.grad = gradient
        self.update(epoch)
        stats = [losses["discriminator"], losses["generator"], torch.sigmoid(of_real).mean(),
                 torch.sigmoid(of_generated).mean()]
        images = np.empty(tuple(generated.shape), dtype=generated.detach().numpy().dtype)
        images[order] = generated.detach().numpy()
        return np.array([value.item() for value in stats]), images

    def update(self, epoch: int) -> None:
        s = self.settings
        rate = max(s.learning_rate / s.decay**self.steps, s.least_rate)
        momentum = s.momentum[0] + (s.momentum[1] - s.momentum[0]) * min(epoch / (s.momentum_epochs - 1), 1)
        self.steps += 1
        for name, value in self.parameters().items():
            self.velocity[name] = self.velocity[name] * momentum - value.grad * rate
            with torch.no_grad():
                value += self.velocity[name]
