"""Leaky integrate-and-fire units of deep networks with two variables, one iteration a step."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Source, State, Values


def _two_compartments(
    xp: Any, s: Values, p: Values, current: Array, noise: Values
) -> dict[str, Array]:
    u_d = s.u_d + p.beta_1 * s.u_s + current
    return {"u_s": s.u_s + p.beta_2 * u_d, "u_d": u_d}


# The defaults of the betas are what training starts from, minus and plus the sigmoid of 0. Their
# matrix has determinant 1 whatever they are: between spikes nothing leaks away.
TWO_COMPARTMENT = Model(
    name="TwoCompartmentLIFNeuron",
    family="learning",
    title="Two-compartment unit with long memory (TC-LIF)",
    states=(
        State("u_s", 0.0, "1", "potential of the soma"),
        State("u_d", 0.0, "1", "potential of the dendrite"),
    ),
    params=(
        Param("beta_1", -0.5, "1", -1.0, 1.0, "effect of the soma on the dendrite"),
        Param("beta_2", 0.5, "1", -1.0, 1.0, "effect of the dendrite on the soma"),
        Param("gamma", 0.5, "1", 0.0, 10.0, "what a spike takes off the dendrite"),
        Param("V_th", 1.0, "1", 0.001, 100.0, "threshold, and what a spike takes off the soma"),
    ),
    equations=(
        "u_d[t] = u_d[t-1] + beta_1 u_s[t-1] + I[t] - gamma S[t-1]",
        "u_s[t] = u_s[t-1] + beta_2 u_d[t] - V_th S[t-1]",
        "S[t] = 1, a spike, where u_s[t] >= V_th",
    ),
    sources=(
        Source(
            "Zhang S, Yang Q, Ma C, Wu J, Li H, Tan KC",
            2024,
            "TC-LIF: a two-compartment spiking neuron model for long-term sequential modelling",
            "AAAI Conf Artif Intell 38:16838-16847",
            "10.1609/aaai.v38i15.29625",
            "the unit",
        ),
        Source(
            "Zhang S",
            2024,
            "TC-LIF",
            "github.com/ZhangShimin1/TC-LIF",
            where="the authors' program: TCLIFNode of the task MNIST and its constants",
        ),
    ),
    step=_two_compartments,
    spike=lambda xp, s, p: s.u_s >= p.V_th,
    reset=lambda xp, s, p: {"u_s": s.u_s - p.V_th, "u_d": s.u_d - p.gamma},
    output="u_s",
    current_unit="1",
    current=0.3,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _inhibitory(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    i = p.k * (s.i + s.x * s.fired)
    return {
        "u": s.u * (1.0 - 1.0 / p.tau) + current - xp.maximum(i, 0.0),
        "i": i,
        "m": s.m,
        "x": 0.0 * s.x + current,
        "fired": 0.0 * s.fired,
    }


def _inhibit(xp: Any, s: Values, p: Values) -> dict[str, Array]:
    u = s.u - p.V_th
    m = s.m + u
    return {"u": u - 1.0 / (1.0 + xp.exp(-m)), "m": m, "fired": 1.0 + 0.0 * s.fired}


INHIBITORY = Model(
    name="InhibitoryLIFNeuron",
    family="learning",
    title="Temporal inhibitory leaky integrate-and-fire unit (ILIF)",
    states=(
        State("u", 0.0, "1", "membrane potential"),
        State("i", 0.0, "1", "inhibition of the current"),
        State("m", 0.0, "1", "memory of the inhibition of the potential"),
        State("x", 0.0, "1", "input of the step before"),
        State("fired", 0.0, "1", "whether the step before ended with a spike"),
    ),
    params=(
        Param("tau", 2.0, "1", 1.0, 1000.0, "membrane time constant, in steps"),
        Param("V_th", 1.0, "1", 0.001, 100.0, "threshold, and what a spike takes off"),
        Param("k", 0.03, "1", 0.0, 1.0, "share of the inhibition that is passed on"),
    ),
    equations=(
        "i[t] = k (i[t-1] + x[t-1] S[t-1])",
        "u[t] = (1 - 1/tau) u[t-1] + x[t] - max(i[t], 0), x is the input",
        "u >= V_th: S[t] = 1, a spike, u <- u - V_th, m <- m + u, u <- u - 1/(1 + exp(-m))",
    ),
    sources=(
        Source(
            "Sun K, Duan P, Kuhlmann L, Wang B, Zhang B",
            2025,
            "ILIF: temporal inhibitory leaky integrate-and-fire neuron for overactivation in "
            "spiking neural networks",
            "arXiv:2505.10371",
            "10.48550/arXiv.2505.10371",
            where="the unit",
        ),
        Source(
            "Sun K",
            2025,
            "ILIF",
            "github.com/KaiSUN1/ILIF",
            where="the authors' program: InhibitoryLIFNeuron and its constants",
        ),
    ),
    step=_inhibitory,
    spike=lambda xp, s, p: s.u >= p.V_th,
    reset=_inhibit,
    output="u",
    current_unit="1",
    current=0.8,
    duration=200.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)
