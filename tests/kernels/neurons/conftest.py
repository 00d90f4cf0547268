"""Small models, runs and recordings that the tests of the neurons are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from kernels.neurons.batch import Batch
from kernels.neurons.engines import Block
from kernels.neurons.model import Model, Param, Source, State
from kernels.neurons.simulate import Recording, run
from kernels.neurons.stimulus import Constant
from kernels.neurons.trace import Trace


def _toy(states: Mapping[str, float], params: Mapping[str, float] | None = None, **rest: Any):
    is_map = rest.get("step") is not None
    stochastic = rest.get("diffusion") is not None
    usual = "map" if is_map else "euler_maruyama" if stochastic else "euler"
    return Model(
        name="Toy",
        family="test",
        title="Toy",
        states=tuple(State(name, initial, "1", name) for name, initial in states.items()),
        params=tuple(
            Param(name, value, "1", -np.inf, np.inf, name) for name, value in (params or {}).items()
        ),
        equations=("see the test",),
        sources=(Source("Nobody", 2000, "Nothing", "Nowhere"),),
        output=next(iter(states)),
        current_unit="1",
        current=0.0,
        duration=1.0,
        dt=0.1,
        **{"integrator": usual, **rest},
    )


@pytest.fixture(scope="session")
def toy() -> Callable[..., Model]:
    """A model of the given {state: initial}, {param: default} and parts."""
    return _toy


@pytest.fixture(scope="session")
def final_states() -> Callable[..., dict[str, np.ndarray]]:
    """The states of a model's only column after some steps, {name: (n_steps + 1,)}."""

    def _final(
        model: Model, n_steps: int = 1, dt: float = 1.0, current: float = 0.0, **options: Any
    ) -> dict[str, np.ndarray]:
        batch = Batch(model, 1, Constant(current))
        done = run(
            batch,
            duration=n_steps * dt,
            dt=dt,
            integrator=options.pop("integrator", model.integrator),
            traced=[0],
            **options,
        )
        return {name: value[:, 0] for name, value in done.trace.states.items()}

    return _final


@pytest.fixture(scope="session")
def block() -> Callable[..., Block]:
    """Steps of a batch for an engine, at rest and traced unless told otherwise."""

    def _block(batch: Batch, n_steps: int, dt: float = 1.0, **options: Any) -> Block:
        n = batch.n_columns
        usual = {
            "model": batch.model,
            "integrator": batch.model.integrator,
            "states": batch.initial_states(),
            "params": batch.parameters(),
            "held": np.zeros(n),
            "rate_sum": np.zeros(n),
            "currents": np.zeros((n_steps, n)),
            "noise": {},
            "traced": np.arange(n),
        }
        return Block(dt=dt, **{**usual, **options})

    return _block


@pytest.fixture(scope="session")
def recorded() -> Callable[..., Recording]:
    """A recording in which each column fires at the given times."""

    def _recorded(
        trains: Sequence[Sequence[float]],
        duration: float = 1000.0,
        diverged_at: Sequence[float] | None = None,
    ) -> Recording:
        n = len(trains)
        column = np.repeat(np.arange(n), [len(train) for train in trains])
        time = np.concatenate([np.empty(0), *(np.asarray(train, float) for train in trains)])
        order = np.argsort(time, kind="stable")
        lost = np.full(n, np.nan) if diverged_at is None else np.asarray(diverged_at, float)
        return Recording(
            n_columns=n,
            duration=duration,
            spike_columns=column[order],
            spike_times=time[order],
            diverged_at=lost,
            mean_rate=None,
            trace=Trace(np.zeros(0), {}, {}),
        )

    return _recorded
