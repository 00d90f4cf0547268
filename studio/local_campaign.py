"""Campaigns in this process, without a server: driven one event at a time, kept in a log file."""

from __future__ import annotations

import contextlib
import importlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import msgspec

from studio.errors import FieldError, StudioError
from studio.jobs.worker import describe, error_code
from studio.operations.campaign import Awaiting, Summary, history, lifecycle, run
from studio.operations.campaign.check import feasibility
from studio.operations.stage import Chunk, Stage, resume
from studio.wire.campaigns import AnyCampaign, Candidate, EvaluationResult, Event, Report
from studio.wire.codec import encode_json

Answer = Callable[[list[Candidate]], Sequence[Report]]


class Begun(msgspec.Struct, tag_field="type", tag="campaign"):
    """The line of a log that says what is searched: the first, and one for each extension."""

    config: AnyCampaign


class Log:
    """A campaign in a file: a line of JSON for its configuration and for every event.

    A line is on the disk before it counts. One that was torn by a crash is taken away. One process
    holds the file at a time.
    is_extended: whether its configuration has changed since its last event
    """

    def __init__(self, path: Path) -> None:
        """Open a log that exists; StudioError where it is none or another process holds it."""
        self.path = path
        self._file: IO[bytes] = path.open("r+b")
        try:
            self._hold()
            records = list(self._read())
        except BaseException:
            self._file.close()
            raise
        if not records or not isinstance(records[0], Begun):
            self._file.close()
            raise StudioError("malformed", f"{path} is not the log of a campaign")
        self.events: list[Event] = [r for r in records if not isinstance(r, Begun)]
        self.config = next(r.config for r in reversed(records) if isinstance(r, Begun))
        self.is_extended = isinstance(records[-1], Begun)

    @classmethod
    def new(cls, path: Path, config: AnyCampaign) -> Log:
        """Begin a log; what is there of an earlier campaign is kept under another name."""
        if path.exists():
            path.rename(_free(path))
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with fresh.open("wb") as file:
            file.write(encode_json(Begun(config)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
        return cls(path)

    def append(self, event: Event) -> None:
        """Write an event; it is safe when this returns."""
        self._write(event)
        self.events.append(event)
        self.is_extended = False

    def extend(self, config: AnyCampaign) -> None:
        """Go on with another configuration."""
        self._write(Begun(config))
        self.config, self.is_extended = config, True

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _write(self, record: Event | Begun) -> None:
        self._file.write(encode_json(record) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _hold(self) -> None:
        with contextlib.suppress(ImportError):  # Windows has other locks
            fcntl = importlib.import_module("fcntl")
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                detail = f"another process is running {self.path}"
                raise StudioError("failed", detail) from None

    def _read(self) -> Iterator[Event | Begun]:
        """Every whole line; the file ends where the last of them does."""
        whole = 0
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                break
            try:
                yield msgspec.json.decode(line, type=Event | Begun)
            except msgspec.DecodeError as error:
                detail = f"line {number} of {self.path} cannot be read: {error}"
                raise StudioError("malformed", detail) from None
            whole += len(line)
        self._file.seek(whole)
        self._file.truncate()


def _free(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.{number}{path.suffix}")).exists():
        number += 1
    return aside


def faults(config: AnyCampaign) -> list[FieldError]:
    """What of a checked configuration only shows when it is about to run."""
    found: list[FieldError] = _part(feasibility(config))
    return found


def drive(
    log: Log,
    on_event: Callable[[Event], None],
    *,
    stops: Callable[[Event], bool] = lambda event: False,
    answer: Answer = lambda candidates: (),
) -> Summary | None:
    """Run a campaign from its log; None where it stopped before its end.

    on_event: told of every event once it is safe
    stops: whether to leave off after an event
    answer: what a laboratory found for these candidates; nothing where it has yet to
    """
    clock = _Clock(log.events)
    running = run(log.config, log.events[:])
    sent: Any = None
    while True:
        item, summary = resume(running, sent)
        sent = None
        if item is None:
            ended: Summary = summary
            return ended
        if isinstance(item, Stage):
            sent = [_part(chunk) for chunk in item.chunks]
        elif isinstance(item, Awaiting):
            sent = _answered(log, item, answer)
            if not sent:
                return None
        else:
            event = clock.stamped(log, item)
            log.append(event)
            on_event(event)
            if stops(event):
                return None


def _answered(log: Log, awaiting: Awaiting, answer: Answer) -> list[EvaluationResult]:
    reports = answer(awaiting.candidates)
    return history.results_of(log.config, log.events, reports) if reports else []


class _Clock:
    """Seconds that a campaign has been under way, over all the times it was."""

    def __init__(self, events: Sequence[Event]) -> None:
        before = events[-1].elapsed_s if events else None
        self._begun = time.monotonic() - (before or 0.0)

    def stamped(self, log: Log, event: Event) -> Event:
        elapsed = time.monotonic() - self._begun
        seq = (log.events[-1].seq or 0) + 1 if log.events else 1
        left = lifecycle.time_left(log.config, [*log.events, event])
        return lifecycle.stamped(event, seq, datetime.now(UTC), elapsed, left)


def _part(chunk: Chunk) -> Any:
    working = chunk.function(*chunk.args)
    while True:
        try:
            advance, part = resume(working)
        except StudioError:
            raise
        except Exception as error:
            raise StudioError(error_code(error), describe(error)) from error
        if advance is None:
            return part
