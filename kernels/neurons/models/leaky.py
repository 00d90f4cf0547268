"""Perfect and leaky integrators: white noise, synapses, energy and power-law memory."""

from __future__ import annotations

import math
from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Relax, Source, State, Values


def _perfect(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"V": current / p.C + 0.0 * s.V}


PERFECT_INTEGRATOR = Model(
    name="PerfectIntegratorNeuron",
    family="integrate-and-fire",
    title="Perfect integrate-and-fire",
    states=(State("V", "V_r", "1", "membrane potential, in units of the threshold"),),
    params=(
        Param("C", 1.0, "1", 1e-3, 1000.0, "membrane capacitance"),
        Param("theta", 1.0, "1", -100.0, 100.0, "threshold"),
        Param("V_r", 0.0, "1", -100.0, 100.0, "potential after a spike"),
    ),
    equations=(
        "C dV/dt = I",
        "V >= theta: spike, V <- V - (theta - V_r)",
    ),
    sources=(
        Source(
            "Knight BW",
            1972,
            "Dynamics of encoding in a population of neurons",
            "J Gen Physiol 59:734-766",
            "10.1085/jgp.59.6.734",
            "the integrate-and-fire model without forgetting: the rate is the stimulus itself",
        ),
        Source(
            "Gerstein GL, Mandelbrot B",
            1964,
            "Random walk models for the spike activity of a single neuron",
            "Biophys J 4:41-68",
            "10.1016/S0006-3495(64)86768-0",
            "with noise as the input",
        ),
    ),
    derivatives=_perfect,
    spike=lambda xp, s, p: s.V >= p.theta,
    # what exceeds the threshold within a step is kept, since the model forgets nothing
    reset=lambda xp, s, p: {"V": s.V - (p.theta - p.V_r)},
    output="V",
    current_unit="1",
    current=0.1,
    duration=200.0,
    dt=0.1,
    integrator="euler",
)


def _noisy(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"V": (current - s.V) / p.tau}


