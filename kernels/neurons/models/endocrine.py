"""Pancreatic beta cells, whose bursts ride on a slow potassium current."""

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

_FARADAY = 96487.0  # C/mol, as the authors write it
_CHAY_1985 = "Chay 1985, the period doubles on the way to chaos as g_KC grows"


def _sigmoid(xp: Any, x: Array) -> Array:
    return 1.0 / (1.0 + xp.exp(-x))


def _hodgkin_huxley_rates(xp: Any, V_i: Array, V_n: Array) -> dict[str, tuple[Array, Array]]:
    """Squid rates, depolarization in mV: V_i for m and h of the inward current, V_n for n."""
    return {
        "m": (0.1 * linoid(xp, V_i - 25.0, 10.0), 4.0 * xp.exp(V_i / -18.0)),
        "h": (0.07 * xp.exp(V_i / -20.0), 1.0 / (1.0 + xp.exp((V_i - 30.0) / -10.0))),
        "n": (0.01 * linoid(xp, V_n - 10.0, 10.0), 0.125 * xp.exp(V_n / -80.0)),
    }


def _chay_keizer(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    rates = _hodgkin_huxley_rates(xp, s.V + p.V_prime, s.V + p.V_star)
    phi = 3.0 ** ((p.T - 6.3) / 10.0)
    I_Ca = p.g_Ca * s.m**3 * s.h * (p.V_Ca - s.V)
    I_K = p.g_K * s.n**4 * (p.V_K - s.V)
    I_KCa = p.g_KCa * s.Ca / (s.Ca + p.K_diss) * (p.V_K - s.V)
    I_L = p.g_L * (p.V_L - s.V)
    return {
        "V": (current + 2.0 * I_Ca + I_K + I_KCa + I_L) / p.C_m,
        **{name: gate(phi * alpha, phi * beta) for name, (alpha, beta) in rates.items()},
        # uA/cm2 over 1e-4 cm/um and F: 1e-6 mol/s in 1e-3 l, hence 10 uM/ms
        "Ca": p.f * (3e4 / (p.r * _FARADAY) * I_Ca - p.k_Ca * s.Ca),
    }


CHAY_KEIZER = Model(
    name="ChayKeizerNeuron",
    family="burster",
    title="Beta cell whose calcium ends the burst (Chay-Keizer)",
    # it bursts without current; the states are those at which the published program begins
    states=(
        State("V", -54.774, "mV", "membrane potential"),
        State("m", 0.027532, "1", "activation of calcium"),
        State("h", 0.086321, "1", "inactivation of calcium"),
        State("n", 0.00044035, "1", "activation of potassium"),
        State("Ca", 0.10749, "uM", "calcium in the cell"),
    ),
    params=(
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_Ca", 6.5, "mS/cm2", 0.0, 100.0, "maximal calcium conductance"),
        Param("g_K", 12.0, "mS/cm2", 0.0, 1000.0, "maximal potassium conductance"),
        Param("g_KCa", 0.09, "mS/cm2", 0.0, 10.0, "conductance opened by calcium, when saturated"),
        Param("g_L", 0.04, "mS/cm2", 0.0, 10.0, "leak conductance"),
        Param("V_Ca", 100.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("V_K", -75.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -40.0, "mV", -120.0, 50.0, "leak reversal potential"),
        Param("V_prime", 50.0, "mV", -100.0, 150.0, "displacement of the calcium rates"),
        Param("V_star", 30.0, "mV", -100.0, 150.0, "displacement of the potassium rates"),
        Param("T", 20.0, "degC", 0.0, 40.0, "temperature, which speeds all rates up"),
        Param("K_diss", 1.0, "uM", 0.01, 100.0, "calcium that half opens the conductance"),
        Param("f", 0.004, "1", 1e-5, 1.0, "share of calcium that is free"),
        Param("k_Ca", 0.04, "1/ms", 0.0, 10.0, "removal of calcium, which glucose speeds up"),
        Param("r", 8.9, "um", 0.1, 1000.0, "radius of the cell"),
    ),
    equations=(
        "C_m dV/dt = I + 2 g_Ca m³ h (V_Ca - V) + g_K n⁴ (V_K - V)"
        " + g_KCa Ca/(K_diss + Ca) (V_K - V) + g_L (V_L - V)",
        "dCa/dt = f (3 I_Ca / (r F) - k_Ca Ca), I_Ca = g_Ca m³ h (V_Ca - V)",
        "dx/dt = phi (alpha_x (1 - x) - beta_x x), for x = m, h, n; phi = 3^((T - 6.3)/10)",
        "v = V + V_prime: alpha_m = 0.1 (v - 25) / (1 - exp(-(v - 25)/10)), beta_m = 4 exp(-v/18)",
        "alpha_h = 0.07 exp(-v/20), beta_h = 1 / (1 + exp(-(v - 30)/10))",
        "v = V + V_star: alpha_n = 0.01 (v - 10) / (1 - exp(-(v - 10)/10)), "
        "beta_n = 0.125 exp(-v/80)",
        "V rises through -35 mV: spike",
    ),
    sources=(
        Source(
            "Chay TR, Keizer J",
            1983,
            "Minimal model for membrane oscillations in the pancreatic beta-cell",
            "Biophys J 42:181-190",
            "10.1016/S0006-3495(83)84384-7",
            "equations and constants as in the program ck.ode that Sherman A distributes",
        ),
    ),
    derivatives=_chay_keizer,
    spike=Threshold("V", -35.0),
    output="V",
    current_unit="uA/cm2",
    current=0.0,
    duration=14000.0,
    dt=0.05,
    integrator="rk4",
    without_input="bursts",
)


def _chay(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    rates = _hodgkin_huxley_rates(xp, s.V + 50.0, s.V + 30.0)
    (alpha_m, beta_m), (alpha_h, beta_h) = rates["m"], rates["h"]
    alpha_n, beta_n = rates["n"]
    m_inf, h_inf = alpha_m / (alpha_m + beta_m), alpha_h / (alpha_h + beta_h)
    inward = m_inf**3 * h_inf
    per_second = (
        p.g_I * inward * (p.V_I - s.V)
        + p.g_KV * s.n**4 * (p.V_K - s.V)
        + p.g_KC * s.C / (1.0 + s.C) * (p.V_K - s.V)
        + p.g_L * (p.V_L - s.V)
        + current
    )
    return {
        "V": 1e-3 * per_second,
        "n": gate(1e-3 * p.lambda_n * alpha_n, 1e-3 * p.lambda_n * beta_n),
        "C": 1e-3 * p.rho * (inward * (p.V_C - s.V) - p.k_C * s.C),
    }


CHAY = Model(
    name="ChayNeuron",
    family="burster",
    title="Excitable cell of three variables that beats, bursts or is chaotic (Chay)",
    # it fires without current; the states are on the way to a spike
    states=(
        State("V", -46.0, "mV", "membrane potential"),
        State("n", 0.12, "1", "activation of potassium"),
        State("C", 0.47, "1", "calcium in the cell, relative to what half opens its channels"),
    ),
    params=(
        Param("g_I", 1800.0, "1/s", 0.0, 10000.0, "maximal mixed inward conductance over C_m"),
        Param("g_KV", 1700.0, "1/s", 0.0, 10000.0, "maximal potassium conductance over C_m"),
        Param("g_KC", 10.0, "1/s", 0.0, 1000.0, "maximal conductance opened by calcium, over C_m"),
        Param("g_L", 7.0, "1/s", 0.0, 1000.0, "leak conductance over C_m"),
        Param("V_I", 100.0, "mV", 0.0, 200.0, "reversal potential of the inward current"),
        Param("V_K", -75.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -40.0, "mV", -120.0, 50.0, "leak reversal potential"),
        Param("V_C", 100.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("lambda_n", 230.0, "1", 1.0, 2000.0, "how much faster potassium is than 1/s"),
        Param("rho", 0.27, "1/(mV s)", 0.0, 10.0, "how fast calcium moves"),
        Param("k_C", 3.3 / 18.0, "mV", 0.0, 10.0, "removal of calcium"),
    ),
    equations=(
        "dV/dt = g_I m_inf³ h_inf (V_I - V) + g_KV n⁴ (V_K - V) + g_KC C/(1 + C) (V_K - V)"
        " + g_L (V_L - V) + I, in mV/s",
        "dn/dt = lambda_n (alpha_n (1 - n) - beta_n n), per s",
        "dC/dt = rho (m_inf³ h_inf (V_C - V) - k_C C), per s",
        "x_inf = alpha_x / (alpha_x + beta_x), for x = m, h",
        "alpha_m = 0.1 (V + 25) / (1 - exp(-(V + 25)/10)), beta_m = 4 exp(-(V + 50)/18)",
        "alpha_h = 0.07 exp(-(V + 50)/20), beta_h = 1 / (1 + exp(-(V + 20)/10))",
        "alpha_n = 0.01 (V + 20) / (1 - exp(-(V + 20)/10)), beta_n = 0.125 exp(-(V + 30)/80)",
        "V rises through -35 mV: spike",
    ),
    sources=(
        Source(
            "Chay TR",
            1985,
            "Chaos in a three-variable model of an excitable cell",
            "Physica D 16:233-242",
            "10.1016/0167-2789(85)90060-0",
            "conductances over the capacitance; g_KC is what the paper varies",
        ),
    ),
    derivatives=_chay,
    spike=Threshold("V", -35.0),
    output="V",
    current_unit="mV/s",
    current=0.0,
    duration=20000.0,
    dt=0.2,
    integrator="rk4",
    without_input="fires",
    presets=(
        Preset(
            name="period-2",
            title="Beating in pairs",
            params={"g_KC": 10.7},
            duration=60000.0,
            source=_CHAY_1985,
        ),
        Preset(
            name="period-4",
            title="Beating in fours",
            params={"g_KC": 10.75},
            duration=60000.0,
            source=_CHAY_1985,
        ),
        Preset(
            name="chaos",
            title="Chaos",
            params={"g_KC": 11.0},
            duration=60000.0,
            source=_CHAY_1985,
        ),
    ),
)


def _sherman_rinzel_keizer(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    m_inf = _sigmoid(xp, (s.V - p.V_m) / p.S_m)
    h = _sigmoid(xp, (p.V_h - s.V) / p.S_h)
    n_inf = _sigmoid(xp, (s.V - p.V_n) / p.S_n)
    tau_n = p.c / (xp.exp((s.V - p.V_bar) / p.a) + xp.exp((p.V_bar - s.V) / p.b))
    I_Ca = p.g_Ca * m_inf * h * (s.V - p.V_Ca)
    I_K = p.g_K * s.n * (s.V - p.V_K)
    I_KCa = p.g_KCa * s.Ca / (p.K_d + s.Ca) * (s.V - p.V_K)
    return {
        "V": (current - I_Ca - I_K - I_KCa) / p.C_m,
        "n": Relax(n_inf, tau_n / p.lam),
        "Ca": p.f * (-p.alpha * I_Ca - p.k_Ca * s.Ca),
    }


SHERMAN_RINZEL_KEIZER = Model(
    name="ShermanRinzelKeizerNeuron",
    family="burster",
    title="Beta cell with currents from voltage clamp (Sherman-Rinzel-Keizer)",
    # it bursts without current; the states are those at which the authors' program begins
    states=(
        State("V", -65.0, "mV", "membrane potential"),
        State("n", 0.001, "1", "activation of potassium"),
        State("Ca", 0.5, "uM", "calcium in the cell"),
    ),
    params=(
        Param("C_m", 5309.3, "fF", 10.0, 1e6, "capacitance of the cell"),
        Param("g_Ca", 1400.0, "pS", 0.0, 1e5, "maximal calcium conductance"),
        Param("g_K", 2500.0, "pS", 0.0, 1e5, "maximal potassium conductance"),
        Param("g_KCa", 30000.0, "pS", 0.0, 1e6, "conductance opened by calcium, when saturated"),
        Param("V_Ca", 110.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("V_K", -75.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_m", 4.0, "mV", -100.0, 50.0, "potential of half activation of calcium"),
        Param("S_m", 14.0, "mV", 0.5, 50.0, "width of the activation of calcium"),
        Param("V_h", -10.0, "mV", -100.0, 50.0, "potential of half inactivation of calcium"),
        Param("S_h", 10.0, "mV", 0.5, 50.0, "width of the inactivation of calcium"),
        Param("V_n", -15.0, "mV", -100.0, 50.0, "potential of half activation of potassium"),
        Param("S_n", 5.6, "mV", 0.5, 50.0, "width of the activation of potassium"),
        Param("V_bar", -75.0, "mV", -150.0, 0.0, "where the slowness of potassium counts from"),
        Param("a", 65.0, "mV", 5.0, 500.0, "how it falls with depolarization"),
        Param("b", 20.0, "mV", 5.0, 500.0, "how it falls with hyperpolarization"),
        Param("c", 60.0, "ms", 1.0, 1000.0, "twice the largest time constant, nearly"),
        Param("lam", 1.6, "1", 0.01, 100.0, "lambda, how much faster potassium is than measured"),
        Param("K_d", 100.0, "uM", 0.01, 1000.0, "calcium that half opens the conductance"),
        Param("f", 0.001, "1", 1e-5, 1.0, "share of calcium that is free"),
        Param("alpha", 4.506e-6, "uM/(fA ms)", 0.0, 1e-3, "calcium that a current brings"),
        Param("k_Ca", 0.03, "1/ms", 0.0, 10.0, "removal of calcium, which glucose speeds up"),
    ),
    equations=(
        "C_m dV/dt = I - I_Ca - g_K n (V - V_K) - g_KCa Ca/(K_d + Ca) (V - V_K)",
        "I_Ca = g_Ca m_inf h (V - V_Ca), h = 1 / (1 + exp((V - V_h)/S_h))",
        "dn/dt = lam (n_inf - n)/tau_n, tau_n = c / (exp((V - V_bar)/a) + exp(-(V - V_bar)/b))",
        "x_inf = 1 / (1 + exp(-(V - V_x)/S_x)), for x = m, n",
        "dCa/dt = f (-alpha I_Ca - k_Ca Ca)",
        "V rises through -35 mV: spike",
    ),
    sources=(
        Source(
            "Sherman A, Rinzel J, Keizer J",
            1988,
            "Emergence of organized bursting in clusters of pancreatic beta-cells by channel "
            "sharing",
            "Biophys J 54:411-425",
            "10.1016/S0006-3495(88)82975-8",
            "single cell of figure 5; constants from the authors' program srk.ode",
        ),
    ),
    derivatives=_sherman_rinzel_keizer,
    spike=Threshold("V", -35.0),
    output="V",
    current_unit="fA",
    current=0.0,
    duration=20000.0,
    dt=0.2,
    integrator="rk4",
    without_input="bursts",
)


def _phantom(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    m_inf = _sigmoid(xp, (s.V - p.V_m) / p.s_m)
    n_inf = _sigmoid(xp, (s.V - p.V_n) / p.s_n)
    tau_n = p.tau_n_bar * _sigmoid(xp, (p.V_n - s.V) / p.s_n)
    I_Ca = p.g_Ca * m_inf * (s.V - p.V_Ca)
    g_K = p.g_K * s.n + p.g_s1 * s.s1 + p.g_s2 * s.s2
    return {
        "V": (current - I_Ca - g_K * (s.V - p.V_K) - p.g_L * (s.V - p.V_L)) / p.C_m,
        "n": Relax(n_inf, tau_n / p.lam),
        "s1": Relax(_sigmoid(xp, (s.V - p.V_s1) / p.s_s1), p.tau_s1),
        "s2": Relax(_sigmoid(xp, (s.V - p.V_s2) / p.s_s2), p.tau_s2),
    }


PHANTOM = Model(
    name="BertramPhantomBurster",
    family="burster",
    title="Beta cell with two slow currents that make a third rhythm (phantom burster)",
    # it bursts without current; the states are those at which the authors' program begins
    states=(
        State("V", -43.0, "mV", "membrane potential"),
        State("n", 0.03, "1", "activation of potassium"),
        State("s1", 0.1, "1", "activation of the slow current"),
        State("s2", 0.434, "1", "activation of the very slow current"),
    ),
    params=(
        Param("C_m", 4524.0, "fF", 10.0, 1e6, "capacitance of the cell"),
        Param("g_Ca", 280.0, "pS", 0.0, 1e5, "maximal calcium conductance"),
        Param("g_K", 1300.0, "pS", 0.0, 1e5, "maximal potassium conductance"),
        Param("g_L", 25.0, "pS", 0.0, 1e4, "leak conductance"),
        Param("g_s1", 20.0, "pS", 0.0, 1e4, "maximal conductance of the slow current"),
        Param("g_s2", 32.0, "pS", 0.0, 1e4, "maximal conductance of the very slow current"),
        Param("V_Ca", 100.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("V_K", -80.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -40.0, "mV", -120.0, 50.0, "leak reversal potential"),
        Param("V_m", -22.0, "mV", -100.0, 50.0, "potential of half activation of calcium"),
        Param("s_m", 7.5, "mV", 0.5, 50.0, "width of the activation of calcium"),
        Param("V_n", -9.0, "mV", -100.0, 50.0, "potential of half activation of potassium"),
        Param("s_n", 10.0, "mV", 0.5, 50.0, "width of the activation of potassium"),
        Param("tau_n_bar", 9.09, "ms", 0.1, 1000.0, "largest time constant of potassium"),
        Param("lam", 1.1, "1", 0.01, 100.0, "lambda, which divides that time constant"),
        Param("V_s1", -40.0, "mV", -100.0, 50.0, "potential of half activation of s1"),
        Param("s_s1", 0.5, "mV", 0.05, 50.0, "width of the activation of s1"),
        Param("tau_s1", 1000.0, "ms", 10.0, 1e6, "time constant of s1"),
        Param("V_s2", -42.0, "mV", -100.0, 50.0, "potential of half activation of s2"),
        Param("s_s2", 0.4, "mV", 0.05, 50.0, "width of the activation of s2"),
        Param("tau_s2", 120000.0, "ms", 10.0, 1e7, "time constant of s2"),
    ),
    equations=(
        "C_m dV/dt = I - g_Ca m_inf (V - V_Ca) - (g_K n + g_s1 s1 + g_s2 s2) (V - V_K)"
        " - g_L (V - V_L)",
        "dn/dt = lam (n_inf - n)/tau_n, tau_n = tau_n_bar / (1 + exp((V - V_n)/s_n))",
        "ds1/dt = (s1_inf - s1)/tau_s1, ds2/dt = (s2_inf - s2)/tau_s2",
        "x_inf = 1 / (1 + exp(-(V - V_x)/s_x)), for x = m, n, s1, s2",
        "V rises through -35 mV: spike",
    ),
    sources=(
        Source(
            "Bertram R, Previte J, Sherman A, Kinard TA, Satin LS",
            2000,
            "The phantom burster model for pancreatic beta-cells",
            "Biophys J 79:2880-2892",
            "10.1016/S0006-3495(00)76525-8",
            "figures 2 to 4; constants from the authors' program phantom.ode",
        ),
    ),
    derivatives=_phantom,
    spike=Threshold("V", -35.0),
    output="V",
    current_unit="fA",
    current=0.0,
    duration=20000.0,
    dt=0.5,
    integrator="rk4",
    without_input="bursts",
    presets=(
        Preset(
            name="medium",
            title="Medium bursts, neither slow current's own rhythm",
            params={"g_s1": 7.0},
            init={"s2": 0.6},
            duration=120000.0,
            source="Bertram et al. 2000, figure 3",
        ),
        Preset(
            name="slow",
            title="Slow bursts of the very slow current",
            params={"g_s1": 3.0},
            init={"s2": 0.6},
            duration=300000.0,
            source="Bertram et al. 2000, figure 4",
        ),
    ),
)


def _pernarowski(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    F = p.a * ((s.u - p.u_hat) ** 2 - p.eta**2)
    G = s.c + s.u**3 - 3.0 * (s.u + 1.0) - current
    H = p.beta * (s.u - p.u_bar) - s.c
    return {"u": s.v, "v": -F * s.v - G - p.epsilon * H, "c": p.epsilon * H}


PERNAROWSKI = Model(
    name="PernarowskiNeuron",
    family="burster",
    title="Beta cell as an oscillator with cubic force and quadratic friction (Pernarowski)",
    # it bursts without current; the states are at the end of the silence
    states=(
        State("u", -1.0, "1", "membrane potential"),
        State("v", 0.0, "1", "rate of its change"),
        State("c", 1.0, "1", "slow variable, the calcium of the cell"),
    ),
    params=(
        Param("a", 0.25, "1", 0.0, 10.0, "strength of the friction"),
        Param("eta", 0.75, "1", 0.0, 10.0, "half of the range of u in which friction drives"),
        Param("u_hat", 1.5, "1", -10.0, 10.0, "middle of that range"),
        Param("beta", 4.0, "1", -100.0, 100.0, "how steeply c follows u"),
        Param("u_bar", -0.954, "1", -10.0, 10.0, "where the slow variable heads for 0"),
        Param("epsilon", 0.0025, "1", 0.0, 1.0, "how slow c is"),
    ),
    equations=(
        "d²u/dt² + F(u) du/dt + G(u, c) = I - epsilon H(u, c), v = du/dt",
        "dc/dt = epsilon H(u, c)",
        "F = a ((u - u_hat)² - eta²), G = c + u³ - 3 (u + 1), H = beta (u - u_bar) - c",
        "u rises through 1: spike",
    ),
    sources=(
        Source(
            "Pernarowski M",
            1994,
            "Fast subsystem bifurcations in a slowly varying Liénard system exhibiting bursting",
            "SIAM J Appl Math 54:814-832",
            "10.1137/S003613999223449X",
            "cubic system; a, eta and u_hat choose among kinds of bursts",
        ),
    ),
    derivatives=_pernarowski,
    spike=Threshold("u", 1.0),
    output="u",
    current_unit="1",
    current=0.0,
    duration=1000.0,
    dt=0.02,
    integrator="rk4",
    time_unit="1",
    without_input="bursts",
)
