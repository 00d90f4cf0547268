"""What a store of jobs can do: writes return at once, are done in order, and reads see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from studio.config import Retention
from studio.wire.frames import AnyFrame
from studio.wire.jobs import JobQuery

Stored = Callable[[], None]


class JobRecord(NamedTuple):
    """A job as it is stored.

    n: its number, by which newer jobs have a greater one; config: JSON; created, ended: seconds
    since 1970; crashes: how often the server died while it ran; result: the id of its result;
    error: JSON
    """

    n: int
    id: str
    op: str
    config: bytes
    request_id: str | int | None
    key: bytes
    reason: str
    version: str
    state: str
    created: float
    ended: float | None
    crashes: int
    result: str | None
    error: bytes | None
    owner: str = ""


class NewJob(NamedTuple):
    """A job to be stored, as in JobRecord."""

    id: str
    op: str
    config: bytes
    request_id: str | int | None
    key: bytes
    reason: str
    version: str
    state: str
    created: float
    owner: str = ""


class Submitted(NamedTuple):
    """A request for a job that its client names, so that it may send it again.

    key: the client's name for it, among the owner's; digest: of what it asks for
    """

    owner: str
    key: str
    digest: bytes


class Covers(NamedTuple):
    """What a log entry tells of: the n-th stage, and the chunks whose results it holds."""

    stage: int
    chunks: list[int]


class Entry(NamedTuple):
    """An entry of a job's log; a complete frame comes without its result."""

    frame: AnyFrame
    covers: Covers | None


class StoredResult(NamedTuple):
    """An encoded result, the key of what it is the result of, and the stages that led to it."""

    id: str
    key: bytes
    stages: bytes
    content: bytes


class Ending(NamedTuple):
    """How a job ended; result: the id of its result, error: JSON."""

    state: str
    ended: float
    result: str | None = None
    error: bytes | None = None


class Store(Protocol):
    """Jobs, logs and results; on_stored is called in the event loop once a write is safe."""

    def add(self, job: NewJob, submitted: Submitted | None = None) -> None:
        """A new job, and the request for it where that has a name."""

    def set_state(self, job: str, state: str, crashes: int | None = None) -> None:
        """Where a job stands now."""

    def append(self, job: str, entry: Entry, on_stored: Stored) -> None:
        """An entry of a job's log."""

    def keep(self, result: StoredResult, *, is_new: bool = True) -> None:
        """A result, before the end of the job that has it; one that is not new may be there."""

    def end(self, job: str, entry: Entry, ending: Ending, on_stored: Stored) -> None:
        """The last entry of a job's log, and how the job ended."""

    def forget(self, policy: Retention, now: float) -> None:
        """Delete what is older than is kept, then the oldest down to the bytes that are."""

    async def delete(self, job: str) -> None:
        """Delete a job that has ended."""

    async def unfinished(self) -> Sequence[JobRecord]:
        """The jobs that have not ended, the oldest first."""

    async def job(self, job: str) -> JobRecord | None:
        """A job by its id."""

    async def submitted(self, owner: str, key: str) -> tuple[str, bytes] | None:
        """The job that a named request led to, and the digest of that request."""

    async def jobs(self, query: JobQuery, owner: str = "") -> Sequence[JobRecord]:
        """The jobs of an owner, or of everybody's for none, that a query asks for."""

    async def log(self, job: str) -> Sequence[Entry]:
        """A job's log."""

    async def result(self, result: str) -> StoredResult | None:
        """A result by its id."""

    async def known(self, key: bytes) -> StoredResult | None:
        """The newest result for a key."""

    async def flush(self) -> None:
        """Wait until all that was written is safe."""

    @property
    def is_writable(self) -> bool:
        """Whether the last write came through."""

    @property
    def n_bytes(self) -> int:
        """What it takes of the disk."""

    def watch(self, on_written: Callable[[float], None]) -> None:
        """Have told of each write how many seconds it took until it was safe, in any thread."""

    async def close(self) -> None:
        """Write what there is, and let go of the file."""
