"""The operation: a pure generator over the log of a campaign."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from studio.operations.campaign import chunks, domains, history, rows
from studio.operations.campaign.domains.domain import Outcome, failed
from studio.operations.campaign.history import History
from studio.operations.stage import Chunk, Stage
from studio.wire.campaigns import (
    AnyCampaign,
    CampaignCompleted,
    CampaignError,
    CampaignState,
    Candidate,
    CandidatesEvaluated,
    CandidatesProposed,
    ConvergenceUpdate,
    EvaluationResult,
    Event,
    IterationCompleted,
    IterationStarted,
    Losses,
    Predicted,
    SurrogateTrained,
)


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Nothing goes on before results come for some of these candidates.

    The driver stores a campaign as `waiting`, announces that with `lifecycle.told`, and sends the
    generator a list of EvaluationResult: all of them or some, as they come.
    `history.results_of` makes them of what a laboratory posts.
    """

    candidates: list[Candidate]
    iteration: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How a campaign ended; reason: a sentence."""

    state: CampaignState
    reason: str
    total_iterations: int
    total_evaluations: int


Yielded = Stage | Event | Awaiting
Running = Generator[Yielded, Any, Summary]
Step = Generator[Yielded, Any, None]
_LEAST = 2  # evaluations that a surrogate can be trained on


def run(config: AnyCampaign, log: Sequence[Event]) -> Running:
    """Go on from a log, which is empty for a new campaign.

    Yields
    - Stage: run its chunks on slots, send their parts in order as a list;
    - an event: give it a `seq` (and timestamp, elapsed_s, eta_s: `lifecycle.stamped`), store it,
      announce it, then send None. What is stored is all that is needed to go on;
    - Awaiting: see there.
    Returns the Summary after campaign_completed or campaign_error has been yielded.

    It may be closed at any yield and made anew from the log: whatever the log holds is not done
    again, and the end is the same for the same seed. So pause is to stop sending (and close),
    resume is to run it again from the log; extend is `lifecycle.extended` and run again; cancel is
    to close it and append `lifecycle.cancelled`. Events with `state` in between (told again by the
    driver) and a campaign_error in the log are passed over. A log that ends with a
    campaign_completed is gone on from as one that was extended: do not run it otherwise.
    config: checked by `check`
    """
    past = History.of(config, log)
    if past.iteration == 0:
        yield from _sample(past)
        if not past.succeeded:
            reason = _all_failed(past)
            yield CampaignError(error=reason, iteration=0, state="failed")
            return Summary("failed", reason, 0, past.total_evaluations)
    while not (ended := history.ending(past)):
        yield from _iterate(past)
    yield CampaignCompleted(
        total_iterations=past.completed,
        total_evaluations=past.total_evaluations,
        best=history.best(past),
        hypervolume=None if past.update is None else past.update.hypervolume,
        state=ended.state,
    )
    return Summary(ended.state, ended.reason, past.completed, past.total_evaluations)


def _tell(past: History, event: Event) -> Step:
    yield event
    past.add(event)


def _all_failed(past: History) -> str:
    reasons = [result.reason for result in past.results.values() if result.reason]
    why = max(set(reasons), key=reasons.count) if reasons else "there was none"
    return f"no evaluation of the initial design succeeded: {why}"


def _sample(past: History) -> Step:
    """Take earlier data in, and evaluate the initial design."""
    config = past.config
    earlier = rows.known(config)
    if earlier and earlier[0].id not in past.results:
        yield from _tell(past, CandidatesEvaluated(results=earlier, iteration=0))
    if not past.has(CandidatesProposed):
        # also what somebody handed in before the campaign began
        known = len(past.succeeded)
        n = max((config.campaign.initial_samples or 0) - known, 0)
        if n:
            (points,) = yield Stage("design", chunks.one(chunks.design, config, n), "Sampling")
            plain = [{"parameters": p, "predicted": None, "acquisition": None} for p in points]
            yield from _tell(past, _proposed(past, plain))
    yield from _evaluate(past)


def _iterate(past: History) -> Step:
    """One iteration, or what is left of it."""
    if past.iteration == 0 or past.has(IterationCompleted):
        yield from _tell(past, IterationStarted(iteration=past.iteration + 1))
    if not past.has(CandidatesProposed):
        yield from _propose(past)
        if history.exhausted(past):
            return
    yield from _evaluate(past)
    if not past.has(ConvergenceUpdate):
        yield from _converge(past)
    volume = None if past.update is None else past.update.hypervolume
    best, front = history.best(past), past.front()
    value = volume
    if len(past.config.objectives) == 1:
        value = front[0].objectives[past.config.objectives[0].name] if front else None
    done = IterationCompleted(
        iteration=past.iteration,
        best_value=value,
        pareto_size=len(front),
        hypervolume=volume,
        best=best,
    )
    yield from _tell(past, done)


def _propose(past: History) -> Step:
    """Train, tell how well, and propose."""
    config, k = past.config, past.iteration
    evaluations = list(past.results.values())
    found: list[list[float] | None] = []
    losses = Losses(train_loss=None, val_loss=None)
    if len(past.succeeded) >= _LEAST:
        parts = yield Stage("train", _training(config, evaluations, k), "Training surrogate")
        found = [part["found"] for part in parts]
        losses = _losses(parts[: len(config.objectives)])
    if not past.has(SurrogateTrained):
        yield from _tell(past, SurrogateTrained(metrics=losses))
    reference = history.reference(past)
    work = chunks.one(chunks.propose, config, evaluations, k, found, reference)
    (proposed,) = yield Stage("propose", work, "Optimizing acquisition")
    yield from _tell(past, _proposed(past, proposed))


def _training(
    config: AnyCampaign, evaluations: list[EvaluationResult], iteration: int
) -> list[Chunk]:
    """A chunk for each outcome: objectives, limits on their other side, whether it fails."""
    some_failed = any(result.status == "failed" for result in evaluations)
    n = history.count_outcomes(config, some_failed)
    return [Chunk(chunks.train, (config, evaluations, iteration, index), 1.0) for index in range(n)]


def _losses(parts: list[dict[str, Any]]) -> Losses:
    def together(name: str) -> float:
        return float((sum(part[name] ** 2 for part in parts) / len(parts)) ** 0.5)

    return Losses(train_loss=together("train_loss"), val_loss=together("val_loss"))


def _proposed(past: History, plain: list[dict[str, Any]]) -> CandidatesProposed:
    first = len(past.candidates) + 1
    candidates = [
        Candidate(
            id=f"c{number:04d}",
            parameters=each["parameters"],
            predicted=msgspec.convert(each["predicted"], dict[str, Predicted] | None),
            acquisition=each["acquisition"],
        )
        for number, each in enumerate(plain, start=first)
    ]
    return CandidatesProposed(candidates=candidates, iteration=past.iteration)


def _evaluate(past: History) -> Step:
    """Evaluate what is pending, or wait until somebody has."""
    chunks_of = domains.of(past.config).chunks
    while pending := past.pending:
        if chunks_of is None:
            results = yield Awaiting(pending, past.iteration)
        else:
            points = [candidate.parameters for candidate in pending]
            numbers = [int(candidate.id[1:]) for candidate in pending]
            work = chunks_of(past.config, points, numbers)
            lost = _lost if len(work) == len(pending) else None
            parts = yield Stage("evaluate", work, "Evaluating candidates", len(pending), lost=lost)
            outcomes = [outcome for part in parts for outcome in part]
            results = [
                history.result_of(past.config, candidate, outcome)
                for candidate, outcome in zip(pending, outcomes, strict=True)
            ]
        yield from _tell(past, CandidatesEvaluated(results=results, iteration=past.iteration))


def _lost(_: int, reason: str) -> list[Outcome]:
    """The part of a candidate that takes its worker down."""
    return [failed(reason)]


def _converge(past: History) -> Step:
    """Tell how much the last iterations gained."""
    volume: float | None = None
    progress = past.best_so_far()
    if len(past.config.objectives) > 1:
        work = chunks.one(chunks.volumes, past.by_iteration(), history.reference(past))
        (found,) = yield Stage("volumes", work, "Measuring the front")
        volume, progress = found[-1], [value or None for value in found]
    metric = history.metric(past, progress)
    converged = history.verdict(past, metric).reason in ("target", "no_improvement")
    update = ConvergenceUpdate(
        metric=metric, converged=converged, hypervolume=volume, best=history.best(past)
    )
    yield from _tell(past, update)
