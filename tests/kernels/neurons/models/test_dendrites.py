"""Dendrites against their papers and against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.dendrites import DENDRIFY, RALL_CABLE
from kernels.neurons.stimulus import Constant, Step

N = 10


def cable(current, *, duration, dt=0.005, site=10.0, stimulus=None, **params):
    return simulate.run(
        Batch(RALL_CABLE, 1, stimulus or Constant(current), params={"site": site, **params}),
        duration=duration,
        dt=dt,
        integrator="rk4",
        engine="scalar",
        traced=[0],
    ).trace


def profile(trace, at=-1):
    return np.array([trace.states[f"V_{k}"][at, 0] for k in range(1, N + 1)])


def test_rall_cable_attenuates_as_a_cable_with_a_sealed_end():
    # Rall 1962: V(X) = V(0) cosh(L - X)/cosh(L) away from the current, sealed at X = L, and input
    # resistance R_inf coth(L); compartments of 0.2 are a cable but for a per cent
    V = profile(cable(10.0, duration=14.0, site=1.0))
    X, L = 0.2 * (np.arange(N) + 0.5), 2.0
    assert V / V[0] == pytest.approx(np.cosh(L - X) / np.cosh(L - X[0]), rel=0.01)
    assert V[0] == pytest.approx(10.0 * np.cosh(L - X[0]) / np.sinh(L), rel=0.01)


def test_rall_cable_has_the_steady_state_of_its_compartments():
    # the same of a chain: V_k goes like cosh((N - k + 1/2) theta), 2 cosh(theta) = 2 + Delta_X²
    for width in (0.2, 0.7):
        V = profile(cable(10.0, duration=20.0, site=1.0, Delta_X=width))
        theta = np.arccosh(1.0 + width**2 / 2.0)
        shape = np.cosh((N - np.arange(1, N + 1) + 0.5) * theta)
        assert V / V[0] == pytest.approx(shape / shape[0], rel=1e-6)
        assert width * V.sum() == pytest.approx(10.0, rel=1e-6)  # what enters leaks out


def test_rall_cable_equalizes_with_the_time_constants_of_its_length():
    # Rall 1969: tau_0/tau_n = 1 + (n pi/L)² for sealed ends; of compartments (n pi/L)² is
    # (2/Delta_X sin(n pi/(2 N)))²
    trace = cable(0.0, duration=1.0, stimulus=Step(amplitude=100.0, end=0.005, onset=0.0))
    k = np.arange(1, N + 1) - 0.5
    late = np.searchsorted(trace.t, (0.4, 0.8))
    for n in (1, 2):
        mode = np.cos(n * np.pi * k / N)
        first, second = (abs(mode @ profile(trace, at)) for at in late)
        rate = np.log(first / second) / (trace.t[late[1]] - trace.t[late[0]])
        assert rate == pytest.approx(1.0 + (10.0 * np.sin(n * np.pi / 20.0)) ** 2, rel=1e-3)
        assert rate == pytest.approx(1.0 + (n * np.pi / 2.0) ** 2, rel=0.04)


def test_rall_cable_makes_distal_inputs_arrive_later_lower_and_broader():
    # Rall 1964 and 1967: what shape indices of synaptic potentials tell of their place
    peaks, times, widths = [], [], []
    for site in (1.0, 4.0, 7.0, 10.0):
        trace = cable(0.0, duration=4.0, site=site, stimulus=Step(amplitude=10.0, end=0.25))
        V = trace.states["V_1"][:, 0]
        peaks.append(V.max())
        times.append(trace.t[V.argmax()])
        widths.append(np.ptp(trace.t[V > V.max() / 2.0]))
    assert np.all(np.diff(peaks) < 0.0)
    assert np.all(np.diff(times) > 0.0)
    assert np.all(np.diff(widths) > 0.0)


def test_rall_cable_prefers_inputs_that_come_from_tip_to_soma():
    # Rall 1964, figure 7: four inputs in a row at 2-3, 4-5, 6-7 and 8-9, each for a quarter of the
    # time constant; the soma is depolarized most when the far ones come first
    quarter = 0.25
    alone = {}
    for pair in ((2, 3), (4, 5), (6, 7), (8, 9)):
        both = [
            cable(0.0, duration=5.0, site=float(k), stimulus=Step(amplitude=10.0, end=quarter))
            for k in pair
        ]
        alone[pair] = sum(trace.states["V_1"][:, 0] for trace in both)
    t = both[0].t

    def peak(order):
        delayed = [
            np.interp(t - quarter * i, t, alone[pair], left=0.0) for i, pair in enumerate(order)
        ]
        return np.sum(delayed, axis=0).max()

    assert peak(sorted(alone, reverse=True)) > 1.2 * peak(sorted(alone))


def dendrify(stimulus, *, duration, dt=DENDRIFY.dt, **params):
    return simulate.run(
        Batch(DENDRIFY, 1, stimulus, params=params),
        duration=duration,
        dt=dt,
        integrator="rk4",
        engine="scalar",
        traced=[0],
    )


@pytest.mark.published("DendrifyNeuron")
@pytest.mark.parametrize(
    ("site", "name", "rheobase"), [(1, "trunk", 560), (2, "prox", 309), (3, "dist", 123)]
)
def test_dendrify_dendrites_spike_at_the_rheobase_of_the_paper(site, name, rheobase):
    # Pagkalos et al. 2023, figure 3 b-e and its notebook: pulses of 5 ms "of rheobase intensity",
    # 560 pA into the trunk, 309 into the proximal and 123 into the distal dendrite
    def spikes(amplitude):
        run = dendrify(Step(amplitude=amplitude, end=5.0), duration=30.0, site=float(site))
        return run.trace.ranges[f"c_{name}"][1, 0] > 0.0

    assert not spikes(rheobase - 2.0)
    assert spikes(rheobase + 1.0)


@pytest.mark.published("DendrifyNeuron")
def test_dendrify_compartments_have_the_capacitance_and_leak_that_the_authors_print():
    # Output of the authors' notebook of figure 3, pF and nS
    printed = {
        "soma": (54.97787144, 2.19911486),
        "trunk": (32.98672286, 1.31946891),
        "prox": (13.19468915, 0.52778757),
        "dist": (6.59734457, 0.2638937829),
    }
    area = {param.name: param.default for param in DENDRIFY.params}
    for name, (capacitance, leak) in printed.items():
        assert 1e-2 * area[f"A_{name}"] == pytest.approx(capacitance, rel=1e-8)
        assert 1e-5 * 40.0 * area[f"A_{name}"] == pytest.approx(leak, rel=1e-8)


def test_dendrify_distal_spikes_reach_the_soma_weaker_than_proximal_ones():
    # Pagkalos et al. 2023, figure 3 b-e: nearly the same dendritic spikes, but the farther away
    # they start the weaker and broader they arrive; none makes the soma fire
    peaks = []
    for site, name, amplitude in ((1, "trunk", 561.0), (2, "prox", 310.0), (3, "dist", 124.0)):
        recording = dendrify(Step(amplitude=amplitude, end=5.0), duration=40.0, site=float(site))
        ranges = recording.trace.ranges
        assert -25.0 < ranges[f"V_{name}"][1, 0] < 40.0
        assert ranges[f"c_{name}"][1, 0] == pytest.approx(1.0, abs=0.01)
        peaks.append(ranges["V_soma"][1, 0])
    assert peaks[0] > peaks[1] + 3.0 > peaks[2] + 6.0


def test_dendrify_somatic_spikes_run_back_into_the_dendrites():
    # Pagkalos et al. 2023: the soma is set to 40 mV and, 0.5 ms later, to -55 mV, which lets spikes
    # run back; without that shape no dendrite spikes
    recording = dendrify(Constant(150.0), duration=200.0)
    assert len(recording.spike_times) > 5
    assert recording.trace.ranges["c_trunk"][1, 0] > 5.0
    flat = dendrify(Constant(150.0), duration=200.0, V_peak=-55.0)
    assert len(flat.spike_times) > 5
    assert flat.trace.ranges["c_trunk"][1, 0] == 0.0


def test_dendrify_without_spikes_is_four_coupled_leaks():
    g_L = 1e-5 * 40.0 * np.pi * 100.0 * np.array([2.8 * 6.25, 4.2 * 2.5, 4.2, 4.2 * 0.5])
    coupling = [15.0, 10.0, 4.0]
    G = np.diag(g_L)
    for i, g in enumerate(coupling):
        G[i : i + 2, i : i + 2] += g * np.array([[1.0, -1.0], [-1.0, 1.0]])
    V = -70.0 + np.linalg.solve(G, [0.0, 0.0, 50.0, 0.0])
    trace = dendrify(Constant(50.0), duration=300.0, site=2.0).trace.states
    names = ("V_soma", "V_trunk", "V_prox", "V_dist")
    assert [trace[name][-1, 0] for name in names] == pytest.approx(V, abs=0.01)
