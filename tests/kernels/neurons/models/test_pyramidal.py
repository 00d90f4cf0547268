"""The two-compartment pyramidal cell against its paper and against an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.pyramidal import MAINEN_SEJNOWSKI
from kernels.neurons.stimulus import Constant


def run(*, duration, dt=0.01, current=0.1, init=None, **params):
    return simulate.run(
        Batch(MAINEN_SEJNOWSKI, 1, Constant(current), params, init or {}),
        duration=duration,
        dt=dt,
        integrator=MAINEN_SEJNOWSKI.integrator,
        engine="scalar",
        traced=[0],
    )


def vtrap(x, k):
    """x / (1 - exp(-x/k))."""
    return k if abs(x) < 1e-9 else x / (1.0 - np.exp(-x / k))


def test_mainen_sejnowski_spikes_when_an_adaptive_solver_says():
    # demofig2.hoc and its mechanisms, ModelDB 2488; densities in pS/um2, potentials in mV, nA
    q = 2.3 ** ((37 - 23) / 10)

    def sodium(V, m, h):
        a, b = 0.182 * vtrap(V + 25, 9), 0.124 * vtrap(-V - 25, 9)
        c, d = 0.024 * vtrap(V + 40, 5), 0.0091 * vtrap(-V - 65, 5)
        return [q * (a * (1 - m) - b * m), q * (c + d) * (1 / (1 + np.exp((V + 55) / 6.2)) - h)]

    def rhs(t, y):
        Vs, Vd, ms, hs, n, md, hd, u, r, w, c, ca = y
        density = 1e-4 * q  # S/cm2 per pS/um2
        i_s = density * (30000 * ms**3 * hs * (Vs - 60) + 1500 * n * (Vs + 90))  # mA/cm2
        ica = density * 0.3 * u**2 * r * (Vd - 140)
        i_d = density * (15 * md**3 * hd * (Vd - 60) + (0.1 * w + 3 * c) * (Vd + 90))
        i_d += ica + (Vd + 70) / 30000
        axial, small, large = (Vd - Vs) / 10, 100e-8, 165 * 100e-8  # nA and cm2
        an, bn = 0.02 * vtrap(Vs - 25, 9), 0.002 * vtrap(25 - Vs, 9)
        au, bu = 0.055 * vtrap(Vd + 27, 3.8), 0.94 * np.exp(-(75 + Vd) / 17)
        ar, br = 0.000457 * np.exp(-(13 + Vd) / 50), 0.0065 / (np.exp(-(Vd + 15) / 28) + 1)
        aw, bw = 0.001 * vtrap(Vd + 30, 9), 0.001 * vtrap(-Vd - 30, 9)
        return [
            (-i_s + (0.1 + axial) * 1e-6 / small) / 0.75e-3,
            (-i_d - axial * 1e-6 / large) / 0.75e-3,
            *sodium(Vs, ms, hs),
            q * (an * (1 - n) - bn * n),
            *sodium(Vd, md, hd),
            q * (au * (1 - u) - bu * u),
            q * (ar * (1 - r) - br * r),
            q * (aw * (1 - w) - bw * w),
            q * (0.01 * ca * (1 - c) - 0.02 * c),
            max(0.0, -1e4 * ica / (2 * 96485 * 0.1)) + (1e-4 - ca) / 200,
        ]

    def crossing(t, y):
        return y[0]

    crossing.direction = 1.0
    y0 = [state.initial for state in MAINEN_SEJNOWSKI.states]
    solution = solve_ivp(
        rhs, (0.0, 120.0), y0, "LSODA", events=crossing, rtol=1e-7, atol=1e-9, max_step=0.5
    )
    found = run(duration=120.0, dt=0.002).spike_times
    assert len(found) == len(solution.t_events[0]) > 2
    assert found == pytest.approx(solution.t_events[0], rel=0.01)


@pytest.mark.published("MainenSejnowskiNeuron")
@pytest.mark.parametrize(
    ("rho", "rest", "count", "first", "last"),
    [
        (50.0, -71.0216, 45, (10.96, 27.95, 45.22), 886.86),
        (165.0, -70.4876, 9, (31.08, 36.33, 121.69), 820.21),
    ],
)
def test_mainen_sejnowski_spikes_when_the_authors_program_says(rho, rest, count, first, last):
    # demofig2.hoc of ModelDB 2488 run in NEURON, at steps of 0.0025 ms and, for rho = 165, 0.0005:
    # 0.1 nA from 5 to 905 ms. From its own step of 0.025 ms to these the third spike moves by 3 ms.
    resting = run(duration=300.0, dt=0.05, current=0.0, rho=rho).trace.states
    assert resting["V_s"][-1, 0] == pytest.approx(rest, abs=0.01)
    init = {name: trace[-1, 0] for name, trace in resting.items()}
    found = 5.0 + run(duration=900.0, dt=0.0025, rho=rho, init=init).spike_times
    assert len(found) == count
    assert found[:3] == pytest.approx(first, rel=0.01)
    assert found[-1] == pytest.approx(last, rel=0.01)


def test_mainen_sejnowski_fires_regularly_adapts_or_bursts_by_the_size_of_its_dendrite():
    # Mainen and Sejnowski 1996, figure 2: only the ratio of areas differs
    found = {}
    for rho in (50.0, 165.0, 200.0):
        recording = run(duration=900.0, dt=0.02, rho=rho)
        stats = spikes.statistics(recording)
        found[rho] = str(patterns.classify(stats, deterministic=True)[0])
    assert found == {50.0: "tonic", 165.0: "adapting", 200.0: "bursting"}


def test_mainen_sejnowski_does_not_burst_where_nothing_separates_its_compartments():
    # Mainen and Sejnowski 1996: bursts need a resistance between axon-soma and dendrite
    apart = np.diff(run(duration=600.0, dt=0.02, rho=200.0).spike_times)
    near = np.diff(run(duration=600.0, dt=0.02, rho=200.0, kappa=0.5).spike_times)
    assert apart.min() < 6.0
    assert not len(near) or near.min() > 6.0


def test_mainen_sejnowski_rests_near_its_leak_potential():
    resting = run(duration=100.0, current=0.0).trace.states
    assert resting["V_s"][-1, 0] == pytest.approx(-70.0, abs=1.0)
    assert resting["V_d"][-1, 0] == pytest.approx(resting["V_s"][-1, 0], abs=0.1)
