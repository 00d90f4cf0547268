"""Rate units: one equation for the firing rate of a cell or of a group of like cells."""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from kernels.neurons.model import Array, Model, Param, Preset, Relax, Source, State, Values
from kernels.neurons.rates import linoid

_WILSON_COWAN = Source(
    "Wilson HR, Cowan JD",
    1972,
    "Excitatory and inhibitory interactions in localized populations of model neurons",
    "Biophys J 12:1-24",
    "10.1016/S0006-3495(72)86068-5",
    "the sigmoid response and its slope; one population without feedback",
)


def _sigmoid(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {"r": Relax(1.0 / (1.0 + xp.exp(-p.beta * (current - p.theta))), p.tau)}


SIGMOID = Model(
    name="SigmoidRateNeuron",
    family="rate",
    title="Rate unit with a sigmoid response",
    # rest without input at the default threshold
    states=(State("r", 0.5, "1", "firing rate, as a share of the highest"),),
    params=(
        Param("tau", 10.0, "ms", 0.01, 10_000.0, "time constant"),
        Param("beta", 1.0, "1", 0.0, 100.0, "steepness: the largest slope is beta/4"),
        Param("theta", 0.0, "1", -100.0, 100.0, "input at half of the highest rate"),
    ),
    equations=("tau dr/dt = -r + S(I)", "S(I) = 1 / (1 + exp(-beta (I - theta)))"),
    sources=(_WILSON_COWAN,),
    derivatives=_sigmoid,
    rate=lambda xp, s, p: s.r,
    rate_unit="1",
    output="r",
    current_unit="1",
    current=1.0,
    duration=100.0,
    dt=0.1,
    integrator="exponential_euler",
)


def _threshold_linear(
    xp: Any, s: Values, p: Values, current: Array, noise: Values
) -> dict[str, Array]:
    return {"r": p.gain * xp.maximum(current - p.theta, 0.0)}


# The steady state of the book's rate equation, taken at once: its step is of any length.
THRESHOLD_LINEAR = Model(
    name="ThresholdLinearRateNeuron",
    family="rate",
    title="Rate unit with a threshold-linear response",
    # rest without input at the default threshold
    states=(State("r", 0.0, "Hz", "firing rate"),),
    params=(
        Param("gain", 1.0, "Hz", 0.0, 10_000.0, "firing rate per unit of input"),
        Param("theta", 0.0, "1", -1000.0, 1000.0, "input at which firing begins"),
    ),
    equations=("r = gain max(I - theta, 0)",),
    sources=(
        Source(
            "Dayan P, Abbott LF",
            2001,
            "Theoretical neuroscience: computational and mathematical modeling of neural systems",
            "MIT Press",
            where="chapter 7, the steady-state firing rate with a half-wave rectified response",
        ),
    ),
    step=_threshold_linear,
    rate=lambda xp, s, p: s.r,
    output="r",
    current_unit="1",
    current=1.0,
    duration=100.0,
    dt=0.1,
    integrator="map",
)

# Numerical Recipes (Press et al. 1992, section 6.2): its fractional error is below 1.2e-7.
_ERFCX = (
    *(-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806),
    *(0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277),
)


def _erfcx(xp: Any, x: Array) -> Array:
    """exp(x²) erfc(x) for x >= 0."""
    t = 1.0 / (1.0 + 0.5 * x)
    power = _ERFCX[-1]
    for coefficient in _ERFCX[-2::-1]:
        power = power * t + coefficient
    return t * xp.exp(power)


def _gauss(n: int) -> list[tuple[float, float]]:
    """Nodes on 0..1 and weights of n-point Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(n)
    return list(zip((0.5 + 0.5 * nodes).tolist(), (0.5 * weights).tolist(), strict=True))


_ERFCX_NODES, _GAUSSIAN_NODES = _gauss(10), _gauss(16)


def _passage(xp: Any, y_r: Array, y_theta: Array) -> Array:
    """The integral of exp(u²) (1 + erf(u)) from y_r to y_theta; its relative error is below 1e-6.

    exp(u²) (1 + erf(u)) is erfcx(-u) where u < 0 and 2 exp(u²) - erfcx(u) where u > 0, so the
    integral is that of erfcx between |y_theta| and |y_r|, which is smooth in asinh(u), and of
    2 exp(u²) where u > 0, of which only the last stretch below y_theta counts.
    """

    def asinh(y: Array) -> Array:
        return xp.log(y + xp.sqrt(y * y + 1.0))

    begin = asinh(xp.abs(y_theta))
    span = asinh(xp.abs(y_r)) - begin
    slow = 0.0
    for node, weight in _ERFCX_NODES:
        x = begin + node * span
        slow = slow + weight * (_erfcx(xp, xp.sinh(x)) * xp.cosh(x))
    top = xp.maximum(y_theta, 0.0)
    stretch = xp.minimum(top - xp.maximum(y_r, 0.0), 20.0 / xp.maximum(top, 1e-9))
    steep = 0.0
    for node, weight in _GAUSSIAN_NODES:
        below = node * stretch
        steep = steep + weight * xp.exp(-below * (2.0 * top - below))
    return slow * span + 2.0 * xp.exp(xp.minimum(top * top, 700.0)) * (steep * stretch)


def _siegert(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    y_r, y_theta = (p.V_r - current) / p.sigma, (p.theta - current) / p.sigma
    # no time passes from a reset above the threshold
    passage = xp.maximum(_passage(xp, y_r, y_theta), 0.0)
    rate = 1000.0 / (p.tau_rp + p.tau * sqrt(pi) * passage)
    return {"r": xp.where(y_theta > 26.0, 0.0, rate)}  # of the order of exp(-26²)


# It remembers nothing, so its step is of any length. The noise is that of tau dV/dt = -V + mu +
# sigma sqrt(tau) xi, whose free potential has the standard deviation sigma/sqrt(2).
SIEGERT = Model(
    name="SiegertTransferFunction",
    family="rate",
    title="Firing rate of a noisy leaky integrate-and-fire neuron",
    # without input it does not fire
    states=(State("r", 0.0, "Hz", "firing rate"),),
    params=(
        Param("tau", 20.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("tau_rp", 2.0, "ms", 0.0, 100.0, "refractory period"),
        Param("theta", 20.0, "mV", -100.0, 200.0, "threshold, from rest"),
        Param("V_r", 10.0, "mV", -200.0, 100.0, "potential after a spike, from rest"),
        Param("sigma", 1.0, "mV", 0.01, 1000.0, "amplitude of the noise"),
    ),
    equations=(
        "1/r = tau_rp + tau sqrt(pi) integral of exp(u²) (1 + erf(u)) du"
        " from (V_r - mu)/sigma to (theta - mu)/sigma",
        "mu is the input: the mean potential without spikes, from rest",
    ),
    sources=(
        Source(
            "Siegert AJF",
            1951,
            "On the first passage time probability problem",
            "Phys Rev 81:617-623",
            "10.1103/PhysRev.81.617",
            "the mean first passage time",
        ),
        Source(
            "Brunel N, Hakim V",
            1999,
            "Fast global oscillations in networks of integrate-and-fire neurons with low firing "
            "rates",
            "Neural Comput 11:1621-1671",
            "10.1162/089976699300016179",
            "the form and the constants",
        ),
    ),
    step=_siegert,
    rate=lambda xp, s, p: s.r,
    output="r",
    current_unit="mV",
    current=25.0,
    duration=10.0,
    dt=0.1,
    integrator="map",
)


def _transfer(xp: Any, x: Array, p: Values) -> Array:
    """Current in nA to firing rate in Hz."""
    return linoid(xp, p.a * x - p.b, 1.0 / p.d)


def _inputs(s: Values, p: Values, mu_0: Array) -> tuple[Array, Array]:
    """The currents of both populations, nA."""
    bias = 0.01 * p.c
    x_1 = p.J_N11 * s.S_1 - p.J_N12 * s.S_2 + p.I_0 + s.I_noise1
    x_2 = p.J_N11 * s.S_2 - p.J_N12 * s.S_1 + p.I_0 + s.I_noise2
    return x_1 + p.J_Aext * mu_0 * (1.0 + bias), x_2 + p.J_Aext * mu_0 * (1.0 - bias)


def _wong_wang(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    x_1, x_2 = _inputs(s, p, current)
    per_ms = 0.001  # rates count in Hz and the model's time in ms
    return {
        "S_1": -s.S_1 / p.tau_S + (1.0 - s.S_1) * p.gamma * per_ms * _transfer(xp, x_1, p),
        "S_2": -s.S_2 / p.tau_S + (1.0 - s.S_2) * p.gamma * per_ms * _transfer(xp, x_2, p),
        "I_noise1": Relax(0.0, p.tau_AMPA),
        "I_noise2": Relax(0.0, p.tau_AMPA),
    }


def _synaptic_noise(xp: Any, s: Values, p: Values) -> dict[str, Array]:
    amplitude = p.sigma_noise / xp.sqrt(p.tau_AMPA)
    return {"I_noise1": amplitude, "I_noise2": amplitude}


# The reported rate is that which S_1 stands for at its steady state: gamma r_1 = S_1 / ((1 - S_1)
# tau_S); the rate itself depends on the stimulus, which only the equations see.
WONG_WANG = Model(
    name="WongWangUnit",
    family="rate",
    title="Two populations that compete for a decision",
    # the spontaneous state, without stimulus
    states=(
        State("S_1", 0.1027, "1", "open NMDA channels of the population that prefers the motion"),
        State("S_2", 0.1027, "1", "open NMDA channels of the other population"),
        State("I_noise1", 0.0, "nA", "noise of the first population"),
        State("I_noise2", 0.0, "nA", "noise of the second population"),
    ),
    params=(
        Param("c", 25.6, "%", -100.0, 100.0, "coherence of the motion"),
        Param("J_N11", 0.2609, "nA", 0.0, 10.0, "coupling within a population"),
        Param("J_N12", 0.0497, "nA", 0.0, 10.0, "inhibition between the populations"),
        Param("J_Aext", 5.2e-4, "nA/Hz", 0.0, 1.0, "current per rate of the stimulus"),
        Param("I_0", 0.3255, "nA", -10.0, 10.0, "background current"),
        Param("a", 270.0, "Hz/nA", 0.0, 10_000.0, "gain of the transfer function"),
        Param("b", 108.0, "Hz", -1000.0, 1000.0, "threshold of the transfer function"),
        Param("d", 0.154, "s", 1e-3, 10.0, "curvature of the transfer function"),
        Param("gamma", 0.641, "1", 1e-3, 10.0, "channels that a spike opens"),
        Param("tau_S", 100.0, "ms", 1.0, 1000.0, "time constant of the NMDA channels"),
        Param("tau_AMPA", 2.0, "ms", 0.1, 100.0, "time constant of the noise"),
        Param("sigma_noise", 0.02, "nA", 0.0, 1.0, "amplitude of the noise"),
    ),
    equations=(
        "dS_i/dt = -S_i/tau_S + (1 - S_i) gamma H(x_i)",
        "H(x) = (a x - b) / (1 - exp(-d (a x - b)))",
        "x_1 = J_N11 S_1 - J_N12 S_2 + I_0 + J_Aext mu_0 (1 + c/100) + I_noise1",
        "x_2 = J_N11 S_2 - J_N12 S_1 + I_0 + J_Aext mu_0 (1 - c/100) + I_noise2",
        "tau_AMPA dI_noise/dt = -I_noise + sigma_noise sqrt(tau_AMPA) xi",
        "mu_0 is the input: the rate of the stimulus",
    ),
    sources=(
        Source(
            "Wong KF, Wang XJ",
            2006,
            "A recurrent network mechanism of time integration in perceptual decisions",
            "J Neurosci 26:1314-1328",
            "10.1523/JNEUROSCI.3733-05.2006",
            "the reduced two-variable model without AMPA recurrence",
        ),
    ),
    derivatives=_wong_wang,
    diffusion=_synaptic_noise,
    noise={"I_noise1": "normal", "I_noise2": "normal"},
    rate=lambda xp, s, p: 1000.0 * s.S_1 / ((1.0 - s.S_1) * p.gamma * p.tau_S),
    output="S_1",
    current_unit="Hz",
    current=30.0,
    duration=2000.0,
    dt=0.1,
    integrator="euler_maruyama",
    without_input="fluctuates by its noise",
    presets=tuple(
        Preset(
            name=f"coherence_{name}",
            title=f"Motion of {coherence:g} % coherence",
            params={"c": coherence},
            source="Wong and Wang 2006",
        )
        for name, coherence in (("0", 0.0), ("6", 6.4), ("51", 51.2))
    ),
)


def _graded(xp: Any, u: Array, p: Values) -> Array:
    """Input to output of an amplifier."""
    return (2.0 / pi) * xp.arctan(0.5 * pi * p.gain * u)


def _hopfield(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    return {
        "u_1": (p.T_12 * _graded(xp, s.u_2, p) - s.u_1 / p.R + current) / p.C,
        "u_2": (p.T_21 * _graded(xp, s.u_1, p) - s.u_2 / p.R) / p.C,
    }


HOPFIELD = Model(
    name="HopfieldPair",
    family="rate",
    title="Two graded neurons that remember a bit",
    # the balance from which either memory can be reached
    states=(
        State("u_1", 0.0, "1", "input of the first neuron"),
        State("u_2", 0.0, "1", "input of the second neuron"),
    ),
    params=(
        Param("T_12", 1.0, "1", -100.0, 100.0, "synapse from the second neuron on the first"),
        Param("T_21", 1.0, "1", -100.0, 100.0, "synapse from the first neuron on the second"),
        Param("gain", 1.4, "1", 0.0, 100.0, "slope of the output at 0, the paper's lambda"),
        Param("R", 1.0, "1", 0.01, 1000.0, "input resistance"),
        Param("C", 1.0, "1", 0.01, 1000.0, "input capacitance"),
    ),
    equations=(
        "C du_1/dt = T_12 V_2 - u_1/R + I, C du_2/dt = T_21 V_1 - u_2/R",
        "V_i = g(u_i) = (2/pi) arctan(pi gain u_i / 2)",
    ),
    sources=(
        Source(
            "Hopfield JJ",
            1984,
            "Neurons with graded response have collective computational properties like those of "
            "two-state neurons",
            "Proc Natl Acad Sci USA 81:3088-3092",
            "10.1073/pnas.81.10.3088",
            "figure 3",
        ),
    ),
    derivatives=_hopfield,
    rate=lambda xp, s, p: _graded(xp, s.u_1, p),
    rate_unit="1",
    output="u_1",
    current_unit="1",
    current=0.1,
    duration=50.0,
    dt=0.05,
    integrator="rk4",
    time_unit="1",
)
