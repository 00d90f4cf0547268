"""Perfect and leaky integrators against published formulas, means and an independent scheme."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import erf

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.models import leaky as models
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Pulses, Stimulus

Floats = NDArray[np.float64]


def run(
    model: Model,
    drive: Any,
    duration: float,
    *,
    dt: float | None = None,
    n_columns: int | None = None,
    params: Mapping[str, Any] | None = None,
    init: Mapping[str, Any] | None = None,
    traced: Sequence[int] = (),
    engine: str = "numpy",
) -> Recording:
    stimulus = drive if isinstance(drive, Stimulus) else Constant(drive)
    batch = Batch(model, n_columns or np.size(drive), stimulus, params or {}, init or {})
    return simulate.run(
        batch,
        duration=duration,
        dt=dt or model.dt,
        integrator=model.integrator,
        traced=traced,
        engine=engine,
    )


# Perfect integrator


def test_perfect_integrator_fires_at_the_rate_of_its_input_over_its_threshold() -> None:
    # Knight 1972: without forgetting the rate is s(t) itself, here I / (C (theta - V_r))
    current = np.array([0.013, 0.1, 0.377])
    done = run(models.PERFECT_INTEGRATOR, current, 1000.5, dt=0.5, params={"C": 2.0})
    assert spikes.statistics(done).spike_count.tolist() == [6, 50, 188]


def test_perfect_integrator_forgets_nothing_between_pulses() -> None:
    pulses = Pulses(amplitude=0.15, width=1.0, period=200.0)
    done = run(models.PERFECT_INTEGRATOR, pulses, 2000.0, n_columns=1)
    assert [time // 200.0 for time in done.spike_times] == [6.0]


# White noise


def test_noisy_integrator_fires_at_the_published_mean_rate() -> None:
    # Brunel and Hakim 1999, the stationary rate of a neuron with constant mu and sigma:
    # 1/nu = tau_rp + tau sqrt(pi) int exp(u²) (1 + erf u) du from (V_r - mu)/sigma to the threshold
    theta, V_r, sigma, tau, dt = 20.0, 10.0, 5.0, 20.0, 0.05
    found, expected = [], []
    for mu in (15.0, 18.0):
        done = run(models.STOCHASTIC_IF, mu, 600.0, dt=dt, n_columns=600)
        found.append((done.spike_times > 100.0).sum() / (600 * 0.5))
        # a threshold that is looked at every dt only seems higher (Broadie et al. 1997)
        seen = theta + 0.5826 * sigma * math.sqrt(dt / tau)
        area = quad(
            lambda u: math.exp(u * u) * (1.0 + erf(u)), (V_r - mu) / sigma, (seen - mu) / sigma
        )[0]
        expected.append(1000.0 / (2.0 + tau * math.sqrt(math.pi) * area))
    assert found == pytest.approx(expected, rel=0.06)


def test_noise_alone_spreads_the_potential_by_sigma_over_the_root_of_two() -> None:
    # Brunel and Hakim 1999: the variance of the free potential is sigma²/2
    free = {"theta": 200.0, "sigma": 4.0}
    done = run(
        models.STOCHASTIC_IF, 3.0, 300.0, dt=0.1, n_columns=100, params=free, traced=range(100)
    )
    V = done.trace.states["V"][1000:]
    assert V.mean() == pytest.approx(3.0, abs=0.2)
    assert V.std() == pytest.approx(4.0 / math.sqrt(2.0), rel=0.05)


# Fluctuating conductances

SILENT = {"V_th": 50.0}


def test_synaptic_background_depolarizes_to_the_published_mean() -> None:
    # Destexhe et al. 2001: about -65 mV, from the leak's -80 mV
    done = run(models.COBA, 0.0, 1500.0, dt=0.1, n_columns=20, params=SILENT, traced=range(20))
    V = done.trace.states["V"]
    late = V[len(V) // 5 :]
    assert late.mean() == pytest.approx(-65.0, abs=0.6)
    assert late.std() > 1.0


def test_synaptic_background_lowers_the_input_resistance_about_fivefold() -> None:
    # Destexhe et al. 2001: a decrease by about 80 % that the mean conductances make
    quiet = {**SILENT, "sigma_e": 0.0, "sigma_i": 0.0}
    rest = {"g_e0": np.array([12.1, 0.0]), "g_i0": np.array([57.3, 0.0])}
    potentials = [
        run(models.COBA, current, 400.0, n_columns=2, params={**quiet, **rest}, traced=[0, 1])
        for current in (0.0, 10.0)
    ]
    low, high = (done.trace.states["V"][-1] for done in potentials)
    active, passive = high - low
    assert 4.5 < passive / active < 6.0


def test_conductances_have_the_mean_deviation_and_correlation_that_they_are_told() -> None:
    done = run(models.COBA, 0.0, 400.0, dt=0.1, n_columns=200, traced=range(200))
    for name, mean, std, tau in (("g_e", 12.1, 3.0, 2.728), ("g_i", 57.3, 6.6, 10.49)):
        g = done.trace.states[name][1000:]
        assert g.mean() == pytest.approx(mean, rel=0.03)
        assert g.std() == pytest.approx(std, rel=0.05)
        x, lag = g - mean, round(tau / 0.1)
        correlation = (x[lag:] * x[:-lag]).mean() / x.var()
        assert correlation == pytest.approx(math.exp(-lag * 0.1 / tau), abs=0.05)


# Alpha function


def test_a_pulse_gives_rall_s_alpha_function_with_its_peak_at_tau_syn() -> None:
    # Rall 1967: t exp(-t/tau), which peaks at tau; here of charge q, so q/(e tau) at the peak
    dt, q = models.ALPHA.dt, 100.0
    pulse = Pulses(amplitude=q / dt, width=dt, period=1e6)
    done = run(models.ALPHA, pulse, 20.0, n_columns=1, traced=[0])
    I = done.trace.states["I_syn"][:, 0]  # noqa: E741 (the paper's name)
    t = done.trace.t - dt / 2.0
    assert t[I.argmax()] == pytest.approx(2.0, abs=dt)
    assert I == pytest.approx(np.maximum(q * t / 4.0 * np.exp(-t / 2.0), 0.0), abs=0.02 * I.max())


def test_the_potential_after_a_pulse_has_its_closed_form() -> None:
    # Rotter and Diesmann 1999: the linear system of an alpha current and a leaky membrane
    dt, q, tau, tau_m, C = models.ALPHA.dt, 1000.0, 2.0, 10.0, 250.0
    pulse = Pulses(amplitude=q / dt, width=dt, period=1e6)
    done = run(models.ALPHA, pulse, 40.0, n_columns=1, traced=[0])
    t = np.maximum(done.trace.t - dt / 2.0, 0.0)
    k = 1.0 / tau - 1.0 / tau_m
    grown = np.exp(-t / tau_m) / k**2 - np.exp(-t / tau) * (t / k + 1.0 / k**2)
    expected = -70.0 + q / (C * tau**2) * grown
    assert done.trace.states["V"][:, 0] == pytest.approx(expected, abs=0.01)


def test_a_constant_current_comes_through_the_synapse_whole() -> None:
    # 375 pA lift the potential to the threshold: V_th - E_L = 15 mV times 25 nS
    done = run(models.ALPHA, np.array([374.0, 376.0, 500.0]), 600.0)
    stats = spikes.statistics(done)
    assert stats.spike_count[0] == 0 < stats.spike_count[1]
    # a leaky integrator's interval, tau_m log(I/(I - I_theta)), and the refractory period
    assert stats.isi_last[2] == pytest.approx(2.0 + 10.0 * math.log(500.0 / 125.0), abs=0.1)


# Energy


def test_energy_neuron_rests_where_supply_meets_demand() -> None:
    def balance(epsilon: float) -> float:
        E_L = -62.5 + 4.0 * (1.0 - epsilon / 0.5)
        return (1.0 - epsilon / 0.5) ** 3 - (E_L + 62.0) / 22.0

    epsilon = brentq(balance, 0.2, 0.4)
    done = run(models.ENERGY, 0.0, 2000.0, traced=[0], engine="scalar")
    assert len(done.spike_times) == 0
    assert done.trace.states["epsilon"][-1, 0] == pytest.approx(epsilon, abs=1e-4)
    assert done.trace.states["epsilon"][0, 0] == pytest.approx(epsilon, abs=1e-3)
    assert done.trace.states["V"][0, 0] == pytest.approx(
        -62.5 + 4.0 * (1.0 - epsilon / 0.5), abs=0.01
    )


def test_a_spike_costs_energy_and_without_enough_of_it_there_is_none() -> None:
    # Fardet and Levina 2020: V >= V_th and epsilon > epsilon_c
    done = run(models.ENERGY, 40.0, 1000.0, traced=[0], engine="scalar")
    dear = run(models.ENERGY, 40.0, 1000.0, params={"delta": 0.05}, traced=[0], engine="scalar")
    assert done.spike_times[-1] > 950.0
    assert dear.spike_times[-1] < 100.0
    # what keeps the cell of expensive spikes from firing is the energy, not the potential
    assert dear.trace.states["epsilon"][-1, 0] < 0.18
    assert dear.trace.states["V"][-1, 0] > -59.0


def test_energy_neuron_agrees_with_an_adaptive_solver_until_its_first_spikes() -> None:
    def rates(t: float, x: Sequence[float]) -> list[float]:
        V, e = x
        E_L = -62.5 + 4.0 * (1.0 - e / 0.5)
        return [
            (9.0 * (E_L - V) + 40.0) / 100.0,
            ((1.0 - e / 0.5) ** 3 - (V + 62.0) / 22.0) / 200.0,
        ]

    def fires(t: float, x: Sequence[float]) -> float:
        return x[0] + 59.0

    fires.terminal = True  # type: ignore[attr-defined]
    times, now, x = [], 0.0, [-61.1512, 0.331395]
    for _ in range(12):
        part = solve_ivp(rates, (now, 500.0), x, events=fires, rtol=1e-9, atol=1e-9)
        now = float(part.t_events[0][0])
        times.append(now)
        x = [-62.0, part.y_events[0][0][1] - 0.01]
    done = run(models.ENERGY, 40.0, now + 0.15, dt=0.01, traced=[0], engine="scalar")
    assert done.spike_times == pytest.approx(times, abs=0.13)
    assert done.trace.states["epsilon"][-1, 0] == pytest.approx(x[1], abs=3e-4)


# Power-law memory


def published_scheme(alpha: float, current: float, duration: float, dt: float = 0.1) -> Floats:
    """Teka et al. 2014, equation of their integration scheme (L1), the whole history kept."""
    n = int(duration / dt)
    V = np.full(n + 1, -70.0)
    weights = np.diff(np.arange(n + 2.0) ** (1.0 - alpha))
    scale = dt**alpha * math.gamma(2.0 - alpha)
    for i in range(n):
        memory = weights[1 : i + 1][::-1] @ np.diff(V[: i + 1])
        V[i + 1] = V[i] + scale * (-70.0 - V[i] + 40.0 * current) / 20.0 - memory
    return V


@pytest.mark.parametrize("alpha", [0.95, 0.8, 0.5, 0.2])
def test_the_sum_of_exponentials_has_the_memory_of_the_published_scheme(alpha: float) -> None:
    expected = published_scheme(alpha, 0.3, 200.0)
    done = run(
        models.FRACTIONAL, 0.3, 200.0, dt=0.05, params={"alpha": alpha}, traced=[0], engine="scalar"
    )
    V = done.trace.states["V"][::2, 0]
    assert np.abs(V - expected)[10:].max() < 0.03
    assert np.ptp(V) > 1.5


@pytest.mark.published("FractionalLIFNeuron")
@pytest.mark.parametrize(
    ("alpha", "first", "count", "potentials"),
    [
        (0.4, (22.175, 44.55, 65.725), 25, (-68.4879, -67.3782, -66.7417, -64.9248)),
        (0.6, (7.75, 22.55, 37.15), 35, (-67.7126, -65.1711, -63.7641, -60.7247)),
        (0.8, (4.75, 17.35, 29.925), 40, (-66.6613, -62.1349, -60.2903, -58.4381)),
    ],
)
def test_the_program_of_the_authors_spikes_and_rises_so(
    alpha: float, first: tuple[float, ...], count: int, potentials: tuple[float, ...]
) -> None:
    # Teka et al. 2014: runNetworkderivative.m, ModelDB 155856, run in Octave at steps of 0.025 to
    # 0.05 ms: spikes in 500 ms at 3 nA, and mV after 10, 50, 100 and 500 ms at 0.3 nA
    params = {"alpha": alpha}
    done = run(models.FRACTIONAL, 3.0, 500.0, params=params, engine="scalar")
    assert done.spike_times[:3] == pytest.approx(first, abs=0.25)
    assert len(done.spike_times) == count
    weak = run(models.FRACTIONAL, 0.3, 500.0, dt=0.1, params=params, traced=[0], engine="scalar")
    V = np.interp((10.0, 50.0, 100.0, 500.0), weak.trace.t, weak.trace.states["V"][:, 0])
    assert V == pytest.approx(potentials, abs=0.01)


@pytest.mark.published("FractionalLIFNeuron")
def test_with_alpha_0_2_it_is_silent_for_half_a_second_as_the_program_of_the_authors_is() -> None:
    # the same, 3 nA: the first spike of figure 1D comes later
    done = run(models.FRACTIONAL, 3.0, 500.0, params={"alpha": 0.2}, engine="scalar")
    assert len(done.spike_times) == 0


def test_a_weak_step_rises_as_the_mittag_leffler_function() -> None:
    # V - V_rest = R I (1 - E_alpha(-t^alpha/tau)), by its series; Teka et al. 2014, figure 1C
    alpha, tau = 0.6, 20.0
    done = run(models.FRACTIONAL, 0.3, 100.0, params={"alpha": alpha}, traced=[0], engine="scalar")
    for t in (1.0, 10.0, 50.0, 100.0):
        z = -(t**alpha) / tau
        series = sum(z**k / math.gamma(alpha * k + 1.0) for k in range(60))
        V = np.interp(t, done.trace.t, done.trace.states["V"][:, 0])
        assert V == pytest.approx(-70.0 + 12.0 * (1.0 - series), abs=0.02)


def test_the_smaller_alpha_the_later_the_first_spike_and_intervals_shrink() -> None:
    # Teka et al. 2014, figures 1E and 1G, at 3 nA
    alpha = np.array([0.3, 0.4, 0.6, 0.8, 0.999])
    done = run(models.FRACTIONAL, np.full(5, 3.0), 250.0, dt=0.05, params={"alpha": alpha})
    stats = spikes.statistics(done)
    assert (np.diff(stats.latency_ms) < 0).all()
    assert (np.diff(stats.adaptation[:4]) > 0).all()
    assert stats.adaptation[2] < -5e-4
    assert abs(stats.adaptation[4]) < 1e-4


def test_with_alpha_near_one_it_is_the_leaky_integrator() -> None:
    # Teka et al. 2014: t_ref + tau log(R I/(R I - 20 mV)) = 8 + 20 log(120/100)
    done = run(models.FRACTIONAL, 3.0, 300.0, params={"alpha": 0.999}, engine="scalar")
    period = 8.0 + 20.0 * math.log(1.2)
    assert spikes.statistics(done).isi_last[0] == pytest.approx(period, abs=0.1)
