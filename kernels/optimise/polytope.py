"""The part of the unit cube that linear constraints leave: its points, samples and projections."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.optimize import linprog, nnls

Floats = NDArray[np.float64]

TOLERANCE = 1e-9
"""By how much a point of the unit cube may miss a constraint whose rows have length 1."""
# Slack below which an inequality counts as an equality: above the tolerance of the LP solver.
_FLAT = 1e-6
# Distance from a wall of the cube that rounding leaves to a point that is meant to be on it.
_ROUNDING = 1e-10


class EmptyPolytopeError(ValueError):
    """No point of the cube satisfies the constraints."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Linear constraints over the cube: matrix @ z <= bound, or == bound.

    matrix: (n_rows, width); bound: (n_rows,)
    """

    matrix: Floats
    bound: Floats

    def normalised(self) -> Rows:
        """The same with rows of length 1; rows of zeros are left out where they hold."""
        length = np.linalg.norm(self.matrix, axis=1)
        kept = length > 0
        return Rows(self.matrix[kept] / length[kept, np.newaxis], self.bound[kept] / length[kept])


@dataclass(frozen=True, slots=True)
class Polytope:
    """Points z of the unit cube with upper.matrix @ z <= upper.bound and equal.matrix @ z == bound.

    Inside it everything happens in coordinates w of its own flat: z = centre + basis @ w, so that
    equalities hold for every w. centre: (width,), the middle of the largest ball that fits;
    basis: (width, n_free), orthonormal; sides: the inequalities and the walls of the cube, in w
    """

    upper: Rows
    equal: Rows
    centre: Floats = field(init=False)
    basis: Floats = field(init=False)
    sides: Rows = field(init=False)

    def __post_init__(self) -> None:
        upper, equal = self.upper.normalised(), self.equal.normalised()
        upper, equal = _flattened(upper, equal)
        width = upper.matrix.shape[1]
        basis = null_space(equal.matrix) if len(equal.matrix) else np.eye(width)
        centre = _centre(upper, equal)
        walls = _with_walls(upper)
        sides = Rows(walls.matrix @ basis, walls.bound - walls.matrix @ centre)
        object.__setattr__(self, "upper", upper)
        object.__setattr__(self, "equal", equal)
        object.__setattr__(self, "centre", centre)
        object.__setattr__(self, "basis", basis)
        object.__setattr__(self, "sides", sides.normalised())

    def contains(self, points: Floats) -> NDArray[np.bool_]:
        """Which of the points, (n, width), lie in it to within TOLERANCE."""
        walls = _with_walls(self.upper)
        below = np.all(points @ walls.matrix.T <= walls.bound + TOLERANCE, axis=1)
        level = np.abs(points @ self.equal.matrix.T - self.equal.bound) <= TOLERANCE
        inside: NDArray[np.bool_] = below & np.all(level, axis=1)
        return inside

    def project(self, points: Floats) -> Floats:
        """The nearest point of the polytope to each, (n, width)."""
        return np.array([nearest(self.upper, self.equal, z) for z in points]).reshape(points.shape)

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Points spread evenly over the polytope, (n, width), by hit-and-run.

        Source: Smith 1984, Oper Res 32:1296. Each point is a chain of its own from the centre, all
        advanced together, so that the points do not depend on each other.
        """
        n_free = self.basis.shape[1]
        w = np.zeros((n, n_free))
        for _ in range(_mixing_steps(n_free)):
            direction = rng.standard_normal((n, n_free))
            direction /= np.linalg.norm(direction, axis=1, keepdims=True)
            w = w + _along(self.sides, w, direction, rng.random(n)) * direction
        return settled(self.equal, self.centre + w @ self.basis.T)


def _mixing_steps(n_free: int) -> int:
    return 0 if n_free == 0 else 20 + 10 * n_free


