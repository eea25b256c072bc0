"""The published PyTorch script's GAN, for comparisons: its training step and its images, with networks of several kinds.

parity/ and peers/pytorch_peer.py import them. Needs PyTorch and NumPy.

Source of the semantics: gan.py and dcgan.py of the PyTorch-GAN collection, whose steps are the same.
"""

from __future__ import annotations

import ctypes
import gzip
import re
from pathlib import Path
from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple, Union

import numpy as np
import torch
from torch import nn

from dcgan_networks import DcganNetworks
from mlp_networks import IMAGE_SHAPE, PIXELS, MlpNetworks, begin_pass
from optimizers import ADAM, RMSPROP


class Classes(NamedTuple):
    """Of a batch, one-hot [batch, classes], which both networks of a conditional GAN read; None: neither does."""

    real: Optional[torch.Tensor] = None
    generated: Optional[torch.Tensor] = None


class Objective(NamedTuple):
    """What both players minimise, as kernels/losses has it."""

    judgement: Callable[[], nn.Module]  # of D's score: its last layer
    loss: Callable[[], nn.Module]  # of judgements and labels, a mean
    discriminator_share: float = 0.5  # D's loss is as much of the sum for real and for generated images
    generator_share: float = 1.0  # G's counts as much
    generator_loss: Optional[Callable[[torch.Tensor], torch.Tensor]] = None  # G's; None: `loss` with labels of 1


class HingeLoss(nn.Module):
    """Distances of scores from the margins, of real images (labels of 1) from below, of generated ones from above."""

    def __init__(self, margin: float = 1.0):
        super().__init__()
        self.margin = margin

    def forward(self, scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.margin + (1 - 2 * labels) * scores).mean()


