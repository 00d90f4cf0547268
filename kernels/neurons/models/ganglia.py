"""A cell of a sympathetic ganglion."""

from __future__ import annotations

from math import pi
from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Threshold, Values, gate
from kernels.neurons.rates import linoid

_SHELLS = 10  # and a core within them
_FARADAY = 96485.0


def _gates(xp: Any, s: Values) -> dict[str, Relax]:
    """Every gate that only the potential moves."""

    def opening(V: Array) -> Array:
        return 0.0047 * linoid(xp, V + 12.0, 12.0)

    def closing(V: Array) -> Array:
        return xp.exp((V + 147.0) / -30.0)

    def logistic(half: float, scale: float) -> Array:
        return 1.0 / (1.0 + xp.exp((half - s.V) / scale))

    alpha_m, beta_m = 0.36 * linoid(xp, s.V + 33.0, 3.0), 0.4 * linoid(xp, -42.0 - s.V, 20.0)
    alpha_h, beta_h = 0.1 * linoid(xp, -55.0 - s.V, 6.0), 4.5 * logistic(0.0, 10.0)
    shifted = s.V - 20.0
    n_inf = opening(shifted) / (opening(shifted) + closing(shifted))
    slow, fast = xp.exp((s.V + 35.0) / 20.0), xp.exp((s.V + 6.0) / 16.0)
    return {
        "m": gate(alpha_m / 2.0, beta_m / 2.0),
        "h": gate(alpha_h / 2.0, beta_h / 2.0),
        "n": Relax(n_inf, 1.0 / (opening(s.V) + closing(s.V))),
        "l": Relax(logistic(-25.0, -4.0), xp.where(s.V < -25.0, 6000.0, 50.0)),
        "a": Relax(logistic(-42.0, 13.0), 1.38),
        "b": Relax(logistic(-110.0, -18.0), xp.where(s.V < -80.0, 50.0, 150.0)),
        "w": Relax(logistic(-35.0, 10.0), 1000.0 / (3.3 * (slow + 1.0 / slow))),
        "d": Relax(logistic(3.0, 8.0), 7.8 / (fast + 1.0 / fast)),
    }


def _calcium(xp: Any, s: Values, p: Values, influx: Array) -> dict[str, Array]:
    """Free and bound calcium in the shells and, last, the core; influx in mM um3/ms."""
    numbers = range(1, _SHELLS + 2)
    Ca = [vars(s)[f"Ca_{k}"] for k in numbers]
    bound = [vars(s)[f"CaB_{k}"] for k in numbers]
    outer = (p.A / (4.0 * pi)) ** 0.5
    r = [outer - k * p.delta for k in range(_SHELLS + 1)] + [0.0]
    rates = {}
    for k in numbers:
        here = k - 1
        free = (p.B_1 if k == 1 else p.B) - bound[here]
        binding = p.k_f * Ca[here] * free - p.k_b * bound[here]
        volume = 4.0 / 3.0 * pi * (r[here] ** 3 - r[k] ** 3)
        inwards = p.D * 4.0 * pi * r[k] ** 2 / p.delta * (Ca[here] - Ca[k]) if k <= _SHELLS else 0.0
        rates[f"Ca_{k}"] = (influx - inwards) / volume - binding
        rates[f"CaB_{k}"] = binding
        influx = inwards
    pumped = (p.Ca_eq - Ca[0]) * xp.exp(s.V / -35.0) / 17.7
    return {**rates, "Ca_1": rates["Ca_1"] + pumped}


