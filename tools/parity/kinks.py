"""Where a unit's derivative jumps: rounding decides on which side its activation falls. Needs PyTorch."""

from __future__ import annotations

import math
from typing import Callable, Dict, NamedTuple, Type

import torch
from torch import nn

BEYOND = 1e-12  # how far on the other side of its kink an activation is put


class Maxout(nn.Module):
    """[samples, units * pieces] to the largest of each unit's neighbouring pieces, the first of equal ones."""

    def __init__(self, pieces: int):
        super().__init__()
        self.pieces = pieces

    def forward(self, linear: torch.Tensor) -> torch.Tensor:
        return linear.view(len(linear), -1, self.pieces).max(-1).values


class Kink(NamedTuple):
    """What a layer's input is, seen from its kinks."""

    distances: Callable[[nn.Module, torch.Tensor], torch.Tensor]  # of all units, in one row, of what makes them jump
    flip: Callable[[nn.Module, torch.Tensor, int], None]  # puts one of them on the other side, within the input


def change_sign(_layer: nn.Module, values: torch.Tensor, unit: int) -> None:
    row = values.view(-1)
    row[unit] = -math.copysign(BEYOND, row[unit].item())


def lead_of_winner(layer: nn.Module, values: torch.Tensor) -> torch.Tensor:
    first, second = values.view(-1, layer.pieces).topk(2).values.T
    return first - second


def let_second_win(layer: nn.Module, values: torch.Tensor, unit: int) -> None:
    pieces = values.view(-1, layer.pieces)[unit]
    order = pieces.argsort(descending=True, stable=True)
    pieces[order[1]] = pieces[order[0]] + BEYOND


AT_ZERO = Kink(lambda _layer, values: values.view(-1).abs(), change_sign)
KINKS: Dict[Type[nn.Module], Kink] = {
    nn.LeakyReLU: AT_ZERO,
    nn.ReLU: AT_ZERO,
    Maxout: Kink(lead_of_winner, let_second_win),
}
