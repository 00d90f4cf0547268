"""The store in a SQLite file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from studio.config import Retention
from studio.store.interface import Covers, Ending, Entry, NewJob, StoredResult
from studio.store.sqlite import SqliteStore, StoreError
from studio.wire.frames import Complete, Error, Progress
from studio.wire.jobs import JobQuery
from tests.conftest import DEADLINE_S, ROOT


@contextlib.asynccontextmanager
async def opened(path: Path | None = None) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path)
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield store
    finally:
        await store.close()


def new(name: str, op: str = "heatmap", created: float = 0.0) -> NewJob:
    return NewJob(name, op, b"{}", 7, b"key", "asked for", "1", "queued", created)


def progress(seq: int, partial: dict[str, object] | None = None) -> Entry:
    frame = Progress(seq=seq, pct=1.5, step="sweep", msg="Heatmap", partial=partial)
    return Entry(frame, Covers(0, [seq]))


def complete(seq: int) -> Entry:
    return Entry(Complete(seq=seq, pct=100, result=msgspec.Raw(b'{"large": 1}')), None)


def nothing() -> None:
    pass


async def test_a_job_its_log_and_its_result_are_read_as_they_were_written(tmp_path: Path) -> None:
    result = StoredResult("j_1", b"key", b"[]", b'{"large": 1}')
    async with opened(tmp_path / "jobs") as store:
        store.add(new("j_1"))
        store.append("j_1", progress(1, {"cells": [1.5, None]}), nothing)
        store.keep(result)
        store.end("j_1", complete(2), Ending("complete", 9.0, "j_1"), nothing)
    async with opened(tmp_path / "jobs") as store:
        record = await store.job("j_1")
        assert record is not None
        assert (record.id, record.state, record.ended, record.result) == (
            *("j_1", "complete", 9.0),
            "j_1",
        )
        assert record.request_id == 7
        first, last = await store.log("j_1")
        assert first == progress(1, {"cells": [1.5, None]})
        assert isinstance(last.frame, Complete)
        assert bytes(last.frame.result) == b"null"
        assert await store.result("j_1") == result
        assert await store.known(b"key") == result
        assert await store.known(b"other") is None


async def test_a_write_is_told_of_only_once_another_process_could_read_it(tmp_path: Path) -> None:
    """As it lies in the files, without a close and without a checkpoint."""
    path = tmp_path / "jobs"
    async with opened(path) as store:
        stored = asyncio.Event()
        store.add(new("j_1"))
        store.append("j_1", progress(1), stored.set)
        await stored.wait()
        for suffix in ("", "-wal"):
            (tmp_path / f"copy{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
        with contextlib.closing(sqlite3.connect(tmp_path / "copy")) as copy:
            assert copy.execute("SELECT job, seq FROM log").fetchall() == [("j_1", 1)]


async def test_writes_are_told_of_in_their_order() -> None:
    told: list[int] = []
    async with opened() as store:
        store.add(new("j_1"))
        for seq in range(1, 200):
            store.append("j_1", progress(seq), lambda seq=seq: told.append(seq))  # type: ignore[misc]
        await store.flush()
    assert told == list(range(1, 200))


async def test_a_write_that_is_wrong_fails_alone_and_is_not_told_of() -> None:
    told: list[str] = []
    async with opened() as store:
        store.add(new("j_1"))
        store.append("nobody", progress(1), lambda: told.append("nobody"))
        store.append("j_1", progress(1), lambda: told.append("j_1"))
        store.append("j_1", progress(1), lambda: told.append("twice"))
        await store.flush()
        assert len(await store.log("j_1")) == 1
    assert told == ["j_1"]


async def test_a_disk_that_is_full_is_waited_for_and_nothing_is_told_meanwhile(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "jobs") as store:
        store.add(new("j_1"))
        await store.flush()
        pages = await store._ask(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
        await store._ask(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchall())
        stored = asyncio.Event()
        store.append("j_1", progress(1, {"cells": ["x" * 100_000]}), stored.set)
        while store.is_writable:
            await asyncio.sleep(0.01)
        assert not stored.is_set()
        # sqlite's own limit stands for the disk; nothing but its owner's thread may lift it
        store._connection.execute("PRAGMA max_page_count = 1000000").fetchall()
        await stored.wait()
        assert store.is_writable


async def test_a_file_that_is_damaged_under_the_store_is_told_of_and_hangs_nobody(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "jobs") as store:
        for n in range(200):  # more than stays in memory
            store.keep(StoredResult(f"j_{n}", b"%d" % n, b"[]", b"x" * 50_000))
        await store.flush()
        for path in tmp_path.iterdir():
            path.write_bytes(b"\xff" * path.stat().st_size)
        asked = asyncio.create_task(store.result("j_0"))
        while store.is_writable:
            await asyncio.sleep(0.01)
    with pytest.raises(sqlite3.DatabaseError):
        await asked


async def test_jobs_are_listed_newest_first_by_page_and_by_what_is_asked_for() -> None:
    async with opened() as store:
        for n in range(5):
            store.add(new(f"j_{n}", "scan" if n == 2 else "heatmap"))
        store.set_state("j_3", "running")
        first = await store.jobs(JobQuery(limit=2))
        then = await store.jobs(JobQuery(limit=2, before=first[-1].n))
        assert [job.id for job in [*first, *then]] == ["j_4", "j_3", "j_2", "j_1"]
        assert [job.id for job in await store.jobs(JobQuery(op="scan"))] == ["j_2"]
        assert [job.id for job in await store.jobs(JobQuery(state="running"))] == ["j_3"]


async def test_jobs_that_have_not_ended_are_found_the_oldest_first() -> None:
    async with opened() as store:
        for n in range(3):
            store.add(new(f"j_{n}"))
        store.set_state("j_2", "running", 1)
        store.end("j_1", complete(1), Ending("complete", 1.0), nothing)
        unfinished = await store.unfinished()
    assert [(job.id, job.state, job.crashes) for job in unfinished] == [
        ("j_0", "queued", 0),
        ("j_2", "running", 1),
    ]


async def end_some(store: SqliteStore, n_bytes: int = 10) -> None:
    """Jobs j_0, j_1 and j_2, which ended at 0, 100 and 200 s; j_3 goes on."""
    for n in range(4):
        store.add(new(f"j_{n}"))
        store.append(f"j_{n}", progress(1, {"cells": [1]}), nothing)
        if n < 3:
            store.keep(StoredResult(f"j_{n}", b"%d" % n, b"[]", b"x" * n_bytes))
            store.end(f"j_{n}", complete(2), Ending("complete", 100.0 * n, f"j_{n}"), nothing)


async def left(store: SqliteStore) -> list[str]:
    return [job.id for job in await store.jobs(JobQuery())]


async def test_what_is_older_than_is_kept_is_forgotten_with_its_log_and_result() -> None:
    async with opened() as store:
        await end_some(store)
        store.forget(Retention(seconds=150.0), now=201.0)
        assert await left(store) == ["j_3", "j_2", "j_1"]
        assert await store.log("j_0") == []
        assert await store.result("j_0") is None
        assert await store.result("j_1") is not None


async def test_the_oldest_are_forgotten_down_to_the_bytes_that_are_kept() -> None:
    async with opened() as store:
        await end_some(store, n_bytes=10_000)
        store.forget(Retention(n_bytes=25_000), now=200.0)
        assert await left(store) == ["j_3", "j_2", "j_1"]


async def test_results_so_far_are_forgotten_once_the_result_has_been_there_for_a_while() -> None:
    async with opened() as store:
        await end_some(store)
        store.forget(Retention(), now=205.0)
        partials = [(await store.log(f"j_{n}"))[0].frame.partial for n in range(4)]  # type: ignore[union-attr]
    assert partials == [None, None, {"cells": [1]}, {"cells": [1]}]


async def test_only_a_job_that_has_ended_can_be_deleted() -> None:
    async with opened() as store:
        await end_some(store)
        await store.delete("j_0")
        await store.delete("j_3")
        assert await left(store) == ["j_3", "j_2", "j_1"]


async def test_one_server_at_a_time_has_the_file(tmp_path: Path) -> None:
    async with opened(tmp_path / "jobs"):
        with pytest.raises(StoreError, match="in use by another server"):
            SqliteStore(tmp_path / "jobs")
    async with opened(tmp_path / "jobs"):
        pass


@pytest.mark.parametrize("content", [b"what a person wrote\n" * 100, None])
def test_a_file_that_is_no_store_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "jobs"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=str(path)):
        SqliteStore(path)


PROGRAM = """
import asyncio, sys
from tests.studio.store.test_sqlite import new, progress
from studio.store.sqlite import SqliteStore

