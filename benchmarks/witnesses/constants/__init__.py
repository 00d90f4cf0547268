"""The constants of models and presets, typed from the literature by who had not seen Studio's.

The comments say where from, and where one was amended when the two were compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import bursters, conductance, networks, spiking

TYPED: Mapping[str, Mapping[str, float]] = {
    **bursters.TYPED,
    **conductance.TYPED,
    **networks.TYPED,
    **spiking.TYPED,
}
"""The values by "Model", or "Model preset" for what a preset sets; "current" is a stimulus."""


def typed(model: str, preset: str | None = None) -> Mapping[str, float]:
    """What was typed of a model or of one of its presets; empty where nothing was."""
    return TYPED.get(model if preset is None else f"{model} {preset}", {})
