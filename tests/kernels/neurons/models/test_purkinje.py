"""Purkinje cells against their paper and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.purkinje import KRAMER
from kernels.neurons.stimulus import Constant, Recorded


def run(current, *, duration, dt=0.02, init=None, stimulus=None, **params):
    return simulate.run(
        Batch(KRAMER, 1, stimulus or Constant(current), params=params, init=init or {}),
        duration=duration,
        dt=dt,
        integrator="rk4",
        engine="scalar",
        traced=[0],
    )


def test_kramer_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, h, n, c, M = y
        m = 1 / (1 + np.exp(-(V + 34.5) / 10))
        z = V + 8.9
        bc = 0.1 if abs(z) < 1e-9 else 0.02 * z / (np.exp(z / 5) - 1)
        aM, bM = 0.02 / (1 + np.exp(-(V + 20) / 5)), 0.01 * np.exp(-(V + 43) / 18)
        dV = 30 - 125 * m**3 * h * (V - 50) - 10 * n**4 * (V + 95) - c**2 * (V - 125)
        return [
            dV - 0.75 * M * (V + 95) - 2 * (V + 70),
            (1 / (1 + np.exp((V + 59.4) / 10.7)) - h)
            / (0.15 + 1.15 / (1 + np.exp((V + 33.5) / 15))),
            (1 / (1 + np.exp(-(V + 29.5) / 10)) - n) / (0.25 + 4.35 * np.exp(-abs(V + 10) / 10)),
            1.6 / (1 + np.exp(-0.072 * (V - 5))) * (1 - c) - bc * c,
            aM * (1 - M) - bM * M,
        ]

    def crossing(t, y):
        return y[0] + 20.0

    crossing.direction = 1.0
    y0 = [state.initial for state in KRAMER.states]
    expected = solve_ivp(
        rhs, (0.0, 100.0), y0, "DOP853", events=crossing, rtol=1e-9, atol=1e-11, max_step=0.5
    ).t_events[0]
    times = run(30.0, duration=100.0, dt=0.01).spike_times
    assert len(times) > 30
    assert times == pytest.approx(expected, abs=0.05)


@pytest.mark.published("KramerPurkinjeNeuron")
def test_kramer_fast_subsystem_cycles_with_the_period_and_ends_at_the_fold_that_its_authors_note():
    # Authors' program, J = -33: with M held, the stable limit cycle at M = 0.42 has a period of
    # about 1.66 ms; at M = 0.5381 it meets the unstable one, at a period of about 1.87. Held and
    # moved here by the current that it carries, g_KM M (V - E_K), through a leak at E_K.
    cycle = {"V": -20.0, "h": 0.2, "n": 0.4, "c": 0.3}

    def period(M, init):
        held = {"g_KM": 0.0, "g_L": 2.0 + 0.75 * M, "E_L": (-140.0 - 71.25 * M) / (2.0 + 0.75 * M)}
        recording = run(33.0, duration=300.0, init=init, **held)
        end = {name: recording.trace.states[name][-1, 0] for name in cycle}
        isi = np.diff(recording.spike_times)
        alive = recording.spike_times[-1] > 290.0 if len(isi) else False
        return (isi[-20:].mean() if alive else None), end

    first, state = period(0.42, cycle)
    assert first == pytest.approx(1.66, abs=0.01)
    for M in (0.48, 0.51, 0.53, 0.537):
        last, state = period(M, state)
    assert last == pytest.approx(1.87, abs=0.04)
    beyond, _ = period(0.545, state)
    assert beyond is None


def test_kramer_rests_bursts_and_spikes_as_the_current_grows():
    # Kramer et al. 2008: bursting turns into rapid spiking by torus canards, near J = -33
    assert len(run(20.0, duration=200.0).spike_times) == 0
    bursting = np.diff(run(30.0, duration=500.0).spike_times)
    spiking = np.diff(run(34.0, duration=500.0).spike_times)
    assert (bursting > 20.0).sum() >= 2
    assert len(spiking) > 200
    assert spiking[50:].max() < 2.0


def test_kramer_muscarinic_current_ends_the_bursts():
    # without it the cell spikes on: M is what slowly rises in a burst and falls between bursts
    recording = run(30.0, duration=500.0)
    M = recording.trace.states["M"][recording.trace.t > 150.0, 0]
    assert np.ptp(M) > 0.2
    assert np.diff(run(30.0, duration=300.0, g_KM=0.0).spike_times).max() < 5.0


def test_kramer_answers_a_step_down_with_a_pause():
    stimulus = Recorded(values=(34.0, 34.0, 0.0, 0.0), dt=100.0)
    times = run(0.0, duration=300.0, stimulus=stimulus).spike_times
    assert (times < 100.0).sum() > 40
    assert times.max() < 200.0
