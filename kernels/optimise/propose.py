"""Proposals: the candidates that an acquisition likes best, a batch at a time.

A batch grows one candidate after another. Each, like every candidate still being evaluated, counts
from then on as if its predicted values had been seen (Ginsbourger, Le Riche and Carraro 2010,
"Kriging is well-suited to parallelize optimization", the kriging believer), so that the next looks
elsewhere. Each is sought by gradients from many starts inside the constraints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kernels.optimise import search
from kernels.optimise.acquisition import (
    ConfidenceBound,
    Criterion,
    ExpectedImprovement,
    ProbabilityOfImprovement,
    Score,
    log_feasibility,
    sampled_improvement,
)
from kernels.optimise.pareto import cells, on_front
from kernels.optimise.polytope import Floats
from kernels.optimise.space import Space
from kernels.optimise.surrogate import Surrogate

Acquisition = Literal["expected_improvement", "ehvi", "ucb", "pi", "thompson"]

# Deviations below the mean of the confidence bound (Srinivas et al. 2010 let it grow; 2 is usual).
_BETA = 2.0
# What stands for no deviation at all, as a share of an objective's range.
_SOFTNESS = 1e-3
# Objectives from which the expected hypervolume improvement is sampled rather than exact.
_MANY = 5
_N_SAMPLES = 1024
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Task:
    """What is wanted, all minimised.

    n_objectives: the first so many surrogates are of objectives, the rest of constraints alone
    reference: (n_objectives,) of the hypervolume; without meaning for one objective
    limits: (n_outcomes,) the most that an outcome may be; inf where anything may
    """

    n_objectives: int
    reference: Floats
    limits: Floats


@dataclass(frozen=True, slots=True)
class Batch:
    """Candidates in the order in which they were found.

    rows: (n, width); mean, std: (n, n_outcomes), minimised; acquisition: (n,) natural logarithm
    """

    rows: Floats
    mean: Floats
    std: Floats
    acquisition: Floats


class Beliefs:
    """Surrogates of all outcomes, conditioned on what is being evaluated."""

    def __init__(self, surrogates: Sequence[Surrogate]) -> None:
        self._surrogates = tuple(surrogates)
        self.smooth = all(surrogate.smooth for surrogate in surrogates)

    def condition(self, rows: Floats) -> Beliefs:
        """As if their means had been seen at these rows."""
        return Beliefs([surrogate.condition(rows) for surrogate in self._surrogates])

    def predict(self, rows: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation, each (n, n_outcomes)."""
        pairs = [surrogate.predict(rows) for surrogate in self._surrogates]
        return np.stack([m for m, _ in pairs], axis=1), np.stack([s for _, s in pairs], axis=1)

    def sample(self, rows: Floats, rng: np.random.Generator) -> Floats:
        """Values of one function per outcome that could be the truth, (n, n_outcomes)."""
        drawn = [surrogate.sample(rows, 1, rng)[0] for surrogate in self._surrogates]
        return np.stack(drawn, axis=1)

    def climb(self, rows: Floats, criterion: Criterion) -> tuple[Floats, Floats]:
        """The criterion at rows, (n,), and its gradient by the rows, (n, width)."""
        found = [surrogate.predict_with_gradient(rows) for surrogate in self._surrogates]
        score = criterion(
            np.stack([f.mean for f in found], axis=1), np.stack([f.std for f in found], axis=1)
        )
        gradient = np.zeros_like(rows)
        for k, f in enumerate(found):
            gradient += score.by_mean[:, k : k + 1] * f.mean_gradient
            gradient += score.by_std[:, k : k + 1] * f.std_gradient
        return score.value, gradient


def propose(
    space: Space,
    surrogates: Sequence[Surrogate],
    task: Task,
    evaluated: Floats,
    n: int,
    rng: np.random.Generator,
    *,
    pending: Floats | None = None,
    acquisition: Acquisition = "ehvi",
) -> Batch:
    """The next n candidates, none of them evaluated or pending unless nothing else is left.

    evaluated: (n_evaluated, width) rows that the surrogates were trained on
    pending: (n_pending, width) rows whose evaluation has not ended
    """
    beliefs = Beliefs(surrogates)
    taken = evaluated if pending is None else np.vstack([evaluated, pending])
    current = beliefs if pending is None else beliefs.condition(pending)
    rows, scores = [], []
    for _ in range(n):
        row, score = _next(space, current, task, taken, rng, acquisition)
        rows.append(row)
        scores.append(score)
        taken = np.vstack([taken, row])
        current = current.condition(row[np.newaxis])
    chosen = np.array(rows).reshape(-1, space.width)
    mean, std = beliefs.predict(chosen)
    return Batch(chosen, mean, std, np.array(scores))


