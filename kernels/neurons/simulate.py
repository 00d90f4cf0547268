"""Run a batch from time 0 to its end, block by block."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels.neurons import engines
from kernels.neurons.batch import Batch
from kernels.neurons.engines import Advanced, Block, Engine, cost
from kernels.neurons.model import Integrator
from kernels.neurons.noise import Floats, Noise
from kernels.neurons.trace import Trace, TraceRecorder

_BLOCK_SECONDS = 0.01  # how soon a running batch can be told to stop
_BLOCK_NUMBERS = 4_000_000  # at most this many numbers at once: 32 MB


P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SoFar:
    """A batch under way: steps done, and of each column the spikes until then and whether it has
    diverged, (n_columns,)."""

    n_steps: int
    spike_count: NDArray[np.int64]
    diverged: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recording:
    """What a batch did.

    spike_columns: (n_spikes,); spike_times: (n_spikes,) ms, in order of time
    diverged_at: (n_columns,) ms, the first step after which a state was not finite; NaN for none
    mean_rate: (n_columns,) what stands for a rate where a model has no spikes, after the transient
    trace: states over time of the traced columns
    """

    n_columns: int
    duration: float
    spike_columns: NDArray[np.int64]
    spike_times: Floats
    diverged_at: Floats
    mean_rate: Floats | None
    trace: Trace


def count_steps(duration: float, dt: float) -> int:
    """How many whole steps of dt a duration holds; one that falls short by rounding is whole."""
    return int(duration / dt * (1.0 + 1e-12) + 1e-9)


def advancing(
    batch: Batch,
    *,
    duration: float,
    dt: float,
    integrator: Integrator,
    engine: str = "numpy",
    transient: float = 0.0,
    traced: Sequence[int] = (),
    block_steps: int | None = None,
) -> Generator[SoFar, None, Recording]:
    """Run a batch, yielding after each block of steps; abandon it by closing the generator.

    duration, dt: ms
    transient: ms from the start that the mean rate leaves out
    traced: the columns whose states are recorded
    block_steps: steps per block; the result does not depend on it
    """
    n_steps = count_steps(duration, dt)
    if block_steps is None:
        block_steps = _block_steps(batch, engine, integrator, len(traced))
    advance = engines.get(engine)
    params = batch.parameters()
    currents = batch.stimulus.source(dt, batch.identities(), batch.seed)
    noise = Noise(batch.model.noise, batch.seed, batch.identities())
    states = batch.initial_states()
    held, rate_sum = np.zeros((2, batch.n_columns))
    recorder = TraceRecorder(states, np.asarray(traced, np.int64), n_steps, dt)
    spikes = _Spikes(batch.n_columns)
    diverged_at = np.full(batch.n_columns, np.nan)
    n_transient = min(count_steps(transient, dt), n_steps)
    before = rate_sum
    for first, n in _blocks(n_transient, n_steps, block_steps):
        block = Block(
            model=batch.model,
            integrator=integrator,
            dt=dt,
            states=states,
            params=params,
            held=held,
            rate_sum=rate_sum,
            currents=currents(first, n),
            noise=noise.block(n),
            traced=recorder.columns,
        )
        advanced = advance(block)
        states, held, rate_sum = advanced.states, advanced.held, advanced.rate_sum
        if first + n <= n_transient:
            before = rate_sum
        spikes.add(advanced, first, dt)
        recorder.add(advanced.traces)
        lost = np.flatnonzero(_lost(states.values()) & np.isnan(diverged_at))
        if len(lost):
            steps = _steps_to_divergence(advance, block, lost)
            diverged_at[lost] = (first + steps) * dt
        yield SoFar(first + n, spikes.count, ~np.isnan(diverged_at))
    columns, times = spikes.joined()
    mean_rate = None
    if batch.model.rate is not None:
        mean_rate = (rate_sum - before) / ((n_steps - n_transient) or np.nan)
        diverged_at[~np.isfinite(rate_sum) & np.isnan(diverged_at)] = n_steps * dt
    return Recording(
        batch.n_columns,
        _simulated(duration, n_steps * dt),
        columns,
        times,
        diverged_at,
        mean_rate,
        recorder.trace(),
    )


def to_the_end(advancing: Callable[P, Generator[Any, None, T]]) -> Callable[P, T]:
    """The function that advances to the end and returns what the generator does."""

    @functools.wraps(advancing)
    def drained(*args: P.args, **kwargs: P.kwargs) -> T:
        running = advancing(*args, **kwargs)
        while True:
            try:
                next(running)
            except StopIteration as end:
                value: T = end.value
                return value

    return drained


run = to_the_end(advancing)


def _blocks(n_transient: int, n_steps: int, block_steps: int) -> Iterator[tuple[int, int]]:
    """First step and length of each block; one begins where the transient ends."""
    for begin, end in ((0, n_transient), (n_transient, n_steps)):
        for first in range(begin, end, block_steps):
            yield first, min(block_steps, end - first)


def _block_steps(batch: Batch, engine: str, integrator: Integrator, n_traced: int) -> int:
    """Steps per block: soon done, and small in memory."""
    overhead, per_column = cost.per_step(engine, batch.model, integrator)
    n = int(_BLOCK_SECONDS / (overhead + per_column * batch.n_columns))
    # spikes, currents and noise of every column, and the states of those that are traced
    wide, n_states = cost.filled(engine, batch.n_columns), len(batch.model.states)
    numbers = (2 + len(batch.model.noise)) * wide + n_states * cost.filled(engine, n_traced)
    return max(1, min(n, _BLOCK_NUMBERS // numbers))


def _simulated(duration: float, whole: float) -> float:
    """The duration, but for what is left over of it after whole steps."""
    return duration if np.isclose(whole, duration, rtol=1e-9, atol=0.0) else whole


def _lost(states: Iterable[Floats]) -> NDArray[np.bool_]:
    """Where any state is not finite."""
    lost: NDArray[np.bool_] = ~np.logical_and.reduce([np.isfinite(value) for value in states])
    return lost


def _steps_to_divergence(
    advance: Engine, block: Block, lost: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many steps into the block each lost column stayed finite, and one, (n_lost,)."""
    again = advance(dataclasses.replace(block, traced=lost))
    first: NDArray[np.int64] = _lost(again.traces.values()).argmax(axis=0)
    return first + 1


class _Spikes:
    """Spikes as they come, block by block."""

    def __init__(self, n_columns: int) -> None:
        self.count = np.zeros(n_columns, np.int64)
        self._columns: list[NDArray[np.int64]] = []
        self._times: list[Floats] = []

    def add(self, advanced: Advanced, first_step: int, dt: float) -> None:
        self._columns.append(advanced.spike_columns)
        self._times.append(np.asarray((first_step + advanced.spike_steps) * dt, np.float64))
        self.count = self.count + np.bincount(advanced.spike_columns, minlength=len(self.count))

    def joined(self) -> tuple[NDArray[np.int64], Floats]:
        if not self._columns:
            return np.empty(0, np.int64), np.empty(0)
        return np.concatenate(self._columns), np.concatenate(self._times)
