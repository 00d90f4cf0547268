"""Campaigns on the wire: configurations, the eight events, and what is listed of campaigns."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from studio.wire.requests import ModelConfig

Value = int | float | str
Point = dict[str, Value]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
CampaignState = Literal[
    "created",
    "sampling",
    "running",
    "waiting",
    "paused",
    "converged",
    "completed",
    "failed",
    "cancelled",
]


class Part(Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """A part of a configuration: an unknown key is refused."""


# ---------------------------------------------------------------------------- design space


class ParameterBase(Part, kw_only=True, frozen=True, tag_field="type"):
    """What a campaign may choose; in the domain `neuron` a parameter of the model or `current`."""

    name: Name
    unit: str = ""


class Continuous(ParameterBase, kw_only=True, frozen=True, tag="continuous"):
    """Any number between the bounds."""

    bounds: tuple[float, float]
    log_scale: bool = False


class Integer(ParameterBase, kw_only=True, frozen=True, tag="integer"):
    """A whole number between the bounds, both included."""

    bounds: tuple[int, int]
    log_scale: bool = False


class Discrete(ParameterBase, kw_only=True, frozen=True, tag="discrete"):
    """The lower bound and then every step up to the upper one."""

    bounds: tuple[float, float]
    step: Annotated[float, Meta(gt=0)]


class Categorical(ParameterBase, kw_only=True, frozen=True, tag="categorical"):
    """One of several choices that have no order."""

    choices: list[str]


Parameter = Continuous | Integer | Discrete | Categorical


class ConstraintBase(Part, kw_only=True, frozen=True, tag_field="type"):
    """What the parameters must satisfy together; every candidate does."""


class SumEquals(ConstraintBase, kw_only=True, frozen=True, tag="sum_equals"):
    """Parameters that add up to a value, as the parts of a mixture do."""

    components: list[Name]
    value: float


class SumLte(ConstraintBase, kw_only=True, frozen=True, tag="sum_lte"):
    """Parameters that add up to a value at most."""

    components: list[Name]
    value: float


class RatioBetween(ConstraintBase, kw_only=True, frozen=True, tag="ratio_between"):
    """bounds[0] <= numerator / denominator <= bounds[1]; the denominator is never negative."""

    numerator: Name
    denominator: Name
    bounds: tuple[float, float]


class Linear(ConstraintBase, kw_only=True, frozen=True, tag="linear"):
    """An inequality or equation such as `2*x + y <= 3 - z` or `0 <= x - y <= 1`."""

    expression: Annotated[str, Meta(max_length=1000)]


Constraint = SumEquals | SumLte | RatioBetween | Linear


# ------------------------------------------------------------------------------ objectives


class Target(Part, kw_only=True, frozen=True):
    """Recorded data that a model is to come close to; one kind of them.

    currents, rates: an f-I curve, for the feature fi_curve: the distance is the root mean square
        difference of the rates
    spike_times: in ms, for the feature spike_times: the distance is van Rossum's with time
        constant tau
    t, values: a trace of the model's output, for the feature trace: the distance is the root mean
        square difference at those times
    csv: a file with those as columns, which the command line reads; never sent to a server
    """

    currents: list[float] | None = None
    rates: list[float] | None = None
    spike_times: list[float] | None = None
    t: list[float] | None = None
    values: list[float] | None = None
    tau: Annotated[float, Meta(gt=0)] = 10.0
    csv: str | None = None


class Objective(Part, kw_only=True, frozen=True):
    """What is to be as large or as small as possible.

    feature: what of the evaluation it is; its own name where none is given
    target: it is the distance to this value, or to these data, and is minimised
    reference: the worst value that counts, for the hypervolume; found after sampling where none is
        given
    """

    name: Name
    direction: Literal["maximize", "minimize"] | None = None
    unit: str = ""
    feature: str | None = None
    target: float | Target | None = None
    reference: float | None = None

    @property
    def maximised(self) -> bool:
        """Whether more is better."""
        return self.direction == "maximize"

    @property
    def source(self) -> str:
        """The output of the evaluator that it is made of."""
        return self.feature or self.name


class OutcomeConstraint(Part, kw_only=True, frozen=True):
    """Between which values an objective must lie for an evaluation to be feasible."""

    objective: Name
    at_least: float | None = None
    at_most: float | None = None


# -------------------------------------------------------------------------------- campaign


class SurrogateConfig(Part, kw_only=True, frozen=True):
    """What is trained on the evaluations.

    noise: standard deviation of an evaluation, as a share of all deviation; auto has it found
    """

    type: Literal["gp", "random_forest", "mlp"] = "gp"
    noise: Annotated[float, Meta(ge=0)] | Literal["auto"] = "auto"


class AcquisitionConfig(Part, kw_only=True, frozen=True):
    """How candidates are chosen; auto: expected improvement, of the hypervolume where there are
    several objectives."""

    type: Literal["auto", "expected_improvement", "ehvi", "ucb", "pi", "thompson"] = "auto"


class ConvergenceConfig(Part, kw_only=True, frozen=True):
    """When to stop before the last iteration.

    patience: iterations that together must gain min_improvement of all progress; 0 never stops
    target: by objective, values that one evaluation must reach
    """

    patience: Annotated[int, Meta(ge=0, le=10_000)] = 5
    min_improvement: Annotated[float, Meta(ge=0)] = 1e-3
    target: dict[str, float] = {}


class Plan(Part, kw_only=True, frozen=True):
    """How the campaign goes about it; initial_samples: twice the parameters and 2 where None."""

    max_iterations: Annotated[int, Meta(ge=1, le=10_000)] = 20
    batch_size: Annotated[int, Meta(ge=1, le=100)] = 5
    initial_samples: Annotated[int, Meta(ge=2, le=10_000)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    surrogate: SurrogateConfig = SurrogateConfig()
    acquisition: AcquisitionConfig = AcquisitionConfig()
    convergence: ConvergenceConfig = ConvergenceConfig()


class CampaignConfig(Part, kw_only=True, frozen=True, tag_field="domain"):
    """A campaign, whatever it evaluates.

    data: earlier evaluations, parameters and objectives by name: rows, or the name of a CSV file,
        which the command line reads; never sent to a server
    """

    name: Name
    parameters: Annotated[list[Parameter], Meta(min_length=1, max_length=100)]
    objectives: Annotated[list[Objective], Meta(min_length=1, max_length=10)]
    constraints: list[Constraint] = []
    outcome_constraints: list[OutcomeConstraint] = []
    data: str | list[Point] | None = None
    campaign: Plan = Plan()


class NeuronCampaign(CampaignConfig, kw_only=True, frozen=True, tag="neuron"):
    """A model of the catalogue, run as `studio simulate` would, but for the parameters."""

    model: ModelConfig


class MembraneCampaign(CampaignConfig, kw_only=True, frozen=True, tag="water_membrane"):
    """A reverse osmosis membrane; fixed: values of what is not among the parameters."""

    fixed: dict[str, float] = {}


class PythonCampaign(CampaignConfig, kw_only=True, frozen=True, tag="python"):
    """A user's own function: `module:function`, or a name in the group `studio.evaluators`."""

    evaluator: Name
    fixed: dict[str, Value] = {}


