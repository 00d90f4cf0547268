"""Maps: neurons in discrete time, one iteration a step."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Source, State, Threshold, Values


def _rulkov(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    y = s.y + p.beta_e * current
    spike = xp.where(s.x < p.alpha + y, p.alpha + y, -1.0)
    return {
        # 1 - x > 0 wherever the first branch is chosen, and the other one does not look at it
        "x": xp.where(s.x <= 0.0, p.alpha / (1.0 - xp.minimum(s.x, 0.0)) + y, spike),
        "y": s.y - p.mu * (s.x + 1.0) + p.mu * (p.sigma + p.sigma_e * current),
    }


# Bursts for alpha above 4 or so, and single spikes below (alpha = 4, sigma = 0.01).
RULKOV = Model(
    name="RulkovMapNeuron",
    family="map",
    title="Spiking-bursting map",
    # rest without current: x = sigma - 1
    states=(
        State("x", -1.5, "1", "fast variable, the membrane potential"),
        State("y", -3.9, "1", "slow variable"),
    ),
    params=(
        Param("alpha", 6.0, "1", 0.0, 20.0, "height of the fast map"),
        Param("sigma", -0.5, "1", -10.0, 10.0, "excitability: rest lies at sigma - 1"),
        Param("mu", 0.001, "1", 0.0, 1.0, "rate of the slow variable"),
        Param("beta_e", 1.0, "1", -10.0, 10.0, "weight of the current in the fast variable"),
        Param("sigma_e", 1.0, "1", -10.0, 10.0, "weight of the current in the slow variable"),
    ),
    equations=(
        "x' = f(x, y + beta_e I)",
        "f(x, y) = alpha/(1 - x) + y for x <= 0, alpha + y for 0 < x < alpha + y, -1 beyond",
        "y' = y - mu (x + 1) + mu (sigma + sigma_e I)",
        "x rises through 0: spike",
    ),
    sources=(
        Source(
            "Rulkov NF",
            2002,
            "Modeling of spiking-bursting neural behavior using two-dimensional map",
            "Phys Rev E 65:041922",
            "10.1103/PhysRevE.65.041922",
            "equations 1 and 2, with inputs beta_n = beta_e I_n and sigma_n = sigma + sigma_e I_n",
        ),
    ),
    step=_rulkov,
    spike=Threshold("x", 0.0),
    output="x",
    current_unit="1",
    current=0.4,
    duration=3000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)


def _chialvo(xp: Any, s: Values, p: Values, current: Array, noise: Values) -> dict[str, Array]:
    return {
        "x": s.x**2 * xp.exp(s.y - s.x) + p.k + current,
        "y": p.a * s.y - p.b * s.x + p.c,
    }


# Chaotic at b = 0.18 and k + I = 0.03; at the defaults, with I = 0.01, it oscillates.
CHIALVO = Model(
    name="ChialvoMapNeuron",
    family="map",
    title="Excitable map",
    # rest without current
    states=(
        State("x", 0.0287569, "1", "activation"),
        State("y", 2.3885987, "1", "recovery"),
    ),
    params=(
        Param("a", 0.89, "1", 0.0, 1.0, "what the recovery keeps of itself"),
        Param("b", 0.6, "1", 0.0, 10.0, "dependence of the recovery on the activation"),
        Param("c", 0.28, "1", -10.0, 10.0, "offset of the recovery"),
        Param("k", 0.02, "1", -1.0, 1.0, "constant bias"),
    ),
    equations=(
        "x' = x² exp(y - x) + k + I",
        "y' = a y - b x + c",
        "x rises through 1: spike",
    ),
    sources=(
        Source(
            "Chialvo DR",
            1995,
            "Generic excitable dynamics on a two-dimensional map",
            "Chaos Solitons Fractals 5:461-479",
            "10.1016/0960-0779(93)E0056-H",
        ),
    ),
    step=_chialvo,
    spike=Threshold("x", 1.0),
    output="x",
    current_unit="1",
    current=0.01,
    duration=1000.0,
    dt=1.0,
    integrator="map",
    time_unit="iteration",
)
