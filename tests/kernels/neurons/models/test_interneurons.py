"""Fast-spiking interneurons against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.model import Values
from kernels.neurons.models.interneurons import ERISIR, GOLOMB_FS
from kernels.neurons.stimulus import Constant


def run(model, currents, *, duration, dt=0.02, engine="scalar", init=None, **params):
    currents = np.atleast_1d(np.asarray(currents, float))
    batch = Batch(model, len(currents), Constant(currents), params, init or {})
    return simulate.run(
        batch,
        duration=duration,
        dt=dt,
        integrator="rk4",
        engine=engine,
        traced=range(len(currents)),
    )


def times(recording, column=0):
    return recording.spike_times[recording.spike_columns == column]


def last_rate(spike_times):
    return 1000.0 / np.diff(spike_times)[-1] if len(spike_times) > 2 else 0.0


def solved_spike_times(rhs, y0, *, duration, level):
    def crossing(t, y):
        return y[0] - level

    crossing.direction = 1.0
    solution = solve_ivp(
        rhs, (0.0, duration), y0, "LSODA", events=crossing, rtol=1e-9, atol=1e-10, max_step=0.5
    )
    return solution.t_events[0]


def test_golomb_rests_where_the_authors_program_starts():
    # ModelDB 97747, gah_fig2c.ode: V -70.038, h 0.8522, n 0.000208, a 0.2686, b 0.5016
    states = run(GOLOMB_FS, 0.0, duration=1500.0, init={"V": -66.0, "b": 0.3})
    rest = {name: trace[-1, 0] for name, trace in states.trace.states.items()}
    assert rest["V"] == pytest.approx(-70.038, abs=5e-4)
    assert rest["h"] == pytest.approx(0.8522, abs=5e-5)
    assert rest["n"] == pytest.approx(0.000208, abs=5e-7)
    assert rest["a"] == pytest.approx(0.2686, abs=5e-5)
    assert rest["b"] == pytest.approx(0.5016, abs=5e-5)


def test_golomb_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, h, n, a, b = y

        def G(theta, sigma):
            return 1 / (1 + np.exp(-(V - theta) / sigma))

        tau_n = (0.087 + 11.4 * G(-14.6, -8.6)) * (0.087 + 11.4 * G(1.3, 18.7))
        dV = 5.0 - 112.5 * G(-24, 11.5) ** 3 * h * (V - 50) - 225 * n**2 * (V + 90)
        dV -= 0.25 * (V + 70) + 0.39 * a**3 * b * (V + 90)
        return [
            dV,
            (G(-58.3, -6.7) - h) / (0.5 + 14 * G(-60, -12)),
            (G(-12.4, 6.8) - n) / tau_n,
            (G(-50, 20) - a) / 2,
            (G(-70, -6) - b) / 150,
        ]

    start = [state.initial for state in GOLOMB_FS.states]
    expected = solved_spike_times(rhs, start, duration=100.0, level=-20.0)
    found = times(run(GOLOMB_FS, 5.0, duration=100.0))
    assert len(found) > 4
    assert found == pytest.approx(expected, abs=0.04)


def test_golomb_pauses_before_it_fires_only_where_it_has_the_d_current():
    # Golomb et al. 2007: near threshold the slowly inactivating current delays firing, by hundreds
    # of ms at the stimulus of figure 2C
    with_d = times(run(GOLOMB_FS, 3.35, duration=500.0, dt=0.04))
    without = times(run(GOLOMB_FS, 3.35, duration=500.0, dt=0.04, g_d=0.0))
    assert np.diff(with_d)[0] > 250.0
    assert np.diff(with_d)[1:].max() < 30.0
    assert np.diff(without).max() < 30.0


def test_erisir_spikes_when_an_adaptive_solver_says():
    # Börgers 2017, chapter 5, whose rates are typed afresh here
    def rhs(t, y):
        V, h, n = y
        am, bm = 40 * (75.5 - V) / (np.exp((75.5 - V) / 13.5) - 1), 1.2262 / np.exp(V / 42.248)
        ah, bh = 0.0035 / np.exp(V / 24.186), 0.017 * (51.25 + V) / (1 - np.exp(-(51.25 + V) / 5.2))
        an, bn = (95 - V) / (np.exp((95 - V) / 11.8) - 1), 0.025 / np.exp(V / 22.222)
        m = am / (am + bm)
        dV = 7.0 - 112 * m**3 * h * (V - 60) - 224 * n**2 * (V + 90) - 0.5 * (V + 70)
        return [dV, ah * (1 - h) - bh * h, an * (1 - n) - bn * n]

    start = [state.initial for state in ERISIR.states]
    expected = solved_spike_times(rhs, start, duration=100.0, level=0.0)
    found = times(run(ERISIR, 7.0, duration=100.0, dt=0.01))
    assert len(found) > 4
    assert found == pytest.approx(expected, abs=0.02)


def test_erisir_spikes_when_the_program_of_its_book_says():
    # Börgers 2017, chapter 5: ERISIR_VOLTAGE_TRACE/make_figure.m, run in Octave, from -70 mV with
    # gates at rest there, at steps of 0.002 ms: spikes through 0 mV, least and greatest potential
    gates = {"h": 0.8738, "n": 0.00024}
    assert ERISIR.derivatives is not None
    params = Values({param.name: param.default for param in ERISIR.params})
    rates = ERISIR.derivatives(np, Values({"V": -70.0} | gates), params, 0.0)
    gates = {name: float(rates[name].target) for name in gates}
    recording = run(ERISIR, 7.0, duration=100.0, dt=0.01, init={"V": -70.0} | gates)
    expected = [5.948, 19.984, 35.544, 51.485, 67.503, 83.535, 99.569]
    assert times(recording) == pytest.approx(expected, abs=0.015)
    assert recording.trace.ranges["V"][:2, 0] == pytest.approx([-87.59, 57.38], abs=0.05)


def test_erisir_sustains_high_rates_through_its_kv3_channels():
    # Erisir et al. 1999: these cells fire at hundreds of Hz without adaptation, which needs the
    # fast potassium channels: without them sodium does not recover
    full = times(run(ERISIR, 100.0, duration=200.0))
    blocked = times(run(ERISIR, 100.0, duration=200.0, g_K=10.0))
    assert last_rate(full) > 250.0
    assert np.diff(full)[2:].max() / np.diff(full)[2:].min() < 1.1
    assert len(blocked[blocked > 100.0]) == 0


def test_erisir_fires_at_no_rate_below_a_minimum():
    # Börgers 2017, chapter 17: the f-I curve is discontinuous
    found = run(ERISIR, np.linspace(5.5, 7.5, 5), duration=300.0, dt=0.04)
    rates = np.array([last_rate(times(found, k)) for k in range(5)])
    assert rates[0] == 0.0
    assert rates[-1] > 0.0
    assert rates[rates > 0.0].min() > 20.0
