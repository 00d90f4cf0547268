"""A sweep over two parameters: every cell of the map is one column."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from kernels.neurons.simulate import SoFar
from studio.config import Limits
from studio.errors import FieldError
from studio.operations import columns, engine
from studio.operations import resolve as resolving
from studio.operations.columns import METRICS
from studio.operations.engine import Batches
from studio.operations.stage import Advance, Stage
from studio.version import VERSION
from studio.wire.codec import did_you_mean
from studio.wire.requests import HeatmapConfig, as_dict
from studio.wire.results import HeatmapResult

_SHOWN_SO_FAR = 2500  # results so far are told of chunks of at most this many cells

# of every cell, in the result and as it is told before
_TOLD = (*METRICS, "pattern", "detail", "status")
_NEXT_ROW = b"],["

Floats = NDArray[np.float64]


def check(config: HeatmapConfig, limits: Limits) -> HeatmapConfig:
    """The configuration with every default but the engine filled in; raises StudioError."""
    model = resolving.find_model(config.name)
    n_cells = config.x_steps * config.y_steps
    sweeps_current = "current" in (config.param_x, config.param_y)
    # what the preset sets may be swept, so the axes meet only what the request itself sets
    resolving.refuse(_axis_errors(model, config, limits))
    config = resolving.fill(config, model, sweeps_current=sweeps_current)
    resolving.check(model, config, [n_cells], limits)
    config = resolving.complete(config, model, (config.param_x, config.param_y))
    if sweeps_current:
        config = msgspec.structs.replace(config, current=None)
    return config


def batches(config: HeatmapConfig) -> list[Batches]:
    """What a resolved configuration runs."""
    return engine.batches(config, [config.x_steps * config.y_steps])


def _axis_errors(model: Model, config: HeatmapConfig, limits: Limits) -> Iterable[FieldError]:
    n_cells = config.x_steps * config.y_steps
    if n_cells > limits.cells:
        field = "x_steps" if config.x_steps >= config.y_steps else "y_steps"
        detail = f"{config.x_steps} x {config.y_steps} is {n_cells} cells; the limit is"
        yield FieldError(f"/{field}", f"{detail} {limits.cells}")
    if config.param_x == config.param_y:
        yield FieldError("/param_y", f"must differ from param_x, {config.param_x!r}")
    for axis in "xy":
        yield from _one_axis_errors(model, config, axis)


def _one_axis_errors(model: Model, config: HeatmapConfig, axis: str) -> Iterable[FieldError]:
    name = getattr(config, f"param_{axis}")
    low, high = getattr(config, f"{axis}_min"), getattr(config, f"{axis}_max")
    if low >= high:
        yield FieldError(f"/{axis}_max", f"must be above {axis}_min, {low:g}, not {high:g}")
    elif not math.isfinite(high - low):
        yield FieldError(f"/{axis}_max", f"the span from {low:g} to {high:g} is no number")
    elif getattr(config, f"{axis}_scale") == "log" and low <= 0:
        yield FieldError(f"/{axis}_min", f"must be above 0 on a log scale, not {low:g}")
    if name == "current":
        if config.stimulus is not None:
            yield FieldError(f"/param_{axis}", "`current` is an axis: leave out the stimulus")
        return
    if name not in {param.name for param in model.params}:
        names = ["current", *(param.name for param in model.params)]
        hint = did_you_mean(name, names)
        detail = f"{name!r} is neither `current` nor a parameter of {model.name}{hint}"
        yield FieldError(f"/param_{axis}", detail)
        return
    if name in config.params:
        yield FieldError(f"/params/{name}", "is swept by an axis: leave it out here")
    yield from resolving.range_error(model, name, low, f"/{axis}_min")
    yield from resolving.range_error(model, name, high, f"/{axis}_max")


def run(config: HeatmapConfig) -> Generator[Stage, list[Any], HeatmapResult]:
    """The operation."""
    model = columns.model_of(config)
    n_cells, n_x = config.x_steps * config.y_steps, config.x_steps
    chunks = [
        columns.chunk(cells, config, part.stop - part.start, part.start, part.stop)
        for part in columns.cut(config, n_cells)
    ]
    done = yield Stage("sweep", chunks, "Heatmap", n_cells, finished=_finished)
    why = {name: reason for part in done for name, reason in part["reasons"].items()}
    n_lost = sum(part["n_lost"] for part in done)
    if n_lost:
        first = columns.why_diverged(model, min(part["diverged_at"] for part in done))
        why["status"] = f"{n_lost} cells diverged; in the first {first}"
    rows: Any = {name: _joined(name, done, n_x) for name in _TOLD}
    return HeatmapResult(
        config=as_dict(config),
        units=columns.units(model),
        engine=config.engine,
        version=VERSION,
        param_x=config.param_x,
        param_y=config.param_y,
        x=_axis(config, "x").tolist(),
        y=_axis(config, "y").tolist(),
        metrics={name: rows[name] for name in METRICS},
        pattern=rows["pattern"],
        detail=rows["detail"],
        status=rows["status"],
        reasons=why,
    )


def cells(config: HeatmapConfig, first: int, stop: int) -> Generator[Advance, None, dict[str, Any]]:
    """Run the cells of flat index first to stop, row by row, as the columns of one batch."""

    def tell(so_far: SoFar, t: float) -> dict[str, Any]:
        each = so_far.spike_count.reshape(-1, config.trials)
        lost = so_far.diverged.reshape(-1, config.trials).any(axis=1)
        count = (each[:, 0] if config.trials == 1 else each.mean(axis=1)).astype(object)
        rate = np.where(lost, np.nan, each.mean(axis=1) * 1000.0 / t)
        count[lost] = None
        told = {"spike_count": count.tolist(), "rate_hz": rate.tolist(), "status": _status(lost)}
        return {"cells": [{"first": first, "t": t, **told}]}

    tells = stop - first <= _SHOWN_SO_FAR and not config.transient
    batch = _batch(config).take(slice(first, stop))
    measured = yield from columns.run(batch, config, tell=tell if tells else None)
    at = measured.diverged_at
    lost = ~np.isnan(at)
    told: dict[str, list[Any]] = {name: measured.metrics[name].tolist() for name in METRICS}
    told |= {"pattern": measured.pattern, "detail": measured.detail, "status": _status(lost)}
    return {
        "first": first,
        "t": config.duration,
        "rows": {name: _encoded(told[name], first, config.x_steps) for name in _TOLD},
        "reasons": columns.reasons(batch.model, measured.metrics, lost),
        "n_lost": int(lost.sum()),
        "diverged_at": float(at[lost].min()) if lost.any() else math.inf,
    }


def _batch(config: HeatmapConfig) -> Batch:
    x, y = np.meshgrid(_axis(config, "x"), _axis(config, "y"))
    swept: dict[str, Any] = {config.param_x: x.ravel(), config.param_y: y.ravel()}
    current = swept.pop("current", None)
    return columns.batch_of(config, x.size, params=swept, current=current)


def _axis(config: HeatmapConfig, axis: str) -> Floats:
    low, high = getattr(config, f"{axis}_min"), getattr(config, f"{axis}_max")
    spaced = np.geomspace if getattr(config, f"{axis}_scale") == "log" else np.linspace
    values: Floats = spaced(low, high, getattr(config, f"{axis}_steps"))
    return values


def _finished(part: dict[str, Any]) -> dict[str, Any]:
    told = {
        name: msgspec.Raw(b"[" + part["rows"][name].replace(_NEXT_ROW, b",") + b"]")
        for name in _TOLD
    }
    return {"cells": [{"first": part["first"], "t": part["t"], **told}]}


def _encoded(values: list[Any], first: int, n_x: int) -> bytes:
    """Values of the cells from a flat index on, as they stand within the rows of a map in JSON.

    A worker writes them, since for a large map the server alone would take seconds.
    """
    begins = range(-(first % n_x), len(values), n_x)
    rows = (values[max(i, 0) : i + n_x] for i in begins)
    return _NEXT_ROW.join(msgspec.json.encode(row)[1:-1] for row in rows)


def _joined(name: str, parts: list[dict[str, Any]], n_x: int) -> msgspec.Raw:
    """The rows of a map from those of its parts, as JSON."""
    text = bytearray(b"[[")
    for part in parts:
        if part["first"]:
            text += b"," if part["first"] % n_x else _NEXT_ROW
        text += part["rows"][name]
    return msgspec.Raw(bytes(text + b"]]"))


def _status(lost: Any) -> list[str]:
    """lost: (n_cells,) whether each diverged"""
    return ["diverged" if one else "ok" for one in lost]
