"""The store in a SQLite file: one thread, one connection, many writes to a transaction.

A write is safe once its transaction is committed to the write-ahead log, which a server that is
killed does not undo. Only a machine that loses its power may lose the last moments, and never the
file: waiting for the disk at every commit would cost each first frame the time of that wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from studio.config import Retention
from studio.store.campaigns import CampaignRecord
from studio.store.interface import (
    Covers,
    Ending,
    Entry,
    JobRecord,
    NewJob,
    Stored,
    StoredResult,
    Submitted,
)
from studio.wire.frames import AnyFrame, Complete, Progress
from studio.wire.jobs import JobQuery

log = logging.getLogger(__name__)

T = TypeVar("T")

_SCHEMA = 4  # 1 had no campaigns, 2 no named requests, 3 no owners
_RETRY_S = 0.5
_PARTIALS_S = 10.0  # results so far are kept this long beside the result

_TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, op TEXT NOT NULL,
    config BLOB NOT NULL, request_id BLOB NOT NULL, key BLOB NOT NULL, reason TEXT NOT NULL,
    version TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL, ended REAL,
    crashes INTEGER NOT NULL DEFAULT 0, result TEXT, error BLOB,
    n_bytes INTEGER NOT NULL DEFAULT 0, owner TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_by_end ON jobs (ended);
CREATE TABLE IF NOT EXISTS log (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, seq INTEGER NOT NULL,
    frame BLOB NOT NULL, partial BLOB, covers BLOB, PRIMARY KEY (job, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key BLOB NOT NULL, stages BLOB NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS results_by_key ON results (key, n);
CREATE TABLE IF NOT EXISTS submissions (
    owner TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL,
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS submissions_by_job ON submissions (job);
CREATE TABLE IF NOT EXISTS campaigns (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, config BLOB NOT NULL,
    state TEXT NOT NULL, created REAL NOT NULL, ended REAL, view BLOB NOT NULL,
    owner TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS campaign_log (
    campaign TEXT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE, seq INTEGER NOT NULL,
    event BLOB NOT NULL, PRIMARY KEY (campaign, seq)
) STRICT, WITHOUT ROWID;
"""
_ADD_OWNER = "ALTER TABLE {} ADD COLUMN owner TEXT NOT NULL DEFAULT '';"
_ADD_OWNERS = {
    1: _ADD_OWNER.format("jobs"),
    **{schema: _ADD_OWNER.format("jobs") + _ADD_OWNER.format("campaigns") for schema in (2, 3)},
}
_COLUMNS = ", ".join(JobRecord._fields)
# what a later attempt may find gone: it is not the fault of what was to be written
_PASSING = frozenset(
    {
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
        *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM),
    }
)
_NO_RESULT = msgspec.Raw(b"null")


class StoreError(Exception):
    """The store cannot be opened."""


class _Task(NamedTuple):
    """Something to do with the connection, and whom to tell what came of it."""

    do: Callable[[sqlite3.Connection], Any]
    tell: Callable[[Any, Exception | None], None]
    asked: float | None = None  # when, on the monotonic clock, where it is a write


