"""Neurons of deep learning against their papers and against plain loops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from kernels.neurons import simulate
from kernels.neurons.batch import Batch
from kernels.neurons.models.eligibility import EPROP, SUPER_SPIKE
from kernels.neurons.models.learning import CLIF, GATED, KLIF, PARALLEL, PLIF, SURROGATE
from kernels.neurons.models.liquid import CLOSED_FORM, LIQUID_TIME_CONSTANT
from kernels.neurons.stimulus import Constant, Fluctuating, Step

N_STEPS = 400
NOISY = Fluctuating(mean=0.6, std=0.5, tau=2.0)


def run(model, stimulus, duration, *, n=1, init=None, dt=None, **params):
    """All columns traced; a number as stimulus is a constant current."""
    if not hasattr(stimulus, "source"):
        stimulus = Constant(stimulus)
    return simulate.run(
        Batch(model, n, stimulus, params=params, init=init or {}),
        duration=duration,
        dt=dt or model.dt,
        integrator=model.integrator,
        traced=range(n),
    )


def inputs(stimulus=NOISY, n_steps=N_STEPS):
    """What the stimulus gives to the only column."""
    source = stimulus.source(1.0, np.arange(1), 0)
    return source(0, n_steps)[:, 0].tolist()


def sigma(x):
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-x))


def spike_train(recording, n_steps=N_STEPS):
    """1 in the iterations with a spike, else 0."""
    train = np.zeros(n_steps, int)
    train[recording.spike_times.astype(int) - 1] = 1
    return train.tolist()


def assert_runs_as(model, iterate, state, **params):
    """A plain loop over (input) -> (spike, state) gives the model's spikes and state."""
    recording = run(model, NOISY, N_STEPS, **params)
    expected = [iterate(x) for x in inputs()]
    assert spike_train(recording) == [spike for spike, _ in expected]
    assert 20 < len(recording.spike_times) < N_STEPS
    values = recording.trace.states[state][1:, 0]
    assert values == pytest.approx([value for _, value in expected], abs=1e-9)


def test_clif_is_the_iteration_of_the_paper():
    # Huang et al. 2024, in the order of the authors' program
    u = m = 0.0

    def iterate(x):
        nonlocal u, m
        u = (1 - 1 / 2.0) * u + x
        spike = int(u >= 1.0)
        m = m * sigma(u / 2.0) + spike
        u -= spike * (1.0 + sigma(m))
        return spike, u

    assert_runs_as(CLIF, iterate, "u")


def test_clif_takes_more_off_after_recent_spikes():
    # Huang et al. 2024: the first spike takes V_th + sigma(1), and always less than V_th + 1
    trace = run(CLIF, 0.8, 200).trace.states
    taken = [
        before / 2 + 0.8 - after
        for before, after, m0, m1 in zip(
            trace["u"][:-1, 0],
            trace["u"][1:, 0],
            trace["m"][:-1, 0],
            trace["m"][1:, 0],
            strict=True,
        )
        if m1 > m0
    ]
    assert taken[0] == pytest.approx(1.0 + sigma(1.0))
    assert taken[0] < taken[5] < 2.0


@pytest.mark.published("ComplementaryLIFNeuron")
@pytest.mark.parametrize(
    ("tau", "current", "fired", "u", "m"),
    [
        (2.0, 0.6, range(3, 28, 4), 0.9656, 0.2218),
        (2.0, 0.8, [2, 4, 6, 8, 11, 13, 15, 18, 20, 22, 25, 27, 29], 0.3981, 0.8310),
        (4.0, 0.6, range(2, 30, 3), 0.1091, 0.6008),
        (4.0, 0.8, [2, 4, 6, 9, 11, 13, 15, 18, 20, 22, 25, 27, 29], 0.2739, 0.7315),
    ],
)
def test_clif_fires_and_remembers_as_the_program_of_its_authors(tau, current, fired, u, m):
    # github.com/HuuYuLong/Complementary-LIF (d76af59) on SpikingJelly 0.0.0.0.12:
    # ComplementaryLIFNeuron(tau) for 30 inputs, its v and m after them
    recording = run(CLIF, current, 30, tau=tau)
    assert recording.spike_times.astype(int).tolist() == list(fired)
    assert recording.trace.states["u"][-1, 0] == pytest.approx(u, abs=1e-4)
    assert recording.trace.states["m"][-1, 0] == pytest.approx(m, abs=1e-4)


