"""Neurons of deep learning in discrete time, whose parameters are learned with the weights."""

from __future__ import annotations

import math
from typing import Any

from kernels.neurons.model import Array, Model, Param, Preset, Source, State, Values

# The input I of an iteration is what the synapses deliver, weights times spikes. What training
# sets has no published value: the defaults are those that the authors begin to train from.


def sigmoid(xp: Any, x: Array) -> Array:
    """1 / (1 + exp(-x)) without overflow."""
    e = xp.exp(-xp.abs(x))
    return xp.where(x > 0.0, 1.0, e) / (1.0 + e)


def _clif(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    u = (1.0 - 1.0 / p.tau) * s.u + current
    return {"u": u, "m": s.m * sigmoid(xp, u / p.tau)}


CLIF = Model(
    name="ComplementaryLIFNeuron",
    family="learning",
    title="Complementary leaky integrate-and-fire",
    # rest without current
    states=(
        State("u", 0.0, "1", "membrane potential"),
        State("m", 0.0, "1", "complementary potential, which remembers spikes"),
    ),
    params=(
        Param("tau", 2.0, "iteration", 1.0, 1000.0, "membrane time constant"),
        Param("V_th", 1.0, "1", 0.001, 1000.0, "threshold"),
    ),
    equations=(
        "u' = (1 - 1/tau) u + I",
        "m' = m sigma(u'/tau), sigma(x) = 1 / (1 + exp(-x))",
        "u' >= V_th: spike, m <- m + 1, u <- u - V_th - sigma(m)",
    ),
    sources=(
        Source(
            "Huang Y, Lin X, Ren H, Fu H, Zhou Y, Liu Z, Pan B, Cheng B",
            2024,
            "CLIF: complementary leaky integrate-and-fire neuron for spiking neural networks",
            "International Conference on Machine Learning, arXiv:2402.04663",
            "10.48550/arXiv.2402.04663",
            where="the iterations of u and m",
        ),
    ),
    step=_clif,
    spike=lambda xp, s, p: s.u >= p.V_th,
    reset=lambda xp, s, p: {
        "m": s.m + 1.0,
        "u": s.u - p.V_th - sigmoid(xp, s.m + 1.0),
    },
    output="u",
    current_unit="1",
    current=0.8,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _gated(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    decayed = (1.0 - p.alpha * (1.0 - p.tau)) * s.U * (1.0 - p.gamma * s.S)
    taken = (1.0 - p.alpha) * p.tau_lin + (1.0 - p.gamma) * p.V_re * s.S
    return {
        "U": decayed - taken + (1.0 - p.beta * (1.0 - p.g)) * current,
        "S": 0.0,  # a spike of this iteration sets it
    }


def _gates(name: str, title: str, alpha: float, beta: float, gamma: float) -> Preset:
    return Preset(
        name=name,
        title=title,
        params={"alpha": alpha, "beta": beta, "gamma": gamma},
        source="Yao et al. 2022: gates at 0 or 1 give the classical neurons",
    )


GATED = Model(
    name="GatedLIFNeuron",
    family="learning",
    title="Gated leaky integrate-and-fire",
    states=(
        State("U", 0.0, "1", "membrane potential"),
        State("S", 0.0, "1", "1 in the iteration after a spike begins"),
    ),
    params=(
        Param("alpha", 0.55, "1", 0.0, 1.0, "gate of the leak: exponential at 1, linear at 0"),
        Param("beta", 0.65, "1", 0.0, 1.0, "gate of the input: scaled by g at 1, as it is at 0"),
        Param("gamma", 0.55, "1", 0.0, 1.0, "gate of the reset: to zero at 1, by V_re at 0"),
        Param("tau", 0.25, "1", 0.0, 1.0, "what the exponential leak leaves"),
        Param("tau_lin", 0.0625, "1", 0.0, 1.0, "what the linear leak takes"),
        Param("g", 0.5, "1", 0.0, 1.0, "conductance of the input"),
        Param("V_th", 0.5, "1", 0.0, 1.0, "threshold"),
        Param("V_re", 0.5, "1", 0.0, 1.0, "what a soft reset takes"),
    ),
    equations=(
        "U' = (1 - alpha (1 - tau)) U (1 - gamma S) - (1 - alpha) tau_lin",
        "+ (1 - beta (1 - g)) I - (1 - gamma) V_re S",
        "S' = 1 if U' > V_th, a spike, else 0",
    ),
    sources=(
        Source(
            "Yao X, Li F, Mo Z, Cheng J",
            2022,
            "GLIF: a unified gated leaky integrate-and-fire neuron for spiking neural networks",
            "Advances in Neural Information Processing Systems 35, arXiv:2210.13768",
            "10.48550/arXiv.2210.13768",
            where="the gated iteration, with one g for all iterations",
        ),
        Source(
            "Yao X",
            2023,
            "Gated-LIF",
            "github.com/Ikarosy/Gated-LIF",
            where="the authors' program, values before training: LIFSpike_CW halves the way of the "
            "gates 0.6, 0.8 and 0.6 from 0.5; tau_lin = V_th / (2 T) for T = 4 iterations",
        ),
    ),
    step=_gated,
    spike=lambda xp, s, p: s.U > p.V_th,
    reset=lambda xp, s, p: {"S": 1.0},
    without_input="settles below 0 by the linear part of its leak",
    presets=(
        _gates("exponential_hard", "Exponential leak, reset to zero", 1.0, 0.0, 1.0),
        _gates("exponential_soft", "Exponential leak, reset by subtraction", 1.0, 0.0, 0.0),
        _gates("linear_hard", "Linear leak, reset to zero", 0.0, 0.0, 1.0),
        _gates("linear_soft", "Linear leak, reset by subtraction", 0.0, 0.0, 0.0),
    ),
    output="U",
    current_unit="1",
    current=0.6,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _klif(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    h = s.V + (current - (s.V - p.V_reset)) / p.tau
    return {"V": xp.maximum(p.k * h, 0.0)}


KLIF = Model(
    name="KLIFNeuron",
    family="learning",
    title="Leaky integrate-and-fire with a learned slope",
    states=(State("V", 0.0, "1", "membrane potential"),),
    params=(
        Param("k", 1.0, "1", 0.0, 100.0, "learned scale of the potential"),
        Param("tau", 2.0, "iteration", 1.0, 1000.0, "membrane time constant"),
        Param("V_th", 1.0, "1", 0.001, 1000.0, "threshold"),
        Param("V_reset", 0.0, "1", -100.0, 100.0, "potential after a spike"),
    ),
    equations=(
        "H = V + (I - (V - V_reset))/tau",
        "V' = max(k H, 0)",
        "V' >= V_th: spike, V <- V_reset",
    ),
    sources=(
        Source(
            "Jiang C, Zhang Y",
            2023,
            "KLIF: an optimized spiking neuron unit for tuning surrogate gradient slope and "
            "membrane potential",
            "arXiv:2302.09238",
            "10.48550/arXiv.2302.09238",
            where="the iteration with a hard reset; k = 1 before training",
        ),
    ),
    step=_klif,
    spike=lambda xp, s, p: s.V >= p.V_th,
    reset=lambda xp, s, p: {"V": p.V_reset},
    output="V",
    current_unit="1",
    current=1.2,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _plif(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    return {"V": s.V + sigmoid(xp, p.a) * (current - (s.V - p.V_reset))}


PLIF = Model(
    name="ParametricLIFNeuron",
    family="learning",
    title="Leaky integrate-and-fire with a learned time constant",
    states=(State("V", "V_reset", "1", "membrane potential"),),
    params=(
        Param("a", 0.0, "1", -20.0, 20.0, "learned: the time constant is 1 + exp(-a) iterations"),
        Param("V_th", 1.0, "1", -1000.0, 1000.0, "threshold"),
        Param("V_reset", 0.0, "1", -1000.0, 1000.0, "potential at rest and after a spike"),
    ),
    equations=(
        "V' = V + k(a) (I - (V - V_reset)), k(a) = 1/tau = 1 / (1 + exp(-a))",
        "V' >= V_th: spike, V <- V_reset",
    ),
    sources=(
        Source(
            "Fang W, Yu Z, Chen Y, Masquelier T, Huang T, Tian Y",
            2021,
            "Incorporating learnable membrane time constant to enhance learning of spiking neural "
            "networks",
            "IEEE/CVF International Conference on Computer Vision, arXiv:2007.05785",
            "10.1109/ICCV48922.2021.00266",
            "the neuron model; tau = 2 before training",
        ),
    ),
    step=_plif,
    spike=lambda xp, s, p: s.V >= p.V_th,
    reset=lambda xp, s, p: {"V": p.V_reset},
    output="V",
    current_unit="1",
    current=1.2,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _surrogate(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    U = p.beta * s.U + s.I_syn - s.S * p.theta
    return {
        "I_syn": p.alpha * s.I_syn + current,
        "U": U,
        "S": 0.0,  # a spike of this iteration sets it
        "dS_dU": 1.0 / (p.slope * xp.abs(U - p.theta) + 1.0) ** 2,
    }


SURROGATE = Model(
    name="DifferentiableSurrogateNeuron",
    family="learning",
    title="Leaky integrate-and-fire with a surrogate gradient",
    # rest without current
    states=(
        State("I_syn", 0.0, "1", "synaptic current"),
        State("U", 0.0, "1", "membrane potential"),
        State("S", 0.0, "1", "1 in the iteration after a spike begins"),
        # at rest, 1 / (slope theta + 1)²
        State("dS_dU", 1.0 / 101.0**2, "1", "surrogate for the derivative of S"),
    ),
    # time constants of 5 and 10 ms in iterations of 1 ms
    params=(
        Param("alpha", math.exp(-1.0 / 5.0), "1", 0.0, 1.0, "what an iteration leaves of I_syn"),
        Param("beta", math.exp(-1.0 / 10.0), "1", 0.0, 1.0, "what an iteration leaves of U"),
        Param("theta", 1.0, "1", 0.001, 1000.0, "threshold"),
        Param("slope", 100.0, "1", 0.0, 1000.0, "steepness of the surrogate"),
    ),
    equations=(
        "U' = beta U + I_syn - theta S",
        "I_syn' = alpha I_syn + I",
        "S' = 1 if U' >= theta, a spike, else 0",
        "dS'/dU' is taken for 1 / (slope |U' - theta| + 1)²",
    ),
    sources=(
        Source(
            "Neftci EO, Mostafa H, Zenke F",
            2019,
            "Surrogate gradient learning in spiking neural networks: bringing the power of "
            "gradient-based optimization to spiking neural networks",
            "IEEE Signal Process Mag 36:51-63",
            "10.1109/MSP.2019.2931595",
            "the neuron in discrete time and its surrogate; values of the tutorial SpyTorch",
        ),
    ),
    step=_surrogate,
    spike=lambda xp, s, p: s.U >= p.theta,
    reset=lambda xp, s, p: {"S": 1.0},
    output="U",
    current_unit="1",
    current=0.04,
    duration=500.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)

_ORDER = 8


def _parallel(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    weights = [vars(p)[f"W_{lag}"] for lag in range(_ORDER)]
    inputs = [current] + [vars(s)[f"X_{lag}"] for lag in range(1, _ORDER)]
    products = [W * X for W, X in zip(weights, inputs, strict=True)]
    shifted = {f"X_{lag}": inputs[lag - 1] for lag in range(1, _ORDER)}
    return {"H": sum(products[1:], products[0]), **shifted}


# There is no reset, so that all iterations of a sequence can be computed at once.
PARALLEL = Model(
    name="ParallelSpikingNeuron",
    family="learning",
    title="Sliding parallel spiking neuron",
    # before the first input
    states=(
        State("H", 0.0, "1", "membrane potential"),
        *(
            State(f"X_{lag}", 0.0, "1", f"input of {lag} iterations ago")
            for lag in range(1, _ORDER)
        ),
    ),
    params=(
        *(
            Param(f"W_{lag}", 0.5**lag, "1", -100.0, 100.0, f"weight of the input {lag} ago")
            for lag in range(_ORDER)
        ),
        Param("V_th", 1.0, "1", -1000.0, 1000.0, "threshold"),
    ),
    equations=(
        "H[t] = sum over lag = 0..7 of W_lag I[t - lag]",
        "H >= V_th: spike, without a reset",
    ),
    sources=(
        Source(
            "Fang W, Yu Z, Zhou Z, Chen D, Chen Y, Ma Z, Masquelier T, Tian Y",
            2023,
            "Parallel spiking neurons with high efficiency and ability to learn long-term "
            "dependencies",
            "Advances in Neural Information Processing Systems 36, arXiv:2304.12760",
            "10.48550/arXiv.2304.12760",
            where="the sliding neuron, here of order 8; weights halve with the lag before training",
        ),
    ),
    step=_parallel,
    spike=lambda xp, s, p: s.H >= p.V_th,
    output="H",
    current_unit="1",
    current=0.8,
    duration=100.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)
