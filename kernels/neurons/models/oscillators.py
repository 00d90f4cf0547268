"""Oscillators of two and three variables, whose phase plane tells what they do."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Threshold, Values


def _morris_lecar(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    m_inf = 0.5 * (1.0 + xp.tanh((s.V - p.V_1) / p.V_2))
    w_inf = 0.5 * (1.0 + xp.tanh((s.V - p.V_3) / p.V_4))
    I_Ca = p.g_Ca * m_inf * (s.V - p.V_Ca)
    I_K = p.g_K * s.w * (s.V - p.V_K)
    I_L = p.g_L * (s.V - p.V_L)
    return {
        "V": (current - I_Ca - I_K - I_L) / p.C,
        # a plain rate: the time constant vanishes far from V_3
        "w": p.phi * xp.cosh((s.V - p.V_3) / (2.0 * p.V_4)) * (w_inf - s.w),
    }


MORRIS_LECAR = Model(
    name="MorrisLecarNeuron",
    family="oscillator",
    title="Barnacle giant muscle fibre",
    # rest without current
    states=(
        State("V", -59.47400, "mV", "membrane potential"),
        State("w", 0.0002704, "1", "activation of potassium"),
    ),
    params=(
        Param("C", 20.0, "uF/cm2", 0.1, 1000.0, "membrane capacitance"),
        Param("g_Ca", 4.0, "mS/cm2", 0.0, 100.0, "maximal calcium conductance"),
        Param("g_K", 8.0, "mS/cm2", 0.0, 100.0, "maximal potassium conductance"),
        Param("g_L", 2.0, "mS/cm2", 0.0, 100.0, "leak conductance"),
        Param("V_Ca", 120.0, "mV", 0.0, 200.0, "calcium reversal potential"),
        Param("V_K", -84.0, "mV", -150.0, -30.0, "potassium reversal potential"),
        Param("V_L", -60.0, "mV", -120.0, 0.0, "leak reversal potential"),
        Param("V_1", -1.2, "mV", -60.0, 60.0, "where half of the calcium channels are open"),
        Param("V_2", 18.0, "mV", 1.0, 100.0, "slope of calcium activation"),
        Param("V_3", 12.0, "mV", -60.0, 60.0, "where half of the potassium channels are open"),
        Param("V_4", 17.4, "mV", 1.0, 100.0, "slope of potassium activation"),
        Param("phi", 1.0 / 15.0, "1/ms", 1e-4, 10.0, "lowest rate of potassium activation"),
    ),
    equations=(
        "C dV/dt = I - g_Ca m_inf (V - V_Ca) - g_K w (V - V_K) - g_L (V - V_L)",
        "dw/dt = phi cosh((V - V_3)/(2 V_4)) (w_inf - w)",
        "m_inf = (1 + tanh((V - V_1)/V_2))/2, w_inf = (1 + tanh((V - V_3)/V_4))/2",
        "V rises through 0 mV: spike",
    ),
    sources=(
        Source(
            "Morris C, Lecar H",
            1981,
            "Voltage oscillations in the barnacle giant muscle fiber",
            "Biophys J 35:193-213",
            "10.1016/S0006-3495(81)84782-0",
            "equation 9, the V, N-reduced system; their N is w and their lambda_N is phi",
        ),
        Source(
            "Rinzel J, Ermentrout GB",
            1998,
            "Analysis of neural excitability and oscillations",
            "Methods in Neuronal Modeling, 2nd edition, MIT Press (1st edition 1989)",
            None,
            "appendix A, parameters of figures 4 to 6",
        ),
    ),
    derivatives=_morris_lecar,
    presets=(
        Preset(
            name="class_1",
            title="Class 1: saddle-node on an invariant circle",
            params={"g_Ca": 4.0, "V_3": 12.0, "V_4": 17.4, "phi": 1.0 / 15.0},
            source="Rinzel and Ermentrout 1998, the defaults",
        ),
        Preset(
            name="class_2",
            title="Class 2: Hopf bifurcation",
            params={"g_Ca": 4.4, "V_3": 2.0, "V_4": 30.0, "phi": 0.04},
            init={"V": -60.855, "w": 0.014915},
            current=100.0,
            source="Rinzel and Ermentrout 1998",
        ),
    ),
    spike=Threshold("V", 0.0),
    output="V",
    current_unit="uA/cm2",
    current=60.0,
    duration=500.0,
    dt=0.1,
    integrator="rk4",
)


def _fitzhugh_nagumo(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "v": s.v - s.v**3 / 3.0 - s.w + current,
        "w": p.epsilon * (s.v + p.a - p.b * s.w),
    }


# FitzHugh's x, y, z and time are -v, w, -I and t/c, and his c = 3 is epsilon = 1/c² = 1/9.
FITZHUGH_NAGUMO = Model(
    name="FitzHughNagumoNeuron",
    family="oscillator",
    title="Excitable cubic oscillator",
    # rest without current
    states=(
        State("v", -1.1994080, "1", "membrane potential"),
        State("w", -0.6242600, "1", "recovery"),
    ),
    params=(
        Param("a", 0.7, "1", -10.0, 10.0, "offset of the recovery"),
        Param("b", 0.8, "1", -10.0, 10.0, "decay of the recovery"),
        Param("epsilon", 0.08, "1", 1e-6, 10.0, "rate of the recovery"),
    ),
    equations=(
        "dv/dt = v - v³/3 - w + I",
        "dw/dt = epsilon (v + a - b w)",
        "v rises through 1: spike",
    ),
    sources=(
        Source(
            "FitzHugh R",
            1961,
            "Impulses and physiological states in theoretical models of nerve membrane",
            "Biophys J 1:445-466",
            "10.1016/S0006-3495(61)86902-6",
            "equations 1 and 2",
        ),
        Source(
            "Nagumo J, Arimoto S, Yoshizawa S",
            1962,
            "An active pulse transmission line simulating nerve axon",
            "Proc IRE 50:2061-2070",
            "10.1109/JRPROC.1962.288235",
            "the electric circuit that obeys these equations",
        ),
        Source(
            "Izhikevich EM, FitzHugh R",
            2006,
            "FitzHugh-Nagumo model",
            "Scholarpedia 1(9):1349",
            "10.4249/scholarpedia.1349",
            "the form and epsilon = 0.08",
        ),
    ),
    derivatives=_fitzhugh_nagumo,
    presets=(
        Preset(
            name="bonhoeffer_van_der_pol",
            title="FitzHugh's own parameters",
            params={"a": 0.7, "b": 0.8, "epsilon": 1.0 / 9.0},
            current=0.4,
            source="FitzHugh 1961, a = 0.7, b = 0.8, c = 3 and z = -0.4",
        ),
    ),
    aliases=("BonhoefferVanDerPolNeuron",),
    spike=Threshold("v", 1.0),
    output="v",
    current_unit="1",
    current=0.5,
    duration=400.0,
    dt=0.1,
    integrator="rk4",
    time_unit="1",
)


def _hindmarsh_rose(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "x": s.y - p.a * s.x**3 + p.b * s.x**2 + current - s.z,
        "y": p.c - p.d * s.x**2 - s.y,
        "z": p.r * (p.s * (s.x - p.x_1) - s.z),
    }


# Chaotic where bursts pass into spiking, as at r = 0.005, I = 3.25.
HINDMARSH_ROSE = Model(
    name="HindmarshRoseNeuron",
    family="oscillator",
    title="Three-variable burster",
    # rest without current
    states=(
        State("x", -1.6045345, "1", "membrane potential"),
        State("y", -11.8726553, "1", "fast recovery"),
        State("z", -0.0181381, "1", "slow adaptation"),
    ),
    params=(
        Param("a", 1.0, "1", 0.0, 10.0, "cubic term"),
        Param("b", 3.0, "1", -10.0, 10.0, "quadratic term"),
        Param("c", 1.0, "1", -10.0, 10.0, "offset of the fast recovery"),
        Param("d", 5.0, "1", 0.0, 20.0, "activation of the fast recovery"),
        Param("r", 0.001, "1", 0.0, 1.0, "rate of the adaptation"),
        Param("s", 4.0, "1", -20.0, 20.0, "strength of the adaptation"),
        Param("x_1", -1.6, "1", -10.0, 10.0, "where the adaptation vanishes"),
    ),
    equations=(
        "dx/dt = y - a x³ + b x² + I - z",
        "dy/dt = c - d x² - y",
        "dz/dt = r (s (x - x_1) - z)",
        "x rises through 1: spike",
    ),
    sources=(
        Source(
            "Hindmarsh JL, Rose RM",
            1984,
            "A model of neuronal bursting using three coupled first order differential equations",
            "Proc R Soc Lond B 221:87-102",
            "10.1098/rspb.1984.0024",
            "figure 6",
        ),
    ),
    derivatives=_hindmarsh_rose,
    presets=(
        Preset(
            name="one_burst",
            title="A step of current, answered by one burst",
            params={},
            current=0.4,
            source="Hindmarsh and Rose 1984, figure 6",
        ),
        Preset(
            name="spiking",
            title="Repetitive firing",
            params={},
            current=4.0,
            source="Hindmarsh and Rose 1984, figure 6",
        ),
        Preset(
            name="chaotic",
            title="Random bursts",
            params={"r": 0.005},
            current=3.25,
            source="Hindmarsh and Rose 1984, r = 0.005 and I = 3.25",
        ),
    ),
    spike=Threshold("x", 1.0),
    output="x",
    current_unit="1",
    current=2.0,
    duration=2000.0,
    dt=0.05,
    integrator="rk4",
    time_unit="1",
)


def _fitzhugh_rinzel(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "v": s.v - s.v**3 / 3.0 - s.w + s.y + current,
        "w": p.delta * (p.a + s.v - p.b * s.w),
        "y": p.mu * (p.c - s.v - p.d * s.y),
    }


FITZHUGH_RINZEL = Model(
    name="FitzHughRinzelNeuron",
    family="oscillator",
    title="Elliptic burster",
    # rest without current
    states=(
        State("v", -1.0292458, "1", "membrane potential"),
        State("w", -0.4115572, "1", "recovery"),
        State("y", 0.2542458, "1", "slow current"),
    ),
    params=(
        Param("a", 0.7, "1", -10.0, 10.0, "offset of the recovery"),
        Param("b", 0.8, "1", -10.0, 10.0, "decay of the recovery"),
        Param("c", -0.775, "1", -10.0, 10.0, "where the slow current settles, less v, by d"),
        Param("d", 1.0, "1", -10.0, 10.0, "decay of the slow current"),
        Param("delta", 0.08, "1", 1e-6, 10.0, "rate of the recovery"),
        Param("mu", 1e-4, "1", 0.0, 1.0, "rate of the slow current"),
    ),
    equations=(
        "dv/dt = v - v³/3 - w + y + I",
        "dw/dt = delta (a + v - b w)",
        "dy/dt = mu (c - v - d y)",
        "v rises through 0: spike",
    ),
    sources=(
        Source(
            "Rinzel J",
            1987,
            "A formal classification of bursting mechanisms in excitable systems",
            "Lect Notes Biomath 71:267-281",
            "10.1007/978-3-642-93360-8_26",
            "the slow variable that makes FitzHugh's oscillator burst",
        ),
        Source(
            "Wojcik J, Shilnikov A",
            2015,
            "Voltage interval mappings for an elliptic bursting model",
            "Nonlinear Dynamics New Directions, Springer",
            "10.1007/978-3-319-09864-7_9",
            "the form of the equations",
        ),
    ),
    derivatives=_fitzhugh_rinzel,
    spike=Threshold("v", 0.0),
    output="v",
    current_unit="1",
    current=0.3125,
    duration=10_000.0,
    dt=0.1,
    integrator="rk4",
    time_unit="1",
)


def _mckean(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    outer = xp.where(s.v < p.a / 2.0, -s.v, 1.0 - s.v)
    middle = (s.v >= p.a / 2.0) & (s.v <= (1.0 + p.a) / 2.0)
    return {
        "v": xp.where(middle, s.v - p.a, outer) - s.w + current,
        "w": p.epsilon * (s.v - p.gamma * s.w),
    }


MCKEAN = Model(
    name="McKeanNeuron",
    family="oscillator",
    title="Excitable oscillator of three straight pieces",
    # rest without current
    states=(
        State("v", 0.0, "1", "membrane potential"),
        State("w", 0.0, "1", "recovery"),
    ),
    params=(
        Param("a", 0.25, "1", 0.0, 1.0, "threshold: the middle zero of f"),
        Param("gamma", 0.5, "1", 0.0, 10.0, "decay of the recovery"),
        Param("epsilon", 0.01, "1", 1e-6, 10.0, "rate of the recovery"),
    ),
    equations=(
        "dv/dt = f(v) - w + I",
        "dw/dt = epsilon (v - gamma w)",
        "f(v) = -v for v < a/2, v - a up to (1 + a)/2, 1 - v beyond",
        "v rises through 0.5: spike",
    ),
    sources=(
        Source(
            "McKean HP",
            1970,
            "Nagumo's equation",
            "Adv Math 4:209-223",
            "10.1016/0001-8708(70)90023-X",
            "the cubic of Nagumo's equation replaced by straight pieces",
        ),
        Source(
            "Tonnelier A",
            2002,
            "The McKean's caricature of the FitzHugh-Nagumo model I. The space-clamped system",
            "SIAM J Appl Math 63:459-484",
            "10.1137/S0036139901393500",
            "the space-clamped system",
        ),
    ),
    derivatives=_mckean,
    spike=Threshold("v", 0.5),
    output="v",
    current_unit="1",
    current=0.5,
    duration=2000.0,
    dt=0.1,
    integrator="rk4",
    time_unit="1",
)


def _terman_wang(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "x": 3.0 * s.x - s.x**3 + 2.0 - s.y + current,
        "y": p.epsilon * (p.gamma * (1.0 + xp.tanh(s.x / p.beta)) - s.y),
    }


# The paper adds noise of small amplitude to x where it simulates networks; it is left out here.
TERMAN_WANG = Model(
    name="TermanWangOscillator",
    family="oscillator",
    title="Relaxation oscillator",
    # rest without current, at the knee where the silent branch ends
    states=(
        State("x", -1.0, "1", "activity"),
        State("y", 0.0, "1", "recovery"),
    ),
    params=(
        Param("epsilon", 0.02, "1", 1e-6, 10.0, "rate of the recovery"),
        Param("gamma", 6.0, "1", 0.0, 100.0, "half of where the recovery settles while active"),
        Param("beta", 0.1, "1", 0.001, 10.0, "width of the step from silent to active"),
    ),
    equations=(
        "dx/dt = 3 x - x³ + 2 - y + I",
        "dy/dt = epsilon (gamma (1 + tanh(x/beta)) - y)",
        "x rises through 1: spike",
    ),
    sources=(
        Source(
            "Terman D, Wang DL",
            1995,
            "Global competition and local cooperation in a network of neural oscillators",
            "Physica D 81:148-176",
            "10.1016/0167-2789(94)00205-5",
            "the oscillator",
        ),
        Source(
            "Wang DL, Terman D",
            1995,
            "Locally excitatory globally inhibitory oscillator networks",
            "IEEE Trans Neural Netw 6:283-286",
            "10.1109/72.363423",
            where="the parameters",
        ),
    ),
    derivatives=_terman_wang,
    spike=Threshold("x", 1.0),
    output="x",
    current_unit="1",
    current=0.2,
    duration=1500.0,
    dt=0.05,
    integrator="rk4",
    time_unit="1",
)
