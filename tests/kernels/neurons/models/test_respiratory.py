"""Respiratory pacemakers against their paper and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.respiratory import BUTERA
from kernels.neurons.stimulus import Constant


def run(*, duration, dt=0.2, current=0.0, **params):
    return simulate.run(
        Batch(BUTERA, 1, Constant(current), params=params),
        duration=duration,
        dt=dt,
        integrator="rk4",
        engine="scalar",
        traced=[0],
    )


def burst_times(times):
    return times[np.diff(times, prepend=-np.inf) > 300.0]


def test_butera_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, n, h = y

        def s(theta, sigma):
            return 1 / (1 + np.exp((V - theta) / sigma))

        ina = 28 * s(-34, -5) ** 3 * (1 - n) * (V - 50)
        inap = 2.8 * s(-40, -6) * h * (V - 50)
        return [
            -(ina + inap + 11.2 * n**4 * (V + 85) + 2.8 * (V + 57.5)) / 21,
            (s(-29, -4) - n) * np.cosh((V + 29) / 8) / 10,
            (s(-48, 6) - h) * np.cosh((V + 48) / 12) / 10000,
        ]

    def crossing(t, y):
        return y[0] + 20.0

    crossing.direction = 1.0
    y0 = [state.initial for state in BUTERA.states]
    expected = solve_ivp(
        rhs, (0.0, 3000.0), y0, "LSODA", events=crossing, rtol=1e-9, atol=1e-11
    ).t_events[0]
    times = run(duration=3000.0, dt=0.05).spike_times
    assert len(times) > 10
    assert times == pytest.approx(expected, abs=1.0)


def test_butera_is_silent_bursts_and_beats_as_its_leak_depolarizes_it():
    # Butera et al. 1999, abstract: silence, bursting and beating depend on the potential
    silent = run(E_L=-65.0, duration=5000.0).spike_times
    bursting = run(E_L=-57.5, duration=6000.0).spike_times
    beating = run(E_L=-50.0, duration=5000.0).spike_times
    assert len(silent) == 0
    assert len(burst_times(bursting)) > 2
    isi = np.diff(beating)[-20:]
    assert len(beating) > 50
    assert np.ptp(isi) < 0.1 * isi.mean()


def test_butera_bursts_ten_times_as_often_when_depolarized():
    # Butera et al. 1999, abstract: a voltage-dependent burst frequency from 0.05 to more than 1 Hz
    slow = burst_times(run(E_L=-60.55, duration=32000.0, dt=0.3).spike_times)
    fast = burst_times(run(E_L=-56.9, duration=8000.0).spike_times)
    assert len(slow) > 1
    assert 0.05 < 1e3 / np.diff(slow)[-1] < 0.1
    assert 0.75 < 1e3 / np.diff(fast)[-1] < 1.5


def test_butera_bursts_shorten_and_slow_down():
    # Butera et al. 1999, abstract: spike frequency decays during a burst, and the more depolarized
    # model 1 is the shorter are its bursts
    def first_burst(E_L):
        times = run(E_L=E_L, duration=12000.0).spike_times
        starts = burst_times(times)
        return times[(times >= starts[-2]) & (times < starts[-1])]

    hyperpolarized, depolarized = first_burst(-59.0), first_burst(-57.5)
    assert np.all(np.diff(hyperpolarized, n=2) > 0.0)
    assert np.ptp(depolarized) < 0.8 * np.ptp(hyperpolarized)


def test_butera_current_does_what_a_shifted_leak_does():
    # Butera et al. 1999: E_L + I/g_L is what the current changes
    shifted = run(E_L=-57.5, duration=3000.0).spike_times
    injected = run(E_L=-60.0, current=2.5 * 2.8, duration=3000.0).spike_times
    assert len(shifted) > 10
    assert injected == pytest.approx(shifted, abs=1e-9)
