"""Traces: states over time, thinned while they are recorded so that extremes stay visible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernels.neurons.noise import Floats

MAX_POINTS = 5000


@dataclass(frozen=True, slots=True)
class Trace:
    """States over time.

    t: (n_points,) ms; states: {name: (n_points, n_traced)}
    ranges: {name: (3, n_traced)} minimum, maximum and mean over every step
    """

    t: Floats
    states: dict[str, Floats]
    ranges: dict[str, Floats]


class TraceRecorder:
    """Keeps every step of a short run, and two points of each bucket of steps of a long one.

    The two points of a bucket are its minimum and maximum, in the order in which they came, so a
    spike of one step is never lost.
    """

    def __init__(
        self, initial: dict[str, Floats], columns: NDArray[np.int64], n_steps: int, dt: float
    ) -> None:
        self.columns = columns
        self._dt, self._n_steps = dt, n_steps
        self._bucket = 1 if n_steps < MAX_POINTS else -(-n_steps // (MAX_POINTS // 2 - 1))
        first = {name: value[columns][np.newaxis] for name, value in initial.items()}
        self._points = {name: [value] for name, value in first.items()}
        self._rest = {name: value[:0] for name, value in first.items()}
        self._ranges = {name: _range(value) for name, value in first.items()}

    def add(self, traces: dict[str, Floats]) -> None:
        """Take the states of the next block, {name: (n_steps, n_traced)}."""
        if not len(self.columns):
            return
        with np.errstate(all="ignore"):  # the states of a diverged column have no sum
            for name, values in traces.items():
                self._add(name, values)

    def _add(self, name: str, values: Floats) -> None:
        low, high, total = self._ranges[name]
        low = np.minimum(low, values.min(axis=0))
        high = np.maximum(high, values.max(axis=0))
        self._ranges[name] = np.stack([low, high, total + values.sum(axis=0)])
        values = np.concatenate([self._rest[name], values])
        whole = len(values) - len(values) % self._bucket
        self._points[name].append(_thinned(values[:whole], self._bucket))
        self._rest[name] = values[whole:]

    def trace(self) -> Trace:
        """Everything recorded."""
        n = self._n_steps
        states = {
            name: np.concatenate([*points, _thinned(self._rest[name], len(self._rest[name]))])
            for name, points in self._points.items()
        }
        ranges = {name: np.stack([a, b, c / (n + 1)]) for name, (a, b, c) in self._ranges.items()}
        return Trace(self._times() if len(self.columns) else np.zeros(1), states, ranges)

    def _times(self) -> Floats:
        """The times of the points, which stand a quarter into their bucket from either end."""
        n, bucket = self._n_steps, self._bucket
        edges = np.append(np.arange(0, n, bucket), n)
        begin, length = edges[:-1], np.diff(edges)
        first, second = begin + (length + 2) // 4, begin + length - length // 4
        steps = np.stack([first, second], axis=1)[length > 1].ravel()
        single = edges[1:][length == 1]  # a bucket of one step is one point, at its end
        return np.asarray(np.sort(np.concatenate([[0], steps, single])) * self._dt, np.float64)


def _thinned(values: Floats, bucket: int) -> Floats:
    """The minimum and maximum of every bucket of steps, in the order in which they came."""
    if bucket <= 1:
        return values
    buckets = values.reshape(-1, bucket, values.shape[1])
    low, high = buckets.argmin(axis=1), buckets.argmax(axis=1)
    pair = np.stack([np.minimum(low, high), np.maximum(low, high)], axis=1)
    return np.take_along_axis(buckets, pair, axis=1).reshape(-1, values.shape[1])


def _range(first: Floats) -> Floats:
    return np.stack([first[0], first[0], first[0]])
