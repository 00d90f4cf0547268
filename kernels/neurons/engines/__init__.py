"""Engines advance a batch by a block of steps, all behind one interface and with one answer."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.model import Array, Integrator, Model
from kernels.neurons.noise import Floats


@dataclass(slots=True)
class Block:
    """A block of steps to advance: where the columns stand and what drives them.

    states: {name: (n_columns,)}; params: {name: number or (n_columns,)}
    held: (n_columns,) steps left of each column's refractory period
    rate_sum: (n_columns,) sum over the steps so far of what stands for a rate
    currents: (n_steps, n_columns); noise: {name: (n_steps, n_columns)}
    traced: the columns whose states are wanted at every step
    """

    model: Model
    integrator: Integrator
    dt: float
    states: dict[str, Array]
    params: dict[str, Array]
    held: Floats
    rate_sum: Floats
    currents: Floats
    noise: dict[str, Floats]
    traced: NDArray[np.int64]


@dataclass(slots=True)
class Advanced:
    """Where a block of steps has led.

    spike_steps, spike_columns: (n_spikes,) in order of time; a step counts from 1 in the block,
        since a spike is dated at the end of its step
    traces: {name: (n_steps, n_traced)} the states after each step
    """

    states: dict[str, Array]
    held: Floats
    rate_sum: Floats
    spike_steps: NDArray[np.int64]
    spike_columns: NDArray[np.int64]
    traces: dict[str, Floats]


class Engine(Protocol):
    """Advances a block; the numpy engine is the reference that the others must equal."""

    def __call__(self, block: Block) -> Advanced: ...


class EngineError(Exception):
    """An engine cannot run here; its text says which one and why."""


ENGINES = ("numpy", "scalar", "llvm")


def get(name: str) -> Engine:
    """The engine of that name, imported when first asked for; raises KeyError, EngineError."""
    engine: Engine = module(name).advance
    return engine


def module(name: str) -> Any:
    """The module of an engine; raises KeyError, EngineError."""
    if name not in ENGINES:
        raise KeyError(name)
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except Exception as error:  # a library that is broken raises what it will
        raise EngineError(f"{name} cannot be loaded: {error}") from error


def is_ready(digest: str) -> bool:
    """Whether this process need not compile the program of that digest."""
    llvm = sys.modules.get(f"{__name__}.llvm")
    return llvm is not None and llvm.is_ready(digest)


def refractory_steps(block: Block) -> Array | None:
    """How many steps a spike holds its column for, or None where no column has such a time."""
    name = block.model.refractory
    if name is None or not np.any(block.params[name]):
        return None
    return np.rint(np.asarray(block.params[name]) / block.dt)
