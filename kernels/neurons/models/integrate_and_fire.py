"""Integrate-and-fire models: a membrane equation, a threshold and a reset."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import (
    Array,
    Model,
    Param,
    Preset,
    Relax,
    Source,
    State,
    Threshold,
    Values,
)
from kernels.neurons.models import firing_patterns
from kernels.neurons.rates import softplus


def _lapicque(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"V": Relax(p.V_rest + p.R * current, p.tau)}


LAPICQUE = Model(
    name="LapicqueNeuron",
    family="integrate-and-fire",
    title="Leaky integrate-and-fire",
    states=(State("V", "V_rest", "1", "membrane potential, in units of the threshold"),),
    params=(
        Param("tau", 20.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("R", 1.0, "1", 0.0, 1000.0, "membrane resistance"),
        Param("V_rest", 0.0, "1", -100.0, 100.0, "resting potential"),
        Param("theta", 1.0, "1", -100.0, 100.0, "threshold"),
        Param("V_r", 0.0, "1", -100.0, 100.0, "potential after a spike"),
        Param("t_ref", 0.0, "ms", 0.0, 100.0, "absolute refractory period"),
    ),
    equations=(
        "tau dV/dt = V_rest - V + R I",
        "V >= theta: spike, V <- V_r, held for t_ref",
    ),
    sources=(
        Source(
            "Lapicque L",
            1907,
            "Recherches quantitatives sur l'excitation électrique des nerfs traitée comme une "
            "polarisation",
            "J Physiol Pathol Gen 9:620-635",
            where="the leaky capacitor and the threshold",
        ),
        Source(
            "Brunel N, van Rossum MCW",
            2007,
            "Lapicque's 1907 paper: from frogs to integrate-and-fire",
            "Biol Cybern 97:337-339",
            "10.1007/s00422-007-0190-0",
            "the leaky capacitor of 1907 and what was made of it since",
        ),
    ),
    derivatives=_lapicque,
    spike=lambda xp, s, p: s.V >= p.theta,
    reset=lambda xp, s, p: {"V": p.V_r},
    refractory="t_ref",
    clamped=("V",),
    output="V",
    current_unit="1",
    current=2.0,
    duration=200.0,
    dt=0.1,
    integrator="exponential_euler",
)


def _quadratic(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"V": ((s.V - p.V_r) * (s.V - p.V_t) / (p.V_t - p.V_r) + current) / p.tau}


QUADRATIC = Model(
    name="QuadraticIFNeuron",
    family="integrate-and-fire",
    title="Quadratic integrate-and-fire",
    states=(State("V", "V_r", "mV", "membrane potential"),),
    params=(
        Param("tau", 10.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("V_r", -65.0, "mV", -120.0, -20.0, "resting potential without current"),
        Param("V_t", -50.0, "mV", -100.0, 0.0, "threshold without current"),
        Param("V_apex", 20.0, "mV", -40.0, 200.0, "potential at which a spike is cut"),
        Param("V_repol", -80.0, "mV", -200.0, 0.0, "potential after a spike"),
    ),
    equations=(
        "tau dV/dt = (V - V_r) (V - V_t) / (V_t - V_r) + I",
        "V >= V_apex: spike, V <- V_repol",
    ),
    sources=(
        Source(
            "Latham PE, Richmond BJ, Nelson PG, Nirenberg S",
            2000,
            "Intrinsic dynamics in neuronal networks. I. Theory",
            "J Neurophysiol 83:808-827",
            "10.1152/jn.2000.83.2.808",
            "the current is in mV, times the membrane resistance",
        ),
        Source(
            "Ermentrout GB, Kopell N",
            1986,
            "Parabolic bursting in an excitable system coupled with a slow oscillation",
            "SIAM J Appl Math 46:233-253",
            "10.1137/0146017",
            "the normal form near a saddle-node on a circle, with apex and reset at infinity",
        ),
    ),
    derivatives=_quadratic,
    spike=lambda xp, s, p: s.V >= p.V_apex,
    reset=lambda xp, s, p: {"V": p.V_repol},
    output="V",
    current_unit="mV",
    current=6.0,
    duration=500.0,
    dt=0.05,
    integrator="rk4",
)


def _exponential(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # beyond V_th there is no V to follow, and an intermediate step of rk4 may overflow there
    psi = p.g_L * p.Delta_T * xp.exp((xp.minimum(s.V, p.V_th) - p.V_T) / p.Delta_T)
    return {"V": (psi - p.g_L * (s.V - p.V_L) + current) / p.C}


# The spike is at infinite V. From V_th on the potential needs tau exp(-(V_th - V_T)/Delta_T),
# 0.002 ms, to get there, so nothing is lost where the integration stops.
EXPONENTIAL = Model(
    name="ExpIFNeuron",
    family="integrate-and-fire",
    title="Exponential integrate-and-fire",
    states=(State("V", "V_L", "mV", "membrane potential"),),
    params=(
        Param("C", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_L", 0.1, "mS/cm2", 0.0001, 10.0, "leak conductance"),
        Param("V_L", -65.0, "mV", -120.0, -20.0, "leak reversal potential"),
        Param("V_T", -59.9, "mV", -100.0, 0.0, "threshold, where the slope of the I-V curve is 0"),
        Param("Delta_T", 3.48, "mV", 0.25, 20.0, "slope factor"),
        Param("V_th", -30.0, "mV", -60.0, 60.0, "potential at which a spike is cut"),
        Param("V_r", -68.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("tau_ref", 1.7, "ms", 0.0, 100.0, "absolute refractory period"),
    ),
    equations=(
        "C dV/dt = -g_L (V - V_L) + g_L Delta_T exp((V - V_T)/Delta_T) + I",
        "V >= V_th: spike, V <- V_r, held for tau_ref",
    ),
    sources=(
        Source(
            "Fourcaud-Trocmé N, Hansel D, van Vreeswijk C, Brunel N",
            2003,
            "How spike generation mechanisms determine the neuronal response to fluctuating inputs",
            "J Neurosci 23:11628-11640",
            "10.1523/JNEUROSCI.23-37-11628.2003",
            "parameters fitted to the model of Wang and Buzsáki",
        ),
    ),
    derivatives=_exponential,
    spike=lambda xp, s, p: s.V >= p.V_th,
    reset=lambda xp, s, p: {"V": p.V_r},
    refractory="tau_ref",
    clamped=("V",),
    output="V",
    current_unit="uA/cm2",
    current=0.5,
    duration=500.0,
    dt=0.05,
    integrator="rk4",
    without_input="settles 1.1 mV above its leak potential",
)


def _adex(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # nS mV = pA, and w and the current are in nA
    # beyond V_peak there is no V to follow, though an intermediate step of rk4 may go there
    V = xp.minimum(s.V, p.V_peak)
    from_rest = V - p.E_L
    exponential = p.Delta_T * xp.exp((V - p.V_T) / p.Delta_T)
    return {
        "V": (p.g_L * (exponential - from_rest) + 1000.0 * (current - s.w)) / p.C,
        "w": (0.001 * p.a * from_rest - s.w) / p.tau_w,
    }


ADEX = Model(
    name="AdExNeuron",
    family="integrate-and-fire",
    title="Adaptive exponential integrate-and-fire",
    states=(
        State("V", "E_L", "mV", "membrane potential"),
        State("w", 0.0, "nA", "adaptation current"),
    ),
    params=(
        Param("C", 281.0, "pF", 1.0, 10_000.0, "membrane capacitance"),
        Param("g_L", 30.0, "nS", 0.01, 1000.0, "leak conductance"),
        Param("E_L", -70.6, "mV", -120.0, -20.0, "leak reversal potential"),
        Param("V_T", -50.4, "mV", -100.0, 0.0, "spike threshold"),
        Param("Delta_T", 2.0, "mV", 0.1, 20.0, "slope factor"),
        Param("tau_w", 144.0, "ms", 0.1, 5000.0, "time constant of adaptation"),
        Param("a", 4.0, "nS", -200.0, 500.0, "subthreshold adaptation"),
        Param("b", 0.0805, "nA", 0.0, 10.0, "spike-triggered adaptation"),
        Param("V_r", -70.6, "mV", -120.0, 0.0, "potential after a spike"),
        Param("V_peak", 20.0, "mV", -40.0, 60.0, "potential at which a spike is cut"),
    ),
    equations=(
        "C dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_T)/Delta_T) - w + I",
        "tau_w dw/dt = a (V - E_L) - w",
        "V >= V_peak: spike, V <- V_r, w <- w + b",
    ),
    sources=(
        Source(
            "Brette R, Gerstner W",
            2005,
            "Adaptive exponential integrate-and-fire model as an effective description of "
            "neuronal activity",
            "J Neurophysiol 94:3637-3642",
            "10.1152/jn.00686.2005",
            "equations 2 and 3; parameters: Methods, detailed model",
        ),
        Source(
            "Schemmel J, Brüderle D, Grübl A, Hock M, Meier K, Millner S",
            2010,
            "A wafer-scale neuromorphic hardware system for large-scale neural modeling",
            "IEEE International Symposium on Circuits and Systems, 1947-1950",
            "10.1109/ISCAS.2010.5536970",
            "BrainScaleS, whose circuit emulates these equations",
        ),
        Source(
            "Naud R, Marcille N, Clopath C, Gerstner W",
            2008,
            "Firing patterns in the adaptive exponential integrate-and-fire model",
            "Biol Cybern 99:335-347",
            "10.1007/s00422-008-0264-7",
            "table 1: the firing patterns",
        ),
    ),
    derivatives=_adex,
    spike=lambda xp, s, p: s.V >= p.V_peak,
    reset=lambda xp, s, p: {"V": p.V_r, "w": s.w + p.b},
    presets=firing_patterns.NAUD_2008,
    output="V",
    current_unit="nA",
    current=0.8,
    duration=200.0,
    dt=0.1,
    integrator="euler",
    aliases=("BrainScaleSAdExNeuron",),
)


def _izhikevich(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "v": 0.04 * s.v**2 + p.k_1 * s.v + p.k_0 - s.u + current,
        "u": p.a * (p.b * (s.v - p.v_u) - p.k_u * s.u),
    }


def _izhikevich_preset(name: str, **params: float) -> Preset:
    title = name.replace("_", " ").capitalize()
    return Preset(name=name, title=title, params=params, source="Izhikevich 2003, figure 2")


IZHIKEVICH = Model(
    name="IzhikevichNeuron",
    family="integrate-and-fire",
    title="Izhikevich's simple model",
    # the resting state of the default parameters
    states=(
        State("v", -70.0, "mV", "membrane potential"),
        State("u", -14.0, "mV/ms", "membrane recovery"),
    ),
    # the defaults are a regular spiking cell
    params=(
        Param("a", 0.02, "1/ms", -1.0, 1.0, "rate of recovery"),
        Param("b", 0.2, "1/ms", -5.0, 5.0, "sensitivity of recovery to the membrane potential"),
        Param("c", -65.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("d", 8.0, "mV/ms", -100.0, 100.0, "what a spike adds to recovery"),
        # these four are constants of the paper, but some of the twenty patterns change them
        Param("k_1", 5.0, "1/ms", 0.0, 10.0, "linear part of the rate of the potential"),
        Param("k_0", 140.0, "mV/ms", 0.0, 500.0, "constant part of the rate of the potential"),
        Param("v_u", 0.0, "mV", -120.0, 50.0, "potential from which recovery measures v"),
        Param("k_u", 1.0, "1", 0.0, 1.0, "whether recovery decays, 1, or integrates, 0"),
    ),
    equations=(
        "dv/dt = 0.04 v² + k_1 v + k_0 - u + I",
        "du/dt = a (b (v - v_u) - k_u u)",
        "v >= 30 mV: spike, v <- c, u <- u + d",
    ),
    sources=(
        Source(
            "Izhikevich EM",
            2003,
            "Simple model of spiking neurons",
            "IEEE Trans Neural Netw 14:1569-1572",
            "10.1109/TNN.2003.820440",
            "equations 1-3, figure 2: k_1 = 5, k_0 = 140, v_u = 0, k_u = 1",
        ),
        Source(
            "Izhikevich EM",
            2004,
            "Which model to use for cortical spiking neurons?",
            "IEEE Trans Neural Netw 15:1063-1070",
            "10.1109/TNN.2004.832719",
            "figure 1 and its script: the twenty patterns",
        ),
    ),
    derivatives=_izhikevich,
    spike=lambda xp, s, p: s.v >= 30.0,
    reset=lambda xp, s, p: {"v": p.c, "u": s.u + p.d},
    presets=(
        _izhikevich_preset("regular_spiking", a=0.02, b=0.2, c=-65.0, d=8.0),
        _izhikevich_preset("intrinsically_bursting", a=0.02, b=0.2, c=-55.0, d=4.0),
        _izhikevich_preset("chattering", a=0.02, b=0.2, c=-50.0, d=2.0),
        _izhikevich_preset("fast_spiking", a=0.1, b=0.2, c=-65.0, d=2.0),
        _izhikevich_preset("low_threshold_spiking", a=0.02, b=0.25, c=-65.0, d=2.0),
        *firing_patterns.IZHIKEVICH_2004,
    ),
    output="v",
    current_unit="1",
    current=10.0,
    duration=500.0,
    dt=0.025,
    integrator="rk4",
)


def _resonate(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "x": p.b * s.x - p.omega * s.y + current,
        "y": p.omega * s.x + p.b * s.y,
    }


# A pulse, or the onset of a step, makes it fire; a constant current only from 9.4 on, which is
# when z, turning about its new rest, comes back from i to the threshold. Above omega the current
# carries z straight back, within about 2 / (omega (I - omega)): the spikes then crowd together.
RESONATE = Model(
    name="ResonateAndFireNeuron",
    family="integrate-and-fire",
    title="Resonate-and-fire",
    states=(
        State("x", 0.0, "1", "current-like variable, the real part of z"),
        State("y", 0.0, "1", "voltage-like variable, the imaginary part of z"),
    ),
    params=(
        Param("b", -1.0, "1", -100.0, 0.0, "attraction to rest"),
        Param("omega", 10.0, "1", 0.01, 1000.0, "angular frequency of the oscillation"),
    ),
    equations=(
        "dz/dt = (b + i omega) z + I, z = x + i y",
        "y rises through 1: spike, z <- i",
    ),
    sources=(
        Source(
            "Izhikevich EM",
            2001,
            "Resonate-and-fire neurons",
            "Neural Netw 14:883-894",
            "10.1016/S0893-6080(01)00078-8",
            "the system in z with b = -1 and omega = 10, its threshold and its reset to i",
        ),
    ),
    derivatives=_resonate,
    spike=Threshold("y", 1.0),
    reset=lambda xp, s, p: {"x": 0.0, "y": 1.0},
    output="y",
    current_unit="1",
    current=10.0,
    duration=20.0,
    dt=0.005,
    integrator="rk4",
    time_unit="1",
)


def _adaptive_threshold(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    theta_inf = p.V_T + p.k_a * softplus(xp, (s.V - p.V_i) / p.k_i)
    return {
        "V": Relax(p.E_L + current, p.tau),
        "theta": Relax(theta_inf, p.tau_theta),
    }


ADAPTIVE_THRESHOLD = Model(
    name="AdaptiveThresholdIFNeuron",
    family="integrate-and-fire",
    title="Integrate-and-fire with the threshold of sodium inactivation",
    states=(
        State("V", "E_L", "mV", "membrane potential"),
        # theta_inf(E_L)
        State("theta", -53.6445, "mV", "threshold"),
    ),
    params=(
        Param("tau", 5.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("E_L", -70.0, "mV", -120.0, -20.0, "leak reversal potential"),
        Param("V_T", -55.0, "mV", -100.0, 0.0, "lowest threshold, without inactivation"),
        Param("V_i", -63.0, "mV", -120.0, 0.0, "half-inactivation potential of sodium channels"),
        Param("k_a", 5.0, "mV", 0.0, 30.0, "slope factor of activation"),
        Param("k_i", 6.0, "mV", 0.5, 30.0, "slope factor of inactivation"),
        Param("tau_theta", 5.0, "ms", 0.1, 1000.0, "time constant of inactivation"),
        Param("t_ref", 5.0, "ms", 0.0, 100.0, "absolute refractory period"),
    ),
    equations=(
        "tau dV/dt = E_L - V + I",
        "tau_theta dtheta/dt = theta_inf(V) - theta",
        "theta_inf = V_T - k_a log h_inf, h_inf = 1 / (1 + exp((V - V_i)/k_i))",
        "V >= theta: spike, V <- E_L, held for t_ref",
    ),
    sources=(
        Source(
            "Platkiewicz J, Brette R",
            2010,
            "A threshold equation for action potential initiation",
            "PLoS Comput Biol 6:e1000850",
            "10.1371/journal.pcbi.1000850",
            "the threshold and its dynamics",
        ),
        Source(
            "Platkiewicz J, Brette R",
            2011,
            "Impact of fast sodium channel inactivation on spike threshold dynamics and synaptic "
            "integration",
            "PLoS Comput Biol 7:e1001129",
            "10.1371/journal.pcbi.1001129",
            "the integrate-and-fire model and its parameters, figure 5; the current is in mV, "
            "times the membrane resistance",
        ),
    ),
    derivatives=_adaptive_threshold,
    spike=lambda xp, s, p: s.V >= s.theta,
    reset=lambda xp, s, p: {"V": p.E_L},
    refractory="t_ref",
    clamped=("V",),
    output="V",
    current_unit="mV",
    current=35.0,
    duration=200.0,
    dt=0.05,
    integrator="exponential_euler",
)


def _glif(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # mV/MOhm = nA, and the currents are in pA
    from_rest = s.V - p.E_L
    return {
        "V": (current + s.I_1 + s.I_2 - 1000.0 * from_rest / p.R) / p.C,
        "I_1": -p.k_1 * s.I_1,
        "I_2": -p.k_2 * s.I_2,
        "theta_s": -p.b_s * s.theta_s,
        "theta_v": p.a_v * from_rest - p.b_v * s.theta_v,
    }


def _glif_reset(xp: Any, s: Values, p: Values) -> dict[str, Array]:
    """The state after the spike, which is cut out: what decays has decayed for its length."""
    return {
        "V": p.E_L + p.f_v * (s.V - p.E_L) - p.delta_V,
        "I_1": p.f_1 * s.I_1 * xp.exp(-p.k_1 * p.delta_t) + p.delta_I_1,
        "I_2": p.f_2 * s.I_2 * xp.exp(-p.k_2 * p.delta_t) + p.delta_I_2,
        "theta_s": s.theta_s * xp.exp(-p.b_s * p.delta_t) + p.delta_theta_s,
    }


GLIF = Model(
    name="GLIFNeuron",
    family="integrate-and-fire",
    title="Generalized leaky integrate-and-fire of the Allen Institute (GLIF5)",
    states=(
        State("V", "E_L", "mV", "membrane potential"),
        State("I_1", 0.0, "pA", "slow after-spike current"),
        State("I_2", 0.0, "pA", "fast after-spike current"),
        State("theta_s", 0.0, "mV", "threshold component that spikes induce"),
        State("theta_v", 0.0, "mV", "threshold component that follows the voltage"),
    ),
    params=(
        Param("C", 58.72, "pF", 1.0, 10_000.0, "membrane capacitance"),
        Param("R", 106.04, "MOhm", 0.1, 100_000.0, "membrane resistance"),
        Param("E_L", -78.85, "mV", -120.0, -20.0, "resting potential"),
        Param("theta_inf", -51.68, "mV", -100.0, 0.0, "instantaneous threshold"),
        Param("delta_t", 3.75, "ms", 0.0, 100.0, "length of the spike that is cut out"),
        Param("f_v", 0.2, "1", -1.0, 1.0, "share of the potential that a spike leaves"),
        Param("delta_V", -18.51, "mV", -100.0, 100.0, "what a spike takes off the potential"),
        Param("b_s", 0.009, "1/ms", 0.0, 10.0, "decay rate of the spike-induced threshold"),
        Param("delta_theta_s", 0.37, "mV", -100.0, 100.0, "what a spike adds to the threshold"),
        Param("k_1", 0.003, "1/ms", 0.0, 10.0, "decay rate of the slow after-spike current"),
        Param("k_2", 0.1, "1/ms", 0.0, 10.0, "decay rate of the fast after-spike current"),
        Param("f_1", 1.0, "1", 0.0, 1.0, "share of the slow current that a spike leaves"),
        Param("f_2", 1.0, "1", 0.0, 1.0, "share of the fast current that a spike leaves"),
        Param("delta_I_1", -9.18, "pA", -10_000.0, 10_000.0, "slow current that a spike adds"),
        Param("delta_I_2", -198.94, "pA", -10_000.0, 10_000.0, "fast current that a spike adds"),
        Param("a_v", 0.005, "1/ms", -10.0, 10.0, "coupling of the threshold to the voltage"),
        Param("b_v", 0.09, "1/ms", 0.0, 10.0, "decay rate of the voltage-induced threshold"),
    ),
    equations=(
        "C dV/dt = I + I_1 + I_2 - (V - E_L)/R",
        "dI_j/dt = -k_j I_j, for j = 1, 2",
        "dtheta_s/dt = -b_s theta_s",
        "dtheta_v/dt = a_v (V - E_L) - b_v theta_v",
        "V >= theta_inf + theta_s + theta_v: spike, then all is held for delta_t at",
        "V <- E_L + f_v (V - E_L) - delta_V",
        "I_j <- f_j I_j exp(-k_j delta_t) + delta_I_j",
        "theta_s <- theta_s exp(-b_s delta_t) + delta_theta_s",
    ),
    sources=(
        Source(
            "Teeter C, Iyer R, Menon V, Gouwens N, Feng D, Berg J, Szafer A, Cain N, Zeng H, "
            "Hawrylycz M, Koch C, Mihalas S",
            2018,
            "Generalized leaky integrate-and-fire models classify multiple neuron types",
            "Nat Commun 9:709",
            "10.1038/s41467-017-02717-4",
            "equations 1-7; parameters: cell 490626718 of the Allen Cell Types Database",
        ),
        Source(
            "Mihalaş Ş, Niebur E",
            2009,
            "A generalized linear integrate-and-fire neural model produces diverse spiking "
            "behaviors",
            "Neural Comput 21:704-718",
            "10.1162/neco.2008.12-07-680",
            "the model that it simplifies",
        ),
    ),
    derivatives=_glif,
    spike=lambda xp, s, p: s.V >= p.theta_inf + s.theta_s + s.theta_v,
    reset=_glif_reset,
    refractory="delta_t",
    clamped=("V", "I_1", "I_2", "theta_s", "theta_v"),
    output="V",
    current_unit="pA",
    current=400.0,
    duration=500.0,
    dt=0.05,
    integrator="rk4",
)
