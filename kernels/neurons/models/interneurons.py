"""Inhibitory interneurons of the cortex that fire fast."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import (
    Array,
    Model,
    Param,
    Relax,
    Source,
    State,
    Threshold,
    Values,
    gate,
)
from kernels.neurons.rates import linoid


def _boltzmann(xp: Any, V: Array, theta: Array, sigma: Array) -> Array:
    return 1.0 / (1.0 + xp.exp((theta - V) / sigma))


def _golomb(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    m_inf = _boltzmann(xp, V, p.theta_m, p.sigma_m)
    a_inf, b_inf = _boltzmann(xp, V, -50.0, 20.0), _boltzmann(xp, V, -70.0, -6.0)
    tau_h = 0.5 + 14.0 * _boltzmann(xp, V, -60.0, -12.0)
    tau_n = (0.087 + 11.4 * _boltzmann(xp, V, -14.6, -8.6)) * (
        0.087 + 11.4 * _boltzmann(xp, V, 1.3, 18.7)
    )
    I_Na = p.g_Na * m_inf**3 * s.h * (V - p.V_Na)
    I_Kdr = p.g_Kdr * s.n**2 * (V - p.V_K)
    I_d = p.g_d * s.a**3 * s.b * (V - p.V_K)
    I_L = p.g_L * (V - p.V_L)
    return {
        "V": (current - I_Na - I_Kdr - I_d - I_L) / p.C,
        "h": Relax(_boltzmann(xp, V, -58.3, -6.7), tau_h),
        "n": Relax(_boltzmann(xp, V, -12.4, 6.8), tau_n),
        "a": Relax(a_inf, p.tau_a),
        "b": Relax(b_inf, p.tau_b),
    }


GOLOMB_FS = Model(
    name="GolombFSNeuron",
    family="conductance",
    title="Fast-spiking cortical interneuron with a slowly inactivating potassium current",
    # rest without current
    states=(
        State("V", -70.03811, "mV", "membrane potential"),
        State("h", 0.8521993, "1", "inactivation of sodium"),
        State("n", 0.0002083273, "1", "activation of the delayed rectifier (Kv3)"),
        State("a", 0.2685670, "1", "activation of the d-current (Kv1)"),
        State("b", 0.5015877, "1", "inactivation of the d-current"),
    ),
    params=(
        Param("C", 1.0, "uF/cm2", 0.5, 100.0, "membrane capacitance"),
        Param("g_Na", 112.5, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param(
            "g_Kdr", 225.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the delayed rectifier"
        ),
        Param("g_d", 0.39, "mS/cm2", 0.0, 100.0, "maximal conductance of the d-current"),
        Param("g_L", 0.25, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("V_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("V_K", -90.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("theta_m", -24.0, "mV", -60.0, 20.0, "half-activation of sodium: its window current"),
        Param("sigma_m", 11.5, "mV", 1.0, 40.0, "slope of the activation of sodium"),
        Param("tau_a", 2.0, "ms", 0.1, 100.0, "activation time constant of the d-current"),
        Param("tau_b", 150.0, "ms", 1.0, 10_000.0, "inactivation time constant of the d-current"),
    ),
    equations=(
        "C dV/dt = I - g_Na m_inf³ h (V - V_Na) - g_Kdr n² (V - V_K) - g_d a³ b (V - V_K)"
        " - g_L (V - V_L)",
        "dx/dt = (x_inf - x)/tau_x, for x = h, n, a, b; "
        "x_inf = 1 / (1 + exp(-(V - theta_x)/sigma_x))",
        "theta_h = -58.3, sigma_h = -6.7, theta_n = -12.4, sigma_n = 6.8",
        "theta_a = -50, sigma_a = 20, theta_b = -70, sigma_b = -6",
        "tau_h = 0.5 + 14 / (1 + exp((V + 60)/12))",
        "tau_n = (0.087 + 11.4 / (1 + exp((V + 14.6)/8.6)))"
        " (0.087 + 11.4 / (1 + exp(-(V - 1.3)/18.7)))",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Golomb D, Donner K, Shacham L, Shlosberg D, Amitai Y, Hansel D",
            2007,
            "Mechanisms of firing patterns in fast-spiking cortical interneurons",
            "PLoS Comput Biol 3:e156",
            "10.1371/journal.pcbi.0030156",
            "figure 2C, with the constants of the authors' program, ModelDB 97747",
        ),
    ),
    derivatives=_golomb,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=3.35,
    duration=1000.0,
    dt=0.02,
    integrator="rk4",
)


def _erisir(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    alpha_m, beta_m = 40.0 * linoid(xp, V - 75.5, 13.5), 1.2262 * xp.exp(V / -42.248)
    m_inf = alpha_m / (alpha_m + beta_m)
    I_Na = p.g_Na * m_inf**3 * s.h * (V - p.E_Na)
    I_K = p.g_K * s.n**2 * (V - p.E_K)
    I_L = p.g_L * (V - p.E_L)
    return {
        "V": (current - I_Na - I_K - I_L) / p.C_m,
        "h": gate(0.0035 * xp.exp(V / -24.186), 0.017 * linoid(xp, V + 51.25, 5.2)),
        "n": gate(linoid(xp, V - 95.0, 11.8), 0.025 * xp.exp(V / -22.222)),
    }


ERISIR = Model(
    name="ErisirNeuron",
    family="conductance",
    title="Fast-spiking neocortical interneuron with Kv3 channels",
    # rest without current
    states=(
        State("V", -69.83144, "mV", "membrane potential"),
        State("h", 0.8731990, "1", "inactivation of sodium"),
        State("n", 0.0002441684, "1", "activation of the fast potassium current (Kv3)"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 112.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 224.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the Kv3 channels"),
        Param("g_L", 0.5, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 60.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -90.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_L", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
    ),
    equations=(
        "C_m dV/dt = I - g_Na m_inf³ h (V - E_Na) - g_K n² (V - E_K) - g_L (V - E_L)",
        "m_inf = alpha_m / (alpha_m + beta_m)",
        "dx/dt = alpha_x (1 - x) - beta_x x, for x = h, n",
        "alpha_m = 40 (75.5 - V) / (exp((75.5 - V)/13.5) - 1), beta_m = 1.2262 exp(-V/42.248)",
        "alpha_h = 0.0035 exp(-V/24.186), beta_h = 0.017 (V + 51.25) / (1 - exp(-(V + 51.25)/5.2))",
        "alpha_n = (95 - V) / (exp((95 - V)/11.8) - 1), beta_n = 0.025 exp(-V/22.222)",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Erisir A, Lau D, Rudy B, Leonard CS",
            1999,
            "Function of specific K+ channels in sustained high-frequency firing of fast-spiking "
            "neocortical interneurons",
            "J Neurophysiol 82:2476-2489",
            "10.1152/jn.1999.82.5.2476",
            "without the Kv1 current",
        ),
        Source(
            "Börgers C",
            2017,
            "An Introduction to Modeling Neuronal Dynamics",
            "Springer",
            "10.1007/978-3-319-51171-9",
            "chapter 5: the form given here, with instantaneous m",
        ),
    ),
    derivatives=_erisir,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=7.0,
    duration=200.0,
    dt=0.01,
    integrator="rk4",
)
