"""Point processes against renewal theory and against the filters of their authors' program."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chisquare, expon, gamma, kstest

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model, Values
from kernels.neurons.models.point_processes import (
    DEAD_TIME_POISSON,
    GAMMA_RENEWAL,
    GLM,
    HAWKES,
)
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Pulses, Ramp, Stimulus


def run(
    model: Model,
    stimulus: Stimulus | float,
    n_columns: int,
    duration: float,
    *,
    init: dict[str, Any] | None = None,
    seed: int = 1,
    traced: bool = False,
    **params: Any,
) -> Recording:
    stimulus = stimulus if isinstance(stimulus, Stimulus) else Constant(stimulus)
    return simulate.run(
        Batch(model, n_columns, stimulus, params, init or {}, seed=seed),
        duration=duration,
        dt=model.dt,
        integrator=model.integrator,
        traced=range(n_columns) if traced else (),
    )


def first_two(recording: Recording) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times of the first and of the second spike of each column, all of which have them."""
    order = np.lexsort((recording.spike_times, recording.spike_columns))
    column, time = recording.spike_columns[order], recording.spike_times[order]
    start = np.searchsorted(column, np.arange(recording.n_columns))
    assert np.array_equal(column[start + 1], np.arange(recording.n_columns))
    return time[start], time[start + 1]


@pytest.mark.parametrize("k", [1.0, 3.0, 20.0])
def test_gamma_renewal_has_gamma_distributed_intervals(k: float) -> None:
    # Cox 1962: the interval has the shape k and the mean 1/r
    one, two = first_two(run(GAMMA_RENEWAL, 50.0, 1000, 400.0, k=k))
    assert kstest(two - one, gamma(k, scale=20.0 / k).cdf).pvalue > 0.01


@pytest.mark.parametrize("k", [1.0, 4.0, 16.0])
def test_gamma_renewal_is_as_regular_as_its_shape(k: float) -> None:
    # Cox 1962: the intervals' cv is 1/sqrt(k), and so is in the long run the count's variance
    # over its mean 1/k
    stats = spikes.statistics(run(GAMMA_RENEWAL, 100.0, 150, 1550.0, k=k), transient=50.0)
    assert stats.isi_cv.mean() == pytest.approx(1.0 / math.sqrt(k), rel=0.03)
    count = stats.spike_count
    assert count.mean() == pytest.approx(150.0, rel=0.02)
    assert count.var() / count.mean() == pytest.approx(1.0 / k, rel=4.0 * math.sqrt(2.0 / 150))


def test_gamma_renewal_under_a_changing_rate_is_gamma_in_the_time_that_the_rate_measures() -> None:
    # time rescaling: the integral of the rate between spikes has the shape k and the mean 1
    ramp = Ramp(initial=10.0, final=210.0, end=400.0)
    one, two = first_two(run(GAMMA_RENEWAL, ramp, 1000, 400.0, k=4.0, tau_r=0.05))

    def expected(t: NDArray[np.float64]) -> NDArray[np.float64]:
        return 0.010 * t + 0.5 * 0.0005 * t**2

    assert kstest(expected(two) - expected(one), gamma(4.0, scale=0.25).cdf).pvalue > 0.01


def test_gamma_renewal_takes_the_whole_part_of_its_shape() -> None:
    whole, more = (run(GAMMA_RENEWAL, 80.0, 5, 500.0, k=k) for k in (3.0, 3.9))
    assert np.array_equal(whole.spike_times, more.spike_times)


def test_dead_time_poisson_waits_and_then_forgets() -> None:
    # Deger et al. 2012: the interval is the dead time and an exponential one
    one, two = first_two(run(DEAD_TIME_POISSON, 100.0, 1000, 300.0, d=8.0))
    assert kstest(two - one, expon(8.0, 10.0).cdf).pvalue > 0.01


