"""The initial design covers the space, keeps its constraints and follows its seed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from kernels.optimise.design import initial_design, sobol
from kernels.optimise.space import Category, Space, continuous, integer, sum_equals, sum_lte

BOX = Space([continuous("x", 0, 1), continuous("y", 0, 1)])
MIXTURE = Space([continuous(n, 0, 1) for n in "xyz"], [sum_equals("xyz", 1.0)])
CUT = Space([continuous("x", 0, 1), continuous("y", 0, 1)], [sum_lte("xy", 0.5)])


@pytest.mark.parametrize("space", [BOX, MIXTURE, CUT])
def test_the_same_seed_gives_the_same_design_and_another_seed_another(space: Space) -> None:
    first, again, other = (initial_design(space, 10, np.random.default_rng(s)) for s in (3, 3, 4))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


@pytest.mark.parametrize("space", [BOX, MIXTURE, CUT])
def test_a_design_has_as_many_distinct_valid_points_as_wanted(space: Space) -> None:
    rows = initial_design(space, 13, np.random.default_rng(0))
    assert rows.shape == (13, space.width)
    assert space.contains(rows).all()
    assert len(np.unique(rows.round(6), axis=0)) == 13


def test_a_box_is_covered_more_evenly_than_at_random() -> None:
    rng = np.random.default_rng(5)
    rows = initial_design(BOX, 64, rng)
    assert qmc.discrepancy(rows) < 0.1 * qmc.discrepancy(rng.random((64, 2)))


def test_points_of_a_mixture_keep_their_distance() -> None:
    rows = initial_design(MIXTURE, 10, np.random.default_rng(0))
    apart = np.linalg.norm(rows[:, np.newaxis] - rows[np.newaxis], axis=2)
    assert apart[np.triu_indices(10, 1)].min() > 0.2


def test_a_small_grid_is_listed_once_and_no_more() -> None:
    space = Space([integer("n", 1, 3), Category("c", ("a", "b"))])
    rows = initial_design(space, 20, np.random.default_rng(0))
    assert len({tuple(point.values()) for point in space.decode(rows)}) == len(rows) == 6


def test_a_sobol_sequence_of_any_length_lies_in_the_cube() -> None:
    for n in (1, 2, 5, 64):
        drawn = sobol(n, 3, np.random.default_rng(0))
        assert drawn.shape == (n, 3)
        assert np.all((drawn >= 0) & (drawn < 1))
