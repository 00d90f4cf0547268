"""Stimuli: the injected current of every column at every step.

An amplitude is a number for all columns or an array (n_columns,), in the model's current unit;
times are in its time unit. A current is held over each step at its value when the step begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.model import Array
from kernels.neurons.noise import Floats, Noise

Source = Callable[[int, int], Floats]
"""(first step, number of steps) -> currents (n_steps, n_columns), asked for in order of time."""

Columns = slice | NDArray[np.int64]

Self = TypeVar("Self", bound="Stimulus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stimulus:
    """What drives a batch; onset is when it begins: latencies count from there."""

    onset: float = 0.0

    def at(self, t: Floats) -> Array:
        """The current at times t, (n_steps, 1), as an array that broadcasts to (n_steps, n)."""
        raise NotImplementedError

    def source(self, dt: float, columns: NDArray[np.int64], seed: int) -> Source:
        """The currents of a run with steps of dt; noise depends on (seed, column) alone."""

        def currents(first_step: int, n_steps: int) -> Floats:
            steps = (first_step + np.arange(n_steps, dtype=np.float64))[:, np.newaxis]
            t: Floats = (steps + 1e-9) * dt
            return np.broadcast_to(np.asarray(self.at(t), np.float64), (n_steps, len(columns)))

        return currents

    def take(self: Self, columns: Columns) -> Self:
        """The same stimulus for some of the columns."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: of_columns(value, columns) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Constant(Stimulus):
    """The same current throughout."""

    amplitude: Array

    def at(self, t: Floats) -> Array:
        """The current at times t."""
        return self.amplitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Stimulus):
    """A current between onset and end, the baseline before and after."""

    amplitude: Array
    end: float = np.inf
    baseline: Array = 0.0

    def at(self, t: Floats) -> Array:
        """The current at times t."""
        return np.where((t >= self.onset) & (t < self.end), self.amplitude, self.baseline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp(Stimulus):
    """A current that goes straight from initial at onset to final at end, and stays there."""

    initial: Array
    final: Array
    end: float

    def at(self, t: Floats) -> Array:
        """The current at times t."""
        part = np.clip((t - self.onset) / (self.end - self.onset), 0.0, 1.0)
        return self.initial + (np.asarray(self.final) - self.initial) * part


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulses(Stimulus):
    """Pulses of a width that begin every period from onset on, the baseline between them."""

    amplitude: Array
    width: float
    period: float
    count: float = np.inf
    baseline: Array = 0.0

    def at(self, t: Floats) -> Array:
        """The current at times t."""
        number, phase = np.divmod(t - self.onset, self.period)
        on = (number >= 0) & (number < self.count) & (phase < self.width)
        return np.where(on, self.amplitude, self.baseline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fluctuating(Stimulus):
    """Gaussian noise around a mean: an Ornstein-Uhlenbeck process with correlation time tau, or,
    where tau is 0, a new value at every step, which is another noise at another dt.

    White noise of intensity D, whose autocovariance is D delta(t), is the limit of short tau with
    std = sqrt(D / (2 tau)).

    Source: Gillespie 1996, Phys Rev E 54:2084, equation 2.7 (exact for any dt)
    """

    mean: Array
    std: Array
    tau: float = 0.0

    def source(self, dt: float, columns: NDArray[np.int64], seed: int) -> Source:
        """The currents of a run with steps of dt."""
        noise = Noise({"~stimulus": "normal"}, seed, columns)
        keep = float(np.exp(-dt / self.tau)) if self.tau else 0.0
        fresh = np.sqrt(1.0 - keep * keep)
        deviation: Floats | None = None

        def currents(first_step: int, n_steps: int) -> Floats:
            nonlocal deviation
            rows = noise.block(n_steps)["~stimulus"]
            for row in rows:
                deviation = row if deviation is None else keep * deviation + fresh * row
                row[:] = deviation
            return np.asarray(self.mean + self.std * rows, np.float64)

        return currents


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Stimulus):
    """A recorded current, (n_samples,) at intervals of dt, straight between samples."""

    values: tuple[float, ...]
    dt: float

    def at(self, t: Floats) -> Array:
        """The current at times t."""
        times = np.arange(len(self.values)) * self.dt + self.onset
        return np.interp(t, times, self.values)

    def take(self, columns: Columns) -> Recorded:
        """The same stimulus for some of the columns."""
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Piecewise(Stimulus):
    """A current that goes straight from point to point and stays at the last one.

    times, values: (n_points,), times in order; two points at one time are a jump
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, t: Floats) -> Array:
        """The current at times t."""
        return np.interp(t - self.onset, self.times, self.values)

    def take(self, columns: Columns) -> Piecewise:
        """The same stimulus for some of the columns."""
        return self


def of_columns(value: Any, columns: Columns) -> Any:
    """The part of a per-column value that belongs to some columns; a number is everyone's."""
    return value[columns] if np.ndim(value) else value
