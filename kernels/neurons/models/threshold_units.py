"""Threshold units: neurons in discrete time that fire or not at every iteration."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Values


def _fires(xp: Any, s: Values, p: Values) -> Array:
    return s.x > 0.5


def _mcculloch_pitts(
    xp: Any, s: Values, p: Values, current: Array, noise: Values
) -> dict[str, Array]:
    return {"x": xp.where((current >= p.theta) & (p.n_inh < 1.0), 1.0, 0.0)}


MCCULLOCH_PITTS = Model(
    name="McCullochPittsNeuron",
    family="threshold unit",
    title="Logical threshold unit",
    states=(State("x", 0.0, "1", "output: whether it fires"),),
    params=(
        Param("theta", 1.0, "1", 0.5, 1000.0, "excitatory inputs that it takes to fire"),
        Param("n_inh", 0.0, "1", 0.0, 1000.0, "active inhibitory inputs: any of them forbids"),
    ),
    equations=(
        "x' = 1 if I >= theta and n_inh = 0, otherwise 0",
        "I: how many excitatory inputs are active",
        "x = 1: spike",
    ),
    sources=(
        Source(
            "McCulloch WS, Pitts W",
            1943,
            "A logical calculus of the ideas immanent in nervous activity",
            "Bull Math Biophys 5:115-133",
            "10.1007/BF02478259",
            "the physical assumptions of the calculus, with absolute inhibition",
        ),
    ),
    step=_mcculloch_pitts,
    spike=_fires,
    output="x",
    current_unit="1",
    current=1.0,
    duration=50.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _nagumo_sato(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    zeta = p.k * s.zeta + s.x
    y = current - p.alpha * zeta - p.theta
    return {"zeta": zeta, "y": y, "x": xp.where(y >= 0.0, 1.0, 0.0)}


# Under a constant current y' = k y - alpha x + a with a = (I - theta)(1 - k), the form in which
# the devil's staircase is known: it rises from rate 0 at a = 0 to rate 1 at a = alpha.
NAGUMO_SATO = Model(
    name="NagumoSatoNeuron",
    family="threshold unit",
    title="Threshold unit with refractoriness",
    # rest without current
    states=(
        State("zeta", 0.0, "1", "refractoriness: past spikes, fading"),
        State("y", -1.0, "1", "internal state"),
        State("x", 0.0, "1", "output: whether it fires"),
    ),
    params=(
        Param("k", 0.6, "1", 0.0, 0.999, "what refractoriness keeps of itself"),
        Param("alpha", 1.0, "1", 0.0, 100.0, "strength of refractoriness"),
        Param("theta", 1.0, "1", -100.0, 100.0, "threshold"),
    ),
    equations=(
        "x' = u(y'), u(y) = 1 for y >= 0, otherwise 0",
        "y' = I - alpha zeta' - theta",
        "zeta' = k zeta + x",
        "x = 1: spike",
    ),
    sources=(
        Source(
            "Nagumo J, Sato S",
            1972,
            "On a response characteristic of a mathematical neuron model",
            "Kybernetik 10:155-164",
            "10.1007/BF00290514",
            "the unit, whose refractoriness decays by k in a step",
        ),
        Source(
            "Aihara K, Takabe T, Toyoda M",
            1990,
            "Chaotic neural networks",
            "Phys Lett A 144:333-340",
            "10.1016/0375-9601(90)90136-C",
            "the reduced form",
        ),
    ),
    step=_nagumo_sato,
    aliases=("NagumoSatoMapNeuron",),
    spike=_fires,
    output="y",
    current_unit="1",
    current=1.5,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _aihara(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    y = p.k * s.y - p.alpha * s.x + p.a + current
    return {"y": y, "x": 1.0 / (1.0 + xp.exp(xp.minimum(-y / p.epsilon, 700.0)))}


# The output is graded; what counts as a spike is the paper's waveform shaper, 1 for x >= 1/2.
AIHARA = Model(
    name="AiharaMapNeuron",
    family="threshold unit",
    title="Chaotic neuron",
    # rest without current
    states=(
        State("y", -0.0753377, "1", "internal state"),
        State("x", 0.0226013, "1", "output, graded"),
    ),
    params=(
        Param("k", 0.7, "1", 0.0, 0.999, "what the internal state keeps of itself"),
        Param("alpha", 1.0, "1", 0.0, 100.0, "strength of refractoriness"),
        Param("epsilon", 0.02, "1", 0.001, 10.0, "width of the threshold"),
        Param("a", 0.0, "1", -100.0, 100.0, "constant stimulus, less the threshold"),
    ),
    equations=(
        "y' = k y - alpha x + a + I",
        "x = 1/(1 + exp(-y/epsilon))",
        "x >= 1/2: spike",
    ),
    sources=(
        Source(
            "Aihara K, Takabe T, Toyoda M",
            1990,
            "Chaotic neural networks",
            "Phys Lett A 144:333-340",
            "10.1016/0375-9601(90)90136-C",
            "the chaotic neuron model",
        ),
    ),
    step=_aihara,
    presets=(
        Preset(
            name="chaotic",
            title="Chaos within alternate firing",
            params={"epsilon": 0.01, "a": 0.3968},
            init={"y": 0.1, "x": 0.9999546},
            current=0.0,
            source="Aihara 1989, RIMS Kokyuroku 710:145-163, figure 4",
        ),
    ),
    aliases=("AiharaNeuron", "ChaoticNeuron"),
    spike=lambda xp, s, p: s.x >= 0.5,
    output="x",
    current_unit="1",
    current=0.5,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _galves_locherbach(
    xp: Any, s: Values, p: Values, current: Array, noise: Values
) -> dict[str, Array]:
    V = xp.where(s.x > 0.5, p.V_R, p.mu * s.V + current)
    excess = xp.maximum(p.Gamma * (V - p.V_T), 0.0)
    phi = xp.minimum(xp.power(excess, p.r), 1.0)
    return {"V": V, "x": xp.where(noise.spike < phi, 1.0, 0.0)}


# A chain with memory of variable length: a spike erases the past. Galves and Löcherbach leave the
# probability open; it is that of Brochini et al., with mu = 0 as in their analysis.
GALVES_LOCHERBACH = Model(
    name="GalvesLocherbachNeuron",
    family="threshold unit",
    title="Stochastic unit that forgets when it fires",
    # rest without current
    states=(
        State("V", 0.0, "1", "membrane potential"),
        State("x", 0.0, "1", "output: whether it fires"),
    ),
    params=(
        Param("mu", 0.0, "1", 0.0, 1.0, "what the potential keeps of itself"),
        Param("Gamma", 1.0, "1", 0.0, 100.0, "gain"),
        Param("V_T", 0.0, "1", -100.0, 100.0, "threshold"),
        Param("V_R", 0.0, "1", -100.0, 100.0, "potential after a spike"),
        Param("r", 1.0, "1", 0.1, 10.0, "exponent of the gain"),
    ),
    equations=(
        "V' = V_R after a spike, otherwise mu V + I",
        "Phi(V) = (Gamma (V - V_T))^r between 0 and 1",
        "x' = 1 with probability Phi(V'), otherwise 0",
        "x = 1: spike",
    ),
    sources=(
        Source(
            "Galves A, Löcherbach E",
            2013,
            "Infinite systems of interacting chains with memory of variable length: a stochastic "
            "model for biological neural nets",
            "J Stat Phys 151:896-921",
            "10.1007/s10955-013-0733-9",
            "that a unit forgets the past when it fires",
        ),
        Source(
            "Brochini L, de Andrade Costa A, Abadi M, Roque AC, Stolfi J, Kinouchi O",
            2016,
            "Phase transitions and self-organized criticality in networks of stochastic spiking "
            "neurons",
            "Sci Rep 6:35831",
            "10.1038/srep35831",
            "the probability",
        ),
    ),
    step=_galves_locherbach,
    spike=_fires,
    noise={"spike": "uniform"},
    output="V",
    current_unit="1",
    current=0.1,
    duration=2000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)
