"""Phase models: where a neuron is on its cycle."""

from __future__ import annotations

import math
from typing import Any

from kernels.neurons.model import Array, Model, Source, State, Values


def _theta(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    cosine = xp.cos(s.theta)
    return {"theta": 1.0 - cosine + (1.0 + cosine) * current}


THETA = Model(
    name="ThetaNeuron",
    family="phase",
    title="Theta neuron",
    states=(State("theta", 0.0, "rad", "phase on the circle, -pi to pi"),),
    params=(),
    equations=(
        "dtheta/dt = 1 - cos theta + (1 + cos theta) I",
        "theta passes pi: spike, theta <- theta - 2 pi",
    ),
    sources=(
        Source(
            "Ermentrout GB, Kopell N",
            1986,
            "Parabolic bursting in an excitable system coupled with a slow oscillation",
            "SIAM J Appl Math 46:233-253",
            "10.1137/0146017",
            "the normal form near a saddle-node on a circle",
        ),
        Source(
            "Ermentrout B",
            2008,
            "Ermentrout-Kopell canonical model",
            "Scholarpedia 3(3):1398",
            "10.4249/scholarpedia.1398",
            "equations 1 and 2",
        ),
    ),
    derivatives=_theta,
    spike=lambda xp, s, p: s.theta >= math.pi,
    reset=lambda xp, s, p: {"theta": s.theta - 2.0 * math.pi},
    output="theta",
    current_unit="1",
    current=0.1,
    duration=200.0,
    dt=0.02,
    integrator="rk4",
    time_unit="1",
)
