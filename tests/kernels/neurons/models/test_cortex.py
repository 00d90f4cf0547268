"""Cortical pyramidal cells against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.cortex import POSPISCHIL, WILSON
from kernels.neurons.stimulus import Constant, Step

AREA = np.pi * 96.0**2 * 1e-8  # cm2, the cylinder of the authors' pyramidal cells
PRESETS = {preset.name: preset for preset in POSPISCHIL.presets}


def run(model, current, *, duration, dt=0.05, params=None, init=None, **options):
    stimulus = options.pop("stimulus", None) or Constant(current)
    options = {"integrator": "rk4", "engine": "scalar", **options}
    return simulate.run(
        Batch(model, options.pop("n", 1), stimulus, params or {}, init or {}),
        duration=duration,
        dt=dt,
        **options,
    )


def shown(name):
    """A preset of Pospischil's at the stimulus under which its source shows it."""
    preset = PRESETS[name]
    current = preset.current or POSPISCHIL.current
    return run(POSPISCHIL, current, duration=400.0, params=preset.params, init=preset.init)


def pattern(recording):
    return str(patterns.classify(spikes.statistics(recording), deterministic=True)[0])


def vtrap(x, k):
    """x / (exp(x/k) - 1)."""
    return k if abs(x) < 1e-9 else x / (np.exp(x / k) - 1.0)


def test_pospischil_spikes_when_an_adaptive_solver_says():
    # the bursting cell, with T-current added so that every current takes part
    def rhs(t, y):
        V, m, h, n, p, q, r, u = y
        v, w = V + 55, V + 2
        am, bm = 0.32 * vtrap(13 - v, 4), 0.28 * vtrap(v - 40, 5)
        ah, bh = 0.128 * np.exp((17 - v) / 18), 4 / (1 + np.exp((40 - v) / 5))
        an, bn = 0.032 * vtrap(15 - v, 5), 0.5 * np.exp((10 - v) / 40)
        taup = 1000 / (3.3 * np.exp((V + 35) / 20) + np.exp(-(V + 35) / 20))
        aq, bq = 0.055 * vtrap(-27 - V, 3.8), 0.94 * np.exp((-75 - V) / 17)
        ar, br = 0.000457 * np.exp((-13 - V) / 50), 0.0065 / (np.exp((-15 - V) / 28) + 1)
        s = 1 / (1 + np.exp(-(w + 57) / 6.2))
        tauu = 30.8 + (211.4 + np.exp((w + 113.2) / 5)) / (1 + np.exp((w + 84) / 3.2))
        dV = 0.6 - 0.01 * (V + 85) - 50 * m**3 * h * (V - 50) - (5 * n**4 + 0.03 * p) * (V + 100)
        dV -= (0.2 * q**2 * r + 0.1 * s**2 * u) * (V - 120)
        return [
            *(dV, am * (1 - m) - bm * m, ah * (1 - h) - bh * h, an * (1 - n) - bn * n),
            (1 / (1 + np.exp(-(V + 35) / 10)) - p) / taup,
            *(aq * (1 - q) - bq * q, ar * (1 - r) - br * r),
            (1 / (1 + np.exp((w + 81) / 4)) - u) / tauu * 3**1.2,
        ]

    def crossing(t, y):
        return y[0] + 20.0

    crossing.direction = 1.0
    params = {"g_leak": 0.01, "E_leak": -85.0, "g_M": 0.03, "g_L": 0.2, "g_T": 0.1}
    init = {"V": -84.0, "u": 0.6, "r": 0.78}
    start = [init.get(state.name, state.initial) for state in POSPISCHIL.states]
    solution = solve_ivp(
        rhs, (0.0, 200.0), start, "LSODA", events=crossing, rtol=1e-9, atol=1e-11, max_step=0.5
    )
    recording = run(POSPISCHIL, 0.6, duration=200.0, dt=0.02, params=params, init=init)
    assert len(recording.spike_times) > 4
    assert recording.spike_times == pytest.approx(solution.t_events[0], abs=0.1)


