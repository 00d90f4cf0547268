"""Models with a hazard against renewal theory."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid, trapezoid
from scipy.stats import binom, chisquare, kstest, poisson

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import get
from kernels.neurons.model import Model
from kernels.neurons.models.stochastic import ESCAPE_RATE, POISSON
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Ramp


def run(
    model: Model, current: float, n_columns: int, duration: float, *, seed: int = 1, **params: float
) -> Recording:
    return simulate.run(
        Batch(model, n_columns, Constant(current), params, seed=seed),
        duration=duration,
        dt=model.dt,
        integrator=model.integrator,
    )


def survivors(current: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Time since the neuron came free, ms, and the share that has not fired since."""
    t = np.linspace(0.0, 2000.0, 400_001)
    u = -70.0 + 100.0 * current * (1.0 - np.exp(-t / 10.0))
    rho = np.exp(0.25 * (u + 50.0)) / 19.0
    return t, np.exp(-cumulative_trapezoid(rho, t, initial=0.0))


@pytest.mark.parametrize("current", [0.2, 0.25, 0.4])
def test_escape_rate_neuron_fires_at_the_rate_of_renewal_theory(current: float) -> None:
    # Gerstner 2000: the mean interval is Delta_abs plus the integral of the survivor function
    t, survivor = survivors(current)
    mean = 4.0 + trapezoid(survivor, t)
    n_columns, duration, transient = 500, 1500.0, 300.0
    recording = run(ESCAPE_RATE, current, n_columns, duration)
    rate = spikes.statistics(recording, transient=transient).rate_hz.mean()
    variance = 2.0 * trapezoid(t * survivor, t) - trapezoid(survivor, t) ** 2
    # renewal theory again: the count's variance is cv² of its mean; 4 standard errors, and half
    # a step that each interval loses or gains
    n = n_columns * (duration - transient) / mean
    allowed = 4.0 * math.sqrt(variance / mean**2 / n) + 0.5 * ESCAPE_RATE.dt / mean
    assert rate * mean / 1000.0 == pytest.approx(1.0, abs=allowed)


def test_escape_rate_neuron_has_the_interval_distribution_of_renewal_theory() -> None:
    t, survivor = survivors(0.25)
    recording = run(ESCAPE_RATE, 0.25, 1000, 600.0)
    first = np.full(1000, np.inf)
    np.minimum.at(first, recording.spike_columns, recording.spike_times)
    assert np.all(np.isfinite(first))
    at = first - ESCAPE_RATE.dt / 2
    assert kstest(at, lambda x: 1.0 - np.interp(x, t, survivor)).pvalue > 0.01


def test_escape_rate_neuron_is_irregular_at_its_canonical_stimulus() -> None:
    stats = spikes.statistics(run(ESCAPE_RATE, ESCAPE_RATE.current, 50, ESCAPE_RATE.duration))
    names = patterns.classify(stats, deterministic=False)
    assert np.count_nonzero(names == "irregular") > 40


def test_escape_rate_neuron_never_fires_in_its_absolute_refractory_period() -> None:
    recording = run(ESCAPE_RATE, 10.0, 20, 500.0, tau_0=0.01)
    assert spikes.statistics(recording).isi_min.min() >= 4.0


def test_escape_rate_neuron_fires_before_its_threshold_is_reached() -> None:
    # 0.15 nA settles 5 mV below the threshold, where the hazard is exp(-5/4) / 19 ms
    rate = spikes.statistics(run(ESCAPE_RATE, 0.15, 100, 1000.0)).rate_hz.mean()
    assert 0.0 < rate < 1000.0 * math.exp(-1.25) / 19.0


def test_poisson_neuron_counts_as_the_distribution_of_poisson() -> None:
    # Dayan and Abbott 2001, section 1.4: P[n] = (rT)^n exp(-rT) / n!
    count = spikes.statistics(run(POISSON, 20.0, 2000, 500.0)).spike_count
    edges = np.arange(4, 18)
    seen = np.bincount(np.clip(count, 4, 17) - 4, minlength=14)
    below = poisson.cdf(edges, 10.0)
    below[-1] = 1.0
    assert chisquare(seen, 2000 * np.diff(below, prepend=0.0)).pvalue > 0.01


def test_poisson_neuron_has_a_fano_factor_and_a_cv_of_one() -> None:
    # Dayan and Abbott 2001, section 1.4: both are 1 for a homogeneous Poisson process
    stats = spikes.statistics(run(POISSON, 50.0, 400, 4000.0))
    count = stats.spike_count
    # of 400 counts and of about 200 intervals a column: 3 standard errors
    assert count.var() / count.mean() == pytest.approx(1.0, abs=3.0 * math.sqrt(2.0 / 400))
    assert stats.isi_cv.mean() == pytest.approx(1.0, abs=0.02)


def test_poisson_neuron_fires_once_a_step_at_most_whatever_the_rate() -> None:
    p = -math.expm1(-0.1 * 5.0)
    count = spikes.statistics(run(POISSON, 5000.0, 500, 100.0)).spike_count
    low, high = binom.ppf([0.0005, 0.9995], 500 * 1000, p)
    assert low <= count.sum() <= high


def test_poisson_neuron_is_the_inhomogeneous_process_of_any_input() -> None:
    # Dayan and Abbott 2001, section 1.4: under r(t) the spikes of a stretch of time are Poisson
    # distributed around the integral of r, here 5, 15, 25 and 35 a column of a ramp
    model, n = get("InhomogeneousPoissonNeuron"), 300
    stimulus = Ramp(initial=0.0, final=160.0, end=1000.0)
    recording = simulate.run(
        Batch(model, n, stimulus, seed=1), duration=1000.0, dt=model.dt, integrator="map"
    )
    quarter = np.minimum(recording.spike_times // 250.0, 3).astype(int)
    count = np.zeros((n, 4))
    np.add.at(count, (recording.spike_columns, quarter), 1)
    expected = np.array([5.0, 15.0, 25.0, 35.0])
    assert np.all(np.abs(count.mean(axis=0) - expected) < 4.0 * np.sqrt(expected / n))
    assert count.var(axis=0) / expected == pytest.approx(1.0, abs=4.0 * math.sqrt(2.0 / n))


def test_poisson_neuron_adds_the_input_to_its_rate_and_never_goes_below_zero() -> None:
    assert len(run(POISSON, -30.0, 50, 1000.0, r_0=20.0).spike_times) == 0
    rate = spikes.statistics(run(POISSON, 20.0, 200, 1000.0, r_0=20.0)).rate_hz.mean()
    assert rate == pytest.approx(40.0, abs=4.0 * math.sqrt(40.0 / 200))


def test_another_seed_gives_other_spikes_and_the_same_seed_the_same() -> None:
    for model, current in ((ESCAPE_RATE, 0.25), (POISSON, 50.0)):
        one, again, other = (run(model, current, 4, 500.0, seed=s) for s in (1, 1, 2))
        assert np.array_equal(one.spike_times, again.spike_times)
        assert not np.array_equal(one.spike_times, other.spike_times)
