"""The theta neuron against its closed forms and an adaptive solver."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.phase import THETA
from kernels.neurons.stimulus import Constant


def run(current: object, duration: float = THETA.duration, **kwargs: object) -> simulate.Recording:
    batch = Batch(THETA, int(np.size(current)), Constant(current), **kwargs)  # type: ignore[arg-type]
    return simulate.run(
        batch,
        duration=duration,
        dt=THETA.dt,
        integrator=THETA.integrator,
        traced=range(batch.n_columns),
    )


def test_it_spikes_as_often_as_printed() -> None:
    # SC-NeuroCore, test_theta_backends.py: spikes in ten units of time from theta = 0
    current = np.array([-1.0, -0.5, 0.0, 0.1, 0.333, 0.5, 1.0, 2.0, 5.0, 20.0])
    count = spikes.statistics(run(current, duration=10.0)).spike_count
    assert count.tolist() == [0, 0, 0, 1, 2, 2, 3, 5, 7, 14]


def test_its_period_is_pi_over_the_root_of_the_current() -> None:
    # Ermentrout 2008, Scholarpedia 3(3):1398: V = tan(theta / 2) obeys dV/dt = V² + I, whose
    # solutions blow up in finite time, from minus to plus infinity in pi / sqrt(I)
    current = np.array([0.01, 0.1, 1.0, 4.0])
    stats = spikes.statistics(run(current))
    n = stats.spike_count
    mean = stats.isi_mean
    # the first and the last spike are dated at the end of a step each
    assert np.all(np.abs(mean - math.pi / np.sqrt(current)) <= THETA.dt / (n - 1) + 1e-6)


def test_its_first_spike_comes_after_half_a_period() -> None:
    assert run(0.1).spike_times[0] == pytest.approx(math.pi / math.sqrt(0.1) / 2, abs=THETA.dt)


def test_it_rests_below_the_saddle_node_and_fires_once_beyond_its_threshold() -> None:
    # with I = -1/4 it rests at theta = -2 atan(1/2), and 2 atan(1/2) is its threshold
    at = 2.0 * math.atan(0.5)
    recording = run(
        np.full(2, -0.25), duration=60.0, init={"theta": np.array([at - 0.001, at + 0.001])}
    )
    assert recording.spike_columns.tolist() == [1]
    assert recording.trace.states["theta"][-1] == pytest.approx([-at, -at], abs=1e-6)


def test_its_phase_stays_on_the_circle() -> None:
    low, high, _ = run(np.array([0.1, 10.0])).trace.ranges["theta"]
    assert np.all(low >= -math.pi)
    assert np.all(high < math.pi)


def test_it_agrees_with_an_adaptive_solver() -> None:
    exact = solve_ivp(
        lambda t, x: 2.0 * np.sin(x / 2) ** 2 + 0.2 * np.cos(x / 2) ** 2,
        (0.0, 200.0),
        [0.0],
        "DOP853",
        rtol=1e-9,
        atol=1e-9,
    ).y[0, -1]
    recording = run(0.1)
    unwound = recording.trace.states["theta"][-1, 0] + 2 * math.pi * len(recording.spike_times)
    assert unwound == pytest.approx(exact, abs=1e-4)
