"""Adapting models against published formulas and firing patterns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels.neurons import patterns, simulate, spikes
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.models import adapting as models
from kernels.neurons.simulate import Recording
from kernels.neurons.stimulus import Constant, Ramp, Step, Stimulus


def run(
    model: Model,
    drive: Any,
    duration: float,
    *,
    dt: float | None = None,
    params: Mapping[str, Any] | None = None,
    traced: Sequence[int] = (),
) -> Recording:
    stimulus = drive if isinstance(drive, Stimulus) else Constant(drive)
    return simulate.run(
        Batch(model, 1, stimulus, params or {}),
        duration=duration,
        dt=dt or model.dt,
        integrator=model.integrator,
        traced=traced,
        engine="scalar",
    )


# Calcium-gated potassium current


def rates(done: Recording) -> tuple[Any, Any]:
    """The middle of every interval and the rate in it, in Hz."""
    isi = np.diff(done.spike_times)
    return done.spike_times[:-1] + isi / 2.0, 1000.0 / isi


def test_rate_adapts_with_the_published_time_constant() -> None:
    # Liu and Wang 2001: F_adap = (f_0 - f_ss)/f_0 and tau_adap = tau_Ca (1 - F_adap)
    f_0 = rates(run(models.SFA, 1.0, 200.0, dt=0.01, params={"g_AHP": 0.0}))[1][-1]
    t, f = rates(run(models.SFA, 1.0, 800.0, dt=0.01))
    F_adap = (f_0 - f[-1]) / f_0
    assert F_adap > 0.3
    tau = -1.0 / np.polyfit(t[:8], np.log(f[:8] - f[-1]), 1)[0]
    assert tau == pytest.approx(50.0 * (1.0 - F_adap), rel=0.05)


def test_adapted_rate_is_that_of_the_mean_potassium_conductance() -> None:
    # where calcium hardly moves within an interval: [Ca] = alpha tau_Ca f in the steady state
    slow = {"tau_Ca": 1000.0, "alpha": 0.01}

    def excess(f: float) -> float:
        g_K = 0.015 * 0.01 * 1000.0 * f / 1000.0
        g = 0.025 + g_K
        V_inf = (0.025 * -70.0 + g_K * -80.0 + 1.0) / g
        return 1000.0 / (2.0 + 0.5 / g * math.log((V_inf + 60.0) / (V_inf + 54.0))) - f

    expected = brentq(excess, 1.0, 100.0)
    found = rates(run(models.SFA, 1.0, 6000.0, dt=0.01, params=slow))[1][-1]
    assert found == pytest.approx(expected, rel=0.01)
    assert found < 120.0


def test_without_potassium_current_it_is_a_leaky_integrator() -> None:
    # rheobase g_L (V_th - V_L) = 0.4 nA, and the interval of the formula
    free = {"g_AHP": 0.0}
    assert len(run(models.SFA, 0.399, 500.0, params=free).spike_times) == 0
    isi = np.diff(run(models.SFA, 0.6, 500.0, params=free).spike_times)
    assert isi[-1] == pytest.approx(2.0 + 20.0 * math.log(14.0 / 8.0), abs=0.03)


# Rate model


def f_0(x: float) -> float:
    return max(200.0 * (2.0 / (1.0 + math.exp(-x)) - 1.0), 0.0)


def test_rate_steps_to_the_onset_curve_and_settles_on_the_steady_state_curve() -> None:
    # Benda and Herz 2003: f_0(I) at the onset, f_inf = f_0(I - A_inf(f_inf)) in the end
    done = run(models.BENDA_HERZ, 3.0, 800.0, traced=[0])
    f = done.trace.states["f"][:, 0]
    assert f.max() == pytest.approx(f_0(3.0), rel=5e-3)
    assert f[-1] == pytest.approx(brentq(lambda f: f_0(3.0 - 0.05 * f) - f, 0.0, 200.0), rel=1e-3)
    assert f_0(3.0) == pytest.approx(181.03, abs=0.01)
    assert f.max() > 3.0 * f[-1]


@pytest.mark.published("BendaHerzNeuron")
@pytest.mark.parametrize(
    ("current", "onset", "settled"),
    [
        (1.0, 92.423, 16.6602),
        (2.0, 152.319, 33.2813),
        (3.0, 181.030, 49.8215),
        (6.0, 199.011, 98.4413),
    ],
)
def test_rates_are_those_of_benda_s_program(current: float, onset: float, settled: float) -> None:
    # adaptationprimer, sfa.py, at steps of 0.01 ms with the constants of its plot_ficurves: the
    # onset and the steady-state f-I curve, in Hz
    f = run(models.BENDA_HERZ, current, 800.0, dt=0.005, traced=[0]).trace.states["f"][:, 0]
    assert f.max() == pytest.approx(onset, rel=0.015)
    assert f[-1] == pytest.approx(settled, rel=1e-4)


@pytest.mark.published("BendaHerzNeuron")
def test_a_step_adapts_and_recovers_as_in_benda_s_program() -> None:
    # the same, plot_step: from 1 to 3 for 100 ms, here after 1000 ms; Hz and adaptation
    step = Step(amplitude=3.0, onset=1000.0, end=1100.0, baseline=1.0)
    trace = run(models.BENDA_HERZ, step, 1400.0, traced=[0]).trace
    assert trace is not None
    at = np.array([-1.0, 5.0, 10.0, 20.0, 50.0, 99.0, 150.0, 200.0, 400.0])
    f, A = (np.interp(1000.0 + at, trace.t, trace.states[name][:, 0]) for name in ("f", "A"))
    expected = [16.660, 145.060, 130.445, 103.258, 61.135, 50.537, 0.0, 6.961, 16.660]
    assert f == pytest.approx(expected, rel=0.01, abs=0.01)
    levels = [0.83301, 1.16313, 1.44218, 1.8578, 2.36853, 2.48345, 1.50651, 0.93031, 0.83301]
    assert A == pytest.approx(levels, rel=0.01)


def test_adaptation_settles_with_the_published_effective_time_constant() -> None:
    # Benda and Herz 2003: tau_eff = tau f_inf'/f_0'(I - A), which is tau/(1 + alpha f_0')
    done = run(models.BENDA_HERZ, 3.0, 300.0, traced=[0])
    t, A = done.trace.t, done.trace.states["A"][:, 0]
    near = (t > 60.0) & (t < 120.0)
    tau_eff = -1.0 / np.polyfit(t[near], np.log(np.abs(A[near] - A[-1])), 1)[0]
    x = 3.0 - A[-1]
    slope = (f_0(x + 1e-6) - f_0(x - 1e-6)) / 2e-6
    assert tau_eff == pytest.approx(100.0 / (1.0 + 0.05 * slope), rel=0.02)
    assert tau_eff < 30.0


def test_rate_is_zero_after_the_end_of_a_step_until_adaptation_has_gone() -> None:
    # figure 5 of Benda and Herz 2003: an undershoot, and a recovery with the slower tau
    done = run(models.BENDA_HERZ, Step(amplitude=3.0, end=200.0, baseline=1.0), 800.0, traced=[0])
    t, f = done.trace.t, done.trace.states["f"][:, 0]
    assert f[(t > 201.0) & (t < 210.0)].max() < 1e-3
    assert f[-1] == pytest.approx(brentq(lambda f: f_0(1.0 - 0.05 * f) - f, 0.0, 200.0), rel=0.01)


# Multi-timescale adaptive threshold


def cell(name: str, duration: float = 500.0) -> Recording:
    preset = next(preset for preset in models.MAT.presets if preset.name == name)
    return run(models.MAT, preset.current, duration, params=preset.params)


def test_no_spike_resets_the_potential() -> None:
    # Kobayashi et al. 2009: a nonresetting leaky integrator
    done = run(models.MAT, 0.6, 50.0, traced=[0])
    assert len(done.spike_times) > 1
    expected = -65.0 + 30.0 * -np.expm1(-done.trace.t / 5.0)
    assert done.trace.states["V"][:, 0] == pytest.approx(expected, abs=1e-6)


def test_settled_intervals_solve_the_threshold_s_equation() -> None:
    # R I = omega + sum_j alpha_j exp(-T/tau_j)/(1 - exp(-T/tau_j)), from equations 1 and 2
    def short(T: float) -> float:
        return 20.0 + 30.0 / math.expm1(T / 10.0) + 2.0 / math.expm1(T / 200.0) - 30.0

    done = cell("regular_spiking", 2500.0)
    assert np.diff(done.spike_times)[-1] == pytest.approx(brentq(short, 1.0, 200.0), abs=0.06)
    assert done.spike_times[0] == pytest.approx(5.0 * math.log(3.0), abs=0.05)


def test_three_parameters_make_the_published_kinds_of_cells() -> None:
    # figure 5B: regular and intrinsically bursting cells adapt, the latter from a burst;
    # fast spiking ones have the highest rate, and chattering ones repeat bursts
    trains = {preset.name: cell(preset.name) for preset in models.MAT.presets}
    named = {
        name: str(patterns.classify(spikes.statistics(done), deterministic=True)[0])
        for name, done in trains.items()
    }
    assert named["regular_spiking"] == named["intrinsically_bursting"] == "adapting"
    assert named["chattering"] == "bursting"
    isi = {name: np.diff(done.spike_times) for name, done in trains.items()}
    assert isi["intrinsically_bursting"][0] < 0.5 * isi["regular_spiking"][0]
    assert isi["intrinsically_bursting"][-1] > 4.0 * isi["intrinsically_bursting"][0]
    assert len(isi["fast_spiking"]) > 2 * len(isi["regular_spiking"])
    # within its bursts a chattering cell fires as soon as it can: every tau_R
    assert isi["chattering"].min() == pytest.approx(2.0, abs=0.06)


def test_nothing_fires_within_the_refractory_period() -> None:
    done = run(models.MAT, 3.0, 100.0, params={"alpha_1": 0.0, "alpha_2": 0.0})
    # held for tau_R, it fires in the step after
    assert np.diff(done.spike_times) == pytest.approx(2.05, abs=1e-9)


# Augmented


def test_without_the_dependence_on_voltage_it_is_the_model_without_augmentation() -> None:
    # as NEST's documentation of amat2_psc_exp says, with beta = 0 and identical parameters
    same = {"alpha_1": 37.0, "alpha_2": 2.0, "omega": 19.0, "tau_m": 5.0, "E_L": -65.0}
    augmented = run(models.AMAT, 0.6, 500.0, params=same)
    plain = run(models.MAT, 0.6, 500.0)
    assert len(plain.spike_times) > 10
    assert augmented.spike_times == pytest.approx(plain.spike_times, abs=0.06)


def test_threshold_moves_by_the_convolution_of_the_paper() -> None:
    # Yamauchi et al. 2011: beta int K(s) V'(t - s) ds with K(s) = s exp(-s/tau_V)
    done = run(models.AMAT, 0.08, 60.0, params={"beta": -0.3}, traced=[0])
    assert len(done.spike_times) == 0
    for t in (3.0, 10.0, 25.0, 60.0):
        s = np.linspace(0.0, t, 4001)
        V_rate = 0.4 * np.exp(-(t - s) / 10.0)
        expected = -0.3 * np.trapezoid(s * np.exp(-s / 5.0) * V_rate, s)
        found = np.interp(t, done.trace.t, done.trace.states["theta_V"][:, 0])
        assert found == pytest.approx(expected, rel=1e-3)


def test_a_negative_dependence_answers_a_sudden_step_once_and_a_slow_one_not_at_all() -> None:
    # Yamauchi et al. 2011: phasic spiking, which the model without augmentation cannot show
    phasic, plain = {"beta": -0.3}, {"beta": 0.0}
    below = 0.095  # 4.75 mV, less than omega
    slow = Ramp(initial=0.0, final=below, end=300.0)
    assert len(run(models.AMAT, below, 400.0, params=phasic).spike_times) == 1
    assert len(run(models.AMAT, slow, 400.0, params=phasic).spike_times) == 0
    assert len(run(models.AMAT, below, 400.0, params=plain).spike_times) == 0
