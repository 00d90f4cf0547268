"""A model from all sides: default run, f-I curve, rheobase, sensitivity, firing pattern."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kernels.neurons.model import Model, Param
from studio.config import Limits
from studio.operations import columns, engine
from studio.operations import resolve as resolving
from studio.operations.engine import Batches
from studio.operations.simulate import INTERVALS, trace
from studio.operations.stage import Advance, Chunk, Stage
from studio.version import VERSION
from studio.wire.requests import CharacterizeConfig, as_dict
from studio.wire.results import CharacterizeResult

N_CURRENTS = 20
MAX_PARAMS = 15
RHEOBASE_PRECISION = 0.01

_SEARCH_COLUMNS = 16  # in three rounds from decades to 1 %
_SEARCH_ROUNDS = 8
_LARGEST = 1e300  # what the decades can still multiply
_SEARCH_DECADES = 3  # to either side of the canonical current
_CHANGE = 0.1

Floats = NDArray[np.float64]


def check(config: CharacterizeConfig, limits: Limits) -> CharacterizeConfig:
    """The configuration with every default but the engine filled in; raises StudioError."""
    model = resolving.find_model(config.name)
    config = resolving.fill(config, model)
    resolving.check(model, config, _widths(model), limits)
    varied = [param.name for param in _varied(model)]
    return resolving.complete(config, model, followed=varied)


def batches(config: CharacterizeConfig) -> list[Batches]:
    """What a resolved configuration runs."""
    return engine.batches(config, _widths(columns.model_of(config)))


def _widths(model: Model) -> list[int]:
    return [1, *[_SEARCH_COLUMNS] * 3, N_CURRENTS, 2 * len(_varied(model))]


def run(config: CharacterizeConfig) -> Generator[Stage, list[Any], CharacterizeResult]:
    """The operation."""
    model = columns.model_of(config)
    chunk = columns.chunk(trace, config, 1)
    (default,) = yield Stage("trace", [chunk], "Running default simulation", share=(0.0, 0.1))
    threshold = yield from _rheobase(model, config)
    currents = np.linspace(0.0, _fi_max(config, model, threshold.current), N_CURRENTS)
    curve = _at_currents(config, currents)
    found = yield Stage("fi_curve", curve, "f-I curve", N_CURRENTS, share=(0.4, 0.7))
    rates = np.concatenate([metrics["rate_hz"] for metrics in found])
    sensitivity = yield from _sensitivity(model, config)
    return CharacterizeResult(
        config=as_dict(config),
        units=columns.units(model),
        engine=config.engine,
        version=VERSION,
        trace=default["trace"],
        spike_times=default["spike_times"],
        pattern=default["stats"],
        fi_curve={"currents": currents.tolist(), "rates": rates.tolist()},
        threshold_current=threshold.current,
        max_rate=_largest(rates),
        isi_stats={name: default["stats"][name] for name in INTERVALS},
        state_ranges=default["ranges"],
        sensitivity=sensitivity,
        status=default["status"],
        reason=default["reason"],
        reasons=default["reasons"] | _reasons(model, threshold, rates, sensitivity),
    )


class Threshold(NamedTuple):
    """The smallest constant current that makes the model fire, or why there is none."""

    current: float | None
    reason: str | None = None


def _rheobase(model: Model, config: CharacterizeConfig) -> Generator[Stage, list[Any], Threshold]:
    """Search many currents at once: first over decades, then between neighbours."""
    if not model.spiking:
        return Threshold(None, "the model has no spikes")
    if not model.deterministic:
        return Threshold(None, "spikes are random: there is no current at which they begin")
    scale = max(abs(config.current or 0.0), abs(model.current)) or 1.0
    decades = np.logspace(-_SEARCH_DECADES, _SEARCH_DECADES, _SEARCH_COLUMNS - 1)
    currents, share = np.concatenate([[0.0], min(scale, _LARGEST) * decades]), (0.1, 0.2)
    for _ in range(_SEARCH_ROUNDS):
        chunks = _at_currents(msgspec.structs.replace(config, transient=0.0), currents)
        # the currents of the curve follow from the rheobase, so none of them is done yet
        found = yield Stage("fi_curve", chunks, f"f-I curve 0/{N_CURRENTS}", share=share)
        share = (share[1], (share[1] + 0.4) / 2)
        counts = [count for part in found for count in part["spike_count"]]
        first = next((i for i, count in enumerate(counts) if count is None or count > 0), None)
        if first is None:
            return Threshold(None, f"no spike up to {currents[-1]:g} {model.current_unit}")
        high = float(currents[first])
        if counts[first] is None:
            lost = f"the states diverge at {high:g} {model.current_unit} before any smaller current"
            return Threshold(None, f"{lost} fires{columns.remedy(model)}")
        if high == 0.0:
            return Threshold(None, "the model fires without any current")
        low = float(currents[first - 1])
        if high - low <= RHEOBASE_PRECISION * high:
            return Threshold(high)
        currents = np.linspace(low, high, _SEARCH_COLUMNS)  # the upper end fires again
    return Threshold(None, f"the model fires at {high:g} {model.current_unit} and may at less")


def _sensitivity(
    model: Model, config: CharacterizeConfig
) -> Generator[Stage, list[Any], list[dict[str, Any]]]:
    varied = _varied(model)
    names = [param.name for param in varied]
    ends = [_ends(param, config.params[param.name]) for param in varied]
    values = [(name, value) for name, pair in zip(names, ends, strict=True) for value in pair]
    chunks = [
        columns.chunk(changed, config, part.stop - part.start, values, part)
        for part in columns.cut(config, len(values))
    ]
    found = yield Stage(
        "sensitivity", chunks, "Sensitivity", len(varied), labels=names, share=(0.7, 1.0)
    )
    rates = np.concatenate([np.empty(0), *(metrics["rate_hz"] for metrics in found)])
    pairs = zip(names, ends, rates.reshape(-1, 2), strict=True)
    rows = [
        {
            "param": name,
            "low": low,
            "high": high,
            "rate_low": columns.number(rate_low),
            "rate_high": columns.number(rate_high),
            "rate_change": columns.number(rate_high - rate_low),
        }
        for name, (low, high), (rate_low, rate_high) in pairs
    ]
    return sorted(rows, key=lambda row: -abs(row["rate_change"] or 0.0))


def _varied(model: Model) -> tuple[Param, ...]:
    return model.params[:MAX_PARAMS]


def _ends(param: Param, value: float) -> tuple[float, float]:
    """The value less and plus a tenth, of the range where it is 0, within the range."""
    change = abs(value) * _CHANGE or (param.high - param.low) * _CHANGE
    return max(param.low, value - change), min(param.high, value + change)


def _fi_max(config: CharacterizeConfig, model: Model, rheobase: float | None) -> float:
    if config.fi_max is not None:
        return config.fi_max
    return 3.0 * (rheobase or abs(config.current or model.current) or 1.0)


def _at_currents(config: CharacterizeConfig, currents: Floats) -> list[Chunk]:
    return [
        columns.chunk(driven, config, part.stop - part.start, currents, part)
        for part in columns.cut(config, len(currents))
    ]


def driven(
    config: CharacterizeConfig, currents: Floats, part: slice
) -> Generator[Advance, None, dict[str, NDArray[Any]]]:
    """Run a part of the columns of one constant current each, (n_columns,)."""
    config = msgspec.structs.replace(config, stimulus=None)
    batch = columns.batch_of(config, len(currents), current=currents)
    measured = yield from columns.run(batch.take(part), config)
    return measured.metrics


def changed(
    config: CharacterizeConfig, values: list[tuple[str, float]], part: slice
) -> Generator[Advance, None, dict[str, NDArray[Any]]]:
    """Run a part of the columns of one changed parameter each, the others as they are."""
    params = {name: np.full(len(values), config.params[name]) for name, _ in values}
    for i, (name, value) in enumerate(values):
        params[name][i] = value
    batch = columns.batch_of(config, len(values), params=params)
    measured = yield from columns.run(batch.take(part), config)
    return measured.metrics


def _largest(rates: Floats) -> float | None:
    known = rates[~np.isnan(rates)]
    return float(known.max()) if len(known) else None


def _reasons(
    model: Model, threshold: Threshold, rates: Floats, sensitivity: list[dict[str, Any]]
) -> dict[str, str]:
    why = {} if model.spiking else {"rates": columns.without_spikes(model)}
    if threshold.reason:
        why["threshold_current"] = threshold.reason
    lost = f"the states of these runs diverged{columns.remedy(model)}"
    if np.isnan(rates).any():
        why["fi_curve"] = lost
    if any(row["rate_change"] is None for row in sensitivity):
        why["sensitivity"] = lost
    return why
