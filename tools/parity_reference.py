"""The published script's training in PyTorch, on given inputs and from given states: used by parity_pytorch.py."""

from __future__ import annotations

import math
from collections import deque
from typing import Any, Deque, Dict, FrozenSet, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import torch

from parity_judgement import STATS
from published_gan import IMAGE_SHAPE, PublishedGan
from safetensors_file import Arrays

NEAR_KINK = 3e-7  # an activation this near to 0 may have another sign after rounding


class Inputs(NamedTuple):
    latents: np.ndarray  # float32 [iterations, batch, 100]
    real_images: np.ndarray  # float32 [iterations, batch, 784] in [-1, 1]
    rows: np.ndarray  # int64 [iterations]: rows in use


class Activation(NamedTuple):
    """One input of LeakyReLU in one step."""

    layer: str
    batch: int  # which of the batches that pass the layer in a step
    index: int  # in the flattened batch


def players(gan: PublishedGan) -> Tuple[Tuple[str, torch.nn.Module, torch.optim.Adam], ...]:
    return (
        ("generator.", gan.generator, gan.generator_adam),
        ("discriminator.", gan.discriminator, gan.discriminator_adam),
    )


def state_of(gan: PublishedGan) -> Arrays:
    """Weights, running statistics and, after a step, moments and gradients, under the names that given_steps uses."""
    state: Arrays = {}
    for prefix, network, adam in players(gan):
        state.update({prefix + name: tensor.numpy().copy() for name, tensor in network.state_dict().items()})
        for name, parameter in network.named_parameters():
            for moment in ("exp_avg", "exp_avg_sq") if adam.state else ():
                state[f"{prefix}adam.{moment}.{name}"] = adam.state[parameter][moment].numpy().copy()
            if parameter.grad is not None:
                state[f"gradients.{prefix}{name}"] = parameter.grad.numpy().copy()
    return state


def load_state(gan: PublishedGan, state: Arrays, steps: int) -> None:
    """Continues after so many steps from a state of Duel, or from initial weights where there were none."""
    for prefix, network, adam in players(gan):
        network.load_state_dict({name: torch.tensor(state[prefix + name]) for name in network.state_dict()})
        for name, parameter in network.named_parameters() if steps > 0 else ():
            adam.state[parameter] = {"step": torch.tensor(float(steps))}
            for moment in ("exp_avg", "exp_avg_sq"):
                adam.state[parameter][moment] = torch.tensor(state[f"{prefix}adam.{moment}.{name}"]).to(gan.dtype)


class Watch:
    """Looks into a PublishedGan while it steps, and puts the `flipped` activations on the other side of the kink."""

    def __init__(self, gan: PublishedGan, flipped: FrozenSet[Activation] = frozenset()):
        self.near_kink: Dict[Activation, float] = {}  # distance from 0, in the last step
        self._flipped = flipped
        self._terms: Dict[str, Deque[np.ndarray]] = {}
        self._passes: Dict[str, int] = {}
        for prefix, network, _ in players(gan):
            for i, layer in enumerate(network.model):
                if isinstance(layer, torch.nn.Linear):
                    layer.register_forward_hook(self._terms_hook(f"{prefix}model.{i}.bias"))
                if isinstance(layer, torch.nn.LeakyReLU):
                    layer.register_forward_pre_hook(self._kink_hook(f"{prefix}model.{i}"))

    def start_step(self) -> None:
        self.near_kink.clear()
        self._passes.clear()

    def terms(self) -> Arrays:
        """The gradient of a bias is a sum over the batch: the summed sizes of its terms in the last step."""
        return {"gradients." + name: np.sum(sizes, axis=0) for name, sizes in self._terms.items()}

    def _terms_hook(self, name: str) -> Any:
        # The discriminator's step goes through it twice, with real and with generated images.
        sizes = self._terms[name] = deque(maxlen=2 if name.startswith("discriminator.") else 1)

        def take(_d_inputs: Any, d_outputs: Tuple[torch.Tensor, ...]) -> None:
            sizes.append(d_outputs[0].abs().sum(0).numpy())

        def after_forward(_module: Any, _inputs: Any, output: torch.Tensor) -> None:
            output.grad_fn.register_hook(take)  # LeakyReLU works in place, which a module's backward hook forbids

        return after_forward

    def _kink_hook(self, layer: str) -> Any:
        def before_forward(_module: Any, inputs: Tuple[torch.Tensor, ...]) -> None:
            # The discriminator sees the generated images, the real ones, and the same generated ones again.
            batch = self._passes.get(layer, 0) % 2
            self._passes[layer] = self._passes.get(layer, 0) + 1
            values = inputs[0].data.view(-1)
            for index in torch.nonzero(values.abs() < NEAR_KINK).flatten().tolist():
                activation = Activation(layer, batch, index)
                self.near_kink[activation] = abs(values[index].item())
                if activation in self._flipped:
                    values[index] = -math.copysign(1e-12, values[index].item())

        return before_forward


def run_pytorch(
    gan: PublishedGan,
    inputs: Inputs,
    iterations: range,
    after: Sequence[int],
    order_seed: Optional[int] = None,
    watch: Optional[Watch] = None,
) -> Arrays:
    """What given_steps computes in these iterations (from 1), under the same names; with a Watch, also its terms as
    "terms_ITERATION.NAME". With an order_seed, every batch has its rows in another order."""
    random = np.random.default_rng(order_seed)
    output: Arrays = {"iteration_stats": np.zeros((len(inputs.rows), len(STATS)))}
    for iteration in iterations:
        i = iteration - 1
        order = np.arange(inputs.rows[i]) if order_seed is None else random.permutation(inputs.rows[i])
        latents = torch.tensor(inputs.latents[i][order]).to(gan.dtype)
        real_images = torch.tensor(inputs.real_images[i][order]).to(gan.dtype).view(-1, *IMAGE_SHAPE)
        if watch:
            watch.start_step()
        output["iteration_stats"][i] = [value.mean().item() for value in gan.step(latents, real_images)]
        if iteration in after:
            output.update({f"after_{iteration}.{name}": tensor for name, tensor in state_of(gan).items()})
            terms = watch.terms() if watch else {}
            output.update({f"terms_{iteration}.{name}": sums for name, sums in terms.items()})
    return output
