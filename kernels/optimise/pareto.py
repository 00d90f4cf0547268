"""Pareto fronts, the hypervolume they dominate, and the cells of what they do not.

Everything here is minimised.
"""

from __future__ import annotations

from dataclasses import dataclass

import moocore
import numpy as np
from numpy.typing import NDArray

from kernels.optimise.polytope import Floats


def on_front(values: Floats) -> NDArray[np.bool_]:
    """Which rows, (n, n_objectives), no other dominates; of equal rows each, with NaN none."""
    known = np.all(np.isfinite(values), axis=1)
    front = np.zeros(len(values), dtype=np.bool_)
    if known.any():
        front[known] = moocore.is_nondominated(values[known], keep_weakly=True)
    return front


def hypervolume(values: Floats, reference: Floats) -> float:
    """The volume between the reference point, (n_objectives,), and what the rows dominate."""
    inside = values[np.all(values < reference, axis=1)]
    return float(moocore.hypervolume(inside, ref=reference)) if len(inside) else 0.0


def normalised_hypervolume(values: Floats, ideal: Floats, reference: Floats) -> float:
    """The hypervolume as a share of the box from the ideal to the reference point."""
    return hypervolume(values, reference) / float(np.prod(reference - ideal))


@dataclass(frozen=True, slots=True)
class Cells:
    """Boxes without overlap that cover all that lies below the reference and is not dominated.

    low, high: (n_cells, n_objectives); low is -inf where a cell has no floor
    """

    low: Floats
    high: Floats


def cells(values: Floats, reference: Floats) -> Cells:
    """The cells that a set of rows leaves, (n, n_objectives).

    Each local upper bound of the set gives one cell; rows are added one by one. Source: Klamroth,
    Lacour and Vanderpooten 2015, Eur J Oper Res 245:767 (the bounds and the rows that define
    them); Lacour, Klamroth and Fonseca 2017, Comput Oper Res 79:347 (a box for each)
    """
    n_objectives = len(reference)
    inside = values[np.all(values < reference, axis=1)]
    front = inside[moocore.is_nondominated(inside)] if len(inside) else inside
    bound = reference[np.newaxis]
    # definers[b, k]: the row that fixes coordinate k of bound b; at first rows at infinity
    definers = np.full((1, n_objectives, n_objectives), -np.inf)
    definers[0, np.arange(n_objectives), np.arange(n_objectives)] = reference
    for row in front[np.argsort(front[:, 0], kind="stable")]:
        bound, definers = _with(row, bound, definers)
    low = np.full_like(bound, -np.inf)
    for k in range(n_objectives - 1):
        low[:, k] = definers[:, k + 1 :, k].max(axis=1)
    solid = np.all(low < bound, axis=1)
    return Cells(low[solid], bound[solid])


def _with(row: Floats, bound: Floats, definers: Floats) -> tuple[Floats, Floats]:
    """The local upper bounds, and what defines them, once a row has been added."""
    hit = np.all(row < bound, axis=1)
    bounds, kept = [bound[~hit]], [definers[~hit]]
    for k in range(len(row)):
        others = np.delete(definers[hit], k, axis=1)[:, :, k].max(axis=1, initial=-np.inf)
        valid = row[k] >= others
        lowered, defined = bound[hit][valid], definers[hit][valid]
        lowered[:, k] = row[k]
        defined[:, k] = row
        bounds.append(lowered)
        kept.append(defined)
    return np.vstack(bounds), np.concatenate(kept)
