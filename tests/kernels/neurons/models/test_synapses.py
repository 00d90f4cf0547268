"""Dynamic synapses against the closed forms of their papers and against NEST."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.synapses import TSODYKS_MARKRAM
from kernels.neurons.stimulus import Constant

DEPRESSING = dict(next(p for p in TSODYKS_MARKRAM.presets if p.name == "depressing").params)


def run(rates, *, duration, **params):
    """All columns traced."""
    n = len(rates)
    return simulate.run(
        Batch(TSODYKS_MARKRAM, n, Constant(np.array(rates)), params=params),
        duration=duration,
        dt=0.1,
        integrator="rk4",
        engine="scalar",
        traced=range(n),
    )


def jumps(recording, column=0):
    """By how much E rises at every spike."""
    E = recording.trace.states["E"][:, column]
    times = recording.spike_times[recording.spike_columns == column]
    steps = np.rint(times / 0.1).astype(int)
    decay = np.exp(-0.1 / DEPRESSING["tau_in"])
    return E[steps] - decay * E[steps - 1]


def test_the_input_is_the_rate_of_the_presynaptic_spikes():
    recording = run([20.0, 50.0, -5.0], duration=400.0)
    assert [np.sum(recording.spike_columns == k) for k in range(3)] == [8, 20, 0]
    assert recording.spike_times[recording.spike_columns == 0] == pytest.approx(
        np.arange(50.0, 401.0, 50.0), abs=0.11
    )


def test_a_depressing_synapse_settles_where_tsodyks_and_markram_say():
    # Tsodyks and Markram 1997: with inactivation much faster than recovery a train of interval T
    # releases U (1 - q) / (1 - (1 - U) q) at each spike, q = exp(-T/tau_rec)
    rate, fast = 20.0, {**DEPRESSING, "tau_in": 0.5}
    recording = run([rate], duration=490.0, **fast)
    u, R = (recording.trace.states[name][:, 0] for name in ("u", "R"))
    steps = np.rint(recording.spike_times / 0.1).astype(int)
    released = R[steps - 1] - R[steps]
    q = np.exp(-1.0 / (rate * 0.8))
    assert released[0] == pytest.approx(0.5, rel=1e-3)
    assert released[-1] == pytest.approx(0.5 * (1 - q) / (1 - 0.5 * q), rel=0.02)
    assert u[steps] == pytest.approx(0.5)


def test_a_depressing_synapse_tells_no_rate_above_its_limiting_frequency():
    # Tsodyks and Markram 1997: the stationary response falls as 1/r, so that its mean is the same
    # for all rates far above 1/(U tau_rec) = 2.5 Hz: R_in A_SE tau_in / tau_rec
    recording = run([1.0, 20.0, 40.0], duration=4900.0, **{**DEPRESSING, "tau_in": 0.5})
    t, V = recording.trace.t, recording.trace.states["V"]
    late = V[t > 2900.0].mean(axis=0)
    limit = 0.1 * 250.0 * 0.5 / 800.0
    assert late[1:] == pytest.approx([limit, limit], rel=0.12)
    assert late[2] / late[1] < 1.1
    assert late[0] < 0.5 * limit


def test_a_first_epsp_has_the_height_of_its_two_time_constants():
    # an exponential current of tau_in on a membrane of tau_mem
    recording = run([20.0], duration=99.0, **DEPRESSING)
    V = recording.trace.states["V"][:, 0]
    a, b = 3.0, 40.0
    peak = (a / b) ** (a / (b - a)) * a / b
    assert V.max() == pytest.approx(0.1 * 250.0 * 0.5 * peak, rel=1e-3)


def test_a_facilitating_synapse_uses_the_share_of_tsodyks_pawelzik_and_markram():
    # Tsodyks, Pawelzik and Markram 1998: stationary u = U / (1 - (1 - U) exp(-T/tau_facil))
    recording = run([20.0, 70.0], duration=490.0 * 8)
    for column, rate in enumerate((20.0, 70.0)):
        u = recording.trace.ranges["u"][1, column]
        assert u == pytest.approx(0.03 / (1 - 0.97 * np.exp(-1000.0 / rate / 530.0)), rel=2e-3)


def test_a_facilitating_synapse_grows_and_at_high_rate_tires():
    # Tsodyks, Pawelzik and Markram 1998, figure 1: at 20 Hz (B) the response builds up to its
    # stationary level, at 70 Hz (C) it rises and falls again; the scales end at 14.9 and 20 mV
    recording = run([20.0, 70.0], duration=499.0)
    V = recording.trace.states["V"]
    slow, fast = V[:, 0], V[:, 1]
    assert slow[-1000:].max() > 3.0 * slow[:1000].max()
    assert np.argmax(fast) < 3000
    assert fast[-300:].max() < 0.96 * fast.max()
    assert 5.0 < slow.max() < 14.9
    assert 10.0 < fast.max() < 20.0


@pytest.mark.published("TsodyksMarkramNeuron")
@pytest.mark.parametrize(
    ("rate", "params", "peaks"),
    [
        (20.0, {}, (1.0508, 2.4070, 3.7229, 4.8656, 5.8068, 6.5630, 7.1665, 7.6499)),
        (20.0, DEPRESSING, (0.7599, 0.6415, 0.4307, 0.2862, 0.2054, 0.1639, 0.1434, 0.1335)),
        (70.0, {}, (1.0508, 2.8405, 5.0479, 7.3969, 9.6498, 11.6619, 13.3466, 14.6736)),
    ],
)
def test_a_train_raises_the_potential_as_high_as_in_nest(rate, params, peaks):
    # NEST 3.10, its examples tsodyks_facilitating and tsodyks_depressing after figure 1 of Tsodyks,
    # Pawelzik and Markram 1998 (tsodyks_synapse onto iaf_psc_exp, without a threshold), with the
    # figure's 60 ms for the membrane that facilitates: the highest mV after each spike
    recording = run([rate], duration=450.0, **params)
    t, V, spikes = recording.trace.t, recording.trace.states["V"][:, 0], recording.spike_times
    found = [V[(t > a) & (t <= b)].max() for a, b in pairwise(spikes)]
    assert found[: len(peaks)] == pytest.approx(peaks, rel=3e-3)


@pytest.mark.published("TsodyksMarkramNeuron")
def test_a_facilitating_synapse_at_70_hz_is_strongest_when_nest_says():
    # the same: 17.065 mV is the most, 189 ms from the beginning
    recording = run([70.0], duration=450.0)
    V = recording.trace.states["V"][:, 0]
    assert V.max() == pytest.approx(17.065, abs=0.01)
    assert recording.trace.t[V.argmax()] == pytest.approx(189.2, abs=15.0)


def test_a_facilitating_synapse_moves_as_the_exact_solution_says():
    # Tsodyks, Pawelzik and Markram 1998, equations of the synapse with the constants of figure 1B,
    # from spike to spike: all is a sum of exponentials
    tau_rec, tau_facil, tau_in, tau_mem, T = 130.0, 530.0, 1.5, 60.0, 50.0
    R, E, u, V, peaks = 1.0, 0.0, 0.0, 0.0, []
    for _ in range(8):
        u += 0.03 * (1.0 - u)
        R, E = R - u * R, E + u * R
        t = np.linspace(0.0, T, 2001)
        drive = 1540.0 * E * tau_in / (tau_mem - tau_in)  # pA GOhm: mV
        wave = V * np.exp(-t / tau_mem) + drive * (np.exp(-t / tau_mem) - np.exp(-t / tau_in))
        peaks.append(wave.max())
        share = tau_in / (tau_rec - tau_in)
        lost = 1.0 - R + share * E
        R = 1.0 - lost * np.exp(-T / tau_rec) + share * E * np.exp(-T / tau_in)
        u, E, V = u * np.exp(-T / tau_facil), E * np.exp(-T / tau_in), wave[-1]
    V = run([20.0], duration=449.9).trace.states["V"][:, 0]
    trace = V[500:4500].reshape(8, 500).max(axis=1)
    assert trace == pytest.approx(peaks, rel=3e-3)
    assert peaks[-1] > 3.0 * peaks[0]
