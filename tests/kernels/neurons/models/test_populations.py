"""Populations against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.populations import (
    JANSEN_RIT,
    MONTBRIO_PAZO_ROXIN,
    STUART_LANDAU,
    WILSON_COWAN,
)
from kernels.neurons.stimulus import Constant, Step


def run(model, inputs, *, duration, dt, init=None, **params):
    """All columns traced."""
    n = len(inputs)
    return simulate.run(
        Batch(model, n, Constant(np.array(inputs)), params=params, init=init or {}),
        duration=duration,
        dt=dt,
        integrator="rk4",
        traced=range(n),
    ).trace


def late_range(trace, name):
    """Largest minus smallest value over the last fifth, per column."""
    values = trace.states[name]
    return np.ptp(values[-len(values) // 5 :], axis=0)


def rises(t, values, level):
    """Times at which the values rise through a level."""
    return t[1:][(values[:-1] < level) & (values[1:] >= level)]


def test_wilson_cowan_moves_as_an_adaptive_solver_says():
    def sigmoid(x, a, theta):
        return 1 / (1 + np.exp(-a * (x - theta))) - 1 / (1 + np.exp(a * theta))

    def rhs(t, y):
        k_e, k_i = 1 - 1 / (1 + np.exp(5.2)), 1 - 1 / (1 + np.exp(7.4))
        return [
            -y[0] + (k_e - y[0]) * sigmoid(16 * y[0] - 12 * y[1] + 1.25, 1.3, 4),
            -y[1] + (k_i - y[1]) * sigmoid(15 * y[0] - 3 * y[1], 2, 3.7),
        ]

    end = solve_ivp(rhs, (0.0, 30.0), [0.0, 0.0], "DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    trace = run(WILSON_COWAN, [1.25], duration=30.0, dt=0.05)
    assert [trace.states[name][-1, 0] for name in ("E", "I")] == pytest.approx(end, abs=1e-6)


def test_wilson_cowan_rests_at_zero_without_input():
    # Wilson and Cowan 1972: the response functions vanish at 0, so E = I = 0 is the resting state
    trace = run(WILSON_COWAN, [0.0, 0.0], duration=100.0, dt=0.1, init={"E": np.array([0.0, 0.05])})
    assert np.all(trace.states["E"][:, 0] == 0.0)
    assert trace.states["E"][-1, 1] == pytest.approx(0.0, abs=1e-4)


def test_wilson_cowan_has_a_limit_cycle_at_the_input_of_figure_11():
    # Wilson and Cowan 1972, figure 11: P = 1.25, Q = 0; none with less and with much more input
    trace = run(WILSON_COWAN, [0.5, 1.25, 3.0], duration=150.0, dt=0.1)
    low, cycle, high = late_range(trace, "E")
    assert low < 1e-6
    assert cycle > 0.1
    assert high < 1e-6


def test_jansen_rit_moves_as_an_adaptive_solver_says():
    # Jansen and Rit 1995, equation 6, in seconds
    def S(v):
        return 5.0 / (1.0 + np.exp(0.56 * (6.0 - v)))

    def rhs(t, y):
        return [
            *y[3:],
            325.0 * S(y[1] - y[2]) - 200.0 * y[3] - 1e4 * y[0],
            325.0 * (220.0 + 108.0 * S(135.0 * y[0])) - 200.0 * y[4] - 1e4 * y[1],
            1100.0 * 33.75 * S(33.75 * y[0]) - 100.0 * y[5] - 2500.0 * y[2],
        ]

    end = solve_ivp(rhs, (0.0, 0.5), np.zeros(6), "DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    states = run(JANSEN_RIT, [220.0], duration=500.0, dt=0.5).states
    last = {name: values[-1, 0] for name, values in states.items()}
    y_1 = last["y"] + last["y_2"]
    moved = [last["y_0"], y_1, *(last[f"y_{i}"] for i in (2, 3, 4, 5))]
    assert moved == pytest.approx(end, rel=1e-3, abs=1e-4)


def test_jansen_rit_makes_alpha_rhythm():
    # Jansen and Rit 1995: with the standard constants, activity like alpha (8 to 12 Hz)
    trace = run(JANSEN_RIT, [220.0], duration=2000.0, dt=0.5)
    times = rises(trace.t, trace.states["y"][:, 0], 7.5)
    assert 8.0 < 1000.0 / np.diff(times[-4:]).mean() < 12.0


def test_jansen_rit_rests_where_its_bifurcation_diagram_says():
    # Grimbert and Faugeras 2006, figure 4, continued by auto-07p (pclus/auto-tutorial): at
    # p = 99.5211 (y_0, y_1, y_2) = (0.012347, 4.65895, 3.12010)
    trace = run(JANSEN_RIT, [99.5211], duration=2000.0, dt=1.0)
    y, y_0, y_2 = (trace.states[name][-1, 0] for name in ("y", "y_0", "y_2"))
    assert (y_0, y + y_2, y_2) == pytest.approx((0.012347, 4.65895, 3.12010), rel=1e-5)


def test_jansen_rit_leaves_its_rest_at_the_saddle_node():
    # Grimbert and Faugeras 2006: saddle-node at p = 113.58, past which it spikes slowly
    trace = run(JANSEN_RIT, [113.2, 113.9], duration=4500.0, dt=1.0)
    at_rest, spiking = np.ptp(trace.states["y"][-2000:], axis=0)
    assert at_rest < 1e-3
    assert spiking > 5.0


def test_jansen_rit_has_its_hopf_bifurcation_where_it_is_known():
    # Grimbert and Faugeras 2006: the upper equilibrium becomes stable at p = 315.70, where a pair
    # of eigenvalues of the equations crosses the imaginary axis (the lower one at 89.83)
    def S(v):
        return 5.0 / (1.0 + np.exp(0.56 * (6.0 - v)))

    def excess(y, p):
        y_0 = 0.0325 * S(y)
        return 0.0325 * (p + 108.0 * S(135.0 * y_0)) - 0.44 * 33.75 * S(33.75 * y_0) - y

    inputs = [308.0, 323.0]
    y = np.array([brentq(excess, 7.0, 9.0, args=(p,)) for p in inputs])
    y_0 = 0.0325 * S(y)
    init = {"y": y + 0.05, "y_0": y_0, "y_2": 0.44 * 33.75 * S(33.75 * y_0)}
    away = run(JANSEN_RIT, inputs, duration=4000.0, dt=1.0, init=init).states["y"]
    growth = np.ptp(away[-500:], axis=0) / np.ptp(away[500:1000], axis=0)
    assert growth[0] > 1.2
    assert growth[1] < 0.8


def montbrio(inputs, *, duration, init=None, **params):
    """The mean field of quadratic integrate-and-fire neurons."""
    return run(MONTBRIO_PAZO_ROXIN, inputs, duration=duration, dt=0.005, init=init, **params)


def stationary_input(r, J=15.0):
    """The eta of a stationary rate r at Delta = 1."""
    return (np.pi * r) ** 2 - 1.0 / (2.0 * np.pi * r) ** 2 - J * r


def test_montbrio_pazo_roxin_moves_as_an_adaptive_solver_says():
    def rhs(t, y):
        r, v = y
        return [1 / np.pi + 2 * r * v, v**2 - 5.0 + 3.0 + 15.0 * r - (np.pi * r) ** 2]

    end = solve_ivp(rhs, (0.0, 10.0), [0.1, -2.0], "DOP853", rtol=1e-11, atol=1e-13).y[:, -1]
    states = montbrio([3.0], duration=10.0, init={"r": 0.1, "v": -2.0}).states
    assert [states[name][-1, 0] for name in ("r", "v")] == pytest.approx(end, abs=1e-6)


def test_montbrio_pazo_roxin_rests_at_the_rates_of_its_closed_form():
    # Montbrió, Pazó and Roxin 2015: a stationary rate solves r = Phi(eta + J r + I), where
    # Phi(x) = sqrt(x + sqrt(x² + Delta²)) / (sqrt(2) pi); figure 2 has two stable ones
    def excess(r, drive):
        x = drive + 15.0 * r
        return np.sqrt(x + np.hypot(x, 1.0)) / (np.sqrt(2.0) * np.pi) - r

    low, high = brentq(excess, 0.01, 0.15, args=(-5.0,)), brentq(excess, 0.5, 2.0, args=(-5.0,))
    init = {"r": np.array([0.05, 1.2]), "v": np.array([-2.0, 0.0])}
    r = montbrio([0.0, 0.0], duration=60.0, init=init).states["r"][-1]
    assert r == pytest.approx([low, high], rel=1e-8)
    assert high > 5.0 * low


def test_montbrio_pazo_roxin_is_bistable_between_its_saddle_nodes():
    # Montbrió, Pazó and Roxin 2015: saddle-nodes where eta(r) turns, at J = 15 and Delta = 1:
    # J = 2 pi² r + 1/(2 pi² r³)
    def turns(r):
        return 2 * np.pi**2 * r + 1 / (2 * np.pi**2 * r**3) - 15.0

    at_upper, at_lower = brentq(turns, 0.05, 0.3), brentq(turns, 0.5, 1.0)
    upper, lower = stationary_input(at_upper), stationary_input(at_lower)
    assert lower < -5.0 < upper
    eta = np.array([lower - 0.03, lower + 0.03, upper - 0.03, upper + 0.03])
    begin = np.array([at_lower, 0.0, 0.0, at_upper])
    begin[1] = brentq(lambda r: stationary_input(r) - eta[1], at_lower, 2.0)  # the stable branches
    begin[2] = brentq(lambda r: stationary_input(r) - eta[2], 0.02, at_upper)
    init = {"r": 1.01 * begin, "v": -0.5 / (np.pi * begin)}
    r = montbrio(np.zeros(4), duration=120.0, init=init, eta=eta).states["r"][-1]
    assert (r > at_lower).tolist() == [False, True, False, True]
    assert stationary_input(r) == pytest.approx(eta, abs=1e-3)


def test_montbrio_pazo_roxin_is_switched_by_a_pulse():
    # Montbrió, Pazó and Roxin 2015, figure 2: a step of I = 3 for 30 time constants; without it
    # the population goes on firing at the high rate
    pulse = Step(amplitude=3.0, onset=0.0, end=30.0)
    recording = simulate.run(
        Batch(MONTBRIO_PAZO_ROXIN, 1, pulse), duration=60.0, dt=0.02, integrator="rk4", traced=[0]
    )
    r = recording.trace.states["r"][:, 0]
    assert r[0] < 0.1
    assert r[-1] > 0.5
    assert recording.mean_rate[0] > 0.5


def test_jansen_rit_presets_rest_or_oscillate_as_they_are_called():
    trace = run(
        JANSEN_RIT, [preset.current for preset in JANSEN_RIT.presets], duration=4500.0, dt=1.0
    )
    swings = np.ptp(trace.states["y"][-1500:], axis=0)
    late = dict(zip((preset.name for preset in JANSEN_RIT.presets), swings, strict=True))
    assert late["rest"] < 1e-3
    assert late["upper_rest"] < 0.05
    assert 2.0 < late["alpha"] < late["spikes"] - 1.0


def test_stuart_landau_node_rests_below_its_hopf_bifurcation_and_oscillates_above():
    # Deco et al. 2017: for a < 0 a stable focus, for a > 0 a cycle of radius sqrt(a) and angular
    # frequency omega, whatever a; neurolib: 32 Hz at omega = 0.2
    a = np.array([-0.1, 0.1, 0.25])
    trace = run(STUART_LANDAU, np.zeros(3), duration=490.0, dt=0.1, a=a)
    x, y = trace.states["x"][-2000:], trace.states["y"][-2000:]
    assert np.hypot(x, y)[:, 0].max() < 1e-3
    assert np.hypot(x, y)[:, 1:] == pytest.approx(np.sqrt(a[1:]) * np.ones((2000, 1)), rel=1e-6)
    for column in (1, 2):
        periods = np.diff(rises(trace.t[-2000:], x[:, column], 0.0))
        assert periods.mean() == pytest.approx(2.0 * np.pi / 0.2, rel=0.01)
        assert 1000.0 / periods.mean() == pytest.approx(32.0, abs=0.5)
