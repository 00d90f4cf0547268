"""Threshold units against logic, the devil's staircase and Markov chains."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chisquare

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.models.threshold_units import (
    AIHARA,
    GALVES_LOCHERBACH,
    MCCULLOCH_PITTS,
    NAGUMO_SATO,
)
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Pulses

K, ALPHA = 0.6, 1.0


def run(
    model: Model,
    currents: Any,
    n_steps: float,
    *,
    init: dict[str, Any] | None = None,
    seed: int = 1,
    **params: Any,
) -> Recording:
    """All columns traced."""
    n = len(currents)
    return simulate.run(
        Batch(model, n, Constant(np.asarray(currents, float)), params, init or {}, seed=seed),
        duration=n_steps,
        dt=1.0,
        integrator="map",
        traced=range(n),
    )


def rates(recording: Recording, after: float) -> NDArray[np.float64]:
    """Spikes per iteration."""
    return spikes.statistics(recording, transient=after).rate_hz / 1000.0


def plateau(rate: Fraction, k: float) -> tuple[float, float]:
    """Where the staircase has the rate, as a/alpha.

    Spikes as evenly spread as can be, w, repeat with the period q of the rate. Then y before the
    time i is a/(1 - k) less alpha/(1 - k^q) times the sum of w_(i - j) k^(j - 1), which may not
    be negative where there is a spike and must be where there is none.
    """
    p, q = rate.numerator, rate.denominator
    w = [(i + 1) * p // q - i * p // q for i in range(q)]
    edges = [
        (1 - k) / (1 - k**q) * sum(w[(i - j) % q] * k ** (j - 1) for j in range(1, q + 1))
        for i in range(q)
    ]
    return (
        max(edge for edge, spike in zip(edges, w, strict=True) if spike),
        min(edge for edge, spike in zip(edges, w, strict=True) if not spike),
    )


@pytest.mark.parametrize(
    ("theta", "fires"), [(1.0, [False, True, True]), (2.0, [False, False, True])]
)
def test_mcculloch_pitts_of_two_inputs_is_or_and_and(theta: float, fires: list[bool]) -> None:
    # McCulloch and Pitts 1943, figure 1 b and c
    recording = run(MCCULLOCH_PITTS, [0.0, 1.0, 2.0], 5, theta=theta)
    assert [k in recording.spike_columns for k in range(3)] == fires


def test_mcculloch_pitts_lets_one_inhibitory_input_forbid_any_excitation() -> None:
    # McCulloch and Pitts 1943, fourth assumption
    recording = run(MCCULLOCH_PITTS, [5.0] * 3, 5, n_inh=np.array([0.0, 1.0, 2.0]))
    assert set(recording.spike_columns) == {0}


def test_mcculloch_pitts_has_no_memory() -> None:
    batch = Batch(MCCULLOCH_PITTS, 1, Pulses(amplitude=1.0, width=1.0, period=4.0))
    recording = simulate.run(batch, duration=12.0, dt=1.0, integrator="map")
    assert list(recording.spike_times) == [1.0, 5.0, 9.0]


def test_nagumo_sato_under_constant_current_is_the_map_of_one_variable() -> None:
    # Aihara et al. 1990: y' = k y - alpha u(y) + a with a = (A - theta)(1 - k)
    y, expected = -1.0 + 1.5, []
    for _ in range(200):
        expected.append(y)
        y = K * y - ALPHA * (y >= 0) + 0.5 * (1 - K)
    trace = run(NAGUMO_SATO, [1.5], 200).trace.states["y"][1:, 0]
    assert trace == pytest.approx(expected, abs=1e-12)


def test_nagumo_sato_climbs_the_devils_staircase() -> None:
    # Nagumo and Sato 1972: the average firing rate takes every rational value on an interval of
    # the current. Around 1/2 it is alpha k/(1 + k) <= a < alpha/(1 + k) (here 0.375 to 0.625).
    assert plateau(Fraction(1, 2), K) == pytest.approx((0.375, 0.625))
    steps = sorted({Fraction(p, q) for q in range(2, 8) for p in range(1, q)})
    edges = np.array([plateau(step, K) for step in steps])
    inside = np.concatenate([edges[:, 0] + 1e-5, edges[:, 1] - 1e-5])
    recording = run(NAGUMO_SATO, 1.0 + inside / (1 - K), 4000)
    period = 420  # of which every denominator is a factor
    late = recording.spike_times > 4000 - 5 * period
    count = np.bincount(recording.spike_columns[late], minlength=len(inside))
    assert np.array_equal(count, [5 * period * step for step in steps] * 2)


@pytest.mark.published("NagumoSatoNeuron")
def test_nagumo_sato_fires_every_third_time_where_its_noisy_map_keeps_the_period_three() -> None:
    # Nakamura 2018, doi 10.3934/dcdsb.2018055, figures 2 and 3: x' = x/2 + beta (mod 1) has the
    # period 3 from beta = 4/7, as long as noise adds no more than 1/14. Here beta = 1 - k (1 - a).
    edges = np.array([4 / 7, 4 / 7 + 1 / 14])
    inwards = np.array([1e-4, -1e-4])
    beta = np.concatenate([edges + inwards, edges - inwards])
    a = 1.0 - (1.0 - beta) / 0.5
    rate = rates(run(NAGUMO_SATO, 1.0 + a / (1 - 0.5), 4000, k=0.5), 1000)
    assert rate[:2] == pytest.approx(1 / 3, abs=5e-4)
    assert rate[2] < 1 / 3 - 0.01 < 1 / 3 + 0.01 < rate[3]


def test_nagumo_sato_leaves_a_step_at_its_edges() -> None:
    low, high = plateau(Fraction(2, 5), K)
    a = np.array([low - 1e-5, low + 1e-5, high - 1e-5, high + 1e-5])
    rate = rates(run(NAGUMO_SATO, 1.0 + a / (1 - K), 5000), 1000)
    assert rate[1:3] == pytest.approx(0.4)
    assert rate[0] < 0.4 - 1e-3
    assert rate[3] > 0.4 + 1e-3


def test_the_steps_of_the_staircase_fill_it() -> None:
    # A devil's staircase: its steps leave no length between rate 0 at a = 0 and rate 1 at alpha
    steps = {Fraction(p, q) for q in range(2, 30) for p in range(1, q)}
    width = sum(high - low for low, high in (plateau(step, K) for step in steps))
    assert width == pytest.approx(1.0, abs=1e-4)
    ends = 1.0 + np.array([-0.01, 1.01]) / (1 - K)
    assert list(rates(run(NAGUMO_SATO, ends, 1000), 500)) == [0.0, 1.0]


def test_aihara_is_the_map_of_the_paper() -> None:
    # Aihara et al. 1990: y(t + 1) = k y(t) - alpha f(y(t)) + a
    y, expected = 0.2, []
    for _ in range(40):
        y = 0.7 * y - 1.0 / (1.0 + math.exp(-y / 0.04)) + 0.45
        expected.append(y)
    init = {"y": 0.2, "x": 1.0 / (1.0 + math.exp(-5.0))}
    trace = run(AIHARA, [0.45], 40, init=init, epsilon=0.04).trace.states["y"][1:, 0]
    assert trace == pytest.approx(expected, abs=1e-9)


def lyapunov(recording: Recording, epsilon: float) -> NDArray[np.float64]:
    """Mean logarithm of the slope k - alpha f'(y) along the orbit."""
    x = recording.trace.states["x"][100:]
    return np.asarray(np.log(np.abs(0.7 - x * (1.0 - x) / epsilon)).mean(axis=0))


