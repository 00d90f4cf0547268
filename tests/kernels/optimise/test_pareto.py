"""Fronts, hypervolumes and cells agree with closed forms and with brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.optimise.pareto import (
    cells,
    hypervolume,
    normalised_hypervolume,
    on_front,
)


def dominates(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(a <= b) and np.any(a < b))


@st.composite
def sets(draw: st.DrawFn) -> np.ndarray:
    """Rows with values on a grid, so that ties are common, or between."""
    n, m = draw(st.integers(0, 12)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return rng.integers(0, 5, (n, m)) / 5.0 if draw(st.booleans()) else rng.random((n, m))


@given(sets())
def test_the_front_is_what_nothing_dominates(values: np.ndarray) -> None:
    expected = [not any(dominates(other, row) for other in values) for row in values]
    assert on_front(values).tolist() == expected


def test_a_row_that_failed_is_not_on_the_front() -> None:
    assert on_front(np.array([[np.nan, 0.0], [1.0, 1.0], [0.0, np.inf]])).tolist() == [
        *(False, True, False)
    ]


@settings(max_examples=60)
@given(sets())
def test_the_cells_are_disjoint_and_cover_all_that_is_not_dominated(values: np.ndarray) -> None:
    m = values.shape[1]
    found = cells(values, np.ones(m))
    points = np.random.default_rng(0).uniform(-1.0, 1.0, (300, m))
    inside = np.all(
        (points[:, np.newaxis] >= found.low) & (points[:, np.newaxis] < found.high), axis=2
    )
    dominated = np.any(np.all(values[np.newaxis] <= points[:, np.newaxis], axis=2), axis=1)
    assert inside.sum(axis=1).tolist() == (~dominated).astype(int).tolist()


@given(sets())
def test_the_cells_and_the_hypervolume_together_fill_the_box(values: np.ndarray) -> None:
    m = values.shape[1]
    found = cells(values, np.ones(m))
    volume = np.prod(found.high - np.maximum(found.low, -1.0), axis=1).sum()
    assert volume + hypervolume(values, np.ones(m)) == pytest.approx(2.0**m)


def test_the_hypervolume_of_a_staircase_is_its_area() -> None:
    values = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0], [3.0, 3.0], [9.0, 0.0]])
    assert hypervolume(values, np.array([4.0, 4.0])) == pytest.approx(6.0)
    assert normalised_hypervolume(values, np.zeros(2), np.full(2, 4.0)) == pytest.approx(6 / 16)


def test_the_hypervolume_of_a_sphere_tends_to_the_box_less_an_octant() -> None:
    angle = np.linspace(0.0, np.pi / 2, 400)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert hypervolume(circle, np.full(2, 1.1)) == pytest.approx(1.21 - np.pi / 4, abs=4e-3)


def test_nothing_beyond_the_reference_counts() -> None:
    assert hypervolume(np.array([[2.0, 0.0]]), np.ones(2)) == 0.0
    assert cells(np.array([[2.0, 0.0]]), np.ones(2)).high.tolist() == [[1.0, 1.0]]
