"""A run gives the spikes that the equations give, however it is cut."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import get
from kernels.neurons.engines import cost
from kernels.neurons.model import Integrator, Model, Relax, Values
from kernels.neurons.models.conductance import HODGKIN_HUXLEY
from kernels.neurons.models.integrate_and_fire import ADEX, LAPICQUE
from kernels.neurons.simulate import Recording, advancing, count_steps, run
from kernels.neurons.stimulus import Constant, Fluctuating, Step, Stimulus

Toy = Callable[..., Model]


def trains(recording: Recording) -> list[list[float]]:
    return [
        recording.spike_times[recording.spike_columns == column].tolist()
        for column in range(recording.n_columns)
    ]


# The heatmap of Brette and Gerstner's model


def spikes_in_plain_python(a: float, b: float) -> int:
    """Forward Euler of the adaptive exponential model at 0.8 nA; mV, ms, nA and nS."""
    V, w, n_spikes = -70.6, 0.0, 0
    for _ in range(2000):
        leak = -30.0 * (V + 70.6) + 30.0 * 2.0 * math.exp((V + 50.4) / 2.0)
        dV = (leak + 1000.0 * (0.8 - w)) / 281.0
        dw = (a * (V + 70.6) / 1000.0 - w) / 144.0
        V, w = V + 0.1 * dV, w + 0.1 * dw
        if V >= 20.0:
            V, w, n_spikes = -70.6, w + b, n_spikes + 1
    return n_spikes


def test_every_cell_of_a_heatmap_counts_the_spikes_of_plain_python() -> None:
    a, b = np.meshgrid(np.linspace(0.0, 8.0, 15), np.linspace(0.0, 0.16, 15), indexing="ij")
    batch = Batch(ADEX, 225, Constant(0.8), params={"a": a.ravel(), "b": b.ravel()})
    done = run(batch, duration=200.0, dt=0.1, integrator="euler")
    counts = np.bincount(done.spike_columns, minlength=225)
    expected = [spikes_in_plain_python(*cell) for cell in zip(a.flat, b.flat, strict=True)]
    assert counts.tolist() == expected
    assert counts.sum() == 1239


# However it is cut

N = 10
VARIED: dict[str, tuple[Model, float, float, dict[str, np.ndarray], np.ndarray]] = {
    "lapicque": (
        LAPICQUE,
        150.0,
        0.1,
        # the first columns have no refractory time, so that some parts need none at all
        {"tau": np.linspace(5.0, 25.0, N), "t_ref": np.repeat([0.0, 1.03], N // 2)},
        np.linspace(0.9, 4.0, N),
    ),
    "adex": (
        ADEX,
        120.0,
        0.1,
        {"a": np.linspace(0.0, 8.0, N), "Delta_T": np.linspace(1.5, 2.5, N)},
        np.linspace(0.5, 2.0, N),
    ),
    "hodgkin-huxley": (
        HODGKIN_HUXLEY,
        20.0,
        0.02,
        {"g_Na": np.linspace(100.0, 130.0, N), "E_L": np.linspace(-55.0, -53.0, N)},
        np.linspace(5.0, 20.0, N),
    ),
}


def batch_of(name: str) -> Batch:
    model, _, _, params, currents = VARIED[name]
    return Batch(model, N, Constant(currents), params=params)


@cache
def whole(name: str, integrator: Integrator) -> list[list[float]]:
    _, duration, dt, _, _ = VARIED[name]
    return trains(run(batch_of(name), duration=duration, dt=dt, integrator=integrator))


@st.composite
def some_columns(draw: st.DrawFn) -> slice:
    start = draw(st.integers(0, N - 1))
    return slice(start, draw(st.integers(start + 1, N)))


@pytest.mark.parametrize("name", VARIED)
@settings(max_examples=12)
@given(
    columns=some_columns(),
    block_steps=st.integers(5, 400),
    integrator=st.sampled_from(LAPICQUE.integrators),
)
def test_any_columns_in_any_blocks_spike_as_in_the_whole_run(
    name: str, columns: slice, block_steps: int, integrator: Integrator
) -> None:
    _, duration, dt, _, _ = VARIED[name]
    part = batch_of(name).take(columns)
    done = run(part, duration=duration, dt=dt, integrator=integrator, block_steps=block_steps)
    assert trains(done) == whole(name, integrator)[columns]
    assert sum(map(len, whole(name, integrator))) > N


@pytest.mark.parametrize("name", VARIED)
def test_blocks_of_a_single_step_change_nothing(name: str) -> None:
    model, _, dt, _, _ = VARIED[name]
    options = {"duration": 200 * dt, "dt": dt, "integrator": model.integrator, "traced": [3, 1]}
    long = run(batch_of(name), **options).trace
    short = run(batch_of(name), **options, block_steps=1).trace
    for state in long.states:
        assert np.array_equal(long.states[state], short.states[state])


@pytest.mark.parametrize("n_batches", [1, 3, 10, 50])
def test_the_parts_of_a_split_add_up_to_the_whole(n_batches: int) -> None:
    parts = [
        run(part, duration=120.0, dt=0.1, integrator="euler")
        for part in batch_of("adex").split(n_batches)
    ]
    assert [train for part in parts for train in trains(part)] == whole("adex", "euler")


DRIVES: dict[str, Stimulus] = {
    "step": Step(onset=20.0, end=60.0, amplitude=np.linspace(1.0, 2.0, N)),
    "noise": Fluctuating(mean=np.linspace(0.8, 1.4, N), std=0.5, tau=5.0),
}


@cache
def whole_driven(drive: str) -> tuple[Batch, list[list[float]]]:
    batch = Batch(ADEX, N, DRIVES[drive], seed=3)
    return batch, trains(run(batch, duration=100.0, dt=0.1, integrator="euler"))


@pytest.mark.parametrize("drive", DRIVES)
@settings(max_examples=15)
@given(
    columns=some_columns(),
    block_steps=st.integers(10, 1200),
    transient=st.sampled_from([0.0, 12.3, 200.0]),
)
def test_a_stimulus_that_varies_is_the_same_for_any_columns_in_any_blocks(
    drive: str, columns: slice, block_steps: int, transient: float
) -> None:
    batch, whole = whole_driven(drive)
    done = run(
        batch.take(columns),
        duration=100.0,
        dt=0.1,
        integrator="euler",
        block_steps=block_steps,
        transient=transient,
    )
    assert trains(done) == whole[columns]


def test_no_column_fires_before_or_long_after_its_step_of_current() -> None:
    _, driven = whole_driven("step")
    assert all(driven)
    assert all(20.0 < train[0] and train[-1] < 62.0 for train in driven)


def noisy(toy: Toy, kind: str) -> Model:
    """A leaky integrator that fires by diffusion over its threshold, or by chance near it."""
    common = {
        "derivatives": lambda xp, s, p, current: {"V": Relax(current, p.tau), "w": -s.w / 30.0},
        "reset": lambda xp, s, p: {"V": 0.0, "w": s.w + 1.0},
        "refractory": "t_ref",
        "clamped": ("V",),
    }
    states, params = {"V": 0.0, "w": 0.0}, {"tau": 10.0, "t_ref": 1.0}
    if kind == "diffusion":
        return toy(
            states,
            params,
            **common,
            spike=lambda xp, s, p: s.V >= 1.0,
            diffusion=lambda xp, s, p: {"V": 0.3, "w": 0.05 * xp.exp(-s.w)},
            noise={"V": "normal", "w": "normal"},
        )
    return toy(
        states,
        params,
        **common,
        hazard=lambda xp, s, p: 0.2 * xp.exp(4.0 * (s.V - s.w - 0.5)),
        noise={"spike": "uniform"},
    )


@pytest.mark.parametrize("engine", ["numpy", "scalar", "llvm"])
def test_a_block_of_one_column_is_small_in_memory_though_a_tile_of_columns_is_held(
    engine: str,
) -> None:
    running = advancing(
        Batch(LAPICQUE, 1, Constant(3.0)),
        duration=1e8,
        dt=0.1,
        integrator=LAPICQUE.integrator,
        engine=engine,
        traced=[0],
    )
    held = cost.filled(engine, 1) * (2 + len(LAPICQUE.states))  # spike, current, states
    assert next(running).n_steps * held * 8 <= 32e6
    running.close()


def noisy_trains(batch: Batch, block_steps: int | None = None) -> list[list[float]]:
    integrator = batch.model.integrator
    return trains(
        run(batch, duration=100.0, dt=0.2, integrator=integrator, block_steps=block_steps)
    )


@cache
def noisy_whole(toy: Toy, kind: str, seed: int) -> tuple[Batch, list[list[float]]]:
    batch = Batch(
        noisy(toy, kind),
        N,
        Constant(np.linspace(0.8, 1.5, N)),
        params={"tau": np.linspace(5.0, 15.0, N)},
        seed=seed,
    )
    return batch, noisy_trains(batch)


@pytest.mark.parametrize("kind", ["diffusion", "hazard"])
@settings(max_examples=25)
@given(columns=some_columns(), block_steps=st.integers(10, 600), seed=st.integers(0, 2))
def test_any_columns_of_a_noisy_model_in_any_blocks_spike_as_in_the_whole_run(
    toy: Toy, kind: str, columns: slice, block_steps: int, seed: int
) -> None:
    batch, whole = noisy_whole(toy, kind, seed)
    assert noisy_trains(batch.take(columns), block_steps) == whole[columns]


@pytest.mark.parametrize("kind", ["diffusion", "hazard"])
def test_another_seed_or_column_gives_other_spikes_and_the_same_the_same(
    toy: Toy, kind: str
) -> None:
    alike = Batch(noisy(toy, kind), 3, Constant(1.2), seed=4)
    first, again = noisy_trains(alike), noisy_trains(alike)
    other = noisy_trains(Batch(noisy(toy, kind), 3, Constant(1.2), seed=5))
    assert first == again
    everything = [tuple(train) for train in first + other]
    assert len(set(everything)) == 6
    assert all(everything)


# Time


@given(
    st.integers(0, 20_000_000),
    st.sampled_from([1.0, 0.5, 0.1, 0.05, 0.025, 0.02, 0.01, 0.005, 0.001]),
)
def test_a_duration_of_whole_steps_takes_just_those(n_steps: int, dt: float) -> None:
    assert count_steps(n_steps * dt, dt) == n_steps
    assert count_steps(round(n_steps * dt, 6), dt) == n_steps


def test_a_remainder_of_a_step_is_left_out() -> None:
    assert count_steps(1.0, 0.3) == 3
    assert count_steps(0.01, 0.1) == 0


def test_rates_are_over_the_time_that_was_simulated() -> None:
    batch = Batch(LAPICQUE, 1, Constant(1e6))
    done = run(batch, duration=1.0, dt=0.3, integrator="exponential_euler")
    assert done.duration == pytest.approx(0.9)


def test_no_spike_comes_after_the_end_of_the_recording() -> None:
    batch = Batch(LAPICQUE, 1, Constant(1e6))
    done = run(batch, duration=1.0, dt=0.3, integrator="exponential_euler")
    assert done.spike_times.max() <= done.duration


def test_spikes_are_told_in_order_of_time() -> None:
    done = run(batch_of("adex"), duration=120.0, dt=0.1, integrator="euler", block_steps=100)
    assert (np.diff(done.spike_times) >= 0.0).all()


def test_a_run_of_no_time_is_its_beginning() -> None:
    done = run(Batch(ADEX, 2, Constant(0.8)), duration=0.0, dt=0.1, integrator="euler", traced=[1])
    assert len(done.spike_times) == 0
    assert done.trace.t.tolist() == [0.0]
    assert done.trace.states["V"].tolist() == [[-70.6]]
    assert np.isnan(done.diverged_at).all()


def test_traces_hold_the_columns_asked_for_from_their_initial_state_on() -> None:
    batch = Batch(ADEX, 3, Constant(0.0), init={"V": np.array([-71.0, -72.0, -73.0])})
    trace = run(batch, duration=1.0, dt=0.1, integrator="euler", traced=[2, 0]).trace
    assert trace.states["V"][0].tolist() == [-73.0, -71.0]
    assert trace.states["V"].shape == (11, 2)
    np.testing.assert_allclose(trace.t, np.arange(11) / 10.0)


def test_an_initial_array_of_the_batch_is_not_written_into() -> None:
    V = np.array([-60.0, -65.0])
    run(Batch(ADEX, 2, Constant(0.8), init={"V": V}), duration=5.0, dt=0.1, integrator="euler")
    assert V.tolist() == [-60.0, -65.0]


# Rates without spikes


def counted(toy: Toy, **options: Any) -> Recording:
    """A model whose rate is the number of steps done, in two columns one step apart."""
    model = toy(
        {"E": 0.0},
        derivatives=lambda xp, s, p, current: {"E": 1.0},
        rate=lambda xp, s, p: s.E,
    )
    batch = Batch(model, 2, Constant(0.0), init={"E": np.array([0.0, 1.0])})
    return run(batch, duration=10.0, dt=1.0, integrator="euler", **options)


def test_the_mean_rate_is_that_of_every_step(toy: Toy) -> None:
    assert counted(toy).mean_rate.tolist() == [5.5, 6.5]


@pytest.mark.parametrize("block_steps", [None, 1, 3, 4, 100])
def test_the_mean_rate_leaves_out_the_transient_whatever_the_blocks(
    toy: Toy, block_steps: int | None
) -> None:
    done = counted(toy, transient=4.0, block_steps=block_steps, traced=[0])
    assert done.mean_rate.tolist() == [7.5, 8.5]  # of 5 to 10, and of 6 to 11
    assert done.trace.states["E"][:, 0].tolist() == list(range(11))


@pytest.mark.parametrize("transient", [10.0, 15.0])
def test_a_transient_that_leaves_no_steps_leaves_no_mean_rate(toy: Toy, transient: float) -> None:
    assert np.isnan(counted(toy, transient=transient).mean_rate).all()


def test_a_model_that_spikes_has_no_mean_rate() -> None:
    batch = Batch(ADEX, 1, Constant(0.8))
    assert run(batch, duration=1.0, dt=0.1, integrator="euler").mean_rate is None


def test_a_transient_changes_no_spike() -> None:
    options = {"duration": 120.0, "dt": 0.1, "integrator": "euler"}
    assert trains(run(batch_of("adex"), **options, transient=33.3)) == whole("adex", "euler")


# Progress


def test_progress_tells_the_steps_done_and_the_spikes_until_then() -> None:
    batch = batch_of("lapicque")
    steps = advancing(
        batch, duration=100.0, dt=0.1, integrator="exponential_euler", block_steps=300
    )
    seen = list(steps)
    done = run(batch, duration=100.0, dt=0.1, integrator="exponential_euler")
    assert [so_far.n_steps for so_far in seen] == [300, 600, 900, 1000]
    for so_far in seen:
        before = done.spike_columns[done.spike_times <= so_far.n_steps * 0.1 + 1e-9]
        assert so_far.spike_count.tolist() == np.bincount(before, minlength=N).tolist()


def test_a_run_can_be_abandoned_between_two_blocks() -> None:
    steps = advancing(batch_of("adex"), duration=1e9, dt=0.1, integrator="euler")
    assert next(steps).n_steps > 0
    steps.close()
    assert list(steps) == []


def test_blocks_are_short_whatever_the_width_and_never_empty() -> None:
    first = [
        next(advancing(Batch(ADEX, n, Constant(0.8)), duration=1e6, dt=0.1, integrator="euler"))
        for n in (1, 1000, 100_000)
    ]
    steps = [so_far.n_steps for so_far in first]
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] >= 1


# Divergence


def explosive(toy: Toy) -> Model:
    """x stays where k is 0 and blows up in finite time where it is not; V counts to 1 ms."""

    def derivatives(xp: Any, s: Values, p: Values, current: Any) -> dict[str, Any]:
        return {"x": p.k * s.x * s.x, "V": 1.0 + 0.0 * s.x}

    return toy(
        {"x": 1.0, "V": 0.0},
        {"k": 0.0},
        derivatives=derivatives,
        spike=lambda xp, s, p: s.V >= 1.0,
        reset=lambda xp, s, p: {"V": 0.0},
    )


def exploded(toy: Toy, k: list[float], **options: Any) -> Recording:
    batch = Batch(explosive(toy), len(k), Constant(0.0), params={"k": np.array(k)})
    return run(batch, duration=20.0, dt=0.125, integrator="euler", **options)


def test_a_column_that_diverges_is_told_with_its_time_and_the_others_are_not(toy: Toy) -> None:
    diverged_at = exploded(toy, [0.0, 0.2, 0.0, 1.0], block_steps=1).diverged_at
    assert np.isnan(diverged_at).tolist() == [True, False, True, False]
    # dx/dt = k x² from 1 reaches infinity at 1/k; Euler follows within its steps
    assert 1.0 < diverged_at[3] < 3.0
    assert 5.0 < diverged_at[1] < 8.0


def test_a_column_that_diverges_does_not_disturb_its_neighbours(toy: Toy) -> None:
    together = exploded(toy, [0.0, 0.2, 0.01])
    apart = [exploded(toy, [k]) for k in (0.0, 0.2, 0.01)]
    assert trains(together)[0] == [float(k) for k in range(1, 21)]
    assert trains(together) == [trains(one)[0] for one in apart]
    assert np.isnan(together.diverged_at).tolist() == [True, False, True]


@pytest.mark.parametrize("block_steps", [2, 16, 50])
def test_the_time_of_divergence_does_not_depend_on_the_blocks(toy: Toy, block_steps: int) -> None:
    stepwise = exploded(toy, [0.0, 0.2, 1.0], block_steps=1).diverged_at
    blockwise = exploded(toy, [0.0, 0.2, 1.0], block_steps=block_steps).diverged_at
    np.testing.assert_array_equal(blockwise, stepwise)


def test_hodgkin_huxley_at_too_long_a_step_diverges_alone() -> None:
    batch = Batch(HODGKIN_HUXLEY, 2, Constant(10.0), params={"g_Na": np.array([120.0, 0.0])})
    done = run(batch, duration=20.0, dt=0.5, integrator="euler")
    assert np.isnan(done.diverged_at).tolist() == [False, True]


def test_a_mean_that_no_number_holds_is_told_as_divergence() -> None:
    batch = Batch(get("ThresholdLinearRateNeuron"), 2, Constant(np.array([1.0, 1e308])))
    done = run(batch, duration=10.0, dt=0.1, integrator="map")
    assert done.diverged_at == pytest.approx([np.nan, 10.0], nan_ok=True)
