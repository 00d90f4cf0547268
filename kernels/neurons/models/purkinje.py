"""Purkinje cells of the cerebellum."""

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


def _kramer(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    m_inf = 1.0 / (1.0 + xp.exp((-s.V - 34.5) / 10.0))
    I_NaF = p.g_NaF * m_inf**3 * s.h * (s.V - p.E_Na)
    I_KDR = p.g_KDR * s.n**4 * (s.V - p.E_K)
    I_CaH = p.g_CaH * s.c**2 * (s.V - p.E_Ca)
    I_KM = p.g_KM * s.M * (s.V - p.E_K)
    I_L = p.g_L * (s.V - p.E_L)
    return {
        "V": (current - I_NaF - I_KDR - I_CaH - I_KM - I_L) / p.C_m,
        "h": Relax(
            1.0 / (1.0 + xp.exp((s.V + 59.4) / 10.7)),
            0.15 + 1.15 / (1.0 + xp.exp((s.V + 33.5) / 15.0)),
        ),
        "n": Relax(
            1.0 / (1.0 + xp.exp((-s.V - 29.5) / 10.0)),
            0.25 + 4.35 * xp.exp(-abs(s.V + 10.0) / 10.0),
        ),
        "c": gate(1.6 / (1.0 + xp.exp(-0.072 * (s.V - 5.0))), 0.02 * linoid(xp, -s.V - 8.9, 5.0)),
        "M": gate(0.02 / (1.0 + xp.exp((-20.0 - s.V) / 5.0)), 0.01 * xp.exp((-43.0 - s.V) / 18.0)),
    }


KRAMER = Model(
    name="KramerPurkinjeNeuron",
    family="conductance",
    title="Purkinje cell of five variables, with torus canards between bursts and spikes",
    # rest without current
    states=(
        State("V", -69.8738, "mV", "membrane potential"),
        State("h", 0.726882, "1", "inactivation of sodium"),
        State("n", 0.0173377, "1", "activation of the delayed rectifier"),
        State("c", 0.00591764, "1", "activation of calcium"),
        State("M", 2.09229e-05, "1", "activation of the muscarinic potassium current"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_NaF", 125.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_KDR", 10.0, "mS/cm2", 0.0, 1000.0, "maximal conductance of the delayed rectifier"),
        Param("g_CaH", 1.0, "mS/cm2", 0.0, 100.0, "maximal calcium conductance"),
        Param("g_KM", 0.75, "mS/cm2", 0.0, 100.0, "maximal muscarinic potassium conductance"),
        Param("g_L", 2.0, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -95.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_Ca", 125.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("E_L", -70.0, "mV", -120.0, 0.0, "leak reversal potential"),
    ),
    equations=(
        "C_m dV/dt = I - g_NaF m_inf³ h (V - E_Na) - g_KDR n⁴ (V - E_K) - g_CaH c² (V - E_Ca)"
        " - g_KM M (V - E_K) - g_L (V - E_L)",
        "m_inf = 1 / (1 + exp(-(V + 34.5)/10))",
        "dh/dt = (h_inf - h)/tau_h, h_inf = 1 / (1 + exp((V + 59.4)/10.7)), "
        "tau_h = 0.15 + 1.15 / (1 + exp((V + 33.5)/15))",
        "dn/dt = (n_inf - n)/tau_n, n_inf = 1 / (1 + exp(-(V + 29.5)/10)), "
        "tau_n = 0.25 + 4.35 exp(-|V + 10|/10)",
        "dx/dt = alpha_x (1 - x) - beta_x x, for x = c, M",
        "alpha_c = 1.6 / (1 + exp(-0.072 (V - 5))), "
        "beta_c = 0.02 (V + 8.9) / (exp((V + 8.9)/5) - 1)",
        "alpha_M = 0.02 / (1 + exp(-(V + 20)/5)), beta_M = 0.01 exp(-(V + 43)/18)",
        "V rises through -20 mV: spike",
    ),
    sources=(
        Source(
            "Kramer MA, Traub RD, Kopell NJ",
            2008,
            "New dynamics in cerebellar Purkinje cells: torus canards",
            "Phys Rev Lett 101:068103",
            "10.1103/PhysRevLett.101.068103",
            "constants from the authors' program; I is -J",
        ),
    ),
    derivatives=_kramer,
    spike=Threshold("V", -20.0),
    output="V",
    current_unit="uA/cm2",
    current=30.0,
    duration=600.0,
    dt=0.01,
    integrator="rk4",
    presets=(
        Preset(
            name="spiking",
            title="Rapid spikes, past the canards",
            params={},
            current=34.0,
            source="Kramer et al. 2008",
        ),
    ),
)
