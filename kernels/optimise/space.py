"""The design space: parameters, the constraints between them, and their place in the unit cube.

Rows of the cube are what surrogates and acquisitions work on, (n, width): one column for a number,
one for each choice of a category (one-hot). A parameter on a logarithmic scale has its column laid
out that way, unless a constraint ties it to others: constraints must be flat in the cube, so its
column is linear and `features` bends it for the surrogate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import floor, inf, isfinite, log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from kernels.optimise.polytope import EmptyPolytopeError, Floats, Polytope, Rows, nearest, settled

Value = float | int | str
Point = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter between bounds, in steps where it has some.

    step: distance of its levels, which start at low; 0 for any number; whole: levels are int
    """

    name: str
    low: float
    high: float
    step: float = 0.0
    log: bool = False
    whole: bool = False

    @property
    def n_levels(self) -> int:
        """How many levels lie within the bounds; 0 where every number does."""
        # the last of 0, 0.1, ... 1 is missed by an ulp otherwise
        return floor((self.high - self.low) / self.step + 1e-9) + 1 if self.step else 0

    @property
    def top(self) -> float:
        """The largest value: the last level at or below the upper bound."""
        return self.low + (self.n_levels - 1) * self.step if self.step else self.high

    def level(self, value: float) -> int:
        """The level nearest to a value."""
        return min(max(round((value - self.low) / self.step), 0), self.n_levels - 1)

    def exact(self, value: float) -> float | int:
        """A value as a user reads it: within bounds and on a level, 0.3 rather than 3 * 0.1."""
        if not self.step:
            return float(min(max(value, self.low), self.high))
        on_level = self.low + self.level(value) * self.step
        return round(on_level) if self.whole else float(f"{on_level:.12g}")


@dataclass(frozen=True, slots=True)
class Category:
    """A parameter that is one of a few choices without order."""

    name: str
    choices: tuple[str, ...]


Dimension = Number | Category


def continuous(name: str, low: float, high: float, *, log: bool = False) -> Number:
    """Any number from low to high."""
    return Number(name, low, high, log=log)


def integer(name: str, low: int, high: int, *, log: bool = False) -> Number:
    """A whole number from low to high."""
    return Number(name, low, high, step=1.0, log=log, whole=True)


def discrete(name: str, low: float, high: float, step: float) -> Number:
    """low, low + step and so on up to high."""
    return Number(name, low, high, step=step)


@dataclass(frozen=True, slots=True)
class Linear:
    """low <= sum of coefficient times parameter <= high, in the parameters' own units."""

    coefficients: Mapping[str, float]
    low: float = -inf
    high: float = inf


def sum_equals(names: Iterable[str], value: float) -> Linear:
    """Parameters that add up to a value, as the parts of a mixture do."""
    return Linear(dict.fromkeys(names, 1.0), value, value)


def sum_lte(names: Iterable[str], value: float) -> Linear:
    """Parameters that add up to a value at most."""
    return Linear(dict.fromkeys(names, 1.0), high=value)


