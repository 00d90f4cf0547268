"""Neurons of a few coupled compartments."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import (
    Array,
    Model,
    Param,
    Preset,
    Source,
    State,
    Threshold,
    Values,
    gate,
)
from kernels.neurons.rates import linoid


def _pinsky_rinzel(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    alpha_m, beta_m = 0.32 * linoid(xp, s.V_s + 46.9, 4.0), 0.28 * linoid(xp, -s.V_s - 19.9, 5.0)
    m_inf = alpha_m / (alpha_m + beta_m)
    chi = xp.minimum(s.Ca / 250.0, 1.0)
    I_Na = p.g_Na * m_inf**2 * s.h * (s.V_s - p.V_Na)
    I_KDR = p.g_KDR * s.n * (s.V_s - p.V_K)
    I_Ca = p.g_Ca * s.s**2 * (s.V_d - p.V_Ca)
    I_KC = p.g_KC * s.c * chi * (s.V_d - p.V_K)
    I_KAHP = p.g_KAHP * s.q * (s.V_d - p.V_K)
    I_ds = p.g_c * (s.V_d - s.V_s)
    # closing of c falls to zero at -10 mV
    at_rest = 2.0 * xp.exp((s.V_d + 53.5) / -27.0)
    alpha_c = xp.where(
        s.V_d > -10.0,
        at_rest,
        xp.exp((s.V_d + 50.0) / 11.0 - (s.V_d + 53.5) / 27.0) / 18.975,
    )
    beta_c = xp.where(s.V_d > -10.0, 0.0, at_rest - alpha_c)
    return {
        "V_s": (-p.g_L * (s.V_s - p.V_L) - I_Na - I_KDR + I_ds / p.p + current / p.p) / p.C_m,
        "V_d": (
            -p.g_L * (s.V_d - p.V_L)
            - I_Ca
            - I_KAHP
            - I_KC
            - I_ds / (1.0 - p.p)
            + p.I_d / (1.0 - p.p)
        )
        / p.C_m,
        "h": gate(
            0.128 * xp.exp((s.V_s + 43.0) / -18.0), 4.0 / (1.0 + xp.exp((s.V_s + 20.0) / -5.0))
        ),
        "n": gate(0.016 * linoid(xp, s.V_s + 24.9, 5.0), 0.25 * xp.exp(-1.0 - 0.025 * s.V_s)),
        "s": gate(
            1.6 / (1.0 + xp.exp(-0.072 * (s.V_d - 5.0))), 0.02 * linoid(xp, -s.V_d - 8.9, 5.0)
        ),
        "c": gate(alpha_c, beta_c),
        "q": gate(xp.minimum(2e-5 * s.Ca, 0.01), 0.001),
        "Ca": -0.13 * I_Ca - 0.075 * s.Ca,
    }


# Without current it bursts every 1.3 s; -0.5 uA/cm2 holds it at rest, near which it starts.
PINSKY_RINZEL = Model(
    name="PinskyRinzelNeuron",
    family="compartments",
    title="CA3 pyramidal cell of soma and dendrite",
    states=(
        State("V_s", -64.6, "mV", "potential of the soma"),
        State("V_d", -64.5, "mV", "potential of the dendrite"),
        State("h", 0.999, "1", "inactivation of sodium"),
        State("n", 0.001, "1", "activation of the delayed rectifier"),
        State("s", 0.009, "1", "activation of calcium"),
        State("c", 0.007, "1", "activation of the fast calcium-dependent potassium current"),
        State("q", 0.01, "1", "activation of the afterhyperpolarization current"),
        State("Ca", 0.2, "1", "calcium in the dendrite"),
    ),
    params=(
        Param("C_m", 3.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_L", 0.1, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("g_Na", 30.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_KDR", 15.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the delayed rectifier"),
        Param("g_Ca", 10.0, "mS/cm2", 0.0, 1000.0, "maximal calcium conductance"),
        Param("g_KAHP", 0.8, "mS/cm2", 0.0, 100.0, "maximal afterhyperpolarization conductance"),
        Param("g_KC", 15.0, "mS/cm2", 0.0, 1000.0, "maximal fast calcium-dependent conductance"),
        Param("V_Na", 60.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("V_Ca", 80.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("V_K", -75.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -60.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("g_c", 2.1, "mS/cm2", 0.0, 1000.0, "coupling of soma and dendrite"),
        Param("p", 0.5, "1", 0.01, 0.99, "share of the soma in the membrane"),
        Param("I_d", 0.0, "uA/cm2", -100.0, 100.0, "current into the dendrite"),
    ),
    equations=(
        "C_m dV_s/dt = -g_L (V_s - V_L) - g_Na m_inf² h (V_s - V_Na) - g_KDR n (V_s - V_K)"
        " + g_c (V_d - V_s)/p + I/p",
        "C_m dV_d/dt = -g_L (V_d - V_L) - I_Ca - g_KAHP q (V_d - V_K)"
        " - g_KC c chi (V_d - V_K) + g_c (V_s - V_d)/(1 - p) + I_d/(1 - p)",
        "I_Ca = g_Ca s² (V_d - V_Ca), dCa/dt = -0.13 I_Ca - 0.075 Ca, chi = min(Ca/250, 1)",
        "dx/dt = alpha_x (1 - x) - beta_x x, for x = h, n, s, c, q; "
        "m_inf = alpha_m / (alpha_m + beta_m)",
        "alpha_m = 0.32 (V_s + 46.9) / (1 - exp(-(V_s + 46.9)/4)), "
        "beta_m = 0.28 (V_s + 19.9) / (exp((V_s + 19.9)/5) - 1)",
        "alpha_h = 0.128 exp(-(V_s + 43)/18), beta_h = 4 / (1 + exp(-(V_s + 20)/5))",
        "alpha_n = 0.016 (V_s + 24.9) / (1 - exp(-(V_s + 24.9)/5)), beta_n = 0.25 exp(-1 - V_s/40)",
        "alpha_s = 1.6 / (1 + exp(-0.072 (V_d - 5))), "
        "beta_s = 0.02 (V_d + 8.9) / (exp((V_d + 8.9)/5) - 1)",
        "V_d <= -10: alpha_c = exp((V_d + 50)/11 - (V_d + 53.5)/27) / 18.975, "
        "beta_c = 2 exp(-(V_d + 53.5)/27) - alpha_c",
        "V_d > -10: alpha_c = 2 exp(-(V_d + 53.5)/27), beta_c = 0",
        "alpha_q = min(0.00002 Ca, 0.01), beta_q = 0.001",
        "V_s rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Pinsky PF, Rinzel J",
            1994,
            "Intrinsic and network rhythmogenesis in a reduced Traub model for CA3 neurons",
            "J Comput Neurosci 1:39-60",
            "10.1007/BF00962717",
            "appendix; potentials are absolute, with the paper's zero, the rest, at -60 mV",
        ),
        Source(
            "Traub RD, Wong RKS, Miles R, Michelson H",
            1991,
            "A model of a CA3 hippocampal pyramidal neuron incorporating voltage-clamp data on "
            "intrinsic conductances",
            "J Neurophysiol 66:635-650",
            "10.1152/jn.1991.66.2.635",
            "the 19 compartments that it reduces",
        ),
    ),
    derivatives=_pinsky_rinzel,
    without_input="fires two spikes every 1.3 s",
    presets=(
        Preset(
            name="bursting",
            title="Slow bursts, loosely coupled",
            params={"g_c": 2.1},
            current=0.75,
            duration=1500.0,
            source="Pinsky and Rinzel 1994, figure 2A",
        ),
        Preset(
            name="spiking",
            title="Spikes, tightly coupled",
            params={"g_c": 10.5},
            current=2.5,
            duration=1500.0,
            source="Pinsky and Rinzel 1994, figure 2D",
        ),
    ),
    spike=Threshold("V_s", -20.0),
    output="V_s",
    current_unit="uA/cm2",
    current=0.75,
    duration=1000.0,
    dt=0.1,
    integrator="rk4",
)
