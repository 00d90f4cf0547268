"""Pyramidal cells of soma and dendrites."""

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
from kernels.neurons.rates import linoid

_WARM = 2.3**1.4  # from 23 to 37 °C with a Q10 of 2.3; it multiplies conductances, too
_PER_2F = 5.1821e-5  # 1 / (2 F), mM um cm2 / (uA ms)


def _mainen_sodium(xp: Any, V: Array) -> dict[str, Relax]:
    alpha_m, beta_m = 0.182 * linoid(xp, V + 25.0, 9.0), 0.124 * linoid(xp, -V - 25.0, 9.0)
    alpha_h, beta_h = 0.024 * linoid(xp, V + 40.0, 5.0), 0.0091 * linoid(xp, -V - 65.0, 5.0)
    h_inf = 1.0 / (1.0 + xp.exp((V + 55.0) / 6.2))
    return {
        "m": gate(_WARM * alpha_m, _WARM * beta_m),
        "h": Relax(h_inf, 1.0 / (_WARM * (alpha_h + beta_h))),
    }


def _mainen_sejnowski(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V_s, V_d = s.V_s, s.V_d
    sodium_s, sodium_d = _mainen_sodium(xp, V_s), _mainen_sodium(xp, V_d)
    g_Na_s = _WARM * p.g_Na_s * s.m_s**3 * s.h_s
    g_Kv = _WARM * p.g_Kv * s.n
    g_Na_d = _WARM * p.g_Na_d * s.m_d**3 * s.h_d
    g_Ca = _WARM * p.g_Ca * s.u**2 * s.r
    g_K_d = _WARM * (p.g_Km * s.w + p.g_KCa * s.c)
    # over the area of the soma: 1 nA is 1000 uA/cm2, and nA is mV/MOhm
    per_area = 1e5 / p.area
    g_c = per_area / p.kappa
    g_s = g_Na_s + g_Kv + g_c
    g_d = p.g_L + g_Na_d + g_Ca + g_K_d + g_c / p.rho
    drive_s = g_Na_s * p.E_Na + g_Kv * p.E_K + g_c * V_d + per_area * current
    drive_d = p.g_L * p.E_L + g_Na_d * p.E_Na + g_Ca * p.E_Ca + g_K_d * p.E_K + g_c / p.rho * V_s
    I_Ca = g_Ca * (V_d - p.E_Ca)
    return {
        # each potential relaxes so fast in a spike that only its exact step is stable
        "V_s": Relax(drive_s / g_s, p.C_m / g_s),
        "V_d": Relax(drive_d / g_d, p.C_m / g_d),
        "m_s": sodium_s["m"],
        "h_s": sodium_s["h"],
        "n": gate(
            _WARM * 0.02 * linoid(xp, V_s - 25.0, 9.0), _WARM * 0.002 * linoid(xp, 25.0 - V_s, 9.0)
        ),
        "m_d": sodium_d["m"],
        "h_d": sodium_d["h"],
        "u": gate(
            _WARM * 0.055 * linoid(xp, V_d + 27.0, 3.8),
            _WARM * 0.94 * xp.exp((V_d + 75.0) / -17.0),
        ),
        "r": gate(
            _WARM * 0.000457 * xp.exp((V_d + 13.0) / -50.0),
            _WARM * 0.0065 / (1.0 + xp.exp((V_d + 15.0) / -28.0)),
        ),
        "w": gate(
            _WARM * 0.001 * linoid(xp, V_d + 30.0, 9.0),
            _WARM * 0.001 * linoid(xp, -V_d - 30.0, 9.0),
        ),
        "c": gate(_WARM * 0.01 * s.Ca, _WARM * 0.02),
        "Ca": xp.maximum(-_PER_2F * I_Ca / p.d, 0.0) + (p.Ca_inf - s.Ca) / p.tau_Ca,
    }


MAINEN_SEJNOWSKI = Model(
    name="MainenSejnowskiNeuron",
    family="compartments",
    title="Neocortical cell of dendrite and axon-soma, whose ratio decides how it fires",
    # rest without current
    states=(
        State("V_s", -70.48782, "mV", "potential of axon and soma"),
        State("V_d", -70.47393, "mV", "potential of the dendrite"),
        State("m_s", 0.009280854, "1", "activation of sodium, axon and soma"),
        State("h_s", 0.9240040, "1", "inactivation of sodium, axon and soma"),
        State("n", 0.0002466797, "1", "activation of the fast potassium current"),
        State("m_d", 0.009295057, "1", "activation of sodium, dendrite"),
        State("h_d", 0.9238465, "1", "inactivation of sodium, dendrite"),
        State("u", 3.568860e-05, "1", "activation of calcium"),
        State("r", 0.6468000, "1", "inactivation of calcium"),
        State("w", 0.01101846, "1", "activation of the slow potassium current"),
        State("c", 4.999837e-05, "1", "activation of the calcium-dependent potassium current"),
        State("Ca", 0.0001, "mM", "calcium below the dendrite's membrane"),
    ),
    params=(
        Param("C_m", 0.75, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("area", 100.0, "um2", 1.0, 100_000.0, "area of axon and soma"),
        Param("rho", 165.0, "1", 1.0, 1000.0, "area of the dendrite over that of axon and soma"),
        Param("kappa", 10.0, "MOhm", 0.1, 1000.0, "resistance between the compartments"),
        Param("g_Na_s", 3000.0, "mS/cm2", 0.0, 10_000.0, "sodium conductance, axon and soma"),
        Param("g_Kv", 150.0, "mS/cm2", 0.0, 10_000.0, "fast potassium conductance"),
        Param("g_Na_d", 1.5, "mS/cm2", 0.0, 1000.0, "sodium conductance, dendrite"),
        Param("g_Ca", 0.03, "mS/cm2", 0.0, 100.0, "high-voltage calcium conductance"),
        Param("g_Km", 0.01, "mS/cm2", 0.0, 100.0, "slow potassium conductance"),
        Param("g_KCa", 0.3, "mS/cm2", 0.0, 100.0, "calcium-dependent potassium conductance"),
        Param("g_L", 1.0 / 30.0, "mS/cm2", 0.0001, 10.0, "leak conductance of the dendrite"),
        Param("E_Na", 60.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -90.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_Ca", 140.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("E_L", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("d", 0.1, "um", 0.01, 10.0, "depth of the shell below the membrane"),
        Param("tau_Ca", 200.0, "ms", 1.0, 10_000.0, "time constant of calcium's removal"),
        Param("Ca_inf", 0.0001, "mM", 0.0, 0.1, "calcium at rest"),
    ),
    equations=(
        "C_m dV_s/dt = (I + (V_d - V_s)/kappa)/area - theta (g_Na_s m_s³ h_s (V_s - E_Na)"
        " + g_Kv n (V_s - E_K))",
        "C_m dV_d/dt = (V_s - V_d)/(kappa rho area) - g_L (V_d - E_L) - theta (g_Na_d m_d³ h_d"
        " (V_d - E_Na) + g_Ca u² r (V_d - E_Ca) + (g_Km w + g_KCa c) (V_d - E_K))",
        "dx/dt = theta (alpha_x (1 - x) - beta_x x), for x = m, n, u, r, w, c; theta = 2.3^1.4",
        "dh/dt = theta (alpha_h + beta_h) (h_inf - h), h_inf = 1 / (1 + exp((V + 55)/6.2))",
        "alpha_m = 0.182 (V + 25) / (1 - exp(-(V + 25)/9)), "
        "beta_m = 0.124 (V + 25) / (exp((V + 25)/9) - 1)",
        "alpha_h = 0.024 (V + 40) / (1 - exp(-(V + 40)/5)), "
        "beta_h = 0.0091 (V + 65) / (exp((V + 65)/5) - 1)",
        "alpha_n = 0.02 (V_s - 25) / (1 - exp(-(V_s - 25)/9)), "
        "beta_n = 0.002 (V_s - 25) / (exp((V_s - 25)/9) - 1)",
        "alpha_u = 0.055 (V_d + 27) / (1 - exp(-(V_d + 27)/3.8)), "
        "beta_u = 0.94 exp(-(V_d + 75)/17)",
        "alpha_r = 0.000457 exp(-(V_d + 13)/50), beta_r = 0.0065 / (1 + exp(-(V_d + 15)/28))",
        "alpha_w = 0.001 (V_d + 30) / (1 - exp(-(V_d + 30)/9)), "
        "beta_w = 0.001 (V_d + 30) / (exp((V_d + 30)/9) - 1)",
        "alpha_c = 0.01 Ca, beta_c = 0.02",
        "dCa/dt = max(-I_Ca / (2 F d), 0) + (Ca_inf - Ca)/tau_Ca",
        "V_s rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Mainen ZF, Sejnowski TJ",
            1996,
            "Influence of dendritic structure on firing pattern in model neocortical neurons",
            "Nature 382:363-366",
            "10.1038/382363a0",
            "figure 2, the model of two compartments; constants of the author's program, "
            "ModelDB 2488",
        ),
    ),
    derivatives=_mainen_sejnowski,
    spike=Threshold("V_s", 0.0),
    output="V_s",
    current_unit="nA",
    current=0.1,
    duration=900.0,
    dt=0.0025,
    integrator="exponential_midpoint",
    presets=(
        Preset(
            name="small_dendrite",
            title="Small dendrite: regular spikes, as of an aspiny cell",
            params={"rho": 50.0},
            source="Mainen and Sejnowski 1996; the range of rho is the program's, ModelDB 2488",
        ),
        Preset(
            name="large_dendrite",
            title="Large dendrite: bursts, as of a layer 5 pyramidal cell",
            params={"rho": 200.0},
            source="Mainen and Sejnowski 1996; the range of rho is the program's, ModelDB 2488",
        ),
    ),
)