async def main():
    store = SqliteStore(sys.argv[1])
    store.add(new("j_1"))
    for seq in range(1, 1_000_000):
        told = asyncio.Event()
        store.append("j_1", progress(seq, {"cells": [seq] * 500}), told.set)
        await told.wait()
        print(seq, flush=True)

asyncio.run(main())
"""


async def test_what_was_told_of_is_there_after_the_writer_is_killed(tmp_path: Path) -> None:
    """At any moment: in the middle of a write as well."""
    for kill_after in (1, 2, 30, 300):
        path = tmp_path / f"jobs-{kill_after}"
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            for _ in range(kill_after):
                writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
            told = kill_after + len(writer.stdout.readlines())
        async with opened(path) as store:
            log = await store.log("j_1")
            check = await store._ask(lambda db: db.execute("PRAGMA integrity_check").fetchall())
        assert len(log) >= told
        assert [entry.frame.seq for entry in log] == list(range(1, len(log) + 1))
        assert check == [("ok",)]


def test_a_frame_of_every_kind_is_kept() -> None:
    async def kept() -> list[Entry]:
        async with opened() as store:
            store.add(new("j_1"))
            frames = [progress(1), Entry(Error(seq=2, msg="no", code="failed"), None)]
            for entry in frames:
                store.append("j_1", entry, nothing)
            assert await store.log("j_1") == frames
            return frames

    assert len(asyncio.run(kept())) == 2
