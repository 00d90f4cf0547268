"""A reverse osmosis membrane, whose whole batch is evaluated at once."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence

import numpy as np

from kernels.materials import membrane
from studio.config import Limits
from studio.errors import FieldError
from studio.operations.campaign.domains.domain import Domain, Feature, Outcome, numeric
from studio.operations.stage import Advance, Chunk
from studio.wire.campaigns import Categorical, MembraneCampaign, Point
from studio.wire.codec import did_you_mean, escape

_PARAMETERS = {parameter.name: parameter for parameter in membrane.PARAMETERS}
_FEATURES = {
    "water_flux": Feature("L/m2/h", low=0.0),
    "salt_rejection": Feature("%", low=0.0, high=100.0),
}


def _faults(config: MembraneCampaign, trusted: bool, limits: Limits) -> Iterator[FieldError]:
    yield from numeric(config)
    for index, parameter in enumerate(config.parameters):
        where = f"/parameters/{index}"
        if parameter.name not in _PARAMETERS:
            yield FieldError(f"{where}/name", _unknown(parameter.name))
        elif not isinstance(parameter, Categorical):
            for value in parameter.bounds:
                yield from _out_of_range(parameter.name, value, f"{where}/bounds")
    varied = {parameter.name for parameter in config.parameters}
    for name, value in config.fixed.items():
        where = f"/fixed/{escape(name)}"
        if name not in _PARAMETERS:
            yield FieldError(where, _unknown(name))
        elif name in varied:
            yield FieldError(where, "is a parameter of this campaign: leave it out here")
        else:
            yield from _out_of_range(name, value, where)


def _unknown(name: str) -> str:
    return f"a membrane has no {name!r}{did_you_mean(name, list(_PARAMETERS))}"


def _out_of_range(name: str, value: float, where: str) -> Iterator[FieldError]:
    parameter = _PARAMETERS[name]
    if not parameter.low <= value <= parameter.high:
        allowed = f"{parameter.low:g} to {parameter.high:g} {parameter.unit}"
        yield FieldError(where, f"must be in {allowed}, not {value:g}")


def _chunks(
    config: MembraneCampaign, points: Sequence[Point], numbers: Sequence[int]
) -> list[Chunk]:
    return [Chunk(evaluate, (config, list(points)), float(len(points)))]


def evaluate(
    config: MembraneCampaign, points: list[Point]
) -> Generator[Advance, None, list[Outcome]]:
    """A chunk: every membrane of a batch."""
    yield Advance(0.0)
    begun = time.perf_counter()
    varied = {
        p.name: np.array([point[p.name] for point in points], float) for p in config.parameters
    }
    found = membrane.evaluate({**config.fixed, **varied})
    each = (time.perf_counter() - begun) / len(points)
    outputs = {
        objective.name: np.broadcast_to(getattr(found, objective.source), len(points)).tolist()
        for objective in config.objectives
    }
    return [
        Outcome(
            outputs={name: values[index] for name, values in outputs.items()},
            reasons={},
            failure=None,
            duration_s=each,
        )
        for index in range(len(points))
    ]


DOMAIN = Domain(
    features=lambda config: _FEATURES,
    faults=_faults,
    complete=lambda config: config,
    chunks=_chunks,
)