@pytest.mark.published("AiharaMapNeuron")
def test_aihara_is_chaotic_where_its_author_says_and_periodic_elsewhere() -> None:
    # Aihara 1989, figure 4: chaos at k = 0.7, alpha = 1, epsilon = 0.01, a = 0.3968
    init = {"y": 0.1, "x": 1.0 / (1.0 + math.exp(-10.0))}
    recording = run(AIHARA, [0.0, 0.0], 4900, init=init, epsilon=0.01, a=np.array([0.3968, 0.5]))
    exponent = lyapunov(recording, 0.01)
    assert exponent[0] > 0.1
    assert exponent[1] < -0.1
    y = np.round(recording.trace.states["y"][-100:], 6)
    assert len(set(y[:, 0])) > 50
    assert len(set(y[:, 1])) == 2


def test_aihara_with_a_sharp_threshold_climbs_the_staircase() -> None:
    # Aihara et al. 1990: for epsilon -> 0 the model is that of Nagumo and Sato
    steps = [Fraction(1, 5), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(4, 5)]
    middle = [sum(plateau(step, 0.7)) / 2 for step in steps]
    rate = rates(run(AIHARA, middle, 4000, epsilon=0.001), 1000)
    assert rate == pytest.approx([float(step) for step in steps], abs=1e-3)


