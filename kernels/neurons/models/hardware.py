"""Neurons of digital neuromorphic chips, in the integers and fixed points of most of them."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Source, State, Values

# On every chip here an iteration is one tick of its global clock.


def toward_zero(xp: Any, x: Array) -> Array:
    """The integer part, as a shift of the magnitude leaves it."""
    return xp.sign(x) * xp.floor(xp.abs(x))


_LOIHI_BITS = 2.0**23  # u and v are signed numbers of 24 bits


def _decayed(xp: Any, x: Array, delta: Array) -> Array:
    """x (1 - delta / 2^12), without its fraction."""
    return toward_zero(xp, x * (4096.0 - delta) / 4096.0)


def _wrapped(xp: Any, u: Array) -> Array:
    """A current beyond 24 bits, as it overflows on the chip."""
    over = xp.where(u > _LOIHI_BITS, u - 2.0 * _LOIHI_BITS, u)
    return xp.where(over <= -_LOIHI_BITS, u + 2.0 * _LOIHI_BITS, over)


def _saturated(xp: Any, v: Array) -> Array:
    """A potential, which stops at the ends of 24 bits."""
    return xp.minimum(xp.maximum(v, 1.0 - _LOIHI_BITS), _LOIHI_BITS - 1.0)


def _loihi(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    # the chip adds 1 to the decay constant of the current, so that 4095 leaves nothing of it
    u = _wrapped(xp, _decayed(xp, s.u, p.delta_u + 1.0) + 64.0 * xp.floor(current))
    v = _decayed(xp, s.v, p.delta_v) + u + xp.floor(p.bias)
    return {"u": u, "v": _saturated(xp, v)}


LOIHI = Model(
    name="LoihiCUBANeuron",
    family="hardware",
    title="Current-based leaky integrate-and-fire of Loihi",
    # rest without current
    states=(
        State("u", 0.0, "1", "synaptic current"),
        State("v", 0.0, "1", "membrane potential"),
    ),
    # a programmed chip has no defaults: current and potential lose half of themselves in each tick,
    # as in the tests of the chip's software
    params=(
        Param("delta_u", 2047.0, "1/4096", 0.0, 4095.0, "decay of the current, but for 1/4096"),
        Param("delta_v", 2048.0, "1/4096", 0.0, 4096.0, "decay of the potential"),
        Param("v_th", 256.0, "64", 0.0, 131_071.0, "threshold"),
        Param("bias", 0.0, "1", -524_288.0, 524_288.0, "current that is always there"),
        Param("t_ref", 0.0, "iteration", 0.0, 63.0, "ticks after a spike for which v stays at 0"),
    ),
    equations=(
        "u' = u (4096 - delta_u - 1) >> 12 + 64 I, of 24 bits",
        "v' = v (4096 - delta_v) >> 12 + u' + bias, within 24 bits",
        "v' > 64 v_th: spike, v <- 0, held for t_ref",
        ">> drops bits of the magnitude; I is an integer, the sum of synaptic weights",
    ),
    sources=(
        Source(
            "Davies M, Srinivasa N, Lin TH, Chinya G, Cao Y, Choday SH, Dimou G, Joshi P, Imam N, "
            "Jain S, et al.",
            2018,
            "Loihi: a neuromorphic manycore processor with on-chip learning",
            "IEEE Micro 38:82-99",
            "10.1109/MM.2018.112130359",
            "the neuron model",
        ),
        Source(
            "Intel Corporation",
            2023,
            "Lava: a software framework for neuromorphic computing",
            "lava-nc.org",
            where="the process LIF, bit-accurate with the chip; decays and threshold of its tests",
        ),
    ),
    step=_loihi,
    spike=lambda xp, s, p: s.v > 64.0 * p.v_th,
    reset=lambda xp, s, p: {"v": 0.0},
    refractory="t_ref",
    clamped=("v",),
    output="v",
    current_unit="1",
    current=100.0,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _loihi_2(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    i = _wrapped(xp, _decayed(xp, s.i, p.delta_i + 1.0) + 64.0 * xp.floor(current))
    v = _saturated(xp, _decayed(xp, s.v, p.delta_v) + i + xp.floor(p.bias))
    theta_0 = xp.floor(64.0 * p.theta_0)
    theta = _decayed(xp, s.theta - theta_0, p.delta_theta) + theta_0
    return {"i": i, "v": v, "theta": theta, "r": _decayed(xp, s.r, p.delta_r)}


# Loihi 2 runs any neuron that a program for it describes; this is the adaptive one that its
# software brings. A spike leaves v alone: the refractory state stands in its way.
LOIHI_2 = Model(
    name="Loihi2Neuron",
    family="hardware",
    title="Integrate-and-fire of Loihi 2 with adaptive threshold and refractoriness",
    # rest without current
    states=(
        State("i", 0.0, "1", "synaptic current"),
        State("v", 0.0, "1", "membrane potential"),
        # 64 theta_0
        State("theta", 320.0, "1", "threshold"),
        State("r", 0.0, "1", "refractory state, which is taken off the potential"),
    ),
    # 0.4, 0.4, 0.2 and 0.2 in 12 bits
    params=(
        Param("delta_i", 1638.0, "1/4096", 0.0, 4095.0, "decay of the current, but for 1/4096"),
        Param("delta_v", 1638.0, "1/4096", 0.0, 4096.0, "decay of the potential"),
        Param("delta_theta", 819.0, "1/4096", 0.0, 4096.0, "decay of the threshold to theta_0"),
        Param("delta_r", 819.0, "1/4096", 0.0, 4096.0, "decay of the refractory state"),
        Param("theta_0", 5.0, "64", 0.0, 131_071.0, "threshold at rest"),
        Param("theta_step", 3.75, "64", 0.0, 131_071.0, "what a spike adds to the threshold"),
        Param("bias", 0.0, "1", -524_288.0, 524_288.0, "current that is always there"),
    ),
    equations=(
        "i' = i (4096 - delta_i - 1) >> 12 + 64 I, of 24 bits",
        "v' = v (4096 - delta_v) >> 12 + i' + bias, within 24 bits",
        "theta' = (theta - 64 theta_0) (4096 - delta_theta) >> 12 + 64 theta_0",
        "r' = r (4096 - delta_r) >> 12",
        "v' - r' >= theta': spike, r <- r + 2 theta, then theta <- theta + 64 theta_step",
        ">> drops bits of the magnitude; I is an integer, the sum of synaptic weights",
    ),
    sources=(
        Source(
            "Luboeinski J, Intel Corporation",
            2024,
            "Lava: a software framework for neuromorphic computing",
            "lava-nc.org",
            where="the process ATRLIF, its fixed-point model and its defaults",
        ),
        Source(
            "Orchard G, Frady EP, Rubin DBD, Sanborn S, Shrestha SB, Sommer FT, Davies M",
            2021,
            "Efficient neuromorphic signal processing with Loihi 2",
            "IEEE Workshop on Signal Processing Systems",
            "10.1109/SiPS52927.2021.00053",
            "the chip and its programmable neurons",
        ),
    ),
    step=_loihi_2,
    spike=lambda xp, s, p: s.v - s.r >= s.theta,
    reset=lambda xp, s, p: {
        "r": s.r + 2.0 * s.theta,
        "theta": s.theta + xp.floor(64.0 * p.theta_step),
    },
    output="v",
    current_unit="1",
    current=5.0,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)

_ACCUM = 2.0**15  # numbers have 15 bits after the point


def _nearest(xp: Any, x: Array) -> Array:
    """The number with 15 bits after the point that is nearest."""
    return xp.floor(x * _ACCUM + 0.5) / _ACCUM


def _cut(xp: Any, x: Array) -> Array:
    """The number with 15 bits after the point that is next below."""
    return xp.floor(x * _ACCUM) / _ACCUM


def _spinnaker(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    timestep, tau, cm = (_nearest(xp, x) for x in (p.timestep, p.tau_m, p.cm))
    kept = _nearest(xp, xp.exp(-_cut(xp, timestep / tau)))
    taken = _nearest(xp, current) + _nearest(xp, p.i_offset)
    target = _nearest(xp, taken * _cut(xp, tau / cm)) + _nearest(xp, p.v_rest)
    return {"V": target - _nearest(xp, kept * (target - s.V))}


SPINNAKER = Model(
    name="SpiNNakerLIFNeuron",
    family="hardware",
    title="Leaky integrate-and-fire of SpiNNaker",
    states=(State("V", "v_rest", "mV", "membrane potential"),),
    # of IF_curr_exp
    params=(
        Param("tau_m", 20.0, "ms", 1.0, 1000.0, "membrane time constant"),
        Param("cm", 1.0, "nF", 0.01, 100.0, "membrane capacitance"),
        Param("v_rest", -65.0, "mV", -200.0, 100.0, "resting potential"),
        Param("v_reset", -65.0, "mV", -200.0, 100.0, "potential after a spike"),
        Param("v_thresh", -50.0, "mV", -200.0, 100.0, "threshold"),
        Param("i_offset", 0.0, "nA", -100.0, 100.0, "current that is always there"),
        Param("timestep", 1.0, "ms", 0.1, 10.0, "time that an iteration stands for"),
        # 0.1 ms, rounded up to whole timesteps
        Param("T_refract", 1.0, "iteration", 0.0, 1000.0, "refractory period"),
    ),
    equations=(
        "alpha = R I + v_rest, R = tau_m / cm",
        "V' = alpha - exp(-timestep / tau_m) (alpha - V)",
        "V' >= v_thresh: spike, V <- v_reset, held for T_refract",
        "numbers are rounded to the nearest with 15 bits after the point, quotients down",
    ),
    sources=(
        Source(
            "Rhodes O, Bogdan PA, Brenninkmeijer C, Davidson S, Fellows D, Gait A, Lester DR, "
            "Mikaitis M, Plana LA, Rowley AGD, Stokes AB, Furber SB",
            2018,
            "sPyNNaker: a software package for running PyNN simulations on SpiNNaker",
            "Front Neurosci 12:816",
            "10.3389/fnins.2018.00816",
            "the closed form of the membrane equation; rounding as in the software, "
            "neuron_model_lif_impl.h",
        ),
        Source(
            "Furber SB, Galluppi F, Temple S, Plana LA",
            2014,
            "The SpiNNaker project",
            "Proc IEEE 102:652-665",
            "10.1109/JPROC.2014.2304638",
            "the machine",
        ),
    ),
    step=_spinnaker,
    spike=lambda xp, s, p: s.V >= _nearest(xp, p.v_thresh),
    reset=lambda xp, s, p: {"V": _nearest(xp, p.v_reset)},
    refractory="T_refract",
    clamped=("V",),
    output="V",
    current_unit="nA",
    current=1.0,
    duration=500.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


# How the machine rounds is left out here.
SPINNAKER_2 = Model(
    name="SpiNNaker2Neuron",
    family="hardware",
    title="Leaky integrate-and-fire of SpiNNaker2",
    # rest without current
    states=(State("v", 0.0, "1", "membrane potential"),),
    params=(
        Param("threshold", 10.0, "1", 1e-3, 1e6, "threshold"),
        Param("alpha_decay", 0.9, "1", 0.0, 1.0, "part of v that an iteration leaves"),
        Param("i_offset", 0.0, "1", -1e6, 1e6, "current that is always there"),
        Param("v_reset", 0.0, "1", -1e6, 1e6, "potential after a spike, where that is set"),
        Param("subtract", 1.0, "1", 0.0, 1.0, "1: a spike takes the threshold off; 0: sets v"),
    ),
    equations=(
        "v' = alpha_decay v + I + i_offset",
        "v' > threshold: spike, v <- v - threshold (reset by subtraction) or v_reset",
        "alpha_decay = exp(-dt/tau) for a membrane of time constant tau",
    ),
    sources=(
        Source(
            "Mayr C, Höppner S, Furber S",
            2019,
            "SpiNNaker 2: a 10 million core processor system for brain simulation and machine "
            "learning",
            "arXiv:1911.02385",
            "10.48550/arXiv.1911.02385",
            "the machine",
        ),
        Source(
            "Pedersen JE, Abreu S, Jobst M, Lenz G, Fra V, Bauer FC, et al.",
            2024,
            "Neuromorphic intermediate representation: a unified instruction set for "
            "interoperable brain-inspired computing",
            "Nat Commun 15:8122",
            "10.1038/s41467-024-52259-9",
            "a membrane as parameters of lif, in the program s2_nir",
        ),
        Source(
            "Vogginger B, et al.",
            2023,
            "py-spinnaker2",
            "gitlab.com/spinnaker2/py-spinnaker2",
            where="lif, as published programs call it, with the parameters that most of them take",
        ),
    ),
    step=lambda xp, s, p, current, noise: {"v": p.alpha_decay * s.v + current + p.i_offset},
    spike=lambda xp, s, p: s.v > p.threshold,
    reset=lambda xp, s, p: {"v": xp.where(p.subtract >= 0.5, s.v - p.threshold, p.v_reset)},
    output="v",
    current_unit="1",
    current=2.0,
    duration=500.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)

_TRUENORTH_BITS = 2.0**19  # V is a signed number of 20 bits


def _draw(xp: Any, magnitude: Array, uniform: Array) -> Array:
    """1 with a probability that grows with the magnitude, else 0: F of the paper."""
    return xp.where(magnitude >= xp.floor(256.0 * uniform), 1.0, 0.0)


def _truenorth(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    weight = toward_zero(xp, current)
    whether = _draw(xp, xp.abs(weight), noise.synapse)
    V = s.V + xp.where(p.b > 0.0, xp.sign(weight) * whether, weight)
    Omega = (1.0 - p.epsilon) + p.epsilon * xp.sign(V)
    leaks = xp.sign(p.lambda_) * _draw(xp, xp.abs(p.lambda_), noise.leak)
    V = V + Omega * xp.where(p.c > 0.0, leaks, p.lambda_)
    V = xp.minimum(xp.maximum(V, -_TRUENORTH_BITS), _TRUENORTH_BITS - 1.0)
    eta = xp.floor(2.0**p.TM * noise.threshold)
    # the negative threshold changes V without a spike
    low = xp.where(p.kappa > 0.0, p.beta, p.beta + eta)
    linear = xp.where(p.gamma > 0.5, V + low, -p.R)
    again = xp.where(p.kappa > 0.0, -p.beta, xp.where(p.gamma > 1.5, V, linear))
    return {"V": xp.where(V < -low, again, V), "eta": eta}


def _truenorth_reset(xp: Any, s: Values, p: Values) -> dict[str, Array]:
    linear = xp.where(p.gamma > 0.5, s.V - (p.alpha + s.eta), p.R)
    return {"V": xp.where(p.gamma > 1.5, s.V, linear)}


TRUENORTH = Model(
    name="TrueNorthNeuron",
    family="hardware",
    title="Neuron of TrueNorth",
    # rest without current
    states=(
        State("V", 0.0, "1", "membrane potential"),
        State("eta", 0.0, "1", "random part of the threshold in this tick"),
    ),
    # A configured chip has no defaults: without a leak and without chance, the neuron counts its
    # input up to a threshold and goes back to 0.
    params=(
        Param("alpha", 100.0, "1", 1.0, 262_143.0, "positive threshold"),
        Param("beta", 0.0, "1", 0.0, 262_143.0, "negative threshold"),
        Param("lambda_", 0.0, "1", -255.0, 255.0, "leak"),
        Param("epsilon", 0.0, "1", 0.0, 1.0, "1: the leak has the sign of the potential"),
        Param("R", 0.0, "1", -262_143.0, 262_143.0, "potential after a spike"),
        Param("gamma", 0.0, "1", 0.0, 2.0, "what a spike does: 0 sets V, 1 takes off, 2 nothing"),
        Param("kappa", 1.0, "1", 0.0, 1.0, "1: the potential stops at the negative threshold"),
        Param("TM", 0.0, "bit", 0.0, 18.0, "random bits of the threshold"),
        Param("b", 0.0, "1", 0.0, 1.0, "1: the synapses are stochastic"),
        Param("c", 0.0, "1", 0.0, 1.0, "1: the leak is stochastic"),
    ),
    equations=(
        "V <- V + (1 - b) I + b F(I) sgn(I), I the synaptic weight that arrives",
        "Omega = 1 - epsilon + epsilon sgn(V)",
        "V <- V + Omega ((1 - c) lambda + c F(lambda) sgn(lambda))",
        "F(x) = 1 if |x| >= rho, else 0; rho random in 0..255, eta random in 0..2^TM - 1",
        "V >= alpha + eta: spike, V <- R, V - (alpha + eta) or V for gamma = 0, 1, 2",
        "else, V < -(beta + (1 - kappa) eta): V <- -beta for kappa = 1,",
        "or -R, V + (beta + eta) or V for kappa = 0 and gamma = 0, 1, 2",
    ),
    sources=(
        Source(
            "Cassidy AS, Merolla P, Arthur JV, Esser SK, Jackson B, Alvarez-Icaza R, Datta P, "
            "Sawada J, Wong TM, Feldman V, Amir A, Rubin DBD, Akopyan F, McQuinn E, Risk WP, "
            "Modha DS",
            2013,
            "Cognitive computing building block: a versatile and efficient digital neuron model "
            "for neurosynaptic cores",
            "International Joint Conference on Neural Networks",
            "10.1109/IJCNN.2013.6707077",
            where="the neuron equations and the table of reset modes",
        ),
        Source(
            "Merolla PA, Arthur JV, Alvarez-Icaza R, Cassidy AS, Sawada J, Akopyan F, Jackson BL, "
            "Imam N, Guo C, Nakamura Y, et al.",
            2014,
            "A million spiking-neuron integrated circuit with a scalable communication network "
            "and interface",
            "Science 345:668-673",
            "10.1126/science.1254642",
            "the chip",
        ),
    ),
    step=_truenorth,
    spike=lambda xp, s, p: s.V >= p.alpha + s.eta,
    reset=_truenorth_reset,
    noise={"synapse": "uniform", "leak": "uniform", "threshold": "uniform"},
    output="V",
    current_unit="1",
    current=5.0,
    duration=1000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _rank_order(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    arrived = current != 0.0
    return {
        "A": s.A + s.m * current,
        "m": xp.where(arrived, p.mod * s.m, s.m),
        "fired": s.fired,
    }


# Akida descends from rank order coding; its maker has not published the neuron's own equation.
RANK_ORDER = Model(
    name="AkidaNeuron",
    family="hardware",
    title="Neuron that decodes the order of its inputs (rank order coding)",
    # before the first input
    states=(
        State("A", 0.0, "1", "activation"),
        State("m", 1.0, "1", "mod to the number of inputs that have arrived"),
        State("fired", 0.0, "1", "1 after its only spike"),
    ),
    # the paper leaves both to the network
    params=(
        Param("mod", 0.75, "1", 0.0, 1.0, "what an input leaves of the weight of the next one"),
        Param("theta", 100.0, "1", 0.0, 1e6, "threshold"),
    ),
    equations=(
        "A = sum over inputs j of mod^order(j) w_j, order = 0, 1, 2, ... as they arrive",
        "an input w_j = I arrives in every iteration in which I is not 0",
        "A >= theta: spike, once",
    ),
    sources=(
        Source(
            "Thorpe S, Gautrais J",
            1998,
            "Rank order coding",
            "Computational Neuroscience: Trends in Research, Plenum, 113-118",
            "10.1007/978-1-4615-4831-7_19",
            "the activation, which each further input adds to by less",
        ),
    ),
    step=_rank_order,
    spike=lambda xp, s, p: (s.A >= p.theta) & (s.fired < 0.5),
    reset=lambda xp, s, p: {"fired": 1.0},
    output="A",
    current_unit="1",
    current=50.0,
    duration=20.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)
