"""Which engine runs a job: the one asked for, or the one that is estimated to be done first."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import msgspec

from kernels.neurons import catalogue
from kernels.neurons.engines import cost
from kernels.neurons.engines.cost import Ready
from kernels.neurons.model import Integrator, Model
from studio.errors import FieldError, StudioError
from studio.operations import resolve
from studio.operations.stage import Chunk
from studio.wire.requests import ModelConfig, RunConfig
from studio.wire.results import Result

log = logging.getLogger(__name__)

C = TypeVar("C", bound=RunConfig)

_ASKED_FOR = "asked for"

# how a worker ends that runs machine code which this machine cannot
_FAULTS = ("SIGILL", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGABRT")
_WITHOUT_CODE = ("numpy", "scalar")
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
    """A configuration with its engine, why that one runs, which one where machine code fails, and
    seconds of computing, about."""

    config: C
    reason: str
    otherwise: str
    seconds: float


def choose(config: C, planned: Sequence[Batches], ready: Ready = ()) -> Choice[C]:
    """The engine of a resolved configuration; several models have one each."""
    name: str = _COMPILED.get(config.engine, config.engine)
    estimates = [cost.estimates(*batches, ready) for batches in planned]
    why = _ASKED_FOR
    if name == "auto":
        why = "estimated for each model"
        if len(estimates) == 1:
            name = next(iter(estimates[0]))
            told = ", ".join(f"{one} {_time(took)}" for one, took in estimates[0].items())
            why = f"estimated: {told}"
    seconds = sum(found.get(name, min(found.values())) for found in estimates)
    without = {one: sum(found[one] for found in estimates) for one in _WITHOUT_CODE}
    otherwise = min(without, key=without.__getitem__)
    return Choice(msgspec.structs.replace(config, engine=name), why, otherwise, seconds)


class EngineInUse:
    """The engine of a job on its way, which is another one once machine code has failed.

    reason: why the engine runs that was chosen; failure: of machine code, empty for none
    """

    def __init__(self, reason: str, otherwise: str = "numpy") -> None:
        self.reason, self.otherwise, self.failure = reason, otherwise, ""

    def of(self, chunk: Chunk) -> Chunk:
        """A chunk as it is to run."""
        return self._without_code(chunk) if self.failure else chunk

    def instead(self, chunk: Chunk, error: StudioError) -> Chunk:
        """The chunk without machine code; raises the error where that is not why, or asked for."""
        crashed = error.cause is not None and error.cause.signal in _FAULTS
        other = self._without_code(chunk)
        if (error.code != "no_engine" and not crashed) or other is chunk:
            raise error
        if self.reason == _ASKED_FOR:
            fault = FieldError("/engine", f"{error.detail}; auto chooses another one")
            raise StudioError("no_engine", errors=(fault,), cause=error.cause) from error
        log.warning("machine code fails, %s runs: %s", self.otherwise, error.detail)
        self.failure = error.detail
        return other

    def _without_code(self, chunk: Chunk) -> Chunk:
        """The same work, or the chunk itself where it runs no machine code."""
        config = chunk.args[0] if chunk.args else None
        if not isinstance(config, RunConfig) or config.engine in _WITHOUT_CODE:
            return chunk
        other = msgspec.structs.replace(config, engine=self.otherwise)
        return dataclasses.replace(chunk, args=(other, *chunk.args[1:]))

    def tell(self, result: Result) -> None:
        """Write into a result what ran and why."""
        result.engine_reason = self.reason
        if self.failure:
            why = f"{self.otherwise} ran since machine code failed: {self.failure}"
            result.engine_reason = f"{self.reason}; {why}"
            if result.engine != "auto":  # whose rows say which
                result.engine = result.config["engine"] = self.otherwise


def _time(seconds: float) -> str:
    return f"{seconds:.2g} s" if seconds >= 1.0 else f"{seconds * 1e3:.2g} ms"