def _along(sides: Rows, w: Floats, direction: Floats, share: Floats) -> Floats:
    """How far to go: that share of the way from one side to the other, (n, 1)."""
    speed = direction @ sides.matrix.T
    room = np.maximum(sides.bound - w @ sides.matrix.T, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = room / speed
    forth = np.where(speed > 0, reach, np.inf).min(axis=1)
    back = np.where(speed < 0, reach, -np.inf).max(axis=1)
    return np.asarray(back + share * (forth - back))[:, np.newaxis]


def settled(equal: Rows, points: Floats) -> Floats:
    """Points of the cube, (n, width); a coordinate that misses a wall by rounding alone is on it.

    What that takes from the equalities the coordinates between the walls make good.
    """
    inside = np.clip(points, 0.0, 1.0)
    wall = np.round(inside)
    between = np.abs(inside - wall) >= _ROUNDING
    found = np.where(between, inside, wall)
    for row in np.flatnonzero(np.any(found != points, axis=1)):
        free = between[row]
        error = equal.matrix @ found[row] - equal.bound
        found[row, free] -= np.linalg.pinv(equal.matrix[:, free]) @ error
    return found


def _with_walls(upper: Rows) -> Rows:
    """The inequalities and those of the unit cube."""
    width = upper.matrix.shape[1]
    return Rows(
        np.vstack([upper.matrix, np.eye(width), -np.eye(width)]),
        np.concatenate([upper.bound, np.ones(width), np.zeros(width)]),
    )


def _flattened(upper: Rows, equal: Rows) -> tuple[Rows, Rows]:
    """Inequalities that leave no room, walls too, made equalities: what is left has an inside."""
    walls = _with_walls(upper)
    slack = np.array([_most_room(walls, equal, row) for row in range(len(walls.matrix))])
    flat = slack < _FLAT
    matrix = np.vstack([equal.matrix, walls.matrix[flat]])
    bound = np.concatenate([equal.bound, walls.bound[flat]])
    kept = ~flat[: len(upper.matrix)]
    return Rows(upper.matrix[kept], upper.bound[kept]), Rows(matrix, bound)


def _most_room(walls: Rows, equal: Rows, row: int) -> float:
    """The largest slack that a point of the polytope leaves to one inequality."""
    found = linprog(
        walls.matrix[row],
        A_ub=walls.matrix,
        b_ub=walls.bound,
        A_eq=equal.matrix,
        b_eq=equal.bound,
        bounds=(None, None),
    )
    if not found.success:
        raise EmptyPolytopeError("no point satisfies the constraints")
    return float(walls.bound[row] - found.fun)


def _centre(upper: Rows, equal: Rows) -> Floats:
    """The middle of the largest ball that fits, walls that are equalities aside; (width,)."""
    walls = _with_walls(upper)
    flat = null_space(equal.matrix) if len(equal.matrix) else np.eye(walls.matrix.shape[1])
    # within the flat, a side is as far as the part of its normal that lies in the flat says
    reach = np.linalg.norm(walls.matrix @ flat, axis=1, keepdims=True)
    found = linprog(
        np.append(np.zeros(walls.matrix.shape[1]), -1.0),
        A_ub=np.hstack([walls.matrix, reach]),
        b_ub=walls.bound,
        A_eq=np.hstack([equal.matrix, np.zeros((len(equal.matrix), 1))]),
        b_eq=equal.bound,
        bounds=[(None, None)] * walls.matrix.shape[1] + [(0.0, 1.0)],
    )
    if found.x is None:
        raise EmptyPolytopeError("no point satisfies the constraints")
    z = np.asarray(found.x[:-1])
    if not len(equal.bound):
        return z
    # the solver keeps equalities to 1e-7 only; this to machine precision
    error = equal.matrix @ z - equal.bound
    return np.asarray(z - np.linalg.pinv(equal.matrix) @ error, dtype=np.float64)


def nearest(upper: Rows, equal: Rows, point: Floats) -> Floats:
    """The point of the cube nearest to this one, (width,), among those that satisfy both.

    EmptyPolytopeError: there is none
    """
    level, flat = point, np.eye(len(point))
    if len(equal.bound):
        level = point - np.linalg.pinv(equal.matrix) @ (equal.matrix @ point - equal.bound)
        flat = null_space(equal.matrix)
    walls = _with_walls(upper)
    room = walls.bound - walls.matrix @ level
    moved = level + flat @ _least_distance(walls.matrix @ flat, room)
    if np.max(np.abs(equal.matrix @ moved - equal.bound), initial=0.0) > TOLERANCE:
        raise EmptyPolytopeError("no point satisfies the constraints")
    return np.asarray(settled(equal, moved[np.newaxis])[0])


def _least_distance(sides: Floats, room: Floats) -> Floats:
    """The shortest v with sides @ v <= room.

    Source: Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23.4: least distance
    programming as a non-negative least squares problem, which ends at the exact active set
    """
    n_free = sides.shape[1]
    # sides that no v moves either hold or do not; within the program rounding would make them bind
    still = np.linalg.norm(sides, axis=1) <= TOLERANCE
    if np.any(room[still] < -TOLERANCE):
        raise EmptyPolytopeError("no point satisfies the constraints")
    sides, room = sides[~still], room[~still]
    if np.all(room >= 0):
        return np.zeros(n_free)
    system = -np.vstack([sides.T, room])
    target = np.append(np.zeros(n_free), 1.0)
    weights, _ = nnls(system, target)
    residual = system @ weights - target
    # the residual vanishes where nothing satisfies the sides; rounding alone also leaves a little
    if np.linalg.norm(residual) < TOLERANCE and room.min() < -TOLERANCE:
        raise EmptyPolytopeError("no point satisfies the constraints")
    return np.asarray(-residual[:-1] / residual[-1] if residual[-1] else residual[:-1])
