"""Neurons of motor rhythms against their papers and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.crustaceans import STOMATOGASTRIC
from kernels.neurons.stimulus import Constant

PRESETS = {preset.name: dict(preset.params) for preset in STOMATOGASTRIC.presets}


def run(*, duration, dt=0.025, integrator="rk4", current=0.0, params=None):
    return simulate.run(
        Batch(STOMATOGASTRIC, 1, Constant(current), params=params or {}),
        duration=duration,
        dt=dt,
        integrator=integrator,
        engine="scalar",
        traced=[0],
    )


def burst_times(times):
    return times[np.diff(times, prepend=-np.inf) > 300.0]


def test_stomatogastric_spikes_when_an_adaptive_solver_says():
    # Prinz, Billimoria and Marder 2003, table 1, written with falling sigmoids as there
    def rhs(t, y):
        V, m1, h1, m2, h2, m3, h3, m4, h4, m5, m6, m7, ca = y

        def b(theta, k):
            return 1 / (1 + np.exp((V + theta) / k))

        nernst = 500 * 8.31446 * 283.15 / 96485.3 * np.log(3000 / ca)
        ica = (2.5 * m2**3 * h2 + 6 * m3**3 * h3) * (V - nernst)
        dV = -400 * m1**3 * h1 * (V - 50) - ica - 0.01 * m7 * (V + 20)
        dV -= (50 * m4**3 * h4 + 10 * m5**4 + 100 * m6**4) * (V + 80)
        tau_h3 = 120 + 300 / (np.exp((V + 55) / 9) + np.exp((V + 65) / -16))
        return [
            dV,
            (b(25.5, -5.29) - m1) / (2.64 - 2.52 * b(120, -25)),
            (b(48.9, 5.18) - h1) / (1.34 * b(62.9, -10) * (1.5 + b(34.9, 3.6))),
            (b(27.1, -7.2) - m2) / (43.4 - 42.6 * b(68.1, -20.5)),
            (b(32.1, 5.5) - h2) / (210 - 179.6 * b(55, -16.9)),
            (b(33, -8.1) - m3) / (2.8 + 14 / (np.exp((V + 27) / 10) + np.exp((V + 70) / -13))),
            (b(60, 6.2) - h3) / tau_h3,
            (b(27.2, -8.7) - m4) / (23.2 - 20.8 * b(32.9, -15.2)),
            (b(56.9, 4.9) - h4) / (77.2 - 58.4 * b(38.9, -26.5)),
            (ca / (ca + 3) * b(28.3, -12.6) - m5) / (180.6 - 150.2 * b(46, -22.7)),
            (b(12.3, -11.8) - m6) / (14.4 - 12.8 * b(28.3, -19.2)),
            (b(75, 5.5) - m7) / (2 / (np.exp((V + 169.7) / -11.6) + np.exp((V - 26.7) / 14.3))),
            (-14.96 * 0.628 * ica - ca + 0.05) / 200,
        ]

    def crossing(t, y):
        return y[0] + 15.0

    crossing.direction = 1.0
    y0 = [state.initial for state in STOMATOGASTRIC.states]
    expected = solve_ivp(
        rhs, (0.0, 1700.0), y0, "LSODA", events=crossing, rtol=1e-7, atol=1e-9
    ).t_events[0]
    times = run(duration=1700.0).spike_times
    assert len(times) > 15
    assert times == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("number", range(1, 6))
def test_stomatogastric_pacemakers_of_other_conductances_burst_alike(number):
    # Prinz et al. 2004, table 2: five sets of conductances from the database that make the same
    # pacemaker; its network has the period of the pyloric rhythm, 1 to 2 s
    params = PRESETS.get(f"AB/PD {number}")
    times = run(duration=5000.0, dt=0.05, integrator="exponential_euler", params=params).spike_times
    starts = burst_times(times)
    periods = np.diff(starts)
    assert len(starts) >= 3
    assert 1000.0 < periods[-1] < 2000.0
    per_burst = len(times[(times >= starts[1]) & (times < starts[2])])
    assert 10 < per_burst < 40


def test_stomatogastric_followers_do_not_burst_alone():
    # Prinz et al. 2004, table 2: LP and PY follow the pacemaker; alone they fire singly or rest
    for name in ("LP 4", "PY 1", "PY 4"):
        times = run(
            duration=2500.0, dt=0.05, integrator="exponential_euler", params=PRESETS[name]
        ).spike_times
        isi = np.diff(times[times > 1000.0])
        assert len(isi) == 0 or isi.max() < 2.0 * isi.min()


def test_stomatogastric_calcium_rests_at_a_twentieth_of_a_micromolar():
    # Prinz, Billimoria and Marder 2003: 0.05 uM without calcium current, tau 200 ms
    trace = run(
        duration=1500.0, params={"g_CaT": 0.0, "g_CaS": 0.0}, integrator="exponential_euler"
    ).trace
    assert trace.states["Ca"][-1, 0] == pytest.approx(0.05, abs=1e-9)


def test_stomatogastric_burst_needs_calcium_and_the_potassium_current_that_it_opens():
    without = run(duration=3000.0, dt=0.05, integrator="exponential_euler", params={"g_KCa": 0.0})
    times = without.spike_times
    assert len(burst_times(times)) < 2
    recording = run(duration=3200.0, dt=0.05, integrator="exponential_euler")
    t, Ca = recording.trace.t, recording.trace.states["Ca"][:, 0]
    start = burst_times(recording.spike_times)[1]
    assert np.interp(start - 20.0, t, Ca) < 10.0
    assert Ca[(t > start) & (t < start + 600.0)].max() > 100.0
