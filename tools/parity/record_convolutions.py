#!/usr/bin/env python3
"""Example: tools/parity/record_convolutions.py --out tests/kernels/fixtures/convolutions.json

Records what convolutions, and their gradients, are in PyTorch, in float64, for tests that run without it: torch.nn.Conv2d
with a stride, after torch.nn.Upsample (nearest), and torch.nn.ConvTranspose2d. Values are whole numbers, so that every
sum is exact; images and weights are written in PyTorch's order.

Exit codes: 0 done, 1 failed, 2 usage, 6 a file cannot be written, 77 skipped because PyTorch is not installed for this Python.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Dict, List, NamedTuple

sys.path[0] = str(Path(__file__).resolve().parents[1])  # no module of this folder hides one that PyTorch imports

from command_line import ArgumentParser  # noqa: E402
from outputs import OutputFile, before_pytorch, run_tool  # noqa: E402


def parse_arguments() -> argparse.Namespace:
    parser = ArgumentParser(
        usage=argparse.SUPPRESS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


ARGUMENTS = before_pytorch("record_convolutions", parse_arguments)

import torch  # noqa: E402
from torch import nn  # noqa: E402

BATCH = 2
MOST = 4  # values are whole numbers from -4 to 4


class Layer(NamedTuple):
    """What it reads and is: kernels/convolution/geometry.h has the names, but for `channels`, `height` and `width`, which
    are the layer's input here, and output_padding."""

    channels: int
    height: int
    width: int
    out_channels: int
    kernel: int = 3
    stride: int = 1
    padding: int = 1
    upsample: int = 1
    transposed: bool = False
    output_padding: int = 0

    def module(self) -> nn.Module:
        sizes = (self.channels, self.out_channels, self.kernel, self.stride, self.padding)
        if self.transposed:
            return nn.ConvTranspose2d(*sizes, output_padding=self.output_padding)
        return nn.Conv2d(*sizes)


LAYERS = (
    Layer(1, 7, 7, 3, stride=2),  # of a DCGAN's D: an odd side, then an even one
    Layer(3, 4, 6, 2, stride=2),
    Layer(3, 4, 3, 2, upsample=2),  # of its G, then its last one
    Layer(4, 5, 4, 1),
    Layer(2, 5, 4, 3, kernel=4, stride=3, padding=2),
    Layer(2, 3, 4, 3, kernel=4, stride=2, transposed=True),
    Layer(3, 4, 3, 2, stride=2, transposed=True, output_padding=1),
)


def whole_numbers(values: torch.Tensor) -> List[int]:
    flat = values.flatten().tolist()
    if not all(value.is_integer() for value in flat):
        raise ValueError("a sum is not exact")
    return [int(value) for value in flat]


def recorded(layer: Layer, random: torch.Generator) -> Dict[str, Any]:
    def draw(*shape: int) -> torch.Tensor:
        return torch.randint(-MOST, MOST + 1, shape, generator=random).double()

    module = layer.module().double()
    for parameter in module.parameters():
        parameter.data = draw(*parameter.shape)
    images = draw(BATCH, layer.channels, layer.height, layer.width).requires_grad_()
    output = module(nn.functional.interpolate(images, scale_factor=layer.upsample, mode="nearest"))
    d_output = draw(*output.shape)
    output.backward(d_output)
    tensors = {
        "input": images, "weight": module.weight, "bias": module.bias, "output": output, "d_output": d_output,
        "d_input": images.grad, "d_weight": module.weight.grad, "d_bias": module.bias.grad,
    }
    shape = {"output_height": output.shape[2], "output_width": output.shape[3]}
    layer_of_test = {name: value for name, value in layer._asdict().items() if name != "output_padding"}
    return {**layer_of_test, **shape, **{name: whole_numbers(tensor) for name, tensor in tensors.items()}}


def main() -> None:
    made_by = f"tools/parity/record_convolutions.py --seed {ARGUMENTS.seed}, PyTorch {torch.__version__}"
    output = OutputFile("--out", ARGUMENTS.out, (), '{"made_by":"tools/parity/record_convolutions.py ')
    random = torch.Generator().manual_seed(ARGUMENTS.seed)
    lines = [json.dumps(recorded(layer, random), separators=(",", ":")) for layer in LAYERS]
    heading = f'{{"made_by":{json.dumps(made_by)},"batch":{BATCH},"layers":[\n'
    output.write(heading + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    run_tool("record_convolutions", main, (OSError, ValueError))
