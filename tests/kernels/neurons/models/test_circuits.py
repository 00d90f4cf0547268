"""Neurons made for circuits against their papers and against their authors' programs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.circuits import DPI, IQIF, NEUROGRID, SIGMA_DELTA
from kernels.neurons.stimulus import Constant, Fluctuating, Recorded


def run(model, stimulus, duration, *, n=1, init=None, seed=0, **params):
    """All columns traced; a number as stimulus is a constant current."""
    if not hasattr(stimulus, "source"):
        stimulus = Constant(stimulus)
    return simulate.run(
        Batch(model, n, stimulus, params=params, init=init or {}, seed=seed),
        duration=duration,
        dt=model.dt,
        integrator=model.integrator,
        traced=range(n),
    )


def test_dpi_neuron_filters_with_the_gain_and_time_constant_of_its_currents():
    # Chicca et al. 2014: for I_mem far above I_th it is a first-order filter of gain I_th / I_tau
    # and time constant C U_T / (kappa I_tau), here without feedback: 0.9/8 and 6.649 ms
    recording = run(DPI, 4000.0, 60.0, I_again=0.0)
    times, I_mem = recording.trace.t, recording.trace.states["I_mem"][:, 0]
    steady = 0.9 / 8.0 * (4000.0 - 8.0)
    assert I_mem[-1] == pytest.approx(steady, rel=1e-3)
    late = (I_mem > 0.5 * steady) & (I_mem < 0.95 * steady)
    slope = np.polyfit(times[late], np.log(steady - I_mem[late]), 1)[0]
    assert -1.0 / slope == pytest.approx(1.5 * 25.0 / (0.705 * 8.0), rel=0.01)


def test_dpi_neuron_is_the_equation_of_the_paper():
    def rate(t, I_mem):
        # Chicca et al. 2014, before the first spike
        I_a = 50.0 / (1.0 + math.exp(-(I_mem[0] - 500.0) / 10.0))
        tau = 1.5 * 25.0 / (0.705 * 8.0)
        drive = 0.9 / 8.0 * (8000.0 - 8.0) + I_a / 8.0 * (I_mem[0] + 0.9) - I_mem[0]
        return [drive / tau / (1.0 + 0.9 / I_mem[0])]

    exact = solve_ivp(
        rate, (0.0, 10.0), [0.5], events=lambda t, I_mem: I_mem[0] - 1000.0, rtol=1e-10, atol=1e-10
    )
    first_spike = run(DPI, 8000.0, 10.0).spike_times[0]
    assert first_spike == pytest.approx(exact.t_events[0][0], abs=0.021)


@pytest.mark.published("DPINeuron")
@pytest.mark.parametrize(
    ("current", "first", "interval", "adapted"),
    [
        (5000.0, 12.83, 13.756, 29.368),
        (6000.0, 8.978, 9.914, 18.366),
        (8000.0, 5.908, 6.858, 11.090),
        (12_000.0, 3.696, 4.662, 6.666),
    ],
)
def test_dpi_neuron_fires_when_teili_says(current, first, interval, adapted):
    # teili 1.1.0, of the circuit's authors, in Brian2 at steps of 0.002 ms: its DPI neuron with
    # dpi_neuron_param and a dark current of 0.001 pA (0.5 pA flow as a shunt, too, there, and make
    # intervals 5 % longer), with Ica = 0 and 2 pA, the intervals after 300 ms
    without, with_it = (
        run(DPI, current, 300.0, I_0=0.001, I_ca=step).spike_times for step in (0.0, 2.0)
    )
    assert without[0] == pytest.approx(first, abs=0.025)
    assert np.diff(without)[-1] == pytest.approx(interval, abs=0.025)
    assert np.diff(with_it)[-1] == pytest.approx(adapted, abs=0.025)


def test_dpi_neuron_fires_because_of_its_feedback():
    # Chicca et al. 2014: f rises exponentially near the threshold and makes the spike
    recording = run(DPI, 5000.0, 100.0, n=2, I_again=np.array([0.0, 50.0]))
    assert set(recording.spike_columns) == {1}


def test_dpi_neuron_adapts_by_a_current_that_its_spikes_leave():
    # tau_ahp = C U_T / (kappa I_tau_ahp) = 35.46 ms
    recording = run(DPI, 8000.0, 300.0, n=2, I_ca=np.array([2.0, 0.0]))
    with_it, without = (
        np.diff(recording.spike_times[recording.spike_columns == k]) for k in range(2)
    )
    assert with_it[-1] > 1.25 * with_it[0]
    assert without[-1] == pytest.approx(without[0], abs=0.03)
    recording = run(DPI, 0.0, 35.46, init={"I_ahp": 10.0})
    assert recording.trace.states["I_ahp"][-1, 0] == pytest.approx(10.0 / math.e, rel=1e-3)


def test_dpi_neuron_rests_at_its_dark_current():
    I_mem = run(DPI, 0.0, 50.0, n=2, init={"I_mem": np.array([0.5, 400.0])}).trace.states["I_mem"]
    assert I_mem[-1] == pytest.approx(0.5, abs=0.01)
    assert I_mem.min() >= 0.49


@pytest.mark.published("NeuroGridNeuron")
@pytest.mark.parametrize(
    ("tau", "current", "rate"),
    [
        (10.0, 0.51, 2.35738965),
        (10.0, 0.6, 8.23255103),
        (10.0, 1.0, 21.31707761),
        (10.0, 2.0, 41.68645009),
        (10.0, 5.0, 80.17975974),
        (20.0, 1.0, 10.89069663),
    ],
)
def test_neurogrid_fires_at_the_rate_of_its_laboratorys_program(tau, current, rate):
    # nengo_QIF, run: the closed form of QIFRate, in Hz
    intervals = np.diff(run(NEUROGRID, current, 2500.0 / rate, tau=tau).spike_times)
    assert intervals == pytest.approx(1000.0 / rate, abs=0.06)


@pytest.mark.published("NeuroGridNeuron")
def test_neurogrid_fires_from_an_input_of_one_half_on():
    # nengo_QIF: where the two fixed points of -v + v²/2 + I meet, at v = 1
    recording = run(NEUROGRID, np.array([0.499, 0.501]), 2000.0, n=2)
    assert set(recording.spike_columns) == {1}
    # v = 1 - sqrt(1 - 2 I), towards which the slope is no more than 0.0045 per ms
    assert recording.trace.states["v"][-1, 0] == pytest.approx(1.0 - math.sqrt(0.002), rel=1e-3)


@pytest.mark.published("IntegerQIFNeuron")
@pytest.mark.parametrize(
    ("current", "count", "first", "last", "x"),
    [
        (2.0, 0, None, None, 64),
        (3.0, 88, 26, 1984, 153),
        (4.0, 142, 22, 1997, 110),
        (5.0, 142, 19, 1992, 153),
        (6.0, 142, 16, 1992, 145),
        (7.0, 168, 15, 1992, 192),
        (8.0, 169, 14, 1999, 75),
    ],
)
def test_iqif_fires_in_the_iterations_of_its_authors_program(current, count, first, last, x):
    # iq-neuron, compiled: neuronParameter_IQIF_class1 (62 75 68 1 3, without noise) and the 2000
    # iterations of session_class1, there with an input of 3
    recording = run(IQIF, current, 2000)
    times = recording.spike_times
    assert len(times) == count
    assert count == 0 or (times[0], times[-1]) == (first, last)
    assert recording.trace.states["x"][-1, 0] == x


def test_iqif_fires_from_an_input_of_3_on():
    # class 1 of its authors: the knee lies at 64, where (64 - 75) >> 3 = -2 pulls back
    recording = run(IQIF, np.arange(9.0), 2000, n=9)
    counts = np.bincount(recording.spike_columns, minlength=9)
    assert counts[:3].tolist() == [0, 0, 0]
    assert (np.diff(counts) >= 0).all()
    assert 0 < counts[3] < counts[8] / 1.5


def shown(name):
    """A preset under its own stimulus."""
    preset = next(preset for preset in IQIF.presets if preset.name == name)
    return run(IQIF, preset.stimulus, preset.duration, **preset.params)


@pytest.mark.published("IntegerQIFNeuron")
def test_iqif_with_its_reset_above_the_threshold_is_bistable():
    # iq-neuron, compiled, session_bistable: 20 iterations of 5 start it, it goes on without, and
    # 20 of -5 stop it
    recording = shown("bistable")
    spikes = recording.spike_times
    assert spikes[:4].tolist() == [123, 138, 158, 179]
    assert set(np.diff(spikes[3:])) == {21, 22}
    assert (len(spikes), spikes[-1]) == (14, 394)
    assert recording.trace.states["x"][-1, 0] == 43


@pytest.mark.published("IntegerQIFNeuron")
def test_iqif_integrator_adds_up_inputs_that_come_close_together():
    # iq-neuron, compiled, session_integrator: inputs 5 iterations apart make it fire, later ones 95
    # apart do not
    recording = shown("integrator")
    assert recording.spike_times.tolist() == [133]
    assert recording.trace.states["x"].max() == 238


@pytest.mark.parametrize("alpha", [0.0, 0.05, 1.0])
def test_sigma_delta_quantizes_with_an_error_below_its_threshold(alpha):
    # Moser and Lunglmayr 2024: the input less the output is below theta in the Alexiewicz norm,
    # the greatest magnitude of their leaky sums
    n_steps = 2000
    recording = run(SIGMA_DELTA, Fluctuating(mean=0.2, std=1.5), n_steps, alpha=alpha, theta=0.7)
    u, q = (recording.trace.states[name][1:, 0] for name in ("u", "q"))
    batch = Batch(SIGMA_DELTA, 1, Fluctuating(mean=0.2, std=1.5))
    inputs = batch.stimulus.source(1.0, batch.identities(), batch.seed)(0, n_steps)[:, 0]
    error, errors = 0.0, []
    for given, spikes in zip(inputs, q, strict=True):
        error = math.exp(-alpha) * error + given - 0.7 * spikes
        errors.append(error)
    assert np.abs(errors).max() < 0.7
    assert errors == pytest.approx(u.tolist(), abs=1e-9)
    assert (q < -1).any()
    assert (q > 1).any()


@pytest.mark.published("SigmaDeltaNeuron")
@pytest.mark.parametrize(
    ("theta", "alpha", "output"),
    [
        (1.0, 0.0, "1 0 1 2 -3 0 0 1 0 -3 3 0 1 0 1 0 0 1 -2 0"),
        (1.0, 0.1, "1 0 1 2 -3 0 0 1 -1 -2 2 0 1 0 2 0 0 0 -2 0"),
        (1.0, 0.5, "1 0 0 3 -4 0 1 0 -1 -2 3 0 1 0 1 0 0 0 -2 1"),
        (0.7, 0.1, "2 0 1 3 -4 0 0 1 -1 -3 3 0 2 0 2 0 0 1 -4 1"),
        (2.0, 0.5, "0 0 0 1 -1 0 0 0 0 -1 1 0 0 0 1 0 0 0 -1 0"),
    ],
)
def test_sigma_delta_puts_out_what_the_program_of_its_authors_does(theta, alpha, output):
    # github.com/LunglmayrMoser/AlexSNN, Mathematica code 1.0 by Moser, run in Mathics 10.0.1
    # with its q[a_] without Rationalize, which fails there: LeakyIntFireMod[eta, alpha, th] / th
    # for these amplitudes at the times 1, 2, ..., 20
    amplitudes = (1.9, -0.3, 0.75, 2.6, -4.1, 0.2, 0.9, 0.9, -1.7, -2.35)
    amplitudes += (3.3, 0.05, 1.15, -0.6, 2.2, -0.95, 0.45, 0.85, -3.15, 1.4)
    pulses = Recorded(values=amplitudes, dt=1.0)
    q = run(SIGMA_DELTA, pulses, 20, theta=theta, alpha=alpha).trace.states["q"][1:, 0]
    assert q.astype(int).tolist() == [int(spikes) for spikes in output.split()]


def test_sigma_delta_fires_at_the_rate_that_its_input_asks_for():
    # without a leak the spikes of n iterations are n I / theta, less than one wrong
    recording = run(SIGMA_DELTA, np.array([-0.37, 0.125, 0.8]), 1000, n=3)
    output = recording.trace.states["q"].sum(axis=0)
    assert output == pytest.approx([-370, 125, 800], abs=1)


def test_sigma_delta_with_a_leak_has_a_rheobase():
    # u goes to I / (1 - exp(-alpha))
    rheobase = 1.0 - math.exp(-0.1)
    recording = run(SIGMA_DELTA, rheobase * np.array([0.99, 1.01]), 1000, n=2, alpha=0.1)
    assert set(recording.spike_columns) == {1}
