"""Pyramidal cells of the hippocampus."""

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
)


def _boltzmann(xp: Any, V: Array, theta: Array, sigma: Array) -> Array:
    return 1.0 / (1.0 + xp.exp((theta - V) / sigma))


def _golomb_yaari(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    m_inf = _boltzmann(xp, V, -30.0, 9.5)
    p_inf = _boltzmann(xp, V, p.theta_p, 3.0)
    a_inf = _boltzmann(xp, V, -50.0, 20.0)
    tau_h = (1.0 + 7.5 * _boltzmann(xp, V, -40.5, -6.0)) / p.phi
    tau_n = (1.0 + 5.0 * _boltzmann(xp, V, -27.0, -15.0)) / p.phi
    I_Na = p.g_Na * m_inf**3 * s.h * (V - p.V_Na)
    I_NaP = p.g_NaP * p_inf * (V - p.V_Na)
    I_Kdr = p.g_Kdr * s.n**4 * (V - p.V_K)
    I_A = p.g_A * a_inf**3 * s.b * (V - p.V_K)
    I_M = p.g_M * s.z * (V - p.V_K)
    I_L = p.g_L * (V - p.V_L)
    return {
        "V": (current - I_L - I_Na - I_NaP - I_Kdr - I_A - I_M) / p.C,
        "h": Relax(_boltzmann(xp, V, -45.0, -7.0), tau_h),
        "n": Relax(_boltzmann(xp, V, -35.0, 10.0), tau_n),
        "b": Relax(_boltzmann(xp, V, -80.0, -6.0), p.tau_b),
        "z": Relax(_boltzmann(xp, V, -39.0, 5.0), p.tau_z),
    }


GOLOMB_YAARI = Model(
    name="GolombYaariNeuron",
    family="conductance",
    title="CA1 pyramidal cell that bursts by persistent sodium and M-current",
    # rest without current
    states=(
        State("V", -71.81327, "mV", "membrane potential"),
        State("h", 0.98786, "1", "inactivation of sodium"),
        State("n", 0.02457, "1", "activation of the delayed rectifier"),
        State("b", 0.203517, "1", "inactivation of the A-current"),
        State("z", 0.00141, "1", "activation of the M-current"),
    ),
    params=(
        Param("C", 1.0, "uF/cm2", 0.2, 100.0, "membrane capacitance"),
        Param("g_Na", 35.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_NaP", 0.3, "mS/cm2", 0.0, 10.0, "maximal conductance of persistent sodium"),
        Param("g_Kdr", 6.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the delayed rectifier"),
        Param("g_A", 1.4, "mS/cm2", 0.0, 100.0, "maximal conductance of the A-current"),
        Param("g_M", 1.0, "mS/cm2", 0.0, 100.0, "maximal conductance of the M-current"),
        Param("g_L", 0.05, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("V_Na", 55.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("V_K", -90.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("theta_p", -47.0, "mV", -80.0, 0.0, "half-activation of persistent sodium"),
        Param("phi", 10.0, "1", 0.1, 100.0, "temperature factor of h and n"),
        Param("tau_b", 15.0, "ms", 0.1, 1000.0, "inactivation time constant of the A-current"),
        Param("tau_z", 75.0, "ms", 0.1, 10_000.0, "time constant of the M-current"),
    ),
    equations=(
        "C dV/dt = I - g_L (V - V_L) - g_Na m_inf³ h (V - V_Na) - g_NaP p_inf (V - V_Na)"
        " - g_Kdr n⁴ (V - V_K) - g_A a_inf³ b (V - V_K) - g_M z (V - V_K)",
        "dx/dt = (x_inf - x)/tau_x, for x = h, n, b, z; "
        "x_inf = 1 / (1 + exp(-(V - theta_x)/sigma_x))",
        "theta_m = -30, sigma_m = 9.5, theta_h = -45, sigma_h = -7, sigma_p = 3",
        "theta_n = -35, sigma_n = 10, theta_a = -50, sigma_a = 20",
        "theta_b = -80, sigma_b = -6, theta_z = -39, sigma_z = 5",
        "tau_h = (1 + 7.5 / (1 + exp((V + 40.5)/6)))/phi, "
        "tau_n = (1 + 5 / (1 + exp((V + 27)/15)))/phi",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Golomb D, Yue C, Yaari Y",
            2006,
            "Contribution of persistent Na+ current and M-type K+ current to somatic bursting in "
            "CA1 pyramidal cells: combined experimental and modeling study",
            "J Neurophysiol 96:1912-1926",
            "10.1152/jn.00205.2006",
            "the model without calcium, with the constants of the authors' program, ModelDB 66268",
        ),
    ),
    derivatives=_golomb_yaari,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=0.661914,
    duration=500.0,
    dt=0.02,
    integrator="rk4",
)
