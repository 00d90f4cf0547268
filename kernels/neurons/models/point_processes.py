"""Point processes: neurons whose own past spikes shape the hazard of the next."""

from __future__ import annotations

import math
from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Values

_MAX_SHAPE = 20


def _gamma_renewal(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "r": Relax(xp.maximum(p.r_0 + current, 0.0), p.tau_r),
        "n": 0.001 * s.r,
    }


def _gamma_hazard(xp: Any, s: Values, p: Values) -> Array:
    """The gamma density over its survivor function, by the recursion that Erlang's formula has."""
    shape = xp.floor(p.k)
    x = shape * s.n
    share: Array = 1.0
    for j in range(1, _MAX_SHAPE):
        load = x * share
        share = xp.where(shape > j, load / (j + load), share)
    return 0.001 * shape * s.r * share


# Every k-th event of a Poisson process of the rate k r. Where the rate varies, intervals are gamma
# distributed in n, the time that the rate has measured out. The hazard needs the rate as a state,
# which follows its input within tau_r.
GAMMA_RENEWAL = Model(
    name="GammaRenewalNeuron",
    family="stochastic",
    title="Gamma renewal process",
    # begins as if it had just fired
    states=(
        State("r", "r_0", "Hz", "firing rate"),
        State("n", 0.0, "1", "spikes that the rate would have made since the last one"),
    ),
    params=(
        Param("r_0", 0.0, "Hz", 0.0, 10_000.0, "firing rate without input"),
        Param("k", 3.0, "1", 1.0, float(_MAX_SHAPE), "shape, a whole number; 1 is Poisson"),
        Param("tau_r", 1.0, "ms", 0.001, 100.0, "time in which the rate follows its input"),
    ),
    equations=(
        "tau_r dr/dt = max(r_0 + I, 0) - r",
        "dn/dt = r",
        "hazard = k r ((k n)^(k - 1)/(k - 1)!) / sum over j < k of (k n)^j/j!",
        "spike with probability 1 - exp(-hazard dt): n <- 0",
    ),
    sources=(
        Source(
            "Cox DR",
            1962,
            "Renewal theory",
            "Methuen, London",
            where="the gamma distribution of intervals and its hazard",
        ),
        Source(
            "Kuffler SW, FitzHugh R, Barlow HB",
            1957,
            "Maintained activity in the cat's retina in light and darkness",
            "J Gen Physiol 40:683-702",
            "10.1085/jgp.40.5.683",
            "gamma distributed intervals",
        ),
    ),
    derivatives=_gamma_renewal,
    hazard=_gamma_hazard,
    reset=lambda xp, s, p: {"n": 0.0},
    noise={"spike": "uniform"},
    output="r",
    current_unit="Hz",
    current=50.0,
    duration=2000.0,
    dt=0.1,
    integrator="exponential_euler",
)