@pytest.mark.parametrize("gates", [(0.6, 0.8, 0.6), (1.0, 0.0, 1.0), (0.0, 1.0, 0.0)])
def test_gated_is_the_iteration_of_the_paper(gates):
    # Yao et al. 2022, the gated iteration of the authors' program
    alpha, beta, gamma = gates
    U = S = 0.0

    def iterate(x):
        nonlocal U, S
        I_in = x * (1 - beta * (1 - 0.5))
        U = (1 - alpha * (1 - 0.25)) * U * (1 - gamma * S) - (1 - alpha) * 0.0625
        U += I_in - (1 - gamma) * 0.5 * S
        S = int(U > 0.5)
        return S, U

    assert_runs_as(GATED, iterate, "U", alpha=alpha, beta=beta, gamma=gamma)


def halfway(*gates):
    """The gates that the authors' program makes of the ones it is given."""
    named = zip(("alpha", "beta", "gamma"), gates, strict=True)
    return {name: 0.5 + (gate - 0.5) / 2 for name, gate in named}


@pytest.mark.published("GatedLIFNeuron")
@pytest.mark.parametrize(
    ("params", "current", "fired", "U"),
    [
        ({}, 0.4, range(4, 30, 5), 0.1584),
        ({}, 0.9, [n for n in range(1, 31) if n % 4 != 3], 0.5086),
        (halfway(0.2, 0.9, 0.1), 0.3, [7, 14, 21, 28], 0.2019),
        (halfway(0.2, 0.9, 0.1), 0.9, [1, *(n for n in range(3, 31) if n % 4 != 2)], 0.4690),
        (halfway(0.9, 0.2, 0.8), 0.3, [], 0.4357),
        (halfway(0.1, 0.1, 0.9), 0.6, [n for n in range(2, 31) if n % 3 != 1], 0.5027),
        ({"alpha": 1.0, "beta": 0.0, "gamma": 0.0}, 0.45, range(2, 30, 3), 0.0921),
        ({"alpha": 0.0, "beta": 1.0, "gamma": 0.0}, 0.45, range(4, 29, 3), 0.3750),
    ],
)
def test_gated_fires_in_the_iterations_of_the_program_of_its_authors(params, current, fired, U):
    # github.com/Ikarosy/Gated-LIF (60638b2): LIFSpike_CW of one channel for 30 inputs, with
    # param (0.25, 0.5, 0.0625, 0.5) and gate (0.6, 0.8, 0.6), where it starts to train, and
    # others; the last two with soft_mode off, which rounds its gates; the potential after them.
    # GatedLIFNode of SpikingJelly 2.0.0 gives the first six again
    recording = run(GATED, current, 30, **params)
    assert recording.spike_times.astype(int).tolist() == list(fired)
    assert recording.trace.states["U"][-1, 0] == pytest.approx(U, abs=1e-4)


def preset(name):
    return next(preset for preset in GATED.presets if preset.name == name)


@pytest.mark.parametrize("hard", [True, False])
@pytest.mark.parametrize("leak", ["exponential", "linear"])
def test_gated_at_binary_gates_is_a_classical_neuron(leak, hard):
    # Yao et al. 2022: alpha chooses the leak, gamma the reset
    params = preset(f"{leak}_{'hard' if hard else 'soft'}").params
    U = S = 0.0

    def iterate(x):
        nonlocal U, S
        left = 0.0 if hard and S else U
        left = 0.25 * left if leak == "exponential" else left - 0.0625
        U = left - (0.0 if hard else 0.5 * S) + x
        S = int(U > 0.5)
        return S, U

    assert_runs_as(GATED, iterate, "U", **params)