def _yamada(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    E_Ca = 12.5 * xp.log(p.Ca_o / s.Ca_1)
    I_Na = p.g_Na * s.m**2 * s.h * (s.V - p.E_Na)
    I_Ca = p.g_Ca * s.d * p.K / (p.K + s.Ca_1) * (s.V - E_Ca)
    g_K = p.g_K * s.n**2 * s.l + p.g_A * s.a * s.b + p.g_M * s.w + p.g_C * s.c
    g_K = g_K + p.g_AHP * s.q**2
    I_L = p.g_L * (s.V - p.E_L)
    return {
        "V": (current - I_Na - I_Ca - g_K * (s.V - p.E_K) - I_L) / p.C_m,
        **_gates(xp, s),
        "c": gate(250.0 * s.Ca_1 * xp.exp(s.V / 24.0), 0.1 * xp.exp(s.V / -24.0)),
        "q": gate(1.25e5 * s.Ca_1**2, 0.0025),
        **_calcium(xp, s, p, -1e6 * I_Ca / (2.0 * _FARADAY)),
    }


def _place(k: int) -> str:
    if k > _SHELLS:
        return "the core"
    return "shell 1, under the membrane" if k == 1 else f"shell {k}"


_BOUND = (6.296167e-3, 6.296167e-4)  # at rest, in the first shell and elsewhere
YAMADA = Model(
    name="YamadaNeuron",
    family="conductance",
    title="Bullfrog sympathetic ganglion B cell (Yamada, Koch and Adams)",
    # rest without current
    states=(
        State("V", -53.74205, "mV", "membrane potential"),
        State("m", 7.01785e-4, "1", "activation of sodium"),
        State("h", 0.9629333, "1", "inactivation of sodium"),
        State("n", 0.0191781, "1", "activation of the delayed rectifier"),
        State("l", 0.9992431, "1", "inactivation of the delayed rectifier"),
        State("a", 0.2883863, "1", "activation of the A-current"),
        State("b", 0.0420699, "1", "inactivation of the A-current"),
        State("w", 0.1330560, "1", "activation of the M-current"),
        State("d", 8.304138e-4, "1", "activation of calcium"),
        State("c", 7.480783e-3, "1", "activation of the C-current"),
        State("q", 0.7791348, "1", "activation of the AHP-current"),
        *(
            State(f"Ca_{k}", 2.656181e-4, "mM", f"calcium in {_place(k)}")
            for k in range(1, _SHELLS + 2)
        ),
        *(
            State(f"CaB_{k}", _BOUND[k > 1], "mM", f"bound calcium in {_place(k)}")
            for k in range(1, _SHELLS + 2)
        ),
    ),
    params=(
        Param("C_m", 0.15, "nF", 0.01, 10.0, "capacitance of the cell"),
        Param("g_Na", 2.0, "uS", 0.0, 100.0, "maximal sodium conductance"),
        Param("g_K", 1.17, "uS", 0.0, 100.0, "maximal conductance of the delayed rectifier"),
        Param("g_Ca", 0.116, "uS", 0.0, 1.0, "maximal calcium conductance"),
        Param("g_A", 0.12, "uS", 0.0, 10.0, "maximal conductance of the A-current"),
        Param("g_M", 0.084, "uS", 0.0, 10.0, "maximal conductance of the M-current"),
        Param("g_C", 1.2, "uS", 0.0, 10.0, "maximal conductance of the C-current"),
        Param("g_AHP", 0.054, "uS", 0.0, 10.0, "maximal conductance of the AHP-current"),
        Param("g_L", 0.02, "uS", 0.0, 1.0, "leak conductance"),
        Param("E_Na", 50.0, "mV", 0.0, 120.0, "sodium reversal potential"),
        Param("E_K", -70.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("E_L", -10.0, "mV", -120.0, 50.0, "leak reversal potential"),
        Param("Ca_o", 4.0, "mM", 0.1, 20.0, "calcium outside"),
        Param("K", 0.01, "mM", 0.001, 10.0, "calcium that closes half of the calcium channels"),
        Param("A", 15000.0, "um2", 5000.0, 1e5, "area of the membrane"),
        Param("delta", 0.1, "um", 0.1, 1.0, "thickness of a shell"),
        Param("D", 0.6, "um2/ms", 0.0, 0.6, "diffusion of calcium"),
        Param("B_1", 0.03, "mM", 0.0, 0.3, "buffer in the first shell"),
        Param("B", 0.003, "mM", 0.0, 0.3, "buffer in the others and the core"),
        Param("k_f", 100.0, "1/(mM ms)", 0.0, 200.0, "binding of calcium to the buffer"),
        Param("k_b", 0.1, "1/ms", 0.001, 10.0, "its release"),
        Param("Ca_eq", 5e-5, "mM", 1e-6, 0.01, "calcium to which the membrane pumps"),
    ),
    equations=(
        "C_m dV/dt = I - I_Na - I_Ca - I_K - I_A - I_M - I_C - I_AHP - g_L (V - E_L)",
        "I_Na = g_Na m² h (V - E_Na), I_Ca = g_Ca d K/(K + Ca_1) (V - E_Ca), "
        "E_Ca = 12.5 mV ln(Ca_o/Ca_1)",
        "I_K = g_K n² l (V - E_K), I_A = g_A a b (V - E_K), I_M = g_M w (V - E_K)",
        "I_C = g_C c (V - E_K), I_AHP = g_AHP q² (V - E_K)",
        "dx/dt = (x_inf - x)/tau_x; x_inf = alpha_x/(alpha_x + beta_x), "
        "tau_x = 2/(alpha_x + beta_x) for x = m, h and 1/(alpha_x + beta_x) for x = n, c, q, "
        "with n_inf at V - 20",
        "alpha_m = 0.36 (V + 33) / (1 - exp(-(V + 33)/3)), "
        "beta_m = 0.4 (V + 42) / (exp((V + 42)/20) - 1)",
        "alpha_h = 0.1 (V + 55) / (exp((V + 55)/6) - 1), beta_h = 4.5 / (1 + exp(-V/10))",
        "alpha_n = 0.0047 (V + 12) / (1 - exp(-(V + 12)/12)), beta_n = exp(-(V + 147)/30)",
        "l_inf = 1 / (1 + exp((V + 25)/4)), tau_l = 6000 for V < -25, else 50",
        "a_inf = 1 / (1 + exp(-(V + 42)/13)), tau_a = 1.38",
        "b_inf = 1 / (1 + exp((V + 110)/18)), tau_b = 50 for V < -80, else 150",
        "w_inf = 1 / (1 + exp(-(V + 35)/10)), "
        "tau_w = 1000 / (3.3 (exp((V + 35)/20) + exp(-(V + 35)/20)))",
        "d_inf = 1 / (1 + exp(-(V - 3)/8)), tau_d = 7.8 / (exp((V + 6)/16) + exp(-(V + 6)/16))",
        "alpha_c = 250 Ca_1 exp(V/24), beta_c = 0.1 exp(-V/24)",
        "alpha_q = 1.25e5 Ca_1², beta_q = 0.0025",
        "dCa_1/dt = (-I_Ca/(2 F) - J_1)/v_1 + (Ca_eq - Ca_1)/(17.7 exp(V/35)) - R_1",
        "dCa_k/dt = (J_(k-1) - J_k)/v_k - R_k, k = 2 ... 11, J_11 = 0; dCaB_k/dt = R_k",
        "R_k = k_f Ca_k (B - CaB_k) - k_b CaB_k, with B_1 in the first shell",
        "J_k = D 4 pi r_k²/delta (Ca_k - Ca_(k+1)), v_k = 4/3 pi (r_(k-1)³ - r_k³), "
        "r_k = (A/(4 pi))^(1/2) - k delta, r_11 = 0",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Yamada WM, Koch C, Adams PR",
            1989,
            "Multiple channels and calcium dynamics",
            "in Koch C, Segev I (eds), Methods in Neuronal Modeling, MIT Press, 97-133",
            where="its equations and constants as the programs below have them; the area is that "
            "of 0.15 nF at 1 uF/cm2, and potassium outside does not change",
        ),
        Source(
            "Bower JM, Beeman D",
            1998,
            "The book of GENESIS",
            "Springer",
            where="yamadachan.g of its Neurokit: gates m, h, n, l, a, b and d, calcium and its "
            "reversal potential, E_Na and E_K",
        ),
        Source(
            "Marvel J",
            2008,
            "HHNeuron.cpp",
            "Collaborative Robot Programming Interface",
            where="every conductance, the leak and the capacitance; tau_m, tau_h and tau_b",
        ),
        Source(
            "Houweling A, Sejnowski TJ",
            1997,
            "MyFirstNEURON",
            "ModelDB 3808",
            where="gates w and c",
        ),
        Source(
            "Natschläger T, Markram H, Maass W",
            2003,
            "Computer models and analysis tools for neural microcircuits",
            "in Kötter R (ed), Neuroscience Databases, Kluwer, 123-138",
            where="gate q, in the program CSIM",
        ),
        Source(
            "Graham LJ",
            2003,
            "The Surf-Hippo neuron simulation system",
            "github.com/earl-ducaine/surf-hippo-archive",
            where="buffers and pump",
        ),
        Source(
            "Hines ML, Carnevale NT",
            2000,
            "Expanding NEURON's repertoire of mechanisms with NMODL",
            "Neural Comput 12:995-1007",
            "10.1162/089976600300015475",
            "diffusion of calcium: D, in the example that buffers as this cell does",
        ),
        Source(
            "Smith RG",
            1992,
            "NeuronC: a computational language for investigating functional architecture of "
            "neural circuits",
            "J Neurosci Methods 43:83-108",
            where="ten shells around a core",
        ),
    ),
    derivatives=_yamada,
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="nA",
    current=2.0,
    duration=200.0,
    dt=0.01,
    integrator="rk4",
)
