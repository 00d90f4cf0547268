"""Campaigns in this process, without a server: driven one event at a time, kept in a log file."""

from __future__ import annotations

import contextlib
import importlib
import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from studio.errors import FieldError, StudioError
from studio.jobs.worker import describe, error_code
from studio.operations.campaign import Awaiting, Summary, history, lifecycle, run
from studio.operations.campaign.check import feasibility
from studio.operations.stage import Chunk, Stage, resume
from studio.wire.campaigns import AnyCampaign, Candidate, EvaluationResult, Event, Report
from studio.wire.codec import encode_json

_N_TRIES, _TRY_S = 5, 0.05

Answer = Callable[[list[Candidate]], Sequence[Report]]


class Begun(msgspec.Struct, tag_field="type", tag="campaign"):
    """The line of a log that says what is searched: the first, and one for each extension."""

    config: AnyCampaign


class Contents(NamedTuple):
    """What the file of a campaign holds.

    is_extended: whether its configuration has changed since its last event
    n_bytes: of its whole lines; what comes after was torn by a crash, or is being written
    """

    config: AnyCampaign
    events: list[Event]
    is_extended: bool
    n_bytes: int


def read(path: Path) -> Contents:
    """A log as it is now, also while a process runs it; StudioError where it is none."""
    with path.open("rb") as file:
        return _contents(path, file)


def is_running(path: Path) -> bool:
    """Whether a process holds a log now."""
    with path.open("rb") as file:
        return not _lock(file, "LOCK_SH")


class Log:
    """A campaign in a file: a line of JSON for its configuration and for every event.

    A line is on the disk before it counts. One that was torn by a crash is taken away. One process
    holds the file at a time.
    is_extended: as of Contents
    """

    def __init__(self, path: Path) -> None:
        """Open a log that exists; StudioError where it is none or another process holds it."""
        self.path = path
        self._file: IO[bytes] = path.open("r+b")
        try:
            self._hold()
            self.config, self.events, self.is_extended, n_bytes = _contents(path, self._file)
        except BaseException:
            self._file.close()
            raise
        self._file.seek(n_bytes)
        self._file.truncate()

    @classmethod
    def new(cls, path: Path, config: AnyCampaign) -> Log:
        """Begin a log; what is there of an earlier campaign is kept under another name."""
        if path.exists():
            path.rename(free(path))
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
        for _ in range(_N_TRIES):
            if _lock(self._file, "LOCK_EX"):
                return
            time.sleep(_TRY_S)  # it may be that somebody only asks whether it is held
        raise StudioError("failed", f"another process is running {self.path}")


def _lock(file: IO[bytes], kind: str) -> bool:
    """Whether a file could be locked, until it is closed."""
    with contextlib.suppress(ImportError):  # Windows has other locks
        fcntl = importlib.import_module("fcntl")
        try:
            fcntl.flock(file, getattr(fcntl, kind) | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _contents(path: Path, file: IO[bytes]) -> Contents:
    records, n_bytes = [], 0
    for number, line in enumerate(file, start=1):
        if not line.endswith(b"\n"):
            break
        try:
            records.append(msgspec.json.decode(line, type=Event | Begun))
        except msgspec.DecodeError as error:
            detail = f"line {number} of {path} cannot be read: {error}"
            raise StudioError("malformed", detail) from None
        n_bytes += len(line)
    if not records or not isinstance(records[0], Begun):
        raise StudioError("malformed", f"{path} is not the log of a campaign")
    config = next(r.config for r in reversed(records) if isinstance(r, Begun))
    events = [r for r in records if not isinstance(r, Begun)]
    return Contents(config, events, isinstance(records[-1], Begun), n_bytes)


def free(path: Path) -> Path:
    """A name like this one that nothing has yet."""
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
        return lifecycle.stamped(log.config, log.events, event, datetime.now(UTC), elapsed)


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