@pytest.mark.parametrize("k", [0.8, 1.0, 1.5])
def test_klif_is_the_iteration_of_the_paper(k):
    # Jiang and Zhang 2023: H = V + (X - V)/tau, F = ReLU(k H), S = H(F - V_th), V = F (1 - S)
    V = 0.0

    def iterate(x):
        nonlocal V
        F = max(k * (V + (x - V) / 2.0), 0.0)
        spike = int(F >= 0.5)
        V = F * (1 - spike)
        return spike, V

    assert_runs_as(KLIF, iterate, "V", k=k, V_th=0.5)


def test_klif_never_goes_below_zero_and_scales_its_steady_state():
    # the fixed point of V = k (V + (I - V)/tau): k I / (tau - k (tau - 1)), for tau = 2
    V = run(KLIF, np.array([-3.0, 0.4]), 200, n=2, k=1.2).trace.states["V"]
    assert V[-1] == pytest.approx([0.0, 1.2 * 0.4 / (2.0 - 1.2)])


@pytest.mark.parametrize("tau", [2.0, 4.0, 16.0])
def test_plif_has_the_time_constant_that_its_parameter_stands_for(tau):
    # Fang et al. 2021: k(a) = 1/tau with a = -ln(tau - 1), so that a = 0 is tau = 2; from a reset
    # H after n iterations is X (1 - (1 - 1/tau)^n)
    a = -math.log(tau - 1.0)
    X = 1.3
    steps = math.ceil(math.log(1 - 1 / X) / math.log(1 - 1 / tau))
    spikes = run(PLIF, X, 200, a=a).spike_times
    assert set(np.diff(spikes)) == {steps}
    assert run(PLIF, 0.9, 200, a=a).trace.states["V"][-1, 0] == pytest.approx(0.9, rel=1e-5)


def test_plif_is_the_iteration_of_the_paper():
    V = 0.0

    def iterate(x):
        nonlocal V
        V = V + sigma(-1.0) * (x - V)
        spike = int(V >= 0.5)
        V = V * (1 - spike)
        return spike, V

    assert_runs_as(PLIF, iterate, "V", a=-1.0, V_th=0.5)


@pytest.mark.published("ParametricLIFNeuron", "KLIFNeuron")
@pytest.mark.parametrize(
    ("model", "params", "current", "fired", "last"),
    [
        (PLIF, {"a": 0.0}, 1.1, range(4, 31, 4), 0.8250),
        (PLIF, {"a": 0.0}, 1.3, range(3, 31, 3), 0.0),
        (PLIF, {"a": -math.log(4.0)}, 1.1, range(11, 31, 11), 0.9155),
        (PLIF, {"a": -math.log(4.0)}, 1.3, range(7, 31, 7), 0.4680),
        (KLIF, {"k": 0.9, "tau": 2.0}, 1.6, range(2, 31, 2), 0.0),
        (KLIF, {"k": 1.2, "tau": 5.0}, 1.2, range(4, 31, 4), 0.5645),
        (KLIF, {"k": 1.5, "tau": 10.0}, 0.9, range(5, 31, 5), 0.0),
    ],
)
def test_a_unit_fires_in_the_iterations_of_spikingjelly(model, params, current, fired, last):
    # SpikingJelly 2.0.0, by the authors of PLIF: ParametricLIFNode(init_tau=2 and 5) and
    # KLIFNode(scale_reset=False), decay_input, for 30 inputs, and the potential after them
    recording = run(model, current, 30, **params)
    assert recording.spike_times.astype(int).tolist() == list(fired)
    assert recording.trace.states["V"][-1, 0] == pytest.approx(last, abs=1e-4)


@pytest.mark.published("ParallelSpikingNeuron")
@pytest.mark.parametrize(("current", "first"), [(0.504, 7), (0.51, 6), (0.55, 4), (0.6, 3)])
def test_parallel_fires_from_the_iteration_of_spikingjelly_on(current, first):
    # SpikingJelly 2.0.0, by the authors of the unit: SlidingPSN(k=8, exp_init=True), 12 inputs
    fired = run(PARALLEL, current, 12).spike_times.astype(int).tolist()
    assert fired == list(range(first, 13))


