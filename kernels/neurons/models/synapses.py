"""Synapses: how a presynaptic spike train reaches the postsynaptic membrane."""

from __future__ import annotations

from typing import Any

from kernels.neurons.model import (
    Array,
    Model,
    Param,
    Preset,
    Relax,
    Source,
    State,
    Threshold,
    Values,
)


def _tsodyks_markram(xp: Any, s: Values, p: Values, current: Array) -> dict[str, Array]:
    pA_MOhm = 0.001  # to mV
    return {
        "V": Relax(pA_MOhm * p.R_in * p.A_SE * s.E, p.tau_mem),
        "R": (1.0 - s.R - s.E) / p.tau_rec,
        "E": Relax(0.0, p.tau_in),
        "u": Relax(0.0, p.tau_facil),
        "phi": 0.001 * xp.maximum(current, 0.0),  # Hz to 1/ms
    }


def _release(xp: Any, s: Values, p: Values) -> dict[str, Array]:
    """What a presynaptic spike does: it uses a share u of the recovered resources."""
    u = s.u + p.U_SE * (1.0 - s.u)
    return {"u": u, "E": s.E + u * s.R, "R": s.R - u * s.R, "phi": s.phi - 1.0}


# The spikes are those of the presynaptic neuron, whose rate is the input; V does not fire. A
# synapse without facilitation has a tau_facil far below the interval between spikes.
TSODYKS_MARKRAM = Model(
    name="TsodyksMarkramNeuron",
    family="glia and synapse",
    title="Dynamic synapse that depresses and facilitates",
    # rest: all resources are recovered
    states=(
        State("V", 0.0, "mV", "postsynaptic potential, from rest"),
        State("R", 1.0, "1", "recovered resources"),
        State("E", 0.0, "1", "active resources"),
        State("u", 0.0, "1", "share of resources that a spike uses"),
        State("phi", 0.0, "1", "phase between two presynaptic spikes"),
    ),
    params=(
        Param("A_SE", 1540.0, "pA", -1e5, 1e5, "current when all resources are active"),
        Param("U_SE", 0.03, "1", 0.0, 1.0, "share of resources that the first spike uses"),
        Param("tau_rec", 130.0, "ms", 1.0, 10_000.0, "time constant of recovery"),
        Param("tau_facil", 530.0, "ms", 1.0, 10_000.0, "time constant of facilitation"),
        Param("tau_in", 1.5, "ms", 0.5, 1000.0, "time constant of inactivation"),
        Param("tau_mem", 60.0, "ms", 0.5, 1000.0, "membrane time constant"),
        Param("R_in", 1000.0, "MOhm", 0.0, 10_000.0, "input resistance"),
    ),
    equations=(
        "dR/dt = (1 - R - E)/tau_rec, dE/dt = -E/tau_in, du/dt = -u/tau_facil",
        "tau_mem dV/dt = -V + R_in A_SE E",
        "presynaptic spikes come at the rate I:"
        " u <- u + U_SE (1 - u), then E <- E + u R and R <- R - u R",
    ),
    sources=(
        Source(
            "Tsodyks M, Pawelzik K, Markram H",
            1998,
            "Neural networks with dynamic synapses",
            "Neural Comput 10:821-835",
            "10.1162/089976698300017502",
            "equations of the synapse; figure 1",
        ),
        Source(
            "Tsodyks MV, Markram H",
            1997,
            "The neural code between neocortical pyramidal neurons depends on neurotransmitter "
            "release probability",
            "Proc Natl Acad Sci USA 94:719-723",
            "10.1073/pnas.94.2.719",
            "the synapse without facilitation",
        ),
    ),
    derivatives=_tsodyks_markram,
    spike=Threshold("phi", 1.0),
    reset=_release,
    presets=(
        Preset(
            name="depressing",
            title="Depressing synapse between pyramidal neurons",
            params={
                "A_SE": 250.0,
                "U_SE": 0.5,
                "tau_rec": 800.0,
                "tau_facil": 1.0,
                "tau_in": 3.0,
                "tau_mem": 40.0,
                "R_in": 100.0,
            },
            source="Tsodyks, Pawelzik and Markram 1998, figure 1A; it has no facilitation",
        ),
        Preset(
            name="facilitating_70",
            title="Facilitating synapse at 70 Hz",
            params={},
            current=70.0,
            duration=500.0,
            source="Tsodyks, Pawelzik and Markram 1998, figure 1C",
        ),
    ),
    output="V",
    current_unit="Hz",
    current=20.0,
    duration=1200.0,
    dt=0.1,
    integrator="rk4",
)
