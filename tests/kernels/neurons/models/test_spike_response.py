"""Spike-response models against closed forms and the integrate-and-fire neuron they contain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from kernels.neurons import simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.models import spike_response as models
from kernels.neurons.models.integrate_and_fire import LAPICQUE
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Fluctuating, Stimulus


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
) -> Recording:
    stimulus = drive if isinstance(drive, Stimulus) else Constant(drive)
    batch = Batch(model, n_columns or np.size(drive), stimulus, params or {}, init or {})
    return simulate.run(
        batch,
        duration=duration,
        dt=dt or model.dt,
        integrator=model.integrator,
        traced=traced,
        engine="scalar" if batch.n_columns == 1 else "numpy",
    )


def test_with_matching_kernels_it_is_the_leaky_integrator_under_any_current() -> None:
    # Gerstner and Kistler 2002, section 4.2: eta(s) = -(theta - u_r) exp(-s/tau_m)
    noise = Fluctuating(mean=1.3, std=2.0, tau=4.0)
    kernels = run(models.SPIKE_RESPONSE, noise, 400.0, dt=0.001, n_columns=1)
    equation = run(LAPICQUE, noise, 400.0, dt=0.001, n_columns=1)
    assert len(equation.spike_times) > 10
    assert kernels.spike_times == pytest.approx(equation.spike_times, abs=0.05)


def test_its_intervals_have_the_closed_form() -> None:
    # tau log((R I - u_r)/(R I - theta)), Gerstner and Kistler 2002, equation 4.9
    isi = spikes.statistics(run(models.SPIKE_RESPONSE, np.array([1.1, 2.0, 5.0]), 300.0)).isi_last
    expected = [20.0 * math.log(x / (x - 1.0)) for x in (1.1, 2.0, 5.0)]
    assert isi == pytest.approx(expected, abs=0.06)


def test_refractoriness_sums_over_all_spikes() -> None:
    # h - eta_0 sum_k exp(-k T/tau_eta) = theta, so T = tau_eta log(1 + eta_0/(R I - theta))
    params = {"eta_0": 2.0, "tau_eta": 50.0}
    done = run(models.SPIKE_RESPONSE, 2.0, 1500.0, params=params)
    isi = np.diff(done.spike_times)
    assert isi[-1] == pytest.approx(50.0 * math.log(3.0), abs=0.06)
    assert isi[0] < 0.9 * isi[-1]


def test_input_is_remembered_through_the_kernel() -> None:
    done = run(models.SPIKE_RESPONSE, 0.8, 60.0, traced=[0])
    assert len(done.spike_times) == 0
    expected = 0.8 * -np.expm1(-done.trace.t / 20.0)
    assert done.trace.states["h"][:, 0] == pytest.approx(expected, abs=1e-9)


# Generalized integrate-and-fire

NO_MEMORY = {f"q_{name}_{k}": 0.0 for name in ("eta", "gamma") for k in (1, 2)}


def test_spikes_come_with_the_published_intensity() -> None:
    # Mensi et al. 2012: lambda_0 exp((V - V_T)/Delta_V), here at a constant V = V_T + 8 mV
    V = -39.6 + 8.0
    current = 3.7 * (V + 67.0)
    done = run(
        models.GIF,
        np.full(50, current),
        2000.0,
        params={**NO_MEMORY, "V_r": V},
        init={"V": V},
    )
    intensity = 0.001 * math.exp(8.0 / 1.4)
    expected = 100.0 * 1000.0 / (4.0 + 1.0 / intensity)
    assert len(done.spike_times) == pytest.approx(expected, rel=0.03)
    isi = np.concatenate([np.diff(done.spike_times[done.spike_columns == c]) for c in range(50)])
    # exponential intervals after the refractory period
    assert isi.min() >= 4.0
    assert (isi.mean() - 4.0) == pytest.approx(isi.std(), rel=0.05)


def test_every_spike_moves_the_threshold_and_the_current_as_published() -> None:
    # Mensi et al. 2012, as in NEST's gif_psc_exp: 11.7 and 1.8 mV, 56.7 and -6.9 pA
    done = run(models.GIF, 150.0, 100.0, traced=[0])
    first = done.spike_times[0]
    states = {
        name: np.interp(first + 10.0, done.trace.t, x[:, 0])
        for name, x in done.trace.states.items()
    }
    assert len(done.spike_times) == 1
    assert states["gamma_1"] == pytest.approx(11.7 * math.exp(-10.0 / 53.8), rel=1e-6)
    assert states["gamma_2"] == pytest.approx(1.8 * math.exp(-10.0 / 640.0), rel=1e-6)
    assert states["eta_1"] == pytest.approx(56.7 * math.exp(-10.0 / 57.8), rel=1e-6)
    assert states["eta_2"] == pytest.approx(-6.9 * math.exp(-10.0 / 218.2), rel=1e-6)


def test_both_mechanisms_of_adaptation_lower_the_rate() -> None:
    # Mensi et al. 2012: spike-triggered current and moving threshold
    def rate(**params: float) -> float:
        done = run(models.GIF, np.full(20, 250.0), 1000.0, params=params)
        return len(done.spike_times) / 20.0

    no_current = {"q_eta_1": 0.0, "q_eta_2": 0.0}
    no_threshold = {"q_gamma_1": 0.0, "q_gamma_2": 0.0, "V_r": -67.0}
    both, current, threshold = rate(), rate(**no_threshold), rate(**no_current)
    assert both < 0.9 * threshold
    assert both < 0.9 * current


def test_the_potential_without_spikes_is_that_of_the_leak() -> None:
    done = run(models.GIF, 60.0, 300.0, traced=[0])
    assert len(done.spike_times) == 0
    assert done.trace.states["V"][-1, 0] == pytest.approx(-67.0 + 60.0 / 3.7, abs=1e-3)


def test_under_a_step_the_intervals_grow() -> None:
    done = run(models.GIF, np.full(40, 200.0), 2000.0)
    stats = spikes.statistics(done)
    assert np.nanmean(stats.isi_last) > 2.0 * np.nanmean(stats.isi_first)
