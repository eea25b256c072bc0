"""The published script's training in PyTorch, on given batches and from given states. Needs PyTorch and NumPy."""

from __future__ import annotations

import math
from collections import deque
from typing import Any, Deque, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

import numpy as np
import torch

from parity.batches import Batch
from parity.judgement import Outcome
from published_gan import PublishedGan
from safetensors_file import Arrays

NEAR_KINK = 1e-6  # an activation this near to 0 may have another sign after rounding


class Activation(NamedTuple):
    """One input of LeakyReLU in one step."""

    layer: str
    batch: int  # which of the batches that pass the layer in a step
    index: int  # in the flattened batch


def players(gan: PublishedGan) -> Tuple[Tuple[str, torch.nn.Module, torch.optim.Optimizer], ...]:
    return (
        ("generator.", gan.generator, gan.generator_optimizer),
        ("discriminator.", gan.discriminator, gan.discriminator_optimizer),
    )


def state_of(gan: PublishedGan) -> Arrays:
    """Weights, running statistics and, after a step, moments, counters and gradients, under the names of Duel's
    checkpoints and of given_steps."""
    state: Arrays = {}
    for prefix, network, optimizer in players(gan):
        state.update({prefix + name: tensor.numpy().copy() for name, tensor in network.state_dict().items()})
        for name, parameter in network.named_parameters():
            kept = dict(optimizer.state[parameter]) if optimizer.state else {}
            if kept:
                state[f"{prefix}{gan.optimizer}.step"] = np.array([int(kept.pop("step").item())])
            for moment, values in kept.items():
                state[f"{prefix}{gan.optimizer}.{moment}.{name}"] = values.numpy().copy()
            if parameter.grad is not None:
                state[f"gradients.{prefix}{name}"] = parameter.grad.numpy().copy()
    return state


def load_state(gan: PublishedGan, state: Arrays) -> None:
    """Continues from a checkpoint of Duel, or from weights alone. Raises RuntimeError where the networks' tensors are
    not exactly those that PyTorch's state_dict has."""
    for prefix, network, optimizer in players(gan):
        own = {name[len(prefix) :]: torch.tensor(values) for name, values in state.items() if name.startswith(prefix)}
        moments = {name: own.pop(name) for name in list(own) if name.startswith(gan.optimizer + ".")}
        network.load_state_dict(own, strict=True)
        parameters = dict(network.named_parameters())
        steps = float(moments.pop(gan.optimizer + ".step", [0])[0])
        for key, values in moments.items() if steps > 0 else ():
            _, moment, name = key.split(".", 2)
            kept = optimizer.state[parameters[name]]
            kept.update({"step": torch.tensor(steps), moment: values.to(gan.dtype)})


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


class PyTorchRun:
    """Iterations of a PublishedGan. With an order_seed, every batch has its rows in another order."""

    def __init__(self, gan: PublishedGan, order_seed: Optional[int] = None, watch: Optional[Watch] = None):
        self.gan = gan
        self._random = None if order_seed is None else np.random.default_rng(order_seed)
        self._watch = watch
        self._stats: List[List[float]] = []
        self._images = np.zeros(0)  # of the last iteration, in the order of the batch
        self._made: List[torch.Tensor] = []
        gan.generator.register_forward_hook(lambda _module, _inputs, output: self._made.append(output.detach()))

    def iterate(self, batch: Batch) -> None:
        rows = len(batch.latents)
        order = np.arange(rows) if self._random is None else self._random.permutation(rows)
        latents, real_images = (torch.tensor(values[order]).to(self.gan.dtype) for values in batch)
        if self._watch:
            self._watch.start_step()
        self._made.clear()
        result = self.gan.step(latents, real_images.view(rows, *self.gan.generator.image_shape))
        self._stats.append([value.mean().item() for value in result])
        self._images = np.empty(tuple(self._made[-1].shape), dtype=self._made[-1].numpy().dtype)
        self._images[order] = self._made[-1].numpy()

    def outcome(self) -> Outcome:
        state = {**state_of(self.gan), "generated_images": self._images}
        return Outcome(np.array(self._stats), state, self._watch.terms() if self._watch else {})


class ScriptsSigmoid(torch.nn.Module):
    """The sigmoid of float64 logits as the script has it, in float32: beyond 17 it is exactly 1, and below -88.7, where
    exp(-logit) is infinite, exactly 0. Its gradient p (1 - p) follows from that p."""

    def forward(self, logits: torch.Tensor) -> torch.Tensor:
        return _RoundedSigmoid.apply(logits)


class _RoundedSigmoid(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, logits: torch.Tensor) -> torch.Tensor:
        probabilities = torch.sigmoid(logits).float().to(logits.dtype)
        is_infinite = torch.exp(-logits) > torch.finfo(torch.float32).max
        probabilities = torch.where(is_infinite, torch.zeros_like(probabilities), probabilities)
        context.save_for_backward(probabilities)
        return probabilities

    @staticmethod
    def backward(context: Any, d_probabilities: torch.Tensor) -> torch.Tensor:
        (p,) = context.saved_tensors
        return d_probabilities * p * (1 - p)
