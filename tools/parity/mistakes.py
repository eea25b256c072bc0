"""Wrong settings for PyTorch, so that one can see the comparison fail. Their names are known without PyTorch."""

from __future__ import annotations

from typing import Any, Dict

BIASES_BY_VALUE = "biases_by_value"  # not PyTorch is wrong but the comparison
MISTAKES: Dict[str, Dict[str, Dict[str, Any]]] = {  # of each preset: arguments of its GAN
    "blog": {
        "eps": {"batch_norm_eps": 0.8001},
        "beta2": {"betas": (0.5, 0.9991)},
        "rate": {"lr": 2.005e-4},
        "order": {"generator_first": False},
        "log_clamp": {"clamps": (False, True)},
        "denominator": {"clamps": (True, False)},
        BIASES_BY_VALUE: {},
    },
    "paper": {
        "rate": {"learning_rate": 0.10025},
        "momentum": {"final_momentum": 0.71},
        "order": {"is_simultaneous": False},
        "mask": {"shares_masks": True},
        "keep": {"keep": (0.8, 0.5001)},
    },
}
