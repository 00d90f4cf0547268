"""Sensory receptor neurons."""

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


def _huber_braun(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    warmer = (p.temperature - 25.0) / 10.0
    rho, phi = p.A_1**warmer, p.A_2**warmer
    a_d = 1.0 / (1.0 + xp.exp(-p.s_d * (V - p.V_0d)))
    a_r_inf = 1.0 / (1.0 + xp.exp(-p.s_r * (V - p.V_0r)))
    a_sd_inf = 1.0 / (1.0 + xp.exp(-p.s_sd * (V - p.V_0sd)))
    I_d = rho * p.g_d * a_d * (V - p.V_d)
    I_r = rho * p.g_r * s.a_r * (V - p.V_r)
    I_sd = rho * p.g_sd * s.a_sd * (V - p.V_sd)
    I_sr = rho * p.g_sr * s.a_sr * (V - p.V_sr)
    I_l = p.g_l * (V - p.V_l)
    return {
        "V": (current - I_l - I_d - I_r - I_sd - I_sr) / p.C_M,
        "a_r": Relax(a_r_inf, p.tau_r / phi),
        "a_sd": Relax(a_sd_inf, p.tau_sd / phi),
        "a_sr": Relax(-p.eta * I_sd / p.theta, p.tau_sr / (phi * p.theta)),
    }


# The cell never rests: it starts on its way to an oscillation.
HUBER_BRAUN = Model(
    name="HuberBraunNeuron",
    family="conductance",
    title="Cold receptor, whose temperature decides between single spikes, chaos and bursts",
    states=(
        State("V", -60.0, "mV", "membrane potential"),
        State("a_r", 0.0, "1", "activation of the repolarizing spike current"),
        State("a_sd", 0.14, "1", "activation of the slow depolarizing current"),
        State("a_sr", 0.4, "1", "activation of the slow repolarizing current"),
    ),
    params=(
        Param("C_M", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_d", 1.5, "mS/cm2", 0.0, 100.0, "maximal conductance, depolarizing spike current"),
        Param("g_r", 2.0, "mS/cm2", 0.0, 100.0, "maximal conductance, repolarizing spike current"),
        Param("g_sd", 0.25, "mS/cm2", 0.0, 10.0, "maximal conductance, slow depolarizing current"),
        Param("g_sr", 0.4, "mS/cm2", 0.0, 10.0, "maximal conductance, slow repolarizing current"),
        Param("g_l", 0.1, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("V_d", 50.0, "mV", 0.0, 120.0, "reversal potential, depolarizing spike current"),
        Param("V_r", -90.0, "mV", -150.0, -30.0, "reversal potential, repolarizing spike current"),
        Param("V_sd", 50.0, "mV", 0.0, 120.0, "reversal potential, slow depolarizing current"),
        Param("V_sr", -90.0, "mV", -150.0, -30.0, "reversal potential, slow repolarizing current"),
        Param("V_l", -60.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("V_0d", -25.0, "mV", -80.0, 40.0, "half-activation, depolarizing spike current"),
        Param("V_0r", -25.0, "mV", -80.0, 40.0, "half-activation, repolarizing spike current"),
        Param("V_0sd", -40.0, "mV", -80.0, 40.0, "half-activation, slow depolarizing current"),
        Param("s_d", 0.25, "1/mV", 0.01, 2.0, "steepness, depolarizing spike current"),
        Param("s_r", 0.25, "1/mV", 0.01, 2.0, "steepness, repolarizing spike current"),
        Param("s_sd", 0.09, "1/mV", 0.01, 2.0, "steepness, slow depolarizing current"),
        Param("tau_r", 2.0, "ms", 0.1, 100.0, "time constant, repolarizing spike current"),
        Param("tau_sd", 10.0, "ms", 0.1, 1000.0, "time constant, slow depolarizing current"),
        Param("tau_sr", 20.0, "ms", 0.1, 1000.0, "time constant, slow repolarizing current"),
        Param("eta", 0.012, "cm2/uA", 0.0, 1.0, "how the slow inward current opens the outward"),
        Param("theta", 0.17, "1", 0.01, 10.0, "how fast the slow outward current closes"),
        Param("A_1", 1.3, "1", 1.0, 5.0, "growth of the currents per 10 °C"),
        Param("A_2", 3.0, "1", 1.0, 10.0, "growth of the rates per 10 °C"),
        Param("temperature", 25.0, "°C", 0.0, 50.0, "temperature"),
    ),
    equations=(
        "C_M dV/dt = I - g_l (V - V_l) - I_d - I_r - I_sd - I_sr",
        "I_x = rho g_x a_x (V - V_x), for x = d, r, sd, sr",
        "a_d = 1 / (1 + exp(-s_d (V - V_0d)))",
        "da_x/dt = phi (a_x_inf - a_x)/tau_x, a_x_inf = 1 / (1 + exp(-s_x (V - V_0x))), "
        "for x = r, sd",
        "da_sr/dt = -phi (eta I_sd + theta a_sr)/tau_sr",
        "rho = A_1^((temperature - 25)/10), phi = A_2^((temperature - 25)/10)",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Braun HA, Huber MT, Dewald M, Schäfer K, Voigt K",
            1998,
            "Computer simulations of neuronal signal transduction: the role of nonlinear dynamics "
            "and noise",
            "Int J Bifurcat Chaos 8:881-889",
            "10.1142/S0218127498000681",
            "the cell without its noise, which a fluctuating current can stand for",
        ),
    ),
    derivatives=_huber_braun,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=0.0,
    duration=3000.0,
    dt=0.05,
    integrator="rk4",
    without_input="bursts",
)
