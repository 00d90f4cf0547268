"""What a witness is: the same run of one model by somebody else's code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np

from kernels.neurons.model import Integrator, Model

Kind = Literal["spikes", "distribution", "trajectory"]


@dataclass(frozen=True)
class Case:
    """What both sides are asked to run.

    p: every parameter of the model; init: its initial states; current: a constant one
    trials: independent runs, of a stochastic model
    """

    model: Model
    p: SimpleNamespace
    init: dict[str, float]
    current: float
    duration: float
    dt: float
    integrator: Integrator
    trials: int

    @property
    def level(self) -> float:
        """The level whose crossing the model counts as a spike."""
        level = self.model.spike.level
        return getattr(self.p, level) if isinstance(level, str) else level


@dataclass(frozen=True, kw_only=True)
class Witness:
    """Somebody else's run of one of the models.

    model: the model's name; preset: one of its presets; peer: what it is compared to
    builtin: whether the peer's authors wrote the model, or its equations were typed for the peer
    kind: what `run` returns: spike times (n,), the spike times of every trial, or
        {state: values at the beginning and after every step}
    params, init, current, duration, dt, integrator: what differs from the model's defaults
    tolerance: of spikes, in the model's time unit; of a trajectory, as a share of its range
    note: what the peer does by another convention, and what is done about it
    """

    model: str
    peer: str
    builtin: bool
    run: Callable[[Case], Any]
    kind: Kind = "spikes"
    preset: str | None = None
    params: Mapping[str, float] = field(default_factory=dict)
    init: Mapping[str, float] = field(default_factory=dict)
    current: float | None = None
    duration: float | None = None
    dt: float | None = None
    integrator: Integrator | None = None
    trials: int = 1
    tolerance: float | None = None
    note: str = ""


WITNESSES: list[Witness] = []


def witness(
    model: str, peer: str, *, builtin: bool, **settings: Any
) -> Callable[[Callable[[Case], Any]], Callable[[Case], Any]]:
    """Enter a function into the table of witnesses."""

    def enter(run: Callable[[Case], Any]) -> Callable[[Case], Any]:
        WITNESSES.append(Witness(model=model, peer=peer, builtin=builtin, run=run, **settings))
        return run

    return enter


def crossings(t: np.ndarray, v: np.ndarray, level: float) -> np.ndarray:
    """The times of the first samples above the level, of a trace that comes from below it."""
    return t[1:][(v[1:] > level) & (v[:-1] <= level)]
