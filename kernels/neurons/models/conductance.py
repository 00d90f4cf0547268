"""Conductance-based models of one compartment."""

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
    gate,
)
from kernels.neurons.rates import linoid, traub_miles


def _hodgkin_huxley(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    I_Na = p.g_Na * s.m**3 * s.h * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_L = p.g_L * (s.V - p.E_L)
    return {
        "V": (current - I_Na - I_K - I_L) / p.C_m,
        "m": gate(0.1 * linoid(xp, s.V + 40.0, 10.0), 4.0 * xp.exp((s.V + 65.0) / -18.0)),
        "h": gate(0.07 * xp.exp((s.V + 65.0) / -20.0), 1.0 / (1.0 + xp.exp((s.V + 35.0) / -10.0))),
        "n": gate(0.01 * linoid(xp, s.V + 55.0, 10.0), 0.125 * xp.exp((s.V + 65.0) / -80.0)),
    }


HODGKIN_HUXLEY = Model(
    name="HodgkinHuxleyNeuron",
    family="conductance",
    title="Squid giant axon",
    # the gates start at their steady state at -65 mV, the resting potential of the convention
    states=(
        State("V", -65.0, "mV", "membrane potential"),
        State("m", 0.0529325, "1", "activation of sodium"),
        State("h", 0.5961208, "1", "inactivation of sodium"),
        State("n", 0.3176769, "1", "activation of potassium"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 120.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 36.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_L", 0.3, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -77.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_L", -54.387, "mV", -120.0, 0.0, "leak reversal potential"),
    ),
    equations=(
        "C_m dV/dt = I - g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L)",
        "dx/dt = alpha_x (1 - x) - beta_x x, for x = m, h, n",
        "alpha_m = 0.1 (V + 40) / (1 - exp(-(V + 40)/10)), beta_m = 4 exp(-(V + 65)/18)",
        "alpha_h = 0.07 exp(-(V + 65)/20), beta_h = 1 / (1 + exp(-(V + 35)/10))",
        "alpha_n = 0.01 (V + 55) / (1 - exp(-(V + 55)/10)), beta_n = 0.125 exp(-(V + 65)/80)",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Hodgkin AL, Huxley AF",
            1952,
            "A quantitative description of membrane current and its application to conduction "
            "and excitation in nerve",
            "J Physiol 117:500-544",
            "10.1113/jphysiol.1952.sp004764",
            "equations 26 and 7-21, table 3; potentials in today's sign with rest at -65 mV",
        ),
    ),
    derivatives=_hodgkin_huxley,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=10.0,
    duration=100.0,
    dt=0.01,
    integrator="euler",
)


