"""Wrong settings for PyTorch, so that one can see the comparison fail. Their names are known without PyTorch."""

from __future__ import annotations

from typing import Any, Dict

SETTINGS: Dict[str, Dict[str, Any]] = {  # arguments of PublishedGan
    "eps": {"batch_norm_eps": 0.8001},
    "beta2": {"betas": (0.5, 0.9991)},
    "rate": {"lr": 2.005e-4},
    "order": {"generator_first": False},
}
LOSSES: Dict[str, Dict[str, bool]] = {  # arguments of CrossEntropy
    "log_clamp": {"clamps_log": False, "clamps_denominator": True},
    "denominator": {"clamps_log": True, "clamps_denominator": False},
}
BIASES_BY_VALUE = "biases_by_value"  # not PyTorch is wrong but the comparison
MISTAKES = [*SETTINGS, *LOSSES, BIASES_BY_VALUE]


def arguments_with(mistake: str | None) -> Dict[str, Any]:
    """Arguments of PublishedGan; none where PyTorch makes no mistake."""
    if mistake in LOSSES:
        from parity.cross_entropy import CrossEntropy  # pylint: disable=import-outside-toplevel

        return {"loss": CrossEntropy(**LOSSES[mistake])}
    return SETTINGS.get(mistake or "", {})
