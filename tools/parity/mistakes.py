"""Wrong settings for PyTorch, so that one can see the comparison fail. Their names are known without PyTorch."""

from __future__ import annotations

from typing import Any, Dict

# What a mistake is one of, where not of anything: the script's own values unless others are asked for.
OF_OPTIMIZER = {"beta2": "adam"}
OF_GAME = {"clip": "wgan", "margin": "hinge", "penalty": "wgan_gp", "points": "wgan_gp"}
OF_CLASSES = {"labels", "embedding"}
OF_EMBEDDING = {"embedding"}
OF_DROPOUT = {"pixel_dropout", "keep"}  # of the DCGAN's D
OF_NORM = {"first_eps": "generator_norm", "joint_norm": "discriminator_norm", "generated_first": "discriminator_norm"}
OF_SPECTRAL_NORM = {"power_steps"}
BIASES_BY_VALUE = "biases_by_value"  # not PyTorch is wrong but the comparison
OF_SCRIPTS: Dict[str, Dict[str, Any]] = {
    "eps": {"batch_norm_eps": 0.8001},
    "beta2": {"betas": (0.5, 0.9991)},
    "rate": {"lr": 2.005e-4},
    "order": {"generator_first": False},
    "log_clamp": {"clamps": (False, True)},
    "denominator": {"clamps": (True, False)},
    "clip": {"weight_clip": 0.0},
    "margin": {"margin": 1.001},
    "penalty": {"gradient_penalty": 10.01},
    "points": {"shares_seed": 1},
    "power_steps": {"power_steps": 2},
    BIASES_BY_VALUE: {},
}
MISTAKES: Dict[str, Dict[str, Dict[str, Any]]] = {  # of each preset: arguments of its GAN
    "blog": {
        **OF_SCRIPTS,
        "labels": {"shares_labels": True},
        "embedding": {"embedding_padding": 0},
    },
    "dcgan": {
        **OF_SCRIPTS,
        "labels": {"shares_labels": True},
        "embedding": {"embedding_padding": 0},
        "first_eps": {"first_eps": 0.8},
        "joint_norm": {"joint_norm": True},
        "generated_first": {"generated_first": True},
        "pixel_dropout": {"pixel_dropout": True},
        "keep": {"hidden_keep": 0.7501},
    },
    "paper": {
        "rate": {"learning_rate": 0.10025},
        "momentum": {"final_momentum": 0.71},
        "order": {"is_simultaneous": False},
        "mask": {"shares_masks": True},
        "keep": {"keep": (0.8, 0.5001)},
    },
}
