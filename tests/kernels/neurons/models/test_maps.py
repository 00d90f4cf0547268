"""Maps against their papers and against a plain loop."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.maps import CHIALVO, RULKOV
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
    spikes = zip(recording.spike_columns, recording.spike_times, strict=True)
    late = [(column, time) for column, time in spikes if time > after]
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


def test_chialvo_answers_a_small_push_with_a_whole_spike():
    init = {"x": CHIALVO.states[0].initial + np.array([0.01, 0.3])}
    recording = run(CHIALVO, [0.0, 0.0], n_steps=200, init=init)
    assert list(recording.spike_columns) == [1]