def _next(
    space: Space,
    beliefs: Beliefs,
    task: Task,
    taken: Floats,
    rng: np.random.Generator,
    acquisition: Acquisition,
) -> tuple[Floats, float]:
    """One candidate and its log acquisition."""
    believed = beliefs.predict(taken)[0]
    incumbents = _incumbents(believed, task)
    pool = search.pool(space, taken[incumbents], rng)
    criterion = _criterion(believed, incumbents, task, rng, acquisition)
    if acquisition == "thompson":
        # the best of the pool by one function that could be the truth; at points it has no doubt
        drawn = beliefs.sample(pool, rng)
        values = criterion(drawn, np.broadcast_to(_softness(believed), drawn.shape)).value
        order = np.argsort(-values, kind="stable")
        return _first_new(pool[order], values[order], taken)
    rows, values = search.maximise(
        space,
        pool,
        lambda rows: criterion(*beliefs.predict(rows)).value,
        (lambda rows: beliefs.climb(rows, criterion)) if beliefs.smooth else None,
        rng,
    )
    return _first_new(rows, values, taken)


def _incumbents(believed: Floats, task: Task) -> NDArray[np.intp]:
    """The rows on the front of what is believed of all rows, feasible ones if there are any."""
    feasible = np.all(believed <= task.limits, axis=1)
    index = np.flatnonzero(feasible) if feasible.any() else np.arange(len(believed))
    return index[on_front(believed[index, : task.n_objectives])]


def _softness(believed: Floats) -> Floats:
    """(1, n_outcomes) deviations that stand for none."""
    span = np.ptp(believed, axis=0, keepdims=True)
    return np.asarray(_SOFTNESS * np.where(span > 0, span, 1.0))


def _criterion(
    believed: Floats,
    incumbents: NDArray[np.intp],
    task: Task,
    rng: np.random.Generator,
    acquisition: Acquisition,
) -> Criterion:
    """The acquisition, times the probability that the outcomes stay within their limits."""
    m = task.n_objectives
    values = believed[:, :m]
    feasible = np.all(believed[incumbents] <= task.limits, axis=1)
    front = values[incumbents][feasible]
    reference = task.reference if m > 1 else values.max(axis=0) + 1e-9
    objective: Criterion
    if acquisition == "pi":
        objective = ProbabilityOfImprovement(cells(front, reference))
    elif acquisition == "ucb":
        objective = ConfidenceBound(cells(front, reference), _BETA, _softness(values)[0])
    elif m >= _MANY:
        ideal = values.min(axis=0) - 0.5 * np.ptp(values, axis=0)
        ideal = np.minimum(ideal, reference - 1e-9)
        objective = sampled_improvement(front, ideal, reference, _N_SAMPLES, rng)
    else:
        objective = ExpectedImprovement(cells(front, reference))
    limited = np.isfinite(task.limits)
    if not limited.any() and believed.shape[1] == m:
        return objective
    return Constrained(objective, m, np.flatnonzero(limited), task.limits[limited])


@dataclass(frozen=True, slots=True)
class Constrained:
    """A criterion of the objectives times the probability that all limits are kept."""

    objective: Criterion
    n_objectives: int
    limited: NDArray[np.intp]
    limits: Floats

    def __call__(self, mean: Floats, std: Floats) -> Score:
        m, limited = self.n_objectives, self.limited
        inner = self.objective(mean[:, :m], std[:, :m])
        kept = log_feasibility(mean[:, limited], std[:, limited], self.limits)
        by_mean, by_std = np.zeros_like(mean), np.zeros_like(std)
        by_mean[:, :m], by_std[:, :m] = inner.by_mean, inner.by_std
        by_mean[:, limited] += kept.by_mean
        by_std[:, limited] += kept.by_std
        return Score(inner.value + kept.value, by_mean, by_std)


def _first_new(rows: Floats, values: Floats, taken: Floats) -> tuple[Floats, float]:
    """The first row that is not taken and its value; the very first where all are."""
    for row, value in zip(rows, values, strict=True):
        if not np.any(np.all(np.abs(taken - row) <= _SAME, axis=1)):
            return row, float(value)
    return rows[0], float(values[0])