def ratio_between(
    numerator: str, denominator: str, low: float, high: float
) -> tuple[Linear, Linear]:
    """low <= numerator / denominator <= high, for a denominator that is never negative."""
    return (
        Linear({numerator: 1.0, denominator: -low}, low=0.0),
        Linear({numerator: 1.0, denominator: -high}, high=0.0),
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the path of a field, as in `parameters[2].bounds`."""

    path: str
    message: str


def faults(dimensions: Sequence[Dimension], constraints: Sequence[Linear] = ()) -> list[Fault]:
    """All that makes a space impossible, except that nothing satisfies the constraints."""
    found: list[Fault] = []
    seen: set[str] = set()
    for index, dimension in enumerate(dimensions):
        path = f"parameters[{index}]"
        if dimension.name in seen:
            found.append(Fault(f"{path}.name", f"{dimension.name!r} is there twice"))
        seen.add(dimension.name)
        own = _of_number(dimension) if isinstance(dimension, Number) else _of_category(dimension)
        found += [Fault(f"{path}.{key}", message) for key, message in own]
    numbers = {dimension.name for dimension in dimensions if isinstance(dimension, Number)}
    for index, constraint in enumerate(constraints):
        for name in constraint.coefficients:
            if name not in numbers:
                message = f"{name!r} is no numeric parameter of this space"
                found.append(Fault(f"constraints[{index}]", message))
    return found


def _of_number(number: Number) -> Iterator[tuple[str, str]]:
    if not (isfinite(number.low) and isfinite(number.high)):
        yield "bounds", "both bounds must be finite"
    elif number.low >= number.high:
        yield "bounds", f"{number.low:g} is not below {number.high:g}"
    elif number.log and number.low <= 0:
        yield "bounds", f"a logarithmic scale needs bounds above 0, not {number.low:g}"
    elif number.step < 0 or (number.step and number.n_levels < 2):
        yield "step", f"{number.step:g} is no step between {number.low:g} and {number.high:g}"
    elif number.whole and not (
        number.low == round(number.low) and number.high == round(number.high)
    ):
        yield "bounds", f"{number.low:g} to {number.high:g} are no whole numbers"


def _of_category(category: Category) -> Iterator[tuple[str, str]]:
    if len(category.choices) < 2:
        yield "choices", "a category needs two choices at least"
    if len(set(category.choices)) < len(category.choices):
        yield "choices", "a choice is there twice"


class Space:
    """A design space.

    dimensions: its parameters in order; width: columns of a row of the cube
    groups: (width,) which parameter a column belongs to
    movable: (width,) whether a column is a number, so that gradients have a meaning
    polytope: what the constraints leave of the columns in `tied`; None without constraints
    ValueError: a parameter or constraint is impossible; EmptyPolytopeError: nothing satisfies all
    """

    def __init__(self, dimensions: Sequence[Dimension], constraints: Sequence[Linear] = ()) -> None:
        wrong = faults(dimensions, constraints)
        if wrong:
            raise ValueError("; ".join(f"{fault.path}: {fault.message}" for fault in wrong))
        self.dimensions = tuple(dimensions)
        sizes = [1 if isinstance(d, Number) else len(d.choices) for d in dimensions]
        self.width = sum(sizes)
        self.groups = np.repeat(np.arange(len(sizes)), sizes)
        self.movable = np.repeat([isinstance(d, Number) for d in dimensions], sizes)
        starts = np.cumsum([0, *sizes[:-1]])
        self._columns = [slice(a, a + n) for a, n in zip(starts.tolist(), sizes, strict=True)]
        tied_names = {name for constraint in constraints for name in constraint.coefficients}
        self._tied = [d.name in tied_names for d in dimensions]
        self.tied = np.repeat(self._tied, sizes)
        self.polytope = self._polytope(constraints) if constraints else None
        # how many levels a tied column has, and which it is, of those that have any
        self._levels = [(d.n_levels, column) for d, column in self._tied_numbers() if d.n_levels]
        if self.polytope is not None and self._levels:
            self._nearest_on_levels(self.polytope, self.polytope.centre)

    def _tied_numbers(self) -> list[tuple[Number, int]]:
        """The numbers under a constraint, and their columns of the polytope."""
        numbers = [d for d, tied in zip(self.dimensions, self._tied, strict=True) if tied]
        return [(d, column) for column, d in enumerate(numbers) if isinstance(d, Number)]

    def _polytope(self, constraints: Sequence[Linear]) -> Polytope:
        """The constraints as rows over the tied columns."""
        numbers = self._tied_numbers()
        upper: list[tuple[Floats, float]] = []
        equal: list[tuple[Floats, float]] = []
        for constraint in constraints:
            weights = np.array([constraint.coefficients.get(d.name, 0.0) for d, _ in numbers])
            offset = float(sum(w * d.low for w, (d, _) in zip(weights, numbers, strict=True)))
            row = weights * [d.top - d.low for d, _ in numbers]
            if constraint.low == constraint.high:
                equal.append((row, constraint.high - offset))
                continue
            if constraint.high < inf:
                upper.append((row, constraint.high - offset))
            if constraint.low > -inf:
                upper.append((-row, offset - constraint.low))
        return Polytope(_rows(upper, len(numbers)), _rows(equal, len(numbers)))

    def encode(self, points: Sequence[Point]) -> Floats:
        """Points as rows of the cube, (n_points, width)."""
        rows = np.zeros((len(points), self.width))
        for index, dimension in enumerate(self.dimensions):
            values = [point[dimension.name] for point in points]
            rows[:, self._columns[index]] = self._place(index, values)
        return rows

    def _place(self, index: int, values: list[Value]) -> Floats:
        dimension = self.dimensions[index]
        if isinstance(dimension, Category):
            return np.array([[v == choice for choice in dimension.choices] for v in values], float)
        x = np.array(values, float)[:, np.newaxis]
        if self._bent(index):
            return np.log(x / dimension.low) / log(dimension.top / dimension.low)
        return (x - dimension.low) / (dimension.top - dimension.low)

    def decode(self, rows: Floats) -> list[dict[str, Value]]:
        """The points that rows of the cube stand for; numbers are put on their levels."""
        values = [self._values(index, rows) for index in range(len(self.dimensions))]
        names = [dimension.name for dimension in self.dimensions]
        return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]

    def _values(self, index: int, rows: Floats) -> list[Value]:
        dimension, own = self.dimensions[index], rows[:, self._columns[index]]
        if isinstance(dimension, Category):
            return [dimension.choices[choice] for choice in own.argmax(axis=1)]
        return [
            dimension.exact(value)
            for value in self._numbers(dimension, own[:, 0], self._bent(index)).tolist()
        ]

    def _bent(self, index: int) -> bool:
        """Whether the column of a parameter is laid out on a logarithmic scale."""
        dimension = self.dimensions[index]
        return isinstance(dimension, Number) and dimension.log and not self._tied[index]

    @staticmethod
    def _numbers(number: Number, column: Floats, bent: bool) -> Floats:
        """A column of the cube in the parameter's own unit, between its levels where it has any."""
        if bent:
            return np.asarray(number.low * (number.top / number.low) ** column)
        return np.asarray(number.low + column * (number.top - number.low))

    def features(self, rows: Floats) -> tuple[Floats, Floats]:
        """What the surrogate sees of rows, and its slope column by column; both (n, width)."""
        seen, slope = rows.copy(), np.ones_like(rows)
        for index, dimension in enumerate(self.dimensions):
            if isinstance(dimension, Number) and dimension.log and self._tied[index]:
                own = self._columns[index]
                x = self._numbers(dimension, rows[:, own], False)
                decades = log(dimension.top / dimension.low)
                seen[:, own] = np.log(x / dimension.low) / decades
                slope[:, own] = (dimension.top - dimension.low) / (x * decades)
        return seen, slope

    def snap(self, rows: Floats) -> Floats:
        """The valid row near each: on levels, one choice per category, constraints satisfied."""
        snapped = np.clip(rows, 0.0, 1.0)
        for index, dimension in enumerate(self.dimensions):
            if isinstance(dimension, Category) or dimension.n_levels:
                own = self._columns[index]
                snapped[:, own] = self._place(index, self._values(index, snapped))
        if self.polytope is not None:
            tied = settled(self.polytope.equal, snapped[:, self.tied])
            for row in np.flatnonzero(~self.polytope.contains(tied)):
                tied[row] = self._repaired(self.polytope, np.clip(rows[row, self.tied], 0.0, 1.0))
            snapped[:, self.tied] = tied
        return snapped

    def _repaired(self, polytope: Polytope, wanted: Floats) -> Floats:
        """The tied columns that satisfy the constraints, near those that do not."""
        inside = nearest(polytope.upper, polytope.equal, wanted)
        if not self._levels:
            return inside
        for chosen in _roundings(inside, self._levels):
            try:
                return _keeping(polytope, chosen, self._levels, inside)
            except EmptyPolytopeError:
                continue  # another rounding, and if none will do the program that always finds one
        return self._nearest_on_levels(polytope, inside)

    def _nearest_on_levels(self, polytope: Polytope, wanted: Floats) -> Floats:
        """The row of tied columns next to this one that is on its levels and in the polytope.

        The levels are those of the point nearest in the sum of distances (a mixed-integer program);
        with them the rest is projected, which is exact where the program has tolerances.
        """
        return _keeping(polytope, _program(polytope, self._levels, wanted), self._levels, wanted)

    def contains(self, rows: Floats) -> NDArray[np.bool_]:
        """Which rows are valid as they are."""
        near = self._on_levels(rows)
        if self.polytope is None:
            return near
        inside: NDArray[np.bool_] = near & self.polytope.contains(rows[:, self.tied])
        return inside

    def _on_levels(self, rows: Floats) -> NDArray[np.bool_]:
        placed = self.encode(self.decode(rows))
        near: NDArray[np.bool_] = np.all(np.abs(placed - rows) <= 1e-9, axis=1)
        return near

    def spread(self, shares: Floats) -> Floats:
        """Rows of a box for numbers from 0 to 1, (n, n_parameters); every level is as likely."""
        rows = np.zeros((len(shares), self.width))
        for index in range(len(self.dimensions)):
            rows[:, self._columns[index]] = self._spread(index, shares[:, index])
        return rows

    def _spread(self, index: int, share: Floats) -> Floats:
        dimension = self.dimensions[index]
        if isinstance(dimension, Category):
            choice = np.minimum(
                (share * len(dimension.choices)).astype(int), len(dimension.choices) - 1
            )
            return np.asarray(np.eye(len(dimension.choices))[choice])
        if not dimension.n_levels:
            return share[:, np.newaxis]
        if dimension.log:
            low, high = dimension.low - 0.5, dimension.top + 0.5
            values = [dimension.exact(v) for v in (low * (high / low) ** share).tolist()]
        else:
            level = np.minimum((share * dimension.n_levels).astype(int), dimension.n_levels - 1)
            values = [dimension.exact(dimension.low + k * dimension.step) for k in level.tolist()]
        return self._place(index, list(values))

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Valid rows drawn at random, (n, width)."""
        rows = self.spread(rng.random((n, len(self.dimensions))))
        if self.polytope is not None:
            rows[:, self.tied] = self.polytope.sample(n, rng)
        return self.snap(rows)

    def neighbours(self, row: Floats) -> Floats:
        """Valid rows one change away, (n, width).

        Another choice in one category; one level up or down in a number, where constraints ask for
        it with the numbers between levels following, or another number a level down or up.
        """
        found = []
        for index, dimension in enumerate(self.dimensions):
            for value in self._next_values(dimension, self._values(index, row[np.newaxis])[0]):
                moved = row.copy()
                moved[self._columns[index]] = self._place(index, [value])[0]
                found.append(moved)
        if self.polytope is not None and self._levels:
            found = [kept for moved in found for kept in self._kept(self.polytope, moved)]
            found += self._exchanges(row)
        rows = np.array(found).reshape(-1, self.width)
        return rows[self.contains(rows)] if len(rows) else rows

    def _kept(self, polytope: Polytope, moved: Floats) -> list[Floats]:
        """A row with tied columns between levels moved so that constraints hold, if they can."""
        try:
            tied = _keeping(polytope, moved[self.tied], self._levels, moved[self.tied])
        except EmptyPolytopeError:
            return []
        kept = moved.copy()
        kept[self.tied] = tied
        return [kept]

    def _exchanges(self, row: Floats) -> list[Floats]:
        """Rows in which one tied number is a level up and another a level down."""
        tied = np.flatnonzero(self.tied)
        found = []
        for (more, up), (fewer, down) in permutations(self._levels, 2):
            moved = row.copy()
            moved[tied[up]] += 1.0 / (more - 1)
            moved[tied[down]] -= 1.0 / (fewer - 1)
            found.append(moved)
        return [moved for moved in found if np.all((moved >= -1e-9) & (moved <= 1.0 + 1e-9))]

    def _next_values(self, dimension: Dimension, value: Value) -> list[Value]:
        if isinstance(dimension, Category):
            return [choice for choice in dimension.choices if choice != value]
        if not dimension.n_levels:
            return []
        level = dimension.level(float(value))
        near = [k for k in (level - 1, level + 1) if 0 <= k < dimension.n_levels]
        return [dimension.exact(dimension.low + k * dimension.step) for k in near]


def _rows(pairs: list[tuple[Floats, float]], width: int) -> Rows:
    matrix = np.array([row for row, _ in pairs]).reshape(-1, width)
    return Rows(matrix, np.array([bound for _, bound in pairs]))


def _roundings(inside: Floats, levels: list[tuple[int, int]]) -> Floats:
    """Points of the polytope with columns rounded to levels, (n, width), the nearest first.

    All are rounded down except the so many with the largest remainders, as seats are apportioned:
    one of them keeps the sum.
    """
    columns = np.array([column for _, column in levels])
    last = np.array([count - 1.0 for count, _ in levels])
    exact = inside[columns] * last
    down = np.floor(exact + 1e-9)
    rank = np.argsort(np.argsort(down - exact, kind="stable"))
    up = rank[np.newaxis, :] < np.arange(len(columns) + 1)[:, np.newaxis]
    rounded = np.minimum(down + up, last) / last
    found = np.tile(inside, (len(rounded), 1))
    found[:, columns] = rounded
    return np.asarray(found[np.argsort(np.abs(found - inside).sum(axis=1), kind="stable")])


def _keeping(
    polytope: Polytope, chosen: Floats, levels: list[tuple[int, int]], wanted: Floats
) -> Floats:
    """The point nearest to the one wanted whose columns with levels are as chosen.

    EmptyPolytopeError: with those levels nothing satisfies the constraints
    """
    fixed = np.array([column for _, column in levels])
    if polytope.contains(chosen[np.newaxis])[0]:
        return chosen
    if len(fixed) == len(chosen):
        raise EmptyPolytopeError("these levels do not satisfy the constraints")
    equal = polytope.equal
    matrix = np.vstack([equal.matrix, np.eye(len(chosen))[fixed]])
    both = Rows(matrix, np.concatenate([equal.bound, chosen[fixed]]))
    found = nearest(polytope.upper, both, wanted)
    found[fixed] = chosen[fixed]
    return found


def _program(polytope: Polytope, levels: list[tuple[int, int]], wanted: Floats) -> Floats:
    """A point of the polytope on its levels with the least sum of distances to the one wanted.

    Variables: the point, its distance in each column, the number of each level
    """
    width, n_levels = len(wanted), len(levels)
    eye, none = np.eye(width), np.zeros((width, n_levels))
    link = np.zeros((n_levels, width))
    steps = np.zeros((n_levels, n_levels))
    for row, (count, column) in enumerate(levels):
        link[row, column] = 1.0
        steps[row, row] = -1.0 / max(count - 1, 1)
    upper, equal = polytope.upper, polytope.equal
    constraints = [
        LinearConstraint(np.hstack([eye, -eye, none]), ub=wanted),
        LinearConstraint(np.hstack([-eye, -eye, none]), ub=-wanted),
        LinearConstraint(np.hstack([link, np.zeros((n_levels, width)), steps]), lb=0.0, ub=0.0),
    ]
    for rows, lowest in ((upper, -np.inf), (equal, equal.bound)):
        if len(rows.bound):
            wide = np.hstack([rows.matrix, np.zeros((len(rows.bound), width + n_levels))])
            constraints.append(LinearConstraint(wide, lb=lowest, ub=rows.bound))
    most = np.concatenate([np.ones(2 * width), [count - 1.0 for count, _ in levels]])
    found = milp(
        np.concatenate([np.zeros(width), np.ones(width), np.zeros(n_levels)]),
        integrality=np.concatenate([np.zeros(2 * width), np.ones(n_levels)]),
        bounds=Bounds(np.zeros_like(most), most),
        constraints=constraints,
    )
    if found.x is None:
        raise EmptyPolytopeError("no point on the parameters' levels satisfies the constraints")
    chosen = np.asarray(found.x[:width], dtype=np.float64)
    for row, (count, column) in enumerate(levels):
        chosen[column] = round(float(found.x[2 * width + row])) / max(count - 1, 1)
    return chosen