def test_surrogate_is_the_iteration_of_the_paper():
    # Neftci et al. 2019: U[n+1] = beta U[n] + I[n] - S[n], I[n+1] = alpha I[n] + input
    U = I_syn = S = 0.0

    def iterate(x):
        nonlocal U, I_syn, S
        U, I_syn = math.exp(-0.1) * U + I_syn - S, math.exp(-0.2) * I_syn + 0.1 * x
        S = int(U >= 1.0)
        return S, U

    scaled = replace(NOISY, mean=0.06, std=0.05)
    recording = run(SURROGATE, scaled, N_STEPS)
    expected = [iterate(x) for x in inputs()]
    assert spike_train(recording) == [spike for spike, _ in expected]
    assert recording.trace.states["U"][1:, 0] == pytest.approx([u for _, u in expected], abs=1e-9)


@pytest.mark.published("DifferentiableSurrogateNeuron")
@pytest.mark.parametrize(
    ("current", "fired", "U", "gradient"),
    [
        (0.03, [15, 25, 34], 0.7289, 0.001265),
        (0.04, [12, 19, 25, 32, 38], 0.3797, 0.000252),
        (0.1, [6, 9, 12, 14, 17, 19, 21, 23, 25, 28, 30, 32, 34, 36, 38], 0.9916, 0.295649),
    ],
)
def test_surrogate_fires_and_differentiates_as_the_tutorial_of_its_authors(
    current, fired, U, gradient
):
    # github.com/fzenke/spytorch, SpyTorchTutorial1 of April 2021 (a570de9), the last with the
    # reset of the paper: run_snn for one hidden unit of weight 1, mem_rec and spk_rec of 40
    # steps, and SurrGradSpike differentiated at the last potential
    recording = run(SURROGATE, current, 40)
    assert recording.spike_times.astype(int).tolist() == fired
    assert recording.trace.states["U"][-1, 0] == pytest.approx(U, abs=1e-4)
    assert recording.trace.states["dS_dU"][-1, 0] == pytest.approx(gradient, abs=1e-6)


def test_surrogate_gradient_is_1_at_the_threshold_and_falls_off_on_both_sides():
    # Neftci et al. 2019, the fast sigmoid: 1 / (slope |U - theta| + 1)^2
    U = np.array([1.0, 0.99, 1.01, 0.9, 0.0])
    init = {"U": U / math.exp(-0.1)}
    gradient = run(SURROGATE, 0.0, 1, n=5, init=init).trace.states["dS_dU"][1]
    assert gradient == pytest.approx([1.0, 1 / 4, 1 / 4, 1 / 121, 1 / 101**2])
    assert run(SURROGATE, 0.0, 1).trace.states["dS_dU"][0, 0] == pytest.approx(1 / 101**2)


def test_parallel_is_the_sum_of_the_paper_over_its_last_inputs():
    # Fang et al. 2023: H[t] = sum of W_i X[t - k + 1 + i], S = H(H - V_th), with no reset
    X = inputs()
    H = [sum(0.5**lag * X[t - lag] for lag in range(min(8, t + 1))) for t in range(N_STEPS)]
    recording = run(PARALLEL, NOISY, N_STEPS)
    assert recording.trace.states["H"][1:, 0] == pytest.approx(H, abs=1e-9)
    assert spike_train(recording) == [int(h >= 1.0) for h in H]


def test_parallel_fires_in_every_iteration_above_its_threshold():
    # the weights sum to 2 - 2^-7, so that a constant input of 128/255 is the threshold
    recording = run(PARALLEL, 128 / 255 * np.array([0.999, 1.001]), 100, n=2)
    assert np.bincount(recording.spike_columns, minlength=2).tolist() == [0, 93]


