"""What the catalogue tells about its models."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import msgspec

from kernels.neurons import catalogue
from kernels.neurons.model import Model, Preset
from studio.errors import StudioError
from studio.operations import columns, stimuli
from studio.operations.resolve import find_model


def list_models() -> list[dict[str, Any]]:
    """Every model of the catalogue, described."""
    return [describe(model) for model in catalogue.CATALOGUE]


def get_model(name: str) -> dict[str, Any]:
    """One model, described; raises StudioError not_found or no_published_source."""
    try:
        return describe(find_model(name))
    except StudioError as error:
        code = "not_found" if error.code == "invalid_config" else error.code
        raise StudioError(code, error.errors[0].detail) from None


def describe(model: Model) -> dict[str, Any]:
    """A model as plain data: states and parameters with units and bounds, equations, sources.

    nearest_to: names in use that the catalogue has no model for, which this one comes nearest to,
    and the reasons.
    """
    plain = (
        *("name", "aliases", "family", "title", "output", "spiking", "deterministic"),
        *("without_input", "tied_to_dt"),
        *("time_unit", "rate_unit", "current_unit", "current", "duration", "dt"),
        *("integrator", "integrators", "equations"),
    )
    return {
        **{name: getattr(model, name) for name in plain},
        **{
            name: [asdict(item) for item in getattr(model, name)]
            for name in ("params", "states", "sources")
        },
        "nearest_to": [
            {"name": name, "reason": stand.reason}
            for name, stand in catalogue.UNPUBLISHED.items()
            if stand.nearest == model.name
        ],
        "presets": [_preset(preset) for preset in model.presets],
        "units": columns.units(model),
    }


def _preset(preset: Preset) -> dict[str, Any]:
    stimulus = preset.stimulus and msgspec.to_builtins(stimuli.request(preset.stimulus))
    return {**asdict(replace(preset, stimulus=None)), "stimulus": stimulus}
