"""What clients ask for: the messages of /ws/progress and the configurations of operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from studio.errors import FieldError, StudioError
from studio.wire import codec

Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Axis = Annotated[int, Meta(ge=1)]
Scale = Literal["linear", "log"]
RequestId = Annotated[str, Meta(max_length=200)] | int | None


class StimulusBase(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """A current over time, in the model's current unit; times are in its time unit."""


class Constant(StimulusBase, kw_only=True, tag="constant"):
    """The same current throughout."""

    amplitude: float


class Step(StimulusBase, kw_only=True, tag="step"):
    """A current from onset to end (the end of the run where there is none)."""

    amplitude: float
    onset: NotNegative = 0.0
    end: Positive | None = None
    baseline: float = 0.0


class Ramp(StimulusBase, kw_only=True, tag="ramp"):
    """A current that goes straight from initial to final."""

    final: float
    initial: float = 0.0
    onset: NotNegative = 0.0
    end: Positive | None = None


class Pulses(StimulusBase, kw_only=True, tag="pulses"):
    """Pulses of a width that begin every period."""

    amplitude: float
    width: Positive
    period: Positive
    onset: NotNegative = 0.0
    count: Annotated[int, Meta(ge=1)] | None = None
    baseline: float = 0.0


class Fluctuating(StimulusBase, kw_only=True, tag="noise"):
    """Gaussian noise around a mean, of standard deviation std and correlation time tau.

    tau is above 0 but for maps, where 0 is a new value at every iteration.
    """

    mean: float
    std: NotNegative
    tau: NotNegative = 0.0


class Recorded(StimulusBase, kw_only=True, tag="recorded"):
    """A recorded current, sampled every dt."""

    values: Annotated[list[float], Meta(min_length=1)]
    dt: Positive
    onset: NotNegative = 0.0


class Piecewise(StimulusBase, kw_only=True, tag="piecewise"):
    """A current that goes straight from point to point; two points at one time are a jump."""

    times: Annotated[list[float], Meta(min_length=1)]
    values: Annotated[list[float], Meta(min_length=1)]
    onset: NotNegative = 0.0


Stimulus = Constant | Step | Ramp | Pulses | Fluctuating | Recorded | Piecewise


class RunConfig(Struct, kw_only=True, forbid_unknown_fields=True):
    """What every operation can be told; None stands for the model's own value."""

    current: float | None = None
    stimulus: Stimulus | None = None
    duration: Positive | None = None
    dt: Positive | None = None
    integrator: str | None = None
    transient: NotNegative = 0.0
    engine: Literal["auto", "numpy", "scalar", "llvm", "jax"] = "auto"
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    trials: Annotated[int, Meta(ge=1, le=1000)] = 1
    fresh: bool = False
    detached: bool = True


class ModelConfig(RunConfig, kw_only=True, forbid_unknown_fields=True):
    """What every operation on one model can be told."""

    name: str
    preset: str | None = None
    params: dict[str, float] = {}
    init: dict[str, float] = {}


class SimulateConfig(ModelConfig, kw_only=True, forbid_unknown_fields=True):
    """One run of a model."""


class CharacterizeConfig(ModelConfig, kw_only=True, forbid_unknown_fields=True):
    """A model from all sides; fi_max is the top of its f-I curve."""

    fi_max: Positive | None = None


class HeatmapConfig(ModelConfig, kw_only=True, forbid_unknown_fields=True):
    """A sweep over two parameters (or `current`), param_x along the rows of the result."""

    param_x: str
    x_min: float
    x_max: float
    x_steps: Axis
    x_scale: Scale = "linear"
    param_y: str
    y_min: float
    y_max: float
    y_steps: Axis
    y_scale: Scale = "linear"


class ScanConfig(RunConfig, kw_only=True, forbid_unknown_fields=True):
    """Every model of the catalogue, each as it is or with what is given here for all."""


CONFIGS: dict[str, type[RunConfig]] = {
    "characterize": CharacterizeConfig,
    "heatmap": HeatmapConfig,
    "scan": ScanConfig,
    "simulate": SimulateConfig,
}


class Run(Struct, kw_only=True, forbid_unknown_fields=True):
    """Run an operation."""

    op: str
    config: dict[str, Any] = {}
    id: RequestId = None


class Cancel(Struct, kw_only=True, forbid_unknown_fields=True):
    """Stop a job."""

    op: Literal["cancel"]
    job: str
    id: RequestId = None


class Attach(Struct, kw_only=True, forbid_unknown_fields=True):
    """Watch a job: its log entries after a sequence number, then what comes."""

    op: Literal["attach"]
    job: str
    after: Annotated[int, Meta(ge=0)] = 0
    id: RequestId = None


Request = Run | Cancel | Attach
_REQUESTS: dict[str, type[Run] | type[Cancel] | type[Attach]] = {
    **dict.fromkeys(CONFIGS, Run),
    "cancel": Cancel,
    "attach": Attach,
}


def parse_request(document: Any) -> Request:
    """A decoded message as a request; raises StudioError."""
    if not isinstance(document, dict):
        raise StudioError("invalid_request", "a message is a JSON object with an `op`")
    op = document.get("op")
    kind = _REQUESTS.get(op) if isinstance(op, str) else None
    if kind is None:
        detail = "is required" if op is None else f"{codec.shown(op)} is not an operation"
        hint = codec.did_you_mean(str(op), list(_REQUESTS))
        raise StudioError("invalid_request", errors=(FieldError("/op", detail + hint),))
    return codec.convert(document, kind, "invalid_request")


def parse_config(op: str, document: Any) -> RunConfig:
    """A decoded configuration of an operation; raises StudioError."""
    if isinstance(document, dict) and (foreign := [*_foreign(op, document)]):
        raise StudioError("invalid_config", errors=tuple(foreign))
    return codec.convert(document, CONFIGS[op])


def _foreign(op: str, document: dict[Any, Any]) -> Iterator[FieldError]:
    """What is wrong with keys that other operations take, whatever key of this one looks alike."""
    keys = codec.keys(CONFIGS[op])
    for key in (key for key in document if key not in keys):
        takers = [other for other, kind in CONFIGS.items() if key in codec.keys(kind)]
        if takers:
            detail = f"is a key of {', '.join(takers)}; {op} takes {', '.join(keys)}"
            yield FieldError(f"/{codec.escape(key)}", detail)


def as_dict(config: RunConfig) -> dict[str, Any]:
    """What a result tells of its configuration: all but how the request was to be treated."""
    plain: dict[str, Any] = msgspec.to_builtins(config)
    return {key: value for key, value in plain.items() if key not in ("fresh", "detached")}
