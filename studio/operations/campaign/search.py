"""The mathematics of one campaign, in a worker: its space, design, surrogates and proposals.

Loads scipy, and scikit-learn where a surrogate needs it; `chunks` is what the operation names.
Random streams derive from the seed and the iteration, so that any step can be done again.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import msgspec
import numpy as np

from kernels.optimise import design, space
from kernels.optimise.pareto import hypervolume
from kernels.optimise.polytope import EmptyPolytopeError, Floats
from kernels.optimise.propose import Acquisition, Task, propose
from kernels.optimise.space import Category, Dimension, Space
from kernels.optimise.surrogate import Surrogate, train
from studio.operations.campaign.history import minimised
from studio.operations.campaign.variables import between
from studio.wire.campaigns import (
    AnyCampaign,
    Categorical,
    Continuous,
    Discrete,
    EvaluationResult,
    Parameter,
    Point,
)

_ASKED = msgspec.msgpack.Decoder(tuple[AnyCampaign, list[EvaluationResult]])
_TRAINING, _PROPOSING, _SCATTERING = 1, 2, 3
# What counts as failing where a surrogate says how likely it is.
_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a surrogate is trained on, minimised: an objective, or (None) whether it fails.

    limit: the most that keeps a candidate feasible
    """

    objective: int | None
    sign: float
    limit: float = inf


def space_of(config: AnyCampaign) -> Space:
    """The design space; raises EmptyPolytopeError where nothing satisfies the constraints."""
    rows = [row for constraint in config.constraints for row in between(constraint)]
    linear = [space.Linear(row.coefficients, row.low, row.high) for row in rows]
    return Space([_dimension(parameter) for parameter in config.parameters], linear)


def _dimension(parameter: Parameter) -> Dimension:
    if isinstance(parameter, Categorical):
        return Category(parameter.name, tuple(parameter.choices))
    if isinstance(parameter, Discrete):
        return space.discrete(parameter.name, *parameter.bounds, parameter.step)
    if isinstance(parameter, Continuous):
        return space.continuous(parameter.name, *parameter.bounds, log=parameter.log_scale)
    return space.integer(parameter.name, *parameter.bounds, log=parameter.log_scale)


def is_feasible(config: AnyCampaign) -> bool:
    """Whether anything satisfies the constraints."""
    try:
        space_of(config)
    except EmptyPolytopeError:
        return False
    return True


def initial(config: AnyCampaign, n: int) -> list[Point]:
    """Points that cover the space, n of them or as many as there are."""
    rng = np.random.default_rng([config.campaign.seed, 0])
    there = space_of(config)
    return [dict(point) for point in there.decode(design.initial_design(there, n, rng))]


def outcomes(config: AnyCampaign, some_failed: bool) -> list[Outcome]:
    """The objectives, then what only limits candidates: limits on their other side, failing."""
    names = [objective.name for objective in config.objectives]
    signs = [-1.0 if objective.maximised else 1.0 for objective in config.objectives]
    upper = [inf] * len(names)
    other: dict[int, float] = {}
    for constraint in config.outcome_constraints:
        index = names.index(constraint.objective)
        for value, sign in ((constraint.at_most, 1.0), (constraint.at_least, -1.0)):
            if value is not None and sign == signs[index]:
                upper[index] = min(upper[index], sign * value)
            elif value is not None:
                other[index] = min(other.get(index, inf), sign * value)
    found = [Outcome(k, signs[k], upper[k]) for k in range(len(names))]
    found += [Outcome(k, -signs[k], limit) for k, limit in other.items()]
    return found + ([Outcome(None, 1.0, _LIKELY)] if some_failed else [])


def trained(
    config: AnyCampaign,
    evaluations: Sequence[EvaluationResult],
    iteration: int,
    index: int,
    found: list[float] | None = None,
) -> Surrogate:
    """The surrogate of one outcome; found: what an earlier training of the same found."""
    if config.campaign.surrogate.type == "gp":
        return _trained(config, evaluations, iteration, index, found)
    return _ensemble(msgspec.msgpack.encode((config, evaluations)), iteration, index)


@functools.lru_cache(maxsize=8)
def _ensemble(asked: bytes, iteration: int, index: int) -> Surrogate:
    """An ensemble, kept: it takes seconds to train, and is asked for again by the proposal."""
    config, evaluations = _ASKED.decode(asked)
    return _trained(config, evaluations, iteration, index, None)


