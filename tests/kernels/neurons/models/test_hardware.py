"""Neurons of digital chips against the chips' own software and against other simulators."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.hardware import (
    LOIHI,
    LOIHI_2,
    RANK_ORDER,
    SPINNAKER,
    SPINNAKER_2,
    TRUENORTH,
)
from kernels.neurons.stimulus import Constant, Step, Stimulus


def run(model, stimulus, n_steps, *, n=1, init=None, **params):
    """All columns traced; a number as stimulus is a constant current."""
    if not hasattr(stimulus, "source"):
        stimulus = Constant(stimulus)
    return simulate.run(
        Batch(model, n, stimulus, params=params, init=init or {}),
        duration=n_steps,
        dt=1.0,
        integrator="map",
        traced=range(n),
    )


def traced(model, stimulus, n_steps, state, **options):
    """A state of the only column after each iteration."""
    return run(model, stimulus, n_steps, **options).trace.states[state][1:, 0].tolist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs(Stimulus):
    """One input after the other, an iteration each."""

    values: tuple[float, ...]

    def at(self, t):
        """The inputs of the iterations that begin at times t."""
        return np.array(self.values)[t.astype(int)]


IMPULSE = Step(amplitude=128.0, end=1.0)


@pytest.mark.published("LoihiCUBANeuron")
def test_loihi_halves_a_current_as_the_chip_does():
    # Lava, test_bitacc_pm_impulse_du: du = 2047, dv = 0, vth = 256, an input of 128
    u = traced(LOIHI, IMPULSE, 8, "u", delta_u=2047.0, delta_v=0.0)
    assert u == [8192, 4096, 2048, 1024, 512, 256, 128, 64]


# Lava, test_bitacc_pm_impulse_dv, and test_bitacc_pm_impulse_delta_v for Loihi 2: not quite
# 128..255 times 64, since the chip takes 1/4096 off the current even where its decay is 0
INTEGRATED = [8192, 12286, 14331, 15351, 15859, 16111, 16235, 16295]


@pytest.mark.published("LoihiCUBANeuron")
def test_loihi_integrates_an_impulse_bit_by_bit_as_the_chip_does():
    assert traced(LOIHI, IMPULSE, 8, "v", delta_u=0.0, delta_v=2048.0) == INTEGRATED


@pytest.mark.published("LoihiCUBANeuron")
def test_loihi_without_decay_counts_its_bias_past_the_threshold():
    # Lava, test_bitacc_pm_no_decay: bias 2 * 2^6, vth = 8: spikes in the 5th and 10th iteration
    recording = run(LOIHI, 0.0, 10, delta_u=0.0, delta_v=0.0, bias=128.0, v_th=8.0)
    assert recording.spike_times.tolist() == [5, 10]


def test_loihi_decays_to_zero_from_both_sides():
    # the bits that are dropped are those of the magnitude
    v = run(LOIHI, 0.0, 20, n=2, init={"v": np.array([1000.0, -1000.0])}).trace.states["v"]
    assert np.array_equal(v[:, 0], -v[:, 1])
    assert v[-1].tolist() == [0, 0]


def test_loihi_current_overflows_and_its_potential_saturates():
    # Lava, LIF bit-accurate model: beyond 24 bits u comes back from the other end, v stops
    params = {"delta_u": 0.0, "delta_v": 0.0, "v_th": 131_071.0}
    u = traced(LOIHI, 100.0, 1, "u", init={"u": 8_388_000.0}, **params)
    assert u == [8_388_000 * 4095 // 4096 + 6400 - 2**24]
    v = traced(LOIHI, 0.0, 1, "v", init={"v": -8_388_000.0}, bias=-500_000.0, **params)
    assert v == [1 - 2**23]


def test_loihi_stays_at_zero_while_refractory():
    free, refractory = (run(LOIHI, 100.0, 60, t_ref=t).spike_times for t in (0.0, 3.0))
    assert np.diff(refractory).min() == np.diff(free).min() + 3


@pytest.mark.published("Loihi2Neuron")
def test_loihi_2_integrates_an_impulse_bit_by_bit_as_the_chip_does():
    # Lava, test_bitacc_pm_impulse_delta_v
    decays = {"delta_i": 0.0, "delta_v": 2048.0, "delta_theta": 0.0, "delta_r": 0.0}
    v = traced(LOIHI_2, IMPULSE, 8, "v", theta_0=256.0, init={"theta": 16_384.0}, **decays)
    assert v == INTEGRATED


NO_DECAY = {"delta_i": 0.0, "delta_v": 0.0, "delta_theta": 0.0, "delta_r": 0.0, "theta_step": 0.0}


@pytest.mark.published("Loihi2Neuron")
def test_loihi_2_waits_until_its_refractory_state_is_paid_off():
    # Lava, test_bitacc_pm_no_decay: bias 4 * 2^6 and theta 8 give the first spike in iteration
    # theta/bias = 2 and the next when bias t >= 3 theta, in iteration 6
    params = NO_DECAY | {"theta_0": 8.0, "bias": 256.0}
    recording = run(LOIHI_2, 0.0, 9, init={"theta": 512.0}, **params)
    assert recording.spike_times.tolist() == [2, 6]


@pytest.mark.published("Loihi2Neuron")
def test_loihi_2_forgets_a_refractory_state_that_decays_at_once():
    # Lava, test_fixed_pm_instant_r_decay: from iteration theta/bias = 2 on a spike in each
    params = NO_DECAY | {"theta_0": 16.0, "bias": 512.0, "delta_r": 4096.0}
    recording = run(LOIHI_2, 0.0, 5, init={"theta": 1024.0}, **params)
    assert recording.spike_times.tolist() == [2, 3, 4, 5]


@pytest.mark.published("Loihi2Neuron")
def test_loihi_2_forgets_a_raised_threshold_that_decays_at_once():
    # Lava, test_fixed_pm_instant_theta_decay: as if a spike did not raise the threshold
    params = NO_DECAY | {"theta_0": 4.0, "bias": 128.0, "delta_theta": 4096.0, "theta_step": 10.0}
    recording = run(LOIHI_2, 0.0, 7, init={"theta": 256.0}, **params)
    assert recording.spike_times.tolist() == [2, 6]


def test_loihi_2_adapts_by_its_threshold():
    raised, level = (
        np.diff(run(LOIHI_2, 5.0, 200, theta_step=step).spike_times) for step in (20.0, 0.0)
    )
    assert raised[-20:].mean() > 1.2 * level[-20:].mean()


@pytest.mark.published("SpiNNakerLIFNeuron")
@pytest.mark.parametrize(
    ("current", "count", "first", "last", "bits"),
    [
        (0.7505, 3, 147, 443, -1_667_996),
        (0.755, 4, 101, 407, -1_640_095),
        (0.8, 8, 56, 455, -1_663_739),
        (1.0, 17, 28, 492, -1_936_396),
        (1.5, 33, 14, 494, -1_912_486),
        (2.7182, 62, 7, 495, -1_807_028),
    ],
)
def test_spinnaker_ends_at_the_very_bits_of_the_program_of_the_machine(
    current, count, first, last, bits
):
    # sPyNNaker, neuron_model_lif_impl.h with round.h and stdfix-exp.c of spinn_common, compiled
    # with clang -ffixed-point: 500 timesteps from rest. The host rounds numbers to the nearest.
    recording = run(SPINNAKER, current, 500)
    times = recording.spike_times
    assert (len(times), times[0], times[-1]) == (count, first, last)
    assert recording.trace.states["V"][-1, 0] * 32768 == bits


@pytest.mark.published("SpiNNakerLIFNeuron")
def test_spinnaker_is_silent_at_its_rheobase_as_the_program_of_the_machine_is():
    # the same at 0.75 nA: the rounding of products keeps it 10 bits below the threshold
    recording = run(SPINNAKER, 0.75, 500)
    assert len(recording.spike_times) == 0
    assert recording.trace.states["V"][-1, 0] * 32768 == -50 * 32768 - 10


@pytest.mark.parametrize("current", [0.8, 1.0, 2.0, 5.0])
def test_spinnaker_fires_at_the_rate_of_the_closed_form(current):
    # Rhodes et al. 2018: the membrane equation is solved exactly within a timestep, so V reaches
    # the threshold after tau_m ln(R I / (R I - 15 mV)), rounded up
    steps = math.ceil(20 * math.log(20 * current / (20 * current - 15)))
    intervals = np.diff(run(SPINNAKER, current, 500).spike_times)
    assert set(intervals) == {steps + 1}


def test_spinnaker_starts_to_fire_at_its_rheobase():
    # (v_thresh - v_rest) cm / tau_m = 0.75 nA; the rounding of products moves it by less than 1 %
    recording = run(SPINNAKER, np.array([0.745, 0.755]), 500, n=2)
    assert set(recording.spike_columns) == {1}


def test_truenorth_counts_its_input():
    # Cassidy et al. 2013: with a linear reset nothing is lost, so the rate is I / alpha exactly
    recording = run(TRUENORTH, np.array([7.0, 30.0, 99.0]), 1000, n=3, gamma=1.0)
    assert np.bincount(recording.spike_columns).tolist() == [70, 300, 990]


@pytest.mark.parametrize(
    ("gamma", "kappa", "positive", "negative"),
    [(0, 0, 3, -3), (0, 1, 3, -5), (1, 0, 2, -2), (1, 1, 2, -5), (2, 0, 12, -7), (2, 1, 12, -5)],
)
def test_truenorth_has_the_six_reset_modes_of_the_paper(gamma, kappa, positive, negative):
    # Cassidy et al. 2013, table of reset modes: alpha = 10, beta = 5, R = 3, at V = 12 and -7
    params = {"alpha": 10.0, "beta": 5.0, "R": 3.0, "gamma": gamma, "kappa": kappa}
    recording = run(TRUENORTH, np.array([12.0, -7.0]), 1, n=2, **params)
    assert recording.trace.states["V"][1].tolist() == [positive, negative]
    assert recording.spike_columns.tolist() == [0]


@pytest.mark.published("TrueNorthNeuron")
@pytest.mark.parametrize(
    ("weight", "params", "fired", "V"),
    [
        (7.0, {"alpha": 100, "lambda_": -2, "gamma": 1}, range(20, 121, 20), [85, 90, 95, 0]),
        (5.0, {"alpha": 18, "lambda_": -1, "R": 1}, range(5, 121, 5), [9, 13, 17, 1]),
        (
            *(4.0, {"alpha": 2, "lambda_": -2, "R": -15, "beta": 10}),
            *(range(1, 121, 7), [-15, -10, -8, -6, -4, -2]),
        ),
        (3.0, {"alpha": 20, "beta": 10, "gamma": 2}, range(7, 121), [54, 57, 60]),
        (-3.0, {"alpha": 20, "beta": 10}, (), [-10, -10]),
        (-3.0, {"alpha": 20, "beta": 10, "kappa": 0, "R": 6}, (), [-9, -6, -9, -6]),
    ],
)
def test_truenorth_fires_in_the_ticks_of_sana_fe(weight, params, fired, V):
    # SANA-FE 2.2.9, soma model truenorth: reset_mode soft, hard and none, reverse_reset_mode
    # saturate and hard, 120 time-steps, and the potential up to the 20th
    recording = run(TRUENORTH, weight, 120, **params)
    assert recording.spike_times.tolist() == list(fired)
    assert recording.trace.states["V"][21 - len(V) : 21, 0].tolist() == V


def test_truenorth_leaks_to_or_from_zero_where_the_leak_is_reversed():
    # Cassidy et al. 2013: epsilon = 1 makes the leak converge (lambda < 0) or diverge (> 0)
    init = {"V": np.array([20.0, -20.0, 20.0, -20.0])}
    leaks = np.array([-2.0, -2.0, 2.0, 2.0])
    params = {"epsilon": 1.0, "lambda_": leaks, "alpha": 1000.0, "beta": 1000.0}
    V = run(TRUENORTH, 0.0, 15, n=4, init=init, **params).trace.states["V"]
    assert V[-1].tolist() == [0, 0, 50, -50]


def test_truenorth_leaks_straight_where_it_is_not():
    V = traced(TRUENORTH, 0.0, 4, "V", init={"V": 3.0}, lambda_=-2.0, beta=100.0)
    assert V == [1, -1, -3, -5]


def test_truenorth_leaks_and_integrates_by_chance_where_it_is_told_to():
    # Cassidy et al. 2013: F is 1 if the magnitude is no smaller than a random number of 8 bits
    n = 10_000
    params = {"alpha": 262_143.0, "beta": 262_143.0}
    leaked = run(TRUENORTH, 0.0, n, c=1.0, lambda_=-64.0, **params).trace.states["V"][-1, 0]
    assert leaked == pytest.approx(-n * 65 / 256, abs=4 * math.sqrt(n) / 2)
    taken = run(TRUENORTH, 200.0, n, b=1.0, **params).trace.states["V"][-1, 0]
    assert taken == pytest.approx(n * 201 / 256, abs=4 * math.sqrt(n) / 2)


def test_truenorth_draws_its_threshold_below_a_power_of_two():
    # Cassidy et al. 2013: eta is a random number under a mask of TM bits
    recording = run(TRUENORTH, 5.0, 4000, TM=4.0)
    assert set(recording.trace.states["eta"][1:, 0]) == set(range(16))
    assert len(set(np.diff(recording.spike_times))) > 1


def test_akida_fires_for_the_right_order_alone():
    # Thorpe and Gautrais 1998: the activation is greatest when the inputs come in the order of
    # their weights. 4 + 3/2 + 2/4 + 1/8 = 6.125, and 1 + 2/2 + 3/4 + 4/8 = 3.25 the other way
    for weights, activation in (((4.0, 3.0, 2.0, 1.0), 6.125), ((1.0, 2.0, 3.0, 4.0), 3.25)):
        inputs = Inputs(values=weights)
        recording = run(RANK_ORDER, inputs, 4, mod=0.5, theta=6.0)
        assert recording.trace.states["A"][-1, 0] == activation
        assert len(recording.spike_times) == (activation > 6.0)


@pytest.mark.published("AkidaNeuron")
def test_akida_is_as_active_as_an_evolving_network_s_output_neuron():
    # OeSNN-Anomaly-Detector, whose output neurons are Thorpe and Gautrais's. test_oesnn_ad.py: at
    # mod = 0.3 weights of 0.9 and 0.8 exceed (1 - mod^6)/(1 - mod^2) in the second input, with
    # 1.14. test_layers.py: seven weights of mod^order make 1.333 at mod = 0.5
    threshold = (1 - 0.3**6) / (1 - 0.3**2)
    recording = run(RANK_ORDER, Inputs(values=(0.9, 0.8, 0.3)), 3, mod=0.3, theta=threshold)
    assert recording.spike_times.tolist() == [2]
    assert recording.trace.states["A"][2, 0] == pytest.approx(1.14)
    inputs = Inputs(values=(1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625))
    assert traced(RANK_ORDER, inputs, 7, "A", mod=0.5)[-1] == pytest.approx(1.333, abs=1e-3)


def test_akida_saturates_and_fires_once():
    # the geometric series: n equal inputs w give w (1 - mod^n) / (1 - mod), below 200 for w = 50
    recording = run(RANK_ORDER, 50.0, 40, n=2, theta=np.array([199.0, 200.0]))
    assert recording.spike_columns.tolist() == [0]
    steps = math.ceil(math.log(1 - 199 / 200) / math.log(0.75))
    assert recording.spike_times.tolist() == [steps]


def test_akida_does_not_count_iterations_without_input():
    inputs = Inputs(values=(8.0, 0.0, 0.0, 8.0, 0.0))
    assert traced(RANK_ORDER, inputs, 5, "A", mod=0.5) == [8, 8, 8, 12, 12]


@pytest.mark.published("SpiNNaker2Neuron")
def test_spinnaker2_fires_where_its_membrane_exceeds_the_threshold_and_not_where_it_meets_it():
    # py-spinnaker2, whose lif fires at v > threshold: the same constant inputs from 0 to 2 as a
    # program that compares it with its own recurrence, alpha_decay = 0.5 and a threshold of 1
    inputs = np.linspace(0.0, 2.0, 21)
    options = {"alpha_decay": 0.5, "threshold": 1.0, "subtract": 0.0}
    counts = np.bincount(run(SPINNAKER_2, inputs, 64, n=21, **options).spike_columns, minlength=21)
    assert counts[:6].tolist() == [0] * 6  # v approaches 2 I, at 0.5 the threshold itself
    assert counts[10] == 32  # I = 1 meets the threshold in the first iteration, passes it next
    assert counts[11:].tolist() == [64] * 10


@pytest.mark.published("SpiNNaker2Neuron")
def test_spinnaker2_keeps_regular_spikes_by_its_offset_alone():
    # the inhibitory cell of a published dynamic neural field on the machine: 3, 6 > 5, 3, 6 > 5
    options = {"threshold": 5.0, "alpha_decay": 1.0, "i_offset": 3.0, "subtract": 0.0}
    assert np.unique(np.diff(run(SPINNAKER_2, 0.0, 20, **options).spike_times)).tolist() == [2]


def test_spinnaker2_keeps_what_exceeds_the_threshold_where_it_subtracts():
    # without a leak it loses nothing: 0.3 a step and a threshold of 1 make 3 spikes in 10, less one
    options = {"threshold": 1.0, "alpha_decay": 1.0}
    assert len(run(SPINNAKER_2, 0.3, 1000, **options).spike_times) == pytest.approx(300, abs=1)
    assert len(run(SPINNAKER_2, 0.3, 1000, subtract=0.0, **options).spike_times) == 250


@pytest.mark.parametrize("current", [1.5, 2.0, 4.0])
def test_spinnaker2_fires_at_the_rate_of_its_membrane(current):
    # s2_nir: alpha_decay = exp(-dt/tau); set back to 0, v rises as I (1 - alpha^k) / (1 - alpha)
    spikes = run(SPINNAKER_2, current, 200, subtract=0.0).spike_times
    k = math.floor(math.log(1.0 - 10.0 * 0.1 / current) / math.log(0.9)) + 1
    assert set(np.diff(spikes)) == {k}
