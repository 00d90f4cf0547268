"""A model that contradicts itself cannot be made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kernels.neurons.model import Model, Param, Preset, State, Threshold, Values, gate
from kernels.neurons.models.integrate_and_fire import ADEX
from kernels.neurons.stimulus import Constant

Toy = Callable[..., Model]


def still(xp: Any, s: Values, p: Values, current: Any) -> dict[str, Any]:
    return {"x": 0.0}


@pytest.mark.parametrize("both", [True, False])
def test_a_model_has_either_derivatives_or_a_step(toy: Toy, both: bool) -> None:
    parts = {"derivatives": still, "step": still} if both else {}
    with pytest.raises(ValueError, match="either derivatives or step"):
        toy({"x": 0.0}, integrator="euler", **parts)


def test_a_hazard_needs_a_uniform_noise_named_spike(toy: Toy) -> None:
    for noise in ({}, {"spike": "normal"}):
        with pytest.raises(ValueError, match="uniform noise named spike"):
            toy({"x": 0.0}, derivatives=still, hazard=lambda xp, s, p: 1.0, noise=noise)


def test_a_model_is_advanced_by_an_integrator_that_fits_it(toy: Toy) -> None:
    with pytest.raises(ValueError, match="rk4 cannot advance it"):
        toy({"x": 0.0}, step=still, integrator="rk4")
    with pytest.raises(ValueError, match="map cannot advance it"):
        toy({"x": 0.0}, derivatives=still, integrator="map")


def test_states_and_parameters_have_distinct_names(toy: Toy) -> None:
    with pytest.raises(ValueError, match="share a name"):
        toy({"x": 0.0}, {"x": 0.0}, derivatives=still)
    with pytest.raises(ValueError, match="share a name"):
        replace(toy({"x": 0.0}, derivatives=still), states=(State("x", 0.0, "1", ""),) * 2)


def test_a_default_lies_in_its_range() -> None:
    with pytest.raises(ValueError, match="default of b is out of its range"):
        replace(ADEX, params=(Param("b", 2.0, "nA", 0.0, 1.0, ""),))


@pytest.mark.parametrize(
    "part",
    [
        {"output": "y"},
        {"clamped": ("y",)},
        {"refractory": "y"},
        {"spike": Threshold("y", 0.0)},
        {"spike": Threshold("x", "y")},
    ],
    ids=str,
)
def test_every_name_that_a_model_refers_to_exists(toy: Toy, part: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no state or parameter y"):
        replace(toy({"x": 0.0}, {"k": 1.0}, derivatives=still), **part)


def test_a_state_starts_at_a_number_or_at_a_parameter_that_exists(toy: Toy) -> None:
    with pytest.raises(ValueError, match="no state or parameter k"):
        replace(toy({"x": 0.0}, derivatives=still), states=(State("x", "k", "1", ""),))


def test_a_model_with_noise_is_not_deterministic(toy: Toy) -> None:
    assert toy({"x": 0.0}, derivatives=still).deterministic
    assert not toy(
        {"x": 0.0},
        derivatives=still,
        diffusion=lambda xp, s, p: {"x": 1.0},
        noise={"x": "normal"},
    ).deterministic


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(AttributeError, match="no state or parameter 'u'; there are V, w"):
        _ = Values({"V": 0.0, "w": 1.0}).u


def test_a_gate_relaxes_to_the_balance_of_its_rates() -> None:
    target, tau = gate(np.array([3.0]), np.array([1.0]))
    assert (target[0], tau[0]) == (0.75, 0.25)


def test_a_preset_has_a_current_or_a_stimulus_but_not_both(toy: Toy) -> None:
    both = Preset(name="both", title="Both", params={}, current=1.0, stimulus=Constant(2.0))
    with pytest.raises(ValueError, match="a current and a stimulus"):
        toy({"x": 0.0}, derivatives=still, presets=(both,))
