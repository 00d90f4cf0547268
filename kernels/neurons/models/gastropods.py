"""Bursting neurons of snails and sea hares."""

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
from kernels.neurons.rates import linoid


def _plant(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # the squid rates see V scaled so that sodium and potassium reverse where they do in the squid
    v = (127.0 * s.V + 8265.0) / 105.0
    alpha_m, beta_m = 0.1 * linoid(xp, v - 50.0, 10.0), 4.0 * xp.exp((v - 25.0) / -18.0)
    alpha_h, beta_h = (
        0.07 * xp.exp((v - 25.0) / -20.0),
        1.0 / (1.0 + xp.exp((v - 55.0) / -10.0)),
    )
    alpha_n, beta_n = 0.01 * linoid(xp, v - 55.0, 10.0), 0.125 * xp.exp((v - 45.0) / -80.0)
    m_inf = alpha_m / (alpha_m + beta_m)
    I_I = p.g_I * m_inf**3 * s.h * (s.V - p.V_I)
    I_T = p.g_T * s.x * (s.V - p.V_I)
    I_K = (p.g_K * s.n**4 + p.g_KCa * s.Ca / (0.5 + s.Ca)) * (s.V - p.V_K)
    I_L = p.g_L * (s.V - p.V_L)
    x_inf = 1.0 / (1.0 + xp.exp(p.a_x * (p.V_x - s.V)))
    return {
        "V": (current - I_I - I_T - I_K - I_L) / p.C_m,
        "h": Relax(alpha_h / (alpha_h + beta_h), 1.0 / (p.lam * (alpha_h + beta_h))),
        "n": Relax(alpha_n / (alpha_n + beta_n), 1.0 / (p.lam * (alpha_n + beta_n))),
        "x": Relax(x_inf, p.tau_x),
        "Ca": p.rho * (p.K_c * s.x * (p.V_Ca - s.V) - s.Ca),
    }


PLANT_R15 = Model(
    name="PlantR15Neuron",
    family="burster",
    title="Aplysia R15, a parabolic burster (Plant)",
    # it bursts without current; the states are between two bursts
    states=(
        State("V", -55.0, "mV", "membrane potential"),
        State("h", 0.95, "1", "inactivation of the fast inward current"),
        State("n", 0.05, "1", "activation of potassium"),
        State("x", 0.3, "1", "activation of the slow inward current"),
        State("Ca", 0.5, "1", "calcium in the cell"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_I", 4.0, "mS/cm2", 0.0, 100.0, "maximal fast inward conductance"),
        Param("g_T", 0.01, "mS/cm2", 0.0, 10.0, "maximal slow inward conductance"),
        Param("g_K", 0.3, "mS/cm2", 0.0, 100.0, "maximal potassium conductance"),
        Param("g_KCa", 0.03, "mS/cm2", 0.0, 10.0, "conductance opened by calcium, when saturated"),
        Param("g_L", 0.003, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("V_I", 30.0, "mV", 0.0, 120.0, "reversal potential of both inward currents"),
        Param("V_Ca", 140.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("V_K", -75.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -40.0, "mV", -120.0, 50.0, "leak reversal potential"),
        Param("lam", 0.08, "1", 0.001, 10.0, "lambda, speed of h and n relative to the squid"),
        Param(
            "a_x", 0.15, "1/mV", 0.0, 5.0, "steepness of the activation of the slow inward current"
        ),
        Param("V_x", -50.0, "mV", -100.0, 50.0, "potential of its half activation"),
        Param("tau_x", 235.0, "ms", 1.0, 1e5, "time constant of it"),
        Param("rho", 0.0003, "1/ms", 1e-7, 1.0, "removal of calcium"),
        Param("K_c", 0.0085, "1/mV", 0.0, 1.0, "calcium that the slow inward current brings"),
    ),
    equations=(
        "C_m dV/dt = I - g_I m_inf³ h (V - V_I) - g_T x (V - V_I)"
        " - (g_K n⁴ + g_KCa Ca/(0.5 + Ca)) (V - V_K) - g_L (V - V_L)",
        "dCa/dt = rho (K_c x (V_Ca - V) - Ca)",
        "dx/dt = (x_inf - x)/tau_x, x_inf = 1 / (1 + exp(-a_x (V - V_x)))",
        "dy/dt = lam (alpha_y (1 - y) - beta_y y), for y = h, n; "
        "m_inf = alpha_m / (alpha_m + beta_m)",
        "v = (127 V + 8265)/105",
        "alpha_m = 0.1 (v - 50) / (1 - exp(-(v - 50)/10)), beta_m = 4 exp(-(v - 25)/18)",
        "alpha_h = 0.07 exp(-(v - 25)/20), beta_h = 1 / (1 + exp(-(v - 55)/10))",
        "alpha_n = 0.01 (v - 55) / (1 - exp(-(v - 55)/10)), beta_n = 0.125 exp(-(v - 45)/80)",
        "V rises through -10 mV: spike",
    ),
    sources=(
        Source(
            "Plant RE",
            1981,
            "Bifurcation and resonance in a model for bursting nerve cells",
            "J Math Biol 11:15-32",
            "10.1007/BF00275821",
            "slow inward current with the reversal potential of the fast one; the default "
            "constants, as in BioModels 304",
        ),
        Source(
            "Rinzel J, Lee YS",
            1987,
            "Dissection of a model for neuronal parabolic bursting",
            "J Math Biol 25:653-675",
            "10.1007/BF00275501",
            "parabolic bursts, as in the preset",
        ),
    ),
    derivatives=_plant,
    spike=Threshold("V", -10.0),
    output="V",
    current_unit="uA/cm2",
    current=0.0,
    duration=30000.0,
    dt=0.5,
    integrator="rk4",
    without_input="bursts",
    presets=(
        Preset(
            name="parabolic",
            title="Bursts that begin and end slowly",
            params={"a_x": 0.3, "V_x": -40.0, "tau_x": 9400.0, "rho": 0.00015, "K_c": 0.00425},
            duration=100000.0,
            source="Rinzel and Lee 1987",
        ),
    ),
)


_AUTHORS = "authors' program (ModelDB 125683), "


def _komendantov_kononenko(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    def x_inf(slope: float, half: float) -> Array:
        return 1.0 / (1.0 + xp.exp(-slope * (s.V - half)))

    I_NaV = p.g_NaV * x_inf(0.2, -45.0) * (s.V - p.V_Na)
    I_Na = p.g_Na * (s.V - p.V_Na)
    I_K = p.g_K * (s.V - p.V_K)
    I_B = p.g_B * s.m_B * s.h_B * (s.V - p.V_B)
    I_NaTTX = p.g_NaTTX * s.m**3 * s.h * (s.V - p.V_Na)
    I_KTEA = p.g_KTEA * s.n**4 * (s.V - p.V_K)
    I_Ca = p.g_Ca * s.m_Ca**2 * (s.V - p.V_Ca)
    closed = 1.0 / (1.0 + xp.exp(p.k_beta * (s.Ca - p.beta)))
    I_CaCa = p.g_CaCa * x_inf(0.06, -45.0) * closed * (s.V - p.V_Ca)
    I_slow = I_NaV + I_Na + I_K + I_B + I_CaCa
    volume = 4.0 / 3.0 * 3.141592653589793 * p.R**3
    return {
        "V": 1e-3 * (current - I_slow - I_NaTTX - I_KTEA - I_Ca) / p.C_m,
        "Ca": 1e-3 * p.rho * (-I_Ca / (2.0 * 96485.0 * volume) - p.k_s * s.Ca),
        "m_B": Relax(x_inf(-0.4, -34.0), 50.0),
        "h_B": Relax(x_inf(0.55, -43.0), 1500.0),
        "m": Relax(x_inf(0.4, -31.0), 0.5),
        "h": Relax(x_inf(-0.25, -45.0), 10.0),
        "n": Relax(x_inf(0.18, -25.0), 15.0),
        "m_Ca": Relax(x_inf(0.2, 0.0), 10.0),
    }


KOMENDANTOV_KONONENKO = Model(
    name="KomendantovKononenkoNeuron",
    family="burster",
    title="Helix RPa1, which beats, doubles its period, is chaotic and bursts",
    # it fires without current; the states are those at which the authors' program begins, but for
    # h, which that leaves at 0
    states=(
        State("V", -42.0, "mV", "membrane potential"),
        State("Ca", 6e-5, "mM", "calcium in the cell"),
        State("m_B", 0.95, "1", "fast gate of the slow wave, which depolarization shuts"),
        State("h_B", 0.77, "1", "slow gate of the slow wave, which depolarization opens"),
        State("m", 0.14, "1", "activation of fast sodium"),
        State("h", 0.0, "1", "inactivation of fast sodium"),
        State("n", 0.048, "1", "activation of the delayed rectifier"),
        State("m_Ca", 0.0002, "1", "activation of calcium"),
    ),
    params=(
        Param("C_m", 0.02, "uF", 1e-4, 1.0, "capacitance of the cell"),
        Param("g_Na", 0.0231, "uS", 0.0, 10.0, "steady sodium conductance"),
        Param("g_NaV", 0.11, "uS", 0.0, 10.0, "maximal sodium conductance that V opens at once"),
        Param("g_K", 0.25, "uS", 0.0, 10.0, "steady potassium conductance"),
        Param("g_B", 0.165, "uS", 0.0, 10.0, "maximal conductance that makes the slow wave"),
        Param("g_NaTTX", 400.0, "uS", 0.0, 2000.0, "maximal fast sodium conductance"),
        Param("g_KTEA", 10.0, "uS", 0.0, 1000.0, "maximal conductance of the delayed rectifier"),
        Param("g_Ca", 1.5, "uS", 0.0, 100.0, "maximal calcium conductance"),
        Param("g_CaCa", 0.02, "uS", 0.0, 10.0, "maximal calcium conductance that calcium closes"),
        Param("V_Na", 40.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("V_K", -70.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_B", -58.0, "mV", -120.0, 50.0, "reversal potential of the slow wave"),
        Param("V_Ca", 150.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("R", 0.1, "mm", 0.01, 1.0, "radius of the cell"),
        Param("k_s", 50.0, "1/s", 0.0, 1000.0, "removal of calcium"),
        Param("rho", 0.002, "1", 1e-5, 1.0, "share of calcium that is free"),
        Param("k_beta", 15000.0, "1/mM", 0.0, 1e6, "how sharply calcium closes the channel"),
        Param("beta", 4e-5, "mM", 0.0, 1.0, "calcium that closes half of them"),
    ),
    equations=(
        "C_m dV/dt = I - I_Na - I_NaV - I_K - I_B - I_NaTTX - I_KTEA - I_Ca - I_CaCa, t in s",
        "I_Na = g_Na (V - V_Na), I_NaV = g_NaV (V - V_Na) / (1 + exp(-0.2 (V + 45)))",
        "I_K = g_K (V - V_K), I_B = g_B m_B h_B (V - V_B)",
        "I_NaTTX = g_NaTTX m³ h (V - V_Na), I_KTEA = g_KTEA n⁴ (V - V_K)",
        "I_Ca = g_Ca m_Ca² (V - V_Ca), I_CaCa = g_CaCa (V - V_Ca)"
        " / ((1 + exp(-0.06 (V + 45))) (1 + exp(k_beta (Ca - beta))))",
        "dCa/dt = rho (-I_Ca/(2 F v) - k_s Ca), v = 4/3 pi R³",
        "dx/dt = (x_inf - x)/tau_x, x_inf = 1 / (1 + exp(-a_x (V - V_x)))",
        "a = -0.4, 0.55, 0.4, -0.25, 0.18, 0.2 per mV, V_x = -34, -43, -31, -45, -25, 0 mV, "
        "tau = 50, 1500, 0.5, 10, 15, 10 ms for x = m_B, h_B, m, h, n, m_Ca",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Komendantov AO, Kononenko NI",
            1996,
            "Deterministic chaos in mathematical model of pacemaker activity in bursting neurons "
            "of snail, Helix pomatia",
            "J Theor Biol 183:219-230",
            "10.1006/jtbi.1996.0215",
            "constants from the authors' program, ModelDB 125683",
        ),
    ),
    derivatives=_komendantov_kononenko,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="nA",
    current=0.0,
    duration=40000.0,
    dt=0.25,
    integrator="rk4",
    without_input="bursts",
    presets=(
        Preset(
            name="beating",
            title="Beating",
            params={"g_B": 0.11},
            source=_AUTHORS + "example 2",
        ),
        Preset(
            name="period-2",
            title="Beating in pairs",
            params={"g_B": 0.124},
            source=_AUTHORS + "example 3",
        ),
        Preset(
            name="period-4",
            title="Beating in fours",
            params={"g_B": 0.130},
            source=_AUTHORS + "example 4",
        ),
        Preset(
            name="chaos",
            title="Chaos",
            params={"g_B": 0.1372},
            source=_AUTHORS + "example 1",
        ),
        Preset(
            name="chaotic-bursts",
            title="Chaotic bursts",
            params={"g_Na": 0.02, "g_NaV": 0.13, "g_B": 0.18, "g_Ca": 1.0, "g_CaCa": 0.01},
            init={
                "V": -55.56913,
                "Ca": 3.593358e-05,
                **dict.fromkeys(("m_B", "h_B", "m", "h", "n", "m_Ca"), 0.0),
            },
            source=_AUTHORS + "example 7",
        ),
    ),
)
