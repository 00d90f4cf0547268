"""The estimate of a step's cost orders work as it should."""

from __future__ import annotations

import pytest

from kernels.neurons.catalogue import CATALOGUE
from kernels.neurons.engines import ENGINES
from kernels.neurons.engines.cost import PRICES, estimates, per_step, seconds
from kernels.neurons.model import Model
from kernels.neurons.models.conductance import HODGKIN_HUXLEY
from kernels.neurons.models.integrate_and_fire import ADEX, LAPICQUE
from kernels.neurons.program import usual


def test_every_engine_has_its_prices() -> None:
    assert set(PRICES) == set(ENGINES)


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_every_step_costs_something_and_every_column_adds_to_it(model: Model) -> None:
    for engine in PRICES:
        for integrator in model.integrators:
            overhead, per_column = per_step(engine, model, integrator)
            assert overhead >= 0.0
            assert per_column > 0.0


@pytest.mark.parametrize("engine", PRICES)
def test_more_columns_and_more_steps_take_longer(engine: str) -> None:
    work = [(1, 100), (10, 100), (10, 1000), (1000, 1000)]
    durations = [seconds(engine, ADEX, "euler", columns, steps) for columns, steps in work]
    assert durations == sorted(set(durations))


@pytest.mark.parametrize("engine", PRICES)
def test_a_runge_kutta_step_costs_more_than_an_euler_step(engine: str) -> None:
    for model in (LAPICQUE, ADEX, HODGKIN_HUXLEY):
        euler, rk4 = (seconds(engine, model, name, 10, 1) for name in ("euler", "rk4"))
        assert rk4 > euler


@pytest.mark.parametrize("engine", PRICES)
def test_a_model_with_more_equations_costs_more(engine: str) -> None:
    large, small = (seconds(engine, m, "euler", 10, 1) for m in (HODGKIN_HUXLEY, LAPICQUE))
    assert large > small


def fastest(model: Model, widths: list[int], n_steps: float, *, ready: bool) -> str:
    digests = [usual(model, model.integrator).digest] if ready else []
    return next(iter(estimates(model, model.integrator, widths, n_steps, digests)))


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_what_is_short_and_not_compiled_is_left_to_python_if_narrow_and_to_numpy_if_wide(
    model: Model,
) -> None:
    assert fastest(model, [1], 20, ready=False) == "scalar"
    assert fastest(model, [3000], 1, ready=False) == "numpy"


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_what_is_long_or_compiled_goes_to_the_compiled_engine(model: Model) -> None:
    assert fastest(model, [1000], 1e6, ready=False) == "llvm"
    assert fastest(model, [225], 2000, ready=True) == "llvm"
    assert fastest(model, [1] * 3 + [10_000], 100, ready=True) == "llvm"