class SqliteStore:
    """A store in a file, or in memory where none is given; raises StoreError."""

    def __init__(self, path: Path | None) -> None:
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_writable, self._closing = True, threading.Event()
        self._path = path
        self._on_written: Callable[[float], None] = lambda seconds: None
        self._connection = _open(path)
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    def add(self, job: NewJob, submitted: Submitted | None = None) -> None:
        """A new job, and the request for it where that has a name."""
        self._put(functools.partial(_add, job=job, submitted=submitted))

    def set_state(self, job: str, state: str, crashes: int | None = None) -> None:
        """Where a job stands now."""
        update = "UPDATE jobs SET state = ?, crashes = coalesce(?, crashes) WHERE id = ?"
        self._put(lambda db: db.execute(update, (state, crashes, job)))

    def append(self, job: str, entry: Entry, on_stored: Stored) -> None:
        """An entry of a job's log."""
        self._put(functools.partial(_append, job=job, entry=entry), on_stored)

    def keep(self, result: StoredResult, *, is_new: bool = True) -> None:
        """A result, before the end of the job that has it; one that is not new may be there."""
        how = "REPLACE" if is_new else "IGNORE"
        insert = f"INSERT OR {how} INTO results (id, key, stages, content) VALUES (?, ?, ?, ?)"  # noqa: S608
        self._put(lambda db: db.execute(insert, result))

    def end(self, job: str, entry: Entry, ending: Ending, on_stored: Stored) -> None:
        """The last entry of a job's log, and how the job ended."""
        self._put(functools.partial(_end, job=job, entry=entry, ending=ending), on_stored)

    def forget(self, policy: Retention, now: float) -> None:
        """Delete what is older than is kept, then the oldest down to the bytes that are."""
        self._put(functools.partial(_forget, policy=policy, now=now))

    async def delete(self, job: str) -> None:
        """Delete a job that has ended."""
        delete = "DELETE FROM jobs WHERE id = ? AND ended IS NOT NULL"
        await self._ask(lambda db: db.execute(delete, (job,)))

    async def unfinished(self) -> Sequence[JobRecord]:
        """The jobs that have not ended, the oldest first."""
        return await self._ask(lambda db: _jobs(db, "ended IS NULL ORDER BY n"))

    async def job(self, job: str) -> JobRecord | None:
        """A job by its id."""
        return next(iter(await self._ask(lambda db: _jobs(db, "id = ?", job))), None)

    async def submitted(self, owner: str, key: str) -> tuple[str, bytes] | None:
        """The job that a named request led to, and the digest of that request."""
        select = "SELECT job, digest FROM submissions WHERE owner = ? AND key = ?"
        return await self._ask(lambda db: db.execute(select, (owner, key)).fetchone())

    async def jobs(self, query: JobQuery, owner: str = "") -> Sequence[JobRecord]:
        """The jobs of an owner, or of everybody's for none, that a query asks for."""
        wanted = (
            "state = coalesce(?, state) AND op = coalesce(?, op) AND n < coalesce(?, n + 1) "
            "AND owner = coalesce(?, owner) ORDER BY n DESC LIMIT ?"
        )
        values = query.state, query.op, query.before, owner or None, query.limit
        return await self._ask(lambda db: _jobs(db, wanted, *values))

    async def log(self, job: str) -> Sequence[Entry]:
        """A job's log."""
        return await self._ask(functools.partial(_log, job=job))

    async def result(self, result: str) -> StoredResult | None:
        """A result by its id."""
        return await self._ask(lambda db: _result(db, "id = ?", result))

    async def known(self, key: bytes) -> StoredResult | None:
        """The newest result for a key."""
        return await self._ask(lambda db: _result(db, "key = ? ORDER BY n DESC LIMIT 1", key))

    def keep_campaign(self, record: CampaignRecord) -> None:
        """A new campaign, or what it is by now."""
        self._put(functools.partial(_keep_campaign, record=record))

    def append_event(
        self,
        campaign: str,
        seq: int,
        event: bytes,
        on_stored: Stored,
        record: CampaignRecord | None = None,
    ) -> None:
        """An event of a campaign's log, as JSON; record: what it is by then, stored in one go."""
        insert = "INSERT INTO campaign_log (campaign, seq, event) VALUES (?, ?, ?)"

        def do(db: sqlite3.Connection) -> None:
            db.execute(insert, (campaign, seq, event))
            if record is not None:
                _keep_campaign(db, record)

        self._put(do, on_stored)

    async def campaigns(self) -> Sequence[CampaignRecord]:
        """All campaigns, the oldest first."""
        return await self._ask(_campaigns)

    async def events(self, campaign: str) -> Sequence[bytes]:
        """A campaign's log."""
        select = "SELECT event FROM campaign_log WHERE campaign = ? ORDER BY seq"
        return await self._ask(lambda db: [row[0] for row in db.execute(select, (campaign,))])

    async def delete_campaign(self, campaign: str) -> None:
        """Delete a campaign with its log."""
        await self._ask(lambda db: db.execute("DELETE FROM campaigns WHERE id = ?", (campaign,)))

    async def flush(self) -> None:
        """Wait until all that was written is safe."""
        await self._ask(lambda db: None)

    async def close(self) -> None:
        """Write what there is, and let go of the file."""
        self._closing.set()
        self._tasks.put(None)
        await asyncio.to_thread(self._thread.join)

    def watch(self, on_written: Callable[[float], None]) -> None:
        """Have told how long each write took until it was safe."""
        self._on_written = on_written

    @property
    def n_bytes(self) -> int:
        """The bytes of the file and of its write-ahead log."""
        if self._path is None:
            return 0
        files = self._path, self._path.with_name(self._path.name + "-wal")
        return sum(file.stat().st_size for file in files if file.exists())

    def _put(
        self, do: Callable[[sqlite3.Connection], Any], on_stored: Stored = lambda: None
    ) -> None:
        self._loop = asyncio.get_running_loop()

        def tell(_value: Any, error: Exception | None) -> None:
            if error is None:
                on_stored()
            else:
                log.error("a write to the store failed", exc_info=error)

        self._tasks.put(_Task(do, tell, time.monotonic()))

    async def _ask(self, do: Callable[[sqlite3.Connection], T]) -> T:
        self._loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = self._loop.create_future()

        def tell(value: Any, error: Exception | None) -> None:
            if answer.done():  # nobody waits any more
                return
            if error is None:
                answer.set_result(value)
            else:
                answer.set_exception(error)

        self._tasks.put(_Task(do, tell))
        return await answer

    def _work(self) -> None:
        """Do what there is to do, all that waits together."""
        with contextlib.closing(self._connection):
            for tasks in _batches(self._tasks):
                self._tell(tasks, self._commit(tasks))
                now = time.monotonic()
                for task in tasks:
                    if task.asked is not None:
                        self._on_written(now - task.asked)

    def _commit(self, tasks: list[_Task]) -> list[tuple[Any, Exception | None]]:
        """What came of every task, once it is safe; a disk that is full is waited for, or bad."""
        while True:
            try:
                outcomes = _together(self._connection, tasks)
                self.is_writable = True
                return outcomes
            except sqlite3.DatabaseError as error:
                if self.is_writable:
                    log.exception("the store cannot be written; its writes wait")
                self.is_writable = False
                if self._closing.wait(_RETRY_S):
                    return [(None, error)] * len(tasks)

    def _tell(self, tasks: list[_Task], outcomes: list[tuple[Any, Exception | None]]) -> None:
        def tell_all() -> None:
            for task, outcome in zip(tasks, outcomes, strict=True):
                task.tell(*outcome)

        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            if self._loop is not None:
                self._loop.call_soon_threadsafe(tell_all)


