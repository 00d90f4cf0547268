"""How a campaign looks on stdout: lines for its events, and its front as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.cli.views.page import NOTHING, Page, number
from studio.wire.campaigns import (
    CampaignError,
    CampaignResults,
    CampaignView,
    CandidatesEvaluated,
    CandidatesProposed,
    Event,
    IterationCompleted,
    IterationStarted,
    Objective,
    ResultRow,
    SurrogateTrained,
)

_SHOWN = 25


class Lines:
    """The lines that events make; each step took from the event before it."""

    def __init__(self, objectives: Sequence[Objective], max_iterations: int) -> None:
        self.iteration = 0
        self.total = max_iterations
        self._units = {objective.name: objective.unit for objective in objectives}
        self._before = 0.0

    def of(self, event: Event) -> Iterator[str]:
        """What to print of an event."""
        took = max((event.elapsed_s or 0.0) - self._before, 0.0)
        self._before = event.elapsed_s or self._before
        match event:
            case IterationStarted():
                self.iteration = event.iteration
            case SurrogateTrained():
                loss = event.metrics.val_loss
                told = "too few evaluations" if loss is None else f"val_loss={loss:.4f}"
                yield self._line(f"Training surrogate... done ({took:.1f}s, {told})")
            case CandidatesProposed() if event.iteration:
                n = len(event.candidates)
                yield self._line(f"Optimizing acquisition... done ({took:.1f}s, {n} candidates)")
            case CandidatesEvaluated():
                n_failed = sum(result.status == "failed" for result in event.results)
                failed = f", {n_failed} failed" if n_failed else ""
                yield self._line(f"Evaluating candidates... done ({took:.1f}s{failed})")
            case IterationCompleted():
                yield self._line(f"Best: {self._best(event)}")
            case CampaignError():
                yield self._line(f"Ended: {event.error}")

    def _line(self, text: str) -> str:
        width = len(str(self.total))
        return f"[Iter {self.iteration:{width}d}/{self.total}] {text}"

    def _best(self, event: IterationCompleted) -> str:
        if event.best is None:
            return "none is feasible yet"
        return ", ".join(
            f"{name}={short(value)}{'%' if self._units.get(name) == '%' else ''}"
            for name, value in event.best.items()
        )


def short(value: float | None) -> str:
    """Three digits of a number, all of those before the point."""
    if value is None:
        return NOTHING
    return f"{value:.0f}" if 1e3 <= abs(value) < 1e7 else f"{value:.3g}"


def front(page: Page, results: CampaignResults) -> None:
    """The Pareto front, or the best of one objective, as a table."""
    rows = [row for row in results.results if row.on_front]
    objectives = results.config["objectives"]
    page.heading("Pareto front" if len(objectives) > 1 else "Best")
    if not rows:
        page.note("no evaluation is feasible")
        return
    first = objectives[0]
    rows.sort(
        key=lambda row: row.objectives[first["name"]] or 0.0,
        reverse=first["direction"] == "maximize",
    )
    shown = min(len(rows), _SHOWN)
    spread = [round(index * (len(rows) - 1) / max(shown - 1, 1)) for index in range(shown)]
    evaluations(page, results, [rows[index] for index in spread])
    if len(rows) > shown:
        page.note(f"{shown} of {len(rows)}, from end to end")


def evaluations(page: Page, results: CampaignResults, rows: Sequence[ResultRow]) -> None:
    """Evaluations as a table."""
    objectives, parameters = results.config["objectives"], results.config["parameters"]
    head = ["id", "iter", *map(_titled, objectives), *map(_titled, parameters), "status"]
    page.table(
        head,
        (
            [
                *(row.id, str(row.iteration)),
                *(number(row.objectives.get(item["name"])) for item in objectives),
                *(_value(row.parameters[item["name"]]) for item in parameters),
                _status(row),
            ]
            for row in rows
        ),
        right=head[1:-1],
    )


def _titled(item: dict[str, str]) -> str:
    return f"{item['name']} ({item['unit']})" if item["unit"] else item["name"]


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def _status(row: ResultRow) -> str:
    if row.status == "failed":
        return f"failed: {row.reason}"
    return row.status if row.feasible or row.status == "pending" else "infeasible"


def standing(page: Page, campaign: CampaignView) -> None:
    """Where a campaign stands."""
    fields = [
        ("state", campaign.state + (f": {campaign.reason}" if campaign.reason else "")),
        ("domain", campaign.domain),
        ("iteration", f"{campaign.iteration} of {campaign.max_iterations}"),
        ("evaluations", f"{campaign.evaluations}, {campaign.failed_evaluations} failed"),
        ("front", f"{campaign.pareto_size}"),
    ]
    if campaign.best:
        told = (f"{name}={short(value)}" for name, value in campaign.best.items())
        fields.append(("best", ", ".join(told)))
    if campaign.hypervolume is not None:
        fields.append(("hypervolume", short(campaign.hypervolume)))
    page.line((campaign.name, "bold"), f"  {campaign.id}")
    page.fields(fields)


def listed(page: Page, campaigns: Sequence[CampaignView]) -> None:
    """Campaigns as a table, the newest first."""
    head = ["id", "name", "domain", "state", "iteration", "evaluations", "best"]
    page.table(
        head,
        (
            [
                *(one.id, one.name, one.domain, one.state),
                *(f"{one.iteration}/{one.max_iterations}", str(one.evaluations)),
                short(one.best_value),
            ]
            for one in campaigns
        ),
        right=head[4:],
    )
