"""Pyramidal cells of the prefrontal cortex, and what dopamine does to them."""

from __future__ import annotations

import math
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

_SOMA = 2861.8 * math.pi * 2184.0 * 1e-4  # um2: 28.618 um long, 21.84 um thick
_RHO = 650.0 * 6.5 / (28.618 * 21.84)  # area of the dendrite over that of the soma
# half of the resistance along each compartment, of 1.5 MOhm um, in MOhm
_R_C = 1.5 * 2.0 / math.pi * (28.618 / 21.84**2 + 650.0 / 6.5**2)
_PER_NA = 1e5 / _SOMA  # uA/cm2 of the soma per nA
_LOG10 = math.log(10.0)


def _membrane(
    xp: Any, s: dict[str, Array], p: dict[str, Array], f_h: Array
) -> tuple[Array, dict[str, Array]]:
    """The current out of a compartment and the rates of all that is in it but its potential."""
    V = s["V"]
    E_K, E_Ca = 25.0 * xp.log(s["K_o"] / 140.0), 12.5 * xp.log(2.0 / s["Ca"])
    I_Na = p["g_Na"] * s["m"] ** 3 * s["h"] * (V - 55.0)
    I_NaP = p["g_NaP"] * s["k"] * s["l"] * (V - 55.0)
    I_HVA = p["g_HVA"] * s["u"] ** 2 * s["v"] * (V - E_Ca)
    I_K = (p["g_DR"] * s["n"] ** 4 + p["g_KS"] * s["a"] * s["b"] + p["g_C"] * s["c"] ** 2) * (
        V - E_K
    )
    V_c = V + 40.0 / _LOG10 * xp.log(1000.0 * s["Ca"])
    alpha_c, beta_c = 0.0064 * linoid(xp, V_c + 18.0, 12.0), 1.7 * xp.exp((V_c + 152.0) / -30.0)
    alpha_l = 2.8e-5 * xp.exp((V + 42.8477) / -4.0248)
    beta_l = 0.02 / (1.0 + xp.exp((V - 413.9284) / -148.2589))
    rates: dict[str, Array] = {
        "m": gate(0.2816 * linoid(xp, V + 28.0, 9.3), 0.2464 * linoid(xp, -V - 1.0, 6.0)),
        "h": gate(0.098 * xp.exp((V + 43.1) / -20.0), 1.4 / (1.0 + xp.exp((V + 13.1) / -10.0))),
        "k": gate(0.2816 * linoid(xp, V + 12.0, 9.3), 0.2464 * linoid(xp, 15.0 - V, 6.0)),
        "l": gate(alpha_l / f_h, beta_l / f_h),
        "n": gate(0.018 * linoid(xp, V - 13.0, 25.0), 0.0054 * linoid(xp, 23.0 - V, 12.0)),
        "a": Relax(1.0 / (1.0 + xp.exp((V + 34.0) / -6.5)), 6.0),
        "b": Relax(
            1.0 / (1.0 + xp.exp((V + 65.0) / 6.6)),
            200.0 + 220.0 / (1.0 + xp.exp((V + 71.6) / -6.85)),
        ),
        "u": Relax(1.0 / (1.0 + xp.exp((V + 24.6) / -11.3)), 1.25 / xp.cosh(0.031 * (V + 37.1))),
        "v": Relax(1.0 / (1.0 + xp.exp((V + 12.6) / 18.9)), 140.0),
        "c": Relax(alpha_c / (alpha_c + beta_c), xp.maximum(1.0 / (alpha_c + beta_c), 1.1)),
        # shells of 0.2 nm and 70 nm: 1 uA/cm2 in them is this many mM/ms
        "Ca": -3.1093e-7 * I_HVA + (5e-5 - s["Ca"]) / p["tau_Ca"],
        "K_o": 2.9612e-3 * I_K + (3.82 - s["K_o"]) / 7.0,
    }
    return I_Na + I_NaP + I_HVA + I_K, rates


_IN_COMPARTMENT = ("V", "m", "h", "k", "l", "n", "a", "b", "u", "v", "c", "Ca", "K_o")
_CONDUCTANCES = ("g_Na", "g_NaP", "g_DR", "g_KS", "g_HVA", "g_C", "tau_Ca")