def _connor_stevens(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    I_Na = p.g_Na * s.m**3 * s.h * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_A = p.g_A * s.A**3 * s.B * (s.V - p.E_A)
    I_L = p.g_L * (s.V - p.E_L)
    # Hodgkin and Huxley's rates, displaced; potassium is half as fast as the temperature tells
    V_m, V_h, V_n = s.V - 5.3, s.V - 12.0, s.V - 4.3
    alpha_m, beta_m = 0.1 * linoid(xp, V_m + 35.0, 10.0), 4.0 * xp.exp((V_m + 60.0) / -18.0)
    alpha_h, beta_h = (
        0.07 * xp.exp((V_h + 60.0) / -20.0),
        1.0 / (1.0 + xp.exp((V_h + 30.0) / -10.0)),
    )
    alpha_n, beta_n = 0.01 * linoid(xp, V_n + 50.0, 10.0), 0.125 * xp.exp((V_n + 60.0) / -80.0)
    A_inf_cubed = 0.0761 * xp.exp((s.V + 94.22) / 31.84) / (1.0 + xp.exp((s.V + 1.17) / 28.93))
    B_inf = 1.0 / (1.0 + xp.exp((s.V + 53.3) / 14.54)) ** 4
    return {
        "V": (current - I_Na - I_K - I_A - I_L) / p.C_m,
        "m": gate(p.phi * alpha_m, p.phi * beta_m),
        "h": gate(p.phi * alpha_h, p.phi * beta_h),
        "n": gate(p.phi / 2.0 * alpha_n, p.phi / 2.0 * beta_n),
        "A": Relax(
            A_inf_cubed ** (1.0 / 3.0), 0.3632 + 1.158 / (1.0 + xp.exp((s.V + 55.96) / 20.12))
        ),
        "B": Relax(B_inf, 1.24 + 2.678 / (1.0 + xp.exp((s.V + 50.0) / 16.027))),
    }


CONNOR_STEVENS = Model(
    name="ConnorStevensNeuron",
    family="conductance",
    title="Crab walking leg axon with A-current",
    # rest without current
    states=(
        State("V", -67.97473, "mV", "membrane potential"),
        State("m", 0.0100803, "1", "activation of sodium"),
        State("h", 0.9658973, "1", "inactivation of sodium"),
        State("n", 0.1558920, "1", "activation of potassium"),
        State("A", 0.5404368, "1", "activation of the A-current"),
        State("B", 0.2884849, "1", "inactivation of the A-current"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 120.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 20.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_A", 47.7, "mS/cm2", 0.0, 1000.0, "maximal conductance of the A-current"),
        Param("g_L", 0.3, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 55.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -72.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_A", -75.0, "mV", -150.0, -30.0, "reversal potential of the A-current"),
        Param("E_L", -17.0, "mV", -120.0, 50.0, "leak reversal potential"),
        Param("phi", 3.8, "1", 0.01, 100.0, "temperature factor of m and h; half of it for n"),
    ),
    equations=(
        "C_m dV/dt = I - g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_A A³ B (V - E_A)"
        " - g_L (V - E_L)",
        "dx/dt = phi_x (alpha_x (1 - x) - beta_x x), phi_m = phi_h = phi, phi_n = phi/2",
        "alpha_m = 0.1 (V + 29.7) / (1 - exp(-(V + 29.7)/10)), beta_m = 4 exp(-(V + 54.7)/18)",
        "alpha_h = 0.07 exp(-(V + 48)/20), beta_h = 1 / (1 + exp(-(V + 18)/10))",
        "alpha_n = 0.01 (V + 45.7) / (1 - exp(-(V + 45.7)/10)), beta_n = 0.125 exp(-(V + 55.7)/80)",
        "dA/dt = (A_inf - A)/tau_A, dB/dt = (B_inf - B)/tau_B",
        "A_inf³ = 0.0761 exp((V + 94.22)/31.84) / (1 + exp((V + 1.17)/28.93))",
        "tau_A = 0.3632 + 1.158 / (1 + exp((V + 55.96)/20.12))",
        "B_inf = 1 / (1 + exp((V + 53.3)/14.54))⁴",
        "tau_B = 1.24 + 2.678 / (1 + exp((V + 50)/16.027))",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Connor JA, Walter D, McKown R",
            1977,
            "Neural repetitive firing: modifications of the Hodgkin-Huxley axon suggested by "
            "experimental results from crustacean axons",
            "Biophys J 18:81-102",
            "10.1016/S0006-3495(77)85598-7",
            "equations and constants of the space-clamped axon",
        ),
        Source(
            "Rush ME, Rinzel J",
            1995,
            "The potassium A-current, low firing rates and rebound excitation in Hodgkin-Huxley "
            "models",
            "Bull Math Biol 57:899-929",
            "10.1007/BF02458299",
            "why it fires at arbitrarily low rates",
        ),
    ),
    derivatives=_connor_stevens,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=10.0,
    duration=200.0,
    dt=0.02,
    integrator="rk4",
)


def _rush_rinzel(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    alpha_m, beta_m = 0.1 * linoid(xp, s.V + 35.0, 10.0), 4.0 * xp.exp((s.V + 60.0) / -20.0)
    alpha_n, beta_n = 0.01 * linoid(xp, s.V + 50.0, 10.0), 0.125 * xp.exp((s.V + 60.0) / -80.0)
    m_inf = alpha_m / (alpha_m + beta_m)
    a_inf = 1.0 / (1.0 + xp.exp((s.V - p.V_a) / -p.k_a))
    b_inf = 1.0 / (1.0 + xp.exp((s.V - p.V_b) / p.k_b))
    I_Na = p.g_Na * m_inf**3 * (0.9 - 1.2 * s.n) * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_A = p.g_A * a_inf**3 * s.b * (s.V - p.E_K)
    I_L = p.g_L * (s.V - p.E_L)
    return {
        "V": (current - I_Na - I_K - I_A - I_L) / p.C_m,
        "n": gate(p.phi * alpha_n, p.phi * beta_n),
        "b": Relax(b_inf, p.tau_b),
    }


RUSH_RINZEL = Model(
    name="RushRinzelNeuron",
    family="conductance",
    title="Squid giant axon, reduced, with A-current",
    # rest without current
    states=(
        State("V", -67.78186, "mV", "membrane potential"),
        State("n", 0.2078473, "1", "activation of potassium; sodium inactivates as it rises"),
        State("b", 0.4086158, "1", "inactivation of the A-current"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 120.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 20.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_A", 60.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the A-current"),
        Param("g_L", 0.315, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -72.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_L", -17.0, "mV", -120.0, 50.0, "leak reversal potential"),
        Param("V_a", -75.0, "mV", -120.0, 50.0, "half-activation of the A-current"),
        Param("k_a", 50.0, "mV", 0.1, 100.0, "slope of the activation of the A-current"),
        Param("V_b", -70.0, "mV", -120.0, 50.0, "half-inactivation of the A-current"),
        Param("k_b", 6.0, "mV", 0.1, 100.0, "slope of the inactivation of the A-current"),
        Param("tau_b", 1.0, "ms", 0.1, 10000.0, "time constant of the inactivation"),
        Param("phi", 3.82, "1", 0.01, 100.0, "temperature factor of n"),
    ),
    equations=(
        "C_m dV/dt = I - g_Na m_inf³ (0.9 - 1.2 n) (V - E_Na) - g_K n⁴ (V - E_K)"
        " - g_A a_inf³ b (V - E_K) - g_L (V - E_L)",
        "m_inf = alpha_m / (alpha_m + beta_m)",
        "alpha_m = 0.1 (V + 35) / (1 - exp(-(V + 35)/10)), beta_m = 4 exp(-(V + 60)/20)",
        "dn/dt = phi (alpha_n (1 - n) - beta_n n)",
        "alpha_n = 0.01 (V + 50) / (1 - exp(-(V + 50)/10)), beta_n = 0.125 exp(-(V + 60)/80)",
        "a_inf = 1 / (1 + exp(-(V - V_a)/k_a))",
        "db/dt = (b_inf - b)/tau_b, b_inf = 1 / (1 + exp((V - V_b)/k_b))",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Rush ME, Rinzel J",
            1995,
            "The potassium A-current, low firing rates and rebound excitation in Hodgkin-Huxley "
            "models",
            "Bull Math Biol 57:899-929",
            "10.1007/BF02458299",
            "the reduced cell, with the A-current at which it fires at arbitrarily low rates",
        ),
        Source(
            "Benda J",
            2017,
            "RELACS: relaxed electrophysiological data acquisition, control, and stimulation",
            "relacs.sourceforge.net",
            None,
            "all equations and constants, from its implementation of that cell, which marks the "
            "leak conductance as uncertain; 0.315 gives the resting state that it starts from. "
            "The 20 mV of beta_m are 18 in Hodgkin and Huxley's axon",
        ),
    ),
    derivatives=_rush_rinzel,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=10.0,
    duration=500.0,
    dt=0.02,
    integrator="rk4",
)


def _wang_buzsaki(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    alpha_m, beta_m = 0.1 * linoid(xp, s.V + 35.0, 10.0), 4.0 * xp.exp((s.V + 60.0) / -18.0)
    alpha_h, beta_h = (
        0.07 * xp.exp((s.V + 58.0) / -20.0),
        1.0 / (1.0 + xp.exp((s.V + 28.0) / -10.0)),
    )
    alpha_n, beta_n = 0.01 * linoid(xp, s.V + 34.0, 10.0), 0.125 * xp.exp((s.V + 44.0) / -80.0)
    m_inf = alpha_m / (alpha_m + beta_m)
    I_Na = p.g_Na * m_inf**3 * s.h * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_L = p.g_L * (s.V - p.E_L)
    return {
        "V": (current - I_Na - I_K - I_L) / p.C_m,
        "h": gate(p.phi * alpha_h, p.phi * beta_h),
        "n": gate(p.phi * alpha_n, p.phi * beta_n),
    }


WANG_BUZSAKI = Model(
    name="WangBuzsakiNeuron",
    family="conductance",
    title="Fast-spiking hippocampal interneuron",
    # rest without current
    states=(
        State("V", -64.01756, "mV", "membrane potential"),
        State("h", 0.7807916, "1", "inactivation of sodium"),
        State("n", 0.0890780, "1", "activation of potassium"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 35.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 9.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_L", 0.1, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 55.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -90.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_L", -65.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("phi", 5.0, "1", 0.01, 100.0, "temperature factor of h and n"),
    ),
    equations=(
        "C_m dV/dt = I - g_Na m_inf³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L)",
        "m_inf = alpha_m / (alpha_m + beta_m)",
        "dx/dt = phi (alpha_x (1 - x) - beta_x x), for x = h, n",
        "alpha_m = 0.1 (V + 35) / (1 - exp(-(V + 35)/10)), beta_m = 4 exp(-(V + 60)/18)",
        "alpha_h = 0.07 exp(-(V + 58)/20), beta_h = 1 / (1 + exp(-(V + 28)/10))",
        "alpha_n = 0.01 (V + 34) / (1 - exp(-(V + 34)/10)), beta_n = 0.125 exp(-(V + 44)/80)",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Wang XJ, Buzsáki G",
            1996,
            "Gamma oscillation by synaptic inhibition in a hippocampal interneuronal network model",
            "J Neurosci 16:6402-6413",
            "10.1523/JNEUROSCI.16-20-06402.1996",
            "Materials and Methods, model neuron",
        ),
    ),
    derivatives=_wang_buzsaki,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=1.0,
    duration=200.0,
    dt=0.02,
    integrator="rk4",
)


def _traub_miles(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    I_Na = p.g_Na * s.m**3 * s.h * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_L = p.g_L * (s.V - p.E_L)
    return {"V": (current - I_Na - I_K - I_L) / p.C_m, **traub_miles(xp, s.V - p.V_T)}


TRAUB_MILES = Model(
    name="TraubMilesNeuron",
    family="conductance",
    title="Hippocampal pyramidal cell, reduced to its spike",
    # rest without current
    states=(
        State("V", -66.59109, "mV", "membrane potential"),
        State("m", 0.0160428, "1", "activation of sodium"),
        State("h", 0.9954961, "1", "inactivation of sodium"),
        State("n", 0.0402751, "1", "activation of potassium"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 100.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 80.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_L", 0.1, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -100.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_L", -67.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("V_T", -67.0, "mV", -100.0, 0.0, "where the voltage of the rates counts from"),
    ),
    equations=(
        "C_m dV/dt = I - g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L)",
        "dx/dt = alpha_x (1 - x) - beta_x x, for x = m, h, n, with v = V - V_T",
        "alpha_m = 0.32 (v - 13) / (1 - exp(-(v - 13)/4)), "
        "beta_m = 0.28 (v - 40) / (exp((v - 40)/5) - 1)",
        "alpha_h = 0.128 exp(-(v - 17)/18), beta_h = 4 / (1 + exp(-(v - 40)/5))",
        "alpha_n = 0.032 (v - 15) / (1 - exp(-(v - 15)/5)), beta_n = 0.5 exp(-(v - 10)/40)",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Traub RD, Miles R",
            1991,
            "Neuronal networks of the hippocampus",
            "Cambridge University Press",
            "10.1017/CBO9780511895401",
            "rates of the sodium and the delayed rectifier current",
        ),
        Source(
            "Ermentrout GB, Kopell N",
            1998,
            "Fine structure of neural spiking and synchronization in the presence of conduction "
            "delays",
            "Proc Natl Acad Sci USA 95:1259-1264",
            "10.1073/pnas.95.3.1259",
            "the reduction to one compartment and its conductances",
        ),
    ),
    derivatives=_traub_miles,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=2.0,
    duration=200.0,
    dt=0.02,
    integrator="rk4",
)
