"""What is written down of a run: a line of JSON for everything asked, seen, struck and found.

`t` is in seconds since the run began. A result, or a partial one, stands as its digest.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

Plain = dict[str, Any]

_CLOCKS = ("elapsed_s", "eta_s", "timestamp", "duration_s", "engine_reason")


class Record(Struct, tag_field="what", kw_only=True, omit_defaults=True):
    """Something that happened at t."""

    t: float = 0.0


class Asked(Record, tag="asked"):
    """A client performs operation n: op is what it runs, how the way in which it asks."""

    n: int
    client: int
    how: str
    op: str
    config: Plain


class Led(Record, tag="led"):
    """Operation n led to a job or a campaign."""

    n: int
    job: str


class Answered(Record, tag="answered"):
    """HTTP answered operation n; digest is of the result where it is one, else code the error's."""

    n: int
    status: int
    digest: str | None = None
    code: str | None = None


class Watching(Record, tag="watching"):
    """A client watches a job from the entry after a seq on."""

    watch: int
    job: str
    after: int


class Saw(Record, tag="saw"):
    """A watcher was told so."""

    watch: int
    job: str
    frame: Plain


class Cancelled(Record, tag="cancelled"):
    """Somebody asked for the end of a job; state is what the server answered, where it did."""

    job: str
    state: str | None = None


class Left(Record, tag="left"):
    """The client went whose job was not to outlive it."""

    job: str


class Struck(Record, tag="struck"):
    """A fault."""

    fault: str
    detail: Plain = {}


class Started(Record, tag="started"):
    """A server is up after one that went down: what it says is running, and its workers."""

    life: int
    running: list[str]
    workers: list[int]


class Stopped(Record, tag="stopped"):
    """A server is gone: by which signal, its exit code, how long its processes outlived it, and
    which still do."""

    life: int
    how: str
    code: int
    seconds: float
    orphans: list[str]


class Stored(Record, tag="stored"):
    """What a server tells, after a restart, of a job that has ended: its state and its log."""

    job: str
    op: str
    state: str
    log: list[Plain]


class Quiet(Record, tag="quiet"):
    """Nothing is asked any more: the server's open files, and workers that compute all the same."""

    life: int
    files: list[str]
    fresh: int
    busy: list[int]


class Remains(Record, tag="remains"):
    """What all servers left in temporary directories and shared memory, and what their log has that
    nobody foresaw."""

    files: list[str]
    unforeseen: list[str] = []


AnyRecord = (
    Asked | Led | Answered | Watching | Saw | Cancelled | Left
    | Struck | Started | Stopped | Stored | Quiet | Remains
)  # fmt: skip

R = TypeVar("R", bound=Record)


class History:
    """The records of a run, kept in a file as well; a check takes those of one round."""

    def __init__(self, path: Path) -> None:
        self._begun = time.monotonic()
        self._file = path.open("wb", buffering=0)
        self.round: list[Record] = []

    def add(self, record: R) -> R:
        """Write a record down, at its time."""
        record.t = round(time.monotonic() - self._begun, 4)
        self.round.append(record)
        self._file.write(msgspec.json.encode(record) + b"\n")
        return record

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def read(path: Path) -> list[Record]:
    """The records of a file."""
    return [msgspec.json.decode(line, type=AnyRecord) for line in path.read_bytes().splitlines()]


def digest(value: Any) -> str:
    """What is the same for equal values, clocks aside."""
    return hashlib.sha256(msgspec.json.encode(_timeless(value), order="sorted")).hexdigest()[:16]


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(held) for key, held in value.items() if key not in _CLOCKS}
    if isinstance(value, list):
        return [_timeless(item) for item in value]
    return value


def short(frame: Plain) -> Plain:
    """A frame or an event without clocks, its results as digests."""
    kept = {key: value for key, value in frame.items() if key not in (*_CLOCKS, "id", "job")}
    for long in ("result", "partial", "results", "candidates", "cause", "best", "metrics"):
        if kept.get(long) is not None:
            kept[long] = digest(kept[long])
    return kept
