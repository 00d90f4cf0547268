"""The cold receptor against an independent solver and the patterns of its temperatures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.receptors import HUBER_BRAUN
from kernels.neurons.stimulus import Constant


def intervals(temperature, *, after, duration):
    """Intervals between spikes later than a time, by column."""
    batch = Batch(HUBER_BRAUN, len(temperature), Constant(0.0), {"temperature": temperature})
    recording = simulate.run(batch, duration=duration, dt=0.1, integrator="rk4", engine="scalar")
    late = recording.spike_times > after
    return [
        np.diff(recording.spike_times[late & (recording.spike_columns == column)])
        for column in range(len(temperature))
    ]


def test_huber_braun_spikes_when_an_adaptive_solver_says():
    # at 6 °C, where rho is 0.607 and phi 0.124, as later papers print them
    def rhs(t, y):
        V, ar, asd, asr = y
        rho, phi = 0.6074262, 0.1240161
        ad = 1 / (1 + np.exp(-0.25 * (V + 25)))
        sd = rho * 0.25 * asd * (V - 50)
        dV = -0.1 * (V + 60) - rho * 1.5 * ad * (V - 50) - rho * 2 * ar * (V + 90) - sd
        return [
            dV - rho * 0.4 * asr * (V + 90),
            phi * (1 / (1 + np.exp(-0.25 * (V + 25))) - ar) / 2,
            phi * (1 / (1 + np.exp(-0.09 * (V + 40))) - asd) / 10,
            -phi * (0.012 * sd + 0.17 * asr) / 20,
        ]

    def crossing(t, y):
        return y[0] + 20.0

    crossing.direction = 1.0
    start = [state.initial for state in HUBER_BRAUN.states]
    solution = solve_ivp(
        rhs, (0.0, 1500.0), start, "LSODA", events=crossing, rtol=1e-9, atol=1e-10, max_step=1.0
    )
    batch = Batch(HUBER_BRAUN, 1, Constant(0.0), {"temperature": 6.0})
    found = simulate.run(
        batch, duration=1500.0, dt=0.05, integrator="rk4", engine="scalar"
    ).spike_times
    assert len(found) > 4
    assert found == pytest.approx(solution.t_events[0], abs=0.3)


def test_the_temperature_scales_currents_by_1_3_and_rates_by_3_every_10_degrees():
    # Braun et al. 1998; rho 0.607 and phi 0.124 are what later papers print for 6 °C
    params = {param.name: param.default for param in HUBER_BRAUN.params}
    warmer = (6.0 - 25.0) / 10.0
    assert params["A_1"] ** warmer == pytest.approx(0.607, abs=5e-4)
    assert params["A_2"] ** warmer == pytest.approx(0.124, abs=5e-4)


def test_huber_braun_bursts_when_cool_and_fires_singly_when_warm():
    # Braun et al. 1998: from warm to cold, single spikes, then bursts of more and more spikes
    warm, mild, cool = intervals(np.array([33.0, 25.0, 20.0]), after=1500.0, duration=4500.0)
    assert np.ptp(warm) < 1.0
    for bursts, spikes_in_burst in ((mild, 2), (cool, 3)):
        pause = bursts > 150.0
        assert np.ptp(bursts[pause]) < 1.0
        assert set(np.diff(np.flatnonzero(pause))) == {spikes_in_burst}


def test_huber_braun_oscillates_faster_the_warmer_it_is():
    slow, middle, fast = intervals(np.array([28.0, 30.0, 33.0]), after=1500.0, duration=3500.0)
    assert slow[-1] > middle[-1] > fast[-1]
