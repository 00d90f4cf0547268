"""Objectives of evaluations as rows: signs, fronts, reference points, knees."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kernels.optimise.pareto import on_front
from kernels.optimise.values import knee, minimised, nondominated, reference_point


@st.composite
def sets(draw: st.DrawFn) -> np.ndarray:
    """Rows with values on a grid, so that ties are common, or between."""
    n, m = draw(st.integers(0, 12)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return rng.integers(0, 5, (n, m)) / 5.0 if draw(st.booleans()) else rng.random((n, m))


def test_objectives_to_maximise_change_their_sign_and_others_do_not() -> None:
    values = np.array([[1.0, 2.0]])
    assert minimised(values, [True, False]).tolist() == [[-1.0, 2.0]]


@given(sets())
def test_the_plain_front_is_that_of_moocore(values: np.ndarray) -> None:
    assert nondominated(values).tolist() == on_front(values).tolist()


@given(sets())
def test_a_reference_point_is_worse_than_all_that_was_seen(values: np.ndarray) -> None:
    if len(values):
        assert np.all(values < reference_point(values))


def test_the_knee_is_the_point_nearest_to_the_ideal_in_the_front_s_own_scale() -> None:
    assert knee(np.array([[0.0, 1000.0], [0.3, 300.0], [1.0, 0.0]])) == 1
    assert knee(np.array([[5.0, 7.0]])) == 0
