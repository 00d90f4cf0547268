"""The thick-tufted pyramidal cell of cortical layer 5, in four compartments."""

from __future__ import annotations

import math
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

_WARM = 2.3**1.3  # from 21 to 34 °C with a Q10 of 2.3
_PER_2F = 5.1821e-5  # 1 / (2 F), mM um cm2 / (uA ms)

# length and thickness in um, resistivity in Ohm cm, of soma, basal dendrite, trunk and tuft
_SHAPE = {
    "s": (24.5235, 14.6852, 379.507),
    "b": (425.88, 6.62433, 197.234),
    "a": (399.775, 10.6175, 957.826),
    "t": (702.194, 3.47888, 224.271),
}
_AREA = {part: math.pi * length * thick * 1e-8 for part, (length, thick, _) in _SHAPE.items()}
# from the middle of a compartment to its end, in MOhm
_HALF = {
    part: 2.0 * length * ohm_cm / (math.pi * thick**2) * 1e-2
    for part, (length, thick, ohm_cm) in _SHAPE.items()
}


def _coupling(part: str, other: str) -> float:
    """mS over a cm2 of the part: 1 nA into it is 0.001 / area uA/cm2."""
    return 1e-3 / _AREA[part] / (_HALF[part] + _HALF[other])


def _transient_sodium(xp: Any, V: Array) -> tuple[Relax, Relax]:
    alpha_m, beta_m = linoid(xp, V + 38.0, 6.0) / 5.49451, linoid(xp, -V - 38.0, 6.0) / 8.06452
    alpha_h, beta_h = linoid(xp, -V - 66.0, 6.0) / 66.6667, linoid(xp, V + 66.0, 6.0) / 66.6667
    return gate(_WARM * alpha_m, _WARM * beta_m), gate(_WARM * alpha_h, _WARM * beta_h)


def _high_calcium(xp: Any, V: Array) -> tuple[Relax, Relax]:
    return (
        gate(linoid(xp, V + 27.0, 3.8) / 18.1818, xp.exp((V + 75.0) / -17.0) / 1.06383),
        gate(
            xp.exp((V + 13.0) / -50.0) / 2188.18,
            1.0 / (153.846 * (1.0 + xp.exp((V + 15.0) / -28.0))),
        ),
    )


def _low_calcium(xp: Any, V: Array) -> tuple[Relax, Relax]:
    return (
        Relax(
            1.0 / (1.0 + xp.exp((V + 40.0) / -6.0)),
            (5.0 + 20.0 / (1.0 + xp.exp((V + 35.0) / 5.0))) / _WARM,
        ),
        Relax(
            1.0 / (1.0 + xp.exp((V + 90.0) / 6.4)),
            (20.0 + 50.0 / (1.0 + xp.exp((V + 50.0) / 7.0))) / _WARM,
        ),
    )


def _h_current(xp: Any, V: Array) -> Relax:
    return gate(linoid(xp, -V - 154.9, 11.9) / 155.521, xp.exp(V / 33.1) / 5.18135)


def _kv3(xp: Any, V: Array) -> Relax:
    return Relax(1.0 / (1.0 + xp.exp((18.7 - V) / 9.7)), 4.0 / (1.0 + xp.exp((V + 46.56) / -44.14)))


def _m_current(xp: Any, V: Array) -> Relax:
    opening = xp.exp((V + 35.0) / 10.0) / 303.03
    closing = xp.exp((V + 35.0) / -10.0) / 303.03
    return gate(_WARM * opening, _WARM * closing)


def _sk(xp: Any, Ca: Array) -> Array:
    return 1.0 / (1.0 + (0.00043 / xp.maximum(Ca, 1e-7)) ** 4.8)