def test_eprop_is_the_iteration_of_the_paper():
    # Bellec et al. 2020, Methods, with the values of the authors' program: thr = 0.6, tau_v = 20,
    # tau_a = 2000, n_ref = 5, dampening 0.3 and beta = 1.7 (1 - rho) / (1 - alpha) = 0.01742
    alpha, rho = math.exp(-1 / 20), math.exp(-1 / 2000)
    beta = 1.7 * (1 - rho) / (1 - alpha)
    assert beta == pytest.approx(0.01742, abs=5e-6)
    v = a = eps_v = eps_a = psi = 0.0
    z, silent, expected = 0, 0, []
    for x in inputs():
        v = alpha * v + x - z * 0.6
        a = rho * a + z
        eps_v, eps_a = alpha * eps_v + x, psi * eps_v + (rho - psi * beta) * eps_a
        A = 0.6 + beta * a
        psi = 0.0 if silent > 0 else 0.3 / 0.6 * max(0.0, 1 - abs((v - A) / 0.6))
        z = int(silent <= 0 and v > A)
        silent = max(silent + 5 * z - 1, 0)
        expected.append((z, v, a, psi * (eps_v - beta * eps_a)))
    recording = run(EPROP, NOISY, N_STEPS)
    spikes, *states = zip(*expected, strict=True)
    assert spike_train(recording) == list(spikes)
    for name, values in zip(("v", "a", "e"), states, strict=True):
        assert recording.trace.states[name][1:, 0] == pytest.approx(values, abs=1e-9)


def test_eprop_fires_no_sooner_than_its_refractory_period_and_adapts():
    spikes = run(EPROP, 1.0, 3000).spike_times
    intervals = np.diff(spikes)
    assert intervals[0] == 5
    slow = np.diff(run(EPROP, 0.1, 3000).spike_times)
    assert slow[-1] > 2 * slow[0]
    level = np.diff(run(EPROP, 0.1, 3000, beta=0.0).spike_times)
    assert level[-10:].mean() == pytest.approx(level[10:20].mean(), abs=0.2)


def test_eprop_eligibility_without_spikes_is_the_pseudo_derivative_times_the_filtered_input():
    # Bellec et al. 2020: e = psi (eps_v - beta eps_a), and without adaptation eps_a plays no part;
    # v / v_th = 2/3 gives psi = gamma_pd / v_th (2/3), and eps_v = v = I / (1 - alpha)
    v = 0.4
    end = run(EPROP, v * (1 - math.exp(-1 / 20)), 500, beta=0.0).trace.states["e"][-1, 0]
    assert end == pytest.approx(0.3 / 0.6 * (2 / 3) * v, rel=1e-9)


@pytest.mark.parametrize("current", [11.0, 15.0, 30.0])
def test_super_spike_fires_at_the_rate_of_the_closed_form(current):
    # Zenke and Ganguli 2018: tau_mem = 10 ms, 10 mV from rest to threshold, 5 ms refractory
    interval = 5.0 + 10.0 * math.log(current / (current - 10.0))
    spikes = run(SUPER_SPIKE, current, 500.0).spike_times
    assert np.diff(spikes)[-1] == pytest.approx(interval, abs=0.05)


@pytest.mark.published("SuperSpikeNeuron")
@pytest.mark.parametrize(
    ("weight", "duration", "fired", "U", "psp", "e"),
    [
        (30.0, 5.0, [], -52.83, 7.155, 0.01886),
        (30.0, 10.0, [], -53.02, 6.971, 0.1348),
        (30.0, 20.0, [], -56.49, 3.507, 0.2256),
        (60.0, 20.0, [2.37], -57.21, 7.013, 0.1774),
        (200.0, 20.0, [0.55, 7.60], -55.97, 23.38, 0.7550),
    ],
)
def test_super_spike_has_the_trace_of_the_program_of_its_authors(
    weight, duration, fired, U, psp, e
):
    # github.com/fzenke/pub2018superspike (9bd0c41) on Auryn 8.3 at a step of 0.01 ms: an
    # IafPscExpGroup with tau_mem = 10 ms after one spike through a SuperSpikeConnection of this
    # weight in mV. Its tr_pre_psp is that of weight 1, and its el_val_flt sums over steps and has
    # a surrogate of height beta: the values here are weight * tr_pre_psp and
    # weight * el_val_flt * step / (tau_rise * beta)
    recording = run(SUPER_SPIKE, 0.0, duration, dt=0.005, init={"I_syn": weight})
    assert recording.spike_times == pytest.approx(fired, abs=0.011)
    end = {name: values[-1, 0] for name, values in recording.trace.states.items()}
    assert end["U"] == pytest.approx(U, abs=0.02)
    assert end["psp"] == pytest.approx(psp, rel=0.002)
    assert end["e"] == pytest.approx(e, rel=0.015)


