"""Chunks of a campaign. What they need is loaded where they run: the server never loads scipy."""

from __future__ import annotations

import importlib
from collections.abc import Generator
from typing import Any

from studio.errors import FieldError
from studio.operations.stage import Advance, Chunk
from studio.wire.campaigns import AnyCampaign, EvaluationResult, Point, PythonCampaign

Work = Generator[Advance, None, Any]


def _search() -> Any:
    return importlib.import_module("studio.operations.campaign.search")


def design(config: AnyCampaign, n: int) -> Work:
    """The initial design: a list of points."""
    yield Advance(0.0)
    points: list[Point] = _search().initial(config, n)
    return points


def train(
    config: AnyCampaign, evaluations: list[EvaluationResult], iteration: int, index: int
) -> Work:
    """One surrogate: its losses, and what need not be sought again to have it."""
    yield Advance(0.0)
    surrogate = _search().trained(config, evaluations, iteration, index)
    found = surrogate.hyperparameters
    return {
        "train_loss": surrogate.quality.train_loss,
        "val_loss": surrogate.quality.val_loss,
        "found": None if found is None else found.tolist(),
    }


def propose(
    config: AnyCampaign,
    evaluations: list[EvaluationResult],
    iteration: int,
    found: list[list[float] | None],
    reference: list[float],
) -> Work:
    """A batch of candidates; at random where nothing is trained."""
    yield Advance(0.0)
    if not found:
        return _search().scattered(config, evaluations, iteration)
    return _search().batch(config, evaluations, iteration, found, reference)


def volumes(by_iteration: list[list[list[float]]], reference: list[float]) -> Work:
    """The hypervolume after each iteration."""
    yield Advance(0.0)
    return _search().volumes(by_iteration, reference)


def feasibility(config: AnyCampaign) -> Work:
    """What is wrong with a configuration that only a worker can find: a list of FieldError."""
    yield Advance(0.0)
    found = []
    if not _search().is_feasible(config):
        found.append(FieldError("/constraints", "nothing satisfies all of them together"))
    if isinstance(config, PythonCampaign):
        from studio.operations.campaign.domains import python

        try:
            python.load(config.evaluator)
        except python.NotAnEvaluatorError as error:
            found.append(FieldError("/evaluator", str(error)))
    return found


def one(function: Any, *args: Any) -> list[Chunk]:
    """A stage's only chunk."""
    return [Chunk(function, args, 1.0)]
