"""How a case runs in Brian2: equations as text over plain numbers, in ms or the paper's unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import brian2
import numpy as np

from witnesses.witness import Case

COMPILED = 100_000  # steps times states from which compiling takes less time than it saves

STAMP = (
    "Brian2 stamps a spike with the beginning of its step, and counts the refractory time from "
    "there: one step is added to both"
)
AMENDED = "; not typed blindly in one place, amended when the comparison showed it: "
CUT = f"{STAMP}; on both sides no rate sees more than the potential at which a spike is cut"


def _group(case: Case, equations: str, **options: Any) -> brian2.NeuronGroup:
    brian2.start_scope()
    work = case.duration / case.dt * len(case.model.states)
    brian2.prefs.codegen.target = "cython" if work > COMPILED else "numpy"
    brian2.defaultclock.dt = case.dt * brian2.ms
    namespace = {**vars(case.p), "I_in": case.current, "level": 0.0}
    if "level" in options.get("threshold", ""):
        namespace["level"] = case.level
    options = {"method": "rk4", "namespace": namespace, **options}
    group = brian2.NeuronGroup(case.trials, equations, **options)
    for name, value in case.init.items():
        if name in group.variables and not group.variables[name].read_only:
            setattr(group, name, value)
    return group


def refractory(case: Case, duration: float) -> brian2.Quantity:
    """A refractory period, counted from the end of the step in which the spike is."""
    return (duration + case.dt) * brian2.ms


def spikes(case: Case, equations: str, **options: Any) -> np.ndarray:
    """The spike times of one neuron, at the end of their steps."""
    return trials(case, equations, **options)[0]


def trials(case: Case, equations: str, **options: Any) -> list[np.ndarray]:
    """The spike times of every trial."""
    brian2.seed(1)
    group = _group(case, equations, **options)
    monitor = brian2.SpikeMonitor(group)
    brian2.Network(group, monitor).run(case.duration * brian2.ms)
    times = monitor.spike_trains().values()
    return [np.asarray(time / brian2.ms) + case.dt for time in times]


def excursions(case: Case, equations: str, **options: Any) -> np.ndarray:
    """The spike times where a spike is an excursion above the model's level."""
    state = case.model.spike.state
    above = f"{state} > level"
    return spikes(case, equations, threshold=above, refractory=above, **options)


def trajectory(
    case: Case, equations: str, names: Sequence[str], *, every_step: str = "", **options: Any
) -> dict[str, np.ndarray]:
    """States at the beginning and after every step, which is an update where they are a map."""
    group = _group(case, equations, **options)
    if every_step:
        group.run_regularly(every_step, when="end")
    monitor = brian2.StateMonitor(group, list(names), record=True)
    brian2.Network(group, monitor).run((case.duration + case.dt) * brian2.ms)
    return {name: np.asarray(getattr(monitor, name)[0]) for name in names}