@pytest.mark.parametrize("d", [0.0, 10.0])
def test_dead_time_poisson_is_slower_and_more_regular_by_one_and_the_same_factor(d: float) -> None:
    # Deger et al. 2012: rate r/(1 + r d) and cv 1/(1 + r d)
    stats = spikes.statistics(run(DEAD_TIME_POISSON, 100.0, 150, 2050.0, d=d), transient=50.0)
    factor = 1.0 / (1.0 + 0.1 * d)
    # half a step that an interval gains
    assert stats.rate_hz.mean() == pytest.approx(100.0 * factor, rel=0.02)
    assert stats.isi_cv.mean() == pytest.approx(factor, rel=0.03)


@pytest.mark.parametrize("n", [0.0, 0.5, 0.7])
def test_hawkes_fires_at_the_rate_of_its_branching_ratio(n: float) -> None:
    # Hawkes 1971: the mean rate is that without excitation over 1 - n, and the variance of long
    # counts over their mean is 1/(1 - n)²
    columns, duration, transient = 300, 2500.0, 500.0
    init = {"r": 20.0 / (1 - n)}
    recording = run(HAWKES, 20.0, columns, duration, init=init, n=n)
    count = spikes.statistics(recording, transient=transient).spike_count
    expected = 0.02 / (1 - n) * (duration - transient)
    fano = 1.0 / (1 - n) ** 2
    # the kernel of one step's spikes begins a step later: 1 % of tau
    allowed = 4.0 * math.sqrt(fano * expected / columns) + 0.02 * expected
    assert count.mean() == pytest.approx(expected, abs=allowed)
    assert count.var() / count.mean() == pytest.approx(fano, rel=4.0 * math.sqrt(2.0 / columns))


def test_hawkes_rate_jumps_with_each_spike_and_decays_in_tau() -> None:
    recording = run(HAWKES, 20.0, 1, 400.0, traced=True)
    r, first = recording.trace.states["r"][:, 0], recording.spike_times[0]
    k = round(first / HAWKES.dt)
    assert len(recording.spike_times) > 1
    assert r[k] - r[k - 1] == pytest.approx(50.0, abs=0.5)
    assert recording.spike_times[1] - first > 1.0
    assert (r[k + 10] - 20.0) / (r[k] - 20.0) == pytest.approx(math.exp(-0.1), rel=0.01)


DC, WEIGHTS = 1.5, np.array([-10.0, 0.5, 1.0, 0.25, -1.0])