def _trained(
    config: AnyCampaign,
    evaluations: Sequence[EvaluationResult],
    iteration: int,
    index: int,
    found: list[float] | None,
) -> Surrogate:
    there, surrogate = space_of(config), config.campaign.surrogate
    some_failed = any(result.status == "failed" for result in evaluations)
    outcome = outcomes(config, some_failed)[index]
    ok = [result for result in evaluations if result.status == "ok"]
    if outcome.objective is None:
        ok = list(evaluations)
        values = np.array([float(result.status == "failed") for result in evaluations])
    else:
        signed = np.array([minimised(config.objectives, result) for result in ok])
        same = 1.0 if outcome.sign == _sign(config, outcome.objective) else -1.0
        values = same * signed[:, outcome.objective]
    noise = None if surrogate.noise == "auto" else surrogate.noise * (float(values.std()) or 1.0)
    return train(
        there,
        there.encode([result.parameters for result in ok]),
        values,
        np.random.default_rng([config.campaign.seed, iteration, _TRAINING, index]),
        kind=surrogate.type,
        noise=noise,
        found=None if found is None else np.array(found),
    )


def _sign(config: AnyCampaign, objective: int) -> float:
    return -1.0 if config.objectives[objective].maximised else 1.0


def batch(
    config: AnyCampaign,
    evaluations: Sequence[EvaluationResult],
    iteration: int,
    found: Sequence[list[float] | None],
    reference: Sequence[float],
) -> list[dict[str, Any]]:
    """The next candidates as plain data: parameters, predicted and acquisition.

    Points that have been evaluated are not proposed again: fewer where the space has no others.
    found: of the training of every outcome; reference: minimised
    """
    there, m = space_of(config), len(config.objectives)
    some_failed = any(result.status == "failed" for result in evaluations)
    limits = np.array([outcome.limit for outcome in outcomes(config, some_failed)])
    proposed = propose(
        there,
        [trained(config, evaluations, iteration, k, each) for k, each in enumerate(found)],
        Task(m, np.array(reference), limits),
        there.encode([result.parameters for result in evaluations]),
        config.campaign.batch_size,
        np.random.default_rng([config.campaign.seed, iteration, _PROPOSING]),
        acquisition=_acquisition(config),
    )
    points = there.decode(proposed.rows)
    return [
        {
            "parameters": dict(points[row]),
            "predicted": {
                objective.name: {
                    "mean": _sign(config, k) * float(proposed.mean[row, k]),
                    "std": float(proposed.std[row, k]),
                }
                for k, objective in enumerate(config.objectives)
            },
            "acquisition": float(proposed.acquisition[row]),
        }
        for row in _new(points, evaluations)
    ]


def _acquisition(config: AnyCampaign) -> Acquisition:
    chosen = config.campaign.acquisition.type
    if chosen == "auto":
        return "expected_improvement" if len(config.objectives) == 1 else "ehvi"
    return chosen


def scattered(
    config: AnyCampaign, evaluations: Sequence[EvaluationResult], iteration: int
) -> list[dict[str, Any]]:
    """Candidates drawn at random, while too little is known to train anything."""
    there, n = space_of(config), config.campaign.batch_size
    rng = np.random.default_rng([config.campaign.seed, iteration, _SCATTERING])
    points = there.decode(there.sample(10 * n, rng))
    return [
        {"parameters": dict(points[row]), "predicted": None, "acquisition": None}
        for row in _new(points, evaluations)[:n]
    ]


def _new(points: Sequence[Any], evaluations: Sequence[EvaluationResult]) -> list[int]:
    """Which points are neither evaluated nor there before."""
    seen = [result.parameters for result in evaluations]
    found = []
    for row, point in enumerate(points):
        if point not in seen:
            found.append(row)
            seen.append(dict(point))
    return found


def volumes(by_iteration: Sequence[list[list[float]]], reference: Sequence[float]) -> list[float]:
    """The hypervolume after each iteration, of values that came in each, minimised."""
    worst: Floats = np.array(reference)
    so_far: Floats = np.empty((0, len(reference)))
    found = []
    for values in by_iteration:
        so_far = np.vstack([so_far, np.array(values).reshape(-1, len(reference))])
        found.append(hypervolume(so_far, worst))
    return found
