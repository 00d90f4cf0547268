"""What the operations share: columns run as a configuration says, and what is measured of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.neurons import catalogue, patterns, simulate, spikes, stimulus
from kernels.neurons.batch import Batch, parts
from kernels.neurons.engines import cost
from kernels.neurons.model import Array, Model
from kernels.neurons.simulate import Recording, SoFar
from kernels.neurons.spikes import SpikeStatistics
from studio.operations import resolve
from studio.operations.resolve import known, span
from studio.operations.stage import Advance, Chunk, ChunkFunction, resume
from studio.wire import requests
from studio.wire.requests import ModelConfig

METRICS = ("rate_hz", "spike_count", "isi_cv", "latency_ms")

_CHUNK_SECONDS = 0.25
# a worker's memory stays small: so many columns, and so many spikes if each fires at every step;
# a spike takes 40 bytes at most until it is measured, so that all of them take half a gigabyte
_CHUNK_COLUMNS = 20_000
_CHUNK_SPIKES = 12_000_000

Tell = Callable[[SoFar, float], dict[str, Any]]


@dataclass(frozen=True)
class Measured:
    """What is known of every column.

    rate_hz, isi_cv, latency_ms: (n_columns,), NaN where they cannot be computed
    spike_count: (n_columns,), None where the column diverged
    pattern: (n_columns,), None where the column diverged or the model has no spikes
    detail: (n_columns,) a finer name, None where there is none
    diverged_at: (n_columns,) when, in the model's time; NaN for a column that stayed finite
    """

    stats: SpikeStatistics
    metrics: dict[str, NDArray[Any]]
    pattern: list[str | None]
    detail: list[str | None]
    diverged_at: NDArray[np.float64]
    recording: Recording


def model_of(config: ModelConfig) -> Model:
    """The model of a resolved configuration."""
    return catalogue.get(config.name)


def batch_of(
    config: ModelConfig,
    n_columns: int,
    *,
    params: dict[str, Array] | None = None,
    current: Array | None = None,
) -> Batch:
    """A batch of a resolved configuration.

    params: {name: (n_columns,)} what differs between columns; current: (n_columns,) likewise, a
        constant current instead of the configuration's stimulus
    """
    driven = stimulus_of(config) if current is None else stimulus.Constant(current)
    return Batch(
        model_of(config),
        n_columns,
        driven,
        {**config.params, **(params or {})},
        config.init,
        config.seed,
    )


def stimulus_of(config: ModelConfig) -> stimulus.Stimulus:
    """The stimulus of a resolved configuration."""
    asked = config.stimulus
    match asked:
        case None:
            return stimulus.Constant(known(config.current))
        case requests.Constant():
            return stimulus.Constant(asked.amplitude)
        case requests.Step():
            return stimulus.Step(
                amplitude=asked.amplitude,
                onset=asked.onset,
                end=np.inf if asked.end is None else asked.end,
                baseline=asked.baseline,
            )
        case requests.Ramp():
            return stimulus.Ramp(
                initial=asked.initial,
                final=asked.final,
                onset=asked.onset,
                end=known(config.duration) if asked.end is None else asked.end,
            )
        case requests.Pulses():
            return stimulus.Pulses(
                amplitude=asked.amplitude,
                width=asked.width,
                period=asked.period,
                onset=asked.onset,
                count=np.inf if asked.count is None else asked.count,
                baseline=asked.baseline,
            )
        case requests.Fluctuating():
            return stimulus.Fluctuating(mean=asked.mean, std=asked.std, tau=asked.tau)
        case requests.Recorded():
            return stimulus.Recorded(values=tuple(asked.values), dt=asked.dt, onset=asked.onset)
        case requests.Piecewise():
            return stimulus.Piecewise(
                times=tuple(asked.times), values=tuple(asked.values), onset=asked.onset
            )


def chunk(function: ChunkFunction, config: ModelConfig, n_columns: int, *args: Any) -> Chunk:
    """A chunk that runs so many columns of a resolved configuration."""
    model, n_steps = model_of(config), resolve.n_steps(config)
    seconds = cost.seconds(
        config.engine,
        model,
        resolve.integrator(model, config),
        n_columns * config.trials,
        n_steps,
    )
    return Chunk(function, (config, *args), n_columns * n_steps, seconds)


def cut(config: ModelConfig, n_columns: int) -> list[slice]:
    """The columns of a sweep in chunks, each short, but none narrower than pays."""
    model, n_steps = model_of(config), resolve.n_steps(config)
    overhead, per_column = cost.per_step(config.engine, model, resolve.integrator(model, config))
    wide = n_columns * config.trials
    seconds = n_steps * (overhead + per_column * wide)
    spikes = wide * n_steps
    wanted = max(seconds / _CHUNK_SECONDS, wide / _CHUNK_COLUMNS, spikes / _CHUNK_SPIKES)
    narrowest = max(1.0, overhead / per_column)  # a narrower chunk costs nearly as much
    return parts(n_columns, max(1, math.floor(min(math.ceil(wanted), wide / narrowest))))


def run(
    batch: Batch,
    config: ModelConfig,
    *,
    traced: list[int] | None = None,
    tell: Tell | None = None,
    worth: float = 1.0,
) -> Generator[Advance, None, Measured]:
    """Run a batch, every column in so many trials, and measure it.

    tell: what to tell of the batch so far, given the time simulated
    worth: how much of the chunk's work a step of a column is
    """
    running = simulate.advancing(
        batch.repeat(config.trials),
        duration=known(config.duration),
        dt=known(config.dt),
        integrator=resolve.integrator(batch.model, config),
        engine=config.engine,
        transient=config.transient,
        traced=traced or (),
    )
    while True:
        so_far, recording = resume(running)
        if so_far is None:
            return measure(recording, batch, config)
        t = so_far.n_steps * known(config.dt)
        teller = _later(tell, so_far, t) if tell is not None and t > config.transient else None
        yield Advance(worth * so_far.n_steps * batch.n_columns, teller)


def _later(tell: Tell, so_far: SoFar, t: float) -> Callable[[], dict[str, Any]]:
    return lambda: tell(so_far, t)


def measure(recording: Recording, batch: Batch, config: ModelConfig) -> Measured:
    """Statistics and pattern of every column, over its trials."""
    model, trials = batch.model, config.trials
    each = spikes.statistics(
        recording, transient=config.transient, onset=float(batch.stimulus.onset)
    )
    varies = isinstance(config.stimulus, requests.Fluctuating | requests.Recorded)
    named = patterns.classify(each, deterministic=model.deterministic and not varies)
    pattern = [name or None for name in patterns.commonest(named, trials).tolist()]
    finer = patterns.commonest(patterns.detail(each), trials)
    detail = [name or None for name in finer.tolist()]
    stats = spikes.average(each, trials)
    metrics = {name: getattr(stats, name) for name in METRICS}
    if recording.mean_rate is not None:
        metrics["rate_hz"] = recording.mean_rate.reshape(-1, trials).mean(axis=1)
    if not model.spiking:
        pattern = detail = [None] * batch.n_columns
    metrics["spike_count"] = metrics["spike_count"].astype(object)
    for values in metrics.values():
        values[stats.diverged] = None
    first = np.fmin.reduce(recording.diverged_at.reshape(-1, trials), axis=1)
    return Measured(stats, metrics, pattern, detail, first, recording)


def number(value: Any) -> float | None:
    """A number as plain data, None where it cannot be computed."""
    plain: float | None = value.item() if isinstance(value, np.generic) else value
    return None if plain != plain else plain


def status(diverged_at: float) -> str:
    """A column's status."""
    return "ok" if diverged_at != diverged_at else "diverged"


