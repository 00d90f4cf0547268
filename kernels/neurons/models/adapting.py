"""Spike-frequency adaptation: currents and thresholds that every spike moves."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Relax, Source, State, Values


def _sfa(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # uS mV = nA
    outward = p.g_L * (s.V - p.V_L) + p.g_AHP * s.Ca * (s.V - p.V_K)
    return {"V": (current - outward) / p.C, "Ca": -s.Ca / p.tau_Ca}


SFA = Model(
    name="SFANeuron",
    family="integrate-and-fire",
    title="Leaky integrate-and-fire with a calcium-gated potassium current",
    states=(
        State("V", "V_L", "mV", "membrane potential"),
        State("Ca", 0.0, "uM", "calcium concentration"),
    ),
    params=(
        Param("C", 0.5, "nF", 0.001, 100.0, "membrane capacitance"),
        Param("g_L", 0.025, "uS", 1e-5, 10.0, "leak conductance"),
        Param("V_L", -70.0, "mV", -120.0, -20.0, "leak reversal potential"),
        Param("V_th", -54.0, "mV", -100.0, 50.0, "threshold"),
        Param("V_r", -60.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("t_ref", 2.0, "ms", 0.0, 100.0, "refractory period"),
        Param("g_AHP", 0.015, "uS/uM", 0.0, 10.0, "afterhyperpolarization conductance"),
        Param("V_K", -80.0, "mV", -150.0, 0.0, "potassium reversal potential"),
        Param("alpha", 0.2, "uM", 0.0, 100.0, "calcium that a spike lets in"),
        Param("tau_Ca", 50.0, "ms", 0.1, 10_000.0, "decay time of calcium"),
    ),
    equations=(
        "C dV/dt = -g_L (V - V_L) - g_AHP [Ca] (V - V_K) + I",
        "d[Ca]/dt = -[Ca]/tau_Ca",
        "V >= V_th: spike, V <- V_r, held for t_ref, [Ca] <- [Ca] + alpha",
    ),
    sources=(
        Source(
            "Liu YH, Wang XJ",
            2001,
            "Spike-frequency adaptation of a generalized leaky integrate-and-fire model neuron",
            "J Comput Neurosci 10:25-45",
            "10.1023/A:1008916026143",
            "the I_AHP model",
        ),
        Source(
            "Treves A",
            1993,
            "Mean-field analysis of neuronal spike dynamics",
            "Network 4:259-284",
            "10.1088/0954-898X_4_3_002",
            "the potassium conductance that spikes raise",
        ),
    ),
    derivatives=_sfa,
    spike=lambda xp, s, p: s.V >= p.V_th,
    reset=lambda xp, s, p: {"V": p.V_r, "Ca": s.Ca + p.alpha},
    refractory="t_ref",
    clamped=("V",),
    output="V",
    current_unit="nA",
    current=1.0,
    duration=500.0,
    dt=0.02,
    integrator="rk4",
)


def _onset_rate(xp: Any, x: Array, p: Values) -> Array:
    """The f-I curve before adaptation: the upper half of a Boltzmann function, in Hz."""
    return p.f_max * xp.maximum(xp.tanh(0.5 * p.k * (x - p.I_0)), 0.0)


def _benda_herz(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    f = _onset_rate(xp, current - s.A, p)
    return {"A": Relax(p.alpha * f, p.tau), "f": Relax(f, 0.05)}


# The rate follows I - A at once. It stands among the states so that it can be drawn, and is 0.05 ms
# late there, which adaptation does not see.
BENDA_HERZ = Model(
    name="BendaHerzNeuron",
    family="rate",
    title="Spike-frequency adaptation as a rate model",
    states=(
        State("f", 0.0, "Hz", "firing rate"),
        State("A", 0.0, "1", "adaptation level, in units of the input"),
    ),
    params=(
        Param("f_max", 200.0, "Hz", 0.0, 10_000.0, "highest rate of the onset f-I curve"),
        Param("k", 1.0, "1", 0.0, 100.0, "slope of the onset f-I curve"),
        Param("I_0", 0.0, "1", -1000.0, 1000.0, "input at which firing begins"),
        Param("alpha", 0.05, "1/Hz", 0.0, 100.0, "adaptation per rate"),
        Param("tau", 100.0, "ms", 0.1, 100_000.0, "time constant of adaptation"),
    ),
    equations=(
        "f = f_0(I - A)",
        "tau dA/dt = -A + A_inf(f), A_inf = alpha f",
        "f_0(x) = f_max (2 / (1 + exp(-k (x - I_0))) - 1) above I_0, 0 below",
    ),
    sources=(
        Source(
            "Benda J, Herz AVM",
            2003,
            "A universal model for spike-frequency adaptation",
            "Neural Comput 15:2523-2564",
            "10.1162/089976603322385063",
            "the model, with the onset curve and constants of Benda's adaptation primer",
        ),
    ),
    derivatives=_benda_herz,
    rate=lambda xp, s, p: s.f,
    rate_unit="Hz",
    output="f",
    current_unit="1",
    current=3.0,
    duration=500.0,
    dt=0.02,
    integrator="exponential_euler",
)


def _mat(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "V": Relax(p.E_L + p.R * current, p.tau_m),
        "H_1": Relax(0.0 * s.H_1, p.tau_1),
        "H_2": Relax(0.0 * s.H_2, p.tau_2),
    }


def _mat_preset(name: str, title: str, alpha_1: float, alpha_2: float, omega: float) -> Preset:
    return Preset(
        name=name,
        title=title,
        params={"alpha_1": alpha_1, "alpha_2": alpha_2, "omega": omega},
        current=0.6,
        duration=500.0,
        source="Kobayashi et al. 2009, figure 5B, as in ModelDB 226422",
    )


MAT = Model(
    name="MATNeuron",
    family="integrate-and-fire",
    title="Multi-timescale adaptive threshold, without reset",
    states=(
        State("V", "E_L", "mV", "model potential, which no spike resets"),
        State("H_1", 0.0, "mV", "fast part of the threshold"),
        State("H_2", 0.0, "mV", "slow part of the threshold"),
    ),
    # a regular spiking cell
    params=(
        Param("tau_m", 5.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("R", 50.0, "MOhm", 0.0, 10_000.0, "membrane resistance"),
        Param("E_L", -65.0, "mV", -120.0, 0.0, "resting potential"),
        Param("omega", 19.0, "mV", -50.0, 100.0, "threshold at rest, above E_L"),
        Param("alpha_1", 37.0, "mV", -50.0, 500.0, "what a spike adds to H_1"),
        Param("alpha_2", 2.0, "mV", -50.0, 500.0, "what a spike adds to H_2"),
        Param("tau_1", 10.0, "ms", 0.1, 1000.0, "decay time of H_1"),
        Param("tau_2", 200.0, "ms", 0.1, 10_000.0, "decay time of H_2"),
        Param("tau_R", 2.0, "ms", 0.0, 100.0, "absolute refractory period"),
    ),
    equations=(
        "tau_m dV/dt = E_L - V + R I",
        "theta = E_L + omega + H_1 + H_2, dH_j/dt = -H_j/tau_j",
        "V >= theta: spike, H_j <- H_j + alpha_j, no other one for tau_R; V goes on",
    ),
    sources=(
        Source(
            "Kobayashi R, Tsubo Y, Shinomoto S",
            2009,
            "Made-to-order spiking neuron model equipped with a multi-timescale adaptive threshold",
            "Front Comput Neurosci 3:9",
            "10.3389/neuro.10.009.2009",
            "the model with two time scales (MAT2)",
        ),
    ),
    derivatives=_mat,
    spike=lambda xp, s, p: s.V >= p.E_L + p.omega + s.H_1 + s.H_2,
    reset=lambda xp, s, p: {"H_1": s.H_1 + p.alpha_1, "H_2": s.H_2 + p.alpha_2},
    refractory="tau_R",
    presets=(
        _mat_preset("regular_spiking", "Regular spiking", 30.0, 2.0, 20.0),
        _mat_preset("intrinsically_bursting", "Intrinsically bursting", 7.5, 1.5, 19.0),
        _mat_preset("fast_spiking", "Fast spiking", 10.0, 0.2, 10.0),
        _mat_preset("chattering", "Chattering", -0.5, 0.4, 26.0),
    ),
    aliases=("MAT2Neuron", "NonResettingLIFNeuron"),
    output="V",
    current_unit="nA",
    current=0.6,
    duration=500.0,
    dt=0.05,
    integrator="exponential_euler",
)


def _amat(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = (p.E_L - s.V + p.R * current) / p.tau_m
    return {
        "V": V,
        "H_1": -s.H_1 / p.tau_1,
        "H_2": -s.H_2 / p.tau_2,
        "theta_V": s.y - s.theta_V / p.tau_V,
        "y": p.beta * V - s.y / p.tau_V,
    }


AMAT = Model(
    name="AMATNeuron",
    family="integrate-and-fire",
    title="Augmented multi-timescale adaptive threshold",
    states=(
        State("V", "E_L", "mV", "model potential, which no spike resets"),
        State("H_1", 0.0, "mV", "fast part of the threshold"),
        State("H_2", 0.0, "mV", "slow part of the threshold"),
        State("theta_V", 0.0, "mV", "part of the threshold that follows the potential's rate"),
        State("y", 0.0, "mV/ms", "the first of the two filters of that part"),
    ),
    # tonic spiking
    params=(
        Param("tau_m", 10.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("R", 50.0, "MOhm", 0.0, 10_000.0, "membrane resistance"),
        Param("E_L", -70.0, "mV", -120.0, 0.0, "resting potential"),
        Param("omega", 5.0, "mV", -50.0, 100.0, "threshold at rest, above E_L"),
        Param("alpha_1", 10.0, "mV", -50.0, 500.0, "what a spike adds to H_1"),
        Param("alpha_2", 0.0, "mV", -50.0, 500.0, "what a spike adds to H_2"),
        Param("beta", 0.0, "1/ms", -10.0, 10.0, "dependence of the threshold on the potential"),
        Param("tau_1", 10.0, "ms", 0.1, 1000.0, "decay time of H_1"),
        Param("tau_2", 200.0, "ms", 0.1, 10_000.0, "decay time of H_2"),
        Param("tau_V", 5.0, "ms", 0.1, 1000.0, "time constant of the dependence"),
        Param("tau_R", 2.0, "ms", 0.0, 100.0, "absolute refractory period"),
    ),
    equations=(
        "tau_m dV/dt = E_L - V + R I",
        "theta = E_L + omega + H_1 + H_2 + theta_V, dH_j/dt = -H_j/tau_j",
        "theta_V(t) = beta int_0^inf K(s) V'(t - s) ds, K(s) = s exp(-s/tau_V)",
        "so dtheta_V/dt = y - theta_V/tau_V, dy/dt = beta dV/dt - y/tau_V",
        "V >= theta: spike, H_j <- H_j + alpha_j, no other one for tau_R; V goes on",
    ),
    sources=(
        Source(
            "Yamauchi S, Kim H, Shinomoto S",
            2011,
            "Elemental spiking neuron model for reproducing diverse firing patterns and predicting "
            "precise firing times",
            "Front Comput Neurosci 5:42",
            "10.3389/fncom.2011.00042",
            "constants as in NEST's amat2_psc_exp",
        ),
    ),
    derivatives=_amat,
    spike=lambda xp, s, p: s.V >= p.E_L + p.omega + s.H_1 + s.H_2 + s.theta_V,
    reset=lambda xp, s, p: {"H_1": s.H_1 + p.alpha_1, "H_2": s.H_2 + p.alpha_2},
    refractory="tau_R",
    output="V",
    current_unit="nA",
    current=0.2,
    duration=300.0,
    dt=0.05,
    integrator="rk4",
)
