"""The estimate of a step's cost orders work as it should."""

from __future__ import annotations

import pytest

from kernels.neurons.catalogue import CATALOGUE
from kernels.neurons.engines import ENGINES
from kernels.neurons.engines.cost import PRICES, fastest, per_step, seconds
from kernels.neurons.model import Model
from kernels.neurons.models.conductance import HODGKIN_HUXLEY
from kernels.neurons.models.integrate_and_fire import ADEX, LAPICQUE


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


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_narrow_batches_belong_to_plain_python_and_wide_ones_to_numpy(model: Model) -> None:
    assert fastest(model, model.integrator, [1]) == "scalar"
    assert fastest(model, model.integrator, [10_000]) == "numpy"
    assert fastest(model, model.integrator, [1] * 3 + [10_000]) == "numpy"
