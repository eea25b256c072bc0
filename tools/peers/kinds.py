"""The ways to run the published script's step in PyTorch, and their settings. Does not import PyTorch."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence

NETWORKS = ("mlp", "dcgan")  # as `mnist_gan train --networks` has them
GAMES = ("gan", "lsgan", "hinge", "wgan", "wgan_gp")  # as --game has them
BASES: dict[str, str] = {
    "eager": "the script's loop; both losses are read after every iteration, as the script does",
    "eager-no-read": "the same without reading the losses",
    "compiled": "torch.compile of the step",
    "reduce-overhead": 'torch.compile of the step with mode="reduce-overhead": PyTorch captures the graphs itself',
    "cuda-graph": "the whole iteration captured with torch.cuda.graph: latents, shuffled gather and step on the device",
    "compiled-cuda-graph": "the compiled step captured likewise",
    "max-autotune-cuda-graph": "the same, products chosen by measurement while compiling (slow to prepare)",
}
OPTIONS: dict[str, str] = {
    "fused-adam": "Adam with fused=True",
    "tf32": "products in TF32 (CUDA only)",
}
DEFAULTS: dict[str, list[str]] = {
    "cpu": ["eager", "eager-no-read", "eager-no-read+fused-adam", "compiled"],
    "cuda": [
        "eager",
        "eager-no-read",
        "eager-no-read+fused-adam",
        "compiled",
        "reduce-overhead",
        "cuda-graph",
        "cuda-graph+fused-adam",
        "compiled-cuda-graph",
    ],
}


class PeerKind(NamedTuple):
    """A way to run the step in PyTorch."""

    base: str  # a name of BASES
    fused_adam: bool = False
    tf32: bool = False

    @property
    def reads_losses(self) -> bool:
        return self.base == "eager"

    @property
    def compile_mode(self) -> str | None:
        """`mode` of torch.compile; None where nothing is compiled."""
        modes = {
            "compiled": "default",
            "compiled-cuda-graph": "default",
            "reduce-overhead": "reduce-overhead",
            "max-autotune-cuda-graph": "max-autotune-no-cudagraphs",
        }
        return modes.get(self.base)

    @property
    def is_captured(self) -> bool:
        return self.base.endswith("cuda-graph")

    @property
    def needs_cuda(self) -> bool:
        return self.is_captured or self.base == "reduce-overhead" or self.tf32


def parse_peer(text: str) -> PeerKind:
    """The kind that a name such as "cuda-graph+fused-adam+tf32" means. Raises ValueError for an unknown one."""
    base, *options = text.strip().split("+")
    if base not in BASES:
        raise ValueError(f"unknown peer '{base}' in '{text}'; known: {', '.join(BASES)}")
    for option in options:
        if option not in OPTIONS:
            raise ValueError(f"unknown option '+{option}' in '{text}'; known: {', '.join('+' + o for o in OPTIONS)}")
    return PeerKind(base, "fused-adam" in options, "tf32" in options)


def parse_peers(text: str, device: str) -> list[str]:
    """Names of a comma-separated list, each once; a device's defaults where it is empty."""
    names = [name.strip() for name in text.split(",")] if text else DEFAULTS[device]
    for name in names:
        parse_peer(name)
    return list(dict.fromkeys(names))


class Setting(NamedTuple):
    """Threads and environment of a peer's process."""

    threads: int
    environment: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        words = [f"{self.threads} thread" + ("s" if self.threads > 1 else "")]
        return ", ".join(words + [f"{name}={value}" for name, value in self.environment])

    def variables(self) -> dict[str, str]:
        """The environment that the process starts with, so that every library sees it when it is loaded."""
        names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        # As many processes as cores prepare at a time: none needs helpers to compile.
        return {**{name: str(self.threads) for name in names}, "TORCHINDUCTOR_COMPILE_THREADS": "1",
                **dict(self.environment)}


PASSIVE = (("OMP_WAIT_POLICY", "passive"),)  # idle threads sleep at once


def parse_environment(text: str) -> tuple[tuple[str, str], ...]:
    """The variables of "NAME=VALUE,NAME=VALUE". Raises ValueError where a '=' is missing."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    for name, equals, _ in pairs:
        if not name or not equals:
            raise ValueError(f"expected NAME=VALUE[,NAME=VALUE...], found '{text}'")
    return tuple((name, value) for name, _, value in pairs)


def settings_of(device: str, threads: int, more: Sequence[str], inherited: Mapping[str, str]) -> list[Setting]:
    """The settings to try: on a GPU one, on a CPU each number of threads and each environment.

    `more` are environments as for parse_environment(), tried as well; `inherited` is the environment of this process.
    """
    if device == "cuda":
        return [Setting(threads)]
    waiting = () if "OMP_WAIT_POLICY" in inherited else PASSIVE
    settings = [Setting(count, waiting) for count in sorted({1, threads})]
    if threads > 1 and waiting:
        settings.append(Setting(threads))  # idle threads spin for a moment first; the pause before a window covers it
    settings += [Setting(count, waiting + parse_environment(text)) for text in more for count in sorted({1, threads})]
    return settings
