"""Minimal models of two variables that show how excitability arises."""

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


def _prescott(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    m_inf = 0.5 * (1.0 + xp.tanh((s.V - p.beta_m) / p.gamma_m))
    distance = (s.V - p.beta_w) / p.gamma_w
    w_inf = 0.5 * (1.0 + xp.tanh(distance))
    I_fast = p.g_fast * m_inf * (s.V - p.E_Na)
    I_slow = p.g_slow * s.w * (s.V - p.E_K)
    I_leak = p.g_leak * (s.V - p.E_leak)
    return {
        "V": (current - I_fast - I_slow - I_leak) / p.C,
        "w": Relax(w_inf, 1.0 / (p.phi_w * xp.cosh(0.5 * distance))),
    }


PRESCOTT = Model(
    name="PrescottNeuron",
    family="conductance",
    title="Morris-Lecar neuron whose class of excitability follows from one voltage",
    # rest without current
    states=(
        State("V", -69.38894, "mV", "membrane potential"),
        State("w", 9.396213e-07, "1", "activation of the slow current"),
    ),
    params=(
        Param("C", 2.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_fast", 20.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the fast current"),
        Param("g_slow", 20.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the slow current"),
        Param("g_leak", 2.0, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -100.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_leak", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("phi_w", 0.15, "1/ms", 0.001, 10.0, "speed of the slow current"),
        Param("beta_m", -1.2, "mV", -60.0, 60.0, "half-activation of the fast current"),
        Param("gamma_m", 18.0, "mV", 1.0, 100.0, "slope of the activation of the fast current"),
        Param("beta_w", 0.0, "mV", -60.0, 60.0, "half-activation of the slow current"),
        Param("gamma_w", 10.0, "mV", 1.0, 100.0, "slope of the activation of the slow current"),
    ),
    equations=(
        "C dV/dt = I - g_fast m_inf (V - E_Na) - g_slow w (V - E_K) - g_leak (V - E_leak)",
        "dw/dt = phi_w (w_inf - w)/tau_w",
        "m_inf = (1 + tanh((V - beta_m)/gamma_m))/2",
        "w_inf = (1 + tanh((V - beta_w)/gamma_w))/2, tau_w = 1 / cosh((V - beta_w)/(2 gamma_w))",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Prescott SA, De Koninck Y, Sejnowski TJ",
            2008,
            "Biophysical basis for three distinct dynamical mechanisms of action potential "
            "initiation",
            "PLoS Comput Biol 4:e1000198",
            "10.1371/journal.pcbi.1000198",
            "the two-dimensional model",
        ),
        Source(
            "Morris C, Lecar H",
            1981,
            "Voltage oscillations in the barnacle giant muscle fiber",
            "Biophys J 35:193-213",
            "10.1016/S0006-3495(81)84782-0",
            "the form of the equations",
        ),
    ),
    derivatives=_prescott,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=45.0,
    duration=500.0,
    dt=0.02,
    integrator="rk4",
    presets=(
        Preset(
            name="class_1",
            title="Class 1: fires however slowly",
            params={"beta_w": 0.0},
            source="Prescott et al. 2008",
        ),
        Preset(
            name="class_2",
            title="Class 2: fires at no rate below a minimum",
            params={"beta_w": -13.0},
            source="Prescott et al. 2008",
        ),
        Preset(
            name="class_3",
            title="Class 3: fires once, when the current begins",
            params={"beta_w": -21.0},
            current=60.0,
            source="Prescott et al. 2008",
        ),
    ),
)


def _persistent_sodium(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    m_inf = 1.0 / (1.0 + xp.exp((p.m_half - s.V) / p.k_m))
    n_inf = 1.0 / (1.0 + xp.exp((p.n_half - s.V) / p.k_n))
    I_Na = p.g_Na * m_inf * (s.V - p.E_Na)
    I_K = p.g_K * s.n * (s.V - p.E_K)
    I_L = p.g_L * (s.V - p.E_L)
    return {"V": (current - I_L - I_Na - I_K) / p.C, "n": Relax(n_inf, p.tau)}


PERSISTENT_SODIUM = Model(
    name="PersistentSodiumPotassiumNeuron",
    aliases=("GutkinErmentroutNeuron",),
    family="conductance",
    title="Izhikevich's minimal model of persistent sodium and potassium",
    # rest without current
    states=(
        State("V", -65.95295, "mV", "membrane potential"),
        State("n", 0.0002771733, "1", "activation of potassium"),
    ),
    params=(
        Param("C", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 20.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of persistent sodium"),
        Param("g_K", 10.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_L", 8.0, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 60.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -90.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_L", -80.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("m_half", -20.0, "mV", -80.0, 40.0, "half-activation of sodium"),
        Param("k_m", 15.0, "mV", 1.0, 50.0, "slope of the activation of sodium"),
        Param("n_half", -25.0, "mV", -80.0, 40.0, "half-activation of potassium"),
        Param("k_n", 5.0, "mV", 1.0, 50.0, "slope of the activation of potassium"),
        Param("tau", 1.0, "ms", 0.02, 100.0, "time constant of potassium"),
    ),
    equations=(
        "C dV/dt = I - g_L (V - E_L) - g_Na m_inf (V - E_Na) - g_K n (V - E_K)",
        "dn/dt = (n_inf - n)/tau",
        "m_inf = 1 / (1 + exp((m_half - V)/k_m)), n_inf = 1 / (1 + exp((n_half - V)/k_n))",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Izhikevich EM",
            2007,
            "Dynamical systems in neuroscience: the geometry of excitability and bursting",
            "MIT Press",
            "10.7551/mitpress/2526.001.0001",
            "chapter 4, the I_Na,p + I_K model with its high and its low threshold",
        ),
    ),
    derivatives=_persistent_sodium,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=10.0,
    duration=200.0,
    dt=0.01,
    integrator="rk4",
)
