"""Every model of the catalogue at its canonical stimulus, named by its firing pattern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable
from typing import Any

from kernels.neurons import catalogue, engines
from kernels.neurons.engines import cost
from kernels.neurons.model import Model
from studio.config import Limits
from studio.errors import FieldError, StudioError
from studio.operations import columns, engine, simulate
from studio.operations import resolve as resolving
from studio.operations.engine import Batches
from studio.operations.stage import Advance, Chunk, Stage
from studio.version import VERSION
from studio.wire.requests import ScanConfig, SimulateConfig, as_dict
from studio.wire.results import ScanResult

KNOWN = ("pattern", "detail", "description", "rate_hz", "spike_count")

_MODEL_SECONDS = 60.0  # a slower one is not run


def check(config: ScanConfig, limits: Limits) -> ScanConfig:
    """The configuration; raises StudioError. A single model's trouble is told in its row."""
    resolving.refuse(_errors(config, limits))
    return config


def _errors(config: ScanConfig, limits: Limits) -> Iterable[FieldError]:
    if config.duration is not None:
        yield from resolving.transient_errors(config.transient, config.duration)
    seconds = sum(min(_seconds(model, config), _MODEL_SECONDS) for model in catalogue.CATALOGUE)
    if seconds > limits.job_seconds:
        detail = f"about {seconds:.3g} s of computing; the limit is {limits.job_seconds:g} s"
        yield FieldError("/duration", detail)


def _seconds(model: Model, config: ScanConfig) -> float:
    """How long a model takes, about, in seconds."""
    return min(cost.estimates(*_planned(model, config)).values())


def batches(config: ScanConfig) -> list[Batches]:
    """What a configuration runs."""
    return [_planned(model, config) for model in catalogue.CATALOGUE]


def _planned(model: Model, config: ScanConfig) -> Batches:
    n_steps = int((config.duration or model.duration) / model.dt)
    return Batches(model, model.integrator, [config.trials], n_steps)


def run(config: ScanConfig) -> Generator[Stage, list[Any], ScanResult]:
    """The operation."""
    models = catalogue.CATALOGUE
    rows = yield Stage(
        "scan",
        [Chunk(classify, (config, model.name), _seconds(model, config)) for model in models],
        "Scan",
        len(models),
        labels=[model.name for model in models],
        by_chunk=True,
        finished=lambda row: {"models": [row]},
    )
    return ScanResult(
        config=as_dict(config),
        units={"rate_hz": "the row's rate_unit", "duration": "the row's time_unit"},
        engine=config.engine,
        version=VERSION,
        models=rows,
        pattern_counts=dict(Counter(row["pattern"] for row in rows if row["pattern"])),
    )


def classify(config: ScanConfig, name: str) -> Generator[Advance, None, dict[str, Any]]:
    """Run one model and name its pattern; whatever goes wrong is told in its row."""
    model = catalogue.get(name)
    row = _row(model, config)
    asked = SimulateConfig(
        name=name,
        current=config.current,
        duration=config.duration,
        transient=config.transient,
        engine=config.engine,
        seed=config.seed,
        trials=config.trials,
    )
    try:
        resolved = simulate.check(asked, Limits(job_seconds=_MODEL_SECONDS))
    except StudioError as error:
        return {**row, "status": "failed", "reason": error.detail}
    resolved = engine.choose(resolved, simulate.batches(resolved), engines.ready())
    running = columns.run(columns.batch_of(resolved, 1), resolved)
    per_step = _seconds(model, config) / resolving.n_steps(resolved)
    while True:
        try:
            advance = next(running)
        except StopIteration as end:
            measured = end.value
            break
        yield Advance(per_step * advance.done)
    at = float(measured.diverged_at[0])
    known = simulate.statistics(measured)
    return {
        **row,
        **{key: known[key] for key in KNOWN},
        "status": columns.status(at),
        "reason": columns.why_diverged(at) if at == at else row["reason"],
        "engine": resolved.engine,
    }


def _row(model: Model, config: ScanConfig) -> dict[str, Any]:
    return {
        "name": model.name,
        "family": model.family,
        "pattern": None,
        "detail": None,
        "description": None,
        "rate_hz": None,
        "rate_unit": columns.units(model)["rate_hz"],
        "spike_count": None,
        "current": model.current if config.current is None else config.current,
        "current_unit": model.current_unit,
        "duration": model.duration if config.duration is None else config.duration,
        "time_unit": model.time_unit,
        "status": "ok",
        "reason": None if model.spiking else columns.without_spikes(model),
        "engine": None,
    }
