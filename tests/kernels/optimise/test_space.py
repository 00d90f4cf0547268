"""A point of the space becomes a row of the cube and back, and every row keeps the constraints."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.optimise.polytope import EmptyPolytopeError
from kernels.optimise.space import (
    Category,
    Dimension,
    Linear,
    Number,
    Space,
    continuous,
    discrete,
    faults,
    integer,
    ratio_between,
    sum_equals,
    sum_lte,
)

numbers = st.one_of(
    st.builds(
        lambda low, span: continuous("x", low, low + span),
        st.floats(-1e3, 1e3),
        st.floats(1e-3, 1e3),
    ),
    st.builds(
        lambda low, factor: continuous("x", low, low * factor, log=True),
        st.floats(1e-6, 1e3),
        st.floats(1.1, 1e6),
    ),
    st.builds(
        lambda low, span, log: integer("x", low, low + span, log=log),
        st.integers(1, 50),
        st.integers(1, 1000),
        st.booleans(),
    ),
    st.builds(
        lambda low, step, n: discrete("x", low, low + n * step, step),
        st.integers(-5, 5).map(float),
        st.sampled_from([0.1, 0.25, 1.0, 3.0]),
        st.integers(1, 30),
    ),
)
dimensions: st.SearchStrategy[Dimension] = st.one_of(
    numbers, st.integers(2, 5).map(lambda n: Category("x", tuple("abcde"[:n])))
)


@given(dimensions, st.floats(0.0, 1.0))
def test_a_value_survives_the_way_into_the_cube_and_back(
    dimension: Dimension, share: float
) -> None:
    space = Space([dimension])
    (point,) = space.decode(space.spread(np.array([[share]])))
    (again,) = space.decode(space.encode([point]))
    if isinstance(dimension, Number) and not dimension.n_levels:
        assert again == pytest.approx(point, rel=1e-9, abs=1e-9)
    else:
        assert again == point


@given(dimensions, st.floats(0.0, 1.0))
def test_every_share_of_the_cube_is_a_value_within_bounds(
    dimension: Dimension, share: float
) -> None:
    space = Space([dimension])
    row = space.snap(space.spread(np.array([[share]])))
    assert np.all((row >= 0) & (row <= 1))
    assert space.contains(row).all()
    (value,) = space.decode(row)[0].values()
    if isinstance(dimension, Category):
        assert value in dimension.choices
    else:
        assert dimension.low <= float(value) <= dimension.high


def test_levels_are_written_as_a_user_would() -> None:
    space = Space([discrete("x", 0.0, 1.0, 0.1), integer("n", 1, 4)])
    values = space.decode(np.array([[0.31, 0.66], [1.0, 0.0]]))
    assert values == [{"x": 0.3, "n": 3}, {"x": 1.0, "n": 1}]
    assert isinstance(values[0]["n"], int)


def test_levels_that_miss_the_upper_bound_end_below_it() -> None:
    space = Space([discrete("x", 0.0, 1.0, 0.3)])
    (point,) = space.decode(np.array([[1.0]]))
    assert point == {"x": 0.9}


def test_every_level_of_an_integer_is_as_likely() -> None:
    space = Space([integer("n", 1, 4)])
    shares = (np.arange(400) + 0.5)[:, np.newaxis] / 400
    drawn = [point["n"] for point in space.decode(space.spread(shares))]
    assert [drawn.count(level) for level in (1, 2, 3, 4)] == [100] * 4


def test_a_logarithmic_scale_has_its_middle_at_the_geometric_mean() -> None:
    space = Space([continuous("x", 0.01, 1.0, log=True)])
    assert space.decode(np.array([[0.5]]))[0]["x"] == pytest.approx(0.1)


def test_a_category_has_a_column_for_each_choice_and_no_order() -> None:
    space = Space([Category("c", ("a", "b", "c"))])
    rows = space.encode([{"c": "a"}, {"c": "b"}, {"c": "c"}])
    assert rows.tolist() == np.eye(3).tolist()


MIXTURES = {
    "a simplex": Space([continuous(n, 0, 1) for n in "xyz"], [sum_equals("xyz", 1.0)]),
    "a cut simplex": Space(
        [continuous("x", 0.2, 0.6), continuous("y", 0.1, 0.9), continuous("z", 0.0, 0.3)],
        [sum_equals("xyz", 1.0), Linear({"x": 1.0, "y": -2.0}, high=0.0)],
    ),
    "a sum below": Space([continuous(n, 0, 5) for n in "xy"], [sum_lte("xy", 3.0)]),
    "a ratio": Space(
        [continuous("x", 0.1, 5), continuous("y", 0.1, 5)], ratio_between("x", "y", 0.5, 0.8)
    ),
    "a ratio of one value": Space(
        [continuous("x", 0.1, 5), continuous("y", 0.1, 5)], ratio_between("x", "y", 2.0, 2.0)
    ),
    "whole parts": Space(
        [integer("x", 0, 6), integer("y", 0, 6), discrete("z", 0.0, 3.0, 0.5)],
        [sum_equals("xyz", 7.0)],
    ),
    "whole and broken parts": Space(
        [integer("x", 0, 3), continuous("y", 0.0, 2.0), continuous("z", 0.0, 2.0)],
        [sum_equals("xyz", 3.5)],
    ),
    "a part on a logarithmic scale": Space(
        [
            continuous("x", 0.001, 0.5, log=True),
            continuous("y", 0.0, 1.0),
            Category("c", ("a", "b")),
        ],
        [sum_equals("xy", 1.0)],
    ),
}


@pytest.mark.parametrize("name", MIXTURES)
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_whatever_is_drawn_satisfies_the_constraints(name: str, seed: int) -> None:
    space = MIXTURES[name]
    rows = space.sample(5, np.random.default_rng(seed))
    assert space.contains(rows).all()


@pytest.mark.parametrize("name", MIXTURES)
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_whatever_lies_outside_is_brought_inside(name: str, seed: int) -> None:
    space = MIXTURES[name]
    anywhere = np.random.default_rng(seed).uniform(-0.5, 1.5, (5, space.width))
    rows = space.snap(anywhere)
    assert space.contains(rows).all()
    assert space.snap(rows) == pytest.approx(rows, abs=1e-9)


def test_the_parts_of_a_mixture_add_up_to_the_last_digits() -> None:
    space = MIXTURES["a cut simplex"]
    for point in space.decode(space.sample(50, np.random.default_rng(1))):
        assert sum(float(value) for value in point.values()) == pytest.approx(1.0, abs=1e-12)
        assert float(point["x"]) <= 2 * float(point["y"]) + 1e-9


@pytest.mark.parametrize("name", MIXTURES)
def test_a_part_that_is_left_out_is_0_and_not_what_rounding_leaves(name: str) -> None:
    space = MIXTURES[name]
    anywhere = np.random.default_rng(2).uniform(-0.5, 1.5, (100, space.width))
    off_walls = np.abs(space.snap(anywhere) - np.round(space.snap(anywhere)))
    assert off_walls[off_walls > 0].min(initial=1.0) > 1e-10


def test_a_ratio_stays_between_its_bounds() -> None:
    space = MIXTURES["a ratio"]
    points = space.decode(space.sample(50, np.random.default_rng(1)))
    ratios = [float(point["x"]) / float(point["y"]) for point in points]
    assert min(ratios) >= 0.5 - 1e-7
    assert max(ratios) <= 0.8 + 1e-7
    assert max(ratios) - min(ratios) > 0.2


def test_a_constrained_logarithmic_parameter_keeps_its_scale_for_the_surrogate() -> None:
    space = MIXTURES["a part on a logarithmic scale"]
    rows = space.encode([{"x": 0.001 * 500**share, "y": 0.5, "c": "a"} for share in (0.2, 0.8)])
    seen, slope = space.features(rows)
    assert seen[:, 0] == pytest.approx([0.2, 0.8])
    step = 1e-7
    moved, _ = space.features(rows + np.array([step, 0, 0, 0]))
    assert (moved - seen)[:, 0] / step == pytest.approx(slope[:, 0], rel=1e-4)


def test_neighbours_change_one_level_or_choice_and_stay_valid() -> None:
    space = Space([integer("n", 1, 3), Category("c", ("a", "b", "c")), continuous("x", 0, 1)])
    row = space.encode([{"n": 1, "c": "b", "x": 0.25}])[0]
    points = [tuple(point.values()) for point in space.decode(space.neighbours(row))]
    assert sorted(points, key=str) == [(1, "a", 0.25), (1, "c", 0.25), (2, "b", 0.25)]


def test_neighbours_of_a_mixture_exchange_a_level() -> None:
    space = MIXTURES["whole parts"]
    row = space.encode([{"x": 6, "y": 0, "z": 1.0}])[0]
    points = [tuple(point.values()) for point in space.decode(space.neighbours(row))]
    assert points == [(5, 1, 1.0)]


def test_neighbours_of_a_mixture_let_the_numbers_between_levels_follow() -> None:
    space = MIXTURES["whole and broken parts"]
    row = space.encode([{"x": 2, "y": 0.5, "z": 1.0}])[0]
    points = [tuple(point.values()) for point in space.decode(space.neighbours(row))]
    assert sorted(points) == [
        (1, pytest.approx(1.0), pytest.approx(1.5)),
        (3, pytest.approx(0.0), pytest.approx(0.5)),
    ]


def test_parts_that_are_whole_are_optimised_too() -> None:
    # downhill by neighbours alone, from a corner to the middle
    space = MIXTURES["whole parts"]
    row = space.encode([{"x": 6, "y": 1, "z": 0.0}])[0]
    goal = space.encode([{"x": 3, "y": 4, "z": 0.0}])[0]
    for _ in range(3):
        others = space.neighbours(row)
        row = others[np.linalg.norm(others - goal, axis=1).argmin()]
    assert row == pytest.approx(goal)


IMPOSSIBLE = {
    "bounds the wrong way round": ([continuous("x", 1, 0)], [], "parameters[0].bounds"),
    "no room": ([continuous("x", 1, 1)], [], "parameters[0].bounds"),
    "no number": ([continuous("x", 0, float("nan"))], [], "parameters[0].bounds"),
    "no end": ([continuous("x", 0, float("inf"))], [], "parameters[0].bounds"),
    "a logarithm of zero": ([continuous("x", 0, 1, log=True)], [], "parameters[0].bounds"),
    "a step too far": ([discrete("x", 0, 1, 2.0)], [], "parameters[0].step"),
    "a step back": ([discrete("x", 0, 1, -0.1)], [], "parameters[0].step"),
    "half a number": ([Number("x", 0.5, 3, 1.0, whole=True)], [], "parameters[0].bounds"),
    "no choice": ([Category("x", ("a",))], [], "parameters[0].choices"),
    "a choice twice": ([Category("x", ("a", "b", "a"))], [], "parameters[0].choices"),
    "a name twice": ([continuous("x", 0, 1), integer("x", 0, 1)], [], "parameters[1].name"),
    "a stranger": ([continuous("x", 0, 1)], [sum_lte("xy", 1.0)], "constraints[0]"),
    "a sum of choices": (
        [continuous("x", 0, 1), Category("c", ("a", "b"))],
        [sum_lte("xc", 1.0)],
        "constraints[0]",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_is_impossible_is_refused_with_its_path(name: str) -> None:
    parameters, constraints, path = IMPOSSIBLE[name]
    assert [fault.path for fault in faults(parameters, constraints)] == [path]
    with pytest.raises(ValueError, match=r"parameters|constraints"):
        Space(parameters, constraints)


def test_all_faults_are_told_at_once() -> None:
    wrong = [continuous("x", 1, 0), Category("y", ("a",)), continuous("x", 0, 1)]
    assert len(faults(wrong, [sum_lte(["z"], 1.0)])) == 4


@pytest.mark.parametrize(
    ("parameters", "constraints"),
    [
        ([continuous(n, 0, 1) for n in "xy"], [sum_equals("xy", 3.0)]),
        ([continuous(n, 0.6, 1) for n in "xy"], [sum_lte("xy", 1.0)]),
        ([continuous(n, 0, 1) for n in "xy"], [sum_equals("xy", 1.0), sum_lte("xy", 0.9)]),
        ([continuous("x", 0, 1), continuous("y", 2, 3)], ratio_between("x", "y", 2.0, 3.0)),
        ([integer(n, 0, 4) for n in "xy"], [Linear({"x": 2.0, "y": 2.0}, 3.0, 3.0)]),
    ],
)
def test_constraints_that_nothing_satisfies_are_refused(
    parameters: list[Dimension], constraints: list[Linear]
) -> None:
    with pytest.raises(EmptyPolytopeError):
        Space(parameters, constraints)
