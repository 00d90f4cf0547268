"""One run of a model: its states over time, its spikes and their statistics."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from kernels.neurons import patterns
from kernels.neurons.model import Model
from studio.config import Limits
from studio.operations import columns, engine
from studio.operations import resolve as resolving
from studio.operations.columns import Measured
from studio.operations.engine import Batches
from studio.operations.stage import Advance, Stage
from studio.version import VERSION
from studio.wire.requests import ModelConfig, SimulateConfig, as_dict
from studio.wire.results import SimulateResult

INTERVALS = ("isi_mean", "isi_min", "isi_max", "isi_cv", "local_variation", "adaptation")


def check(config: SimulateConfig, limits: Limits) -> SimulateConfig:
    """The configuration with every default but the engine filled in; raises StudioError."""
    model = resolving.find_model(config.name)
    config = resolving.fill(config, model)
    resolving.check(model, config, [1], limits)
    return resolving.complete(config, model)


def batches(config: SimulateConfig) -> list[Batches]:
    """What a resolved configuration runs."""
    return engine.batches(config, [1])


def run(config: SimulateConfig) -> Generator[Stage, list[Any], SimulateResult]:
    """The operation."""
    chunk = columns.chunk(trace, config, 1)
    (part,) = yield Stage("trace", [chunk], "Running simulation")
    return SimulateResult(
        config=as_dict(config),
        units=columns.units(columns.model_of(config)),
        engine=config.engine,
        version=VERSION,
        t=part["trace"]["t"],
        states=part["trace"]["states"],
        spike_times=part["spike_times"],
        trials=part["trials"] if config.trials > 1 else None,
        stats=part["stats"],
        status=part["status"],
        reason=part["reason"],
        reasons=part["reasons"],
    )


def trace(config: ModelConfig) -> Generator[Advance, None, dict[str, Any]]:
    """Run one column, record its states and measure it."""
    model = columns.model_of(config)
    measured = yield from columns.run(columns.batch_of(config, 1), config, traced=[0])
    recording = measured.recording
    times = [
        recording.spike_times[recording.spike_columns == trial].tolist()
        for trial in range(config.trials)
    ]
    return {
        "trace": {
            "t": recording.trace.t.tolist(),
            "states": {name: x[:, 0].tolist() for name, x in recording.trace.states.items()},
        },
        "ranges": {
            name: dict(zip(("min", "max", "mean"), x[:, 0].tolist(), strict=True))
            for name, x in recording.trace.ranges.items()
        },
        "spike_times": times[0],
        "trials": times,
        "stats": statistics(measured),
        "reasons": _reasons(measured, model),
        **columns.outcome(model, float(measured.diverged_at[0])),
    }


def statistics(measured: Measured) -> dict[str, float | str | None]:
    """The statistics of the first column."""
    pattern = measured.pattern[0]
    return {
        "pattern": pattern,
        "detail": measured.detail[0],
        "description": patterns.DESCRIPTIONS.get(pattern or ""),
        **{name: columns.number(values[0]) for name, values in measured.metrics.items()},
        **{name: columns.number(getattr(measured.stats, name)[0]) for name in INTERVALS},
    }


def _reasons(measured: Measured, model: Model) -> dict[str, str]:
    values = {name: getattr(measured.stats, name) for name in INTERVALS} | measured.metrics
    return columns.reasons(model, values, measured.stats.diverged)
