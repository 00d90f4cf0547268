"""Integrators converge to the solution, at their order."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kernels.neurons.batch import Batch
from kernels.neurons.integrators import INTEGRATORS
from kernels.neurons.model import Model, Relax, Values
from kernels.neurons.simulate import run
from kernels.neurons.stimulus import Constant

Toy = Callable[..., Model]
Final = Callable[..., dict[str, np.ndarray]]

FOR_ANY = ["euler", "exponential_euler", "exponential_midpoint", "rk4"]


def coupled(xp: Any, s: Values, p: Values, current: Any) -> dict[str, Any]:
    """A state that relaxes to a moving target, the mover, and logistic growth."""
    return {"x": Relax(s.y**2, 0.5), "y": -s.y, "z": s.z * (1.0 - s.z)}


START = {"x": 2.0, "y": 1.5, "z": 0.1}


def solution(t: float) -> dict[str, float]:
    """dx/dt = 2 (y² - x) with y² = 2.25 exp(-2t) gives x = (2 + 4.5 t) exp(-2t)."""
    return {
        "x": (2.0 + 4.5 * t) * math.exp(-2.0 * t),
        "y": 1.5 * math.exp(-t),
        "z": 1.0 / (1.0 + 9.0 * math.exp(-t)),
    }


@pytest.mark.parametrize(
    ("integrator", "order"),
    [
        ("euler", 1),
        ("exponential_euler", 1),
        ("exponential_midpoint", 2),
        ("rk4", 4),
        ("semi_implicit_euler", 1),
    ],
)
@pytest.mark.parametrize("state", START)
def test_halving_the_step_divides_the_error_by_two_to_the_order(
    toy: Toy, final_states: Final, integrator: str, order: int, state: str
) -> None:
    model = toy(START, derivatives=coupled)
    errors = []
    for n in (40, 80):
        states = final_states(model, n, 1.0 / n, integrator=integrator)
        errors.append(abs(states[state][-1] - solution(1.0)[state]))
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize("rate", [lambda s: 2.0, lambda s: Relax(2.0, 1.0)])
@pytest.mark.parametrize("integrator", [*FOR_ANY, "semi_implicit_euler"])
def test_what_follows_a_state_sees_it_at_rest_while_its_column_is_refractory(
    toy: Toy, final_states: Final, integrator: str, rate: Callable[[Values], Any]
) -> None:
    model = toy(
        {"V": 0.9, "u": 5.0},
        {"t_ref": 1.0},
        derivatives=lambda xp, s, p, current: {"V": rate(s), "u": Relax(s.V, 2.0)},
        spike=lambda xp, s, p: s.V >= 1.0,
        reset=lambda xp, s, p: {"V": 0.0},
        refractory="t_ref",
        clamped=("V",),
    )
    u = final_states(model, 11, 0.1, integrator=integrator)["u"]
    decay = 0.95 if integrator in {"euler", "semi_implicit_euler"} else math.exp(-0.05)
    np.testing.assert_allclose(u[2:] / u[1:-1], decay, rtol=1e-8)


@pytest.mark.parametrize("dt", [0.01, 3.0, 500.0])
@pytest.mark.parametrize("integrator", ["exponential_euler", "exponential_midpoint"])
def test_exponential_steps_are_exact_on_a_pure_relaxation_however_long(
    toy: Toy, final_states: Final, integrator: str, dt: float
) -> None:
    model = toy({"x": -3.0}, derivatives=lambda xp, s, p, current: {"x": Relax(current, 20.0)})
    x = final_states(model, 4, dt, current=5.0, integrator=integrator)["x"]
    exact = 5.0 - 8.0 * np.exp(-dt * np.arange(5) / 20.0)
    np.testing.assert_allclose(x, exact, rtol=1e-14)


def test_forward_euler_takes_the_slope_at_the_start_of_the_step_for_every_state(
    toy: Toy, final_states: Final
) -> None:
    model = toy({"x": 1.0, "y": 2.0}, derivatives=lambda xp, s, p, i: {"x": s.y, "y": -s.x})
    states = final_states(model, 1, 0.5)
    assert (states["x"][-1], states["y"][-1]) == (2.0, 1.5)


def test_semi_implicit_euler_moves_each_state_after_those_before_it(
    toy: Toy, final_states: Final
) -> None:
    model = toy({"x": 1.0, "y": 2.0}, derivatives=lambda xp, s, p, i: {"x": s.y, "y": -s.x})
    states = final_states(model, 1, 0.5, integrator="semi_implicit_euler")
    assert (states["x"][-1], states["y"][-1]) == (2.0, 1.0)


@pytest.mark.parametrize("integrator", FOR_ANY)
def test_a_state_whose_derivative_is_zero_stays_exactly_where_it_is(
    toy: Toy, final_states: Final, integrator: str
) -> None:
    model = toy({"x": 0.1, "y": 1.0}, derivatives=lambda xp, s, p, i: {"x": 0.0, "y": s.x})
    states = final_states(model, 7, 0.3, integrator=integrator)
    assert states["x"].tolist() == [0.1] * 8
    assert states["y"][-1] == pytest.approx(1.21, rel=1e-14)


@pytest.mark.parametrize("integrator", FOR_ANY)
def test_a_constant_slope_is_integrated_exactly(
    toy: Toy, final_states: Final, integrator: str
) -> None:
    model = toy({"x": 1.0}, derivatives=lambda xp, s, p, current: {"x": current})
    x = final_states(model, 8, 0.25, current=2.0, integrator=integrator)["x"]
    assert x.tolist() == [1.0 + 0.5 * k for k in range(9)]


def test_a_map_is_iterated_from_its_old_states(toy: Toy, final_states: Final) -> None:
    model = toy({"x": 1.0, "y": 1.0}, step=lambda xp, s, p, i, noise: {"x": s.x + s.y, "y": s.x})
    assert final_states(model, 6)["x"].tolist() == [1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0]


def ornstein_uhlenbeck(toy: Toy) -> Model:
    return toy(
        {"x": 0.0},
        {"tau": 5.0, "sigma": 0.7},
        derivatives=lambda xp, s, p, current: {"x": Relax(current, p.tau)},
        diffusion=lambda xp, s, p: {"x": p.sigma},
        noise={"x": "normal"},
    )


@pytest.mark.parametrize("n_steps", [1, 10, 200])
def test_euler_maruyama_has_the_variance_of_the_ornstein_uhlenbeck_process(
    toy: Toy, n_steps: int
) -> None:
    n, dt, tau, sigma = 2000, 0.5, 5.0, 0.7
    ends = run(
        Batch(ornstein_uhlenbeck(toy), n, Constant(1.0), seed=11),
        duration=n_steps * dt,
        dt=dt,
        integrator="euler_maruyama",
        traced=range(n),
    ).trace.states["x"][-1]
    # the scheme is the autoregression x <- r x + sigma sqrt(dt) N(0, 1), so its moments are exact
    r = 1.0 - dt / tau
    mean = 1.0 - r**n_steps
    variance = sigma**2 * dt * (1.0 - r ** (2 * n_steps)) / (1.0 - r**2)
    assert abs(ends.mean() - mean) < 4.0 * math.sqrt(variance / n)  # four standard errors
    assert abs(ends.var() - variance) < 4.0 * variance * math.sqrt(2.0 / n)
    # and they are those of the process to first order in dt / tau
    process = sigma**2 * tau / 2.0 * (1.0 - math.exp(-2.0 * n_steps * dt / tau))
    assert variance == pytest.approx(process, rel=1.1 * dt / tau)


def test_without_diffusion_euler_maruyama_is_forward_euler(toy: Toy, final_states: Final) -> None:
    parts = {"derivatives": coupled}
    quiet = toy(START, **parts, diffusion=lambda xp, s, p: {"x": 0.0}, noise={"x": "normal"})
    noisy, plain = final_states(quiet, 10, 0.1), final_states(toy(START, **parts), 10, 0.1)
    assert all(np.array_equal(noisy[name], plain[name]) for name in START)


def test_there_is_a_step_for_every_integrator_that_a_model_may_name(toy: Toy) -> None:
    models = [
        toy({"x": 0.0}, derivatives=coupled),
        toy({"x": 0.0, "y": 0.0}, derivatives=coupled),
        ornstein_uhlenbeck(toy),
        toy({"x": 0.0}, step=coupled),
    ]
    assert {name for model in models for name in model.integrators} == set(INTEGRATORS)
