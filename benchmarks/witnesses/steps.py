"""How far the spikes of a canonical run are from where smaller steps have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from kernels.neurons.batch import Batch
from kernels.neurons.catalogue import CATALOGUE
from kernels.neurons.model import Integrator, Model
from kernels.neurons.simulate import run
from kernels.neurons.stimulus import Constant
from witnesses.compare import allowed, pairs

FINER = 64  # steps of rk4 in one of the model's own
FIRST_MS = 200.0  # of a run that has a spike in them


@dataclass(frozen=True)
class Resolved:
    """A model's run at its own step and at small ones.

    own, fine: spikes; largest: difference between two of the same number
    why: what it comes of where it is more than allowed
    """

    model: Model
    duration: float
    own: int
    fine: int
    largest: float
    why: Literal["", "grid", "method"]

    @property
    def per_spike(self) -> float:
        """The difference in steps for each spike."""
        return self.largest / (self.model.dt * self.own)


def every() -> list[Resolved]:
    """Every model that has spikes, steps, and nothing random."""
    models = [model for model in CATALOGUE if model.spiking and not model.tied_to_dt]
    return [_resolved(model) for model in sorted(models, key=lambda model: model.name.lower())]


def _resolved(model: Model) -> Resolved:
    duration, limit = model.duration, allowed(model, model.dt)
    own = _spikes(model, duration, model.dt, model.integrator)
    if model.time_unit == "ms" and own[0] <= FIRST_MS:
        duration = min(duration, FIRST_MS)
        own = own[own <= duration * (1 + 1e-9)]
    fine = _spikes(model, duration, model.dt / FINER, "rk4")
    apart, same = pairs(own, fine, duration, limit)
    row = Resolved(model, duration, len(own), len(fine), float(apart.max()), "")
    if same and row.largest <= limit * (1 + 1e-9):
        return row
    waits = same and model.reset and (row.per_spike <= 1 or model.integrator == "rk4")
    return replace(row, why="grid" if waits else "method")


def _spikes(model: Model, duration: float, dt: float, integrator: Integrator) -> np.ndarray:
    batch = Batch(model, 1, Constant(model.current))
    return run(batch, duration=duration, dt=dt, integrator=integrator, engine="llvm").spike_times
