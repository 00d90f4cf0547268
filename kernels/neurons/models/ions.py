"""Neurons whose ions move: concentrations, and with them reversal potentials, follow the spikes."""

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

_RT_F = 26.64  # R T / F, mV
_E_CL = -81.93864549  # 26.64 ln(6/130), mV
_PER_MS = 0.001  # the paper's ions count in seconds and its gates in ms


def _barreto_cressman(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = s.V
    alpha_m = 0.1 * linoid(xp, V + 30.0, 10.0)
    m = alpha_m / (alpha_m + 4.0 * xp.exp((V + 55.0) / -18.0))
    h = gate(0.07 * xp.exp((V + 44.0) / -20.0), 1.0 / (1.0 + xp.exp((V + 14.0) / -10.0)))
    n = gate(0.01 * linoid(xp, V + 34.0, 10.0), 0.125 * xp.exp((V + 44.0) / -80.0))
    # the membrane and the pump carry what leaves the cell into a space seven times smaller
    K_o, Na_i = xp.maximum(s.K_o, 1e-3), xp.maximum(s.Na_i, 1e-3)
    E_K = _RT_F * xp.log(K_o / xp.maximum(158.0 - Na_i, 1e-3))
    E_Na = _RT_F * xp.log(xp.maximum(144.0 - p.beta * (Na_i - 18.0), 1e-3) / Na_i)
    I_Na = (p.g_Na * m**3 * s.h + p.g_NaL) * (V - E_Na)
    I_K = (p.g_K * s.n**4 + p.g_KL) * (V - E_K)
    I_Cl = p.g_ClL * (V - _E_CL)
    pump = p.rho / (1.0 + xp.exp((25.0 - s.Na_i) / 3.0)) / (1.0 + xp.exp(5.5 - s.K_o))
    glia = p.G_glia / (1.0 + xp.exp((18.0 - s.K_o) / 2.5))
    diffusion = p.epsilon * (s.K_o - p.K_bath)
    return {
        "V": (current - I_Na - I_K - I_Cl) / p.C_m,
        "n": p.phi * (n.target - s.n) / n.tau,
        "h": p.phi * (h.target - s.h) / h.tau,
        "K_o": _PER_MS * (p.gamma * p.beta * I_K - 2.0 * p.beta * pump - glia - diffusion),
        "Na_i": _PER_MS * (-p.gamma * I_Na - 3.0 * pump),
    }


def _burster(
    letter: str, gamma: float, rho: float, glia: float, epsilon: float, bath: float
) -> Preset:
    return Preset(
        name=f"type_{letter.lower()}",
        title=f"Burster of type {letter}",
        params={"gamma": gamma, "rho": rho, "G_glia": glia, "epsilon": epsilon, "K_bath": bath},
        init={"V": -50.0, "n": 0.08553, "h": 0.96859, "K_o": 7.8, "Na_i": 15.5},
        current=0.0,
        duration=60_000.0,
        source="Barreto and Cressman 2011, as in the authors' program",
    )


# The defaults are the burster of type A in a bath of 4 mM of potassium, where it is at rest: with
# 8 mM in the bath it fires, falls silent and fires again, once in 30 s, as neurons do in seizures.
BARRETO_CRESSMAN = Model(
    name="BarretoCressmanNeuron",
    family="conductance",
    title="Bursting by the concentrations of potassium and sodium",
    # rest without current
    states=(
        State("V", -68.110702, "mV", "membrane potential"),
        State("n", 0.064464249, "1", "activation of potassium"),
        State("h", 0.98132654, "1", "inactivation of sodium"),
        State("K_o", 3.8284434, "mM", "potassium outside"),
        State("Na_i", 19.935413, "mM", "sodium inside"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Na", 100.0, "mS/cm2", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_NaL", 0.0175, "mS/cm2", 0.0, 10.0, "sodium leak conductance"),
        Param("g_K", 40.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_KL", 0.05, "mS/cm2", 0.0, 10.0, "potassium leak conductance"),
        Param("g_ClL", 0.05, "mS/cm2", 0.0, 10.0, "chloride leak conductance"),
        Param("phi", 3.0, "1", 0.01, 100.0, "temperature factor of the gates"),
        Param("gamma", 0.044494542, "mM cm2/(uC)", 0.0, 10.0, "what a current moves of an ion"),
        Param("beta", 7.0, "1", 0.1, 100.0, "volume inside over volume outside"),
        Param("rho", 1.25, "mM/s", 0.0, 100.0, "greatest rate of the pump"),
        Param("G_glia", 200.0 / 3.0, "mM/s", 0.0, 1000.0, "greatest uptake by glia"),
        Param("epsilon", 4.0 / 3.0, "1/s", 0.0, 100.0, "rate of diffusion to the bath"),
        Param("K_bath", 4.0, "mM", 0.1, 100.0, "potassium in the bath"),
    ),
    equations=(
        "C_m dV/dt = I - (g_Na m_inf³ h + g_NaL)(V - E_Na) - (g_K n⁴ + g_KL)(V - E_K)"
        " - g_ClL (V - E_Cl)",
        "dn/dt = phi (alpha_n (1 - n) - beta_n n), dh/dt = phi (alpha_h (1 - h) - beta_h h)",
        "m_inf = alpha_m/(alpha_m + beta_m), alpha_m = 0.1 (V + 30) / (1 - exp(-(V + 30)/10))",
        "beta_m = 4 exp(-(V + 55)/18)",
        "alpha_n = 0.01 (V + 34) / (1 - exp(-(V + 34)/10)), beta_n = 0.125 exp(-(V + 44)/80)",
        "alpha_h = 0.07 exp(-(V + 44)/20), beta_h = 1 / (1 + exp(-(V + 14)/10))",
        "dK_o/dt = (gamma beta I_K - 2 beta I_pump - I_glia - epsilon (K_o - K_bath)) / 1000",
        "dNa_i/dt = (-gamma I_Na - 3 I_pump) / 1000",
        "I_pump = rho / ((1 + exp((25 - Na_i)/3)) (1 + exp(5.5 - K_o)))",
        "I_glia = G_glia / (1 + exp((18 - K_o)/2.5))",
        "E_K = 26.64 ln(K_o / (158 - Na_i)), E_Na = 26.64 ln((144 - beta (Na_i - 18)) / Na_i)",
        "E_Cl = 26.64 ln(6/130); V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Barreto E, Cressman JR",
            2011,
            "Ion concentration dynamics as a mechanism for neuronal bursting",
            "J Biol Phys 37:361-373",
            "10.1007/s10867-010-9212-6",
            "equations; the parameters of types A to E are those of the authors' program",
        ),
        Source(
            "Cressman JR, Ullah G, Ziburkus J, Schiff SJ, Barreto E",
            2009,
            "The influence of sodium and potassium dynamics on excitability, seizures, and the "
            "stability of persistent states: I. Single neuron dynamics",
            "J Comput Neurosci 26:159-170",
            "10.1007/s10827-008-0132-4",
            "the larger model, with a calcium-dependent current, of which this is a part",
        ),
    ),
    derivatives=_barreto_cressman,
    spike=Threshold("V", 0.0),
    presets=(
        _burster("A", 0.044494542, 1.25, 200.0 / 3.0, 4.0 / 3.0, 8.0),
        _burster("B", 0.044494542, 1.25, 20.0, 0.133, 22.0),
        _burster("C", 0.044494542, 1.25, 6.0, 0.7, 22.0),
        _burster("D", 1.0, 0.9, 10.0, 0.5, 20.0),
        _burster("E", 0.25, 0.9, 10.0, 0.5, 20.0),
    ),
    aliases=("CressmanNeuron",),
    output="V",
    current_unit="uA/cm2",
    current=2.0,
    duration=500.0,
    dt=0.02,
    integrator="rk4",
)
