"""Earlier evaluations that a campaign starts from, and points that a laboratory reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from studio.errors import FieldError
from studio.wire.campaigns import (
    AnyCampaign,
    Categorical,
    EvaluationResult,
    Integer,
    Parameter,
    Point,
    Value,
)
from studio.wire.codec import did_you_mean, escape, shown

_TOLD = 20
# What an objective may be, on either side of 0: products of several must still be numbers.
MOST = 1e100


def faults(config: AnyCampaign) -> Iterator[FieldError]:
    """What is wrong with the data of a warm start."""
    if config.data is None:
        return
    if isinstance(config.data, str):
        yield FieldError("/data", "files are read by the command line: send the rows")
    elif not config.data:
        yield FieldError("/data", "must hold one row at least")
    else:
        yield from islice(_of_rows(config, config.data), _TOLD)


def _of_rows(config: AnyCampaign, rows: Sequence[Point]) -> Iterator[FieldError]:
    columns = [item.name for item in (*config.parameters, *config.objectives)]
    for name in rows[0]:
        if name not in columns:
            hint = did_you_mean(name, columns)
            detail = f"is neither a parameter nor an objective of this campaign{hint}"
            yield FieldError(f"/data/0/{escape(name)}", detail)
    missing = [name for name in columns if name not in rows[0]]
    if missing:
        yield FieldError("/data", f"has no column {', '.join(missing)}")
    for index, row in enumerate(rows):
        yield from (
            f.below(f"/data/{index}") for f in point_faults(config.parameters, row, missing)
        )
        for objective in config.objectives:
            value = row.get(objective.name, 0.0)
            where = f"/data/{index}/{escape(objective.name)}"
            if isinstance(value, str):
                yield FieldError(where, f"must be a number, not {shown(value)}")
            elif abs(value) > MOST:
                yield FieldError(where, f"must be in {-MOST:g} to {MOST:g}, not {value:g}")


def point_faults(
    parameters: Sequence[Parameter], point: Mapping[str, Any], missing: Sequence[str] = ()
) -> Iterator[FieldError]:
    """What keeps a point from being one of a campaign's; missing: parameters not to ask for."""
    for parameter in parameters:
        where = f"/{escape(parameter.name)}"
        if parameter.name in missing:
            continue
        if parameter.name not in point:
            yield FieldError(where, "is required")
        else:
            yield from _of_value(parameter, point[parameter.name], where)


def _of_value(parameter: Parameter, value: Value, where: str) -> Iterator[FieldError]:
    if isinstance(parameter, Categorical):
        if value not in parameter.choices:
            detail = f"must be one of {', '.join(parameter.choices)}, not {shown(value)}"
            yield FieldError(where, detail)
        return
    low, high = parameter.bounds
    if isinstance(value, str):
        yield FieldError(where, f"must be a number, not {shown(value)}")
    elif not low <= value <= high:
        yield FieldError(where, f"must be in {low:g} to {high:g}, not {value:g}")
    elif isinstance(parameter, Integer) and value != round(value):
        yield FieldError(where, f"must be a whole number, not {value:g}")


def known(config: AnyCampaign) -> list[EvaluationResult]:
    """The rows of a warm start as evaluations that have ended."""
    rows = config.data if isinstance(config.data, list) else []
    return [_result(config, index, row) for index, row in enumerate(rows, start=1)]


def _result(config: AnyCampaign, index: int, row: Point) -> EvaluationResult:
    values = {o.name: row.get(o.name) for o in config.objectives}
    objectives = {name: float(value) for name, value in values.items() if value is not None}
    whole = len(objectives) == len(values)
    return EvaluationResult(
        id=f"d{index:04d}",
        parameters={p.name: row[p.name] for p in config.parameters},
        objectives={name: objectives.get(name) for name in values},
        feasible=whole and feasible(config, objectives),
        status="ok" if whole else "failed",
        reason=None if whole else "the earlier data give no value",
        duration_s=None,
    )


def feasible(config: AnyCampaign, objectives: Mapping[str, float]) -> bool:
    """Whether objectives keep the outcome constraints."""
    return all(
        (limit.at_least is None or objectives[limit.objective] >= limit.at_least)
        and (limit.at_most is None or objectives[limit.objective] <= limit.at_most)
        for limit in config.outcome_constraints
    )
