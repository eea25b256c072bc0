"""Binary cross-entropy with and without the clamps of PyTorch's BCELoss. Needs PyTorch."""

from __future__ import annotations

from typing import Any, Tuple

import torch


class _CrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, p: torch.Tensor, label: torch.Tensor, clamps: Tuple[bool, bool]) -> torch.Tensor:
        context.save_for_backward(p, label)
        context.clamps_denominator = clamps[1]
        log_p, log_q = torch.log(p), torch.log1p(-p)
        if clamps[0]:
            log_p, log_q = log_p.clamp(min=-100), log_q.clamp(min=-100)
        return torch.where(label == 1, -log_p, -log_q).mean()

    @staticmethod
    def backward(context: Any, d_loss: torch.Tensor) -> Tuple[torch.Tensor, None, None]:
        p, label = context.saved_tensors
        denominator = p * (1 - p)
        if context.clamps_denominator:
            denominator = denominator.clamp(min=1e-12)
        return d_loss * (p - label) / denominator / p.numel(), None, None


class CrossEntropy(torch.nn.Module):
    """BCELoss, which clamps each logarithm at -100 and the gradient's denominator at 1e-12, without one of both."""

    def __init__(self, clamps_log: bool, clamps_denominator: bool):
        super().__init__()
        self.clamps = (clamps_log, clamps_denominator)

    def forward(self, probability: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        return _CrossEntropy.apply(probability, label, self.clamps)