def _durstewitz(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    states, params = vars(s), vars(p)
    result: dict[str, Array] = {}
    out = {}
    for part in ("s", "d"):
        out[part], rates = _membrane(
            xp,
            {name: states[f"{name}_{part}"] for name in _IN_COMPARTMENT},
            {name: params[f"{name}_{part}"] for name in _CONDUCTANCES},
            p.f_l,
        )
        result.update({f"{name}_{part}": rate for name, rate in rates.items()})
    unblocked = 1.50265 / (1.0 + 0.33 * xp.exp(-0.0625 * s.V_d))
    I_NMDA = p.g_NMDA * unblocked * s.V_d
    I_c = _PER_NA / _R_C * (s.V_d - s.V_s)
    I_L_s, I_L_d = p.g_L_s * (s.V_s + 70.0), p.g_L_d * (s.V_d + 70.0)
    result["V_s"] = (_PER_NA * current + I_c - I_L_s - out["s"]) / p.C_s
    result["V_d"] = (-I_c / _RHO - I_L_d - out["d"] - I_NMDA) / p.C_d
    return result


DURSTEWITZ = Model(
    name="DurstewitzDopamineNeuron",
    family="compartments",
    title="Prefrontal pyramidal cell of soma and dendrite, with or without dopamine",
    # rest without current
    states=(
        State("V_s", -65.91019, "mV", "potential of the soma"),
        State("m_s", 0.01139046, "1", "activation of sodium, soma"),
        State("h_s", 0.9774088, "1", "inactivation of sodium, soma"),
        State("k_s", 0.002314504, "1", "activation of persistent sodium, soma"),
        State("l_s", 0.9193725, "1", "inactivation of persistent sodium, soma"),
        State("n_s", 0.1162074, "1", "activation of the delayed rectifier, soma"),
        State("a_s", 0.007323914, "1", "activation of slow potassium, soma"),
        State("b_s", 0.5344237, "1", "inactivation of slow potassium, soma"),
        State("u_s", 0.02519066, "1", "activation of calcium, soma"),
        State("v_s", 0.9437813, "1", "inactivation of calcium, soma"),
        State("c_s", 0.0003221918, "1", "activation of calcium-dependent potassium, soma"),
        State("Ca_s", 5.367738e-05, "mM", "calcium below the membrane, soma"),
        State("K_o_s", 3.82471, "mM", "potassium outside the membrane, soma"),
        State("V_d", -65.95863, "mV", "potential of the dendrite"),
        State("m_d", 0.0113369, "1", "activation of sodium, dendrite"),
        State("h_d", 0.9775681, "1", "inactivation of sodium, dendrite"),
        State("k_d", 0.002303159, "1", "activation of persistent sodium, dendrite"),
        State("l_d", 0.9202833, "1", "inactivation of persistent sodium, dendrite"),
        State("n_d", 0.1160071, "1", "activation of the delayed rectifier, dendrite"),
        State("a_d", 0.007269926, "1", "activation of slow potassium, dendrite"),
        State("b_d", 0.5362495, "1", "inactivation of slow potassium, dendrite"),
        State("u_d", 0.02508559, "1", "activation of calcium, dendrite"),
        State("v_d", 0.9439171, "1", "inactivation of calcium, dendrite"),
        State("c_d", 0.0003186088, "1", "activation of calcium-dependent potassium, dendrite"),
        State("Ca_d", 5.350298e-05, "mM", "calcium below the membrane, dendrite"),
        State("K_o_d", 3.821421, "mM", "potassium outside the membrane, dendrite"),
    ),
    params=(
        Param("C_s", 1.2, "uF/cm2", 0.01, 100.0, "membrane capacitance, soma"),
        Param("g_L_s", 1.0 / 30.0, "mS/cm2", 0.0, 10.0, "leak conductance, soma"),
        Param("g_Na_s", 117.0, "mS/cm2", 0.0, 1000.0, "conductance: sodium, soma"),
        Param("g_NaP_s", 1.8, "mS/cm2", 0.0, 100.0, "conductance: persistent sodium, soma"),
        Param("g_DR_s", 50.0, "mS/cm2", 0.0, 1000.0, "conductance: delayed rectifier, soma"),
        Param("g_KS_s", 0.08, "mS/cm2", 0.0, 100.0, "conductance: slow potassium, soma"),
        Param("g_HVA_s", 0.4, "mS/cm2", 0.0, 100.0, "conductance: high-voltage calcium, soma"),
        Param("g_C_s", 2.1, "mS/cm2", 0.0, 100.0, "conductance: calcium-dependent potassium, soma"),
        Param("tau_Ca_s", 250.0, "ms", 1.0, 10_000.0, "time constant of calcium's removal, soma"),
        Param("C_d", 2.304, "uF/cm2", 0.01, 100.0, "membrane capacitance, dendrite"),
        Param("g_L_d", 1.92 / 30.0, "mS/cm2", 0.0, 10.0, "leak conductance, dendrite"),
        Param("g_Na_d", 20.0, "mS/cm2", 0.0, 1000.0, "conductance: sodium, dendrite"),
        Param("g_NaP_d", 0.8, "mS/cm2", 0.0, 100.0, "conductance: persistent sodium, dendrite"),
        Param("g_DR_d", 14.0, "mS/cm2", 0.0, 1000.0, "conductance: delayed rectifier, dendrite"),
        Param("g_KS_d", 0.08, "mS/cm2", 0.0, 100.0, "conductance: slow potassium, dendrite"),
        Param("g_HVA_d", 0.8, "mS/cm2", 0.0, 100.0, "conductance: high-voltage calcium, dendrite"),
        Param(
            "g_C_d", 2.1, "mS/cm2", 0.0, 100.0, "conductance: calcium-dependent potassium, dendrite"
        ),
        Param(
            "tau_Ca_d", 120.0, "ms", 1.0, 10_000.0, "time constant of calcium's removal, dendrite"
        ),
        Param("f_l", 1.0, "1", 0.1, 10.0, "how much slower persistent sodium inactivates"),
        Param("g_NMDA", 0.0, "mS/cm2", 0.0, 10.0, "constant NMDA conductance of the dendrite"),
    ),
    equations=(
        "C_s dV_s/dt = (I + (V_d - V_s)/R_c)/A_s - g_L_s (V_s + 70) - I_ion(s)",
        "C_d dV_d/dt = (V_s - V_d)/(R_c A_d) - g_L_d (V_d + 70) - I_ion(d) - I_NMDA",
        "I_ion = (g_Na m³ h + g_NaP k l) (V - 55) + g_HVA u² v (V - E_Ca) + I_K, in each",
        "I_K = (g_DR n⁴ + g_KS a b + g_C c²) (V - E_K)",
        "E_K = 25 ln(K_o/140), E_Ca = 12.5 ln(2/Ca)",
        "I_NMDA = 1.50265 g_NMDA V_d / (1 + 0.33 exp(-0.0625 V_d))",
        "dCa/dt = -3.11e-7 g_HVA u² v (V - E_Ca) + (5e-5 - Ca)/tau_Ca",
        "dK_o/dt = 0.00296 I_K + (3.82 - K_o)/7",
        "dx/dt = alpha_x (1 - x) - beta_x x, for x = m, h, k, l, n",
        "alpha_m = 0.2816 (V + 28) / (1 - exp(-(V + 28)/9.3)), "
        "beta_m = 0.2464 (V + 1) / (exp((V + 1)/6) - 1)",
        "alpha_h = 0.098 exp(-(V + 43.1)/20), beta_h = 1.4 / (1 + exp(-(V + 13.1)/10))",
        "alpha_k = 0.2816 (V + 12) / (1 - exp(-(V + 12)/9.3)), "
        "beta_k = 0.2464 (V - 15) / (exp((V - 15)/6) - 1)",
        "alpha_l = 2.8e-5 exp(-(V + 42.8477)/4.0248) / f_l, "
        "beta_l = 0.02 / (1 + exp(-(V - 413.9284)/148.2589)) / f_l",
        "alpha_n = 0.018 (V - 13) / (1 - exp(-(V - 13)/25)), "
        "beta_n = 0.0054 (V - 23) / (exp((V - 23)/12) - 1)",
        "dx/dt = (x_inf - x)/tau_x, for x = a, b, u, v, c",
        "a_inf = 1 / (1 + exp(-(V + 34)/6.5)), tau_a = 6",
        "b_inf = 1 / (1 + exp((V + 65)/6.6)), tau_b = 200 + 220 / (1 + exp(-(V + 71.6)/6.85))",
        "u_inf = 1 / (1 + exp(-(V + 24.6)/11.3)), tau_u = 1.25 / cosh(0.031 (V + 37.1))",
        "v_inf = 1 / (1 + exp((V + 12.6)/18.9)), tau_v = 140",
        "c_inf = alpha_c / (alpha_c + beta_c), tau_c = max(1/(alpha_c + beta_c), 1.1), "
        "with v_c = V + 40 log10(1000 Ca)",
        "alpha_c = 0.0064 (v_c + 18) / (1 - exp(-(v_c + 18)/12)), "
        "beta_c = 1.7 exp(-(v_c + 152)/30)",
        "V_s rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Durstewitz D, Seamans JK, Sejnowski TJ",
            2000,
            "Dopamine-mediated stabilization of delay-period activity in a network model of "
            "prefrontal cortex",
            "J Neurophysiol 83:1733-1750",
            "10.1152/jn.2000.83.3.1733",
            "the currents and what dopamine does to them, in a cell of four compartments",
        ),
        Source(
            "Durstewitz D, Gabriel T",
            2007,
            "Dynamical basis of irregular spiking in NMDA-driven prefrontal cortex neurons",
            "Cereb Cortex 17:894-908",
            "10.1093/cercor/bhk044",
            "the reduction to two compartments given here; constants of the authors' program, "
            "ModelDB 82784",
        ),
    ),
    derivatives=_durstewitz,
    spike=Threshold("V_s", -20.0),
    output="V_s",
    current_unit="nA",
    current=0.2,
    duration=500.0,
    dt=0.025,
    integrator="rk4",
    presets=(
        Preset(
            name="dopamine",
            title="Under dopamine, whose D1 receptors act on persistent sodium, slow potassium "
            "and calcium",
            params={"f_l": 2.0, "g_KS_s": 0.032, "g_KS_d": 0.032, "g_HVA_d": 0.68},
            source="Durstewitz and Gabriel 2007; the authors' program, ModelDB 82784",
        ),
    ),
)
