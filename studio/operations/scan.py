"""Every model of the catalogue at its canonical stimulus, named by its firing pattern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from typing import Any

import msgspec

from kernels.neurons import catalogue, engines
from kernels.neurons.engines import cost
from kernels.neurons.model import Model
from kernels.neurons.program import usual
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
_MOST_STEPS = 1e15  # far more than that


def check(config: ScanConfig, limits: Limits) -> ScanConfig:
    """The configuration; raises StudioError. A single model's trouble is told in its row."""
    resolving.refuse(_errors(config, limits))
    return config


def _errors(config: ScanConfig, limits: Limits) -> Iterable[FieldError]:
    """What no model can take."""
    yield from resolving.contradictions(config)
    if config.duration is not None and config.transient >= config.duration:
        detail = f"must be below the duration, {config.duration:g}, not {config.transient:g}"
        yield FieldError("/transient", detail)
    integrators = {name: None for model in catalogue.CATALOGUE for name in model.integrators}
    if config.integrator is not None and config.integrator not in integrators:
        detail = f"must be one of {', '.join(integrators)}, not {config.integrator!r}"
        yield FieldError("/integrator", detail)
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
    n_steps = (config.duration or model.duration) / (config.dt or model.dt)
    asked = config.integrator
    integrator = next((name for name in model.integrators if name == asked), model.integrator)
    return Batches(model, integrator, [config.trials], int(min(n_steps, _MOST_STEPS)))


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
        lost=lambda index, why: {**_row(models[index], config), "status": "failed", "reason": why},
    )
    return ScanResult(
        config=as_dict(config),
        units={
            "rate_hz": "the row's rate_unit",
            "current": "the row's current_unit",
            **dict.fromkeys(("duration", "dt"), "the row's time_unit"),
        },
        engine=config.engine,
        version=VERSION,
        models=rows,
        pattern_counts=dict(Counter(row["pattern"] for row in rows if row["pattern"])),
    )


def classify(config: ScanConfig, name: str) -> Generator[Advance, None, dict[str, Any]]:
    """Run one model and name its pattern; whatever goes wrong is told in its row."""
    model = catalogue.get(name)
    row = _row(model, config)
    asked = SimulateConfig(name=name, **msgspec.structs.asdict(config))
    try:
        resolved = simulate.check(asked, Limits(job_seconds=_MODEL_SECONDS))
    except StudioError as error:
        return {**row, "status": "failed", "reason": error.detail}
    digest = usual(model, resolving.integrator(model, resolved)).digest
    ready = [digest] if engines.is_ready(digest) else []
    resolved = engine.choose(resolved, simulate.batches(resolved), ready).config
    worth = _seconds(model, config) / resolving.n_steps(resolved)
    try:
        measured = yield from columns.run(columns.batch_of(resolved, 1), resolved, worth=worth)
    except MemoryError:
        reason = "its spikes need more memory than a worker may have: a shorter run may help"
        return {**row, "status": "failed", "reason": reason}
    known = simulate.statistics(measured)
    outcome = columns.outcome(model, float(measured.diverged_at[0]))
    return {
        **row,
        **{key: known[key] for key in KNOWN},
        **outcome,
        "reason": outcome["reason"] or row["reason"],
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
        "current": _current(model, config),
        "current_unit": model.current_unit,
        "duration": config.duration or model.duration,
        "dt": config.dt or model.dt,
        "time_unit": model.time_unit,
        "integrator": config.integrator or model.integrator,
        "status": "ok",
        "reason": "; ".join(_remarks(model, config)) or None,
        "engine": None,
    }


def _remarks(model: Model, config: ScanConfig) -> Iterator[str]:
    """What has to be known of the numbers of a model that has some."""
    if not model.spiking:
        yield columns.without_spikes(model)
    if config.dt is not None and config.dt > model.dt:
        times = f"{config.dt / model.dt:.3g} times the {model.dt:g} that is known to resolve it"
        yield f"dt is {times}: the numbers may be the method's"
    if config.integrator not in (None, model.integrator):
        yield f"{config.integrator} is not the model's own {model.integrator}"


def _current(model: Model, config: ScanConfig) -> float | None:
    """The constant current, where it is one."""
    if config.stimulus is not None:
        return None
    return model.current if config.current is None else config.current
