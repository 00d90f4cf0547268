"""Projections are the nearest points, and samples spread evenly over what constraints leave."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.optimise.polytope import EmptyPolytopeError, Polytope, Rows, nearest


def rows(matrix: list[list[float]], bound: list[float], width: int) -> Rows:
    return Rows(np.array(matrix, dtype=float).reshape(-1, width), np.array(bound, dtype=float))


def none(width: int) -> Rows:
    return rows([], [], width)


def simplex(width: int) -> Polytope:
    return Polytope(none(width), rows([[1.0] * width], [1.0], width))


def test_the_projection_on_a_simplex_is_the_known_one() -> None:
    # Duchi et al. 2008: subtract the same from all, and cut at zero
    found = simplex(3).project(np.array([[0.9, 0.5, -0.4], [1 / 3, 1 / 3, 1 / 3]]))
    assert found == pytest.approx(np.array([[0.7, 0.3, 0.0], [1 / 3, 1 / 3, 1 / 3]]), abs=1e-12)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(1, 3))
def test_no_sample_of_a_polytope_is_nearer_than_the_projection(
    seed: int, width: int, n_sides: int
) -> None:
    rng = np.random.default_rng(seed)
    inside = rng.random(width)
    matrix = rng.standard_normal((n_sides, width))
    polytope = Polytope(Rows(matrix, matrix @ inside + 0.05 * rng.random(n_sides)), none(width))
    point = rng.uniform(-1.0, 2.0, width)
    (projected,) = polytope.project(point[np.newaxis])
    others = polytope.sample(50, rng)
    assert polytope.contains(np.vstack([projected, others])).all()
    nearest_sample = np.linalg.norm(others - point, axis=1).min()
    assert np.linalg.norm(projected - point) <= nearest_sample + 1e-9


def test_samples_of_a_simplex_have_the_moments_of_the_uniform_distribution() -> None:
    # Dirichlet(1, 1, 1, 1): mean 1/4, variance 3/80
    drawn = simplex(4).sample(4000, np.random.default_rng(2))
    assert drawn.sum(axis=1) == pytest.approx(np.ones(4000), abs=1e-12)
    assert drawn.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.015)
    assert drawn.var(axis=0) == pytest.approx(np.full(4, 3 / 80), rel=0.1)


def test_inequalities_without_room_between_them_count_as_an_equality() -> None:
    flat = Polytope(rows([[1.0, 1.0], [-1.0, -1.0]], [0.7, -0.7], 2), none(2))
    assert flat.basis.shape == (2, 1)
    drawn = flat.sample(100, np.random.default_rng(0))
    assert drawn.sum(axis=1) == pytest.approx(np.full(100, 0.7), abs=1e-9)
    assert np.ptp(drawn[:, 0]) > 0.5


def test_a_polytope_of_one_point_has_that_point() -> None:
    corner = Polytope(rows([[1.0, 1.0]], [0.0], 2), none(2))
    assert corner.sample(3, np.random.default_rng(0)) == pytest.approx(np.zeros((3, 2)), abs=1e-9)


def test_nothing_is_found_where_there_is_nothing() -> None:
    with pytest.raises(EmptyPolytopeError):
        Polytope(rows([[1.0, 1.0]], [-0.5], 2), none(2))
    with pytest.raises(EmptyPolytopeError):
        nearest(rows([[1.0, 1.0]], [0.5], 2), rows([[1.0, 0.0]], [0.9], 2), np.array([0.5, 0.5]))
