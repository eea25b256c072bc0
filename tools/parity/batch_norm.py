"""Batch norm by channel whose float32 is float32. Needs PyTorch."""

from __future__ import annotations

import torch
from torch import nn


class BatchNorm(nn.BatchNorm2d):
    """Of a batch's statistics, with sums of the values' own type: PyTorch's are float64 where it runs on a CPU, but not on a
    GPU, and here it stands for what float32 can do."""

    _normalized = torch.zeros(0)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        mean = images.mean((0, 2, 3), keepdim=True)
        centred = images - mean
        variance = centred.square().mean((0, 2, 3), keepdim=True)
        self._move(mean.detach().flatten(), variance.detach().flatten(), images[:, 0].numel())
        normalized = centred * (variance + self.eps).rsqrt()
        self._normalized = normalized.detach()
        return normalized * self.weight.view(1, -1, 1, 1) + self.bias.view(1, -1, 1, 1)

    def last_normalized(self) -> torch.Tensor:
        """[batch, channels, height, width], without beta and gamma."""
        return self._normalized

    @torch.no_grad()
    def _move(self, mean: torch.Tensor, variance: torch.Tensor, values: int) -> None:
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * (values / (values - 1)), self.momentum)


def use_own_sums(network: nn.Module) -> None:
    """Each nn.BatchNorm2d becomes such a one."""
    for module in network.modules():
        if type(module) is nn.BatchNorm2d:
            module.__class__ = BatchNorm
