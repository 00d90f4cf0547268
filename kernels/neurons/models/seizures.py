"""Populations whose rhythms are those of epilepsy."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Values


def _firing(xp: Any, v: Array, p: Values) -> Array:
    """Potential to firing rate, 1/s."""
    return 2.0 * p.e_0 / (1.0 + xp.exp(p.r * (p.v_0 - v)))


def _wendling(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # the paper's rates count in seconds and the model's time in ms
    C_1, C_2, C_3, C_4 = p.C, 0.8 * p.C, 0.25 * p.C, 0.25 * p.C
    C_5, C_6, C_7 = 0.3 * p.C, 0.1 * p.C, 0.8 * p.C
    excitation = current + C_2 * _firing(xp, C_1 * s.y_0, p)
    slow = _firing(xp, C_3 * s.y_0, p)
    fast = C_7 * _firing(xp, C_5 * s.y_0 - C_6 * s.y_4, p)
    y_1 = s.y + s.y_2 + s.y_3
    per_ms = 0.001
    return {
        "y": per_ms * (s.y_6 - s.y_7 - s.y_8),
        "y_0": per_ms * s.y_5,
        "y_2": per_ms * s.y_7,
        "y_3": per_ms * s.y_8,
        "y_4": per_ms * s.y_9,
        "y_5": per_ms * (p.A * p.a * _firing(xp, s.y, p) - 2.0 * p.a * s.y_5 - p.a**2 * s.y_0),
        "y_6": per_ms * (p.A * p.a * excitation - 2.0 * p.a * s.y_6 - p.a**2 * y_1),
        "y_7": per_ms * (p.B * p.b * C_4 * slow - 2.0 * p.b * s.y_7 - p.b**2 * s.y_2),
        "y_8": per_ms * (p.G * p.g * fast - 2.0 * p.g * s.y_8 - p.g**2 * s.y_3),
        "y_9": per_ms * (p.B * p.b * slow - 2.0 * p.b * s.y_9 - p.b**2 * s.y_4),
    }


def _activity(name: str, title: str, B: float, G: float) -> Preset:
    return Preset(
        name=name,
        title=title,
        params={"A": 5.0, "B": B, "G": G},
        source="Wendling et al. 2002; there p is noise of mean 90 and standard deviation 30",
    )


# The EEG is y = y_1 - y_2 - y_3, so it stands among the states in the place of y_1.
WENDLING = Model(
    name="WendlingNeuron",
    family="population",
    title="Neural mass with slow and fast inhibition",
    # rest without input
    states=(
        State("y", -2.1772923, "mV", "potential of the pyramidal cells, y_1 - y_2 - y_3: the EEG"),
        State("y_0", 0.0025395001, "mV", "potential that the pyramidal cells evoke"),
        State("y_2", 2.9667674, "mV", "slow inhibition of the pyramidal cells"),
        State("y_3", 0.30098263, "mV", "fast inhibition of the pyramidal cells"),
        State("y_4", 0.087904221, "mV", "slow inhibition of the fast interneurons"),
        State("y_5", 0.0, "mV/s", "rate of y_0"),
        State("y_6", 0.0, "mV/s", "rate of y_1"),
        State("y_7", 0.0, "mV/s", "rate of y_2"),
        State("y_8", 0.0, "mV/s", "rate of y_3"),
        State("y_9", 0.0, "mV/s", "rate of y_4"),
    ),
    params=(
        Param("A", 5.0, "mV", 0.0, 100.0, "excitatory gain"),
        Param("B", 25.0, "mV", 0.0, 1000.0, "gain of slow dendritic inhibition"),
        Param("G", 15.0, "mV", 0.0, 1000.0, "gain of fast somatic inhibition"),
        Param("a", 100.0, "1/s", 1.0, 1000.0, "rate of excitatory potentials"),
        Param("b", 50.0, "1/s", 1.0, 1000.0, "rate of slow inhibitory potentials"),
        Param("g", 500.0, "1/s", 1.0, 2000.0, "rate of fast inhibitory potentials"),
        Param(
            "C",
            135.0,
            "1",
            0.0,
            10_000.0,
            "synapses: C_1 = C, C_2 = C_7 = 0.8 C, C_3 = C_4 = C/4, C_5 = 0.3 C, C_6 = 0.1 C",
        ),
        Param("e_0", 2.5, "1/s", 0.0, 100.0, "half of the highest firing rate"),
        Param("v_0", 6.0, "mV", -100.0, 100.0, "potential of half the highest firing rate"),
        Param("r", 0.56, "1/mV", 0.0, 100.0, "slope of the firing rate"),
    ),
    equations=(
        "dy_0/dt = y_5, dy_5/dt = A a S(y_1 - y_2 - y_3) - 2 a y_5 - a² y_0",
        "dy_1/dt = y_6, dy_6/dt = A a (p + C_2 S(C_1 y_0)) - 2 a y_6 - a² y_1",
        "dy_2/dt = y_7, dy_7/dt = B b C_4 S(C_3 y_0) - 2 b y_7 - b² y_2",
        "dy_3/dt = y_8, dy_8/dt = G g C_7 S(C_5 y_0 - C_6 y_4) - 2 g y_8 - g² y_3",
        "dy_4/dt = y_9, dy_9/dt = B b S(C_3 y_0) - 2 b y_9 - b² y_4",
        "S(v) = 2 e_0 / (1 + exp(r (v_0 - v)))",
        "y = y_1 - y_2 - y_3; p is the input in pulses per second; t in seconds",
    ),
    sources=(
        Source(
            "Wendling F, Bartolomei F, Bellanger JJ, Chauvel P",
            2002,
            "Epileptic fast activity can be explained by a model of impaired GABAergic dendritic "
            "inhibition",
            "Eur J Neurosci 15:1499-1508",
            "10.1046/j.1460-9568.2002.01985.x",
            "the standard constants, and A, B and G of the six types of activity",
        ),
    ),
    derivatives=_wendling,
    rate=lambda xp, s, p: _firing(xp, s.y, p),
    rate_unit="Hz",
    presets=(
        _activity("type_1", "Type 1: background activity", 50.0, 15.0),
        _activity("type_2", "Type 2: sporadic spikes", 40.0, 15.0),
        _activity("type_3", "Type 3: sustained discharge of spikes", 25.0, 15.0),
        _activity("type_4", "Type 4: slow rhythmic activity", 10.0, 15.0),
        _activity("type_5", "Type 5: low-voltage fast activity", 5.0, 25.0),
        _activity("type_6", "Type 6: quasi-sinusoidal activity", 15.0, 0.0),
    ),
    output="y",
    current_unit="1/s",
    current=90.0,
    duration=3000.0,
    dt=0.25,
    integrator="rk4",
)


def _share(xp: Any, x: Array, threshold: Array, spread: Array) -> Array:
    """The share of thresholds below x where they lie around a mean with a spread."""
    return 0.5 * (1.0 + xp.tanh((x - threshold) / spread))


def _larter_breakspear(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    m_Ca = _share(xp, s.V, p.T_Ca, p.delta_Ca)
    m_Na = _share(xp, s.V, p.T_Na, p.delta_Na)
    m_K = _share(xp, s.V, p.T_K, p.delta_K)
    Q_V = _share(xp, s.V, p.V_T, p.delta_V)
    Q_Z = _share(xp, s.Z, p.Z_T, p.delta_Z)
    I_Ca = (p.g_Ca + p.r_NMDA * p.a_ee * Q_V) * m_Ca * (s.V - p.V_Ca)
    I_Na = (p.g_Na * m_Na + p.a_ee * Q_V) * (s.V - p.V_Na)
    I_K = p.g_K * s.W * (s.V - p.V_K)
    I_L = p.g_L * (s.V - p.V_L)
    return {
        "V": p.a_ne * current - p.a_ie * s.Z * Q_Z - I_Ca - I_Na - I_K - I_L,
        "W": p.phi * (m_K - s.W) / p.tau_K,
        "Z": p.b * (p.a_ni * current + p.a_ei * s.V * Q_V),
    }


# One ensemble of the paper's network: C = 0. With delta_V below 0.55 it settles, up to 0.59 it
# oscillates, and beyond it is chaotic.
LARTER_BREAKSPEAR = Model(
    name="LarterBreakspearNeuron",
    family="population",
    title="Neural mass with ion channels and feedback inhibition",
    # near the unstable equilibrium at the canonical input; without input Z does not rest
    states=(
        State("V", -0.16, "1", "mean potential of the excitatory cells"),
        State("W", 0.25, "1", "share of open potassium channels"),
        State("Z", 0.1, "1", "mean potential of the inhibitory cells"),
    ),
    params=(
        Param("g_Ca", 1.0, "1", 0.0, 10.0, "calcium conductance"),
        Param("g_K", 2.0, "1", 0.0, 20.0, "potassium conductance"),
        Param("g_Na", 6.7, "1", 0.0, 100.0, "sodium conductance"),
        Param("g_L", 0.5, "1", 0.0, 10.0, "leak conductance"),
        Param("V_Ca", 1.0, "1", -5.0, 5.0, "calcium reversal potential"),
        Param("V_K", -0.7, "1", -5.0, 5.0, "potassium reversal potential"),
        Param("V_Na", 0.53, "1", -5.0, 5.0, "sodium reversal potential"),
        Param("V_L", -0.5, "1", -5.0, 5.0, "leak reversal potential"),
        Param("T_Ca", -0.01, "1", -5.0, 5.0, "mean threshold of calcium channels"),
        Param("T_K", 0.0, "1", -5.0, 5.0, "mean threshold of potassium channels"),
        Param("T_Na", 0.3, "1", -5.0, 5.0, "mean threshold of sodium channels"),
        Param("delta_Ca", 0.15, "1", 0.01, 10.0, "spread of the calcium thresholds"),
        Param("delta_K", 0.3, "1", 0.01, 10.0, "spread of the potassium thresholds"),
        Param("delta_Na", 0.15, "1", 0.01, 10.0, "spread of the sodium thresholds"),
        Param("V_T", 0.0, "1", -5.0, 5.0, "mean firing threshold of the excitatory cells"),
        Param("Z_T", 0.0, "1", -5.0, 5.0, "mean firing threshold of the inhibitory cells"),
        Param("delta_V", 0.57, "1", 0.01, 10.0, "spread of the excitatory firing thresholds"),
        Param("delta_Z", 0.7, "1", 0.01, 10.0, "spread of the inhibitory firing thresholds"),
        Param("a_ee", 0.4, "1", 0.0, 10.0, "synapses from excitatory on excitatory cells"),
        Param("a_ei", 2.0, "1", 0.0, 10.0, "synapses from excitatory on inhibitory cells"),
        Param("a_ie", 2.0, "1", 0.0, 10.0, "synapses from inhibitory on excitatory cells"),
        Param("a_ne", 1.0, "1", 0.0, 10.0, "synapses of the input on excitatory cells"),
        Param("a_ni", 0.4, "1", 0.0, 10.0, "synapses of the input on inhibitory cells"),
        Param("r_NMDA", 0.25, "1", 0.0, 10.0, "NMDA receptors over AMPA receptors"),
        Param("phi", 0.7, "1", 0.0, 10.0, "temperature factor"),
        Param("tau_K", 1.0, "1", 0.01, 100.0, "time constant of the potassium channels"),
        Param("b", 0.1, "1", 0.0, 10.0, "rate of the inhibitory cells"),
    ),
    equations=(
        "dV/dt = -(g_Ca + r_NMDA a_ee Q_V) m_Ca (V - V_Ca) - (g_Na m_Na + a_ee Q_V) (V - V_Na)"
        " - g_K W (V - V_K) - g_L (V - V_L) - a_ie Z Q_Z + a_ne I",
        "dW/dt = phi (m_K - W) / tau_K",
        "dZ/dt = b (a_ni I + a_ei V Q_V)",
        "m_ion = (1 + tanh((V - T_ion)/delta_ion))/2",
        "Q_V = (1 + tanh((V - V_T)/delta_V))/2, Q_Z = (1 + tanh((Z - Z_T)/delta_Z))/2",
    ),
    sources=(
        Source(
            "Breakspear M, Terry JR, Friston KJ",
            2003,
            "Modulation of excitatory synaptic coupling facilitates synchronization and complex "
            "dynamics in a biophysical model of neuronal dynamics",
            "Network 14:703-732",
            "10.1088/0954-898X/14/4/305",
            "one ensemble; constants and equations as in the authors' toolbox (BTF2003), but "
            "g_Ca = 1, with which delta_V acts as they say",
        ),
        Source(
            "Larter R, Speelman B, Worth RM",
            1999,
            "A coupled ordinary differential equation lattice model for the simulation of "
            "epileptic seizures",
            "Chaos 9:795-804",
            "10.1063/1.166453",
            "the first form of the model",
        ),
    ),
    derivatives=_larter_breakspear,
    rate=lambda xp, s, p: _share(xp, s.V, p.V_T, p.delta_V),
    rate_unit="1",
    without_input="settles, while its inhibition falls on and on",
    presets=(
        Preset(
            name="toolbox",
            title="Spikes and slow waves",
            params={"g_Ca": 1.1, "delta_V": 0.7, "delta_Z": 0.7},
            source="Breakspear, Terry and Friston 2003, as in the authors' toolbox",
        ),
    ),
    output="V",
    current_unit="1",
    current=0.3,
    duration=1000.0,
    dt=0.1,
    integrator="rk4",
    time_unit="1",
)

_FOLD = -4.0 / 3.0  # the interictal branch of x_1 ends here, where d(x_1³ + 2 x_1²)/dx_1 = 0


def _epileptor(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    f_1 = xp.where(
        s.x_1 < 0.0,
        s.x_1**3 - 3.0 * s.x_1**2,
        (s.x_2 - 0.6 * (s.z - 4.0) ** 2) * s.x_1,
    )
    f_2 = xp.maximum(6.0 * (s.x_2 + 0.25), 0.0)
    return {
        "x_1": s.y_1 - f_1 - s.z + current,
        "y_1": p.y_0 - 5.0 * s.x_1**2 - s.y_1,
        "z": (4.0 * (s.x_1 - p.x_0) - s.z) / p.tau_0,
        "x_2": -s.y_2 + s.x_2 - s.x_2**3 + p.I_rest2 + 0.002 * s.g - 0.3 * (s.z - 3.5),
        "y_2": (f_2 - s.y_2) / p.tau_2,
        "g": s.x_1 - p.gamma * s.g,
    }


# The field potential that electrodes see is x_2 - x_1. Without the paper's noise.
EPILEPTOR = Model(
    name="EpileptorUnit",
    family="population",
    title="Seizures that begin and end by themselves",
    # between two seizures: at these constants the tissue knows no rest
    states=(
        State("x_1", -1.6, "1", "fast discharges"),
        State("y_1", -11.8, "1", "recovery of the fast discharges"),
        State("z", 3.2, "1", "permittivity: how far the tissue is from its next seizure"),
        State("x_2", -0.9, "1", "spikes and waves"),
        State("y_2", 0.0, "1", "recovery of the spikes and waves"),
        State("g", -160.0, "1", "fast discharges, low-pass filtered"),
    ),
    params=(
        Param("x_0", -1.6, "1", -5.0, 5.0, "epileptogenicity"),
        Param("y_0", 1.0, "1", -10.0, 10.0, "offset of the recovery"),
        Param("tau_0", 2857.0, "1", 1.0, 1e6, "time constant of the permittivity"),
        Param("tau_2", 10.0, "1", 0.1, 1000.0, "time constant of the spikes and waves"),
        Param("I_rest2", 0.45, "1", -10.0, 10.0, "input of the spikes and waves"),
        Param("gamma", 0.01, "1", 1e-4, 10.0, "rate of the filter"),
    ),
    equations=(
        "dx_1/dt = y_1 - f_1(x_1, x_2) - z + I_rest1",
        "dy_1/dt = y_0 - 5 x_1² - y_1",
        "dz/dt = (4 (x_1 - x_0) - z) / tau_0",
        "dx_2/dt = -y_2 + x_2 - x_2³ + I_rest2 + 0.002 g - 0.3 (z - 3.5)",
        "dy_2/dt = (f_2(x_2) - y_2) / tau_2",
        "dg/dt = x_1 - gamma g",
        "f_1 = x_1³ - 3 x_1² for x_1 < 0, (x_2 - 0.6 (z - 4)²) x_1 else",
        "f_2 = 0 for x_2 < -0.25, 6 (x_2 + 0.25) else",
        "I_rest1 is the current; a seizure is on where x_1 > -4/3, off its interictal branch",
    ),
    sources=(
        Source(
            "Jirsa VK, Stacey WC, Quilichini PP, Ivanov AI, Bernard C",
            2014,
            "On the nature of seizure dynamics",
            "Brain 137:2210-2230",
            "10.1093/brain/awu133",
            "the Epileptor and its constants, with I_rest1 = 3.1",
        ),
    ),
    derivatives=_epileptor,
    rate=lambda xp, s, p: xp.where(s.x_1 > _FOLD, 1.0, 0.0),
    rate_unit="share of time in seizure",
    output="x_1",
    current_unit="1",
    current=3.1,
    duration=5000.0,
    dt=0.1,
    integrator="rk4",
    time_unit="1",
    without_input="leaves its initial states, those between seizures",
)
