"""How a case runs in NEURON: one compartment of 10^4 um2, or an artificial cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from neuron import h

from witnesses.witness import Case

h.load_file("stdrun.hoc")

CVODE = "NEURON integrates with CVODE, which varies its step and order"


def compartment(case: Case) -> Any:
    """A section of 10^4 um2, on which 1 uA/cm2 is 0.1 nA, with that much as its current."""
    section = h.Section(name="soma")
    section.L = section.diam = 100 / np.sqrt(np.pi)
    section.nseg = 1
    clamp = h.IClamp(section(0.5))
    clamp.delay, clamp.dur, clamp.amp = 0, 1e9, 0.1 * case.current
    return section, clamp


def run(
    case: Case, sources: list[Any], section: Any = None, level: float = 0.0
) -> list[np.ndarray]:
    """When potentials come above a level, or artificial cells fire."""
    trains = []
    for source in sources:
        connection = h.NetCon(source, None, sec=section) if section else h.NetCon(source, None)
        connection.threshold = level
        times = h.Vector()
        connection.record(times)
        trains.append((times, connection))
    _run(case)
    return [times.as_numpy().copy() for times, _ in trains]


def trajectory(case: Case, sources: dict[str, Any]) -> dict[str, np.ndarray]:
    """States at the beginning and after every step."""
    traces = {}
    for name, source in sources.items():
        traces[name] = h.Vector()
        traces[name].record(source, case.dt)
    _run(case)
    return {name: trace.as_numpy().copy() for name, trace in traces.items()}


def _run(case: Case) -> None:
    h.CVode().active(True)
    h.CVode().atol(1e-7)
    h.finitialize(case.init.get("V", 0.0))
    h.continuerun(case.duration + 0.1)  # what it records ends before its time
