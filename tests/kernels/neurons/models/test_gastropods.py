"""Snails' and sea hares' neurons against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.model import Values
from kernels.neurons.models.gastropods import KOMENDANTOV_KONONENKO, PLANT_R15
from kernels.neurons.stimulus import Constant


def run(model, *, duration, dt=None, preset=None, **params):
    if preset is not None:
        chosen = next(each for each in model.presets if each.name == preset)
        params = {**chosen.params, **params}
    return simulate.run(
        Batch(model, 1, Constant(0.0), params=params),
        duration=duration,
        dt=model.dt if dt is None else dt,
        integrator="rk4",
        engine="scalar",
        traced=[0],
    )


def vtrap(x, k):
    """x / (exp(x/k) - 1)."""
    return k if abs(x) < 1e-9 else x / (np.exp(x / k) - 1.0)


def test_plant_spikes_when_an_adaptive_solver_says():
    # Plant 1981 with h, n of the squid at the scaled potential; 12.5 times slower
    def rhs(t, y):
        V, h, n, x, c = y
        v = 127 / 105 * V + 8265 / 105
        am, bm = 0.1 * vtrap(50 - v, 10), 4 * np.exp((25 - v) / 18)
        ah, bh = 0.07 * np.exp((25 - v) / 20), 1 / (np.exp((55 - v) / 10) + 1)
        an, bn = 0.01 * vtrap(55 - v, 10), 0.125 * np.exp((45 - v) / 80)
        inward = 4 * (am / (am + bm)) ** 3 * h + 0.01 * x
        outward = 0.3 * n**4 + 0.03 * c / (0.5 + c)
        return [
            inward * (30 - V) + outward * (-75 - V) + 0.003 * (-40 - V),
            *((ah * (1 - h) - bh * h) / 12.5, (an * (1 - n) - bn * n) / 12.5),
            (1 / (np.exp(0.15 * (-50 - V)) + 1) - x) / 235,
            0.0003 * (0.0085 * x * (140 - V) - c),
        ]

    def crossing(t, y):
        return y[0] + 10.0

    crossing.direction = 1.0
    y0 = [state.initial for state in PLANT_R15.states]
    expected = solve_ivp(
        rhs, (0.0, 14000.0), y0, "LSODA", events=crossing, rtol=1e-9, atol=1e-11, max_step=50.0
    ).t_events[0]
    times = run(PLANT_R15, duration=14000.0).spike_times
    assert len(times) > 8
    assert times == pytest.approx(expected, abs=2.0)


def test_plant_scales_the_reversal_potentials_to_those_of_the_squid():
    # Hodgkin and Huxley 1952: sodium reverses 115 mV above rest, potassium 12 mV below; the rates
    # of h at V_I and of n at V_K are therefore the squid's there, 12.5 times slower
    p = Values({param.name: param.default for param in PLANT_R15.params})
    s = {state.name: state.initial for state in PLANT_R15.states}
    assert PLANT_R15.derivatives is not None
    h = PLANT_R15.derivatives(np, Values({**s, "V": 30.0}), p, 0.0)["h"]
    n = PLANT_R15.derivatives(np, Values({**s, "V": -75.0}), p, 0.0)["n"]
    # the rates of 1952, of potentials v above rest; Plant's rest lies 25 mV (h) and 45 mV (n) up
    alpha_h, beta_h = 0.07 * np.exp(-90 / 20), 1 / (np.exp((30 - 90) / 10) + 1)
    alpha_n, beta_n = 0.01 * 67 / (np.exp(6.7) - 1), 0.125 * np.exp(57 / 80)
    assert 1 / h.tau == pytest.approx(0.08 * (alpha_h + beta_h), rel=1e-6)
    assert h.target == pytest.approx(alpha_h / (alpha_h + beta_h), rel=1e-6)
    assert 1 / n.tau == pytest.approx(0.08 * (alpha_n + beta_n), rel=1e-6)


def test_plant_bursts_begin_and_end_slowly_with_two_slow_variables():
    # Rinzel and Lee 1987: parabolic bursting; the spike frequency rises and then falls
    times = run(PLANT_R15, preset="parabolic", duration=45000.0, dt=1.0).spike_times
    intervals = np.diff(times)
    intervals = intervals[intervals < 5000.0]
    fastest = np.argmin(intervals)
    assert 10 < fastest < len(intervals) - 10
    assert np.all(np.diff(intervals[: fastest - 2]) <= 0.0)
    assert np.all(np.diff(intervals[fastest + 2 :]) >= 0.0)
    assert intervals[0] > 1.5 * intervals[fastest]


def test_plant_needs_its_slow_inward_current_to_burst():
    assert len(run(PLANT_R15, duration=24000.0, dt=1.0).spike_times) > 10
    assert len(run(PLANT_R15, duration=24000.0, dt=1.0, g_T=0.008).spike_times) == 0


@pytest.mark.published("KomendantovKononenkoNeuron")
@pytest.mark.parametrize(("g_B", "period"), [(0.11, 1), (0.124, 2), (0.130, 4), (0.165, 7)])
def test_komendantov_kononenko_repeats_after_as_many_spikes_as_its_authors_say(g_B, period):
    # Authors' program (ModelDB 125683): beating at g_B = 0.11 uS, spikes of period two at 0.124 and
    # of period four at 0.130, bursts at 0.165
    duration = 90000.0 if period == 4 else 30000.0  # that one is settled late
    times = run(KOMENDANTOV_KONONENKO, duration=duration, dt=0.5, g_B=g_B).spike_times
    isi = np.diff(times)[-2 * period - 6 :]
    assert isi[period:] == pytest.approx(isi[:-period], abs=50.0)
    for shorter in range(1, period):
        assert np.abs(isi[shorter:] - isi[:-shorter]).max() > 60.0
    if period == 7:
        assert isi.max() > 4000.0


def test_komendantov_kononenko_is_chaotic_between_beating_and_bursting():
    # Authors' program, example 1, and figure 9 A: chaos at g_B = 0.1372 uS
    times = run(KOMENDANTOV_KONONENKO, preset="chaos", duration=60000.0, dt=0.5).spike_times
    isi = np.diff(times)[10:]
    assert len(isi) > 30
    for period in range(1, 15):
        assert np.abs(isi[period:] - isi[:-period]).max() > 100.0


def test_komendantov_kononenko_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):  # t in s, as in the paper
        V, ca, mb, hb, m, h, n, mc = y
        i = 0.11 / (1 + np.exp(-0.2 * (V + 45))) * (V - 40) + 0.25 * (V + 70)
        i += 0.0231 * (V - 40) + 0.165 * mb * hb * (V + 58)
        i += 400 * m**3 * h * (V - 40) + 10 * n**4 * (V + 70)
        ica = 1.5 * mc**2 * (V - 150)
        gate = (1 + np.exp(-0.06 * (V + 45))) * (1 + np.exp(15000 * (ca - 0.00004)))
        return [
            -(i + ica + 0.02 / gate * (V - 150)) / 0.02,
            0.002 * (-ica / (2 * 96485 * 4 / 3 * np.pi * 0.001) - 50 * ca),
            *((1 / (1 + np.exp(0.4 * (V + 34))) - mb) / 0.05,),
            *((1 / (1 + np.exp(-0.55 * (V + 43))) - hb) / 1.5,),
            *((1 / (1 + np.exp(-0.4 * (V + 31))) - m) / 0.0005,),
            *((1 / (1 + np.exp(0.25 * (V + 45))) - h) / 0.01,),
            *((1 / (1 + np.exp(-0.18 * (V + 25))) - n) / 0.015,),
            (1 / (1 + np.exp(-0.2 * V)) - mc) / 0.01,
        ]

    def crossing(t, y):
        return y[0]

    crossing.direction = 1.0
    y0 = [state.initial for state in KOMENDANTOV_KONONENKO.states]
    expected = solve_ivp(
        rhs, (0.0, 10.0), y0, "LSODA", events=crossing, rtol=1e-8, atol=1e-12, max_step=0.01
    ).t_events[0]
    times = run(KOMENDANTOV_KONONENKO, duration=10000.0, dt=0.1).spike_times
    assert len(times) > 10
    assert times == pytest.approx(1e3 * expected, abs=2.0)
