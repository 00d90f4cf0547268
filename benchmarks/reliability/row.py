"""A row of docs/reliability.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A promise: what is asked, what was measured, and whether that keeps it."""

    promise: str
    asked: str
    measured: str
    holds: bool


Measure = Callable[[], Row]


def worst(seconds: Sequence[float]) -> str:
    """Median, 99th percentile and maximum of times, in ms."""
    ordered = sorted(seconds)
    return (
        f"median {at(ordered, 0.5) * 1000:.1f} ms, p99 {at(ordered, 0.99) * 1000:.1f} ms, "
        f"max {ordered[-1] * 1000:.1f} ms"
    )


def at(seconds: Sequence[float], quantile: float) -> float:
    """A quantile of times: the least that so many do not exceed."""
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(quantile * len(ordered)) - 1)]
