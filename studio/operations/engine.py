"""Which engine runs a job: the one asked for, or the one that is estimated to be done first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

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


def choose(config: C, planned: Sequence[Batches], ready: Ready = ()) -> C:
    """The configuration with the engine that runs it; several models have one each."""
    name: str = _COMPILED.get(config.engine, config.engine)
    if name == "auto" and len(planned) == 1:
        name = next(iter(cost.estimates(*planned[0], ready)))
    return msgspec.structs.replace(config, engine=name)


def reason(asked: str, planned: Sequence[Batches], ready: Ready = ()) -> str:
    """Why a job runs on its engine."""
    if asked != "auto":
        return "asked for"
    if len(planned) != 1:
        return "estimated for each model"
    estimates = cost.estimates(*planned[0], ready)
    return f"estimated: {', '.join(f'{name} {_time(took)}' for name, took in estimates.items())}"


def seconds(config: RunConfig, planned: Sequence[Batches], ready: Ready = ()) -> float:
    """How long the computing of a resolved configuration takes in all, about."""
    each = (cost.estimates(*batches, ready) for batches in planned)
    return sum(found.get(config.engine, min(found.values())) for found in each)


def _time(seconds: float) -> str:
    return f"{seconds:.2g} s" if seconds >= 1.0 else f"{seconds * 1e3:.2g} ms"
