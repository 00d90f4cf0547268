"""Configurations made whole: the model's own values filled in, everything out of range refused."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from itertools import chain, islice
from typing import TypeVar

import msgspec

from kernels.neurons import catalogue, simulate
from kernels.neurons.engines import cost
from kernels.neurons.model import Integrator, Model, Preset
from studio.config import Limits
from studio.errors import FieldError, StudioError
from studio.operations import stimuli
from studio.wire import requests
from studio.wire.codec import did_you_mean, escape, shown
from studio.wire.requests import ModelConfig, RunConfig

_TOLD_ERRORS = 20

C = TypeVar("C", bound=ModelConfig)
T = TypeVar("T")


def find_model(name: str) -> Model:
    """The model of that name; raises StudioError that suggests the nearest ones."""
    try:
        return catalogue.get(name)
    except catalogue.UnpublishedModelError as error:
        detail = f"{shown(name)}: {error.reason}; the nearest model is {error.nearest[0]}"
        raise StudioError("no_published_source", errors=(FieldError("/name", detail),)) from None
    except catalogue.UnknownModelError as error:
        hint = f"; did you mean {' or '.join(error.nearest)}?" if error.nearest else ""
        detail = f"{shown(name)} is not a model of the catalogue{hint}"
        raise StudioError("invalid_config", errors=(FieldError("/name", detail),)) from None


def fill(config: C, model: Model, *, sweeps_current: bool = False) -> C:
    """The configuration with the preset's and the model's own values where it gives none."""
    preset = _preset(config, model)
    current, stimulus = config.current, config.stimulus
    if current is None and stimulus is None:
        if preset.stimulus is not None and not sweeps_current:
            stimulus = stimuli.request(preset.stimulus)
        else:
            current = model.current if preset.current is None else preset.current
    duration = model.duration if preset.duration is None else preset.duration
    return msgspec.structs.replace(
        config,
        name=model.name,
        params={**preset.params, **config.params},
        init={**preset.init, **config.init},
        current=current,
        stimulus=stimulus,
        duration=duration if config.duration is None else config.duration,
        dt=config.dt or preset.dt or model.dt,
        integrator=config.integrator or preset.integrator or model.integrator,
    )


def _preset(config: ModelConfig, model: Model) -> Preset:
    if config.preset is None:
        return Preset(name="", title="", params={})
    names = [preset.name for preset in model.presets]
    for preset in model.presets:
        if preset.name == config.preset:
            return preset
    there = f"there are {', '.join(names)}" if names else "it has none"
    detail = f"{shown(config.preset)} is not a preset of {model.name}; {there}"
    raise StudioError("invalid_config", errors=(FieldError("/preset", detail),))


def complete(
    config: C, model: Model, swept: Collection[str] = (), followed: Collection[str] = ()
) -> C:
    """The configuration with every parameter and initial state, but for those that are swept.

    followed: parameters that also vary, so that states which start at them are left to follow
    """
    params = {param.name: param.default for param in model.params} | config.params
    init = {
        state.name: params[state.initial] if isinstance(state.initial, str) else state.initial
        for state in model.states
        if state.initial not in (*swept, *followed)
    }
    return msgspec.structs.replace(
        config,
        preset=None,  # its values now stand in the configuration itself
        params={name: value for name, value in params.items() if name not in swept},
        init=init | config.init,
    )


def check(model: Model, config: ModelConfig, widths: Iterable[int], limits: Limits) -> None:
    """Raise StudioError with everything that is wrong with a filled configuration.

    widths: columns of the batches that it asks for
    """
    wrong = chain(
        _param_errors(model, config),
        _init_errors(model, config),
        _time_errors(model, config),
        _integrator_errors(model, config),
        _stimulus_errors(model, config),
    )
    refuse(wrong)
    refuse(_cost_errors(model, config, widths, limits))


def refuse(errors: Iterable[FieldError]) -> None:
    """Raise StudioError if there is any error, with the first of them."""
    if found := tuple(islice(errors, _TOLD_ERRORS)):
        raise StudioError("invalid_config", errors=found)


def range_error(model: Model, name: str, value: float, pointer: str) -> Iterable[FieldError]:
    """What is wrong with a value of a parameter, if anything."""
    for param in model.params:
        if param.name == name:
            if not param.low <= value <= param.high:
                bounds = f"{param.low:g} to {param.high:g} {param.unit}"
                yield FieldError(pointer, f"must be in {bounds}, not {value:g}")
            return
    hint = did_you_mean(name, [param.name for param in model.params])
    yield FieldError(pointer, f"{shown(name)} is not a parameter of {model.name}{hint}")


def _param_errors(model: Model, config: ModelConfig) -> Iterable[FieldError]:
    for name, value in config.params.items():
        yield from range_error(model, name, value, f"/params/{escape(name)}")


def _init_errors(model: Model, config: ModelConfig) -> Iterable[FieldError]:
    names = [state.name for state in model.states]
    for name in config.init:
        if name not in names:
            hint = did_you_mean(name, names)
            detail = f"{shown(name)} is not a state of {model.name}{hint}"
            yield FieldError(f"/init/{escape(name)}", detail)


def span(model: Model, time: float) -> str:
    """A time with the unit of the model."""
    unit = {"ms": " ms", "iteration": " iterations"}.get(model.time_unit, "")
    return f"{time:g}{unit}"


def _time_errors(model: Model, config: ModelConfig) -> Iterable[FieldError]:
    duration, dt = known(config.duration), known(config.dt)
    limit = span(model, duration)
    if model.time_unit == "iteration" and dt != model.dt:
        yield FieldError("/dt", f"must be {model.dt:g}: an iteration has no parts, not {dt:g}")
    elif dt > duration:
        yield FieldError("/dt", f"must be at most the duration, {limit}, not {dt:g}")
    if config.transient >= duration:
        detail = f"must be below the duration, {limit}, not {config.transient:g}"
        yield FieldError("/transient", detail)


def _integrator_errors(model: Model, config: ModelConfig) -> Iterable[FieldError]:
    if config.integrator not in model.integrators:
        detail = f"must be one of {', '.join(model.integrators)}, not {config.integrator!r}"
        yield FieldError("/integrator", detail)


def _stimulus_errors(model: Model, config: ModelConfig) -> Iterable[FieldError]:
    stimulus = config.stimulus
    if stimulus is None:
        return
    yield from contradictions(config)
    onset, duration = getattr(stimulus, "onset", 0.0), known(config.duration)
    if onset >= duration:
        detail = f"must be below the duration, {span(model, duration)}, not {onset:g}"
        yield FieldError("/stimulus/onset", detail)
    if isinstance(stimulus, requests.Fluctuating) and model.time_unit != "iteration":
        yield from _noise_errors(model, stimulus)


def contradictions(config: RunConfig) -> Iterable[FieldError]:
    """What is wrong with a stimulus whatever the model, if anything."""
    stimulus = config.stimulus
    if stimulus is None:
        return
    if config.current is not None:
        yield FieldError("/current", "stands instead of a stimulus: leave out one of them")
    onset, end = getattr(stimulus, "onset", 0.0), getattr(stimulus, "end", None)
    if end is not None and end <= onset:
        yield FieldError("/stimulus/end", f"must be above the onset, {onset:g}, not {end:g}")
    if isinstance(stimulus, requests.Piecewise):
        yield from _point_errors(stimulus)
    if isinstance(stimulus, requests.Pulses) and stimulus.width > stimulus.period:
        detail = f"must be at most the period, {stimulus.period:g}, not {stimulus.width:g}"
        yield FieldError("/stimulus/width", detail)


def _point_errors(stimulus: requests.Piecewise) -> Iterable[FieldError]:
    times, values = stimulus.times, stimulus.values
    if len(times) != len(values):
        detail = f"must be as many as the times, {len(times)}, not {len(values)}"
        yield FieldError("/stimulus/values", detail)
    if times != sorted(times):
        yield FieldError("/stimulus/times", "must be in order")


def _noise_errors(model: Model, noise: requests.Fluctuating) -> Iterable[FieldError]:
    """Noise that is new at every step would be weaker the smaller the step is."""
    if noise.tau == 0.0:
        unit = "" if model.current_unit == "1" else f", in ({model.current_unit})² ms,"
        detail = (
            "must be above 0, or what the noise does depends on dt. White noise of intensity D"
            f"{unit} is a tau far below the model's own times, with std = sqrt(D / (2 tau))"
        )
        yield FieldError("/stimulus/tau", detail)


def _cost_errors(
    model: Model, config: ModelConfig, widths: Iterable[int], limits: Limits
) -> Iterable[FieldError]:
    duration, dt = known(config.duration), known(config.dt)
    n_steps = duration / dt
    wide = [width * config.trials for width in widths]
    estimates = cost.estimates(model, integrator(model, config), wide, n_steps)
    seconds = estimates.get(config.engine, min(estimates.values()))
    if not math.isfinite(seconds) or seconds > limits.job_seconds:
        trials = f", {config.trials} trials" if config.trials > 1 else ""
        detail = (
            f"{span(model, duration)} in steps of {dt:g}{trials} are {n_steps:.3g} steps, about "
            f"{seconds:.3g} s of computing; the limit is {limits.job_seconds:g} s: shorten the "
            "duration or enlarge dt"
        )
        yield FieldError("/duration", detail)


def integrator(model: Model, config: ModelConfig) -> Integrator:
    """The integrator of a checked configuration."""
    return next(name for name in model.integrators if name == config.integrator)


def known(value: T | None) -> T:
    """A value that `fill` has filled in."""
    if value is None:
        raise TypeError("the configuration is not filled in")
    return value


def n_steps(config: ModelConfig) -> int:
    """How many steps a filled configuration takes."""
    return simulate.count_steps(known(config.duration), known(config.dt))
