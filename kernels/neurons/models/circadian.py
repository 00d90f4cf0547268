"""Neurons of the suprachiasmatic nucleus, which keep the time of the day."""

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


def _scn(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    def rises(half: float, width: float) -> Array:
        return 1.0 / (1.0 + xp.exp((s.V - half) / -width))

    g_KCa = 198.0 / (1.0 + xp.exp(p.R)) + 2.0
    g_Kleak = 0.2 / (1.0 + xp.exp(p.R - 1.0))
    g_NaP = p.g_NaP_0 + p.g_NaP_S / (1.0 + xp.exp(-p.S))
    I_Na = p.g_Na * s.m**3 * s.h * (s.V - p.E_Na)
    I_K = p.g_K * s.n**4 * (s.V - p.E_K)
    I_CaL = p.g_CaL * s.r_L * p.K_1 / (p.K_2 + s.Ca_s) * (s.V - p.E_Ca)
    I_CaN = p.g_CaN * s.r_N * s.f_N * (s.V - p.E_Ca)
    I_KCa = g_KCa * s.s**2 * (s.V - p.E_K)
    I_leak = g_Kleak * (s.V - p.E_K) + p.g_Naleak * (s.V - p.E_Na)
    I_NaP = g_NaP * s.p * (s.V - p.E_Na)
    I_Ca = I_CaL + I_CaN
    bound = 1e7 * s.Ca_s**2
    return {
        "V": (current - I_Na - I_K - I_Ca - I_KCa - I_leak - I_NaP) / p.C,
        "m": Relax(rises(-35.2, 8.1), xp.exp((s.V + 286.0) / -160.0)),
        "h": Relax(rises(-62.0, -2.0), 0.51 + xp.exp((s.V + 26.6) / -7.1)),
        "n": Relax(rises(14.0, 17.0) ** 0.25, xp.exp((s.V - 67.0) / -68.0)),
        "r_L": Relax(rises(-36.0, 5.1), 3.1),
        "r_N": Relax(rises(-21.6, 6.7), 3.1),
        "f_N": Relax(rises(-260.0, -65.0), xp.exp((s.V - 444.0) / -220.0)),
        "p": Relax(rises(-25.0, 7.4) ** 1.5, 100.0),
        "s": Relax(bound / (bound + 5.6), 500.0 / (bound + 5.6)),
        "Ca_s": Relax(-p.k_s * p.tau_s * I_Ca, p.tau_s),
        "Ca_c": Relax(p.tau_c * (p.b_c - p.k_c * I_Ca), p.tau_c),
    }


SCN = Model(
    name="PaulSCNNeuron",
    family="conductance",
    title="Suprachiasmatic neuron with persistent sodium current, in the middle of its day",
    # it fires without current; the states are those at which the authors' program begins
    states=(
        State("V", -68.019892548251022, "mV", "membrane potential"),
        State("m", 0.01730939792722, "1", "activation of sodium"),
        State("h", 0.037593630215027, "1", "inactivation of sodium"),
        State("n", 0.328377697311672, "1", "activation of potassium"),
        State("r_L", 0.004382806955149, "1", "activation of L-type calcium"),
        State("r_N", 0.001691138120461, "1", "activation of other calcium"),
        State("f_N", 0.04343978547015, "1", "inactivation of other calcium"),
        State("p", 0.061223626073877, "1", "activation of persistent sodium"),
        State("s", 0.07844794461201, "1", "activation of potassium by calcium"),
        State("Ca_s", 6.199169984e-6, "mM", "calcium under the membrane"),
        State("Ca_c", 0.000118905830122, "mM", "calcium in the cell"),
    ),
    params=(
        Param("C", 5.7, "pF", 0.1, 1000.0, "capacitance of the cell"),
        Param("R", 0.0, "1", -20.0, 20.0, "day: how much the clock closes potassium conductances"),
        Param("S", 0.0, "1", -20.0, 20.0, "how much the clock opens persistent sodium"),
        Param("g_Na", 229.0, "nS", 0.0, 1000.0, "maximal sodium conductance"),
        Param("g_K", 3.0, "nS", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_CaL", 6.0, "nS", 0.0, 1000.0, "maximal L-type calcium conductance"),
        Param("g_CaN", 20.0, "nS", 0.0, 1000.0, "maximal conductance of other calcium"),
        Param("g_Naleak", 0.0576, "nS", 0.0, 100.0, "leak conductance of sodium"),
        Param("g_NaP_0", 1.59, "nS", 0.0, 100.0, "persistent sodium conductance at night"),
        Param("g_NaP_S", 0.5, "nS", 0.0, 100.0, "what the day adds to it"),
        Param("E_Na", 45.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -97.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_Ca", 54.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("K_1", 3.93e-5, "mM", 1e-7, 1.0, "scale of the L-type current"),
        Param("K_2", 6.55e-4, "mM", 1e-7, 1.0, "calcium that halves the L-type current"),
        Param("k_s", 1.65e-4, "mM/(pA ms)", 0.0, 1.0, "calcium that a current brings under it"),
        Param("tau_s", 0.1, "ms", 0.02, 100.0, "removal of calcium under the membrane"),
        Param("k_c", 8.59e-9, "mM/(pA ms)", 0.0, 1.0, "calcium that a current brings to the cell"),
        Param("tau_c", 1750.0, "ms", 1.0, 1e5, "removal of calcium in the cell"),
        Param("b_c", 3.1e-8, "mM/ms", 0.0, 1.0, "steady inflow of calcium into the cell"),
    ),
    equations=(
        "C dV/dt = I - I_Na - I_K - I_CaL - I_CaN - I_KCa - I_Kleak - I_Naleak - I_NaP",
        "I_Na = g_Na m³ h (V - E_Na), I_K = g_K n⁴ (V - E_K)",
        "I_CaL = g_CaL r_L K_1/(K_2 + Ca_s) (V - E_Ca), I_CaN = g_CaN r_N f_N (V - E_Ca)",
        "I_KCa = g_KCa s² (V - E_K), g_KCa = 198 / (1 + exp(R)) + 2",
        "I_Kleak = 0.2 / (1 + exp(R - 1)) (V - E_K), I_Naleak = g_Naleak (V - E_Na)",
        "I_NaP = (g_NaP_0 + g_NaP_S / (1 + exp(-S))) p (V - E_Na)",
        "dx/dt = (x_inf - x)/tau_x; S(V_x, k) = 1 / (1 + exp(-(V - V_x)/k))",
        "m: S(-35.2, 8.1), tau exp(-(V + 286)/160); h: S(-62, -2), tau 0.51 + exp(-(V + 26.6)/7.1)",
        "n: S(14, 17)^(1/4), tau exp(-(V - 67)/68); r_L: S(-36, 5.1), r_N: S(-21.6, 6.7), tau 3.1",
        "f_N: S(-260, -65), tau exp(-(V - 444)/220); p: S(-25, 7.4)^1.5, tau 100",
        "s: 10⁷ Ca_s² / (10⁷ Ca_s² + 5.6), tau 500 / (10⁷ Ca_s² + 5.6)",
        "dCa_s/dt = -k_s (I_CaL + I_CaN) - Ca_s/tau_s, "
        "dCa_c/dt = -k_c (I_CaL + I_CaN) - Ca_c/tau_c + b_c",
        "V rises through -10 mV: spike",
    ),
    sources=(
        Source(
            "Paul JR, DeWoskin D, McMeekin LJ, Cowell RM, Forger DB, Gamble KL",
            2016,
            "Regulation of persistent sodium currents by glycogen synthase kinase 3 encodes daily "
            "rhythms of neuronal excitability",
            "Nat Commun 7:13470",
            "10.1038/ncomms13470",
            "the authors' program; R and S, which stand for the time of day, at 0",
        ),
        Source(
            "Sim CK, Forger DB",
            2007,
            "Modeling the electrophysiology of suprachiasmatic nucleus neurons",
            "J Biol Rhythms 22:445-453",
            "10.1177/0748730407306041",
            "where it began",
        ),
    ),
    derivatives=_scn,
    spike=Threshold("V", -10.0),
    output="V",
    current_unit="pA",
    current=0.0,
    duration=2000.0,
    dt=0.05,
    integrator="rk4",
    without_input="fires",
)
