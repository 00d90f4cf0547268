"""A model of the catalogue: a batch of candidates is one batch of columns, one for each."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Generator, Iterable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from kernels.neurons import distances
from kernels.neurons.batch import Batch
from kernels.neurons.model import Model
from studio.config import Limits
from studio.errors import FieldError, StudioError
from studio.operations import columns, engine
from studio.operations import resolve as resolving
from studio.operations.campaign.domains.domain import Domain, Feature, Outcome, numeric
from studio.operations.columns import Measured
from studio.operations.stage import Advance, Chunk
from studio.wire.campaigns import Categorical, NeuronCampaign, Objective, Point, Target
from studio.wire.codec import did_you_mean, escape
from studio.wire.requests import ModelConfig

Floats = NDArray[np.float64]

# Intervals that fall into two groups this far apart are of bursts: strict_burst_factor of eFEL
_BURST_GAP = 2.0
_OF_MODEL = ("seed", "fresh", "detached")


def features(config: NeuronCampaign) -> dict[str, Feature]:
    """What can be asked of a model that spikes, or of one that does not."""
    model = columns.model_of(config.model)
    units = columns.units(model)
    trace = {"trace": Feature(units[model.output], low=0.0, recorded=True)}
    if not model.spiking:
        curve = Feature(units["rate_hz"], low=0.0, recorded=True)
        return {"rate_hz": Feature(units["rate_hz"]), "fi_curve": curve, **trace}
    times = ("latency_ms", "isi_mean", "isi_min", "isi_max", "isi_first", "isi_last")
    return {
        "rate_hz": Feature(units["rate_hz"], low=0.0),
        "spike_count": Feature("", low=0.0),
        **{name: Feature(model.time_unit, low=0.0) for name in times},
        "isi_cv": Feature("", low=0.0),
        "local_variation": Feature("", low=0.0, high=3.0),
        "adaptation": Feature("", low=-1.0, high=1.0),
        "burst_fraction": Feature("", low=0.0, high=1.0),
        "fi_curve": Feature(units["rate_hz"], low=0.0, recorded=True),
        "spike_times": Feature("", low=0.0, recorded=True),
        **trace,
    }


def _faults(config: NeuronCampaign, trusted: bool, limits: Limits) -> Iterable[FieldError]:
    yield from numeric(config)
    for name in _OF_MODEL:
        if getattr(config.model, name) != getattr(ModelConfig(name=""), name):
            yield FieldError(f"/model/{name}", "has no meaning here: campaign.seed drives it all")
    try:
        model = resolving.find_model(config.model.name)
    except StudioError as error:
        yield from (fault.below("/model") for fault in error.errors)
        return
    yield from _parameter_faults(config, model)
    yield from _target_faults(config)
    try:
        filled = _filled(config, model)
        resolving.check(model, filled, _widths(config), limits)
    except StudioError as error:
        yield from (fault.below("/model") for fault in error.errors)


def _parameter_faults(config: NeuronCampaign, model: Model) -> Iterator[FieldError]:
    names = ["current", *(param.name for param in model.params)]
    for index, parameter in enumerate(config.parameters):
        where = f"/parameters/{index}"
        if parameter.name not in names:
            hint = did_you_mean(parameter.name, names)
            detail = f"{parameter.name!r} is neither `current` nor a parameter of {model.name}"
            yield FieldError(f"{where}/name", f"{detail}{hint}")
        elif parameter.name == "current":
            if config.model.stimulus is not None or config.model.current is not None:
                detail = "`current` is a parameter of this campaign: leave it out of the model"
                yield FieldError(f"{where}/name", detail)
        elif not isinstance(parameter, Categorical):
            for value in parameter.bounds:
                yield from resolving.range_error(model, parameter.name, value, f"{where}/bounds")
        if parameter.name in config.model.params:
            where = f"/model/params/{escape(parameter.name)}"
            yield FieldError(where, "is a parameter of this campaign: leave it out here")


_DATA = {
    "fi_curve": ("currents", "rates"),
    "spike_times": ("spike_times",),
    "trace": ("t", "values"),
}


def _target_faults(config: NeuronCampaign) -> Iterator[FieldError]:
    """What is wrong with recorded data."""
    varies = any(parameter.name == "current" for parameter in config.parameters)
    for index, objective in enumerate(config.objectives):
        where = f"/objectives/{index}/target"
        keys = _DATA.get(objective.source)
        if keys is None or not isinstance(objective.target, Target):
            continue
        yield from (fault.below(where) for fault in _data_faults(objective.target, keys))
        if objective.source == "fi_curve" and varies:
            yield FieldError(where, "an f-I curve has currents of its own: no parameter `current`")


def _data_faults(target: Target, keys: tuple[str, ...]) -> Iterator[FieldError]:
    needed = " and ".join(keys)
    for key in ("currents", "rates", "spike_times", "t", "values"):
        if key not in keys and getattr(target, key) is not None:
            yield FieldError(f"/{key}", f"does not belong to this feature, which takes {needed}")
    given = {key: getattr(target, key) for key in keys}
    for key, values in given.items():
        if not values:
            yield FieldError(f"/{key}", "is required: a list of numbers")
    lengths = {len(values) for values in given.values() if values}
    if len(lengths) > 1:
        yield FieldError(f"/{keys[1]}", f"must be as many as {keys[0]}")
    if target.t and any(a >= b for a, b in zip(target.t, target.t[1:], strict=False)):
        yield FieldError("/t", "must increase")


def _filled(config: NeuronCampaign, model: Model) -> ModelConfig:
    sweeps = any(parameter.name == "current" for parameter in config.parameters)
    filled = resolving.fill(config.model, model, sweeps_current=sweeps)
    return msgspec.structs.replace(filled, seed=config.campaign.seed)


def _widths(config: NeuronCampaign) -> list[int]:
    """Columns of the batches of one iteration."""
    n = config.campaign.batch_size
    curves = [
        n * len(objective.target.currents)
        for objective in config.objectives
        if isinstance(objective.target, Target) and objective.target.currents
    ]
    return [n, *curves]


def _complete(config: NeuronCampaign) -> NeuronCampaign:
    model = columns.model_of(config.model)
    swept = [parameter.name for parameter in config.parameters]
    filled = resolving.complete(_filled(config, model), model, swept)
    chosen = engine.choose(filled, engine.batches(filled, _widths(config))).config
    if "current" in swept:
        chosen = msgspec.structs.replace(chosen, current=None)
    # what may not be said of a campaign is said by its seed alone
    return msgspec.structs.replace(config, model=msgspec.structs.replace(chosen, seed=0))


def _chunks(config: NeuronCampaign, points: Sequence[Point], numbers: Sequence[int]) -> list[Chunk]:
    return [columns.chunk(evaluate, config.model, len(points), config, list(points), list(numbers))]


def evaluate(
    model_config: ModelConfig, config: NeuronCampaign, points: list[Point], numbers: list[int]
) -> Generator[Advance, None, list[Outcome]]:
    """A chunk: every candidate of a batch, of these numbers in the campaign."""
    begun = time.perf_counter()
    found = _Found(model_config, config, points, numbers)
    yield from found.run()
    each = (time.perf_counter() - begun) / len(points)
    return [found.outcome(index, each) for index in range(len(points))]


class _Found:
    """What is measured of a batch of candidates."""

    def __init__(
        self,
        model_config: ModelConfig,
        config: NeuronCampaign,
        points: list[Point],
        numbers: list[int],
    ) -> None:
        seed = config.campaign.seed
        self._config = config
        self._model_config = msgspec.structs.replace(model_config, seed=seed)
        self._model = columns.model_of(config.model)
        self._points, self._numbers = points, np.array(numbers)
        # by objective: (n,) its values, and why columns have none
        self._values: dict[str, Floats] = {}
        self._lost = np.full(len(points), np.nan)
        self._why: dict[str, str] = {}

    def run(self) -> Generator[Advance, None, None]:
        curves = [o for o in self._config.objectives if o.source == "fi_curve"]
        others = [o for o in self._config.objectives if o.source != "fi_curve"]
        worth = 1.0 / (len(curves) + bool(others))
        if others:
            yield from self._run_once(others, worth)
        for objective in curves:
            yield from self._run_curve(objective, worth)

    def _run_once(
        self, objectives: list[Objective], worth: float
    ) -> Generator[Advance, None, None]:
        """Every candidate as the configuration says."""
        n = len(self._points)
        swept = self._swept()
        current = swept.pop("current", None)
        batch = columns.batch_of(self._model_config, n, params=dict(swept), current=current)
        wanted = any(objective.source == "trace" for objective in objectives)
        traced = list(range(n * self._model_config.trials)) if wanted else None
        batch = dataclasses.replace(batch, columns=self._numbers)
        measured = yield from columns.run(batch, self._model_config, traced=traced, worth=worth)
        self._lost = measured.diverged_at
        for objective in objectives:
            self._values[objective.name] = self._measure(objective, measured)
        named = {o.source: self._values[o.name] for o in objectives}
        self._why = columns.reasons(self._model, dict(named), ~np.isnan(self._lost))

    def _swept(self) -> dict[str, Floats]:
        return {
            parameter.name: np.array([point[parameter.name] for point in self._points], float)
            for parameter in self._config.parameters
        }

    def _measure(self, objective: Objective, measured: Measured) -> Floats:
        n, trials = len(self._points), self._model_config.trials
        target = objective.target
        if isinstance(target, Target) and objective.source == "spike_times":
            return _spike_distances(measured, target, n, trials)
        if isinstance(target, Target):
            return self._trace_distances(measured, target, n, trials)
        if objective.source == "burst_fraction":
            return _burst_fraction(measured)
        known = measured.metrics.get(objective.source)
        values = getattr(measured.stats, objective.source) if known is None else known
        return np.array([np.nan if value is None else value for value in values], float)

    def _trace_distances(self, measured: Measured, target: Target, n: int, trials: int) -> Floats:
        trace = measured.recording.trace
        output = trace.states[self._model.output].reshape(len(trace.t), n, trials).mean(axis=2)
        t, values = np.array(target.t, float), np.array(target.values, float)
        each = [distances.trace_error(trace.t, output[:, k], t, values) for k in range(n)]
        return np.array(each)

    def _run_curve(self, objective: Objective, worth: float) -> Generator[Advance, None, None]:
        """Every candidate at every current of an f-I curve."""
        target = objective.target
        assert isinstance(target, Target)  # noqa: S101 (checked with the configuration)
        currents, rates = np.array(target.currents, float), np.array(target.rates, float)
        n, k = len(self._points), len(currents)
        config = msgspec.structs.replace(self._model_config, stimulus=None)
        swept = {name: np.repeat(values, k) for name, values in self._swept().items()}
        batch: Batch = columns.batch_of(
            config, n * k, params=dict(swept), current=np.tile(currents, n)
        )
        batch = dataclasses.replace(
            batch, columns=np.repeat(self._numbers * k, k) + np.tile(np.arange(k), n)
        )
        measured = yield from columns.run(batch, config, worth=worth / k)
        found = measured.metrics["rate_hz"].astype(np.float64).reshape(n, k)
        self._values[objective.name] = np.array(
            [distances.root_mean_square(row - rates) for row in found]
        )
        lost = np.fmin.reduce(measured.diverged_at.reshape(n, k), axis=1)
        self._lost = np.fmin(self._lost, lost)

    def outcome(self, index: int, duration_s: float) -> Outcome:
        """Of one candidate."""
        outputs: dict[str, float | None] = {}
        reasons: dict[str, str] = {}
        for objective in self._config.objectives:
            outputs[objective.name] = columns.number(self._values[objective.name][index])
            if outputs[objective.name] is None:
                reasons[objective.name] = self._why.get(objective.source, "it is not finite")
        lost = float(self._lost[index])
        failure = None if lost != lost else columns.why_diverged(self._model, lost)
        return Outcome(outputs=outputs, reasons=reasons, failure=failure, duration_s=duration_s)


def _spike_distances(measured: Measured, target: Target, n: int, trials: int) -> Floats:
    """Mean over the trials of each candidate's distance from the recorded spikes."""
    recording = measured.recording
    recorded = np.array(target.spike_times, float)
    each = [
        distances.van_rossum(
            recording.spike_times[recording.spike_columns == column], recorded, target.tau
        )
        for column in range(n * trials)
    ]
    mean: Floats = np.array(each).reshape(n, trials).mean(axis=1)
    return mean


def _burst_fraction(measured: Measured) -> Floats:
    """Share of the intervals that lie within bursts: none where all are alike."""
    stats = measured.stats
    share = np.where(stats.gap >= _BURST_GAP, stats.short_fraction, 0.0)
    known: Floats = np.where(np.isnan(stats.isi_cv), np.nan, share).astype(np.float64)
    return known


DOMAIN = Domain(features=features, faults=_faults, complete=_complete, chunks=_chunks)