def test_aihara_is_symmetric_about_half_of_its_refractoriness() -> None:
    # y -> -y, f -> 1 - f and a -> alpha - a leave the map as it is: rates add up to 1
    currents = np.array([0.25, 0.3, 0.5])
    low = rates(run(AIHARA, currents, 3000), 1000)
    high = rates(run(AIHARA, 1.0 - currents, 3000), 1000)
    assert low + high == pytest.approx(1.0, abs=1e-3)


@pytest.mark.published("GalvesLocherbachNeuron")
@pytest.mark.parametrize("current", [0.1, 0.5, 2.0])
def test_galves_locherbach_fires_at_the_rate_of_the_paper(current: float) -> None:
    # Brochini et al. 2016, mu = 0 and no coupling: rho = (1 - rho) Phi(I) with Phi(I) = min(I, 1)
    phi = min(current, 1.0)
    n, n_steps = 200, 2000
    count = len(run(GALVES_LOCHERBACH, [current] * n, n_steps).spike_times)
    expected = n * n_steps * phi / (1 + phi)
    # the variance of the number of renewals is cv² of their mean; 4 standard errors
    cv = math.sqrt(1 - phi) / (1 + phi)
    assert count == pytest.approx(expected, abs=4 * cv * math.sqrt(expected) + n)


@pytest.mark.published("GalvesLocherbachNeuron")
@pytest.mark.parametrize(
    ("current", "rate"), [(0.1, 0.08322), (0.2, 0.16908), (0.3, 0.24009), (0.5, 0.35703)]
)
def test_galves_locherbach_fires_at_the_rate_of_its_author_s_program(
    current: float, rate: float
) -> None:
    # nmsim of JSLIBS, by Stolfi of Brochini et al. 2016, compiled: 500 neurons for 10 000 steps,
    # recharge 0.8, a linear ramp from 0.2 to 2.2. It adds the input to the reset potential, too.
    n, n_steps = 200, 4000
    params = {"mu": 0.8, "Gamma": 0.5, "V_T": 0.2, "V_R": current}
    found = rates(run(GALVES_LOCHERBACH, [current] * n, n_steps, **params), 100).mean()
    # both are means of independent intervals with a cv below 1
    allowed = 4 * math.sqrt(rate / (n * (n_steps - 100)) + rate / (500 * 9900))
    assert found == pytest.approx(rate, abs=allowed)


def test_galves_locherbach_waits_as_its_potential_climbs() -> None:
    # After a spike V is 0, I, I(1 + mu), ... whatever came before, so that intervals are
    # independent with the hazard Phi of those values
    current, mu, gain, threshold = 0.3, 0.8, 0.5, 0.2
    v, alive, expected = 0.0, 1.0, []
    for _ in range(14):
        phi = min(max(gain * (v - threshold), 0.0), 1.0) ** 2
        expected.append(alive * phi)
        alive *= 1 - phi
        v = mu * v + current
    recording = run(
        GALVES_LOCHERBACH, [current] * 50, 2000, mu=mu, Gamma=gain, V_T=threshold, r=2.0, seed=2
    )
    order = np.lexsort((recording.spike_times, recording.spike_columns))
    column, time = recording.spike_columns[order], recording.spike_times[order]
    isi = np.diff(time)[column[1:] == column[:-1]].astype(int)
    seen = np.bincount(np.minimum(isi, 15), minlength=16)[1:]
    assert seen[0] == 0  # V = 0 after a spike, where Phi vanishes
    assert chisquare(seen[1:], len(isi) * np.array([*expected[1:], alive])).pvalue > 0.01


def test_galves_locherbach_below_threshold_never_fires() -> None:
    # Phi vanishes up to V_T, and V settles at I/(1 - mu)
    recording = run(GALVES_LOCHERBACH, [0.1] * 20, 1000, mu=0.5, V_T=0.2)
    assert len(recording.spike_times) == 0