def post_spike(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """makeBasis_PostSpike of GLMspiketools with hpeaks = 1 and 50 ms and b = 5 ms, times ihw."""
    c = np.linspace(np.log(6.0), np.log(55.0), 5)
    step = c[1] - c[0]
    x = np.clip((np.log(t + 5.0)[..., np.newaxis] - c) * np.pi / step / 2, -np.pi, np.pi)
    return np.asarray((np.cos(x) + 1) / 2 @ WEIGHTS)


def stimulus_filter(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """The filter of makeSimStruct_GLM before its norm, of 30 bins of 10 ms; t in bins."""
    fast, slow = gamma(6, scale=30 / 32), gamma(6, scale=30 / 16)
    return np.asarray(fast.pdf(t) - slow.pdf(t) / 1.5)


def settled(current: float) -> dict[str, Any]:
    """Filters that have seen the current for long."""
    return {f"{name}_{j}": current for name in "xy" for j in range(1, 7)}


def test_glm_has_the_stimulus_filter_of_its_authors_program() -> None:
    # the norm over the bins is 1; a pulse of one bin is answered by the filter of that time
    gain = 1.0 / np.linalg.norm(stimulus_filter(np.arange(30.0)))
    defaults = {param.name: param.default for param in GLM.params}
    assert defaults["A"] == pytest.approx(gain, rel=1e-5)
    pulse = Pulses(amplitude=1.0, width=10.0, period=1000.0)
    trace = run(GLM, pulse, 1, 400.0, traced=True).trace
    drive = gain * (trace.states["x_6"][:, 0] - trace.states["y_6"][:, 0] / 1.5)
    lag = np.linspace(0.0, 1.0, 101)
    mean = [stimulus_filter(np.maximum(t / 10.0 - lag, 0.0)).mean() for t in trace.t]
    assert drive == pytest.approx(gain * np.array(mean), abs=0.03)
    assert trace.t[np.argmax(drive)] == pytest.approx(45.0, abs=6.0)
    assert drive.min() < -0.1 * drive.max()


@pytest.mark.published("GLMNeuron")
def test_glm_has_the_post_spike_filter_that_its_authors_program_makes() -> None:
    # GLMspiketools, makeSimStruct_GLM(30, 0.01, 0.001) of demo1, run in Octave: ih at these ms
    ages = np.array([1.0, 2.0, 5.0, 8.0, 13.0, 20.0, 50.0, 100.0])
    params = Values({param.name: param.default for param in GLM.params})
    rest = {state.name: state.initial for state in GLM.states}
    assert GLM.hazard is not None
    one, none = (
        np.log(GLM.hazard(np, Values(rest | past), params)) for past in ({"t_1": ages}, {})
    )
    expected = [-9.75, -9.12693, -4.67195, -0.81918, 1.37639, 0.89387, -0.875, -0.37002]
    assert one - none == pytest.approx(expected, abs=2e-5)


def test_glm_without_past_is_a_poisson_process_of_exponential_rate() -> None:
    # Pillow et al. 2008: lambda = exp(mu + k * x); a constant x passes with the filter's integral
    params = {f"w_{i}": 0.0 for i in range(1, 6)}
    rate = math.exp(DC + 3.23296 * 2.0 / 3.0)
    recording = run(GLM, 2.0, 200, 1000.0, init=settled(2.0), **params)
    count = 200 * rate
    assert len(recording.spike_times) == pytest.approx(
        count, abs=4 * math.sqrt(count) + 0.02 * count
    )


def test_glm_has_the_intervals_that_its_post_spike_filter_makes() -> None:
    # Pillow et al. 2008: the rate is that without a past times exp(h(t))
    dt = GLM.dt
    drive = DC + 3.23296 * 3.0 / 3.0
    t = dt * np.arange(1, 4001)
    survivor = np.exp(-np.cumsum(0.001 * dt * np.exp(drive + post_spike(t))))
    one, two = first_two(run(GLM, 3.0, 600, 700.0, init=settled(3.0)))
    edges = np.array([0.0, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0, 25.0, 30.0, 50.0, 100.0])
    alive = np.append(np.append(1.0, np.interp(edges[1:], t, survivor)), 0.0)
    seen = np.histogram(two - one, np.append(edges + dt / 2, np.inf))[0]
    assert chisquare(seen, 600 * -np.diff(alive)).pvalue > 0.01


def test_glm_adds_up_what_past_spikes_leave() -> None:
    # Pillow et al. 2008: the filter is summed over all spikes
    dt, n = GLM.dt, 20_000
    ages = np.array([12.0, 20.0, 28.0])
    init = {f"t_{j}": age - dt for j, age in enumerate(ages, 1)}
    recording = run(GLM, 0.0, n, dt, init=init, mu=5.0)
    p = -math.expm1(-0.001 * dt * math.exp(5.0 + post_spike(ages).sum()))
    assert len(recording.spike_times) == pytest.approx(n * p, abs=4 * math.sqrt(n * p * (1 - p)))


def test_glm_is_refractory_then_likelier_to_fire_and_then_tired() -> None:
    # the shape of h: the weights -10 at 1 ms, 1 at 13 ms and -1 at 50 ms
    h = post_spike(np.array([1.0, 13.0, 50.0, 165.0]))
    assert h[0] < -9.0
    assert h[1] > 1.0
    assert h[2] < -0.7
    assert h[3] == pytest.approx(0.0, abs=1e-9)
    recording = run(GLM, 3.0, 100, 1000.0, init=settled(3.0))
    assert spikes.statistics(recording).isi_min.min() > 1.0
