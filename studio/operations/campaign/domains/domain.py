"""What a domain is: the parameters it has, the features it gives, and how it evaluates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, TypedDict

from studio.config import Limits
from studio.errors import FieldError
from studio.operations.stage import Chunk
from studio.wire.campaigns import AnyCampaign, Objective, Point


@dataclass(frozen=True, slots=True)
class Feature:
    """An output of an evaluator: its unit, between which values it lies, and whether it is the
    distance to recorded data."""

    unit: str
    low: float = -inf
    high: float = inf
    recorded: bool = False


class Outcome(TypedDict):
    """What became of one candidate.

    outputs: by objective, the feature, or its distance to recorded data; reasons: why one is None
    failure: why there is nothing at all
    """

    outputs: dict[str, float | None]
    reasons: dict[str, str]
    failure: str | None
    duration_s: float | None


@dataclass(frozen=True)
class Domain:
    """One kind of evaluation.

    features: of a configuration, None where an objective may have any name
    faults: what is wrong with what only this domain has; trusted: see `check`
    complete: a configuration without faults with every default filled in
    chunks: the evaluation of points with their numbers in the campaign: parts are lists of Outcome,
        together in the order of the points; None where people evaluate
    """

    features: Callable[[Any], dict[str, Feature] | None]
    faults: Callable[[Any, bool, Limits], Iterable[FieldError]]
    complete: Callable[[Any], Any]
    chunks: Callable[[Any, Sequence[Point], Sequence[int]], list[Chunk]] | None


def failed(reason: str, duration_s: float | None = None) -> Outcome:
    """The outcome of a candidate that gave nothing."""
    return Outcome(outputs={}, reasons={}, failure=reason, duration_s=duration_s)


def objective_value(objective: Objective, output: float) -> float:
    """What is maximised or minimised: the output, or how far it is from its target."""
    return abs(output - objective.target) if isinstance(objective.target, float) else output


def numeric(config: AnyCampaign) -> Iterable[FieldError]:
    """Refuse categories where a domain has numbers alone."""
    for index, parameter in enumerate(config.parameters):
        if hasattr(parameter, "choices"):
            detail = f"{parameter.name} is a number here: continuous, integer or discrete"
            yield FieldError(f"/parameters/{index}/type", detail)
