"""Proposals are new, valid, the same for the same seed, and better than chance."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
import pytest

from kernels.optimise.design import initial_design, sobol
from kernels.optimise.pareto import hypervolume
from kernels.optimise.propose import Acquisition, Batch, Task, propose
from kernels.optimise.space import (
    Category,
    Space,
    continuous,
    discrete,
    integer,
    ratio_between,
    sum_equals,
)
from kernels.optimise.surrogate import Kind, train

ACQUISITIONS = get_args(Acquisition)
PLANE = Space([continuous("x", 0, 1), continuous("y", 0, 1)])
MIXED = Space(
    [
        continuous("x", 0, 1),
        integer("n", 1, 5),
        discrete("d", 0.0, 1.0, 0.25),
        Category("c", ("a", "b", "c")),
    ]
)
MIXTURE = Space(
    [continuous(n, 0, 1) for n in "xyz"],
    [sum_equals("xyz", 1.0), *ratio_between("x", "y", 0.5, 2.0)],
)
Values = Callable[[np.ndarray], np.ndarray]


def bowl(rows: np.ndarray) -> np.ndarray:
    """One objective, least where every column is 0.3."""
    return np.asarray(((rows - 0.3) ** 2).sum(axis=1, keepdims=True))


def bowls(rows: np.ndarray) -> np.ndarray:
    """Two objectives, whose front joins the points where every column is 0.2 and 0.8."""
    return np.stack([((rows - c) ** 2).sum(axis=1) for c in (0.2, 0.8)], axis=1)


def unlimited(m: int) -> Task:
    return Task(m, np.full(m, 3.0), np.full(m, np.inf))


def proposed(
    space: Space,
    values: Values,
    seed: int = 0,
    *,
    n: int = 3,
    task: Task | None = None,
    pending: np.ndarray | None = None,
    acquisition: Acquisition = "ehvi",
    kind: Kind = "gp",
    n_known: int = 12,
) -> Batch:
    rng = np.random.default_rng(seed)
    rows = initial_design(space, n_known, rng)
    outcomes = values(rows)
    surrogates = [train(space, rows, column, rng, kind=kind) for column in outcomes.T]
    task = task or unlimited(outcomes.shape[1])
    return propose(space, surrogates, task, rows, n, rng, pending=pending, acquisition=acquisition)


@pytest.mark.parametrize("acquisition", ACQUISITIONS)
@pytest.mark.parametrize("values", [bowl, bowls])
def test_the_same_seed_gives_the_same_proposals(values: Values, acquisition: Acquisition) -> None:
    first, again = (proposed(PLANE, values, 5, acquisition=acquisition) for _ in range(2))
    assert first.rows.tolist() == again.rows.tolist()
    assert first.acquisition.tolist() == again.acquisition.tolist()


@pytest.mark.parametrize("acquisition", ACQUISITIONS)
@pytest.mark.parametrize("space", [PLANE, MIXED, MIXTURE], ids=["plane", "mixed", "mixture"])
def test_every_candidate_is_valid_and_new(space: Space, acquisition: Acquisition) -> None:
    batch = proposed(space, bowls, n=4, acquisition=acquisition)
    known = initial_design(space, 12, np.random.default_rng(0))
    assert batch.rows.shape == (4, space.width)
    assert space.contains(batch.rows).all()
    assert len(np.unique(np.vstack([known, batch.rows]).round(6), axis=0)) == 16
    assert batch.mean.shape == batch.std.shape == (4, 2)
    assert np.isfinite(batch.acquisition).all()


@pytest.mark.parametrize("kind", ["random_forest", "mlp"])
def test_surrogates_without_gradients_propose_too(kind: Kind) -> None:
    batch = proposed(MIXED, bowls, kind=kind)
    assert MIXED.contains(batch.rows).all()
    assert len(np.unique(batch.rows.round(6), axis=0)) == 3


def test_the_first_candidate_is_where_the_acquisition_is_highest() -> None:
    # no point of a fine grid is better
    rng = np.random.default_rng(0)
    rows = initial_design(PLANE, 12, rng)
    surrogate = train(PLANE, rows, bowl(rows)[:, 0], rng)
    batch = propose(PLANE, [surrogate], unlimited(1), rows, 1, rng, acquisition="ucb")
    grid = sobol(4096, 2, np.random.default_rng(1))
    mean, std = surrogate.predict(grid)
    best = (mean - 2.0 * std).min()
    assert batch.mean[0, 0] - 2.0 * batch.std[0, 0] <= best + 1e-6


def test_a_batch_does_not_crowd_one_place() -> None:
    batch = proposed(PLANE, bowls, n=5)
    apart = np.linalg.norm(batch.rows[:, np.newaxis] - batch.rows[np.newaxis], axis=2)
    assert apart[np.triu_indices(5, 1)].min() > 0.02


def test_what_is_pending_is_not_proposed_again() -> None:
    first = proposed(PLANE, bowls, n=1)
    second = proposed(PLANE, bowls, n=1, pending=first.rows)
    assert np.linalg.norm(second.rows - first.rows) > 0.02


def test_a_batch_is_what_one_after_the_other_with_the_earlier_ones_pending_would_be() -> None:
    rng = np.random.default_rng(0)
    rows = initial_design(PLANE, 12, rng)
    surrogate = train(PLANE, rows, bowl(rows)[:, 0], rng)
    both = propose(PLANE, [surrogate], unlimited(1), rows, 2, np.random.default_rng(1))
    alone = np.random.default_rng(1)
    first = propose(PLANE, [surrogate], unlimited(1), rows, 1, alone)
    second = propose(PLANE, [surrogate], unlimited(1), rows, 1, alone, pending=first.rows)
    assert both.rows == pytest.approx(np.vstack([first.rows, second.rows]), abs=1e-6)


@pytest.mark.parametrize("acquisition", ["expected_improvement", "ehvi", "ucb", "pi", "thompson"])
def test_a_few_batches_find_the_bottom_of_a_bowl(acquisition: Acquisition) -> None:
    rng = np.random.default_rng(2)
    rows = initial_design(PLANE, 6, rng)
    for _ in range(4):
        surrogate = train(PLANE, rows, bowl(rows)[:, 0], rng)
        batch = propose(PLANE, [surrogate], unlimited(1), rows, 3, rng, acquisition=acquisition)
        rows = np.vstack([rows, batch.rows])
    # the probability of improvement is content with little: Jones 2001, J Glob Optim 21:345
    assert bowl(rows).min() < (0.02 if acquisition == "pi" else 1e-3)


def test_a_category_and_levels_are_chosen_as_well() -> None:
    def cost(rows: np.ndarray) -> np.ndarray:
        points = MIXED.decode(rows)
        return np.array(
            [
                [(float(p["x"]) - 0.7) ** 2 + (int(p["n"]) - 4) ** 2 + (p["c"] != "b")]
                for p in points
            ]
        )

    rng = np.random.default_rng(0)
    rows = initial_design(MIXED, 10, rng)
    for _ in range(6):
        surrogate = train(MIXED, rows, cost(rows)[:, 0], rng)
        rows = np.vstack([rows, propose(MIXED, [surrogate], unlimited(1), rows, 3, rng).rows])
    best = MIXED.decode(rows)[cost(rows)[:, 0].argmin()]
    assert (best["n"], best["c"]) == (4, "b")
    assert best["x"] == pytest.approx(0.7, abs=0.05)


def test_a_mixture_is_optimised_inside_its_constraints() -> None:
    # nearest to (0, 0, 0.5) with sum 1 and 0.5 <= x/y <= 2: (1/4, 1/4, 1/2)
    def cost(rows: np.ndarray) -> np.ndarray:
        return np.asarray(((rows - [0.0, 0.0, 0.5]) ** 2).sum(axis=1, keepdims=True))

    rng = np.random.default_rng(0)
    rows = initial_design(MIXTURE, 8, rng)
    for _ in range(5):
        surrogate = train(MIXTURE, rows, cost(rows)[:, 0], rng)
        rows = np.vstack([rows, propose(MIXTURE, [surrogate], unlimited(1), rows, 2, rng).rows])
    # the least of (x^2 + y^2 + (z - 1/2)^2) on the plane is at (1/6, 1/6, 2/3)
    assert rows[cost(rows)[:, 0].argmin()] == pytest.approx([1 / 6, 1 / 6, 2 / 3], abs=0.03)


def test_limits_of_outcomes_are_learned_and_kept() -> None:
    # least where both are 0.3, but the second outcome, x + y, must be 1 at least
    def outcomes(rows: np.ndarray) -> np.ndarray:
        return np.hstack([bowl(rows), -rows.sum(axis=1, keepdims=True)])

    task = Task(1, np.zeros(1), np.array([np.inf, -1.0]))
    rng = np.random.default_rng(0)
    rows = initial_design(PLANE, 8, rng)
    for _ in range(5):
        surrogates = [train(PLANE, rows, column, rng) for column in outcomes(rows).T]
        rows = np.vstack([rows, propose(PLANE, surrogates, task, rows, 2, rng).rows])
    kept = rows[rows.sum(axis=1) >= 1.0]
    assert bowl(kept).min() == pytest.approx(0.08, abs=5e-3)


def test_where_nothing_is_feasible_yet_the_feasible_is_sought() -> None:
    # feasible: the corner beyond x + y = 1.9, which the design misses
    def outcomes(rows: np.ndarray) -> np.ndarray:
        return np.hstack([bowl(rows), -rows.sum(axis=1, keepdims=True)])

    task = Task(1, np.zeros(1), np.array([np.inf, -1.9]))
    batch = proposed(PLANE, outcomes, n=1, task=task)
    assert batch.rows[0].sum() > 1.85


@pytest.mark.parametrize("m", [2, 3, 5])
def test_batches_gain_more_hypervolume_than_a_sobol_sequence(m: int) -> None:
    space = Space([continuous(f"x{k}", 0, 1) for k in range(m)])

    def values(rows: np.ndarray) -> np.ndarray:
        return ((rows[:, np.newaxis] - np.eye(m)) ** 2).sum(axis=2)

    reference = np.full(m, 2.0)
    rng = np.random.default_rng(0)
    rows = initial_design(space, 8, rng)
    for _ in range(3):
        surrogates = [train(space, rows, column, rng) for column in values(rows).T]
        task = Task(m, reference, np.full(m, np.inf))
        rows = np.vstack([rows, propose(space, surrogates, task, rows, 4, rng).rows])
    blind = sobol(len(rows), m, np.random.default_rng(0))
    assert hypervolume(values(rows), reference) > 1.02 * hypervolume(values(blind), reference)


def test_a_space_that_is_used_up_repeats_rather_than_fails() -> None:
    space = Space([integer("n", 1, 3), Category("c", ("a", "b"))])
    batch = proposed(space, bowl, n=2, n_known=6)
    assert space.contains(batch.rows).all()
