"""Models that fire at random, with a hazard that their state sets."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Values


def _escape(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"u": Relax(p.u_rest + p.R * current, p.tau_m)}


ESCAPE_RATE = Model(
    name="EscapeRateNeuron",
    family="stochastic",
    title="Leaky integrate-and-fire with escape noise",
    states=(State("u", "u_rest", "mV", "membrane potential"),),
    params=(
        Param("tau_m", 10.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("R", 100.0, "MOhm", 0.0, 10_000.0, "membrane resistance"),
        Param("u_rest", -70.0, "mV", -120.0, 0.0, "resting potential"),
        Param("u_r", -70.0, "mV", -120.0, 0.0, "potential after a spike"),
        Param("theta", -50.0, "mV", -100.0, 50.0, "threshold, where the hazard is 1/tau_0"),
        Param("tau_0", 19.0, "ms", 0.001, 10_000.0, "mean time to a spike at the threshold"),
        Param("beta", 0.25, "1/mV", 0.0, 10.0, "sharpness of the threshold"),
        Param("Delta_abs", 4.0, "ms", 0.0, 100.0, "absolute refractory period"),
    ),
    equations=(
        "tau_m du/dt = u_rest - u + R I",
        "rho = exp(beta (u - theta)) / tau_0",
        "spike with probability 1 - exp(-rho dt): u <- u_r, held for Delta_abs",
    ),
    sources=(
        Source(
            "Gerstner W",
            2000,
            "Population dynamics of spiking neurons: fast transients, asynchronous states, and "
            "locking",
            "Neural Comput 12:43-89",
            "10.1162/089976600300015899",
            "the integrate-and-fire neuron with escape noise",
        ),
        Source(
            "Jolivet R, Rauch A, Lüscher HR, Gerstner W",
            2006,
            "Predicting spike timing of neocortical pyramidal neurons by simple threshold models",
            "J Comput Neurosci 21:35-49",
            "10.1007/s10827-006-7074-5",
            "a noisy threshold fitted to pyramidal cells; the values here are of its order",
        ),
    ),
    derivatives=_escape,
    hazard=lambda xp, s, p: xp.exp(p.beta * (s.u - p.theta)) / p.tau_0,
    reset=lambda xp, s, p: {"u": p.u_r},
    refractory="Delta_abs",
    clamped=("u",),
    noise={"spike": "uniform"},
    output="u",
    current_unit="nA",
    current=0.15,
    duration=2000.0,
    dt=0.1,
    integrator="exponential_euler",
    without_input="fires now and then, at random",
)


def _poisson(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    return {"r": xp.maximum(p.r_0 + current, 0.0)}


# It remembers nothing, so its step is of any length. The rate follows whatever input there is, so
# that this is the homogeneous process and the inhomogeneous one.
POISSON = Model(
    name="PoissonNeuron",
    family="stochastic",
    title="Poisson neuron",
    states=(State("r", "r_0", "Hz", "firing rate"),),
    params=(Param("r_0", 0.0, "Hz", 0.0, 10_000.0, "firing rate without input"),),
    equations=(
        "r = max(r_0 + I, 0)",
        "spike with probability 1 - exp(-r dt)",
    ),
    sources=(
        Source(
            "Dayan P, Abbott LF",
            2001,
            "Theoretical neuroscience: computational and mathematical modeling of neural systems",
            "MIT Press",
            where="section 1.4",
        ),
    ),
    step=_poisson,
    aliases=("InhomogeneousPoissonNeuron",),
    hazard=lambda xp, s, p: 0.001 * s.r,
    noise={"spike": "uniform"},
    output="r",
    current_unit="Hz",
    current=100.0,
    duration=2000.0,
    dt=0.1,
    integrator="map",
)