@pytest.mark.published("SuperSpikeNeuron")
@pytest.mark.parametrize(
    ("current", "fired"),
    [
        (11.0, [23.96, 52.92, 81.88, 110.84]),
        (15.0, [10.98, 26.96, 42.94, 58.92, 74.90, 90.88, 106.86]),
    ],
)
def test_super_spike_fires_at_the_times_of_the_program_of_its_authors(current, fired):
    # Auryn 8.3 as above, with this bg_current in mV for 120 ms
    spikes = run(SUPER_SPIKE, current, 120.0, dt=0.01, init={"I_syn": current}).spike_times
    assert spikes == pytest.approx(fired, rel=1e-3)


def test_super_spike_eligibility_is_the_surrogate_times_the_filtered_input():
    # Zenke and Ganguli 2018: sigma'(U) = (1 + beta |U - theta|)^-2; below the threshold, with
    # I = 8 mV, U rests 2 mV from it: e = 8 / 3^2
    e = run(SUPER_SPIKE, 8.0, 300.0).trace.states["e"][-1, 0]
    assert e == pytest.approx(8.0 / 9.0, rel=1e-6)


def test_super_spike_eligibility_outlasts_its_input_as_a_double_exponential():
    # the trace is filtered by 5 ms and then by 10 ms, so that it ends with the slower of them and
    # of the membrane, which is also 10 ms: t exp(-t/10) goes through a peak and halves slowly
    pulse = Step(amplitude=8.0, end=5.0)
    trace = run(SUPER_SPIKE, pulse, 100.0).trace
    e = trace.states["e"][:, 0]
    assert trace.t[e.argmax()] > 10.0
    assert 0 < e[-1] < 0.05 * e.max()


def test_liquid_time_constant_stays_between_its_bounds():
    # Hasani et al. 2021, theorem 2: min(0, A) <= x <= max(0, A), whatever the input
    noise = Fluctuating(mean=0.0, std=30.0, tau=0.5)
    A = np.array([2.0, -2.0])
    x = run(LIQUID_TIME_CONSTANT, noise, 50.0, n=2, A=A).trace.states["x"]
    assert 0.0 <= x[:, 0].min() < x[:, 0].max() <= 2.0
    assert -2.0 <= x[:, 1].min() < x[:, 1].max() <= 0.0
    assert x[:, 0].max() > 0.9


def test_liquid_time_constant_is_set_by_the_input():
    # Hasani et al. 2021, theorem 1: tau_sys = tau / (1 + tau f) lies in [tau / (1 + tau), tau]
    # for f in [0, 1], and x goes to f A tau_sys; without a recurrent weight f is that of the input
    currents = np.array([-50.0, 0.0, 50.0])
    f = np.array([0.0, 0.5, 1.0])
    tau = 2.0
    options = {"n": 3, "tau": tau, "gamma_r": 0.0}
    steady = run(LIQUID_TIME_CONSTANT, currents, 60.0, **options).trace.states["x"][-1]
    tau_sys = tau / (1.0 + tau * f)
    assert steady == pytest.approx(f * tau_sys, abs=1e-9)
    recording = run(LIQUID_TIME_CONSTANT, currents, 1.0, init={"x": 5.0}, **options)
    left = (recording.trace.states["x"][-1] - steady) / (5.0 - steady)
    assert left == pytest.approx(np.exp(-1.0 / tau_sys), rel=1e-6)


def test_liquid_time_constant_agrees_with_the_fused_solver_of_the_paper():
    # Hasani et al. 2021, algorithm 1: x(t + dt) = (x + dt f A) / (1 + dt (1/tau + f))
    x, dt = 0.0, 0.0005
    for _ in range(4000):
        f = sigma(x + 1.0)
        x = (x + dt * f * 1.0) / (1 + dt * (1.0 + f))
    end = run(LIQUID_TIME_CONSTANT, 1.0, 2.0).trace.states["x"][-1, 0]
    assert end == pytest.approx(x, abs=2e-4)


