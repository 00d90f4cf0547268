"""Spikes of the squid axon reduced to two variables."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Threshold, Values


def _av_ron(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    m_inf = 1.0 / (1.0 + xp.exp(-2.0 * p.a_m * (s.V - p.V_m)))
    slope = p.a_W * (s.V - p.V_W)
    I_Na = p.g_Na * m_inf**3 * (1.0 - s.W) * (s.V - p.V_Na)
    I_K = p.g_K * (s.W / p.s) ** 4 * (s.V - p.V_K)
    I_L = p.g_L * (s.V - p.V_L)
    return {
        "V": (current - I_Na - I_K - I_L) / p.C_m,
        "W": Relax(1.0 / (1.0 + xp.exp(-2.0 * slope)), 1.0 / (2.0 * p.lam * xp.cosh(slope))),
    }


AV_RON = Model(
    name="AvRonNeuron",
    family="conductance",
    title="Squid axon of two variables, excitable (Av-Ron, Parnas and Segel)",
    # rest without current
    states=(
        State("V", -59.4, "mV", "membrane potential"),
        State("W", 0.40215, "1", "recovery: inactivation of sodium and activation of potassium"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 120.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 36.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_L", 0.3, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("V_Na", 55.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("V_K", -72.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -49.4, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("s", 1.3, "1", 0.1, 10.0, "by how much W exceeds the activation of potassium"),
        Param("lam", 0.2, "1/ms", 0.001, 10.0, "lambda, speed of W"),
        Param("a_W", 0.045, "1/mV", 0.001, 1.0, "steepness of W"),
        Param("V_W", -55.0, "mV", -100.0, 50.0, "potential at which W is one half"),
        Param("a_m", 0.055, "1/mV", 0.001, 1.0, "steepness of the activation of sodium"),
        Param("V_m", -33.0, "mV", -100.0, 50.0, "potential of its half activation"),
    ),
    equations=(
        "C_m dV/dt = I - g_Na m_inf³ (1 - W) (V - V_Na) - g_K (W/s)⁴ (V - V_K) - g_L (V - V_L)",
        "dW/dt = (W_inf - W)/tau, tau = 1 / (lam exp(a_W (V - V_W)) + lam exp(-a_W (V - V_W)))",
        "x_inf = 1 / (1 + exp(-2 a_x (V - V_x))), for x = m, W",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Av-Ron E, Parnas H, Segel LA",
            1991,
            "A minimal biophysical model for an excitable and oscillatory neuron",
            "Biol Cybern 65:487-500",
            "10.1007/BF00204662",
            "equations 11 to 15",
        ),
    ),
    derivatives=_av_ron,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=15.0,
    duration=200.0,
    dt=0.02,
    integrator="rk4",
)
