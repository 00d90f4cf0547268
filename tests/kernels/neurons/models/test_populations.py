"""Populations against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.populations import JANSEN_RIT, WILSON_COWAN
from kernels.neurons.stimulus import Constant


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
    # Grimbert and Faugeras 2006: the upper equilibrium becomes stable at p = 315.70
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