STOCHASTIC_IF = Model(
    name="StochasticIFNeuron",
    family="stochastic",
    title="Leaky integrate-and-fire with white noise",
    states=(State("V", 0.0, "mV", "membrane potential, from rest"),),
    params=(
        Param("tau", 20.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("theta", 20.0, "mV", -100.0, 200.0, "threshold"),
        Param("V_r", 10.0, "mV", -200.0, 200.0, "potential after a spike"),
        Param("tau_rp", 2.0, "ms", 0.0, 100.0, "refractory period"),
        Param("sigma", 5.0, "mV", 0.0, 100.0, "strength of the noise"),
    ),
    equations=(
        "tau dV/dt = -V + mu + sigma sqrt(tau) eta(t), eta is white noise",
        "V >= theta: spike, V <- V_r, held for tau_rp",
        "mu is the input current, in mV",
    ),
    sources=(
        Source(
            "Brunel N, Hakim V",
            1999,
            "Fast global oscillations in networks of integrate-and-fire neurons with low firing "
            "rates",
            "Neural Comput 11:1621-1671",
            "10.1162/089976699300016179",
            "the neuron and its constants; sigma of the order of its examples",
        ),
    ),
    derivatives=_noisy,
    diffusion=lambda xp, s, p: {"V": p.sigma / xp.sqrt(p.tau)},
    spike=lambda xp, s, p: s.V >= p.theta,
    reset=lambda xp, s, p: {"V": p.V_r},
    refractory="tau_rp",
    clamped=("V",),
    noise={"V": "normal"},
    output="V",
    current_unit="mV",
    current=15.0,
    duration=2000.0,
    dt=0.02,
    integrator="euler_maruyama",
    without_input="fluctuates by its noise",
)


def _conductance(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # nS mV = pA; a conductance that fluctuates below 0 is none
    g_e, g_i = xp.maximum(s.g_e, 0.0), xp.maximum(s.g_i, 0.0)
    synaptic = g_e * (s.V - p.E_e) + g_i * (s.V - p.E_i)
    return {
        "V": (current - p.g_L * (s.V - p.E_L) - synaptic) / p.C,
        "g_e": (p.g_e0 - s.g_e) / p.tau_e,
        "g_i": (p.g_i0 - s.g_i) / p.tau_i,
    }


COBA = Model(
    name="COBALIFNeuron",
    family="stochastic",
    title="Leaky integrate-and-fire with fluctuating conductances",
    # the conductances begin at their means, the potential at the leak's
    states=(
        State("V", "E_L", "mV", "membrane potential"),
        State("g_e", "g_e0", "nS", "excitatory conductance"),
        State("g_i", "g_i0", "nS", "inhibitory conductance"),
    ),
    params=(
        Param("C", 346.36, "pF", 1.0, 10_000.0, "membrane capacitance, 1 uF/cm2"),
        Param("g_L", 15.6, "nS", 0.01, 1000.0, "leak conductance, 0.045 mS/cm2"),
        Param("E_L", -80.0, "mV", -120.0, -20.0, "leak reversal potential"),
        Param("g_e0", 12.1, "nS", 0.0, 1000.0, "mean excitatory conductance"),
        Param("g_i0", 57.3, "nS", 0.0, 1000.0, "mean inhibitory conductance"),
        Param("sigma_e", 3.0, "nS", 0.0, 1000.0, "deviation of the excitatory conductance"),
        Param("sigma_i", 6.6, "nS", 0.0, 1000.0, "deviation of the inhibitory conductance"),
        Param("tau_e", 2.728, "ms", 0.1, 1000.0, "correlation time of excitation"),
        Param("tau_i", 10.49, "ms", 0.1, 1000.0, "correlation time of inhibition"),
        Param("E_e", 0.0, "mV", -50.0, 100.0, "reversal potential of excitation"),
        Param("E_i", -75.0, "mV", -120.0, 0.0, "reversal potential of inhibition"),
        Param("V_th", -50.0, "mV", -100.0, 50.0, "threshold"),
        Param("V_r", -60.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("t_ref", 5.0, "ms", 0.0, 100.0, "refractory period"),
    ),
    equations=(
        "C dV/dt = -g_L (V - E_L) - g_e (V - E_e) - g_i (V - E_i) + I",
        "dg_e/dt = (g_e0 - g_e)/tau_e + sqrt(2/tau_e) sigma_e chi_e(t), likewise g_i",
        "V >= V_th: spike, V <- V_r, held for t_ref",
    ),
    sources=(
        Source(
            "Destexhe A, Rudolph M, Fellous JM, Sejnowski TJ",
            2001,
            "Fluctuating synaptic conductances recreate in vivo-like activity in neocortical "
            "neurons",
            "Neuroscience 107:13-24",
            "10.1016/S0306-4522(01)00344-X",
            "the point-conductance model, without the spike currents of its cell of 34636 um2",
        ),
        Source(
            "Vogels TP, Abbott LF",
            2005,
            "Signal propagation and logic gating in networks of integrate-and-fire neurons",
            "J Neurosci 25:10786-10795",
            "10.1523/JNEUROSCI.3508-05.2005",
            "the threshold, reset and refractory period",
        ),
    ),
    derivatives=_conductance,
    diffusion=lambda xp, s, p: {
        "g_e": p.sigma_e * xp.sqrt(2.0 / p.tau_e),
        "g_i": p.sigma_i * xp.sqrt(2.0 / p.tau_i),
    },
    spike=lambda xp, s, p: s.V >= p.V_th,
    reset=lambda xp, s, p: {"V": p.V_r},
    refractory="t_ref",
    clamped=("V",),
    noise={"g_e": "normal", "g_i": "normal"},
    output="V",
    current_unit="pA",
    current=1000.0,
    duration=2000.0,
    dt=0.05,
    integrator="euler_maruyama",
    without_input="fluctuates by its random synaptic input",
)


def _alpha(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "V": (-(s.V - p.E_L) / p.tau_m) + s.I_syn / p.C,
        "I_syn": (s.x - s.I_syn) / p.tau_syn,
        "x": (current - s.x) / p.tau_syn,
    }


# A pulse of charge q makes a postsynaptic current q t/tau_syn² exp(-t/tau_syn): Rall's alpha
# function, of the same charge. A constant current comes through as it is.
ALPHA = Model(
    name="AlphaNeuron",
    family="integrate-and-fire",
    title="Leaky integrate-and-fire with alpha-function synaptic current",
    states=(
        State("V", "E_L", "mV", "membrane potential"),
        State("I_syn", 0.0, "pA", "postsynaptic current"),
        State("x", 0.0, "pA", "input after the first of two filters"),
    ),
    params=(
        Param("C", 250.0, "pF", 1.0, 10_000.0, "membrane capacitance"),
        Param("tau_m", 10.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("tau_syn", 2.0, "ms", 0.05, 1000.0, "rise time of the alpha function"),
        Param("E_L", -70.0, "mV", -120.0, -20.0, "resting potential"),
        Param("V_th", -55.0, "mV", -100.0, 50.0, "threshold"),
        Param("V_r", -70.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("t_ref", 2.0, "ms", 0.0, 100.0, "refractory period"),
    ),
    equations=(
        "dV/dt = -(V - E_L)/tau_m + I_syn/C",
        "tau_syn dI_syn/dt = x - I_syn, tau_syn dx/dt = I - x",
        "so I_syn = I * (t/tau_syn²) exp(-t/tau_syn), a convolution",
        "V >= V_th: spike, V <- V_r, held for t_ref",
    ),
    sources=(
        Source(
            "Rall W",
            1967,
            "Distinguishing theoretical synaptic potentials computed for different soma-dendritic "
            "distributions of synaptic input",
            "J Neurophysiol 30:1138-1168",
            "10.1152/jn.1967.30.5.1138",
            "the alpha function",
        ),
        Source(
            "Rotter S, Diesmann M",
            1999,
            "Exact digital simulation of time-invariant linear systems with applications to "
            "neuronal modeling",
            "Biol Cybern 81:381-402",
            "10.1007/s004220050570",
            "the neuron with this current; constants of its implementation in NEST, iaf_psc_alpha",
        ),
    ),
    derivatives=_alpha,
    spike=lambda xp, s, p: s.V >= p.V_th,
    reset=lambda xp, s, p: {"V": p.V_r},
    refractory="t_ref",
    clamped=("V",),
    output="V",
    current_unit="pA",
    current=500.0,
    duration=300.0,
    dt=0.05,
    integrator="rk4",
)


def _energy(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    epsilon = xp.maximum(s.epsilon, 0.0)
    E_L = p.E_0 + (p.E_u - p.E_0) * (1.0 - epsilon / p.epsilon_0)
    supply = (1.0 - epsilon / (p.alpha * p.epsilon_0)) ** 3
    return {
        "V": (p.g_L * (E_L - s.V) + current) / p.C,
        "epsilon": (supply - (s.V - p.E_f) / (p.E_d - p.E_f)) / p.tau_e,
    }


ENERGY = Model(
    name="EnergyLIFNeuron",
    family="integrate-and-fire",
    title="Energy-dependent leaky integrate-and-fire (eLIF)",
    # rest without current: epsilon solves (1 - x)³ = (E_L(x) - E_f)/(E_d - E_f), x = epsilon/0.5
    states=(
        State("V", -61.1512, "mV", "membrane potential"),
        State("epsilon", 0.331395, "1", "energy"),
    ),
    params=(
        Param("C", 100.0, "pF", 1.0, 10_000.0, "membrane capacitance"),
        Param("g_L", 9.0, "nS", 0.01, 1000.0, "leak conductance"),
        Param("E_0", -62.5, "mV", -120.0, 0.0, "resting potential at epsilon_0"),
        Param("E_u", -58.5, "mV", -120.0, 0.0, "resting potential without energy"),
        Param("E_d", -40.0, "mV", -100.0, 50.0, "potential at which energy is used up"),
        Param("E_f", -62.0, "mV", -120.0, -50.0, "potential at which supply turns"),
        Param("V_th", -59.0, "mV", -100.0, 50.0, "threshold"),
        Param("V_r", -62.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("epsilon_0", 0.5, "1", 0.01, 100.0, "energy of a typical cell"),
        Param("epsilon_c", 0.18, "1", 0.0, 100.0, "energy below which there is no spike"),
        Param("alpha", 1.0, "1", 0.01, 10.0, "energetic health: the store in typical ones"),
        Param("delta", 0.01, "1", 0.0, 10.0, "energy of a spike"),
        Param("tau_e", 200.0, "ms", 0.1, 100_000.0, "time constant of the supply"),
    ),
    equations=(
        "C dV/dt = g_L (E_L - V) + I, E_L = E_0 + (E_u - E_0) (1 - epsilon/epsilon_0)",
        "tau_e depsilon/dt = (1 - epsilon/(alpha epsilon_0))³ - (V - E_f)/(E_d - E_f)",
        "V >= V_th and epsilon > epsilon_c: spike, V <- V_r, epsilon <- epsilon - delta",
    ),
    sources=(
        Source(
            "Fardet T, Levina A",
            2020,
            "Simple models including energy and spike constraints reproduce complex activity "
            "patterns and metabolic disruptions",
            "PLoS Comput Biol 16:e1008503",
            "10.1371/journal.pcbi.1008503",
            "the eLIF; constants of the authors' example, ModelDB 267201, elif_brian_impl.py",
        ),
    ),
    derivatives=_energy,
    spike=lambda xp, s, p: (s.V >= p.V_th) & (s.epsilon > p.epsilon_c),
    reset=lambda xp, s, p: {"V": p.V_r, "epsilon": s.epsilon - p.delta},
    output="V",
    current_unit="pA",
    current=40.0,
    duration=1000.0,
    dt=0.05,
    integrator="rk4",
)


# The fractional derivative of Caputo has the memory t^-alpha, which is an integral over
# exponentials of every rate x. At rates a factor of e^_STEP apart its trapezoid rule is good to
# 1e-3; all slower ones remember the first potential for ever, and all faster ones the present.
_STEP = 0.5 * math.log(10.0)
_RATES = tuple(10.0 ** (0.5 * k) for k in range(-12, 2))  # 1e-6 to 3.2 per ms
_TRACES = tuple(f"psi_{k}" for k in range(1, len(_RATES) + 1))


def _below_one(xp: Any, x: Array) -> Array:
    """sin(pi x) / (pi x) for x in (0, 1)."""
    return xp.sin(math.pi * x) / (math.pi * x)


def _fractional(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    beta = 1.0 - p.alpha
    scale = _below_one(xp, beta) * beta * _STEP  # sin(pi alpha) / pi times the step
    slow, fast = _RATES[0], _RATES[-1]
    # geometric series of the weights x^alpha below the slowest rate and x^(alpha - 1) from beyond
    # the fastest one
    weight = scale * slow**p.alpha / xp.expm1(p.alpha * _STEP)
    drawn, memory = weight * p.V_rest, weight
    for rate, name in zip(_RATES, _TRACES, strict=True):
        weight = scale * rate**p.alpha
        drawn, memory = drawn + weight * getattr(s, name), memory + weight
    local = scale * fast ** (-beta) / xp.expm1(beta * _STEP)
    # local dV/dt = (V_rest - V + R I)/tau - memory V + drawn
    total = memory + 1.0 / p.tau
    return {
        "V": Relax(((p.V_rest + p.R * current) / p.tau + drawn) / total, local / total),
        **{name: Relax(s.V, 1.0 / rate) for rate, name in zip(_RATES, _TRACES, strict=True)},
    }


FRACTIONAL = Model(
    name="FractionalLIFNeuron",
    family="integrate-and-fire",
    title="Fractional leaky integrate-and-fire",
    states=(
        State("V", "V_rest", "mV", "membrane potential"),
        *(
            State(name, "V_rest", "mV", f"potential averaged over the last {1.0 / rate:.3g} ms")
            for rate, name in zip(_RATES, _TRACES, strict=True)
        ),
    ),
    params=(
        Param("alpha", 0.8, "1", 0.2, 0.999, "order of the derivative; 1 has no memory"),
        Param("tau", 20.0, "ms^alpha", 0.1, 1000.0, "membrane time constant"),
        Param("R", 40.0, "MOhm", 0.0, 10_000.0, "membrane resistance"),
        Param("V_rest", -70.0, "mV", -120.0, -20.0, "resting potential and reset"),
        Param("V_th", -50.0, "mV", -100.0, 50.0, "threshold"),
        Param("t_ref", 8.0, "ms", 0.0, 100.0, "refractory period"),
    ),
    equations=(
        "tau d^alpha V/dt^alpha = -(V - V_rest) + R I, the derivative of Caputo",
        "V >= V_th: spike, V <- V_rest, held for t_ref; the memory of V goes on",
        "computed as t^-alpha = sum over x_j of w_j exp(-x_j t), with dpsi_j/dt = x_j (V - psi_j)",
    ),
    sources=(
        Source(
            "Teka W, Marinov TM, Santamaria F",
            2014,
            "Neuronal spike timing adaptation described with a fractional leaky "
            "integrate-and-fire model",
            "PLoS Comput Biol 10:e1003526",
            "10.1371/journal.pcbi.1003526",
            "figure 1 and the authors' program, ModelDB 155856",
        ),
    ),
    derivatives=_fractional,
    spike=lambda xp, s, p: s.V >= p.V_th,
    reset=lambda xp, s, p: {"V": p.V_rest},
    refractory="t_ref",
    clamped=("V",),
    presets=(
        Preset(
            name="alpha_0_2",
            title="Strong memory, alpha = 0.2",
            params={"alpha": 0.2},
            current=3.0,
            duration=5000.0,
            source="Teka et al. 2014, figure 1D-G",
        ),
        Preset(
            name="alpha_0_4",
            title="Memory of alpha = 0.4",
            params={"alpha": 0.4},
            current=3.0,
            source="Teka et al. 2014, figure 1D-G",
        ),
    ),
    output="V",
    current_unit="nA",
    current=3.0,
    duration=1000.0,
    dt=0.025,
    integrator="rk4",
)
