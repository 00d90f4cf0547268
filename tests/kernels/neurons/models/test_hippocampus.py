"""Hippocampal pyramidal cells against their paper and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.hippocampus import GOLOMB_YAARI
from kernels.neurons.stimulus import Constant


def run(current, *, duration, dt=0.04, n=1, init=None, **params):
    return simulate.run(
        Batch(GOLOMB_YAARI, n, Constant(current), params, init or {}),
        duration=duration,
        dt=dt,
        integrator="rk4",
        engine="scalar",
        traced=range(n),
    )


@pytest.mark.published("GolombYaariNeuron")
def test_golomb_yaari_rests_where_the_authors_program_starts():
    # ModelDB 66268, zca.ode: V -71.81327, n 0.02457, b 0.203517, z 0.00141 (its h, 0.98786, is the
    # steady state at another potential)
    recording = run(0.0, duration=1200.0, init={"V": -70.0, "b": 0.3, "z": 0.01})
    rest = {name: trace[-1, 0] for name, trace in recording.trace.states.items()}
    assert rest["V"] == pytest.approx(-71.81327, abs=5e-5)
    assert rest["n"] == pytest.approx(0.02457, abs=5e-6)
    assert rest["b"] == pytest.approx(0.203517, abs=5e-6)
    assert rest["z"] == pytest.approx(0.00141, abs=5e-6)


def test_golomb_yaari_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, h, n, b, z = y

        def G(theta, sigma):
            return 1 / (1 + np.exp(-(V - theta) / sigma))

        dV = 1.0 - 0.05 * (V + 70) - 35 * G(-30, 9.5) ** 3 * h * (V - 55)
        dV -= 0.3 * G(-47, 3) * (V - 55) + (V + 90) * (6 * n**4 + 1.4 * G(-50, 20) ** 3 * b + z)
        return [
            dV,
            10 * (G(-45, -7) - h) / (1 + 7.5 * G(-40.5, -6)),
            10 * (G(-35, 10) - n) / (1 + 5 * G(-27, -15)),
            (G(-80, -6) - b) / 15,
            (G(-39, 5) - z) / 75,
        ]

    def crossing(t, y):
        return y[0] + 20.0

    crossing.direction = 1.0
    start = [state.initial for state in GOLOMB_YAARI.states]
    solution = solve_ivp(
        rhs, (0.0, 200.0), start, "LSODA", events=crossing, rtol=1e-9, atol=1e-10, max_step=0.5
    )
    found = run(1.0, duration=200.0, dt=0.02).spike_times
    assert len(found) > 8
    assert found == pytest.approx(solution.t_events[0], abs=0.05)


def test_golomb_yaari_bursts_by_persistent_sodium_and_ends_bursts_by_its_m_current():
    # Golomb, Yue and Yaari 2006: bursts need persistent sodium; without the M-current the cell
    # fires on and on
    recording = run(
        1.0,
        duration=500.0,
        n=3,
        g_NaP=np.array([0.3, 0.0, 0.3]),
        g_M=np.array([1.0, 1.0, 0.0]),
    )
    stats = spikes.statistics(recording)
    bursting, single, endless = patterns.classify(stats, deterministic=True)
    assert bursting == "bursting"
    assert single == "adapting"
    assert endless == "tonic"
    assert stats.spike_count[2] > 5 * stats.spike_count[0]
