"""The search climbs inside the constraints, and along levels where there is no slope."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from kernels.optimise import search
from kernels.optimise.acquisition import ExpectedImprovement
from kernels.optimise.pareto import cells
from kernels.optimise.propose import Constrained
from kernels.optimise.space import Category, Space, continuous, integer, sum_equals


def test_the_top_of_a_hill_under_a_constraint_is_where_it_is_known_to_be() -> None:
    # most of -(x^2 + 4 y^2 + 9 z^2) with sum 1: in proportion to 1, 1/4 and 1/9; the nearest
    # point of the constraint to the hill's own top would be another
    space = Space([continuous(n, 0, 1) for n in "xyz"], [sum_equals("xyz", 1.0)])
    steepness = np.array([1.0, 4.0, 9.0])

    def score(rows: np.ndarray) -> np.ndarray:
        return np.asarray(-(rows**2) @ steepness)

    rng = np.random.default_rng(0)
    rows, values = search.maximise(
        space,
        space.sample(600, rng),
        score,
        lambda rows: (score(rows), -2.0 * rows * steepness),
        rng,
    )
    assert rows[0] == pytest.approx(np.array([36.0, 9.0, 4.0]) / 49.0, abs=1e-4)
    assert values.tolist() == sorted(values, reverse=True)


def test_levels_and_choices_are_climbed_one_by_one() -> None:
    space = Space([integer("n", 1, 40), Category("c", ("a", "b", "c"))])
    goal = space.encode([{"n": 33, "c": "b"}])[0]
    start = space.encode([{"n": 2, "c": "a"}])

    def score(rows: np.ndarray) -> np.ndarray:
        return np.asarray(-np.abs(rows - goal).sum(axis=1))

    rows, values = search.maximise(
        space,
        np.repeat(start, 600, axis=0),
        score,
        lambda rows: (score(rows), np.zeros_like(rows)),
        np.random.default_rng(0),
    )
    assert space.decode(rows[:1]) == [{"n": 33, "c": "b"}]
    assert values[0] == 0.0


def test_the_gradient_of_a_constrained_acquisition_counts_objective_and_limit() -> None:
    improvement = ExpectedImprovement(cells(np.array([[0.3, 0.6]]), np.ones(2)))
    criterion = Constrained(improvement, 2, np.array([1, 2]), np.array([0.5, 0.2]))
    mean, std = np.array([0.2, 0.7, 0.4]), np.array([0.3, 0.2, 0.1])
    score = criterion(mean[np.newaxis], std[np.newaxis])
    by_mean = approx_fprime(
        mean, lambda x: float(criterion(x[np.newaxis], std[np.newaxis]).value[0]), 1e-7
    )
    by_std = approx_fprime(
        std, lambda x: float(criterion(mean[np.newaxis], x[np.newaxis]).value[0]), 1e-7
    )
    assert score.by_mean[0] == pytest.approx(by_mean, rel=1e-3)
    assert score.by_std[0] == pytest.approx(by_std, rel=1e-3)
