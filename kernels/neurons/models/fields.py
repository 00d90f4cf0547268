"""Neural fields: activity along a line of cortex."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Values

_N = 21  # points of the line; around it the tissue stays below threshold
_MIDDLE = _N // 2
_REACHED = range(_MIDDLE - 2, _MIDDLE + 3)  # the points that the input reaches


def _excited(xp: Any, s: Values) -> list[Array]:
    """The share of each gap between two points that is above threshold; u is straight there."""
    u = [vars(s)[f"u_{i}"] for i in range(_N)]
    above, size = [xp.maximum(v, 0.0) for v in u], [xp.abs(v) for v in u]
    return [
        (above[i] + above[i + 1]) / xp.maximum(size[i] + size[i + 1], 1e-300) for i in range(_N - 1)
    ]


def _sweep(excited: list[Array], q: Array) -> tuple[list[Array], list[Array]]:
    """Sums over k >= 0 of q^k and of k q^k times what lies k gaps before."""
    near, far = [excited[0]], [0.0 * excited[0]]
    for here in excited[1:]:
        far.append(q * (far[-1] + near[-1]))
        near.append(here + q * near[-1])
    return near, far


def _amari(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    excited = _excited(xp, s)
    spacing = p.dx / p.s_w
    near_left, far_left = _sweep(excited, xp.exp(-spacing))
    near_right, far_right = (sums[::-1] for sums in _sweep(excited[::-1], xp.exp(-spacing)))
    # w at a distance of k + 1/2 gaps is A q^(1/2) (1 - spacing/2 - k spacing) q^k
    strength = p.A * p.dx * xp.exp(-0.5 * spacing)
    lit = p.h + current
    targets = {}
    for i in range(_N):
        near = (near_left[i - 1] if i else 0.0) + (near_right[i] if i < _N - 1 else 0.0)
        far = (far_left[i - 1] if i else 0.0) + (far_right[i] if i < _N - 1 else 0.0)
        synapses = strength * (1.0 - 0.5 * spacing) * near - strength * spacing * far
        targets[f"u_{i}"] = Relax((lit if i in _REACHED else p.h) + synapses, p.tau)
    return targets


def _width(xp: Any, s: Values, p: Values) -> Array:
    excited = _excited(xp, s)
    return p.dx * sum(excited[1:], excited[0])


# Amari's theory is for any w that excites near and inhibits far. With this one the integral of w
# from 0 to a is W(a) = A a exp(-a/s_w), so that an excited region as wide as a stays if
# W(a) + h = 0, and is stable where w(a) < 0: where a > s_w.
AMARI = Model(
    name="AmariNeuralField",
    family="population",
    title="Neural field with lateral inhibition",
    # rest without input
    states=tuple(
        State(f"u_{i}", "h", "1", f"mean potential {abs(i - _MIDDLE)} dx {side} the middle")
        for i, side in ((i, "left of" if i < _MIDDLE else "right of") for i in range(_N))
    ),
    params=(
        Param("tau", 1.0, "1", 0.01, 1000.0, "time constant"),
        Param("h", -0.2, "1", -10.0, 0.0, "resting potential; the threshold is 0"),
        Param("A", 1.0, "1", 0.0, 100.0, "strength of the synapses"),
        Param("s_w", 1.0, "1", 0.01, 100.0, "distance at which excitation gives way to inhibition"),
        Param("dx", 0.3, "1", 0.01, 10.0, "distance of two points"),
    ),
    equations=(
        "tau du(x)/dt = -u(x) + integral of w(x - x') H(u(x')) dx' + h + I(x)",
        "w(x) = A (1 - |x|/s_w) exp(-|x|/s_w)",
        "H(u) = 1 for u > 0, 0 else",
        "21 points at a distance of dx; I(x) is the input at the five in the middle, 0 elsewhere",
    ),
    sources=(
        Source(
            "Amari S",
            1977,
            "Dynamics of pattern formation in lateral-inhibition type neural fields",
            "Biol Cybern 27:77-87",
            "10.1007/BF00337259",
            "the field of one layer and its local excitations",
        ),
        Source(
            "Coombes S",
            2005,
            "Waves, bumps, and patterns in neural field theories",
            "Biol Cybern 93:91-108",
            "10.1007/s00422-005-0574-y",
            "the form of w",
        ),
    ),
    derivatives=_amari,
    rate=_width,
    rate_unit="width of the excited region",
    output=f"u_{_MIDDLE}",
    current_unit="1",
    current=0.5,
    duration=20.0,
    dt=0.02,
    integrator="exponential_euler",
    time_unit="1",
)
