"""What a model is: states, parameters, equations and sources, as data that reads like the paper.

A model's equations are plain functions over a namespace ``xp`` (numpy, the scalar namespace or
jax.numpy), the states ``s``, the parameters ``p`` and the current, so they are written once for
every engine: ``xp.where`` instead of ``if`` on a state, and nothing written in place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Array = Any
"""A float, a numpy array (n_columns,), or what jax traces: whatever the namespace works on."""

Integrator = Literal[
    "euler",
    "exponential_euler",
    "exponential_midpoint",
    "rk4",
    "semi_implicit_euler",
    "euler_maruyama",
    "map",
]
Distribution = Literal["normal", "uniform"]


class Values:
    """Named values, read as attributes: ``s.V``, ``p.g_L``."""

    def __init__(self, values: dict[str, Array]) -> None:
        self.__dict__ = values

    def __getattr__(self, name: str) -> Array:  # only reached where a name is missing
        raise AttributeError(f"no state or parameter {name!r}; there are {', '.join(vars(self))}")


class Relax(NamedTuple):
    """A state that relaxes exponentially: dx/dt = (target - x) / tau, with tau in ms."""

    target: Array
    tau: Array


def gate(alpha: Array, beta: Array) -> Relax:
    """Kinetics of a gate with opening rate alpha and closing rate beta (1/ms)."""
    total = alpha + beta
    return Relax(alpha / total, 1.0 / total)


class Threshold(NamedTuple):
    """A spike is counted when the state crosses the level (a number or a parameter's name)."""

    state: str
    level: float | str
    direction: Literal["up", "down"] = "up"


@dataclass(frozen=True, slots=True)
class Source:
    """Where equations or numbers come from."""

    authors: str
    year: int
    title: str
    journal: str
    doi: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its published default, its unit and the range that may be computed."""

    name: str
    default: float
    unit: str
    low: float
    high: float
    meaning: str


@dataclass(frozen=True, slots=True)
class State:
    """A state variable; initial is a number or the name of the parameter it starts at."""

    name: str
    initial: float | str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A published parameter set with the stimulus under which its source shows it.

    params: what differs from the defaults; current, duration, dt and integrator: the model's where
        None
    stimulus: a Stimulus instead of a current, where that is not constant
    """

    name: str
    title: str
    params: Mapping[str, float]
    init: Mapping[str, float] = field(default_factory=dict)
    current: float | None = None
    duration: float | None = None
    dt: float | None = None
    integrator: Integrator | None = None
    stimulus: Any = None  # the module of stimuli rests on this one
    source: str = ""


Equations = Callable[[Any, Values, Values, Array], Mapping[str, Array]]
Update = Callable[[Any, Values, Values, Array, Values], Mapping[str, Array]]
OfStates = Callable[[Any, Values, Values], Mapping[str, Array]]
Quantity = Callable[[Any, Values, Values], Array]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A neuron model, whole: everything an engine, a page or a reader needs to know.

    derivatives: rate of each state per ms, or a Relax; or instead
    step: the states after one step, for maps and discrete models
    spike: a Threshold crossed, or a function of the new states that is true where a column fires
    reset: the states that a spike changes, from those just before it
    refractory: the parameter that holds the refractory time in ms; meanwhile there is no spike and
        `clamped` states rest
    diffusion: noise amplitude of states, per sqrt(ms); hazard: probability of a spike per ms
    noise: the random numbers drawn per step and column: a normal one under the name of each state
        that diffuses, a uniform one named `spike` for the hazard, any for a step
    output: the state shown as the trace
    rate: what stands for a firing rate where there are no spikes, in rate_unit
    time_unit: ms; 1 where the paper's time has no dimension; iteration for maps. Whatever is said
        to be in ms (dt, duration, tau) is in this unit
    without_input: what it does from its initial states without input: rests, and stays there, or
        something else
    """

    name: str
    family: str
    title: str
    states: tuple[State, ...]
    params: tuple[Param, ...]
    equations: tuple[str, ...]
    sources: tuple[Source, ...]
    output: str
    current_unit: str
    current: float
    duration: float
    dt: float
    integrator: Integrator
    derivatives: Equations | None = None
    step: Update | None = None
    spike: Threshold | Quantity | None = None
    reset: OfStates | None = None
    refractory: str | None = None
    clamped: tuple[str, ...] = ()
    diffusion: OfStates | None = None
    hazard: Quantity | None = None
    noise: Mapping[str, Distribution] = field(default_factory=dict)
    rate: Quantity | None = None
    rate_unit: str = "Hz"
    time_unit: Literal["ms", "1", "iteration"] = "ms"
    without_input: str = "rests"
    presets: tuple[Preset, ...] = ()
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.derivatives is None) == (self.step is None):
            raise ValueError(f"{self.name}: give either derivatives or step")
        if self.hazard is not None and self.noise.get("spike") != "uniform":
            raise ValueError(f"{self.name}: a hazard needs a uniform noise named spike")
        if self.integrator not in self.integrators:
            raise ValueError(f"{self.name}: {self.integrator} cannot advance it")
        names = {state.name for state in self.states} | {param.name for param in self.params}
        if len(names) != len(self.states) + len(self.params):
            raise ValueError(f"{self.name}: two states or parameters share a name")
        for param in self.params:
            if not param.low <= param.default <= param.high:
                raise ValueError(f"{self.name}: default of {param.name} is out of its range")
        referred: list[object] = [self.output, *self.clamped, self.refractory]
        referred += [state.initial for state in self.states]
        if isinstance(self.spike, Threshold):
            referred += [self.spike.state, self.spike.level]
        for preset in self.presets:
            foreign = {*preset.params, *preset.init} - names
            if foreign:
                raise ValueError(f"{self.name}: preset {preset.name} sets {', '.join(foreign)}")
            if preset.current is not None and preset.stimulus is not None:
                raise ValueError(f"{self.name}: preset {preset.name} has a current and a stimulus")
        unknown = {name for name in referred if isinstance(name, str)} - names
        if unknown:
            raise ValueError(f"{self.name}: no state or parameter {', '.join(sorted(unknown))}")

    @property
    def spiking(self) -> bool:
        """Whether the model has spikes."""
        return self.spike is not None or self.hazard is not None

    @property
    def deterministic(self) -> bool:
        """Whether the same column always does the same, whatever the seed."""
        return not self.noise

    @property
    def tied_to_dt(self) -> str:
        """Why another dt may change how often it fires; empty where it may not."""
        if self.time_unit == "iteration":
            return "an iteration has no parts"
        if self.noise:
            return "other random numbers meet other steps"
        return "its response has no steps" if self.step else ""

    @property
    def integrators(self) -> tuple[Integrator, ...]:
        """The integrators that can advance this model."""
        if self.step is not None:
            return ("map",)
        if self.diffusion is not None:
            return ("euler_maruyama",)
        for_all: tuple[Integrator, ...]
        for_all = ("euler", "exponential_euler", "exponential_midpoint", "rk4")
        # it works out the equations once for every state
        return (*for_all, "semi_implicit_euler") if len(self.states) == 2 else for_all
