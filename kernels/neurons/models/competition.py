"""Spiking neurons that compete."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import Array, Model, Param, Relax, Source, State, Values

_UNITS = (1, 2, 3, 4)


def _compete(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    potentials = {
        f"V_{i}": Relax(vars(p)[f"r_{i}"] * current, p.tau)  # each with its share of the input
        for i in _UNITS
    }
    return {**potentials, "winner": 0.0 * s.winner}


def _fires(xp: Any, s: Values, p: Values) -> Array:
    fired = s.V_1 >= p.V_th
    for i in _UNITS[1:]:
        fired = fired | (vars(s)[f"V_{i}"] >= p.V_th)
    return fired


def _inhibit(xp: Any, s: Values, p: Values) -> dict[str, Array]:
    """Who fires is reset, and everybody else inhibited."""
    new: dict[str, Array] = {}
    winner: Array = s.winner
    for i in _UNITS:
        V = vars(s)[f"V_{i}"]
        new[f"V_{i}"] = xp.where(V >= p.V_th, p.V_self, xp.maximum(V - p.V_I, 0.0))
        winner = xp.where(V >= p.V_th, float(i), winner)
    return {**new, "winner": winner}


# A spike of the network is one of any of its units; `winner` tells whose the last one was. From
# rest and without self-excitation, unit 2 falls silent where V_I > (r_2 I - 1)/(r_1 I - 1).
LEAKY_COMPETE = Model(
    name="LeakyCompeteFireNeuron",
    family="population",
    title="Four neurons of which the winner takes all",
    # rest without input
    states=(
        *(State(f"V_{i}", 0.0, "1", f"potential of unit {i}, from rest") for i in _UNITS),
        State("winner", 0.0, "1", "the unit that fired last, 0 for none"),
    ),
    params=(
        Param("tau", 10.0, "ms", 0.1, 1000.0, "membrane time constant"),
        Param("V_th", 1.0, "1", 0.01, 100.0, "threshold"),
        Param("V_I", 1.0, "1", 0.0, 100.0, "inhibition of the others by a spike"),
        Param("V_self", 0.0, "1", 0.0, 0.99, "excitation of a unit by its own spike"),
        *(
            Param(f"r_{i}", share, "1", 0.0, 10.0, f"share of the input that unit {i} receives")
            for i, share in zip(_UNITS, (1.0, 0.9, 0.8, 0.7), strict=True)
        ),
    ),
    equations=(
        "tau dV_i/dt = -V_i + r_i I",
        "V_i reaches V_th: spike, V_i <- V_self, and V_j <- max(V_j - V_I, 0) for every other j",
    ),
    sources=(
        Source(
            "Oster M, Douglas R, Liu SC",
            2009,
            "Computation with spikes in a winner-take-all network",
            "Neural Comput 21:2437-2465",
            "10.1162/neco.2009.07-08-829",
            "the network with self-excitation and global inhibition",
        ),
        Source(
            "Jin DZ, Seung HS",
            2002,
            "Fast computation with spikes in a recurrent neural network",
            "Phys Rev E 65:051922",
            "10.1103/PhysRevE.65.051922",
            "leaky units and constant inputs",
        ),
    ),
    derivatives=_compete,
    spike=_fires,
    reset=_inhibit,
    output="V_1",
    current_unit="1",
    current=2.0,
    duration=300.0,
    dt=0.02,
    integrator="exponential_euler",
)
