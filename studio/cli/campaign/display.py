"""Events as they come: lines in a pipe, the same lines above a live bar in a terminal, or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

from studio.cli import progress
from studio.cli.views.campaign import Lines
from studio.wire import frames
from studio.wire.campaigns import (
    CandidatesProposed,
    Event,
    IterationStarted,
    Objective,
    SurrogateTrained,
)
from studio.wire.codec import encode_json


class Display:
    """Prints events; bar: what is under way, where stderr is a terminal."""

    def __init__(self, lines: Lines, bar: progress.Display | None, as_json: bool) -> None:
        self._lines, self._bar, self._as_json = lines, bar, as_json

    def replay(self, event: Event) -> None:
        """An event of an earlier run, which has been printed then."""
        for _ in self._lines.of(event):
            pass

    def event(self, event: Event) -> None:
        """An event that has just come."""
        lines = list(self._lines.of(event))
        if self._as_json:
            lines = [encode_json(event).decode()]
        if self._bar is None or not lines:
            self._print(lines)
        else:
            with self._bar.aside():
                self._print(lines)
        if self._bar is not None:
            self._bar.show(self._under_way(event))

    def _print(self, lines: list[str]) -> None:
        for line in lines:
            click.echo(line)
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """Something beside the events, on stderr."""
        with nullcontext() if self._bar is None else self._bar.aside():
            click.echo(text, err=True)

    def _under_way(self, event: Event) -> frames.Progress:
        doing, share = _doing(event)
        done = max(self._lines.iteration - 1, 0) + share if self._lines.iteration else 0.0
        return frames.Progress(
            pct=min(100.0 * done / max(self._lines.total, 1), 100.0),
            step="campaign",
            msg=f"{self._lines.iteration}/{self._lines.total} {doing}",
            eta_s=event.eta_s,
        )


def _doing(event: Event) -> tuple[str, float]:
    """What follows an event, and how much of its iteration is done."""
    match event:
        case IterationStarted():
            return "Training surrogate", 0.0
        case SurrogateTrained():
            return "Optimizing acquisition", 0.3
        case CandidatesProposed():
            return "Evaluating candidates", 0.7
    return "", 1.0


@contextmanager
def shown(objectives: list[Objective], max_iterations: int, as_json: bool) -> Iterator[Display]:
    """A display, whose bar is gone when it is over."""
    lines = Lines(objectives, max_iterations)
    if as_json or not sys.stderr.isatty():
        yield Display(lines, None, as_json)
        return
    with progress.shown() as bar:
        yield Display(lines, bar, as_json)