def _hay(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V_s
    m_s, h_s = _transient_sodium(xp, V)
    u_s, v_s = _high_calcium(xp, V)
    q_s, r_s = _low_calcium(xp, V)
    m_t, h_t = _transient_sodium(xp, s.V_t)
    u_t, v_t = _high_calcium(xp, s.V_t)
    q_t, r_t = _low_calcium(xp, s.V_t)
    m_a, h_a = _transient_sodium(xp, s.V_a)
    # persistent sodium activates six times more slowly than transient sodium
    p_s = Relax(1.0 / (1.0 + xp.exp((V + 52.6) / -4.6)), 6.0 * m_s.tau)
    alpha_l, beta_l = linoid(xp, -V - 17.0, 4.63) / 347222.0, linoid(xp, V + 64.4, 2.63) / 144092.0
    l_s = Relax(1.0 / (1.0 + xp.exp((V + 48.8) / 10.0)), 1.0 / (_WARM * (alpha_l + beta_l)))
    a_s = Relax(
        1.0 / (1.0 + xp.exp((V + 10.0) / -19.0)),
        (0.34 + 0.92 * xp.exp(-(((V + 81.0) / 59.0) ** 2))) / _WARM,
    )
    b_s = Relax(
        1.0 / (1.0 + xp.exp((V + 76.0) / 10.0)),
        (8.0 + 49.0 * xp.exp(-(((V + 83.0) / 23.0) ** 2))) / _WARM,
    )
    rising, falling = 175.03 * xp.exp((V + 10.0) / 38.4615), 13.0 * xp.exp((V + 10.0) / -38.4615)
    c_s = Relax(
        1.0 / (1.0 + xp.exp((V + 11.0) / -12.0)), (1.25 + xp.minimum(rising, falling)) / _WARM
    )
    d_s = Relax(
        1.0 / (1.0 + xp.exp((V + 64.0) / 11.0)),
        (360.0 + (1010.0 + 24.0 * (V + 65.0)) * xp.exp(-(((V + 85.0) / 48.0) ** 2))) / _WARM,
    )
    E_s, E_t = 12.04 * xp.log(2.0 / s.Ca_s), 12.04 * xp.log(2.0 / s.Ca_t)
    g_Ca_s = p.g_HVA_s * s.u_s**2 * s.v_s + p.g_LVA_s * s.q_s**2 * s.r_s
    I_Ca_t = (p.g_HVA_t * s.u_t**2 * s.v_t + p.g_LVA_t * s.q_t**2 * s.r_t) * (s.V_t - E_t)
    g_K_s = (
        p.g_KT_s * s.a_s**4 * s.b_s
        + p.g_KP_s * s.c_s**2 * s.d_s
        + p.g_Kv3_s * s.k_s
        + p.g_SK_s * s.z_s
    )
    g_Na_s = p.g_NaT_s * s.m_s**3 * s.h_s + p.g_NaP_s * s.p_s**3 * s.l_s
    # without calcium channels the trunk has the calcium of rest
    g_K_a = p.g_Kv3_a * s.k_a + p.g_M_a * s.y_a + p.g_SK_a * _sk(xp, p.Ca_min)
    g_K_t = p.g_M_t * s.y_t + p.g_SK_t * s.z_t
    I_b = p.g_h_b * s.w_b * (s.V_b - p.E_h) + p.g_L_b * (s.V_b - p.E_L)
    I_a = p.g_NaT_a * s.m_a**3 * s.h_a * (s.V_a - p.E_Na) + g_K_a * (s.V_a - p.E_K)
    I_a = I_a + p.g_L_a * (s.V_a - p.E_L)
    I_t = p.g_NaT_t * s.m_t**3 * s.h_t * (s.V_t - p.E_Na) + g_K_t * (s.V_t - p.E_K) + I_Ca_t
    I_t = I_t + p.g_h_t * s.w_t * (s.V_t - p.E_h) + p.g_L_t * (s.V_t - p.E_L)
    to_b, to_a = _coupling("s", "b"), _coupling("s", "a")
    # the potential of the soma relaxes so fast in a spike that only its exact step is stable
    g_s = g_Na_s + g_K_s + g_Ca_s + p.g_h_s * s.w_s + p.g_L_s + to_b + to_a
    drive_s = g_Na_s * p.E_Na + g_K_s * p.E_K + g_Ca_s * E_s + p.g_h_s * s.w_s * p.E_h
    drive_s = drive_s + p.g_L_s * p.E_L + to_b * s.V_b + to_a * s.V_a
    drive_s = drive_s + current * (1e-3 / _AREA["s"])
    along = _coupling("a", "s") * (V - s.V_a) + _coupling("a", "t") * (s.V_t - s.V_a)
    return {
        "V_s": Relax(drive_s / g_s, p.C_s / g_s),
        "V_b": (_coupling("b", "s") * (V - s.V_b) - I_b) / p.C_b,
        "V_a": (along - I_a) / p.C_a,
        "V_t": (p.I_t * (1e-3 / _AREA["t"]) + _coupling("t", "a") * (s.V_a - s.V_t) - I_t) / p.C_t,
        "m_s": m_s,
        "h_s": h_s,
        "p_s": p_s,
        "l_s": l_s,
        "a_s": a_s,
        "b_s": b_s,
        "c_s": c_s,
        "d_s": d_s,
        "k_s": _kv3(xp, V),
        "u_s": u_s,
        "v_s": v_s,
        "q_s": q_s,
        "r_s": r_s,
        "z_s": Relax(_sk(xp, s.Ca_s), 1.0),
        "w_s": _h_current(xp, V),
        "Ca_s": -_PER_2F * p.gamma_s / p.depth * g_Ca_s * (V - E_s)
        + (p.Ca_min - s.Ca_s) / p.tau_Ca_s,
        "w_b": _h_current(xp, s.V_b),
        "m_a": m_a,
        "h_a": h_a,
        "k_a": _kv3(xp, s.V_a),
        "y_a": _m_current(xp, s.V_a),
        "m_t": m_t,
        "h_t": h_t,
        "u_t": u_t,
        "v_t": v_t,
        "q_t": q_t,
        "r_t": r_t,
        "y_t": _m_current(xp, s.V_t),
        "z_t": Relax(_sk(xp, s.Ca_t), 1.0),
        "w_t": _h_current(xp, s.V_t),
        "Ca_t": -_PER_2F * p.gamma_t / p.depth * I_Ca_t + (p.Ca_min - s.Ca_t) / p.tau_Ca_t,
    }


HAY_L5 = Model(
    name="HayL5PyramidalNeuron",
    family="compartments",
    title="Layer 5 pyramidal cell whose soma and apical tuft call each other to burst",
    # rest without current
    states=(
        State("V_s", -78.54128, "mV", "potential of the soma"),
        State("V_b", -78.50075, "mV", "potential of the basal dendrite"),
        State("V_a", -78.4814, "mV", "potential of the apical trunk"),
        State("V_t", -69.6752, "mV", "potential of the apical tuft"),
        State("m_s", 0.001703858, "1", "activation of transient sodium, soma"),
        State("h_s", 0.8899483, "1", "inactivation of transient sodium, soma"),
        State("p_s", 0.003542378, "1", "activation of persistent sodium, soma"),
        State("l_s", 0.9513905, "1", "inactivation of persistent sodium, soma"),
        State("a_s", 0.02640516, "1", "activation of transient potassium, soma"),
        State("b_s", 0.5631922, "1", "inactivation of transient potassium, soma"),
        State("c_s", 0.003581307, "1", "activation of persistent potassium, soma"),
        State("d_s", 0.7895034, "1", "inactivation of persistent potassium, soma"),
        State("k_s", 4.428262e-05, "1", "activation of Kv3.1, soma"),
        State("u_s", 3.150438e-06, "1", "activation of high-voltage calcium, soma"),
        State("v_s", 0.7356855, "1", "inactivation of high-voltage calcium, soma"),
        State("q_s", 0.001620261, "1", "activation of low-voltage calcium, soma"),
        State("r_s", 0.1430206, "1", "inactivation of low-voltage calcium, soma"),
        State("z_s", 0.0009110996, "1", "activation of the SK current, soma"),
        State("w_s", 0.04275847, "1", "activation of the h-current, soma"),
        State("Ca_s", 0.0001000293, "mM", "calcium below the membrane, soma"),
        State("w_b", 0.04259076, "1", "activation of the h-current, basal dendrite"),
        State("m_a", 0.001720917, "1", "activation of transient sodium, trunk"),
        State("h_a", 0.8889671, "1", "inactivation of transient sodium, trunk"),
        State("k_a", 4.45568e-05, "1", "activation of Kv3.1, trunk"),
        State("y_a", 0.0001671786, "1", "activation of the M-current, trunk"),
        State("m_t", 0.007424811, "1", "activation of transient sodium, tuft"),
        State("h_t", 0.6485185, "1", "inactivation of transient sodium, tuft"),
        State("u_t", 4.530685e-05, "1", "activation of high-voltage calcium, tuft"),
        State("v_t", 0.6373783, "1", "inactivation of high-voltage calcium, tuft"),
        State("q_t", 0.007062512, "1", "activation of low-voltage calcium, tuft"),
        State("r_t", 0.04008857, "1", "inactivation of low-voltage calcium, tuft"),
        State("y_t", 0.0009721379, "1", "activation of the M-current, tuft"),
        State("z_t", 0.00091002, "1", "activation of the SK current, tuft"),
        State("w_t", 0.01776844, "1", "activation of the h-current, tuft"),
        State("Ca_t", 0.0001000046, "mM", "calcium below the membrane, tuft"),
    ),
    params=(
        Param("C_s", 1.2154, "uF/cm2", 0.01, 100.0, "membrane capacitance, soma"),
        Param("g_L_s", 0.0437095, "mS/cm2", 0.0, 100.0, "conductance: leak, soma"),
        Param("g_h_s", 0.279218, "mS/cm2", 0.0, 100.0, "conductance: h-current, soma"),
        Param("g_NaT_s", 2411.14, "mS/cm2", 0.0, 10000.0, "conductance: transient sodium, soma"),
        Param("g_NaP_s", 2.06183, "mS/cm2", 0.0, 100.0, "conductance: persistent sodium, soma"),
        Param("g_KP_s", 0.175889, "mS/cm2", 0.0, 100.0, "conductance: persistent potassium, soma"),
        Param("g_KT_s", 23.8758, "mS/cm2", 0.0, 100.0, "conductance: transient potassium, soma"),
        Param("g_SK_s", 47.8551, "mS/cm2", 0.0, 100.0, "conductance: SK current, soma"),
        Param("g_Kv3_s", 700.652, "mS/cm2", 0.0, 10000.0, "conductance: Kv3.1, soma"),
        Param("g_HVA_s", 0.838171, "mS/cm2", 0.0, 100.0, "conductance: high-voltage calcium, soma"),
        Param("g_LVA_s", 3.11435, "mS/cm2", 0.0, 100.0, "conductance: low-voltage calcium, soma"),
        Param("C_b", 1.93792, "uF/cm2", 0.05, 100.0, "membrane capacitance, basal dendrite"),
        Param("g_L_b", 0.0379351, "mS/cm2", 0.0, 100.0, "conductance: leak, basal dendrite"),
        Param("g_h_b", 0.2935, "mS/cm2", 0.0, 100.0, "conductance: h-current, basal dendrite"),
        Param("C_a", 1.44542, "uF/cm2", 0.05, 100.0, "membrane capacitance, trunk"),
        Param("g_L_a", 0.0529409, "mS/cm2", 0.0, 100.0, "conductance: leak, trunk"),
        Param("g_NaT_a", 13.4547, "mS/cm2", 0.0, 100.0, "conductance: transient sodium, trunk"),
        Param("g_Kv3_a", 1.21434, "mS/cm2", 0.0, 100.0, "conductance: Kv3.1, trunk"),
        Param("g_SK_a", 0.230911, "mS/cm2", 0.0, 100.0, "conductance: SK current, trunk"),
        Param("g_M_a", 0.143416, "mS/cm2", 0.0, 100.0, "conductance: M-current, trunk"),
        Param("C_t", 2.6039, "uF/cm2", 0.01, 100.0, "membrane capacitance, tuft"),
        Param("g_L_t", 0.0683036, "mS/cm2", 0.0, 100.0, "conductance: leak, tuft"),
        Param("g_h_t", 4.92557, "mS/cm2", 0.0, 100.0, "conductance: h-current, tuft"),
        Param("g_NaT_t", 13.1333, "mS/cm2", 0.0, 100.0, "conductance: transient sodium, tuft"),
        Param("g_SK_t", 3.64934, "mS/cm2", 0.0, 100.0, "conductance: SK current, tuft"),
        Param("g_M_t", 0.112799, "mS/cm2", 0.0, 100.0, "conductance: M-current, tuft"),
        Param("g_HVA_t", 0.977359, "mS/cm2", 0.0, 100.0, "conductance: high-voltage calcium, tuft"),
        Param("g_LVA_t", 0.486888, "mS/cm2", 0.0, 100.0, "conductance: low-voltage calcium, tuft"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -85.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_h", -40.6682, "mV", -80.0, 20.0, "reversal potential of the h-current"),
        Param("E_L", -90.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("gamma_s", 0.0005, "1", 0.0, 1.0, "share of calcium that stays free, soma"),
        Param("gamma_t", 0.0005, "1", 0.0, 1.0, "share of calcium that stays free, tuft"),
        Param("tau_Ca_s", 488.347, "ms", 1.0, 10_000.0, "time constant of calcium's removal, soma"),
        Param("tau_Ca_t", 95.406, "ms", 1.0, 10_000.0, "time constant of calcium's removal, tuft"),
        Param("depth", 0.1, "um", 0.01, 10.0, "depth of the shell below the membrane"),
        Param("Ca_min", 0.0001, "mM", 1e-6, 0.1, "calcium at rest"),
        Param("I_t", 0.0, "nA", -10.0, 10.0, "current into the tuft"),
    ),
    equations=(
        "C_s dV_s/dt = (I + (V_b - V_s)/R_sb + (V_a - V_s)/R_sa)/A_s - I_s",
        "C_b dV_b/dt = (V_s - V_b)/(R_sb A_b) - I_b, "
        "C_t dV_t/dt = (I_t + (V_a - V_t)/R_at)/A_t - I_t_ion",
        "C_a dV_a/dt = ((V_s - V_a)/R_sa + (V_t - V_a)/R_at)/A_a - I_a",
        "each current is the sum of those that the compartment has:",
        "transient sodium g_NaT m³ h (V - E_Na), persistent sodium g_NaP p³ l (V - E_Na)",
        "transient potassium g_KT a⁴ b (V - E_K), persistent potassium g_KP c² d (V - E_K)",
        "Kv3.1 g_Kv3 k (V - E_K), M g_M y (V - E_K), SK g_SK z (V - E_K)",
        "calcium (g_HVA u² v + g_LVA q² r) (V - E_Ca), E_Ca = 12.04 ln(2/Ca)",
        "h g_h w (V - E_h), leak g_L (V - E_L)",
        "dx/dt = 2.3^1.3 (alpha_x (1 - x) - beta_x x), for x = m, h, y; without 2.3^1.3, u, v, w",
        "alpha_m = (V + 38)/5.49451 / (1 - exp(-(V + 38)/6)), "
        "beta_m = (V + 38)/8.06452 / (exp((V + 38)/6) - 1)",
        "alpha_h = (V + 66)/66.6667 / (exp((V + 66)/6) - 1), "
        "beta_h = (V + 66)/66.6667 / (1 - exp(-(V + 66)/6))",
        "alpha_y = exp((V + 35)/10)/303.03, beta_y = exp(-(V + 35)/10)/303.03",
        "alpha_u = (V + 27)/18.1818 / (1 - exp(-(V + 27)/3.8)), beta_u = exp(-(V + 75)/17)/1.06383",
        "alpha_v = exp(-(V + 13)/50)/2188.18, beta_v = 1/153.846 / (1 + exp(-(V + 15)/28))",
        "alpha_w = (V + 154.9)/155.521 / (exp((V + 154.9)/11.9) - 1), beta_w = exp(V/33.1)/5.18135",
        "dx/dt = 2.3^1.3 (x_inf - x)/tau_x, for x = p, l, a, b, c, d, q, r; without 2.3^1.3, k, z",
        "p_inf = 1 / (1 + exp(-(V + 52.6)/4.6)), tau_p = 6 / (alpha_m + beta_m)",
        "l_inf = 1 / (1 + exp((V + 48.8)/10)), 1/tau_l = "
        "(V + 17)/347222 / (exp((V + 17)/4.63) - 1)"
        " + (V + 64.4)/144092 / (1 - exp(-(V + 64.4)/2.63))",
        "a_inf = 1 / (1 + exp(-(V + 10)/19)), tau_a = 0.34 + 0.92 exp(-((V + 81)/59)²)",
        "b_inf = 1 / (1 + exp((V + 76)/10)), tau_b = 8 + 49 exp(-((V + 83)/23)²)",
        "c_inf = 1 / (1 + exp(-(V + 11)/12)), "
        "tau_c = 1.25 + min(175.03 exp((V + 10)/38.4615), 13 exp(-(V + 10)/38.4615))",
        "d_inf = 1 / (1 + exp((V + 64)/11)), "
        "tau_d = 360 + (1010 + 24 (V + 65)) exp(-((V + 85)/48)²)",
        "q_inf = 1 / (1 + exp(-(V + 40)/6)), tau_q = 5 + 20 / (1 + exp((V + 35)/5))",
        "r_inf = 1 / (1 + exp((V + 90)/6.4)), tau_r = 20 + 50 / (1 + exp((V + 50)/7))",
        "k_inf = 1 / (1 + exp(-(V - 18.7)/9.7)), tau_k = 4 / (1 + exp(-(V + 46.56)/44.14))",
        "z_inf = 1 / (1 + (0.00043/Ca)^4.8), tau_z = 1",
        "dCa/dt = -gamma I_Ca / (2 F depth) + (Ca_min - Ca)/tau_Ca",
        "V_s rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Hay E, Hill S, Schürmann F, Markram H, Segev I",
            2011,
            "Models of neocortical layer 5b pyramidal cells capturing a wide range of dendritic "
            "and perisomatic active properties",
            "PLoS Comput Biol 7:e1002107",
            "10.1371/journal.pcbi.1002107",
            "the currents, in a reconstructed cell",
        ),
        Source(
            "Mäki-Marttunen T, Halnes G, Devor A, Metzner C, Dale AM, Andreassen OA, Einevoll GT",
            2018,
            "A stepwise neuron model fitting procedure designed for recordings with high spatial "
            "resolution: application to layer 5 pyramidal cells",
            "J Neurosci Methods 293:264-283",
            "10.1016/j.jneumeth.2017.10.007",
            "the four compartments and their constants, ModelDB 187474; each has one potential "
            "here and five along it there, so the tuft needs a stronger current",
        ),
    ),
    derivatives=_hay,
    spike=Threshold("V_s", -20.0),
    output="V_s",
    current_unit="nA",
    current=0.5,
    duration=300.0,
    dt=0.0125,
    integrator="exponential_midpoint",
)
