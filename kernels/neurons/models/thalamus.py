"""Neurons of the thalamus, which burst from their low-threshold calcium current."""

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
from kernels.neurons.stimulus import Step

_RT_2F = 13.3206  # R T / (2 F) at 36 °C, mV
_PER_2F = 5.1821e-5  # 1 / (2 F), mM um cm2 / (uA ms)
_PHI_H_T = 3.0**1.2  # the T-current was measured at 24 °C; Q10 of 3


def _destexhe_thalamic(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    E_Ca = _RT_2F * xp.log(p.Ca_o / s.Ca)
    V_s = s.V + p.V_shift
    m_T = 1.0 / (1.0 + xp.exp((V_s + 57.0) / -6.2))
    h_T_inf = 1.0 / (1.0 + xp.exp((V_s + 81.0) / 4.0))
    tau_h_T = 30.8 + (211.4 + xp.exp((V_s + 113.2) / 5.0)) / (1.0 + xp.exp((V_s + 84.0) / 3.2))
    H_inf = 1.0 / (1.0 + xp.exp((s.V + 75.0) / 5.5))
    tau_S = 20.0 + 1000.0 / (xp.exp((s.V + 71.5) / 14.2) + xp.exp((s.V + 89.0) / -11.6))
    opening = (H_inf * (1.0 - s.O - s.O_L) - (1.0 - H_inf) * s.O) / tau_S
    binding = p.k_4 * (s.O * s.P_1 / p.P_c - s.O_L)
    I_Na = p.g_Na * s.m**3 * s.h * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_T = p.g_T * m_T**2 * s.h_T * (s.V - E_Ca)
    I_h = p.g_h * (s.O + p.g_inc * s.O_L) * (s.V - p.E_h)
    I_L = p.g_L * (s.V - p.E_L) + p.g_KL * (s.V - p.E_K)
    return {
        "V": (current - I_L - I_T - I_h - I_Na - I_K) / p.C_m,
        **traub_miles(xp, s.V - p.V_T),
        "h_T": Relax(h_T_inf, tau_h_T / _PHI_H_T),
        "O": opening - binding,
        "O_L": binding,
        "P_1": p.k_2 * ((s.Ca / p.Ca_c) ** 4 * (1.0 - s.P_1) - s.P_1),
        "Ca": xp.maximum(-_PER_2F * I_T / p.d, 0.0) + (p.Ca_inf - s.Ca) / p.tau_Ca,
    }


# The defaults are the authors' cell at rest. With g_h = 0.02 and g_KL = 0.01724 bursts of
# oscillations wax and wane of themselves, after silent times that depend on the least perturbation.
DESTEXHE_THALAMIC = Model(
    name="DestexheThalamicNeuron",
    family="conductance",
    title="Thalamic relay cell with T-current and h-current",
    # rest without current
    states=(
        State("V", -66.39117, "mV", "membrane potential"),
        State("m", 9.49505e-07, "1", "activation of sodium"),
        State("h", 0.9999999, "1", "inactivation of sodium"),
        State("n", 1.262828e-05, "1", "activation of potassium"),
        State("h_T", 0.01548605, "1", "inactivation of the T-current"),
        State("O", 0.1709701, "1", "open h-channels"),
        State("O_L", 0.0111373, "1", "h-channels locked open by the bound protein"),
        State("P_1", 0.0006514182, "1", "protein that has bound calcium"),
        State("Ca", 0.0003195698, "mM", "calcium below the membrane"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_L", 0.01, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("g_KL", 0.01034, "mS/cm2", 0.0, 10.0, "potassium leak conductance"),
        Param("g_Na", 90.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 10.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_T", 2.0, "mS/cm2", 0.0, 100.0, "maximal conductance of the T-current"),
        Param("g_h", 0.015, "mS/cm2", 0.0, 10.0, "maximal conductance of the h-current"),
        Param("g_inc", 2.0, "1", 0.0, 10.0, "conductance of a locked h-channel over an open one"),
        Param("E_L", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -100.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_h", -40.0, "mV", -80.0, 20.0, "reversal potential of the h-current"),
        Param(
            "V_T", -25.0, "mV", -100.0, 0.0, "where the voltage of the spike's rates counts from"
        ),
        Param("V_shift", 2.0, "mV", -20.0, 20.0, "shift of the T-current by outer calcium"),
        Param("k_2", 0.0004, "1/ms", 0.0, 1.0, "rate at which the protein loses its calcium"),
        Param("k_4", 0.001, "1/ms", 0.0, 1.0, "rate at which h-channels lose the protein"),
        Param("Ca_c", 0.002, "mM", 1e-5, 1.0, "calcium that binds half of the protein"),
        Param("P_c", 0.01, "1", 1e-5, 1.0, "bound protein that locks half of the open channels"),
        Param("Ca_o", 2.0, "mM", 0.01, 100.0, "calcium outside"),
        Param("Ca_inf", 0.00024, "mM", 1e-6, 0.1, "calcium inside at rest"),
        Param("tau_Ca", 5.0, "ms", 0.1, 1000.0, "time constant of calcium's removal"),
        Param("d", 1.0, "um", 0.01, 100.0, "depth of the shell below the membrane"),
    ),
    equations=(
        "C_m dV/dt = I - g_L (V - E_L) - g_KL (V - E_K) - I_T - I_h"
        " - g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K)",
        "I_T = g_T m_T² h_T (V - E_Ca), E_Ca = R T / (2 F) ln(Ca_o / Ca) at 36 °C",
        "m_T = 1 / (1 + exp(-(V + V_shift + 57)/6.2))",
        "dh_T/dt = (h_T_inf - h_T)/tau_h_T, h_T_inf = 1 / (1 + exp((V + V_shift + 81)/4))",
        "tau_h_T = (30.8 + (211.4 + exp((V + V_shift + 113.2)/5))"
        " / (1 + exp((V + V_shift + 84)/3.2))) / 3^1.2",
        "I_h = g_h (O + g_inc O_L) (V - E_h)",
        "dO/dt = (H_inf (1 - O - O_L) - (1 - H_inf) O)/tau_S - dO_L/dt",
        "dO_L/dt = k_4 (O P_1/P_c - O_L), dP_1/dt = k_2 ((Ca/Ca_c)⁴ (1 - P_1) - P_1)",
        "H_inf = 1 / (1 + exp((V + 75)/5.5))",
        "tau_S = 20 + 1000 / (exp((V + 71.5)/14.2) + exp(-(V + 89)/11.6))",
        "dCa/dt = max(-I_T / (2 F d), 0) + (Ca_inf - Ca)/tau_Ca",
        "m, h, n: rates of Traub and Miles over V - V_T",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Destexhe A, Bal T, McCormick DA, Sejnowski TJ",
            1996,
            "Ionic mechanisms underlying synchronized oscillations and propagating waves in a "
            "model of ferret thalamic slices",
            "J Neurophysiol 76:2049-2070",
            "10.1152/jn.1996.76.3.2049",
            "thalamocortical cell; conductances from the authors' program, ModelDB 3343",
        ),
        Source(
            "Destexhe A, McCormick DA, Sejnowski TJ",
            1993,
            "A model for 8-10 Hz spindling in interconnected thalamic relay and reticularis "
            "neurons",
            "Biophys J 65:2473-2477",
            None,
            "first form of the cell, with two activation variables for the h-current",
        ),
    ),
    derivatives=_destexhe_thalamic,
    presets=(
        Preset(
            name="delta",
            title="Delta oscillations",
            # potassium leak: 0.005 uS over the 0.29e-3 cm2 of the cell
            params={"g_h": 0.01, "g_KL": 0.005 / 0.29, "g_inc": 1.0},
            current=0.0,
            duration=2000.0,
            source="Destexhe et al. 1996, the authors' program, ModelDB 3343",
        ),
    ),
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=-0.2,
    duration=700.0,
    dt=0.05,
    integrator="rk4",
)


_PHI_RE = 2.5**1.2  # the T-current of reticular cells was measured at 24 °C; Q10 of 2.5


def _destexhe_reticular(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    E_Ca = _RT_2F * xp.log(p.Ca_o / s.Ca)
    V_s = s.V + p.V_shift
    m_T_inf = 1.0 / (1.0 + xp.exp((V_s + 50.0) / -7.4))
    h_T_inf = 1.0 / (1.0 + xp.exp((V_s + 78.0) / 5.0))
    tau_m_T = 3.0 + 1.0 / (xp.exp((V_s + 25.0) / 10.0) + xp.exp((V_s + 100.0) / -15.0))
    tau_h_T = 85.0 + 1.0 / (xp.exp((V_s + 46.0) / 4.0) + xp.exp((V_s + 405.0) / -50.0))
    I_Na = p.g_Na * s.m**3 * s.h * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_Ts = p.g_Ts * s.m_T**2 * s.h_T * (s.V - E_Ca)
    I_L = p.g_L * (s.V - p.E_L)
    return {
        "V": (current - I_L - I_Ts - I_Na - I_K) / p.C_m,
        **traub_miles(xp, s.V - p.V_T),
        "m_T": Relax(m_T_inf, tau_m_T / _PHI_RE),
        "h_T": Relax(h_T_inf, tau_h_T / _PHI_RE),
        "Ca": xp.maximum(-_PER_2F * I_Ts / p.d, 0.0) + (p.Ca_inf - s.Ca) / p.tau_Ca,
    }


DESTEXHE_RETICULAR = Model(
    name="DestexheReticularNeuron",
    family="conductance",
    title="Thalamic reticular cell with its T-current",
    # rest without current
    states=(
        State("V", -89.57988, "mV", "membrane potential"),
        State("m", 4.975936e-06, "1", "activation of sodium"),
        State("h", 0.9999994, "1", "inactivation of sodium"),
        State("n", 5.140570e-05, "1", "activation of potassium"),
        State("m_T", 0.006191531, "1", "activation of the T-current"),
        State("h_T", 0.8716912, "1", "inactivation of the T-current"),
        State("Ca", 0.0002454428, "mM", "calcium below the membrane"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_L", 0.05, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("g_Na", 200.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 20.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_Ts", 3.0, "mS/cm2", 0.0, 100.0, "maximal conductance of the T-current"),
        Param("E_L", -90.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -100.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param(
            "V_T", -55.0, "mV", -100.0, 0.0, "where the voltage of the spike's rates counts from"
        ),
        Param("V_shift", 2.0, "mV", -20.0, 20.0, "shift of the T-current by outer calcium"),
        Param("Ca_o", 2.0, "mM", 0.01, 100.0, "calcium outside"),
        Param("Ca_inf", 0.00024, "mM", 1e-6, 0.1, "calcium inside at rest"),
        Param("tau_Ca", 5.0, "ms", 0.1, 1000.0, "time constant of calcium's removal"),
        Param("d", 1.0, "um", 0.01, 100.0, "depth of the shell below the membrane"),
    ),
    equations=(
        "C_m dV/dt = I - g_L (V - E_L) - g_Ts m_T² h_T (V - E_Ca) - g_Na m³ h (V - E_Na)"
        " - g_K n⁴ (V - E_K)",
        "E_Ca = R T / (2 F) ln(Ca_o / Ca) at 36 °C",
        "dx/dt = 2.5^1.2 (x_inf - x)/tau_x, for x = m_T, h_T, with v = V + V_shift",
        "m_T_inf = 1 / (1 + exp(-(v + 50)/7.4)), "
        "tau_m_T = 3 + 1 / (exp((v + 25)/10) + exp(-(v + 100)/15))",
        "h_T_inf = 1 / (1 + exp((v + 78)/5)), "
        "tau_h_T = 85 + 1 / (exp((v + 46)/4) + exp(-(v + 405)/50))",
        "dCa/dt = max(-g_Ts m_T² h_T (V - E_Ca) / (2 F d), 0) + (Ca_inf - Ca)/tau_Ca",
        "m, h, n: rates of Traub and Miles over V - V_T",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Destexhe A, Contreras D, Steriade M, Sejnowski TJ, Huguenard JR",
            1996,
            "In vivo, in vitro, and computational analysis of dendritic calcium currents in "
            "thalamic reticular neurons",
            "J Neurosci 16:169-185",
            "10.1523/JNEUROSCI.16-01-00169.1996",
            "the T-current",
        ),
        Source(
            "Destexhe A, Bal T, McCormick DA, Sejnowski TJ",
            1996,
            "Ionic mechanisms underlying synchronized oscillations and propagating waves in a "
            "model of ferret thalamic slices",
            "J Neurophysiol 76:2049-2070",
            "10.1152/jn.1996.76.3.2049",
            "reticular cell; constants of the authors' program, ModelDB 3343",
        ),
    ),
    derivatives=_destexhe_reticular,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=1.0,
    duration=500.0,
    dt=0.01,
    integrator="rk4",
)


_RT_F = 26.5542  # R T / F at 35 °C, mV
_F = 0.0964853  # Faraday's constant, nA s / (pl mM)
_PER_2F_NA = 5.18213  # 1 / (2 F), mM um3 / (nA ms)
# all gates were measured at 23.5 °C
_Q_M_T, _Q_H_T, _Q = (q_10 ** ((35.0 - 23.5) / 10.0) for q_10 in (3.55, 2.8, 3.0))


def _ghk(xp: Any, V: Array, z: int, inside: Array, outside: Array) -> Array:
    """Current of an ion of charge z through a permeability of 1 pl/s (Goldman, Hodgkin, Katz), nA.

    inside, outside: mM
    """
    x = z * V / _RT_F
    return _F * z * (inside * linoid(xp, x, 1.0) - outside * linoid(xp, -x, 1.0))


def _mccormick_huguenard(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    through_Ca = _ghk(xp, V, 2, s.Ca, p.Ca_o)
    I_T = p.P_T * s.m_T**2 * s.h_T * through_Ca
    I_L = p.P_L * s.m_L**2 * through_Ca
    I_Na = p.g_Na * s.m**3 * s.h * (V - _RT_F * xp.log(p.Na_o / p.Na_i))
    g_K = p.g_K * s.n**4 + p.g_A * s.m_A**4 * s.h_A + p.g_C * s.m_C
    I_K = g_K * (V - _RT_F * xp.log(p.K_o / p.K_i))
    leak = p.P_Na * _ghk(xp, V, 1, p.Na_i, p.Na_o) + p.P_K * _ghk(xp, V, 1, p.K_i, p.K_o)
    return {
        "V": (current - leak - I_Na - I_K - I_T - I_L) / p.C,
        **_relay_gates(xp, V, s.Ca),
        "Ca": xp.maximum(-_PER_2F_NA * I_L / (p.A * p.d), 0.0) + (p.Ca_inf - s.Ca) / p.tau_Ca,
    }


def _relay_gates(xp: Any, V: Array, Ca: Array) -> dict[str, Relax]:
    tau_m_T = 0.612 + 1.0 / (xp.exp((V + 131.6) / -16.7) + xp.exp((V + 16.8) / 18.2))
    slow_h_T = 28.0 + xp.exp((V + 21.88) / -10.52)
    tau_h_T = xp.where(V < -80.0, xp.exp((V + 467.0) / 66.6), slow_h_T)
    tau_m_A = 0.37 + 1.0 / (xp.exp((V + 35.82) / 19.69) + xp.exp((V + 79.69) / -12.7))
    fast_h_A = 1.0 / (xp.exp((V + 46.05) / 5.0) + xp.exp((V + 238.4) / -37.45))
    tau_h_A = xp.where(V < -63.0, fast_h_A, 19.0)
    alpha_L = 1.6 / (1.0 + xp.exp((V - 5.0) * -0.072))
    beta_L = 0.02 * linoid(xp, 1.31 - V, 5.36)
    at_23 = {
        "m": gate(0.091 * linoid(xp, V + 38.0, 5.0), 0.062 * linoid(xp, -38.0 - V, 5.0)),
        "h": gate(0.016 * xp.exp((V + 55.0) / -15.0), 2.07 / (1.0 + xp.exp((17.0 - V) / 21.0))),
        "n": gate(0.01 * linoid(xp, V + 45.0, 5.0), 0.17 * xp.exp((V + 50.0) / -40.0)),
        "m_T": Relax(1.0 / (1.0 + xp.exp((V + 60.5) / -6.2)), tau_m_T),
        "h_T": Relax(1.0 / (1.0 + xp.exp((V + 84.0) / 4.03)), tau_h_T),
        "m_A": Relax(1.0 / (1.0 + xp.exp((V + 60.0) / -8.5)), tau_m_A),
        "h_A": Relax(1.0 / (1.0 + xp.exp((V + 78.0) / 6.0)), tau_h_A),
        "m_L": Relax(1.0 / (1.0 + xp.exp((V + 10.0) / -10.0)), 1.0 / (alpha_L + beta_L)),
        "m_C": gate(250.0 * Ca * xp.exp(V / 24.0), 0.1 * xp.exp(V / -24.0)),
    }
    faster = {"m_T": _Q_M_T, "h_T": _Q_H_T}
    return {
        name: Relax(target, tau / faster.get(name, _Q)) for name, (target, tau) in at_23.items()
    }


MCCORMICK_HUGUENARD = Model(
    name="McCormickHuguenardNeuron",
    family="conductance",
    title="Thalamic relay cell that fires one by one or in bursts",
    # rest without current
    states=(
        State("V", -67.49783, "mV", "membrane potential"),
        State("m", 0.004006424, "1", "activation of sodium"),
        State("h", 0.5029771, "1", "inactivation of sodium"),
        State("n", 0.009512118, "1", "activation of the delayed rectifier"),
        State("m_T", 0.2444042, "1", "activation of the T-current"),
        State("h_T", 0.01638562, "1", "inactivation of the T-current"),
        State("m_A", 0.2927432, "1", "activation of the A-current"),
        State("h_A", 0.1480017, "1", "inactivation of the A-current"),
        State("m_L", 0.003173368, "1", "activation of the L-current"),
        State("m_C", 0.000476302, "1", "activation of the C-current"),
        State("Ca", 5.284178e-05, "mM", "calcium below the membrane"),
    ),
    params=(
        Param("C", 0.29, "nF", 0.001, 100.0, "capacitance"),
        Param("P_Na", 0.00795, "pl/s", 0.0, 10.0, "sodium permeability of the leak"),
        Param("P_K", 0.147, "pl/s", 0.0, 10.0, "potassium permeability of the leak"),
        Param("P_T", 30.0, "pl/s", 0.0, 1000.0, "maximal permeability of the T-current"),
        Param("P_L", 80.0, "pl/s", 0.0, 1000.0, "maximal permeability of the L-current"),
        Param("g_Na", 15.0, "uS", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 2.0, "uS", 0.0, 100.0, "maximal conductance of the delayed rectifier"),
        Param("g_A", 1.0, "uS", 0.0, 100.0, "maximal conductance of the A-current"),
        Param("g_C", 2.0, "uS", 0.0, 100.0, "maximal conductance of the C-current"),
        Param("Na_i", 31.0, "mM", 0.1, 500.0, "sodium inside"),
        Param("Na_o", 145.0, "mM", 0.1, 500.0, "sodium outside"),
        Param("K_i", 135.0, "mM", 0.1, 500.0, "potassium inside"),
        Param("K_o", 3.1, "mM", 0.1, 500.0, "potassium outside"),
        Param("Ca_o", 2.0, "mM", 0.01, 100.0, "calcium outside"),
        Param("Ca_inf", 5e-05, "mM", 1e-6, 0.1, "calcium inside at rest"),
        Param("tau_Ca", 1.0, "ms", 0.1, 1000.0, "time constant of calcium's removal"),
        Param("A", 29000.0, "um2", 10.0, 1e6, "area of the membrane"),
        Param("d", 0.1, "um", 0.01, 100.0, "depth of the shell below the membrane"),
    ),
    equations=(
        "C dV/dt = I - I_leak - I_T - I_L - g_Na m³ h (V - E_Na)"
        " - (g_K n⁴ + g_A m_A⁴ h_A + g_C m_C) (V - E_K)",
        "I_leak = P_Na G(Na) + P_K G(K), I_T = P_T m_T² h_T G(Ca), I_L = P_L m_L² G(Ca)",
        "G(X) = z F x (X_i - X_o exp(-x)) / (1 - exp(-x)), x = z F V / (R T) at 35 °C",
        "E_Na = R T / F ln(Na_o / Na_i), E_K = R T / F ln(K_o / K_i)",
        "dx/dt = 3^1.15 (x_inf - x)/tau_x for every gate x, but 3.55^1.15 for m_T and 2.8^1.15"
        " for h_T",
        "alpha_m = 0.091 (V + 38) / (1 - exp(-(V + 38)/5)), "
        "beta_m = -0.062 (V + 38) / (1 - exp((V + 38)/5))",
        "alpha_h = 0.016 exp(-(V + 55)/15), beta_h = 2.07 / (1 + exp((17 - V)/21))",
        "alpha_n = 0.01 (V + 45) / (1 - exp(-(V + 45)/5)), beta_n = 0.17 exp(-(V + 50)/40)",
        "m_T_inf = 1 / (1 + exp(-(V + 60.5)/6.2)), "
        "tau_m_T = 0.612 + 1 / (exp(-(V + 131.6)/16.7) + exp((V + 16.8)/18.2))",
        "h_T_inf = 1 / (1 + exp((V + 84)/4.03)), tau_h_T = exp((V + 467)/66.6) below -80 mV, "
        "28 + exp(-(V + 21.88)/10.52) above",
        "m_A_inf = 1 / (1 + exp(-(V + 60)/8.5)), "
        "tau_m_A = 0.37 + 1 / (exp((V + 35.82)/19.69) + exp(-(V + 79.69)/12.7))",
        "h_A_inf = 1 / (1 + exp((V + 78)/6)), "
        "tau_h_A = 1 / (exp((V + 46.05)/5) + exp(-(V + 238.4)/37.45)) below -63 mV, 19 above",
        "m_L_inf = 1 / (1 + exp(-(V + 10)/10)), 1/tau_m_L = 1.6 / (1 + exp(-0.072 (V - 5)))"
        " + 0.02 (V - 1.31) / (exp((V - 1.31)/5.36) - 1)",
        "alpha_m_C = 250 Ca exp(V/24), beta_m_C = 0.1 exp(-V/24)",
        "dCa/dt = max(-I_L / (2 F A d), 0) + (Ca_inf - Ca)/tau_Ca",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "McCormick DA, Huguenard JR",
            1992,
            "A model of the electrophysiological properties of thalamocortical relay neurons",
            "J Neurophysiol 68:1384-1400",
            "10.1152/jn.1992.68.4.1384",
            "the cell, its sodium, delayed rectifier and L-current, and its calcium; without its"
            " persistent sodium, slow potassium and h-current",
        ),
        Source(
            "Huguenard JR, McCormick DA",
            1992,
            "Simulation of the currents involved in rhythmic oscillations in thalamic relay "
            "neurons",
            "J Neurophysiol 68:1373-1383",
            "10.1152/jn.1992.68.4.1373",
            "T-current and A-current",
        ),
        Source(
            "Huguenard J, McCormick DA, Shepherd GM",
            1997,
            "Electrophysiology of the neuron: an interactive tutorial",
            "Oxford University Press",
            None,
            "experiment 14, the authors' simpler form of the cell: which currents, and all"
            " conductances, from MyFirstNEURON by A Houweling and T Sejnowski, ModelDB 3808;"
            " the C-current is that of Yamada, Koch and Adams 1989; the 0.37 of tau_m_A is in the"
            " denominator there",
        ),
    ),
    derivatives=_mccormick_huguenard,
    presets=(
        Preset(
            name="burst",
            title="Burst from a low-threshold calcium spike",
            params={},
            # the tutorial begins at -85 mV, where this one comes by itself, and steps at 25 ms
            stimulus=Step(amplitude=-0.15, onset=300.0, end=500.0, baseline=-0.27),
            duration=600.0,
            source="Huguenard and McCormick 1997, experiment 14, ModelDB 3808",
        ),
    ),
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="nA",
    current=0.8,
    duration=500.0,
    dt=0.02,
    integrator="rk4",
)
