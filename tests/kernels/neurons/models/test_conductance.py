"""Conductance-based models against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.conductance import (
    CONNOR_STEVENS,
    RUSH_RINZEL,
    TRAUB_MILES,
    WANG_BUZSAKI,
)
from kernels.neurons.stimulus import Constant


def rates(model, currents, *, duration, dt=0.05, **params):
    """Rate from the last interval, 0 where there is none, Hz."""
    batch = Batch(model, len(currents), Constant(np.array(currents)), params=params)
    recording = simulate.run(batch, duration=duration, dt=dt, integrator="rk4")
    return np.nan_to_num(1000.0 / spikes.statistics(recording).isi_last)


def onset(currents, f):
    """The current at which the squared rate reaches zero, as at a saddle-node on a cycle."""
    slope, intercept = np.polyfit(currents, np.square(f), 1)
    return -intercept / slope


def spike_times(model, *, duration=100.0):
    batch = Batch(model, 1, Constant(model.current))
    run = simulate.run(batch, duration=duration, dt=model.dt, integrator=model.integrator)
    return run.spike_times


def solved_spike_times(rhs, y0, *, duration=100.0, level=0.0):
    def crossing(t, y):
        return y[0] - level

    crossing.direction = 1.0
    run = solve_ivp(
        rhs, (0.0, duration), y0, "DOP853", events=crossing, rtol=1e-9, atol=1e-10, max_step=1.0
    )
    return run.t_events[0]


def vtrap(x, k):
    """x / (exp(x/k) - 1)."""
    return k if abs(x) < 1e-9 else x / (np.exp(x / k) - 1.0)


def test_connor_stevens_spikes_when_an_adaptive_solver_says():
    # Dayan and Abbott 2001, Theoretical Neuroscience, equations 6.15-6.19, with the 3.8/2 that
    # they round for n
    def rhs(t, y):
        V, m, h, n, a, b = y
        am, bm = 0.38 * vtrap(-(V + 29.7), 10), 15.2 * np.exp(-(V + 54.7) / 18)
        ah, bh = 0.266 * np.exp(-0.05 * (V + 48)), 3.8 / (1 + np.exp(-0.1 * (V + 18)))
        an, bn = 0.019 * vtrap(-(V + 45.7), 10), 0.2375 * np.exp(-0.0125 * (V + 55.7))
        ainf = np.cbrt(0.0761 * np.exp((V + 94.22) / 31.84) / (1 + np.exp((V + 1.17) / 28.93)))
        binf = (1 + np.exp((V + 53.3) / 14.54)) ** -4.0
        ta = 0.3632 + 1.158 / (1 + np.exp((V + 55.96) / 20.12))
        tb = 1.24 + 2.678 / (1 + np.exp((V + 50) / 16.027))
        dV = 10 - 120 * m**3 * h * (V - 55) - 20 * n**4 * (V + 72)
        dV += -47.7 * a**3 * b * (V + 75) - 0.3 * (V + 17)
        return [
            *(dV, am * (1 - m) - bm * m, ah * (1 - h) - bh * h, an * (1 - n) - bn * n),
            *((ainf - a) / ta, (binf - b) / tb),
        ]

    expected = solved_spike_times(rhs, [s.initial for s in CONNOR_STEVENS.states])
    assert spike_times(CONNOR_STEVENS) == pytest.approx(expected, abs=2 * CONNOR_STEVENS.dt)


def test_connor_stevens_fires_at_low_rates_only_with_its_a_current():
    # Rush and Rinzel 1995: zero-frequency onset needs an N-shaped steady-state I-V curve, whose
    # local maximum for these constants is 8.11 uA/cm2 (from the equations).
    silent, slow, faster, fast = rates(CONNOR_STEVENS, [8.0, 8.2, 8.3, 20.0], duration=700.0)
    assert silent == 0.0
    assert 0.0 < slow < 5.0
    assert fast > 100.0
    assert onset([8.2, 8.3], [slow, faster]) == pytest.approx(8.11, abs=0.05)
    without = rates(CONNOR_STEVENS, np.arange(-12.0, -4.0), duration=100.0, g_A=0.0)
    assert without[without > 0.0].min() > 50.0


def test_connor_stevens_fires_down_to_the_published_2_spikes_a_second():
    # Connor, Walter and McKown 1977, abstract: "fired repetitively down to approximately 2
    # spikes/s and up to 350/s", with various choices of its parameters
    slowest, fast = rates(CONNOR_STEVENS, [8.15, 100.0], duration=1200.0)
    assert slowest == pytest.approx(2.0, abs=0.5)
    assert fast == pytest.approx(350.0, rel=0.1)


def test_connor_stevens_rests_near_minus_68_mv():
    # where the steady current of the equations vanishes
    run = simulate.run(
        Batch(CONNOR_STEVENS, 1, Constant(0.0), init={"V": -70.0}),
        duration=100.0,
        dt=0.05,
        integrator="rk4",
        traced=[0],
    )
    assert run.trace.states["V"][-1, 0] == pytest.approx(-68.0, abs=0.1)


def rush_rinzel_currents(V, n, b):
    """Sum of the ionic currents and the rates of n, typed from the equations."""
    am, bm = 0.1 * vtrap(-(V + 35), 10), 4 * np.exp(-0.05 * (V + 60))
    an, bn = 0.01 * vtrap(-(V + 50), 10), 0.125 * np.exp(-0.0125 * (V + 60))
    m, a = am / (am + bm), 1 / (1 + np.exp(-(V + 75) / 50))
    ionic = 120 * m**3 * (0.9 - 1.2 * n) * (V - 50) + 20 * n**4 * (V + 72)
    return ionic + 60 * a**3 * b * (V + 72) + 0.315 * (V + 17), an, bn


def test_rush_rinzel_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, n, b = y
        ionic, an, bn = rush_rinzel_currents(V, n, b)
        b_inf = 1 / (1 + np.exp((V + 70) / 6))
        return [RUSH_RINZEL.current - ionic, 3.82 * (an * (1 - n) - bn * n), b_inf - b]

    expected = solved_spike_times(rhs, [s.initial for s in RUSH_RINZEL.states])
    assert len(expected) > 1
    assert spike_times(RUSH_RINZEL) == pytest.approx(expected, abs=2 * RUSH_RINZEL.dt)


@pytest.mark.published("RushRinzelNeuron")
def test_rush_rinzel_rests_where_its_implementation_in_relacs_starts():
    # with a leak of 0.3 mS/cm2 it would rest at -68.03 mV, n = 0.2048 and b = 0.4187
    run = simulate.run(
        Batch(RUSH_RINZEL, 1, Constant(0.0), init={"V": -72.0}),
        duration=200.0,
        dt=0.02,
        integrator="rk4",
        traced=[0],
    )
    V, n, b = (run.trace.states[name][-1, 0] for name in ("V", "n", "b"))
    assert V == pytest.approx(-67.78, abs=0.01)
    assert n == pytest.approx(0.207863, abs=1e-4)
    assert b == pytest.approx(0.408565, abs=1e-4)


@pytest.mark.published("RushRinzelNeuron")
def test_rush_rinzel_fires_from_zero_rate_on_only_with_its_a_current():
    # abstract: a minimum firing rate of zero at a critical current, which is the local maximum of
    # an N-shaped steady-state I-V curve
    V = np.linspace(-66.0, -56.0, 1001)
    _, an, bn = np.array([rush_rinzel_currents(v, 0.0, 0.0) for v in V]).T
    n, b = an / (an + bn), 1 / (1 + np.exp((V + 70) / 6))
    steady = np.array([rush_rinzel_currents(*at)[0] for at in zip(V, n, b, strict=True)])
    critical = steady[np.argmax(np.diff(steady) < 0.0)]
    currents = critical + np.array([-0.02, 0.02, 0.06])
    silent, slow, faster = rates(RUSH_RINZEL, currents, duration=1500.0, dt=0.02)
    assert silent == 0.0
    assert 0.0 < slow < 6.0
    assert onset(currents[1:], [slow, faster]) == pytest.approx(critical, abs=0.005)
    without = rates(RUSH_RINZEL, np.arange(-20.0, 4.0), duration=200.0, dt=0.02, g_A=0.0)
    assert without[without > 0.0].min() > 50.0


@pytest.mark.published("RushRinzelNeuron")
def test_rush_rinzel_bursts_longer_the_slower_and_the_weaker_its_a_current():
    # abstract: with slow inactivation it bursts, with more spikes per burst the slower it is and
    # the smaller g_A is; the current makes up for a smaller g_A
    def spikes_per_burst(tau_b, g_A=60.0, current=13.0):
        params = {"tau_b": tau_b, "g_A": g_A}
        batch = Batch(RUSH_RINZEL, 1, Constant(current), params=params)
        options = {"dt": 0.02, "integrator": "rk4", "engine": "llvm"}
        run = simulate.run(batch, duration=2000.0, **options)
        intervals = np.diff(run.spike_times)
        pauses = np.flatnonzero(intervals > 2.5 * intervals.min())
        return np.diff(pauses)[-1] if len(pauses) else 1

    by_tau = [spikes_per_burst(tau_b) for tau_b in (1.0, 20.0, 50.0, 100.0)]
    assert by_tau[0] == 1
    assert np.all(np.diff(by_tau) > 1)
    by_g_A = [spikes_per_burst(50.0, *at) for at in ((60.0, 13.0), (40.0, 8.0), (30.0, 5.0))]
    assert np.all(np.diff(by_g_A) > 0)


def test_wang_buzsaki_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, h, n = y
        am, bm = 0.1 * vtrap(-(V + 35), 10), 4 * np.exp(-(V + 60) / 18)
        ah, bh = 0.07 * np.exp(-(V + 58) / 20), 1 / (np.exp(-0.1 * (V + 28)) + 1)
        an, bn = 0.01 * vtrap(-(V + 34), 10), 0.125 * np.exp(-(V + 44) / 80)
        m = am / (am + bm)
        dV = 1.0 - 35 * m**3 * h * (V - 55) - 9 * n**4 * (V + 90) - 0.1 * (V + 65)
        return [dV, 5 * (ah * (1 - h) - bh * h), 5 * (an * (1 - n) - bn * n)]

    expected = solved_spike_times(rhs, [s.initial for s in WANG_BUZSAKI.states])
    assert spike_times(WANG_BUZSAKI) == pytest.approx(expected, abs=2 * WANG_BUZSAKI.dt)


def test_wang_buzsaki_starts_firing_at_zero_rate():
    # Börgers 2017, An Introduction to Modeling Neuronal Dynamics, chapter 17: the critical current
    # lies between 0.1600 and 0.1602 uA/cm2
    currents = [0.158, 0.168, 0.174]
    f = rates(WANG_BUZSAKI, currents, duration=600.0)
    assert f[0] == 0.0
    assert onset(currents[1:], f[1:]) == pytest.approx(0.1601, abs=1.5e-3)


def test_wang_buzsaki_fires_fast_without_end():
    # fast-spiking: about 400 Hz at 20 uA/cm2, as the adaptive solver has it too
    assert rates(WANG_BUZSAKI, [20.0], duration=100.0, dt=0.02)[0] == pytest.approx(400, rel=0.05)


def test_traub_miles_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, m, h, n = y
        am, bm = 0.32 * vtrap(-(V + 54), 4), 0.28 * vtrap(V + 27, 5)
        ah, bh = 0.128 * np.exp(-(V + 50) / 18), 4 / (1 + np.exp(-(V + 27) / 5))
        an, bn = 0.032 * vtrap(-(V + 52), 5), 0.5 * np.exp(-(V + 57) / 40)
        dV = 2.0 - 100 * m**3 * h * (V - 50) - 80 * n**4 * (V + 100) - 0.1 * (V + 67)
        return [dV, am * (1 - m) - bm * m, ah * (1 - h) - bh * h, an * (1 - n) - bn * n]

    expected = solved_spike_times(rhs, [s.initial for s in TRAUB_MILES.states])
    assert spike_times(TRAUB_MILES) == pytest.approx(expected, abs=2 * TRAUB_MILES.dt)


def test_traub_miles_starts_firing_at_zero_rate():
    # Börgers 2017, chapter 17: the critical current lies between 0.1193 and 0.1194 uA/cm2
    currents = [0.117, 0.127, 0.132]
    f = rates(TRAUB_MILES, currents, duration=500.0)
    assert f[0] == 0.0
    assert onset(currents[1:], f[1:]) == pytest.approx(0.11935, abs=1.5e-3)
