"""The current of every column at every step."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import get
from kernels.neurons.simulate import run
from kernels.neurons.stimulus import (
    Constant,
    Fluctuating,
    Piecewise,
    Pulses,
    Ramp,
    Recorded,
    Step,
    Stimulus,
    of_columns,
)

EACH = np.array([1.0, 2.0, 3.0])
STIMULI: dict[str, Stimulus] = {
    "constant": Constant(EACH, onset=5.0),
    "step": Step(onset=1.0, end=3.0, amplitude=EACH, baseline=0.5 * EACH),
    "ramp": Ramp(onset=1.0, end=4.0, initial=EACH, final=10.0),
    "pulses": Pulses(onset=1.0, width=0.5, period=1.5, count=2, amplitude=EACH, baseline=-EACH),
    "fluctuating": Fluctuating(mean=EACH, std=0.5, tau=2.0),
    "white": Fluctuating(mean=0.0, std=EACH),
    "recorded": Recorded(onset=1.0, values=(0.0, 4.0, 2.0), dt=0.7),
    "piecewise": Piecewise(onset=1.0, times=(0.0, 2.0, 2.0, 5.0), values=(1.0, 1.0, 3.0, 0.0)),
}


def currents(
    stimulus: Stimulus, n_steps: int, dt: float = 1.0, columns: Any = (0,), seed: int = 0
) -> np.ndarray:
    return stimulus.source(dt, np.asarray(columns, np.int64), seed)(0, n_steps)


def alone(stimulus: Stimulus, n_steps: int, dt: float = 1.0) -> list[float]:
    return currents(stimulus, n_steps, dt)[:, 0].tolist()


def test_a_constant_number_drives_every_column_at_every_step() -> None:
    assert currents(Constant(1.5), 3, columns=[0, 1]).tolist() == [[1.5, 1.5]] * 3


def test_a_constant_array_gives_each_column_its_own_current() -> None:
    assert currents(Constant(EACH), 2, columns=range(3)).tolist() == [[1.0, 2.0, 3.0]] * 2


def test_a_constant_takes_no_memory_for_its_steps() -> None:
    assert currents(Constant(EACH), 10, columns=range(3)).strides[0] == 0


def test_a_step_lasts_from_its_onset_to_its_end() -> None:
    step = Step(onset=2.0, end=4.0, amplitude=7.0, baseline=-1.0)
    assert alone(step, 6) == [-1.0, -1.0, 7.0, 7.0, -1.0, -1.0]


def test_a_step_without_an_end_goes_on() -> None:
    assert alone(Step(onset=1.0, amplitude=7.0), 4) == [0.0, 7.0, 7.0, 7.0]


@pytest.mark.parametrize("dt", [0.1, 0.01, 0.025, 0.3])
def test_an_edge_falls_on_its_step_whatever_the_rounding(dt: float) -> None:
    for k in range(1, 400):
        step = Step(onset=round(k * dt, 6), end=round((k + 2) * dt, 6), amplitude=1.0)
        on = np.flatnonzero(currents(step, k + 4, dt)[:, 0])
        assert on.tolist() == [k, k + 1]


def test_a_ramp_goes_straight_and_stays_at_its_end() -> None:
    ramp = Ramp(onset=1.0, end=3.0, initial=10.0, final=20.0)
    assert alone(ramp, 5) == pytest.approx([10.0, 10.0, 15.0, 20.0, 20.0])


def test_pulses_come_every_period_until_their_count_is_full() -> None:
    pulses = Pulses(onset=1.0, width=2.0, period=4.0, count=2, amplitude=5.0, baseline=1.0)
    assert alone(pulses, 12) == [1.0, 5.0, 5.0, 1.0, 1.0, 5.0, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0]


@given(st.integers(1, 30), st.integers(31, 60), st.sampled_from([0.1, 0.01, 0.025]))
def test_every_pulse_has_its_width_in_steps(width: int, period: int, dt: float) -> None:
    pulses = Pulses(
        onset=round(7 * dt, 6),
        width=round(width * dt, 6),
        period=round(period * dt, 6),
        amplitude=1.0,
    )
    on = currents(pulses, 7 + 20 * period, dt)[7:, 0].reshape(20, period)
    assert np.array_equal(on, np.broadcast_to(np.arange(period) < width, (20, period)))


def test_a_recorded_current_runs_straight_between_its_samples_from_the_onset_on() -> None:
    recorded = Recorded(onset=1.0, values=(2.0, 4.0, 3.0), dt=2.0)
    assert alone(recorded, 7) == pytest.approx([2.0, 2.0, 3.0, 4.0, 3.5, 3.0, 3.0])


def test_a_piecewise_current_jumps_where_two_points_share_a_time() -> None:
    points = Piecewise(onset=1.0, times=(0.0, 2.0, 2.0, 4.0), values=(1.0, 1.0, 5.0, 7.0))
    assert alone(points, 7) == pytest.approx([1.0, 1.0, 1.0, 5.0, 6.0, 7.0, 7.0])


@pytest.mark.parametrize("n_steps", [3, 300])
def test_a_piecewise_jump_falls_on_its_step_in_blocks_of_any_length(n_steps: int) -> None:
    points = Piecewise(times=(0.0, 0.1, 0.1, 0.2, 0.2), values=(0.0, 0.0, 4.0, 4.0, 0.0))
    assert alone(points, n_steps, dt=0.1)[:3] == [0.0, 4.0, 0.0]


def test_fluctuations_have_their_mean_deviation_and_correlation_time() -> None:
    tau, dt, n = 5.0, 0.5, 40_000
    noise = Fluctuating(mean=2.0, std=0.7, tau=tau)
    series = currents(noise, n, dt, seed=3)[:, 0]
    independent = n * dt / (2.0 * tau)  # how many numbers say as much about the mean
    assert abs(series.mean() - 2.0) < 4.0 * 0.7 / math.sqrt(independent)
    assert series.std() == pytest.approx(0.7, rel=4.0 / math.sqrt(2.0 * independent))
    x = series - 2.0
    for lag in (1, 10, 20):
        correlation = (x[lag:] * x[:-lag]).mean() / 0.49
        assert correlation == pytest.approx(math.exp(-lag * dt / tau), abs=0.08)


def test_fluctuations_begin_in_their_stationary_state() -> None:
    first = currents(Fluctuating(mean=0.0, std=2.0, tau=50.0), 1, columns=range(3000))[0]
    assert first.std() == pytest.approx(2.0, rel=4.0 / math.sqrt(2.0 * 3000))


def test_without_a_correlation_time_every_step_is_drawn_anew() -> None:
    series = currents(Fluctuating(mean=0.0, std=1.0), 10_000)[:, 0]
    assert abs((series[1:] * series[:-1]).mean()) < 4.0 / math.sqrt(10_000)


def test_fluctuations_differ_between_seeds_and_columns() -> None:
    noise = Fluctuating(mean=0.0, std=1.0, tau=1.0)
    a, b = currents(noise, 5, columns=[0, 1]), currents(noise, 5, columns=[0, 1], seed=1)
    assert len(np.unique(np.concatenate([a, b]))) == 20


@pytest.mark.parametrize("name", STIMULI)
def test_blocks_of_any_length_give_the_same_currents(name: str) -> None:
    columns = np.arange(3)
    whole = STIMULI[name].source(0.1, columns, 7)(0, 100)
    source = STIMULI[name].source(0.1, columns, 7)
    edges = [0, 1, 2, 30, 31, 99, 100]
    parts = [source(a, b - a) for a, b in pairwise(edges)]
    assert whole.shape == (100, 3)
    assert np.array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("name", STIMULI)
@pytest.mark.parametrize("taken", [slice(1, 3), np.array([2, 0, 2])], ids=["slice", "places"])
def test_taken_columns_keep_their_currents_and_the_onset(name: str, taken: Any) -> None:
    stimulus, columns = STIMULI[name], np.arange(3)
    part = stimulus.take(taken)
    assert part.onset == stimulus.onset
    np.testing.assert_array_equal(
        currents(part, 60, 0.1, columns=columns[taken]),
        currents(stimulus, 60, 0.1, columns=columns)[:, taken],
    )


def test_a_number_belongs_to_every_column() -> None:
    assert of_columns(4.0, slice(1, 2)) == 4.0


@pytest.mark.parametrize("dt", [0.05, 0.2])
def test_a_short_correlation_time_makes_white_noise_of_any_intensity_at_any_step(dt: float) -> None:
    # a leak turns white noise of intensity D into a variance of D / (2 tau_m), noise of correlation
    # time tau into tau_m / (tau_m + tau) of that
    D, tau_m, tau = 0.4, 5.0, 0.5
    noise = Fluctuating(mean=0.0, std=np.sqrt(D / (2.0 * tau)), tau=tau)
    batch = Batch(get("LapicqueNeuron"), 2000, noise, {"tau": tau_m, "theta": 100.0}, seed=1)
    done = run(batch, duration=40.0, dt=dt, integrator="exponential_euler", traced=range(2000))
    variance = done.trace.states["V"][-1].var()
    # of 2000 values the standard error is 3 %; a step holds what fluctuates, which adds dt to tau
    assert variance == pytest.approx(D / (2.0 * tau_m) * tau_m / (tau_m + tau), rel=0.12)