class ManualCampaign(CampaignConfig, kw_only=True, frozen=True, tag="manual"):
    """A laboratory: the campaign waits for the results of every batch."""


AnyCampaign = NeuronCampaign | MembraneCampaign | PythonCampaign | ManualCampaign


# ---------------------------------------------------------------------------------- events


class Predicted(Struct, kw_only=True):
    """What the surrogate expects of an objective."""

    mean: float
    std: float


class Candidate(Struct, kw_only=True):
    """A point to be evaluated; acquisition: natural logarithm; both null in the initial design."""

    id: str
    parameters: Point
    predicted: dict[str, Predicted] | None
    acquisition: float | None


class EvaluationResult(Struct, kw_only=True):
    """What an evaluation gave; objectives that are not known are null, and reason says why.

    feasible: it is ok and keeps the outcome constraints
    """

    id: str
    parameters: Point
    objectives: dict[str, float | None]
    feasible: bool
    status: Literal["ok", "failed"]
    reason: str | None
    duration_s: float | None


class Losses(Struct, kw_only=True):
    """Root mean square errors in standard deviations of the values, over all objectives.

    train_loss: on the values themselves; val_loss: by cross-validation; null where too few
    evaluations succeeded to train anything
    """

    train_loss: float | None
    val_loss: float | None


class EventBase(Struct, kw_only=True, tag_field="type", omit_defaults=True):
    """What every event may carry.

    best: objectives of the evaluation of the front that is next to the normalised ideal
    """

    seq: int | None = None
    elapsed_s: float | None = None
    eta_s: float | None = None
    hypervolume: float | None = None
    best: dict[str, float] | None = None
    state: CampaignState | None = None

    @property
    def type(self) -> str:
        """Its name on the wire, such as iteration_completed."""
        return str(self.__struct_config__.tag)


class IterationStarted(EventBase, kw_only=True, tag="iteration_started"):
    """An iteration begins; the operation leaves the timestamp to who tells of it."""

    iteration: int
    timestamp: datetime | None = None