def _open(path: Path | None) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=0.5,
            isolation_level=None,
            check_same_thread=False,  # it is opened here and used in one other thread
        )
        # nobody else may open the file, which also spares it the shared memory of its log
        for pragma in (
            *("locking_mode = EXCLUSIVE", "auto_vacuum = INCREMENTAL", "journal_mode = WAL"),
            *("synchronous = NORMAL", "foreign_keys = ON"),
        ):
            connection.execute(f"PRAGMA {pragma}")
        schema = connection.execute("PRAGMA user_version").fetchone()[0]
        if not 0 <= schema <= _SCHEMA:
            raise StoreError(f"{path} was written by another version of Studio")
        add_owners = _ADD_OWNERS[schema] if 0 < schema < _SCHEMA else ""
        connection.executescript(
            f"BEGIN IMMEDIATE; {add_owners} {_TABLES} PRAGMA user_version = {_SCHEMA}; COMMIT"
        )
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreError(f"{path} is in use by another server") from error
        raise StoreError(f"{path} cannot be opened: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is no store of Studio's: {error}") from error
    return connection


def _batches(tasks: queue.SimpleQueue[_Task | None]) -> Iterator[list[_Task]]:
    """What waits, each time something does, until None."""
    while True:
        waiting = [tasks.get()]
        with contextlib.suppress(queue.Empty):
            while waiting[-1] is not None:
                waiting.append(tasks.get_nowait())
        batch = [task for task in waiting if task is not None]
        if batch:
            yield batch
        if waiting[-1] is None:
            return


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _together(db: sqlite3.Connection, tasks: list[_Task]) -> list[tuple[Any, Exception | None]]:
    """What came of every task, in one transaction; where one fails the others do not with it."""
    try:
        with _transaction(db):
            return [(task.do(db), None) for task in tasks]
    except Exception as error:
        if _passes(error):
            raise
    # every statement waits for the interpreter's lock, so that only now each gets a savepoint
    with _transaction(db):
        return [_attempt(db, task) for task in tasks]


def _attempt(db: sqlite3.Connection, task: _Task) -> tuple[Any, Exception | None]:
    db.execute("SAVEPOINT task")
    try:
        outcome, failed = task.do(db), None
    except Exception as error:
        if _passes(error):
            raise
        db.execute("ROLLBACK TO task")
        outcome, failed = None, error
    db.execute("RELEASE task")
    return outcome, failed


def _passes(error: Exception) -> bool:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in _PASSING


