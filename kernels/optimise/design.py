"""The initial design: points that cover the space evenly before anything is known."""

from __future__ import annotations

import numpy as np
from scipy.stats import qmc

from kernels.optimise.polytope import Floats
from kernels.optimise.space import Space

# How many candidates a point of the design is chosen from where constraints rule out a plain one.
_POOL = 32


def initial_design(space: Space, n: int, rng: np.random.Generator) -> Floats:
    """Distinct valid rows, (n, width), or as many as the space has where it has fewer.

    A scrambled Sobol sequence (Owen 1998, J Complexity 14:466). Constraints that leave room take
    what falls inside; those that fix a sum take a spread-out choice of evenly drawn points.
    """
    rows = _distinct(_pool(space, max(n, 1), rng))
    # a scrambled sequence may hit one point of a small grid twice: draw again, larger
    for size in (_POOL * n, _POOL**2 * n):
        if len(rows) >= n:
            break
        rows = _distinct(np.vstack([rows, _pool(space, size, rng)]))
    return rows[:n] if space.polytope is None else _spread_out(rows, n)


def sobol(n: int, width: int, rng: np.random.Generator) -> Floats:
    """The first n points of a scrambled Sobol sequence, (n, width)."""
    engine = qmc.Sobol(width, rng=rng)
    drawn: Floats = engine.random_base2(max(n - 1, 0).bit_length())[:n]
    return drawn


def _pool(space: Space, n: int, rng: np.random.Generator) -> Floats:
    if space.polytope is None:
        return space.snap(space.spread(sobol(n, len(space.dimensions), rng)))
    rows = space.spread(sobol(_POOL * n, len(space.dimensions), rng))
    rows[:, space.tied] = space.polytope.sample(_POOL * n, rng)
    return space.snap(rows)


def _distinct(rows: Floats) -> Floats:
    """The rows in their order, each once."""
    _, first = np.unique(rows.round(9), axis=0, return_index=True)
    return np.asarray(rows[np.sort(first)])


def _spread_out(rows: Floats, n: int) -> Floats:
    """A choice of n rows, each as far as possible from those before (Gonzalez 1985)."""
    chosen = [0]
    distance = np.linalg.norm(rows - rows[0], axis=1)
    while len(chosen) < min(n, len(rows)):
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(rows - rows[chosen[-1]], axis=1))
    return rows[chosen]
