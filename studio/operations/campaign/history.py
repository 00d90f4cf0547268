"""What a log says: where the search stands, what is listed of it, and all its results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec
import numpy as np

from kernels.optimise import convergence, values
from kernels.optimise.convergence import Verdict
from studio.errors import FieldError, StudioError
from studio.operations.campaign import lifecycle, rows
from studio.operations.campaign.domains.domain import Outcome, objective_value
from studio.wire.campaigns import (
    AnyCampaign,
    CampaignCompleted,
    CampaignError,
    CampaignResults,
    CampaignState,
    CampaignView,
    Candidate,
    CandidatesEvaluated,
    CandidatesProposed,
    ConvergenceUpdate,
    EvaluationResult,
    Event,
    IterationCompleted,
    IterationStarted,
    Objective,
    Report,
    ResultRow,
)
from studio.wire.codec import did_you_mean, escape


@dataclass
class History:
    """A log, event by event.

    candidates, results: by id, in the order in which they came; of_iteration: by id
    iteration: the latest that began; step: what of it has been told, newest last
    completed: iterations that ended; restarted: how many of them had when the campaign was extended
    update: the last convergence_update of an iteration
    """

    config: AnyCampaign
    candidates: dict[str, Candidate] = field(default_factory=dict)
    results: dict[str, EvaluationResult] = field(default_factory=dict)
    of_iteration: dict[str, int] = field(default_factory=dict)
    iteration: int = 0
    step: list[type[Event]] = field(default_factory=list)
    completed: int = 0
    restarted: int = 0
    update: ConvergenceUpdate | None = None

    @classmethod
    def of(cls, config: AnyCampaign, log: Iterable[Event]) -> History:
        """A whole log."""
        history = cls(config)
        for event in log:
            history.add(event)
        return history

    def add(self, event: Event) -> None:
        """The next event."""
        match event:
            case CampaignCompleted():
                self.restarted = self.completed
                return
            case CampaignError() | ConvergenceUpdate(state=str()):
                return  # told by whoever drives the campaign
            case IterationStarted():
                self.iteration, self.step = event.iteration, []
            case CandidatesProposed():
                self.candidates |= {candidate.id: candidate for candidate in event.candidates}
                for candidate in event.candidates:
                    self.of_iteration[candidate.id] = event.iteration
            case CandidatesEvaluated():
                self.results |= {result.id: result for result in event.results}
                for result in event.results:
                    self.of_iteration.setdefault(result.id, event.iteration)
            case ConvergenceUpdate():
                self.update = event
            case IterationCompleted():
                self.completed = event.iteration
        self.step.append(type(event))

    def has(self, kind: type[Event]) -> bool:
        """Whether this iteration has told of this."""
        return kind in self.step

    @property
    def pending(self) -> list[Candidate]:
        """Candidates whose evaluation has not ended."""
        return [c for c in self.candidates.values() if c.id not in self.results]

    @property
    def succeeded(self) -> list[EvaluationResult]:
        """Evaluations that are ok."""
        return [result for result in self.results.values() if result.status == "ok"]

    @property
    def total_evaluations(self) -> int:
        """Evaluations that the campaign made itself, failed ones too."""
        return sum(identity in self.candidates for identity in self.results)

    def front(self, until: int | None = None) -> list[EvaluationResult]:
        """The feasible evaluations that no other dominates, up to an iteration."""
        feasible = [
            result
            for result in self.results.values()
            if result.feasible and (until is None or self.of_iteration[result.id] <= until)
        ]
        kept = values.nondominated(minimised_rows(self.config.objectives, feasible))
        return [result for result, keep in zip(feasible, kept, strict=True) if keep]

    def first_successes(self) -> list[EvaluationResult]:
        """The evaluations that a reference point is made of: of the first iteration with any."""
        ok = self.succeeded
        first = min((self.of_iteration[result.id] for result in ok), default=0)
        return [result for result in ok if self.of_iteration[result.id] <= first]

    def best_so_far(self) -> list[float | None]:
        """Of the first objective after each iteration, turned so that more is better."""
        found: list[float | None] = []
        for new in self.by_iteration():
            so_far = [-row[0] for row in new] + [v for v in found[-1:] if v is not None]
            found.append(max(so_far, default=None))
        return found

    def by_iteration(self) -> list[list[list[float]]]:
        """Feasible values after each iteration that has ended, minimised: [k] those new in it."""
        found: list[list[list[float]]] = [[] for _ in range(self.iteration + 1)]
        for result in self.results.values():
            if result.feasible:
                row = minimised(self.config.objectives, result)
                found[self.of_iteration[result.id]].append(row)
        return found


def minimised(objectives: Sequence[Objective], result: EvaluationResult) -> list[float]:
    """The objectives of an evaluation that is ok, those to be maximised turned around."""
    known = [result.objectives[objective.name] for objective in objectives]
    return [
        -value if objective.maximised else value
        for objective, value in zip(objectives, known, strict=True)
        if value is not None
    ]


def minimised_rows(
    objectives: Sequence[Objective], results: Sequence[EvaluationResult]
) -> values.Floats:
    """The same of several, (n, n_objectives)."""
    rows_of = [minimised(objectives, result) for result in results]
    return np.array(rows_of, float).reshape(-1, len(objectives))


def best(history: History) -> dict[str, float] | None:
    """The evaluation of the front next to the ideal, each objective scaled to its range there."""
    front = history.front()
    if not front:
        return None
    nearest = front[values.knee(minimised_rows(history.config.objectives, front))]
    return {name: value for name, value in nearest.objectives.items() if value is not None}


def reference(history: History) -> list[float]:
    """The worst values that count, minimised: those of the configuration, or of what is known when
    sampling ends, so that the hypervolume never falls."""
    objectives = history.config.objectives
    found = [0.0] * len(objectives)
    if any(objective.reference is None for objective in objectives):
        seen = minimised_rows(objectives, history.first_successes())
        found = values.reference_point(seen).tolist()
    given = [objective.reference for objective in objectives]
    signs = [-1.0 if objective.maximised else 1.0 for objective in objectives]
    return [
        seen if asked is None else sign * asked
        for seen, asked, sign in zip(found, given, signs, strict=True)
    ]


def count_outcomes(config: AnyCampaign, some_failed: bool) -> int:
    """How many surrogates `search.outcomes` wants."""
    maximised = {objective.name: objective.maximised for objective in config.objectives}
    other = {
        limit.objective
        for limit in config.outcome_constraints
        if (limit.at_most if maximised[limit.objective] else limit.at_least) is not None
    }
    return len(maximised) + len(other) + some_failed


class Ending(NamedTuple):
    """How a campaign ends."""

    state: CampaignState
    reason: str


def exhausted(history: History) -> bool:
    """Whether there was nothing left to propose."""
    latest = history.iteration in history.of_iteration.values()
    return history.iteration > 0 and history.has(CandidatesProposed) and not latest


def ending(history: History) -> Ending | None:
    """How a campaign ends whose last iteration is done; None where another one follows."""
    if exhausted(history):
        return Ending("completed", "every point of the space has been evaluated")
    if not history.has(IterationCompleted):
        return None
    just_extended = history.restarted == history.completed
    metric = None if history.update is None or just_extended else history.update.metric
    said = verdict(history, metric)
    if not said.stop:
        return None
    return Ending("completed" if said.reason == "budget" else "converged", said.sentence)


def verdict(history: History, metric: float | None) -> Verdict:
    """Whether an iteration that is done was the last, and why; metric: the relative gain."""
    config, plan = history.config, history.config.campaign.convergence
    signs = {o.name: -1.0 if o.maximised else 1.0 for o in config.objectives}
    targets = {name: signs[name] * value for name, value in plan.target.items()}
    rule = convergence.Rule(
        config.campaign.max_iterations, plan.patience, plan.min_improvement, targets
    )
    front = history.front()
    if history.restarted and convergence.reaches(
        _signed(history.front(history.restarted), signs), targets
    ):
        # it was extended to go beyond them
        rule = convergence.Rule(rule.max_iterations, rule.patience, rule.min_improvement)
    return convergence.verdict(rule, history.iteration, metric, _signed(front, signs))


def _signed(
    front: Sequence[EvaluationResult], signs: Mapping[str, float]
) -> list[dict[str, float]]:
    return [
        {
            name: signs[name] * value
            for name, value in result.objectives.items()
            if value is not None
        }
        for result in front
    ]


def metric(history: History, progress: Sequence[float | None]) -> float | None:
    """Relative gain over the last iterations; None while those since the start, or since the
    campaign was extended, are too few.

    progress: after sampling and each iteration; None while there was nothing to compare with
    """
    patience = history.config.campaign.convergence.patience
    known = [value for value in progress if value is not None]
    if history.iteration - history.restarted < patience:
        return None
    return convergence.relative_gain(known, patience)


def reason(config: AnyCampaign, log: Sequence[Event]) -> str | None:
    """Why a campaign ended, in a sentence; None for one that has not."""
    last = log[-1] if log else None
    if isinstance(last, CampaignError):
        return last.error
    ended = ending(History.of(config, log[:-1])) if isinstance(last, CampaignCompleted) else None
    return None if ended is None else ended.reason


def view(
    config: AnyCampaign,
    log: Sequence[Event],
    *,
    id: str,  # noqa: A002 (what it is on the wire)
    state: CampaignState,
    created: datetime,
    ended: datetime | None = None,
) -> CampaignView:
    """What is listed of a campaign."""
    history = History.of(config, log)
    iterations = [event for event in log if isinstance(event, IterationCompleted)]
    last = log[-1] if log else None
    return CampaignView(
        id=id,
        name=config.name,
        domain=str(config.__struct_config__.tag),
        state=state,
        created=created,
        ended=ended,
        iteration=history.iteration,
        max_iterations=config.campaign.max_iterations,
        evaluations=history.total_evaluations,
        failed_evaluations=sum(r.status == "failed" for r in history.results.values()),
        pareto_size=len(history.front()),
        best_value=iterations[-1].best_value if iterations else None,
        objectives=config.objectives,
        best=best(history),
        hypervolume=iterations[-1].hypervolume if iterations else None,
        elapsed_s=None if last is None else last.elapsed_s,
        eta_s=None if last is None or state not in lifecycle.UNDER_WAY else last.eta_s,
        reason=reason(config, log),
        last_seq=0 if last is None else last.seq or 0,
    )


def results(config: AnyCampaign, log: Sequence[Event], state: CampaignState) -> CampaignResults:
    """Everything, without loss."""
    history = History.of(config, log)
    front = {result.id for result in history.front()}
    pending = [identity for identity in history.candidates if identity not in history.results]
    ids = [*history.results, *pending]
    return CampaignResults(
        config=msgspec.to_builtins(config),
        state=state,
        results=[_row(history, identity, identity in front) for identity in ids],
    )


def _row(history: History, identity: str, on_front: bool) -> ResultRow:
    candidate, result = history.candidates.get(identity), history.results.get(identity)
    known = result or candidate
    if known is None:
        raise KeyError(identity)
    return ResultRow(
        id=identity,
        iteration=history.of_iteration[identity],
        parameters=known.parameters,
        objectives={} if result is None else result.objectives,
        predicted=None if candidate is None else candidate.predicted,
        acquisition=None if candidate is None else candidate.acquisition,
        status="pending" if result is None else result.status,
        reason=None if result is None else result.reason,
        feasible=result is not None and result.feasible,
        on_front=on_front,
        duration_s=None if result is None else result.duration_s,
    )


def result_of(config: AnyCampaign, candidate: Candidate, outcome: Outcome) -> EvaluationResult:
    """What became of a candidate."""
    found: dict[str, float | None] = {}
    reasons = dict(outcome["reasons"])
    for objective in config.objectives:
        output = outcome["outputs"].get(objective.name)
        value = None if output is None else objective_value(objective, output)
        if value is not None and abs(value) > rows.MOST:
            reasons[objective.name] = f"{value:g} is beyond what can be compared, {rows.MOST:g}"
            value = None
        found[objective.name] = value
    missing = [f"{name}: {why}" for name, why in reasons.items()]
    wrong = outcome["failure"] or "; ".join(missing) or None
    known = {name: value for name, value in found.items() if value is not None}
    return EvaluationResult(
        id=candidate.id,
        parameters=candidate.parameters,
        objectives=found,
        feasible=wrong is None and rows.feasible(config, known),
        status="ok" if wrong is None else "failed",
        reason=None if wrong is None else " ".join(wrong.split()),  # one line, wherever it is told
        duration_s=outcome["duration_s"],
    )


def results_of(
    config: AnyCampaign, log: Sequence[Event], reports: Sequence[Report]
) -> list[EvaluationResult]:
    """What a laboratory posts, as results; raises StudioError that names what is wrong.

    Reports with an id belong to candidates that wait for them; those with parameters are further
    evaluations, whose results the driver appends to the log as a candidates_evaluated of the
    current iteration before it runs the operation anew.
    """
    history = History.of(config, log)
    waiting = {candidate.id: candidate for candidate in history.pending}
    wrong: list[FieldError] = []
    found: list[EvaluationResult] = []
    further = sum(identity.startswith("x") for identity in history.results)
    for index, report in enumerate(reports):
        faults = list(_report_faults(config, report, waiting))
        wrong += [fault.below(f"/results/{index}") for fault in faults]
        if faults:
            continue
        if report.id is None:
            further += 1
            point = report.parameters or {}
            candidate = Candidate(
                id=f"x{further:04d}", parameters=point, predicted=None, acquisition=None
            )
        else:
            candidate = waiting.pop(report.id)  # a second report of it in one post is refused
        found.append(_reported(config, candidate, report))
    if wrong:
        raise StudioError("invalid_config", errors=tuple(wrong))
    return found


def _report_faults(
    config: AnyCampaign, report: Report, waiting: Mapping[str, Candidate]
) -> Iterable[FieldError]:
    names = [objective.name for objective in config.objectives]
    for name in report.objectives:
        if name not in names:
            detail = f"is not an objective of this campaign{did_you_mean(name, names)}"
            yield FieldError(f"/objectives/{escape(name)}", detail)
    if report.status == "ok":
        for name in names:
            if report.objectives.get(name) is None:
                yield FieldError(f"/objectives/{escape(name)}", "is required, or status failed")
    if (report.id is None) == (report.parameters is None):
        yield FieldError("/id", "needs the id of a candidate or else parameters")
    elif report.id is not None and report.id not in waiting:
        there = f"; {', '.join(waiting)} wait" if waiting else "; none waits"
        yield FieldError("/id", f"{report.id!r} does not wait for a result{there}")
    elif report.parameters is not None:
        faults = rows.point_faults(config.parameters, report.parameters)
        yield from (fault.below("/parameters") for fault in faults)


def _reported(config: AnyCampaign, candidate: Candidate, report: Report) -> EvaluationResult:
    outputs = {o.name: report.objectives.get(o.name) for o in config.objectives}
    failure = None if report.status == "ok" else report.reason or "no reason was given"
    outcome = Outcome(outputs=outputs, reasons={}, failure=failure, duration_s=None)
    return result_of(config, candidate, outcome)