class SurrogateTrained(EventBase, kw_only=True, tag="surrogate_trained"):
    """A surrogate of every objective has been trained."""

    metrics: Losses


class CandidatesProposed(EventBase, kw_only=True, tag="candidates_proposed"):
    """A batch is to be evaluated; iteration 0 is the initial design."""

    candidates: list[Candidate]
    iteration: int


class CandidatesEvaluated(EventBase, kw_only=True, tag="candidates_evaluated"):
    """Evaluations have ended: all of a batch, or, where they come one by one, some of it."""

    results: list[EvaluationResult]
    iteration: int


class ConvergenceUpdate(EventBase, kw_only=True, tag="convergence_update"):
    """How much the last iterations gained, as a share of all progress; null while they are too few.

    With state it is the last one again, and tells that the campaign paused, waits or goes on.
    """

    metric: float | None
    converged: bool


class IterationCompleted(EventBase, kw_only=True, tag="iteration_completed"):
    """best_value: of the objective, or the hypervolume of several; null while none is feasible."""

    iteration: int
    best_value: float | None
    pareto_size: int


class CampaignCompleted(EventBase, kw_only=True, tag="campaign_completed"):
    """It has ended; state tells whether it converged or did all its iterations."""

    total_iterations: int
    total_evaluations: int


class CampaignError(EventBase, kw_only=True, tag="campaign_error"):
    """It has ended before its time; error is "cancelled" where somebody wanted that."""

    error: str
    iteration: int


Event = (
    IterationStarted
    | SurrogateTrained
    | CandidatesProposed
    | CandidatesEvaluated
    | ConvergenceUpdate
    | IterationCompleted
    | CampaignCompleted
    | CampaignError
)


# -------------------------------------------------------------- requests, listings, results


class Extension(Part, kw_only=True, frozen=True):
    """More iterations for a campaign that has ended."""

    iterations: Annotated[int, Meta(ge=1, le=10_000)]


class Report(Part, kw_only=True, frozen=True):
    """What a laboratory found: for a candidate by its id, or for parameters of its own choice."""

    objectives: dict[str, float | None] = {}
    id: str | None = None
    parameters: Point | None = None
    status: Literal["ok", "failed"] = "ok"
    reason: str | None = None


class Reports(Part, kw_only=True, frozen=True):
    """What a laboratory found, of one candidate or several."""

    results: Annotated[list[Report], Meta(min_length=1, max_length=10_000)]


class CampaignView(Struct, kw_only=True):
    """A campaign as it is listed: where it stands and what it has found.

    reason: why it ended, in a sentence
    """

    id: str
    name: str
    domain: str
    state: CampaignState
    created: datetime
    iteration: int
    max_iterations: int
    evaluations: int
    failed_evaluations: int
    pareto_size: int
    best_value: float | None
    objectives: list[Objective]
    best: dict[str, float] | None = None
    hypervolume: float | None = None
    elapsed_s: float | None = None
    eta_s: float | None = None
    reason: str | None = None
    ended: datetime | None = None
    last_seq: int = 0


class CampaignPage(Struct, kw_only=True):
    """Campaigns, the newest first; next: what to ask with for the page after."""

    campaigns: list[CampaignView]
    next: int | None = None


class Example(Struct):
    """A configuration to begin with, as YAML."""

    name: str
    title: str
    text: str


class ExampleList(Struct):
    """The examples that a server has."""

    examples: list[Example]


class ResultRow(Struct, kw_only=True):
    """One evaluation with all that is known of it; status `pending` before it has ended."""

    id: str
    iteration: int
    parameters: Point
    objectives: dict[str, float | None]
    predicted: dict[str, Predicted] | None
    acquisition: float | None
    status: Literal["ok", "failed", "pending"]
    reason: str | None
    feasible: bool
    on_front: bool
    duration_s: float | None


class CampaignResults(Struct, kw_only=True):
    """A campaign without loss: what was asked, and every evaluation in order."""

    config: dict[str, Any]
    state: CampaignState
    results: list[ResultRow]


def schema() -> dict[str, Any]:
    """The JSON Schema of a configuration, in which `components` may stand for parameters."""
    found: dict[str, Any] = msgspec.json.schema(AnyCampaign)
    for name in found["discriminator"]["mapping"].values():
        kind = found["$defs"][name.rpartition("/")[2]]
        kind["properties"]["components"] = kind["properties"]["parameters"]
        kind["required"].remove("parameters")
        kind["oneOf"] = [{"required": ["parameters"]}, {"required": ["components"]}]
    return found
