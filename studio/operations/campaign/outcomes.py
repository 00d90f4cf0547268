"""Objectives of a campaign, limits on them, and how it goes about them: what can be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

import msgspec

from studio.errors import FieldError
from studio.operations.campaign.domains import of
from studio.operations.campaign.domains.domain import Feature
from studio.operations.campaign.variables import reserved
from studio.wire.campaigns import AnyCampaign, Objective, OutcomeConstraint, Target
from studio.wire.codec import did_you_mean, escape
from studio.wire.table import RESERVED

Features = Mapping[str, Feature] | None
_ANY = Feature("")


def faults(config: AnyCampaign, features: Features) -> Iterator[FieldError]:
    """What is wrong with objectives, outcome constraints and the plan of the campaign.

    features: what the domain gives; None for anything
    """
    seen: set[str] = set()
    parameters = {parameter.name for parameter in config.parameters}
    for index, objective in enumerate(config.objectives):
        where = f"/objectives/{index}"
        if objective.name in RESERVED:
            yield FieldError(f"{where}/name", reserved(objective.name))
        if objective.name in parameters:
            detail = f"{objective.name!r} is a parameter too: choose another name"
            yield FieldError(f"{where}/name", detail)
        if objective.name in seen:
            yield FieldError(f"{where}/name", f"{objective.name!r} is there twice")
        seen.add(objective.name)
        yield from (fault.below(where) for fault in _of_objective(objective, features))
    for index, constraint in enumerate(config.outcome_constraints):
        where = f"/outcome_constraints/{index}"
        yield from (f.below(where) for f in _of_constraint(constraint, config, features))
    yield from (fault.below("/campaign") for fault in _of_plan(config, features))


def _of_objective(objective: Objective, features: Features) -> Iterator[FieldError]:
    if features is not None and objective.source not in features:
        where = "/feature" if objective.feature else "/name"
        detail = f"{objective.source!r} is not among what is measured"
        yield FieldError(where, detail + did_you_mean(objective.source, list(features)))
        return
    feature = _ANY if features is None else features[objective.source]
    if objective.target is None:
        if objective.direction is None:
            yield FieldError("/direction", "is required: maximize or minimize, or a target")
        if feature.recorded:
            yield FieldError(
                "/target", f"is required: the data that {objective.source} comes near to"
            )
    elif objective.maximised:
        yield FieldError("/direction", "must be minimize: the distance to a target is minimised")
    yield from _of_target(objective, feature)
    yield from _of_reference(objective, feature)


def _of_target(objective: Objective, feature: Feature) -> Iterator[FieldError]:
    target = objective.target
    if isinstance(target, Target):
        if target.csv is not None:
            yield FieldError("/target/csv", "files are read by the command line: send the numbers")
        elif not feature.recorded:
            yield FieldError("/target", f"must be a number: {objective.source} is one")
    elif target is not None and feature.recorded:
        yield FieldError("/target", f"must be recorded data, not {target:g}")
    elif target is not None and not feature.low <= target <= feature.high:
        yield FieldError("/target", f"must be in {_range(feature)}, not {target:g}")


def _of_reference(objective: Objective, feature: Feature) -> Iterator[FieldError]:
    """A reference that no value can be better than leaves no hypervolume."""
    low, high = _reachable(objective, feature)
    reference = objective.reference
    if reference is None or (objective.direction is None and objective.target is None):
        return
    if objective.maximised and reference >= high:
        yield FieldError(
            "/reference", f"is the worst that counts: below {high:g}, not {reference:g}"
        )
    if not objective.maximised and reference <= low:
        yield FieldError(
            "/reference", f"is the worst that counts: above {low:g}, not {reference:g}"
        )


def _reachable(objective: Objective, feature: Feature) -> tuple[float, float]:
    """Between which values an objective lies."""
    if objective.target is not None:
        return 0.0, inf
    return feature.low, feature.high


def _range(feature: Feature) -> str:
    if feature.high == inf:
        return f"{feature.low:g} and above"
    return f"{feature.low:g} to {feature.high:g}"


def _of_constraint(
    constraint: OutcomeConstraint, config: AnyCampaign, features: Features
) -> Iterator[FieldError]:
    names = [objective.name for objective in config.objectives]
    if constraint.objective not in names:
        detail = f"{constraint.objective!r} is not an objective of this campaign"
        yield FieldError("/objective", detail + did_you_mean(constraint.objective, names))
        return
    least, most = constraint.at_least, constraint.at_most
    if least is None and most is None:
        yield FieldError("", "needs at_least or at_most")
    elif least is not None and most is not None and least > most:
        yield FieldError("/at_least", f"must not be above at_most, {most:g}, not {least:g}")
    objective = config.objectives[names.index(constraint.objective)]
    feature = (features or {}).get(objective.source, _ANY)
    low, high = _reachable(objective, feature)
    if least is not None and least > high:
        yield FieldError("/at_least", f"{objective.name} is {high:g} at most: never {least:g}")
    if most is not None and most < low:
        yield FieldError("/at_most", f"{objective.name} is {low:g} at least: never {most:g}")


def _of_plan(config: AnyCampaign, features: Features) -> Iterator[FieldError]:
    plan, n = config.campaign, len(config.objectives)
    chosen = plan.acquisition.type
    if chosen == "ehvi" and n == 1:
        detail = "ehvi needs two objectives; for one take expected_improvement"
        yield FieldError("/acquisition/type", detail)
    if chosen == "expected_improvement" and n > 1:
        yield FieldError("/acquisition/type", f"is for one objective; for {n} take ehvi")
    if plan.surrogate.type != "gp" and plan.surrogate.noise != "auto":
        detail = f"{plan.surrogate.type} finds it itself; only gp can be told"
        yield FieldError("/surrogate/noise", detail)
    objectives = {objective.name: objective for objective in config.objectives}
    for name, value in plan.convergence.target.items():
        where = f"/convergence/target/{escape(name)}"
        if name not in objectives:
            detail = f"{name!r} is not an objective of this campaign"
            yield FieldError(where, detail + did_you_mean(name, list(objectives)))
            continue
        feature = (features or {}).get(objectives[name].source, _ANY)
        low, high = _reachable(objectives[name], feature)
        if not low <= value <= high:
            yield FieldError(where, f"must be in {_range(Feature('', low, high))}, not {value:g}")


def complete(config: AnyCampaign) -> list[Objective]:
    """The objectives with directions and units."""
    features = of(config).features(config)
    return [_complete(objective, features) for objective in config.objectives]


def _complete(objective: Objective, features: Features) -> Objective:
    unit = "" if features is None else features[objective.source].unit
    return msgspec.structs.replace(
        objective,
        direction=objective.direction or "minimize",
        unit=objective.unit or ("" if unit == "1" else unit),
    )