def why_diverged(model: Model, diverged_at: float) -> str:
    """Why a column has no numbers."""
    return f"the states grew beyond all bounds by {span(model, diverged_at)}{remedy(model)}"


def remedy(model: Model) -> str:
    """What may help where states diverge."""
    return "" if model.time_unit == "iteration" else ": a smaller dt may help"


def outcome(model: Model, diverged_at: float) -> dict[str, str | None]:
    """A column's status, and the reason where it has no numbers."""
    is_ok = status(diverged_at) == "ok"
    reason = None if is_ok else why_diverged(model, diverged_at)
    return {"status": status(diverged_at), "reason": reason}


def units(model: Model) -> dict[str, str]:
    """The unit of every quantity of a model."""
    per_time = {"ms": "Hz", "1": "per 1000 time units", "iteration": "per 1000 iterations"}
    return {
        "t": model.time_unit,
        "current": model.current_unit,
        "rate_hz": model.rate_unit if model.rate is not None else per_time[model.time_unit],
        **dict.fromkeys(("latency_ms", "isi_mean", "isi_min", "isi_max"), model.time_unit),
        **dict.fromkeys(("isi_cv", "local_variation", "adaptation", "spike_count"), "1"),
        "threshold_current": model.current_unit,
        **{param.name: param.unit for param in model.params},
        **{state.name: state.unit for state in model.states},
    }


def without_spikes(model: Model) -> str:
    """What a rate means for a model that has no spikes."""
    unit = "" if model.rate_unit == "1" else f", in {model.rate_unit}"
    return f"no spikes: the rate is the mean of what stands for one in the model{unit}"


_WHY_NULL = {
    "latency_ms": "no spike",
    "isi_mean": "needs two spikes",
    "isi_min": "needs two spikes",
    "isi_max": "needs two spikes",
    "isi_cv": "needs three spikes",
    "local_variation": "needs three spikes",
    "adaptation": "needs three spikes",
}


def reasons(
    model: Model, values: dict[str, NDArray[Any]], lost: NDArray[np.bool_]
) -> dict[str, str]:
    """Why values of columns that are not lost are null, and what a rate means without spikes.

    values: {name: (n_columns,)}; lost: (n_columns,) whether the column diverged
    """
    if not model.spiking:
        nothing = dict.fromkeys((name for name in values if name in _WHY_NULL), "no spikes")
        return {**nothing, "rate_hz": without_spikes(model), "pattern": "no spikes"}
    known = {name: ~np.isnan(x.astype(np.float64)) | lost for name, x in values.items()}
    return {name: why for name, why in _WHY_NULL.items() if not known.get(name, lost | True).all()}
