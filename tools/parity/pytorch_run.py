"""A GAN's training in PyTorch, on given batches and from given states. Needs PyTorch and NumPy."""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Deque, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

import numpy as np
import torch

from parity.batch_norm import BatchNorm
from parity.batches import Batch
from parity.gan import Gan
from parity.judgement import IMAGES, Outcome
from parity.kinks import KINKS
from safetensors_file import Arrays

NEAR_KINK = 1e-6  # an activation this near to its kink may be on the other side after rounding


class Activation(NamedTuple):
    """A unit in one step."""

    layer: str
    batch: int  # which of the batches that pass the layer in a step
    index: int  # in the flattened batch


def players(gan: Gan) -> Tuple[Tuple[str, torch.nn.Module, torch.optim.Optimizer], ...]:
    return (
        ("generator.", gan.generator, gan.generator_optimizer),
        ("discriminator.", gan.discriminator, gan.discriminator_optimizer),
    )


def state_of(gan: Gan) -> Arrays:
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


def load_state(gan: Gan, state: Arrays) -> None:
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
    """Looks into a GAN while it steps, and puts the `flipped` activations on the other side of the kink."""

    def __init__(self, gan: Gan, flipped: FrozenSet[Activation] = frozenset()):
        self.near_kink: Dict[Activation, float] = {}  # distance from its kink, in the last step
        self._flipped = flipped
        self._terms: Dict[str, Deque[np.ndarray]] = {}
        self._passes: Dict[str, int] = {}
        self._gan = gan
        for prefix, network, _ in players(gan):
            for name, layer in network.named_modules():
                if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d, BatchNorm)):
                    layer.register_forward_hook(self._terms_hook(f"{prefix}{name}.bias", lambda _layer: 1))
                if isinstance(layer, BatchNorm):
                    layer.register_forward_hook(self._terms_hook(f"{prefix}{name}.weight", BatchNorm.last_normalized))
                if type(layer) in KINKS:
                    layer.register_forward_pre_hook(self._kink_hook(f"{prefix}{name}"))

    def start_step(self) -> None:
        self.near_kink.clear()
        self._passes.clear()

    def terms(self) -> Arrays:
        """The gradients of biases and of batch norm's weights are sums over the batch, and over pixels where there are any:
        the summed sizes of their terms in the last step."""
        return {"gradients." + name: np.sum(sizes, axis=0) for name, sizes in self._terms.items()}

    def _terms_hook(self, name: str, factor: Callable[[torch.nn.Module], Any]) -> Any:
        """factor: of the output's gradient in the terms, after a pass."""
        # The discriminator's step goes through it twice, with real and with generated images.
        sizes = self._terms[name] = deque(maxlen=2 if name.startswith("discriminator.") else 1)

        def after_forward(layer: torch.nn.Module, _inputs: Any, output: torch.Tensor) -> None:
            if self._gan.is_penalising:
                return  # the bias has no gradient of a penalty
            of_pass = factor(layer)

            def take(_d_inputs: Any, d_outputs: Tuple[torch.Tensor, ...]) -> None:
                sizes.append((d_outputs[0] * of_pass).abs().transpose(0, 1).flatten(1).sum(1).numpy())

            output.grad_fn.register_hook(take)  # LeakyReLU works in place, which a module's backward hook forbids

        return after_forward

    def _kink_hook(self, name: str) -> Any:
        def before_forward(layer: torch.nn.Module, inputs: Tuple[torch.Tensor, ...]) -> None:
            # The discriminator sees the generated images, the real ones, and the script's the generated ones again.
            batch = 2 if self._gan.is_penalising else self._passes.get(name, 0) % 2
            self._passes[name] = self._passes.get(name, 0) + 1
            values, kink = inputs[0].data, KINKS[type(layer)]
            distances = kink.distances(layer, values)
            for index in torch.nonzero(distances < NEAR_KINK).flatten().tolist():
                activation = Activation(name, batch, index)
                self.near_kink[activation] = distances[index].item()
                if activation in self._flipped:
                    kink.flip(layer, values, index)

        return before_forward


class PyTorchRun:
    """Iterations of a GAN. With an order_seed, every batch has its rows in another order."""

    def __init__(self, gan: Gan, order_seed: Optional[int] = None, watch: Optional[Watch] = None):
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
        if self._watch:
            self._watch.start_step()
        self._made.clear()
        result = self.gan.iterate(batch, order)
        self._stats.append([value.mean().item() for value in result])
        self._images = np.empty(tuple(self._made[-1].shape), dtype=self._made[-1].numpy().dtype)
        self._images[order] = self._made[-1].numpy()

    def outcome(self) -> Outcome:
        state = {**state_of(self.gan), IMAGES: self._images}
        return Outcome(np.array(self._stats), state, self._watch.terms() if self._watch else {})
