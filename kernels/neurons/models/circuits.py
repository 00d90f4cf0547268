"""Neurons of analog circuits, and of digital ones that no single chip has to itself."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Values
from kernels.neurons.models.firing_patterns import pulses
from kernels.neurons.models.hardware import toward_zero


def _dpi(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    kappa = (p.kappa_n + p.kappa_p) / 2.0
    tau = p.C_mem * p.U_T / (kappa * p.I_tau)  # pF mV / pA = ms
    tau_ahp = p.C_ahp * p.U_T / (kappa * p.I_tau_ahp)
    # a sigmoid written so that it does not overflow
    z = (s.I_mem - p.I_ath) / p.I_anorm
    e = xp.exp(-xp.abs(z))
    I_a = p.I_again * xp.where(z > 0.0, 1.0, e) / (1.0 + e)
    rise = p.I_th / p.I_tau * (current - s.I_ahp - p.I_tau)
    rise = rise + I_a / p.I_tau * (s.I_mem + p.I_th) - s.I_mem * (1.0 + s.I_ahp / p.I_tau)
    rate = rise / (tau * (1.0 + p.I_th / xp.maximum(s.I_mem, p.I_0)))
    return {
        # no transistor carries less than I_0
        "I_mem": xp.where(s.I_mem > p.I_0, rate, xp.maximum(rate, 0.0)),
        "I_ahp": -s.I_ahp / tau_ahp,
    }


DPI = Model(
    name="DPINeuron",
    family="hardware",
    title="Silicon neuron on a differential pair integrator",
    # rest without current
    states=(
        State("I_mem", "I_0", "pA", "membrane current, which stands for the potential"),
        State("I_ahp", 0.0, "pA", "adaptation current"),
    ),
    params=(
        Param("C_mem", 1.5, "pF", 0.01, 1000.0, "membrane capacitance"),
        Param("C_ahp", 1.0, "pF", 0.01, 1000.0, "capacitance of the adaptation"),
        Param("U_T", 25.0, "mV", 10.0, 50.0, "thermal voltage"),
        Param("kappa_n", 0.75, "1", 0.1, 1.0, "subthreshold slope factor of n-type transistors"),
        Param("kappa_p", 0.66, "1", 0.1, 1.0, "subthreshold slope factor of p-type transistors"),
        Param("I_0", 0.5, "pA", 0.001, 100.0, "dark current"),
        Param("I_tau", 8.0, "pA", 0.1, 10_000.0, "leak current, which sets the time constant"),
        Param("I_th", 0.9, "pA", 0.01, 10_000.0, "with I_tau, the gain"),
        Param("I_tau_ahp", 1.0, "pA", 0.01, 1000.0, "leak current of the adaptation"),
        Param("I_ca", 2.0, "pA", 0.0, 1e5, "adaptation current that a spike adds"),
        Param("I_again", 50.0, "pA", 0.0, 1e5, "largest current of the positive feedback"),
        Param("I_ath", 500.0, "pA", 0.0, 1e5, "membrane current at half of the feedback"),
        Param("I_anorm", 10.0, "pA", 0.1, 1e5, "slope of the feedback"),
        Param("I_spkthr", 1000.0, "pA", 1.0, 1e6, "threshold"),
        Param("I_reset", 0.6, "pA", 0.001, 1e5, "membrane current after a spike"),
        Param("t_ref", 1.0, "ms", 0.0, 100.0, "refractory period"),
    ),
    equations=(
        "(1 + I_th/I_mem) tau dI_mem/dt + I_mem (1 + I_ahp/I_tau) = I_mem_inf + f(I_mem)",
        "I_mem_inf = I_th/I_tau (I - I_ahp - I_tau), f = I_a/I_tau (I_mem + I_th)",
        "I_a = I_again / (1 + exp(-(I_mem - I_ath)/I_anorm))",
        "tau_ahp dI_ahp/dt = -I_ahp",
        "tau = C_mem U_T / (kappa I_tau), tau_ahp = C_ahp U_T / (kappa I_tau_ahp)",
        "kappa = (kappa_n + kappa_p)/2; I_mem does not fall below I_0",
        "I_mem >= I_spkthr: spike, I_mem <- I_reset, held for t_ref, I_ahp <- I_ahp + I_ca",
    ),
    sources=(
        Source(
            "Chicca E, Stefanini F, Bartolozzi C, Indiveri G",
            2014,
            "Neuromorphic electronic circuits for building autonomous cognitive systems",
            "Proc IEEE 102:1367-1388",
            "10.1109/JPROC.2014.2313954",
            "the neuron equations",
        ),
        Source(
            "Indiveri G, Linares-Barranco B, Hamilton TJ, van Schaik A, Etienne-Cummings R, "
            "Delbruck T, et al.",
            2011,
            "Neuromorphic silicon neuron circuits",
            "Front Neurosci 5:73",
            "10.3389/fnins.2011.00073",
            "the circuit",
        ),
        Source(
            "Milde M, et al.",
            2018,
            "teili: a toolbox for building and testing neural algorithms and computational "
            "primitives using spiking neurons",
            "Institute of Neuroinformatics, University of Zurich and ETH Zurich",
            where="feedback and parameters: dpi_neuron_param; there I_ca, with I_th_ahp = "
            "I_tau_ahp, is the step of the adaptation",
        ),
    ),
    derivatives=_dpi,
    spike=lambda xp, s, p: s.I_mem >= p.I_spkthr,
    reset=lambda xp, s, p: {"I_mem": p.I_reset, "I_ahp": s.I_ahp + p.I_ca},
    refractory="t_ref",
    clamped=("I_mem",),
    output="I_mem",
    current_unit="pA",
    current=8000.0,
    duration=500.0,
    dt=0.02,
    integrator="rk4",
)


def _neurogrid(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"v": (s.v**2 / 2.0 - s.v + current) / p.tau}


# The soma of 2014 has a slow potassium conductance besides, whose constants are those of each chip;
# the laboratory's program has none.
NEUROGRID = Model(
    name="NeuroGridNeuron",
    family="hardware",
    title="Quadratic soma of Neurogrid",
    # rest without current
    states=(State("v", 0.0, "1", "membrane potential, 1 where it rises slowest"),),
    params=(
        Param("tau", 10.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("v_th", 10.0, "1", 2.0, 1000.0, "potential at which a spike is cut"),
        Param("t_ref", 2.0, "ms", 0.0, 100.0, "refractory period"),
    ),
    equations=(
        "tau dv/dt = -v + v²/2 + I",
        "v > v_th: spike, v <- 0, held for t_ref",
    ),
    sources=(
        Source(
            "Benjamin BV, Gao P, McQuinn E, Choudhary S, Chandrasekaran AR, Bussat JM, "
            "Alvarez-Icaza R, Arthur JV, Merolla PA, Boahen K",
            2014,
            "Neurogrid: a mixed-analog-digital multichip system for large-scale neural simulations",
            "Proc IEEE 102:699-716",
            "10.1109/JPROC.2014.2313565",
            "the machine; without its slow potassium conductance, its dendrites and its synapses",
        ),
        Source(
            "Gao P, Benjamin BV, Boahen K",
            2012,
            "Dynamical system guided mapping of quantitative neuronal models onto neuromorphic "
            "hardware",
            "IEEE Trans Circuits Syst I 59:2383-2394",
            "10.1109/TCSI.2012.2188956",
            "its soma as a quadratic integrate-and-fire neuron",
        ),
        Source(
            "Fok S",
            2015,
            "nengo_QIF",
            "github.com/Stanford-BIS/nengo_qif",
            where="the laboratory's program: equation, cut, reset and defaults of QIF",
        ),
    ),
    derivatives=_neurogrid,
    spike=lambda xp, s, p: s.v > p.v_th,
    reset=lambda xp, s, p: {"v": 0.0},
    refractory="t_ref",
    clamped=("v",),
    output="v",
    current_unit="1",
    current=1.0,
    duration=500.0,
    dt=0.05,
    integrator="rk4",
)


def _iqif(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    a, b = 2.0**p.shift_b, 2.0**p.shift_a
    knee = xp.floor((a * p.rest + b * p.threshold) / (a + b))
    left = xp.floor((p.rest - s.x) / 2.0**p.shift_a)
    right = xp.floor((s.x - p.threshold) / 2.0**p.shift_b)
    x = s.x + xp.where(s.x < knee, left, right) + xp.floor(current)
    return {"x": xp.maximum(x, p.V_min)}


# session_integrator and session_bistable of the authors' program
_CLOSE_AND_APART = pulses(*((begin, begin + 5.0, 6.0) for begin in (100.0, 110.0, 300.0, 400.0)))
_ON_AND_OFF = pulses((100.0, 120.0, 5.0), (400.0, 420.0, -5.0))

# The noise that the authors' program can add is 0 in all its published examples.
IQIF = Model(
    name="IntegerQIFNeuron",
    family="hardware",
    title="Integer quadratic integrate-and-fire",
    # rest without current
    states=(State("x", "rest", "1", "membrane potential"),),
    # the class 1 excitable neuron
    params=(
        Param("rest", 62.0, "1", -32_768.0, 32_767.0, "resting potential"),
        Param("threshold", 75.0, "1", -32_768.0, 32_767.0, "potential from which x runs away"),
        Param("reset", 68.0, "1", -32_768.0, 32_767.0, "potential after a spike"),
        Param("shift_a", 1.0, "bit", 0.0, 15.0, "slope on the left of the knee is 2^-shift_a"),
        Param("shift_b", 3.0, "bit", 0.0, 15.0, "slope on the right of the knee is 2^-shift_b"),
        Param("V_max", 255.0, "1", -32_768.0, 32_767.0, "potential at which a spike is cut"),
        Param("V_min", 0.0, "1", -32_768.0, 32_767.0, "lowest potential"),
    ),
    equations=(
        "f = (rest - x) >> shift_a for x < knee, (x - threshold) >> shift_b from there on",
        "x' = x + f + I, not below V_min; I an integer",
        "the two pieces meet at the knee",
        "x' >= V_max: spike, x <- x - (V_max - reset)",
        ">> divides by a power of 2 and rounds down",
    ),
    sources=(
        Source(
            "Wu WC, Yeh CF, White AJ, Lo CC, et al.",
            2021,
            "Integer quadratic integrate-and-fire (IQIF): a neuron model for digital neuromorphic "
            "systems",
            "IEEE International Conference on Artificial Intelligence Circuits and Systems",
            where="the linearized form of the quadratic neuron, in integers",
        ),
        Source(
            "Yeh CF",
            2019,
            "iq-neuron",
            "github.com/twetto/iq-neuron",
            where="the authors' program: update_state; parameters: neuronParameter_IQIF_class1",
        ),
    ),
    step=_iqif,
    spike=lambda xp, s, p: s.x >= p.V_max,
    reset=lambda xp, s, p: {"x": xp.maximum(s.x - (p.V_max - p.reset), p.V_min)},
    presets=(
        Preset(
            name="integrator",
            title="Integrator",
            params={"rest": 50, "threshold": 75, "reset": 50, "shift_a": 3, "shift_b": 3},
            stimulus=_CLOSE_AND_APART,
            duration=500.0,
            source="iq-neuron, neuronParameter_IQIF_integrator and session_integrator",
        ),
        Preset(
            name="bistable",
            title="Bistable",
            params={"rest": 50, "threshold": 75, "reset": 90, "shift_a": 3, "shift_b": 3},
            stimulus=_ON_AND_OFF,
            duration=500.0,
            source="iq-neuron, neuronParameter_IQIF_bistable and session_bistable",
        ),
    ),
    output="x",
    current_unit="1",
    current=3.0,
    duration=500.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _sigma_delta(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    u = xp.exp(-p.alpha) * s.u + current
    spikes = toward_zero(xp, u / p.theta)
    return {"u": u - p.theta * spikes, "q": spikes}


# Without a leak (alpha = 0) it is the modulator of first order; its output is signed.
SIGMA_DELTA = Model(
    name="SigmaDeltaNeuron",
    family="hardware",
    title="Integrate-and-fire as a sigma-delta modulator",
    # rest without current
    states=(
        State("u", 0.0, "1", "membrane potential: what the output still owes to the input"),
        State("q", 0.0, "1", "output: spikes of this iteration, negative for a negative input"),
    ),
    params=(
        Param("theta", 1.0, "1", 1e-6, 1e6, "threshold, and what a spike is worth"),
        Param("alpha", 0.0, "1/iteration", 0.0, 10.0, "leak"),
    ),
    equations=(
        "u' = exp(-alpha) u + I",
        "q' = the integer part of u' / theta, rounded to zero",
        "q' is not 0: spike, u <- u - theta q (reset to modulo)",
    ),
    sources=(
        Source(
            "Moser BA, Lunglmayr M",
            2024,
            "Quantization in spiking neural networks",
            "arXiv:2305.08012",
            "10.48550/arXiv.2305.08012",
            where="the quantization by reset to modulo, and its error",
        ),
        Source(
            "Moser BA",
            2023,
            "AlexSNN",
            "github.com/LunglmayrMoser/AlexSNN",
            where="an author's program: LeakyIntFireMod",
        ),
        Source(
            "Yoon YC",
            2017,
            "LIF and simplified SRM neurons encode signals into spikes via a form of asynchronous "
            "pulse sigma-delta modulation",
            "IEEE Trans Neural Netw Learn Syst 28:1192-1205",
            "10.1109/TNNLS.2016.2526029",
            "that an integrate-and-fire neuron is such a modulator",
        ),
    ),
    step=_sigma_delta,
    spike=lambda xp, s, p: s.q != 0.0,
    output="u",
    current_unit="1",
    current=0.3,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)
