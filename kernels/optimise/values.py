"""Objectives of evaluations as rows of numbers, all minimised, with numpy alone.

`minimised` turns values that are to be maximised around.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def minimised(values: Floats, maximise: Sequence[bool]) -> Floats:
    """Values, (n, n_objectives), with the sign of those to be maximised turned around."""
    return np.asarray(values * np.where(maximise, -1.0, 1.0))


def nondominated(values: Floats) -> NDArray[np.bool_]:
    """Which rows, (n, n_objectives), no other dominates; of equal rows each."""
    kept = np.ones(len(values), dtype=np.bool_)
    for index, row in enumerate(values):
        kept[index] = not np.any(np.all(values <= row, axis=1) & np.any(values < row, axis=1))
    return kept


def reference_point(values: Floats) -> Floats:
    """A reference point for rows seen so far: a tenth of the range beyond the worst of each.

    Fixed when sampling ends, so that the hypervolume never falls.
    """
    worst, best = values.max(axis=0), values.min(axis=0)
    margin = 0.1 * (worst - best)
    return np.asarray(worst + np.where(margin > 0, margin, np.maximum(0.1 * np.abs(worst), 1.0)))


def knee(values: Floats) -> int:
    """The row of a front next to the ideal once every objective is scaled to its range on it."""
    low, high = values.min(axis=0), values.max(axis=0)
    scaled = (values - low) / np.where(high > low, high - low, 1.0)
    return int(np.linalg.norm(scaled, axis=1).argmin())