def test_pospischil_bursts_as_the_authors_say_for_each_density_of_the_l_current():
    # ModelDB 123623, demo_PY_IB.hoc, in S/cm2: 0.0001 regular spiking, 0.00017 one burst and then
    # regular spiking, 0.00022 repetitive bursting; the gates start at 0, the step at 500 ms
    initial = dict.fromkeys("mhnpqru", 0.0) | {"V": -84.0}
    short = []
    for g_L in (0.1, 0.17, 0.22):
        recording = run(
            POSPISCHIL,
            0.0,
            duration=2500.0,
            params={**PRESETS["intrinsically_bursting"].params, "g_L": g_L},
            init=initial,
            stimulus=Step(amplitude=0.15e-3 / AREA, onset=500.0, end=2500.0),
        )
        short.append(np.diff(recording.spike_times) < 50.0)
    regular, once, again = short
    assert not regular.any()
    assert once[0]
    assert not once[1:].any()
    assert again[:3].all()
    assert again[8:].any()


def test_pospischil_adapts_with_its_m_current_and_does_not_as_a_fast_spiking_cell():
    # ModelDB 123623: the M-current is for spike-frequency adaptation; interneurons have none
    regular, fast = (
        shown("regular_spiking").spike_times,
        shown("fast_spiking").spike_times,
    )
    assert np.diff(regular)[-1] > 3.0 * np.diff(regular)[0]
    assert np.ptp(np.diff(fast)) < 0.2
    assert 1000.0 / np.diff(fast)[-1] > 4.0 * 1000.0 / np.diff(regular)[-1]


def test_pospischil_with_the_t_current_rebounds_from_hyperpolarization():
    # ModelDB 123623, demo_PY_LTS.hoc: E_leak = -60 mV and -0.075 nA for 400 ms give a low-threshold
    # spike on release; without the T-current there is none
    counts = []
    for g_T in (0.4, 0.0):
        recording = run(
            POSPISCHIL,
            0.0,
            duration=900.0,
            params={**PRESETS["low_threshold_spiking"].params, "E_leak": -60.0, "g_T": g_T},
            init={"V": -61.8, "p": 0.064, "n": 0.0117, "m": 0.0034, "u": 0.005},
            stimulus=Step(amplitude=-0.075e-3 / AREA, onset=200.0, end=600.0),
        )
        assert (recording.spike_times > 600.0).all()
        counts.append(len(recording.spike_times))
    assert counts == [1, 0]


def test_the_currents_of_the_presets_are_those_of_the_demonstrations():
    # nA over the areas of the cylinders, 96 um by 96 um and 67 um by 67 um
    small = np.pi * 67.0**2 * 1e-8
    assert pytest.approx(0.75e-3 / AREA, abs=1e-3) == POSPISCHIL.current
    assert PRESETS["repetitively_bursting"].current == pytest.approx(0.15e-3 / AREA, abs=1e-3)
    assert small == pytest.approx(1.41e-4, rel=1e-3)


def test_wilson_starts_at_the_saddle_node_of_its_paper():
    # Wilson 1999, figure 1: without T and H, nullclines touch at I = 0.178
    V = np.linspace(-0.8, -0.6, 200_001)
    steady = (17.8 + 47.6 * V + 33.8 * V**2) * (V - 0.5) + 26.0 * (1.24 + 3.7 * V + 3.2 * V**2) * (
        V + 0.95
    )
    assert steady.max() == pytest.approx(0.178, abs=5e-4)
    recording = run(
        WILSON,
        np.array([0.175, 0.182]),
        n=2,
        duration=500.0,
        params={"g_T": 0.0, "g_H": 0.0},
        init={"V": -0.7, "R": 0.22},
    )
    assert (recording.spike_columns == 1).all()
    assert len(recording.spike_times) > 2


def test_wilson_shows_the_cells_of_its_figures():
    # Wilson 1999, figures 2, 4 and 5
    regular = run(WILSON, 0.85, duration=400.0)
    fast, bursting, once = (
        run(WILSON, 0.85, duration=400.0, params=preset.params) for preset in WILSON.presets
    )
    assert pattern(regular) == "adapting"
    assert pattern(fast) == "tonic"
    assert pattern(bursting) == "bursting"
    assert 1000.0 / np.diff(fast.spike_times)[-1] > 5 * 1000.0 / np.diff(regular.spike_times)[-1]
    gaps = np.diff(once.spike_times)
    assert (gaps[:3] < 10.0).all()
    assert (gaps[5:] > 20.0).all()
