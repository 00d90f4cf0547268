"""Maps against their papers and against a plain loop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.models.maps import (
    CAZELLES,
    CHIALVO,
    COURBAGE_NEKORKIN,
    IBARZ_TANAKA,
    KTZ,
    KTZ_LOGISTIC,
    RULKOV,
    RULKOV_CHAOTIC,
)
from kernels.neurons.stimulus import Constant


def run(model, currents, *, n_steps, init=None, **params):
    """All columns traced."""
    n = len(currents)
    return simulate.run(
        Batch(model, n, Constant(np.array(currents)), params=params, init=init or {}),
        duration=n_steps,
        dt=1.0,
        integrator="map",
        traced=range(n),
    )


def intervals(recording, *, after):
    """Intervals of each column between spikes later than some iteration."""
    times = zip(recording.spike_columns, recording.spike_times, strict=True)
    late = [(column, time) for column, time in times if time > after]
    return [
        np.diff([time for column, time in late if column == k]) for k in range(recording.n_columns)
    ]


def test_rulkov_is_the_map_of_the_paper():
    # Rulkov 2002, equations 1 and 2
    x, y, expected = RULKOV.states[0].initial, RULKOV.states[1].initial, []
    for _ in range(1000):
        z = y + 0.4
        if x <= 0:
            new = 6.0 / (1 - x) + z
        elif x < 6.0 + z:
            new = 6.0 + z
        else:
            new = -1.0
        x, y = new, y - 0.001 * (x + 1) + 0.001 * (-0.5 + 0.4)
        expected.append(x)
    trace = run(RULKOV, [0.4], n_steps=1000).trace.states["x"][1:, 0]
    assert trace == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("alpha", [4.0, 5.0, 6.0])
def test_rulkov_is_excitable_up_to_the_threshold_of_the_paper(alpha):
    # Rulkov 2002: the fixed point x = sigma - 1 loses stability at 2 - sqrt(alpha / (1 - mu))
    threshold = 2.0 - math.sqrt(alpha / 0.999)
    sigma = threshold + np.array([-0.005, 0.005])
    x = sigma - 1.0
    init = {"x": x + 1e-3, "y": x - alpha / (1.0 - x)}
    recording = run(RULKOV, [0.0, 0.0], n_steps=8000, init=init, alpha=alpha, sigma=sigma)
    assert set(recording.spike_columns) == {1}
    assert recording.trace.states["x"][-1, 0] == pytest.approx(x[0], abs=1e-6)


def test_rulkov_spikes_at_alpha_4_and_bursts_at_alpha_6():
    # Rulkov 2002, waveforms: (alpha, sigma) = (4, 0.01) and (6, -0.1)
    params = {"alpha": np.array([4.0, 6.0]), "sigma": np.array([0.01, -0.1])}
    spiking, bursting = intervals(run(RULKOV, [0.0, 0.0], n_steps=8000, **params), after=4000)
    assert spiking.min() > 0.8 * spiking.max()
    assert bursting.min() < 15 < 150 < bursting.max()


def test_rulkov_takes_a_constant_current_as_a_change_of_sigma():
    # y + I obeys the map without current whose sigma is greater by I
    recording = run(
        RULKOV,
        [0.3, 0.0],
        n_steps=1000,
        init={"y": np.array([-3.9, -3.6])},
        sigma=np.array([-0.4, -0.1]),
    )
    x = recording.trace.states["x"]
    assert x[:, 0] == pytest.approx(x[:, 1], abs=1e-9)


def test_chialvo_is_the_map_of_the_paper():
    x, y, expected = CHIALVO.states[0].initial, CHIALVO.states[1].initial, []
    for _ in range(300):
        x, y = x * x * math.exp(y - x) + 0.03, 0.89 * y - 0.6 * x + 0.28
        expected.append(x)
    trace = run(CHIALVO, [0.01], n_steps=300).trace.states["x"][1:, 0]
    assert trace == pytest.approx(expected, abs=1e-9)


def test_chialvo_without_bias_rests_at_its_trivial_fixed_point():
    # Chialvo 1995: (0, c / (1 - a)) is stable for k = 0
    init = {"x": 0.01, "y": 2.0}
    trace = run(CHIALVO, [0.0], n_steps=500, init=init, k=0.0).trace.states
    assert trace["x"][-1, 0] == pytest.approx(0.0, abs=1e-9)
    assert trace["y"][-1, 0] == pytest.approx(0.28 / 0.11, abs=1e-9)


def test_chialvo_is_excitable_then_oscillates_then_bursts_without_order():
    # Chialvo 1995: a = 0.89, c = 0.28; excitable at b = 0.6 and k = 0.02, and at k = 0.03 it
    # oscillates for b = 0.6 and bursts aperiodically for b = 0.18
    recording = run(
        CHIALVO,
        [0.0, 0.0, 0.0],
        n_steps=6000,
        k=np.array([0.02, 0.03, 0.03]),
        b=np.array([0.6, 0.6, 0.18]),
    )
    silent, regular, aperiodic = intervals(recording, after=1000)
    assert len(silent) == 0
    assert set(regular) <= {74.0, 75.0}
    assert len(set(aperiodic)) > 10
    assert aperiodic.min() < 20 < 40 < aperiodic.max()
    names = patterns.classify(spikes.statistics(recording), deterministic=True)
    assert names.tolist() == ["silent", "tonic", "chaotic"]


def test_chialvo_answers_a_small_push_with_a_whole_spike():
    init = {"x": CHIALVO.states[0].initial + np.array([0.01, 0.3])}
    recording = run(CHIALVO, [0.0, 0.0], n_steps=200, init=init)
    assert list(recording.spike_columns) == [1]


def test_chaotic_rulkov_map_is_the_map_of_the_paper():
    # Rulkov 2001, equations 1 and 2
    x, y, expected = -1.0, -3.0, []
    for _ in range(2000):
        x, y = 4.1 / (1 + x * x) + y, y - 0.001 * x - 0.001
        expected.append(x)
    trace = run(RULKOV_CHAOTIC, [0.0], n_steps=2000).trace.states["x"][1:, 0]
    assert trace == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("alpha", [4.1, 4.2])
def test_chaotic_rulkov_map_bursts_once_its_fast_rest_is_gone(alpha):
    # Rulkov 2001: the silent branch of the fast map ends where its stable fixed point meets an
    # unstable one, 2 alpha x = -(1 + x²)² with the smaller root, at y = x - alpha/(1 + x²)
    x = brentq(lambda x: 2 * alpha * x + (1 + x * x) ** 2, -5.0, -1.1)
    edge = x - alpha / (1 + x * x)
    recording = run(RULKOV_CHAOTIC, [0.0], n_steps=4900, alpha=alpha, sigma=5e-4, beta=5e-4)
    y = recording.trace.states["y"][:, 0]
    onset = np.flatnonzero(np.diff(recording.spike_times) > 200) + 1
    begins = recording.spike_times[onset].astype(int)
    assert len(begins) >= 3
    assert np.all((edge < y[begins]) & (y[begins] < edge + 0.015))


def test_chaotic_rulkov_map_bursts_without_order():
    (isi,) = intervals(run(RULKOV_CHAOTIC, [0.0], n_steps=20_000), after=1000)
    pauses = isi[isi > 60]
    assert len(pauses) > 20
    assert len(set(pauses)) > 10
    assert np.median(isi) < 10


def test_chaotic_rulkov_map_rests_under_enough_negative_current():
    # The fixed point x = I - beta/sigma is stable while -2 alpha x/(1 + x²)² < 1 - sigma
    threshold = 1.0 + brentq(lambda x: -8.2 * x / (1 + x * x) ** 2 - 0.999, -5.0, -1.1)
    currents = threshold + np.array([-0.01, 0.01])
    x = currents - 1.0
    init = {"x": x + 1e-4, "y": x - currents - 4.1 / (1 + x * x)}
    recording = run(RULKOV_CHAOTIC, currents, n_steps=12_000, init=init)
    assert set(recording.spike_columns) == {1}


def test_ibarz_tanaka_is_the_map_of_its_papers():
    # Shilnikov and Rulkov 2004, equations 1 and 2, which Ibarz et al. 2007 restate
    x, y, expected = -2.5, -0.01, []
    for _ in range(1500):
        z = y + 0.2
        if x < -1.7:
            new = -(1.4**2) / 4 - 1.4 + z
        elif x <= 0:
            new = 1.4 * x + (x + 1) ** 2 + z
        elif x < 1 + z:
            new = 1 + z
        else:
            new = -1.0
        x, y = new, y - 0.001 * (x + 1 - 0.2)
        expected.append(x)
    trace = run(IBARZ_TANAKA, [0.2], n_steps=1500, init={"x": -2.5}, alpha=1.4).trace.states["x"][
        1:, 0
    ]
    assert trace == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("alpha", [0.8, 0.99])
def test_ibarz_tanaka_leaves_its_rest_at_the_threshold_of_the_paper(alpha):
    # Shilnikov and Rulkov 2004: the fixed point x = sigma - 1 loses stability where the
    # determinant alpha + 2 sigma + mu of the Jacobian is 1, at sigma = (1 - alpha - mu)/2
    sigma = (1 - alpha - 0.001) / 2 + np.array([-0.002, 0.002])
    x = sigma - 1.0
    init = {"x": x + 1e-3, "y": x - alpha * x - (x + 1) ** 2}
    recording = run(IBARZ_TANAKA, [0.0, 0.0], n_steps=4900, init=init, alpha=alpha, sigma=sigma)
    away = np.abs(recording.trace.states["x"][-400:] - x).max(axis=0)
    assert away[0] < 1e-4
    assert away[1] > 1e-2


def test_ibarz_tanaka_rings_below_its_threshold():
    # The eigenvalues at rest are complex with the angle of the subthreshold oscillation
    sigma = 0.0
    x = sigma - 1.0
    init = {"x": x + 1e-3, "y": x - 0.99 * x}
    trace = run(IBARZ_TANAKA, [0.0], n_steps=2000, init=init).trace.states["x"][:, 0] - x
    trace_, det = 1 + 0.99 + 2 * sigma, 0.99 + 2 * sigma + 0.001
    angle = math.acos(trace_ / 2 / math.sqrt(det))
    ups = np.flatnonzero((trace[:-1] < 0) & (trace[1:] >= 0))
    assert np.diff(ups)[:4] == pytest.approx(2 * math.pi / angle, rel=0.02)


def test_courbage_nekorkin_is_the_map_of_the_paper():
    # Courbage, Nekorkin and Vdovin 2007, equations 3 to 5, with J = 0.13
    x, y, expected = 0.1, -0.04, []
    j_min, j_max = 0.13 / 1.05, 0.53 / 1.05
    for _ in range(3000):
        if x <= j_min:
            f = -0.4 * x
        elif x < j_max:
            f = 0.65 * (x - 0.2)
        else:
            f = -0.4 * (x - 1)
        x, y = x + f - y - 0.25 * (x >= 0.3), y + 0.002 * (x - 0.13)
        expected.append(x)
    trace = run(COURBAGE_NEKORKIN, [0.03], n_steps=100).trace.states["x"][1:, 0]
    assert trace == pytest.approx(expected[:100], abs=1e-12)


def test_courbage_nekorkin_rests_at_j_up_to_the_corner_of_its_map():
    # Courbage, Nekorkin and Vdovin 2007: excitable for J < J_min = a m_1/(m_0 + m_1), where the
    # fixed point (J, F(J)) is stable; oscillating above
    corner = 0.2 * 0.65 / 1.05
    total = np.array([corner - 0.002, corner + 0.002])
    recording = run(COURBAGE_NEKORKIN, total - 0.1, n_steps=4900)
    assert set(recording.spike_columns) == {1}
    assert recording.trace.states["x"][-1, 0] == pytest.approx(total[0], abs=1e-6)


def test_courbage_nekorkin_stays_in_the_invariant_region_where_it_bursts_chaotically():
    # Courbage, Nekorkin and Vdovin 2007: a chaotic attractor needs F(J_max) - F(J_min) < beta <
    # (1 + m_1) min(J_max - d, d - J_min), which the parameters of figure 4 fulfil
    j_min, j_max = 0.13 / 1.05, 0.53 / 1.05
    low = 0.65 * (j_max - 0.2) + 0.4 * j_min
    high = 1.65 * min(j_max - 0.3, 0.3 - j_min)
    beta = {param.name: param.default for param in COURBAGE_NEKORKIN.params}["beta"]
    assert low < beta < high
    recording = run(COURBAGE_NEKORKIN, [0.03], n_steps=20_000)
    (isi,) = intervals(recording, after=1000)
    assert min(isi) < 15 < 200 < max(isi)
    assert len(set(isi[isi > 200])) > 10
    minimum, maximum, _ = recording.trace.ranges["x"][:, 0]
    assert 0.0 < minimum
    assert maximum < j_max


def test_courbage_nekorkin_with_a_deeper_drop_fires_single_spikes():
    # beta beyond the chaotic range throws x below J_min at once
    (isi,) = intervals(run(COURBAGE_NEKORKIN, [0.03], n_steps=20_000, beta=0.5), after=1000)
    assert len(isi) > 100
    assert isi.min() > 15


def test_cazelles_is_the_map_of_the_paper():
    # Cazelles, Courbage and Rabinovich 2001, equation 1 with the pieces of figure 1
    x, expected = 0.1, []
    for _ in range(100):
        if x < 0.4:
            x = 1.05 * x
        elif x < 0.6:
            x = 1.5 - 1.25 * x
        elif x < 0.7:
            x = -0.9 + 1.5 * x
        else:
            x = 1.4 - x
        expected.append(x)
    trace = run(CAZELLES, [0.0], n_steps=100).trace.states["x"][1:, 0]
    assert trace == pytest.approx(expected, abs=1e-9)


@pytest.mark.published("CazellesMapNeuron")
def test_cazelles_returns_as_often_as_somebody_else_reads_the_paper():
    # SC-NeuroCore, cazelles_map.rs, which reads figure 1 of Cazelles, Courbage and Rabinovich 2001
    # by itself: two returns below 0.4 in 200 iterations from 0.1, and the corner 0.4 goes to 1
    x = run(CAZELLES, [0.0], n_steps=200).trace.states["x"][:, 0]
    assert x[0] == 0.1
    assert x[1] == pytest.approx(0.105)
    assert np.sum((x[:-1] >= 0.4) & (x[1:] < 0.4)) == 2
    corner = run(CAZELLES, [0.0], n_steps=1, init={"x": 0.4}).trace.states["x"][1, 0]
    assert corner == pytest.approx(1.0)


def test_cazelles_waits_and_bursts_as_long_as_its_slopes_say():
    # Between bursts x grows by 1.05 up to 0.4; within a burst its distance from 0.4 grows by
    # 1.25 every other iteration up to 0.2, and then it falls to 1.5 x - 0.9
    x, expected = 0.1, []
    for _ in range(5):
        x *= 1.05 ** math.ceil(math.log(0.4 / x, 1.05))
        n = math.ceil(math.log(0.2 / (x - 0.4), 1.25))
        expected.append(n)
        x = 1.5 * (0.4 + (x - 0.4) * 1.25**n) - 0.9
    recording = run(CAZELLES, [0.0], n_steps=1000)
    bursts = np.split(recording.spike_times, np.flatnonzero(np.diff(recording.spike_times) > 2) + 1)
    assert [len(burst) for burst in bursts[:5]] == expected


def test_cazelles_falls_silent_under_a_negative_current():
    recording = run(CAZELLES, [-0.001], n_steps=4900)
    assert recording.trace.states["x"][-1, 0] == pytest.approx(-0.001, abs=1e-12)
    assert 10 < len(recording.spike_times) < 100


SQUASH = {"KTzMapNeuron": math.tanh, "KTzLogisticMapNeuron": lambda u: u / (1 + abs(u))}


def with_preset(model, preset, n_steps):
    chosen = {p.name: p for p in model.presets}[preset]
    return run(model, [chosen.current], n_steps=n_steps, init=dict(chosen.init), **chosen.params)


@pytest.mark.parametrize("model", [KTZ, KTZ_LOGISTIC], ids=lambda model: model.name)
def test_ktz_is_the_map_of_its_papers(model):
    # Kuva et al. 2001 with the hyperbolic tangent, Girardi-Schappo et al. 2017 with u/(1 + |u|)
    p = {param.name: param.default for param in model.params}
    x, y, z = (state.initial for state in model.states)
    expected = []
    for _ in range(300):
        u = (x - p["K"] * y + z + 0.08) / p["T"]
        x, y, z = SQUASH[model.name](u), x, (1 - p["delta"]) * z - p["lam"] * (x - p["x_R"])
        expected.append(x)
    trace = run(model, [0.08], n_steps=300).trace.states["x"][1:, 0]
    assert max(expected) > 0.3
    assert trace == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(
    ("model", "x", "z"),
    [
        (KTZ, -0.6717116617084296, -0.0161647647380404),
        (KTZ_LOGISTIC, -0.3458236433584459, -0.0308352713283108),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_ktz_rests_where_its_authors_program_says(model, x, z):
    # PerformanceMapNeuron, with Girardi-Schappo et al. 2017: the excitable cells' fixed points
    init = {"x": x - 0.05, "y": x + 0.02, "z": z + 0.01}
    recording = run(model, [0.0], n_steps=3000, init=init)
    assert recording.trace.states["x"][-1, 0] == pytest.approx(x, abs=1e-9)
    assert recording.trace.states["z"][-1, 0] == pytest.approx(z, abs=1e-9)
    assert len(recording.spike_times) == 0


@pytest.mark.parametrize(
    ("model", "preset", "pattern"),
    [
        (RULKOV, "spiking", "tonic"),
        (RULKOV, "bursting", "bursting"),
        (CHIALVO, "oscillating", "tonic"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_preset_shows_what_its_paper_shows(model, preset, pattern):
    stats = spikes.statistics(with_preset(model, preset, 6000), transient=2000.0)
    assert patterns.classify(stats, deterministic=True) == [pattern]


@pytest.mark.parametrize("model", [KTZ, KTZ_LOGISTIC], ids=lambda model: model.name)
def test_ktz_bursts_with_the_bursting_parameters_of_its_authors(model):
    (isi,) = intervals(with_preset(model, "bursting", 10_000), after=3000)
    assert isi.min() < 20
    assert isi.max() > 140
    assert np.median(isi) < 20  # most spikes are within bursts
    assert not np.any((isi > 25) & (isi < 140))


def test_logistic_ktz_answers_a_large_enough_push_with_one_spike():
    init = {"x": -0.3458236433584459 + np.array([0.05, 0.2458236])}
    recording = run(KTZ_LOGISTIC, [0.0, 0.0], n_steps=500, init=init)
    assert list(recording.spike_columns) == [1]
