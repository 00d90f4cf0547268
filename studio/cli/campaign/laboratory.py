"""Asks people for results by a CSV file of candidates, and reads one that they filled in."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from studio.cli.campaign import files
from studio.errors import StudioError
from studio.local_campaign import Log, free
from studio.wire.campaigns import (
    AnyCampaign,
    Candidate,
    CandidatesEvaluated,
    Categorical,
    Point,
    Report,
    Value,
)

# How far, as a share of it, a spreadsheet may round a parameter.
_ROUNDED = 1e-6


class Laboratory:
    """What a laboratory finds, over the files between it and a campaign.

    waits: for how many results
    """

    def __init__(self, log: Log, results: str | None) -> None:
        """results: the file with what was found."""
        name = log.path.name.removesuffix(".campaign.jsonl")
        self.sheet = log.path.with_name(f"{name}.candidates.csv")
        self.waits = 0
        self._log, self._results = log, None if results is None else Path(results)

    def answer(self, candidates: list[Candidate]) -> Sequence[Report]:
        """What is found that the log has not; where that is nothing, a sheet is left to fill in."""
        rows = [] if self._results is None else _read(self._results, self._log.config)
        proposed = {candidate.id: candidate.parameters for candidate in candidates}
        for row in rows:
            if row.report and not _is_same(row.parameters, proposed.get(row.id or "", {})):
                detail = f"{self._results}: {row.id} was proposed with other parameters"
                raise StudioError("invalid_config", f"{detail}; it is of another campaign")
        known = self._known()
        new = [row.report for row in rows if row.report and _key(row.report) not in known]
        if not new:
            self.waits = len(candidates)
            self._leave(candidates)
        return new

    def _known(self) -> set[Any]:
        """What the log has: candidates by id, further evaluations by all that there is of them."""
        evaluated = [event for event in self._log.events if isinstance(event, CandidatesEvaluated)]
        results = [result for event in evaluated for result in event.results]
        return {r.id for r in results} | {_content(r.parameters, r.objectives) for r in results}

    def _leave(self, candidates: list[Candidate]) -> None:
        """A sheet for these candidates; one that somebody may have filled in is kept."""
        if self.sheet.exists() and not (self._results and self._results.samefile(self.sheet)):
            there = _read(self.sheet, self._log.config)
            rows = {row.id: row.parameters for row in there if row.id is not None}
            if all(c.id in rows and _is_same(rows[c.id], c.parameters) for c in candidates):
                return
            if any(row.report for row in there):
                self.sheet.rename(free(self.sheet))
        _write(self.sheet, candidates, self._log.config)


class _Row(NamedTuple):
    """A row of a sheet; report: None where nothing was filled in."""

    id: str | None
    parameters: Point
    report: Report | None


def _read(path: Path, config: AnyCampaign) -> list[_Row]:
    return [_row(path, row, config) for row in files.rows(path, "/results")]


def _row(path: Path, row: files.Row, config: AnyCampaign) -> _Row:
    point = {
        p.name: row[p.name] if isinstance(p, Categorical) else files.cell(row[p.name])
        for p in config.parameters
        if p.name in row
    }
    values: dict[str, float | None] = {}
    for objective in config.objectives:
        value = files.cell(row.get(objective.name, "nan"))
        if isinstance(value, str):
            detail = f"{path}: {objective.name} must be a number, not {value!r}"
            raise StudioError("invalid_config", detail)
        if math.isfinite(value):
            values[objective.name] = value
    identity, has_failed = row.get("id"), row.get("status") == "failed"
    report = Report(
        id=identity,
        parameters=point if identity is None else None,
        objectives=values,
        status="failed" if has_failed else "ok",
        reason=row.get("reason"),
    )
    return _Row(identity, point, report if values or has_failed else None)


def _write(path: Path, candidates: Sequence[Candidate], config: AnyCampaign) -> None:
    parameters = [parameter.name for parameter in config.parameters]
    objectives = [objective.name for objective in config.objectives]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["id", *parameters, *objectives, "status", "reason"])
        for each in candidates:
            point = [each.parameters[name] for name in parameters]
            writer.writerow([each.id, *point, *[""] * len(objectives), "", ""])


def _is_same(point: Point, proposed: Point) -> bool:
    """Whether what a row says of parameters is what was proposed."""
    return all(_is_close(point[name], proposed[name]) for name in point.keys() & proposed.keys())


def _is_close(value: Value, proposed: Value) -> bool:
    if isinstance(value, str) or isinstance(proposed, str):
        return value == proposed
    return math.isclose(value, proposed, rel_tol=_ROUNDED)


def _key(report: Report) -> Any:
    return report.id or _content(report.parameters or {}, report.objectives)


def _content(point: Point, values: Mapping[str, float | None]) -> Any:
    known = {name: value for name, value in values.items() if value is not None}
    return frozenset(point.items()), frozenset(known.items())