def _add(db: sqlite3.Connection, job: NewJob, submitted: Submitted | None) -> None:
    row = job._replace(request_id=msgspec.json.encode(job.request_id))  # type: ignore[arg-type]
    columns, marks = ", ".join(NewJob._fields), ", ".join("?" * len(row))
    db.execute(f"INSERT INTO jobs ({columns}) VALUES ({marks})", row)  # noqa: S608
    if submitted is not None:
        insert = "INSERT INTO submissions (owner, key, digest, job) VALUES (?, ?, ?, ?)"
        db.execute(insert, (*submitted, job.id))


def _append(db: sqlite3.Connection, job: str, entry: Entry) -> None:
    frame, partial = entry.frame, None
    if isinstance(frame, Progress) and frame.partial is not None:
        partial = msgspec.json.encode(frame.partial)
        frame = msgspec.structs.replace(frame, partial=None)
    elif isinstance(frame, Complete):
        frame = msgspec.structs.replace(frame, result=_NO_RESULT)
    covers = None if entry.covers is None else msgspec.json.encode(entry.covers)
    db.execute(
        "INSERT INTO log (job, seq, frame, partial, covers) VALUES (?, ?, ?, ?, ?)",
        (job, frame.seq, msgspec.json.encode(frame), partial, covers),
    )


def _end(db: sqlite3.Connection, job: str, entry: Entry, ending: Ending) -> None:
    _append(db, job, entry)
    db.execute(
        """UPDATE jobs SET state = ?, ended = ?, result = ?, error = ?, n_bytes =
            (SELECT total(length(frame) + coalesce(length(partial), 0))
                FROM log WHERE job = jobs.id)
            + coalesce((SELECT length(content) FROM results WHERE results.id = ?), 0)
        WHERE id = ?""",
        (*ending, ending.result, job),
    )


def _forget(db: sqlite3.Connection, policy: Retention, now: float) -> None:
    db.execute("DELETE FROM jobs WHERE ended < ?", (now - policy.seconds,))
    db.execute(
        """DELETE FROM jobs WHERE n IN (SELECT n FROM
            (SELECT n, sum(n_bytes) OVER (ORDER BY ended DESC, n DESC) AS so_far
                FROM jobs WHERE ended IS NOT NULL)
        WHERE so_far > ?)""",
        (policy.n_bytes,),
    )
    db.execute(
        """UPDATE log SET partial = NULL WHERE partial IS NOT NULL
            AND job IN (SELECT id FROM jobs WHERE ended < ?)""",
        (now - _PARTIALS_S,),
    )
    db.execute(
        """DELETE FROM results WHERE id NOT IN
            (SELECT result FROM jobs WHERE result IS NOT NULL
                UNION SELECT id FROM jobs WHERE ended IS NULL)"""
    )
    db.execute("PRAGMA incremental_vacuum").fetchall()


def _keep_campaign(db: sqlite3.Connection, record: CampaignRecord) -> None:
    db.execute(
        """INSERT INTO campaigns (id, config, state, created, ended, view, owner)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET config = excluded.config,
            state = excluded.state, ended = excluded.ended, view = excluded.view""",
        record,
    )


def _campaigns(db: sqlite3.Connection) -> list[CampaignRecord]:
    columns = ", ".join(CampaignRecord._fields)
    rows = db.execute(f"SELECT {columns} FROM campaigns ORDER BY n")  # noqa: S608
    return [CampaignRecord(*row) for row in rows]


def _jobs(db: sqlite3.Connection, wanted: str, *values: Any) -> list[JobRecord]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE {wanted}", values)  # noqa: S608
    records = [JobRecord(*row) for row in rows]
    return [r._replace(request_id=msgspec.json.decode(str(r.request_id, "utf8"))) for r in records]  # type: ignore[call-overload]


def _log(db: sqlite3.Connection, job: str) -> list[Entry]:
    rows = db.execute("SELECT frame, partial, covers FROM log WHERE job = ? ORDER BY seq", (job,))
    return [_entry(*row) for row in rows]


def _entry(frame: bytes, partial: bytes | None, covers: bytes | None) -> Entry:
    told = msgspec.json.decode(frame, type=AnyFrame)
    if partial is not None:
        told = msgspec.structs.replace(told, partial=msgspec.json.decode(partial))
    return Entry(told, None if covers is None else msgspec.json.decode(covers, type=Covers))


def _result(db: sqlite3.Connection, wanted: str, value: Any) -> StoredResult | None:
    found = db.execute(
        f"SELECT id, key, stages, content FROM results WHERE {wanted}",  # noqa: S608
        (value,),
    ).fetchone()
    return None if found is None else StoredResult(*found)
