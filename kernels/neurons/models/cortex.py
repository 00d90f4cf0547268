"""Pyramidal cells of the cortex, reduced to one compartment."""

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
    gate,
)
from kernels.neurons.rates import linoid, traub_miles

_PHI_U = 3.0**1.2  # the T-current was measured at 24 °C; Q10 of 3


def _pospischil(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    V_s = V + p.V_x
    p_inf = 1.0 / (1.0 + xp.exp((V + 35.0) / -10.0))
    tau_p = p.tau_max / (3.3 * xp.exp((V + 35.0) / 20.0) + xp.exp((V + 35.0) / -20.0))
    s_inf = 1.0 / (1.0 + xp.exp((V_s + 57.0) / -6.2))
    u_inf = 1.0 / (1.0 + xp.exp((V_s + 81.0) / 4.0))
    tau_u = 30.8 + (211.4 + xp.exp((V_s + 113.2) / 5.0)) / (1.0 + xp.exp((V_s + 84.0) / 3.2))
    I_Na = p.g_Na * s.m**3 * s.h * (V - p.E_Na)
    I_Kd = p.g_Kd * s.n**4 * (V - p.E_K)
    I_M = p.g_M * s.p * (V - p.E_K)
    I_L = p.g_L * s.q**2 * s.r * (V - p.E_Ca)
    I_T = p.g_T * s_inf**2 * s.u * (V - p.E_Ca)
    I_leak = p.g_leak * (V - p.E_leak)
    return {
        "V": (current - I_leak - I_Na - I_Kd - I_M - I_L - I_T) / p.C_m,
        **traub_miles(xp, V - p.V_T),
        "p": Relax(p_inf, tau_p),
        "q": gate(0.055 * linoid(xp, V + 27.0, 3.8), 0.94 * xp.exp((V + 75.0) / -17.0)),
        "r": gate(
            0.000457 * xp.exp((V + 13.0) / -50.0),
            0.0065 / (1.0 + xp.exp((V + 15.0) / -28.0)),
        ),
        "u": Relax(u_inf, tau_u / _PHI_U),
    }


_BURSTING = {"g_leak": 0.01, "E_leak": -85.0, "g_M": 0.03}
_BURSTING_AT_REST = {
    "V": -85.28711,
    "m": 1.404880e-05,
    "h": 0.9999982,
    "n": 0.0001233536,
    "p": 0.006504659,
    "q": 4.059636e-07,
    "r": 0.7988684,
    "u": 0.6391731,
}
_DEMONSTRATION = "Pospischil et al. 2008; the authors' demonstration in ModelDB 123623"

POSPISCHIL = Model(
    name="PospischilNeuron",
    family="conductance",
    title="Cortical cell of minimal currents: regular, fast, bursting or low-threshold spiking",
    # rest without current
    states=(
        State("V", -70.57123, "mV", "membrane potential"),
        State("m", 0.0004646476, "1", "activation of sodium"),
        State("h", 0.9999238, "1", "inactivation of sodium"),
        State("n", 0.002282665, "1", "activation of the delayed rectifier"),
        State("p", 0.02772987, "1", "activation of the M-current"),
        State("q", 3.466528e-05, "1", "activation of the L-current"),
        State("r", 0.6479220, "1", "inactivation of the L-current"),
        State("u", 0.04281158, "1", "inactivation of the T-current"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_leak", 0.1, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("E_leak", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("g_Na", 50.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_Kd", 5.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the delayed rectifier"),
        Param("g_M", 0.07, "mS/cm2", 0.0, 10.0, "maximal conductance of the M-current"),
        Param("g_L", 0.0, "mS/cm2", 0.0, 10.0, "maximal conductance of the L-current"),
        Param("g_T", 0.0, "mS/cm2", 0.0, 10.0, "maximal conductance of the T-current"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -100.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_Ca", 120.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param(
            "V_T", -55.0, "mV", -100.0, 0.0, "where the voltage of the spike's rates counts from"
        ),
        Param("V_x", 2.0, "mV", -20.0, 20.0, "shift of the T-current"),
        Param("tau_max", 1000.0, "ms", 1.0, 10_000.0, "time constant of the M-current"),
    ),
    equations=(
        "C_m dV/dt = I - g_leak (V - E_leak) - g_Na m³ h (V - E_Na) - g_Kd n⁴ (V - E_K)"
        " - g_M p (V - E_K) - g_L q² r (V - E_Ca) - g_T s_inf² u (V - E_Ca)",
        "m, h, n: rates of Traub and Miles over V - V_T",
        "dp/dt = (p_inf - p)/tau_p, p_inf = 1 / (1 + exp(-(V + 35)/10))",
        "tau_p = tau_max / (3.3 exp((V + 35)/20) + exp(-(V + 35)/20))",
        "dx/dt = alpha_x (1 - x) - beta_x x, for x = q, r",
        "alpha_q = 0.055 (V + 27) / (1 - exp(-(V + 27)/3.8)), beta_q = 0.94 exp(-(V + 75)/17)",
        "alpha_r = 0.000457 exp(-(V + 13)/50), beta_r = 0.0065 / (1 + exp(-(V + 15)/28))",
        "s_inf = 1 / (1 + exp(-(V + V_x + 57)/6.2))",
        "du/dt = (u_inf - u)/tau_u, u_inf = 1 / (1 + exp((V + V_x + 81)/4))",
        "tau_u = (30.8 + (211.4 + exp((V + V_x + 113.2)/5)) / (1 + exp((V + V_x + 84)/3.2)))"
        " / 3^1.2",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Pospischil M, Toledo-Rodriguez M, Monier C, Piwkowska Z, Bal T, Frégnac Y, "
            "Markram H, Destexhe A",
            2008,
            "Minimal Hodgkin-Huxley type models for different classes of cortical and thalamic "
            "neurons",
            "Biol Cybern 99:427-441",
            "10.1007/s00422-008-0263-8",
            "conductances and stimuli of the authors' demonstrations, ModelDB 123623; the "
            "calcium reversal potential is constant",
        ),
    ),
    derivatives=_pospischil,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=2.59,
    duration=400.0,
    dt=0.02,
    integrator="rk4",
    presets=(
        Preset(
            name="regular_spiking",
            title="Pyramidal cell, regular spiking",
            params={},
            source=f"{_DEMONSTRATION}: 0.75 nA into 29 000 um2",
        ),
        Preset(
            name="fast_spiking",
            title="Interneuron, fast spiking",
            params={"g_leak": 0.15, "g_Kd": 10.0, "g_M": 0.0},
            init={"V": -69.99999, "m": 0.0005307437, "n": 0.002547246},
            current=3.545,
            source=f"{_DEMONSTRATION}: 0.5 nA into 14 100 um2",
        ),
        Preset(
            name="intrinsically_bursting",
            title="Pyramidal cell, one burst and then single spikes",
            params={**_BURSTING, "g_L": 0.17},
            init=_BURSTING_AT_REST,
            current=0.518,
            duration=2000.0,
            source=f"{_DEMONSTRATION}: 0.15 nA into 29 000 um2",
        ),
        Preset(
            name="repetitively_bursting",
            title="Pyramidal cell, burst after burst",
            params={**_BURSTING, "g_L": 0.22},
            init=_BURSTING_AT_REST,
            current=0.518,
            duration=2000.0,
            source=f"{_DEMONSTRATION}: 0.15 nA into 29 000 um2",
        ),
        Preset(
            name="low_threshold_spiking",
            title="Cell with the T-current, low-threshold spike",
            params={**_BURSTING, "g_T": 0.4},
            init={
                "V": -83.95080,
                "m": 1.938409e-05,
                "h": 0.9999975,
                "n": 0.0001617042,
                "p": 0.007427723,
                "q": 6.099244e-07,
                "r": 0.7872304,
                "u": 0.5591470,
            },
            current=0.518,
            source=f"{_DEMONSTRATION}: 0.15 nA into 29 000 um2",
        ),
    ),
)


def _wilson(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    m_inf = 17.8 + 47.6 * V + 33.8 * V**2
    R_inf = 1.24 + 3.7 * V + 3.2 * V**2
    T_inf = 8.0 * (V + 0.725) ** 2
    I_Na = m_inf * (V - p.E_Na)
    I_K = p.g_R * s.R * (V - p.E_K)
    I_T = p.g_T * s.T * (V - p.E_T)
    I_H = p.g_H * s.H * (V - p.E_K)
    return {
        "V": (current - I_Na - I_K - I_T - I_H) / p.C,
        "R": Relax(R_inf, p.tau_R),
        "T": Relax(T_inf, p.tau_T),
        "H": Relax(3.0 * s.T, p.tau_H),
    }


WILSON = Model(
    name="WilsonHRNeuron",
    family="conductance",
    title="Wilson's polynomial neocortical neuron",
    # rest without current
    states=(
        State("V", -0.7502733, "100 mV", "membrane potential"),
        State("R", 0.2653009, "1", "recovery: potassium"),
        State("T", 0.005109926, "1", "activation of the T-current"),
        State(
            "H", 0.01532978, "1", "activation of the afterhyperpolarization, which calcium drives"
        ),
    ),
    params=(
        Param("C", 1.0, "1", 0.01, 100.0, "membrane capacitance"),
        Param("g_R", 26.0, "1", 0.0, 1000.0, "potassium conductance"),
        Param("g_T", 0.1, "1", 0.0, 100.0, "conductance of the T-current"),
        Param("g_H", 5.0, "1", 0.0, 100.0, "conductance of the afterhyperpolarization"),
        Param("E_Na", 0.5, "100 mV", 0.0, 1.5, "sodium reversal potential"),
        Param("E_K", -0.95, "100 mV", -1.5, -0.3, "potassium reversal potential"),
        Param("E_T", 1.2, "100 mV", 0.0, 2.0, "calcium reversal potential"),
        Param("tau_R", 4.2, "ms", 0.1, 100.0, "time constant of the recovery"),
        Param("tau_T", 14.0, "ms", 0.1, 1000.0, "time constant of the T-current"),
        Param("tau_H", 45.0, "ms", 0.1, 10_000.0, "time constant of the afterhyperpolarization"),
    ),
    equations=(
        "C dV/dt = I - m_inf (V - E_Na) - g_R R (V - E_K) - g_T T (V - E_T) - g_H H (V - E_K)",
        "tau_R dR/dt = R_inf - R, tau_T dT/dt = T_inf - T, tau_H dH/dt = 3 T - H",
        "m_inf = 17.8 + 47.6 V + 33.8 V², R_inf = 1.24 + 3.7 V + 3.2 V²",
        "T_inf = 8 (V + 0.725)²",
        "V rises through -0.2 (-20 mV): spike",
    ),
    sources=(
        Source(
            "Wilson HR",
            1999,
            "Simplified dynamics of human and mammalian neocortical neurons",
            "J Theor Biol 200:375-388",
            "10.1006/jtbi.1999.1002",
            "regular-spiking, fast-spiking and bursting cells",
        ),
        Source(
            "Wilson HR",
            1999,
            "Spikes, Decisions, and Actions",
            "Oxford University Press",
            None,
            "chapters 9 and 10; the level at which its programs count a spike",
        ),
    ),
    derivatives=_wilson,
    spike=Threshold("V", -0.2),
    output="V",
    current_unit="1",
    current=0.85,
    duration=400.0,
    dt=0.02,
    integrator="rk4",
    presets=(
        Preset(
            name="fast_spiking",
            title="Fast-spiking interneuron",
            params={"tau_R": 1.5, "g_T": 0.25, "g_H": 0.0},
            source="Wilson 1999, figure 2",
        ),
        Preset(
            name="bursting",
            title="Neuron that bursts continuously",
            params={"g_T": 2.25, "g_H": 9.5},
            source="Wilson 1999, figure 4",
        ),
        Preset(
            name="intrinsically_bursting",
            title="Neuron that bursts once and then fires singly",
            params={"g_T": 0.8, "g_H": 4.0},
            source="Wilson 1999, figure 5",
        ),
    ),
)


def _sigmoid(xp: Any, V: Array, theta: float, sigma: float) -> Array:
    return 1.0 / (1.0 + xp.exp((V - theta) / -sigma))


def _golomb_amitai(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    m, q = _sigmoid(xp, V, -30.0, 9.5), _sigmoid(xp, V, -40.0, 5.0)
    I_Na = p.g_Na * m**3 * s.h * (V - p.V_Na)
    I_NaP = p.g_NaP * q * (V - p.V_Na)
    a = _sigmoid(xp, V, -50.0, 20.0)
    I_K = (p.g_Kdr * s.n**4 + p.g_A * a**3 * s.b + p.g_Kslow * s.z) * (V - p.V_K)
    tau_h = (1.0 + 7.5 * _sigmoid(xp, V, -40.5, -6.0)) / p.phi
    tau_n = (1.0 + 5.0 * _sigmoid(xp, V, -27.0, -15.0)) / p.phi
    return {
        "V": (current - p.g_L * (V - p.V_L) - I_Na - I_NaP - I_K) / p.C,
        "h": Relax(_sigmoid(xp, V, -53.0, -7.0), tau_h),
        "n": Relax(_sigmoid(xp, V, -30.0, 10.0), tau_n),
        "b": Relax(_sigmoid(xp, V, -80.0, -6.0), p.tau_b),
        "z": Relax(_sigmoid(xp, V, -39.0, 5.0), p.tau_z),
    }


# The cell alone: in its paper cells excite each other along a slice.
GOLOMB_AMITAI = Model(
    name="GolombAmitaiNeuron",
    family="conductance",
    title="Regular-spiking cell of the neocortical slice",
    # rest without current
    states=(
        State("V", -73.865541, "mV", "membrane potential"),
        State("h", 0.95169877, "1", "inactivation of sodium"),
        State("n", 0.012290601, "1", "activation of potassium"),
        State("b", 0.26455827, "1", "inactivation of the A-current"),
        State("z", 0.00093585803, "1", "activation of slow potassium"),
    ),
    params=(
        Param("C", 1.0, "uF/cm2", 0.1, 100.0, "membrane capacitance"),
        Param("g_L", 0.02, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("g_Na", 24.0, "mS/cm2", 0.0, 300.0, "maximal sodium conductance"),
        Param("g_NaP", 0.07, "mS/cm2", 0.0, 10.0, "maximal persistent sodium conductance"),
        Param("g_Kdr", 3.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_A", 1.4, "mS/cm2", 0.0, 100.0, "maximal conductance of the A-current"),
        Param("g_Kslow", 1.0, "mS/cm2", 0.0, 100.0, "maximal slow potassium conductance"),
        Param("V_L", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("V_Na", 55.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("V_K", -90.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("phi", 2.7, "1", 0.01, 100.0, "temperature factor of h and n"),
        Param("tau_b", 15.0, "ms", 0.1, 10_000.0, "inactivation time constant of the A-current"),
        Param("tau_z", 75.0, "ms", 0.1, 10_000.0, "time constant of slow potassium"),
    ),
    equations=(
        "C dV/dt = I - g_L (V - V_L) - (g_Na m_inf³ h + g_NaP p_inf)(V - V_Na)"
        " - (g_Kdr n⁴ + g_A a_inf³ b + g_Kslow z)(V - V_K)",
        "dh/dt = phi (h_inf - h) / (1 + 7.5 G(V; -40.5, -6)), h_inf = G(V; -53, -7)",
        "dn/dt = phi (n_inf - n) / (1 + 5 G(V; -27, -15)), n_inf = G(V; -30, 10)",
        "db/dt = (b_inf - b)/tau_b, b_inf = G(V; -80, -6)",
        "dz/dt = (z_inf - z)/tau_z, z_inf = G(V; -39, 5)",
        "m_inf = G(V; -30, 9.5), p_inf = G(V; -40, 5), a_inf = G(V; -50, 20)",
        "G(V; theta, sigma) = 1 / (1 + exp(-(V - theta)/sigma))",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Golomb D, Amitai Y",
            1997,
            "Propagating neuronal discharges in neocortical slices: computational and "
            "experimental study",
            "J Neurophysiol 78:1199-1211",
            "10.1152/jn.1997.78.3.1199",
            "the excitatory cell",
        ),
        Source(
            "Golomb D, Shedmi A, Curtu R, Ermentrout GB",
            2006,
            "Persistent synchronized bursting activity in cortical tissues with low magnesium "
            "concentration: a modeling study",
            "J Neurophysiol 95:1049-1067",
            "10.1152/jn.00932.2005",
            "the same currents in their program, ModelDB 57905, which calls them the GA model",
        ),
        Source(
            "Ermentrout GB, Terman DH",
            2010,
            "Mathematical Foundations of Neuroscience",
            "Springer, New York",
            "10.1007/978-0-387-87708-2",
            "their program of the cell has no A-current and less slow potassium",
        ),
    ),
    derivatives=_golomb_amitai,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=2.0,
    duration=500.0,
    dt=0.02,
    integrator="rk4",
    presets=(
        Preset(
            name="ermentrout",
            title="As in Ermentrout's program: no A-current, and it adapts little",
            params={"g_A": 0.0, "g_Kslow": 0.1},
            init={"V": -67.960548, "h": 0.89446859, "n": 0.021965867, "z": 0.0030422541},
            current=0.5,
            source="Ermentrout and Terman 2010, program of the Golomb-Amitai model",
        ),
    ),
)