@pytest.mark.published("LiquidTimeConstantNeuron")
@pytest.mark.parametrize(
    ("params", "current", "start", "duration", "x"),
    [
        ({"tau": 2, "A": 2, "gamma_r": 0, "gamma": 3, "mu": -1.5}, 0.7, 0.0, 2.0, 1.0131),
        ({"tau": 0.5, "A": -1, "gamma_r": 0, "gamma": 2, "mu": 0.6}, -0.4, 1.5, 1.0, -0.0384),
        ({"tau": 4, "A": 1.5, "gamma_r": 4, "gamma": 0, "mu": -1.2}, 0.0, 0.2, 3.0, 1.1460),
        ({"tau": 1.25, "A": -1, "gamma_r": 4, "gamma": 0, "mu": -1.2}, 0.0, 2.0, 2.0, -0.0930),
    ],
)
def test_liquid_time_constant_goes_where_the_program_of_its_authors_does(
    params, current, start, duration, x
):
    # ncps 1.0.1, by the authors: LTCCell of one unit, ode_unfolds=20000, cm = 1, vleak = 0 and
    # gleak = 1/tau, whose only synapse of w = 1 and erev = A is sensory or recurrent:
    # sigma (v - mu) there is gamma I + mu or gamma_r x + mu here
    recording = run(LIQUID_TIME_CONSTANT, current, duration, init={"x": start}, **params)
    assert recording.trace.states["x"][-1, 0] == pytest.approx(x, abs=1.5e-4)


def test_closed_form_goes_from_its_beginning_to_its_end_with_time():
    # Hasani et al. 2022: x = sigma(-f t) g + (1 - sigma(-f t)) h, halfway at t = 0 and h at last
    t = np.array([0.0, 1.0, 1000.0])
    x = run(CLOSED_FORM, 0.7, 1, n=3, t=t, g_I=0.3).trace.states["x"][1]
    g, h = math.tanh(0.3 * 0.7), math.tanh(0.7)
    expected = [(g + h) / 2, sigma(-0.7) * g + (1 - sigma(-0.7)) * h, h]
    assert x == pytest.approx(expected)


def test_closed_form_is_the_iteration_of_the_paper():
    x, expected = 0.0, []
    for given in inputs():
        gate = sigma(-2.0 * (x + given))
        x = gate * math.tanh(-x - given) + (1 - gate) * math.tanh(x + given)
        expected.append(x)
    values = run(CLOSED_FORM, NOISY, N_STEPS, t=2.0).trace.states["x"][1:, 0]
    assert values == pytest.approx(expected, abs=1e-9)


@pytest.mark.published("ClosedFormContinuousNeuron")
@pytest.mark.parametrize(
    ("weights", "t", "current", "x"),
    [
        ("f 1 1 0 g -1 -1 0 h 1 1 0", 1.0, 0.7, [0.203295, 0.303852, 0.353846]),
        ("f .4 -.9 .3 g -.5 .8 .1 h 1.2 -.6 -.2", 2.0, 0.7, [0.193501, 0.179281, 0.179438]),
        ("f 2 1.5 -.1 g .9 .3 -.4 h -1.1 .7 .2", 0.25, -0.5, [-0.343313, -0.323210, -0.323983]),
    ],
)
def test_closed_form_iterates_as_the_program_of_its_authors(weights, t, current, x):
    # ncps 1.0.1, by the authors: CfCCell(1, 1, backbone_layers=0), whose time_a is f, ff1 is g
    # and ff2 is h, each with weights of x and of I and a bias, and time_b = 0, for three inputs
    heads = weights.split()
    params = {
        f"{heads[first]}_{of}": float(heads[first + place])
        for first in (0, 4, 8)
        for place, of in enumerate("xIb", 1)
    }
    values = run(CLOSED_FORM, current, 3, t=t, **params).trace.states["x"][1:, 0]
    assert values == pytest.approx(x, abs=1e-6)
