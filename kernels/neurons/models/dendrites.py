"""Dendrites: passive cables, and spikes that dendrites make."""

from __future__ import annotations

from math import pi
from typing import Any

from kernels.neurons.model import Array, Model, Param, Source, State, Values

_N = 10


def _rall_cable(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V = [vars(s)[f"V_{k}"] for k in range(1, _N + 1)]
    padded = [V[0], *V, V[-1]]  # no current leaves a sealed end
    rates = {}
    for k in range(1, _N + 1):
        here = xp.where(xp.floor(p.site + 0.5) == k, current / p.Delta_X, 0.0)
        axial = (padded[k - 1] - padded[k]) + (padded[k + 1] - padded[k])
        rates[f"V_{k}"] = axial / p.Delta_X**2 - padded[k] + here
    return rates


RALL_CABLE = Model(
    name="RallCableNeuron",
    family="compartments",
    title="Passive cable of ten compartments from soma to tip (Rall)",
    # rest, from which V counts
    states=tuple(
        State(f"V_{k}", 0.0, "mV", f"depolarization of compartment {k}" + end)
        for k in range(1, _N + 1)
        for end in [{1: ", the soma", _N: ", the tip"}.get(k, "")]
    ),
    params=(
        Param("Delta_X", 0.2, "1", 0.01, 5.0, "length of a compartment, in length constants"),
        Param("site", 10.0, "1", 1.0, 10.0, "compartment that the current enters"),
    ),
    equations=(
        "dV_k/dT = (V_(k-1) - 2 V_k + V_(k+1)) / Delta_X² - V_k + I/Delta_X [k = site], "
        "k = 1 ... 10",
        "V_0 = V_1 and V_11 = V_10: both ends are sealed",
        "T = t/tau_m; I is the current times the input resistance of the cable if it had no end",
    ),
    sources=(
        Source(
            "Rall W",
            1964,
            "Theoretical significance of dendritic trees for neuronal input-output relations",
            "in Reiss RF (ed), Neural Theory and Modeling, Stanford University Press, 73-97",
            None,
            "ten compartments of 0.2 length constants",
        ),
        Source(
            "Rall W",
            1962,
            "Theory of physiological properties of dendrites",
            "Ann N Y Acad Sci 96:1071-1092",
            "10.1111/j.1749-6632.1962.tb54120.x",
            "the cable that they stand for",
        ),
        Source(
            "Rall W",
            1969,
            "Time constants and electrotonic length of membrane cylinders and neurons",
            "Biophys J 9:1483-1508",
            "10.1016/S0006-3495(69)86467-2",
            "time constants of a cable with sealed ends",
        ),
    ),
    derivatives=_rall_cable,
    rate=lambda xp, s, p: s.V_1,
    rate_unit="mV",
    output="V_1",
    current_unit="mV",
    current=10.0,
    duration=10.0,
    dt=0.005,
    integrator="rk4",
    time_unit="1",
)


_DENDRITES = ("trunk", "prox", "dist")
_READY = 0.05  # share of the refractory time in which a dendrite is ready unless it spikes


def _dendrify(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    V, q = vars(s), vars(p)
    specific = {name: 1e-2 * p.C_m * q[f"A_{name}"] for name in ("soma", *_DENDRITES)}  # pF
    flow = {  # pA
        name: -1e-5 * p.g_L * q[f"A_{name}"] * (V[f"V_{name}"] - p.E_L) for name in specific
    }
    for near, far in zip(("soma", *_DENDRITES[:-1]), _DENDRITES, strict=True):
        axial = q[f"g_{far}"] * (V[f"V_{near}"] - V[f"V_{far}"])
        flow[far], flow[near] = flow[far] + axial, flow[near] - axial
    rates: dict[str, Array] = {}
    for name in _DENDRITES:
        V_d = V[f"V_{name}"]
        share = V[f"c_{name}"] % 1.0
        spiking = (share > _READY) | (V_d >= p.theta)
        t = share * p.t_ref
        rise = xp.where(spiking, q[f"g_rise_{name}"] * xp.exp(-t / p.tau_rise), 0.0)
        late = (t - p.offset) / -p.tau_fall
        falls = spiking & (t >= p.offset)
        fall = xp.where(falls, q[f"g_fall_{name}"] * xp.exp(xp.minimum(late, 0.0)), 0.0)
        flow[name] = flow[name] + rise * (p.E_Na - V_d) + fall * (p.E_K - V_d)
        rates[f"c_{name}"] = xp.where(spiking, 1.0 / p.t_ref, 0.0)
    for k, name in enumerate(specific):
        flow[name] = flow[name] + xp.where(xp.floor(p.site + 0.5) == k, current, 0.0)
        rates[f"V_{name}"] = flow[name] / specific[name]
    falling = (s.u >= p.t_spike) & (s.u < p.t_spike + 5.0 * p.tau_reset)
    reset = xp.where(falling, (p.V_reset - s.V_soma) / p.tau_reset, 0.0)
    rates["V_soma"] = rates["V_soma"] + reset
    rates["u"] = 1.0
    return rates


def _area(name: str, diameter: float, length: float, factor: float, of: str) -> Param:
    return Param(f"A_{name}", pi * diameter * length * factor, "um2", 1.0, 1e6, f"membrane of {of}")


# rest without current, and the last spikes are long ago
DENDRIFY = Model(
    name="DendrifyNeuron",
    family="compartments",
    title="Integrate-and-fire soma with three dendrites that spike (Dendrify)",
    states=(
        State("V_soma", "E_L", "mV", "potential of the soma"),
        State("V_trunk", "E_L", "mV", "potential of the trunk"),
        State("V_prox", "E_L", "mV", "potential of the proximal dendrite"),
        State("V_dist", "E_L", "mV", "potential of the distal dendrite"),
        State("c_trunk", 0.0, "1", "dendritic spikes of the trunk, the last one by its progress"),
        State("c_prox", 0.0, "1", "dendritic spikes of the proximal dendrite, likewise"),
        State("c_dist", 0.0, "1", "dendritic spikes of the distal dendrite, likewise"),
        State("u", 1000.0, "ms", "time since the last spike of the soma"),
    ),
    params=(
        Param(
            "site", 0.0, "1", 0.0, 3.0, "where the current goes: soma 0, trunk 1, prox 2, dist 3"
        ),
        Param("C_m", 1.0, "uF/cm2", 0.01, 100.0, "membrane capacitance"),
        Param("g_L", 40.0, "uS/cm2", 0.1, 10000.0, "leak conductance"),
        # pi diameter length, times 2.8 for what three cylinders leave out, and 1.5 for spines
        _area("soma", 25.0, 25.0, 2.8, "the soma"),
        _area("trunk", 2.5, 100.0, 2.8 * 1.5, "the trunk"),
        _area("prox", 1.0, 100.0, 2.8 * 1.5, "the proximal dendrite"),
        _area("dist", 0.5, 100.0, 2.8 * 1.5, "the distal dendrite"),
        Param("g_trunk", 15.0, "nS", 0.0, 1000.0, "coupling of soma and trunk"),
        Param("g_prox", 10.0, "nS", 0.0, 1000.0, "coupling of trunk and proximal dendrite"),
        Param("g_dist", 4.0, "nS", 0.0, 1000.0, "coupling of proximal and distal dendrite"),
        Param("E_L", -70.0, "mV", -120.0, 0.0, "resting potential"),
        Param(
            "E_Na", 70.0, "mV", 0.0, 120.0, "reversal potential of the rise of a dendritic spike"
        ),
        Param("E_K", -89.0, "mV", -150.0, -30.0, "reversal potential of its fall"),
        Param("theta", -35.0, "mV", -100.0, 50.0, "threshold of a dendritic spike"),
        Param("g_rise_trunk", 34.0, "nS", 0.0, 1000.0, "conductance that makes the trunk rise"),
        Param("g_fall_trunk", 27.2, "nS", 0.0, 1000.0, "conductance that makes it fall"),
        Param("g_rise_prox", 15.3, "nS", 0.0, 1000.0, "the same of the proximal dendrite: rise"),
        Param("g_fall_prox", 12.24, "nS", 0.0, 1000.0, "fall"),
        Param("g_rise_dist", 7.0, "nS", 0.0, 1000.0, "the same of the distal dendrite: rise"),
        Param("g_fall_dist", 5.6, "nS", 0.0, 1000.0, "fall"),
        Param("tau_rise", 0.6, "ms", 0.05, 100.0, "decay of the rising conductance"),
        Param("tau_fall", 1.2, "ms", 0.05, 100.0, "decay of the falling conductance"),
        Param("offset", 0.2, "ms", 0.0, 10.0, "how much later the fall begins"),
        Param("t_ref", 5.0, "ms", 1.0, 100.0, "time between two spikes of a dendrite, at least"),
        Param("V_T", -40.0, "mV", -100.0, 50.0, "threshold of the soma"),
        Param("V_peak", 40.0, "mV", -100.0, 100.0, "potential of the soma when it fires"),
        Param("V_reset", -55.0, "mV", -150.0, 50.0, "potential of the soma after it"),
        Param("t_spike", 0.5, "ms", 0.0, 10.0, "time between the two"),
        Param("tau_reset", 0.05, "ms", 0.01, 1.0, "how fast the soma is reset"),
        Param("t_soma", 4.0, "ms", 0.0, 100.0, "time between two spikes of the soma, at least"),
    ),
    equations=(
        "C_m A_d dV_d/dt = -g_L A_d (V_d - E_L) + sum over neighbours g (V_neighbour - V_d)"
        " + I_rise + I_fall + I [d = site]",
        "V_d rises to theta, at least t_ref after the last time: dendritic spike, t_d = 0",
        "I_rise = g_rise exp(-t_d/tau_rise) (E_Na - V_d)",
        "I_fall = g_fall exp(-(t_d - offset)/tau_fall) (E_K - V_d) for t_d >= offset",
        "V_soma > V_T, at least t_soma after the last time: spike, V_soma = V_peak; "
        "t_spike later V_soma = V_reset, within a few tau_reset",
        "dc/dt = 1/t_ref during a dendritic spike, else 0; t_d = t_ref (c mod 1)",
    ),
    sources=(
        Source(
            "Pagkalos M, Chavlis S, Poirazi P",
            2023,
            "Introducing the Dendrify framework for incorporating dendrites to spiking neural "
            "networks",
            "Nat Commun 14:131",
            "10.1038/s41467-022-35747-8",
            "model of figure 3 without its synapses; constants from the authors' notebook",
        ),
    ),
    derivatives=_dendrify,
    spike=lambda xp, s, p: s.V_soma > p.V_T,
    reset=lambda xp, s, p: {"V_soma": p.V_peak, "u": 0.0},
    refractory="t_soma",
    output="V_soma",
    current_unit="pA",
    current=130.0,
    duration=500.0,
    dt=0.005,
    integrator="rk4",
    without_input="rests, but for the time since its last spike",
)