class CriticLoss(nn.Module):
    """Mean score of generated images, minus that of real ones (labels of 1)."""

    def forward(self, scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return ((1 - 2 * labels) * scores).mean()


def minus_mean(scores: torch.Tensor) -> torch.Tensor:
    return -scores.mean()


SCRIPTS_OBJECTIVE = "clamped_cross_entropy"
OBJECTIVES = {
    SCRIPTS_OBJECTIVE: Objective(lambda: nn.Sigmoid(), nn.BCELoss),  # looked up when it is called: tests replace it
    "least_squares": Objective(nn.Identity, nn.MSELoss, generator_share=0.5),
    "hinge": Objective(nn.Identity, HingeLoss, discriminator_share=1.0, generator_loss=minus_mean),
    "wasserstein": Objective(nn.Identity, CriticLoss, discriminator_share=1.0, generator_loss=minus_mean),
}


class OptimizerChoice(NamedTuple):
    """One of kernels/optimizers, as PyTorch has it."""

    make: Callable[..., torch.optim.Optimizer]
    options: Dict[str, Any]


SCRIPTS_OPTIMIZER = "adam"
OPTIMIZERS = {
    SCRIPTS_OPTIMIZER: OptimizerChoice(torch.optim.Adam, {"lr": ADAM.learning_rate, "betas": (ADAM.beta1, ADAM.beta2)}),
    "rmsprop": OptimizerChoice(torch.optim.RMSprop, {"lr": RMSPROP.learning_rate, "alpha": RMSPROP.beta2}),
}


Networks = Union[MlpNetworks, DcganNetworks]
NETWORKS = {"mlp": MlpNetworks, "dcgan": DcganNetworks}


class StepResult(NamedTuple):
    discriminator_loss: torch.Tensor
    generator_loss: torch.Tensor
    probability_real: torch.Tensor  # D(x) [batch, 1]
    probability_fake: torch.Tensor  # D(G(z)) [batch, 1]


class PublishedGan:
    """Both networks with their optimizers, and one iteration of the script.

    `dtype` is the arithmetic of everything and `device` where everything lies; `optimizer_options` go to PyTorch's
    optimizer, such as fused=True. With `minimax` the generator minimises mean log(1 - D(G(z))), which the
    script does not. weight_clip: D's parameters are within it, plus and minus, after each of its steps, as in wgan.py of
    the same collection; 0: anywhere. gradient_penalty: weight of the penalty of wgan_gp.py; r1: of R1, which no script of it
    has. power_steps: of spectral normalization, in each pass. The other arguments are the script's values; a comparison may pass wrong ones to see itself fail.
    """

    is_penalising = False  # D sees the points of a penalty of its gradients

    def __init__(
        self,
        dtype: torch.dtype = torch.float32,
        networks: Networks = MlpNetworks(),
        generator_first: bool = True,
        minimax: bool = False,
        objective: str = SCRIPTS_OBJECTIVE,
        optimizer: str = SCRIPTS_OPTIMIZER,
        loss: Optional[nn.Module] = None,
        weight_clip: float = 0.0,
        gradient_penalty: float = 0.0,
        r1: float = 0.0,
        power_steps: int = 1,
        device: str = "cpu",
        **optimizer_options: Any,
    ):
        self.dtype = dtype
        self.generator_first = generator_first
        self.minimax, self.weight_clip = minimax, weight_clip
        self.gradient_penalty, self.r1 = gradient_penalty, r1
        self.power_steps = power_steps
        self.shares: Optional[torch.Tensor] = None  # of real images in the points of gradient_penalty [batch, 1, 1, 1]; None: drawn
        self.networks = networks
        self.objective = OBJECTIVES[objective]
        self.generator = networks.generator().to(device, dtype)
        self.discriminator = networks.discriminator(self.objective.judgement()).to(device, dtype)
        self.loss = loss or self.objective.loss()
        self.optimizer = optimizer
        make, options = OPTIMIZERS[optimizer]
        options = {**options, **optimizer_options}
        self.generator_optimizer = make(self.generator.parameters(), **options)
        self.discriminator_optimizer = make(self.discriminator.parameters(), **options)

    def step(self, latents: torch.Tensor, real_images: torch.Tensor, classes: Classes = Classes()) -> StepResult:
        """One iteration: the generator's step, then the discriminator's on the same generated images."""
        valid = torch.ones(real_images.size(0), 1, dtype=self.dtype, device=real_images.device)
        fake = torch.zeros(real_images.size(0), 1, dtype=self.dtype, device=real_images.device)
        begin_pass(self.discriminator, self.power_steps)
        if not self.generator_first:
            generated = self.generator(latents, classes.generated)
            discriminator_results = self._discriminator_step(real_images, generated, classes, valid, fake)
            begin_pass(self.discriminator, self.power_steps)
        self.generator_optimizer.zero_grad()
        generated = self.generator(latents, classes.generated)
        judged = self.discriminator(generated, classes.generated)
        generator_loss = self._generator_loss(judged, valid, fake)
        generator_loss.backward()
        self.generator_optimizer.step()
        if self.generator_first:
            discriminator_results = self._discriminator_step(real_images, generated, classes, valid, fake)
        discriminator_loss, probability_real, probability_fake = discriminator_results
        return StepResult(discriminator_loss, generator_loss, probability_real, probability_fake)

    def _discriminator_step(
        self,
        real_images: torch.Tensor,
        generated: torch.Tensor,
        classes: Classes,
        valid: torch.Tensor,
        fake: torch.Tensor,
    ) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        self.discriminator_optimizer.zero_grad()
        probability_real = self.discriminator(real_images, classes.real)
        probability_fake = self.discriminator(generated.detach(), classes.generated)
        discriminator_loss = self._discriminator_loss(probability_real, probability_fake, valid, fake)
        if self.is_penalised:
            discriminator_loss = discriminator_loss + self._penalty(real_images, generated.detach(), classes)
        discriminator_loss.backward()
        self._update_discriminator()
        return discriminator_loss, probability_real, probability_fake

    @property
    def is_penalised(self) -> bool:
        return self.gradient_penalty > 0 or self.r1 > 0

    def _generator_loss(self, judged: torch.Tensor, valid: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        """Of D's judgements of generated images."""
        if self.minimax:
            return -self.loss(judged, fake)
        if self.objective.generator_loss:
            return self.objective.generator_loss(judged)
        return self.objective.generator_share * self.loss(judged, valid)

    def _discriminator_loss(
        self, judged_real: torch.Tensor, judged_fake: torch.Tensor, valid: torch.Tensor, fake: torch.Tensor
    ) -> torch.Tensor:
        real_loss, fake_loss = self.loss(judged_real, valid), self.loss(judged_fake, fake)
        return (real_loss + fake_loss) * self.objective.discriminator_share

    def _update_discriminator(self) -> None:
        self.discriminator_optimizer.step()
        if self.weight_clip > 0:
            for parameter in self.discriminator.parameters():
                parameter.data.clamp_(-self.weight_clip, self.weight_clip)

    def _penalty(self, real_images: torch.Tensor, generated: torch.Tensor, classes: Classes) -> torch.Tensor:
        """Of gradients with respect to images alone, at points that have the real images' classes."""
        shares = torch.rand_like(real_images[:, :1, :1, :1]) if self.shares is None else self.shares
        share = 1.0 if self.r1 > 0 else shares
        points = (share * real_images + (1 - share) * generated).requires_grad_()
        self.is_penalising = True
        scores = self.discriminator.score(points, classes.real)
        self.is_penalising = False
        (gradients,) = torch.autograd.grad(scores.sum(), points, create_graph=True)
        gradients = gradients.flatten(1)
        if self.r1 > 0:
            return self.r1 / 2 * gradients.square().sum(dim=1).mean()
        return self.gradient_penalty * ((gradients.norm(2, dim=1) - 1) ** 2).mean()


def read_training_images(folder: Path) -> np.ndarray:
    """Images u8 [count, 28, 28] of an IDX folder, plain or gzip-compressed. Raises ValueError for another format, and
    FileNotFoundError where the folder has none."""
    name = "train-images-idx3-ubyte"
    spelled = {re.sub("[._]", "-", path.name.lower()): path for path in sorted(folder.iterdir(), reverse=True) if path.is_file()}
    path = spelled.get(name) or spelled.get(name + "-gz")
    if path is None:
        raise FileNotFoundError(f"{folder}: expected {name} or {name}.gz, found neither")
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    magic, count, height, width = np.frombuffer(content[:16], dtype=">u4")
    if magic != 0x803 or (height, width) != IMAGE_SHAPE[1:] or len(content) != 16 + count * PIXELS:
        raise ValueError(f"{path}: expected an IDX file of 28 x 28 images (magic 0x00000803)")
    return np.frombuffer(content, dtype=np.uint8, offset=16).reshape(count, height, width)


def zero_to_one(images: np.ndarray) -> np.ndarray:
    """u8 images as float32 [count, 1, 28, 28] in [0, 1]: ToTensor."""
    return (images.astype(np.float32) / np.float32(255)).reshape(-1, *IMAGE_SHAPE)


def normalised(images: np.ndarray) -> np.ndarray:
    """u8 images as the script's float32 [count, 1, 28, 28] in [-1, 1]: ToTensor, then Normalize([0.5], [0.5])."""
    return (zero_to_one(images) - np.float32(0.5)) / np.float32(0.5)


def openblas_kernels() -> Optional[str]:
    """Name of the kernels that the loaded OpenBLAS has chosen for this processor; None where none is loaded."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        libraries = {line.split(maxsplit=5)[5].strip() for line in maps if "openblas" in line}
    for library in sorted(libraries):
        name_of = getattr(ctypes.CDLL(library), "openblas_get_corename", None)
        if name_of is not None:
            name_of.restype = ctypes.c_char_p
            return name_of().decode()
    return None
