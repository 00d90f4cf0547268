"""The search for the rows of a space where a score is highest, inside its constraints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize

from kernels.optimise.design import sobol
from kernels.optimise.polytope import Floats, Polytope
from kernels.optimise.space import Space

Score = Callable[[Floats], Floats]
"""Rows, (n, width), to how good they are, (n,)."""
Climb = Callable[[Floats], tuple[Floats, Floats]]
"""Rows to how good they are and to the gradient, (n, width)."""

# Candidates that are scored before the best become starts: over the space, and around the front.
_N_WIDE = 512
_N_NEAR = 256
_NEAR_SCALES = (0.3, 0.1, 0.03, 0.01)
_N_STARTS = 8
_MAX_ROUNDS = 60
# Without gradients: how often the best are perturbed, each time closer.
_N_WANDERS = 6


def maximise(
    space: Space, pool: Floats, score: Score, climb: Climb | None, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Valid rows and their scores, the best first.

    pool: rows to start from, see `pool`; climb: the score with its gradient, where it has one
    """
    scores = score(pool)
    rows = _starts(pool, scores)
    moved = _wander(space, rows, score, rng) if climb is None else _ascend(space, rows, climb)
    found = _exchange(space, moved, score)
    everything = np.vstack([found, pool])
    values = np.concatenate([score(found), scores])
    order = np.argsort(-values, kind="stable")
    return everything[order], values[order]


def pool(space: Space, best: Floats, rng: np.random.Generator) -> Floats:
    """Valid rows all over the space, then around the best known ones, to choose starts from."""
    if space.polytope is None:
        wide = space.snap(space.spread(sobol(_N_WIDE, len(space.dimensions), rng)))
    else:
        wide = space.sample(_N_WIDE, rng)
    return np.vstack([wide, _around(space, best, _N_NEAR, _NEAR_SCALES, rng)])


def _around(
    space: Space, rows: Floats, n: int, scales: Sequence[float], rng: np.random.Generator
) -> Floats:
    """n valid rows near some of these: some of their columns moved, some categories redrawn."""
    near = rows[rng.integers(len(rows), size=n)]
    size = rng.choice(scales, size=(n, 1))
    n_parameters = len(space.dimensions)
    moved = rng.random((n, n_parameters)) < max(0.3, 1.0 / n_parameters)
    moved[np.arange(n), rng.integers(n_parameters, size=n)] = True
    moved = moved[:, space.groups]
    numbers = near + size * rng.standard_normal(near.shape)
    redrawn = space.spread(rng.random((n, n_parameters)))
    return space.snap(np.where(moved, np.where(space.movable, numbers, redrawn), near))


def _starts(pool: Floats, values: Floats) -> Floats:
    """The best of the pool: half from all over the space, half from around the front."""
    half = _N_STARTS // 2
    wide = np.argsort(-values[:_N_WIDE], kind="stable")[:half]
    near = _N_WIDE + np.argsort(-values[_N_WIDE:], kind="stable")[:half]
    return np.asarray(pool[np.concatenate([wide, near])])


def _ascend(space: Space, rows: Floats, climb: Climb) -> Floats:
    """Rows moved uphill inside the constraints, then made valid."""
    if space.polytope is None:
        return space.snap(_ascend_in_box(space, rows, climb))
    climbed = [_ascend_in_polytope(space, space.polytope, row, climb) for row in rows]
    return space.snap(np.array(climbed))


def _ascend_in_box(space: Space, rows: Floats, climb: Climb) -> Floats:
    """All rows at once: the sum of their scores has no terms between them."""
    free = np.broadcast_to(space.movable, rows.shape)
    moved = rows.copy()

    def downhill(x: Floats) -> tuple[float, Floats]:
        moved[free] = x
        value, gradient = climb(moved)
        return -float(value.sum()), -gradient[free]

    if free.any():
        bounds = [(0.0, 1.0)] * int(free.sum())
        found = minimize(
            downhill,
            rows[free],
            method="L-BFGS-B",
            jac=True,
            bounds=bounds,
            options={"maxiter": _MAX_ROUNDS},
        )
        moved[free] = found.x
    return moved


def _ascend_in_polytope(space: Space, polytope: Polytope, row: Floats, climb: Climb) -> Floats:
    """One row by sequential quadratic programming, whose steps keep linear constraints."""
    free = space.movable
    moved = row.copy()

    def downhill(x: Floats) -> tuple[float, Floats]:
        moved[free] = np.clip(x, 0.0, 1.0)
        value, gradient = climb(moved[np.newaxis])
        return -float(value[0]), -gradient[0, free]

    found = minimize(
        downhill,
        row[free],
        method="SLSQP",
        jac=True,
        bounds=[(0.0, 1.0)] * int(free.sum()),
        constraints=_constraints(polytope, space.tied[free]),
        options={"maxiter": _MAX_ROUNDS, "ftol": 1e-9},
    )
    # it may leave for nowhere where the constraints meet in a corner
    moved[free] = found.x if np.all(np.isfinite(found.x)) else row[free]
    return moved


def _constraints(polytope: Polytope, tied: NDArray[np.bool_]) -> list[LinearConstraint]:
    """The polytope's over the movable columns, of which some are tied."""
    found = []
    for rows, lowest in (
        (polytope.upper, np.full(len(polytope.upper.bound), -np.inf)),
        (polytope.equal, polytope.equal.bound),
    ):
        if len(rows.bound):
            matrix = np.zeros((len(rows.bound), len(tied)))
            matrix[:, tied] = rows.matrix
            found.append(LinearConstraint(matrix, lowest, rows.bound))
    return found


def _wander(space: Space, rows: Floats, score: Score, rng: np.random.Generator) -> Floats:
    """Rows improved by trying others around them, ever closer: for surrogates without gradients."""
    for wander in range(_N_WANDERS):
        tried = np.vstack([rows, _around(space, rows, _N_NEAR, (0.3 * 0.5**wander,), rng)])
        rows = tried[np.argsort(-score(tried), kind="stable")[: len(rows)]]
    return rows


def _exchange(space: Space, rows: Floats, score: Score) -> Floats:
    """Each row with levels and choices changed one by one for as long as that helps."""
    found = []
    for start in rows:
        row, value = start, float(score(start[np.newaxis])[0])
        while len(others := space.neighbours(row)):
            values = score(others)
            if values.max() <= value:
                break
            row, value = others[values.argmax()], float(values.max())
        found.append(row)
    return np.array(found)
