"""Which engine runs a job: the one asked for, or the one that is estimated to be done first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import msgspec

from kernels.neurons import catalogue
from kernels.neurons.engines import cost
from kernels.neurons.engines.cost import Ready
from kernels.neurons.model import Integrator, Model
from studio.operations import resolve
from studio.wire.requests import ModelConfig, RunConfig

C = TypeVar("C", bound=RunConfig)

_COMPILED = {"jax": "llvm"}  # by what clients may call it


class Batches(NamedTuple):
    """What a configuration runs of a model: batches of these widths, one after the other."""

    model: Model
    integrator: Integrator
    widths: list[int]
    n_steps: int


def batches(config: ModelConfig, widths: Sequence[int]) -> list[Batches]:
    """What a resolved configuration runs of its model; widths count columns without trials."""
    model = catalogue.get(config.name)
    wide = [width * config.trials for width in widths]
    return [Batches(model, resolve.integrator(model, config), wide, resolve.n_steps(config))]


class Choice(NamedTuple, Generic[C]):
    """A configuration with its engine, why that one runs, and seconds of computing, about."""

    config: C
    reason: str
    seconds: float


def choose(config: C, planned: Sequence[Batches], ready: Ready = ()) -> Choice[C]:
    """The engine of a resolved configuration; several models have one each."""
    name: str = _COMPILED.get(config.engine, config.engine)
    estimates = [cost.estimates(*batches, ready) for batches in planned]
    why = "asked for"
    if name == "auto":
        why = "estimated for each model"
        if len(estimates) == 1:
            name = next(iter(estimates[0]))
            told = ", ".join(f"{one} {_time(took)}" for one, took in estimates[0].items())
            why = f"estimated: {told}"
    seconds = sum(found.get(name, min(found.values())) for found in estimates)
    return Choice(msgspec.structs.replace(config, engine=name), why, seconds)


def _time(seconds: float) -> str:
    return f"{seconds:.2g} s" if seconds >= 1.0 else f"{seconds * 1e3:.2g} ms"
