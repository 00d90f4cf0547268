"""What an engine runs: the tapes of a model's step and reset, and the order of their values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from kernels.neurons.model import Integrator, Model
from kernels.neurons.tape import Tape, record, record_reset

Key = tuple[str, str]


class Layout(NamedTuple):
    """carried: what goes from step to step; params; rows: what is given anew at every step"""

    carried: list[Key]
    params: list[str]
    rows: list[Key]


@dataclass(frozen=True, eq=False)
class Program:
    """A step, what a spike resets, and whether a spike holds its column for a refractory time."""

    name: str
    step: Tape
    reset: Tape
    refractory: bool
    layout: Layout

    @cached_property
    def digest(self) -> str:
        """What tells this program from any other."""
        tapes = [
            (list(tape.inputs.items()), list(tape.operations.items()), tape.results, tape.fired)
            for tape in (self.step, self.reset)
        ]
        content = repr((self.refractory, self.layout, tapes))
        return hashlib.sha256(content.encode()).hexdigest()[:32]


@lru_cache(maxsize=1024)
def program(model: Model, integrator: Integrator, *, refractory: bool) -> Program:
    """The program of a model; refractory: whether any column has a refractory time above 0."""
    step = record(model, integrator, refractory=refractory)
    reset = record_reset(model)
    carried = [("state", state.name) for state in model.states] + [("held", ""), ("rate_sum", "")]
    params = sorted({name for kind, name in (*step.inputs, *reset.inputs) if kind == "param"})
    rows = [key for key in step.inputs if key[0] in ("current", "noise")]
    return Program(model.name, step, reset, refractory, Layout(carried, params, rows))


def usual(model: Model, integrator: Integrator) -> Program:
    """The program of a model with its own parameters."""
    defaults = {param.name: param.default for param in model.params}
    refractory = model.refractory is not None and defaults[model.refractory] > 0.0
    return program(model, integrator, refractory=refractory)
