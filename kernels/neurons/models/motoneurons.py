"""Motoneurons."""

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


def _booth_rinzel(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    def x_inf(V: Array, theta: float, k: float) -> Array:
        return 1.0 / (1.0 + xp.exp((V - theta) / k))

    I_Na = p.g_Na * x_inf(s.V_S, -35.0, -7.8) ** 3 * s.h * (s.V_S - p.V_Na)
    I_Kdr = p.g_Kdr * s.n**4 * (s.V_S - p.V_K)
    I_CaN_S = p.g_CaN_S * s.m_NS**2 * s.h_NS * (s.V_S - p.V_Ca)
    I_KCa_S = p.g_KCa_S * s.Ca_S / (s.Ca_S + p.K_d) * (s.V_S - p.V_K)
    I_CaN_D = p.g_CaN_D * s.m_ND**2 * s.h_ND * (s.V_D - p.V_Ca)
    I_CaL = p.g_CaL * s.m_L * (s.V_D - p.V_Ca)
    I_KCa_D = p.g_KCa_D * s.Ca_D / (s.Ca_D + p.K_d) * (s.V_D - p.V_K)
    I_c = p.g_c * (s.V_S - s.V_D)
    soma = I_Na + I_Kdr + I_CaN_S + I_KCa_S + p.g_L * (s.V_S - p.V_L) + I_c / p.p
    dendrite = I_CaN_D + I_CaL + I_KCa_D + p.g_L * (s.V_D - p.V_L) - I_c / (1.0 - p.p)
    tau_h = 30.0 / (xp.exp((s.V_S + 50.0) / 15.0) + xp.exp((s.V_S + 50.0) / -16.0))
    tau_n = 7.0 / (xp.exp((s.V_S + 40.0) / 40.0) + xp.exp((s.V_S + 40.0) / -50.0))
    return {
        "V_S": (current - soma) / p.C_m,
        "V_D": (p.I_D - dendrite) / p.C_m,
        "h": Relax(x_inf(s.V_S, -55.0, 7.0), tau_h),
        "n": Relax(x_inf(s.V_S, -28.0, -15.0), tau_n),
        "m_NS": Relax(x_inf(s.V_S, -30.0, -5.0), 4.0),
        "h_NS": Relax(x_inf(s.V_S, -45.0, 5.0), 40.0),
        "m_ND": Relax(x_inf(s.V_D, -30.0, -5.0), 4.0),
        "h_ND": Relax(x_inf(s.V_D, -45.0, 5.0), 40.0),
        "m_L": Relax(x_inf(s.V_D, -40.0, -7.0), 40.0),
        "Ca_S": p.f * (-p.alpha * I_CaN_S - p.k_Ca * s.Ca_S),
        "Ca_D": p.f * (-p.alpha * (I_CaN_D + I_CaL) - p.k_Ca * s.Ca_D),
    }


BOOTH_RINZEL = Model(
    name="BoothRinzelNeuron",
    family="compartments",
    title="Motoneuron whose dendrite can hold a plateau",
    # rest without current
    states=(
        State("V_S", -57.344825, "mV", "potential of the soma"),
        State("V_D", -56.64148, "mV", "potential of the dendrite"),
        State("h", 0.582969, "1", "inactivation of sodium"),
        State("n", 0.123866, "1", "activation of the delayed rectifier"),
        State("m_NS", 0.004198, "1", "activation of N-type calcium in the soma"),
        State("h_NS", 0.921937, "1", "inactivation of N-type calcium in the soma"),
        State("m_ND", 0.004829, "1", "activation of N-type calcium in the dendrite"),
        State("h_ND", 0.911194, "1", "inactivation of N-type calcium in the dendrite"),
        State("m_L", 0.084916, "1", "activation of L-type calcium in the dendrite"),
        State("Ca_S", 0.000141, "uM", "calcium in the soma"),
        State("Ca_D", 0.017231, "uM", "calcium in the dendrite"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 120.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param(
            "g_Kdr", 100.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the delayed rectifier"
        ),
        Param("g_CaN_S", 14.0, "mS/cm2", 0.0, 100.0, "maximal N-type conductance of the soma"),
        Param("g_KCa_S", 5.0, "mS/cm2", 0.0, 100.0, "conductance of the soma opened by calcium"),
        Param("g_CaN_D", 0.03, "mS/cm2", 0.0, 100.0, "maximal N-type conductance of the dendrite"),
        Param("g_CaL", 0.33, "mS/cm2", 0.0, 100.0, "maximal L-type conductance of the dendrite"),
        Param(
            "g_KCa_D", 1.1, "mS/cm2", 0.0, 100.0, "conductance of the dendrite opened by calcium"
        ),
        Param("g_L", 0.51, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("g_c", 0.1, "mS/cm2", 0.0, 100.0, "coupling of soma and dendrite"),
        Param("p", 0.1, "1", 0.01, 0.99, "share of the soma in the membrane"),
        Param("V_Na", 55.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("V_K", -80.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_Ca", 80.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("V_L", -60.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("K_d", 0.2, "uM", 0.001, 100.0, "calcium that half opens the conductance"),
        Param("f", 0.01, "1", 1e-5, 1.0, "share of calcium that is free"),
        Param("alpha", 0.009, "uM cm2/(uA ms)", 0.0, 10.0, "calcium that a current brings"),
        Param("k_Ca", 2.0, "1/ms", 0.0, 100.0, "removal of calcium"),
        Param("I_D", 0.0, "uA/cm2", -100.0, 100.0, "current into the dendrite"),
    ),
    equations=(
        "C_m dV_S/dt = I - I_Na - I_Kdr - I_CaN_S - I_KCa_S - g_L (V_S - V_L) - g_c/p (V_S - V_D)",
        "C_m dV_D/dt = I_D - I_CaN_D - I_CaL - I_KCa_D - g_L (V_D - V_L) - g_c/(1 - p) (V_D - V_S)",
        "I_Na = g_Na m_inf³ h (V_S - V_Na), I_Kdr = g_Kdr n⁴ (V_S - V_K)",
        "I_CaN = g_CaN m_N² h_N (V - V_Ca), I_CaL = g_CaL m_L (V_D - V_Ca), "
        "I_KCa = g_KCa Ca/(Ca + K_d) (V - V_K)",
        "dCa_S/dt = f (-alpha I_CaN_S - k_Ca Ca_S), "
        "dCa_D/dt = f (-alpha (I_CaN_D + I_CaL) - k_Ca Ca_D)",
        "dx/dt = (x_inf - x)/tau_x, x_inf = 1 / (1 + exp((V - theta_x)/k_x))",
        "theta = -35, -55, -28, -30, -45, -40 mV, k = -7.8, 7, -15, -5, 5, -7 mV "
        "for m, h, n, m_N, h_N, m_L",
        "tau_h = 30 / (exp((V + 50)/15) + exp(-(V + 50)/16)), "
        "tau_n = 7 / (exp((V + 40)/40) + exp(-(V + 40)/50))",
        "tau = 4, 40, 40 ms for m_N, h_N, m_L",
        "V_S rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Booth V, Rinzel J, Kiehn O",
            1997,
            "Compartmental model of vertebrate motoneurons for Ca2+-dependent spiking and "
            "plateau potentials under pharmacological treatment",
            "J Neurophysiol 78:3371-3385",
            "10.1152/jn.1997.78.6.3371",
            "equations and constants",
        ),
        Source(
            "Booth V, Rinzel J",
            1995,
            "A minimal, compartmental model for a dendritic origin of bistability of motoneuron "
            "firing patterns",
            "J Comput Neurosci 2:299-312",
            "10.1007/BF00961442",
            "its minimal forerunner, without calcium and without dimension",
        ),
    ),
    derivatives=_booth_rinzel,
    spike=Threshold("V_S", -20.0),
    output="V_S",
    current_unit="uA/cm2",
    current=10.0,
    duration=1000.0,
    dt=0.01,
    integrator="rk4",
    presets=(
        Preset(
            name="serotonin",
            title="Bistable, with less of the potassium current that calcium opens",
            params={"g_KCa_S": 3.136, "g_KCa_D": 0.69},
            source="Booth et al. 1997",
        ),
    ),
)
