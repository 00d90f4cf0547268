"""Models of a few compartments against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.compartments import PINSKY_RINZEL
from kernels.neurons.stimulus import Constant


def vtrap(x, k):
    """x / (exp(x/k) - 1)."""
    return k if abs(x) < 1e-9 else x / (np.exp(x / k) - 1.0)


def test_pinsky_rinzel_spikes_when_an_adaptive_solver_says():
    # In the units of the paper, whose potentials count from the rest at -60 mV
    def rhs(t, y):
        vs, vd, h, n, s, c, q, ca = y
        am, bm = 0.32 * vtrap(13.1 - vs, 4), 0.28 * vtrap(vs - 40.1, 5)
        ah, bh = 0.128 * np.exp((17 - vs) / 18), 4 / (1 + np.exp((40 - vs) / 5))
        an, bn = 0.016 * vtrap(35.1 - vs, 5), 0.25 * np.exp(0.5 - 0.025 * vs)
        a_s, bs = 1.6 / (1 + np.exp(-0.072 * (vd - 65))), 0.02 * vtrap(vd - 51.1, 5)
        fall = 2 * np.exp((6.5 - vd) / 27)
        ac = np.exp((vd - 10) / 11 - (vd - 6.5) / 27) / 18.975 if vd <= 50 else fall
        aq = min(0.00002 * ca, 0.01)
        ica = 10 * s**2 * (vd - 140)
        ik = 0.8 * q * (vd + 15) + 15 * c * min(ca / 250, 1) * (vd + 15)
        ina = 30 * (am / (am + bm)) ** 2 * h * (vs - 120)
        return [
            (-0.1 * vs - ina - 15 * n * (vs + 15) + 2.1 * (vd - vs) / 0.5 + 0.75 / 0.5) / 3,
            (-0.1 * vd - ica - ik + 2.1 * (vs - vd) / 0.5) / 3,
            *(ah * (1 - h) - bh * h, an * (1 - n) - bn * n, a_s * (1 - s) - bs * s),
            *(ac * (1 - c) - (fall - ac) * c, aq * (1 - q) - 0.001 * q, -0.13 * ica - 0.075 * ca),
        ]

    def crossing(t, y):
        return y[0] - 40.0

    crossing.direction = 1.0
    y0 = np.array([state.initial for state in PINSKY_RINZEL.states])
    y0[:2] += 60.0
    expected = solve_ivp(
        rhs, (0.0, 130.0), y0, "LSODA", events=crossing, rtol=1e-9, atol=1e-10
    ).t_events[0]
    batch = Batch(PINSKY_RINZEL, 1, Constant(0.75))
    times = simulate.run(batch, duration=130.0, dt=0.05, integrator="rk4").spike_times
    assert len(times) == 4
    assert times == pytest.approx(expected, abs=0.1)


def test_pinsky_rinzel_bursts_when_loosely_coupled_and_spikes_when_tightly_coupled():
    # Pinsky and Rinzel 1994, figure 2: A (I = 0.75, g_c = 2.1) bursts slowly and D (2.5, 10.5)
    # spikes. The times of the first spike of each burst in A and of the spikes in D are those of
    # the NeuroML version that reproduces the figure (Open Source Brain, PinskyRinzelModel).
    batch = Batch(
        PINSKY_RINZEL,
        2,
        Constant(np.array([0.75, 2.5])),
        params={"g_c": np.array([2.1, 10.5])},
        init={"V_s": -60.0, "V_d": -60.0, **dict.fromkeys(("h", "n", "s", "c", "q", "Ca"), 0.0)},
    )
    recording = simulate.run(batch, duration=450.0, dt=0.1, integrator="rk4")
    a, d = (recording.spike_times[recording.spike_columns == k] for k in range(2))
    starts = a[np.diff(a, prepend=-100.0) > 10.0]
    assert starts == pytest.approx([14.0, 92.8, 436.0], abs=2.5)
    assert len(a) == 2 * len(starts)
    assert d[:6] == pytest.approx([8.5, 37.25, 65.7, 97.2, 132.2, 171.1], rel=0.02, abs=0.5)


def test_pinsky_rinzel_without_channels_is_two_coupled_leaks():
    share, coupling, current, dendritic = 0.3, 2.1, 0.5, -0.2
    none = dict.fromkeys(("g_Na", "g_KDR", "g_Ca", "g_KAHP", "g_KC"), 0.0)
    batch = Batch(
        PINSKY_RINZEL, 1, Constant(current), params={**none, "p": share, "I_d": dendritic}
    )
    trace = simulate.run(batch, duration=300.0, dt=0.1, integrator="rk4", traced=[0]).trace.states
    conductance = np.array(
        [[0.1 + coupling / share, -coupling / share], [-coupling / 0.7, 0.1 + coupling / 0.7]]
    )
    V = -60.0 + np.linalg.solve(conductance, [current / share, dendritic / 0.7])
    assert [trace[name][-1, 0] for name in ("V_s", "V_d")] == pytest.approx(V, abs=0.01)
