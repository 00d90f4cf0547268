"""Suprachiasmatic neurons against their paper and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.circadian import SCN
from kernels.neurons.stimulus import Constant


def run(*, duration, dt=SCN.dt, integrator=SCN.integrator, **params):
    return simulate.run(
        Batch(SCN, 1, Constant(0.0), params=params),
        duration=duration,
        dt=dt,
        integrator=integrator,
        engine="scalar",
        traced=[0],
    )


def test_scn_spikes_when_an_adaptive_solver_says():
    def rhs(t, y):
        V, m, h, n, rl, rn, f, p, s, cas, cac = y

        def b(half, width):
            return 1 / (1 + np.exp(-(V - half) / width))

        ica = (6 * rl * 3.93e-5 / (6.55e-4 + cas) + 20 * rn * f) * (V - 54)
        out = 229 * m**3 * h * (V - 45) + 3 * n**4 * (V + 97) + ica + 101 * s**2 * (V + 97)
        out += 0.2 / (1 + np.exp(-1)) * (V + 97) + (0.0576 + 1.84 * p) * (V - 45)
        x = 1e7 * cas**2
        return [
            -out / 5.7,
            (b(-35.2, 8.1) - m) / np.exp(-(V + 286) / 160),
            (b(-62, -2) - h) / (0.51 + np.exp(-(V + 26.6) / 7.1)),
            (b(14, 17) ** 0.25 - n) / np.exp(-(V - 67) / 68),
            *((b(-36, 5.1) - rl) / 3.1, (b(-21.6, 6.7) - rn) / 3.1),
            (b(-260, -65) - f) / np.exp(-(V - 444) / 220),
            *((b(-25, 7.4) ** 1.5 - p) / 100, (x / (x + 5.6) - s) / (500 / (x + 5.6))),
            *(-1.65e-4 * ica - cas / 0.1, -8.59e-9 * ica - cac / 1750 + 3.1e-8),
        ]

    def crossing(t, y):
        return y[0] + 10.0

    crossing.direction = 1.0
    y0 = [state.initial for state in SCN.states]
    expected = solve_ivp(
        rhs, (0.0, 600.0), y0, "LSODA", events=crossing, rtol=1e-8, atol=1e-12
    ).t_events[0]
    times = run(duration=600.0, integrator="rk4").spike_times
    assert len(times) > 4
    assert times == pytest.approx(expected, abs=0.2)


def test_scn_fires_faster_by_day_and_is_silent_at_either_extreme():
    # Belle et al. 2009 and Paul et al. 2016: rates of some hertz that rise and fall with the clock,
    # silence when hyperpolarized at night, and by day silence when too depolarized
    rates, potentials = {}, {}
    for R in (-3.0, -1.0, 1.0, 4.0):
        recording = run(R=R, S=-1.0, duration=2000.0)
        rates[R] = (recording.spike_times > 1000.0).sum()
        potentials[R] = recording.trace.states["V"][-1, 0]
    assert rates[-3.0] == rates[4.0] == 0
    assert 4 < rates[-1.0] < rates[1.0] < 15
    assert potentials[-3.0] < -55.0
    assert potentials[4.0] > -30.0


@pytest.mark.published("PaulSCNNeuron")
@pytest.mark.parametrize(
    ("base", "more", "rate", "lowest"),
    [
        pytest.param(1.59, 0.5, 9.2395, -68.05, id="control"),
        pytest.param(2.13, 0.14, 10.2850, -66.62, id="knock-in of the kinase"),
        pytest.param(1.46, 0.51, 8.8418, -68.59, id="inhibitor of the kinase"),
        pytest.param(1.0, 0.0, 6.3828, -72.25, id="riluzole"),
    ],
)
def test_scn_fires_at_the_rates_of_the_authors_program(base, more, rate, lowest):
    # Paul et al. 2016: solve_dfp.m of the authors at R = S = 0, run in Octave with tolerances of
    # 1e-6, its four experiments: Hz between 1 and 4 s, and the trough between spikes in mV
    recording = run(duration=4000.0, g_NaP_0=base, g_NaP_S=more)
    late = recording.spike_times[recording.spike_times > 1000.0]
    assert 1000.0 / np.diff(late).mean() == pytest.approx(rate, rel=5e-3)
    trace = recording.trace
    assert trace.states["V"][trace.t > 1000.0, 0].min() == pytest.approx(lowest, abs=0.1)


def test_scn_spikes_are_broad_and_bring_calcium_under_the_membrane():
    trace = run(duration=1000.0).trace
    ranges = trace.ranges["Ca_s"]
    assert ranges[1, 0] > 100.0 * ranges[0, 0]
