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
)
from kernels.neurons.rates import traub_miles

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
            None,
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