def _dead_time(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    return {"r": xp.maximum(p.r_0 + current, 0.0)}


DEAD_TIME_POISSON = Model(
    name="DeadTimePoissonNeuron",
    family="stochastic",
    title="Poisson process with dead time",
    states=(State("r", "r_0", "Hz", "hazard while it can fire"),),
    params=(
        Param("r_0", 0.0, "Hz", 0.0, 10_000.0, "hazard without input"),
        Param("d", 5.0, "ms", 0.0, 1000.0, "dead time after a spike"),
    ),
    equations=(
        "r = max(r_0 + I, 0)",
        "spike with probability 1 - exp(-r dt): none for d",
    ),
    sources=(
        Source(
            "Deger M, Helias M, Boucsein C, Rotter S",
            2012,
            "Statistical properties of superimposed stationary spike trains",
            "J Comput Neurosci 32:443-463",
            "10.1007/s10827-011-0362-8",
            "the Poisson process with dead time",
        ),
    ),
    step=_dead_time,
    hazard=lambda xp, s, p: 0.001 * s.r,
    refractory="d",
    noise={"spike": "uniform"},
    output="r",
    current_unit="Hz",
    current=50.0,
    duration=2000.0,
    dt=0.1,
    integrator="map",
)


def _hawkes(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"r": Relax(xp.maximum(p.r_0 + current, 0.0), p.tau)}


# With an exponential kernel the process needs no more memory than its rate. That the rate follows
# its input within tau too is of no matter where the input is constant.
HAWKES = Model(
    name="HawkesNeuron",
    family="stochastic",
    title="Self-exciting point process",
    states=(State("r", "r_0", "Hz", "rate, given the past spikes"),),
    params=(
        Param("r_0", 0.0, "Hz", 0.0, 10_000.0, "rate without input and past spikes"),
        Param("n", 0.5, "1", 0.0, 0.95, "spikes that a spike brings about directly"),
        Param("tau", 10.0, "ms", 0.5, 10_000.0, "time constant of the excitation"),
    ),
    equations=(
        "tau dr/dt = max(r_0 + I, 0) - r",
        "spike with probability 1 - exp(-r dt): r <- r + n/tau",
    ),
    sources=(
        Source(
            "Hawkes AG",
            1971,
            "Spectra of some self-exciting and mutually exciting point processes",
            "Biometrika 58:83-90",
            "10.1093/biomet/58.1.83",
            "exponential decay",
        ),
    ),
    derivatives=_hawkes,
    hazard=lambda xp, s, p: 0.001 * s.r,
    reset=lambda xp, s, p: {"r": s.r + 1000.0 * p.n / p.tau},
    noise={"spike": "uniform"},
    output="r",
    current_unit="Hz",
    current=20.0,
    duration=2000.0,
    dt=0.1,
    integrator="exponential_euler",
)

_STAGES = range(1, 7)
_REMEMBERED = range(1, 11)
_WEIGHTS = (-10.0, 0.5, 1.0, 0.25, -1.0)
# longer ago than the filter reaches
_NEVER = 1000.0


def _glm(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    rates: dict[str, Array] = {}
    fast, slow = current, current
    for j in _STAGES:
        rates[f"x_{j}"], rates[f"y_{j}"] = Relax(fast, p.b_1), Relax(slow, p.b_2)
        fast, slow = getattr(s, f"x_{j}"), getattr(s, f"y_{j}")
    return rates | {f"t_{j}": 1.0 for j in _REMEMBERED}


def _post_spike(xp: Any, p: Values, t: Array) -> Array:
    """The post-spike filter h at the time t since a spike, ms: raised cosines of log time."""
    first = xp.log(p.T_1 + p.b)
    spacing = (xp.log(p.T_5 + p.b) - first) / (len(_WEIGHTS) - 1)
    phase = (xp.log(t + p.b) - first) * (math.pi / 2.0 / spacing)
    h: Array = 0.0
    for i in range(len(_WEIGHTS)):
        bump = xp.minimum(xp.maximum(phase - i * math.pi / 2.0, -math.pi), math.pi)
        h = h + getattr(p, f"w_{i + 1}") * (0.5 + 0.5 * xp.cos(bump))
    return h


def _glm_hazard(xp: Any, s: Values, p: Values) -> Array:
    drive = p.mu + p.A * (s.x_6 - s.y_6 / 1.5)
    for j in _REMEMBERED:
        drive = drive + _post_spike(xp, p, getattr(s, f"t_{j}"))
    return 0.001 * xp.exp(xp.minimum(drive, 20.0))


def _glm_reset(xp: Any, s: Values, p: Values) -> dict[str, Array]:
    return {"t_1": 0.0} | {f"t_{j}": getattr(s, f"t_{j - 1}") for j in _REMEMBERED[1:]}


# Filters and their numbers are those that the authors' program simulates by default (GLMspiketools,
# makeSimStruct_GLM with 30 stimulus bins of 10 ms and spike bins of 1 ms), where the stimulus
# filter is a difference of gamma densities of shape 6: a chain of six equal low-pass filters each.
# There it has the norm 1 over its bins, hence A, and is smoothed a little, which is left out here.
# The filter of past spikes reaches 162 ms back; ten spikes are remembered, which makes it exact up
# to 60 Hz and more.
GLM = Model(
    name="GLMNeuron",
    family="stochastic",
    title="Generalized linear model of a spike train",
    # at rest without input, and without past spikes
    states=(
        *(State(f"x_{j}", 0.0, "1", f"stimulus after {j} fast low-pass filters") for j in _STAGES),
        *(State(f"y_{j}", 0.0, "1", f"stimulus after {j} slow low-pass filters") for j in _STAGES),
        *(
            State(f"t_{j}", _NEVER, "ms", "time since the last spike" + (f" but {j - 1}" * (j > 1)))
            for j in _REMEMBERED
        ),
    ),
    params=(
        Param("mu", 1.5, "1", -20.0, 10.0, "log of the rate without input, in Hz"),
        Param("A", 3.23296, "1", -100.0, 100.0, "gain of the stimulus filter"),
        Param("b_1", 9.375, "ms", 0.5, 1000.0, "time constant of the fast low-pass filters"),
        Param("b_2", 18.75, "ms", 0.5, 1000.0, "time constant of the slow low-pass filters"),
        *(
            Param(f"w_{i}", w, "1", -100.0, 10.0, f"weight of the bump {i} of the filter h")
            for i, w in enumerate(_WEIGHTS, 1)
        ),
        Param("T_1", 1.0, "ms", 0.0, 10.0, "time after a spike at which the first bump peaks"),
        Param("T_5", 50.0, "ms", 11.0, 100.0, "time after a spike at which the last bump peaks"),
        Param("b", 5.0, "ms", 0.1, 100.0, "stretches time: the bumps are even over log(t + b)"),
    ),
    equations=(
        "lambda = exp(mu + k * I + sum of h(t) over past spikes), in Hz",
        "k(t) = A (g(t, b_1) - g(t, b_2)/1.5), g: gamma density of shape 6 and scale b",
        "h(t) = sum over i of w_i (1 + cos(phi_i))/2, phi_i = (pi/2)(log(t + b) - c_i)/d from "
        "-pi to pi",
        "c_i: five even steps of d from log(T_1 + b) to log(T_5 + b)",
        "spike with probability 1 - exp(-lambda dt)",
    ),
    sources=(
        Source(
            "Pillow JW, Shlens J, Paninski L, Sher A, Litke AM, Chichilnisky EJ, Simoncelli EP",
            2008,
            "Spatio-temporal correlations and visual signalling in a complete neuronal population",
            "Nature 454:995-999",
            "10.1038/nature07140",
            "the model of one cell, uncoupled from others; filters of its authors' program",
        ),
        Source(
            "Weber AI, Pillow JW",
            2017,
            "Capturing the dynamical repertoire of single neurons with generalized linear models",
            "Neural Comput 29:3260-3289",
            "10.1162/neco_a_01021",
            "what a single cell of this kind can do",
        ),
    ),
    derivatives=_glm,
    hazard=_glm_hazard,
    reset=_glm_reset,
    noise={"spike": "uniform"},
    output="x_6",
    current_unit="1",
    current=2.0,
    duration=2000.0,
    dt=0.5,
    integrator="exponential_euler",
    without_input="fires, at random",
)
