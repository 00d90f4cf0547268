"""Slots with real worker processes, killed with real signals."""

from __future__ import annotations

import asyncio
import ctypes
import itertools
import mmap
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest
import pytest_asyncio

from studio.config import WorkerLimits
from studio.errors import Cause, StudioError
from studio.jobs import slots
from studio.jobs.slots import Slot, SlotPool
from studio.operations.stage import Advance, Chunk
from tests.conftest import DEADLINE_S, ROOT

Work = Generator[Advance, None, Any]


def double(number: int) -> Work:
    yield Advance(1.0)
    return 2 * number


def big(n_bytes: int) -> Work:
    yield Advance(1.0)
    return bytes(n_bytes)


def die() -> Work:
    yield Advance(1.0)
    os._exit(1)


def die_once(marker: str) -> Work:
    """Die in the middle of a large message the first time."""
    yield Advance(1.0)
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


class HostileError(Exception):
    """Cannot be pickled, nor told as text."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(lambda: None)
        self.closure = lambda: first + second

    def __str__(self) -> str:
        raise RuntimeError("no text")


def hostile() -> Work:
    yield Advance(1.0)
    raise HostileError(1, 2)


def unpicklable() -> Work:
    yield Advance(1.0)
    return lambda: None


def endless() -> Work:
    while True:
        yield Advance(1.0)


def crash() -> Work:
    yield Advance(1.0)
    ctypes.string_at(0)


def stop_itself() -> Work:
    """Hang as a whole, as a process that a person stops."""
    yield Advance(1.0)
    os.kill(os.getpid(), signal.SIGSTOP)


def ask_for_too_much() -> Work:
    yield Advance(1.0)
    return len(bytearray(2**44))


def grow_unasked(n_bytes: int) -> Work:
    """Hold memory that no limit of the system's counts: shared and touched."""
    yield Advance(1.0)
    with mmap.mmap(-1, n_bytes) as held:
        for page in range(0, n_bytes, mmap.PAGESIZE):
            held[page] = 1
        while True:
            yield Advance(1.0)


def own_pid() -> Work:
    yield Advance(1.0)
    return os.getpid()


def deaf() -> Work:
    """Neither looks whether to stop nor dies of SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        pass
    yield Advance(1.0)


def environment() -> Work:
    yield Advance(1.0)
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return [os.environ.get(name) for name in names]


@pytest_asyncio.fixture
async def pool() -> AsyncIterator[SlotPool]:
    async with SlotPool(1) as pool:
        yield pool


async def run(pool: SlotPool, function: Any, *args: Any) -> Any:
    async with asyncio.timeout(DEADLINE_S):
        return await pool.run(Chunk(function, args, 1.0), lambda *_: None, lambda _: None)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_chunk_returns_its_part(pool: SlotPool) -> None:
    assert await run(pool, double, 21) == 42


@pytest.mark.parametrize("n_bytes", [1, 65_536, 64 * 1024 * 1024])
async def test_parts_of_any_size_come_through(pool: SlotPool, n_bytes: int) -> None:
    assert len(await run(pool, big, n_bytes)) == n_bytes


async def test_a_killed_worker_is_replaced_and_its_chunk_tried_again(
    pool: SlotPool, tmp_path: Path
) -> None:
    before = pool.slots[0].pid
    assert await run(pool, die_once, str(tmp_path / "died")) == "alive"
    assert pool.slots[0].pid != before


async def test_a_worker_that_died_idle_costs_no_attempt(
    pool: SlotPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "ATTEMPTS", 1)
    slot = pool.slots[0]
    before = slot.pid
    os.kill(before, signal.SIGKILL)
    await until(lambda: not slot.is_alive or slot.pid != before)
    assert await run(pool, double, 4) == 8


async def test_a_worker_that_died_idle_is_replaced_without_being_asked(pool: SlotPool) -> None:
    slot = pool.slots[0]
    before = slot.pid
    os.kill(before, signal.SIGKILL)
    await until(lambda: slot.pid != before and slot.is_alive)
    assert await run(pool, double, 4) == 8
    assert slot.pid != before


async def test_closing_signals_no_process_but_the_slots_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slots, "_RESTART_PAUSES_S", (DEADLINE_S,))
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        async with SlotPool(1) as pool:
            slot = pool.slots[0]
            os.kill(slot.pid, signal.SIGKILL)
            await until(lambda: not slot.is_alive)
            slot.pid = stranger.pid  # as if the number had been given again
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize(
    ("function", "told"), [(die, Cause(exit_code=1)), (crash, Cause(signal="SIGSEGV"))]
)
async def test_a_poison_chunk_ends_after_three_attempts_and_the_slot_lives(
    pool: SlotPool, function: Any, told: Cause
) -> None:
    attempts: list[int] = []
    chunk = Chunk(function, (), 1.0)
    with pytest.raises(StudioError) as error:
        async with asyncio.timeout(DEADLINE_S):
            await pool.run(chunk, lambda *_: None, lambda slot: attempts.append(slot.pid))
    assert error.value.code == "worker_died"
    assert len(set(attempts)) == 3
    cause = error.value.cause
    assert cause is not None
    assert (cause.exit_code, cause.signal) == (told.exit_code, told.signal)
    assert await run(pool, double, 1) == 2


async def test_where_a_worker_crashed_travels_with_the_error(pool: SlotPool) -> None:
    with pytest.raises(StudioError, match="SIGSEGV") as error:
        await run(pool, crash)
    assert "string_at" in str(error.value.cause and error.value.cause.trace)


async def test_where_a_chunk_raised_travels_with_the_error(pool: SlotPool) -> None:
    with pytest.raises(StudioError) as error:
        await run(pool, unpicklable)
    assert "Traceback" in str(error.value.cause and error.value.cause.trace)


async def test_a_worker_that_hangs_is_found_out_by_its_beat_and_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slots, "ATTEMPTS", 1)
    async with SlotPool(1, limits=WorkerLimits(silent_s=2.0)) as pool:
        with pytest.raises(StudioError, match="no sign of life for 2 s") as error:
            await run(pool, stop_itself)
        assert error.value.code == "worker_died"
        assert await run(pool, double, 4) == 8


async def test_asking_for_too_much_memory_costs_the_task_and_not_the_worker(
    pool: SlotPool,
) -> None:
    before = await run(pool, own_pid)
    with pytest.raises(StudioError) as error:
        await run(pool, ask_for_too_much)
    assert error.value.code == "out_of_memory"
    cause = error.value.cause
    assert cause is not None
    assert cause.peak_bytes is not None
    assert cause.peak_bytes > 2**20
    assert await run(pool, own_pid) == before


async def test_a_worker_that_holds_too_much_memory_is_killed_and_the_peak_told() -> None:
    limit = 600 * 2**20
    async with SlotPool(1, limits=WorkerLimits(memory_bytes=limit)) as pool:
        with pytest.raises(StudioError) as error:
            await run(pool, grow_unasked, limit)
        assert error.value.code == "out_of_memory"
        cause = error.value.cause
        assert cause is not None
        assert cause.peak_bytes is not None
        assert cause.peak_bytes > limit
        assert await run(pool, double, 4) == 8


@pytest.mark.parametrize(
    ("limits", "lasts"),
    [
        (WorkerLimits(tasks=3), 3),
        (WorkerLimits(tasks=3, idle_bytes=2**40), 3),
        (WorkerLimits(tasks=100), 6),
    ],
)
async def test_a_worker_is_replaced_between_two_tasks_after_so_many(
    limits: WorkerLimits, lasts: int
) -> None:
    async with SlotPool(1, limits=limits) as pool:
        pids = [await run(pool, own_pid) for _ in range(6)]
    assert [len(list(same)) for _, same in itertools.groupby(pids)] == [lasts] * (6 // lasts)


async def test_a_worker_that_keeps_much_memory_is_replaced_before_its_next_task() -> None:
    async with SlotPool(1, limits=WorkerLimits(idle_bytes=1)) as pool:
        slot = pool.slots[0]
        await until(lambda: slot.vitals.rss > 1)
        before = await run(pool, own_pid)
        assert await run(pool, own_pid) != before


async def test_a_slot_is_never_given_up(pool: SlotPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often its worker fails to start."""
    monkeypatch.setattr(slots, "_RESTART_PAUSES_S", (0.0, 0.01))
    slot, failures = pool.slots[0], iter(range(20))
    start = Slot.start

    async def start_at_last(slot: Slot) -> None:
        if next(failures, None) is not None:
            raise OSError("no more processes")
        await start(slot)

    monkeypatch.setattr(Slot, "start", start_at_last)
    os.kill(slot.pid, signal.SIGKILL)
    assert await run(pool, double, 4) == 8
    assert next(failures, None) is None


@pytest.mark.parametrize(("function", "told"), [(hostile, "HostileError"), (unpicklable, "pickle")])
async def test_what_cannot_be_pickled_fails_its_chunk_alone(
    pool: SlotPool, function: Any, told: str
) -> None:
    before = pool.slots[0].pid
    with pytest.raises(StudioError, match=told) as error:
        await run(pool, function)
    assert error.value.code == "failed"
    assert await run(pool, double, 1) == 2
    assert pool.slots[0].pid == before


@pytest.mark.parametrize(("function", "survives"), [(endless, True), (deaf, False)])
async def test_cancelling_frees_the_slot_with_force_only_where_needed(
    pool: SlotPool, function: Any, survives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if survives:  # a busy machine may be slow to see the stop, which is no reason for force here
        monkeypatch.setattr(slots, "_GRACE_S", DEADLINE_S)
    before = pool.slots[0].pid
    started = asyncio.Event()

    def on_slot(slot: Slot) -> None:
        started.set()

    call = asyncio.create_task(pool.run(Chunk(function, (), 1.0), lambda *_: None, on_slot))
    await started.wait()
    beat = pool.slots[0].beat
    if survives:
        await until(lambda: pool.slots[0].beat != beat)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await run(pool, double, 1) == 2
    assert (pool.slots[0].pid == before) is survives


async def test_a_cancelled_wait_for_a_slot_takes_none(pool: SlotPool) -> None:
    first = asyncio.create_task(run(pool, endless))
    await asyncio.sleep(0)
    with anyio.move_on_after(0.05):
        await run(pool, double, 1)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await run(pool, double, 1) == 2


async def test_workers_use_one_thread_each(pool: SlotPool) -> None:
    assert await run(pool, environment) == ["1", "1", "1"]


async def test_no_worker_outlives_the_pool() -> None:
    async with SlotPool(2) as pool:
        pids = [slot.pid for slot in pool.slots]
        assert all(psutil.pid_exists(pid) for pid in pids)
    _, alive = psutil.wait_procs(
        [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=DEADLINE_S
    )
    assert alive == []


PROGRAM = """
import asyncio
from studio.jobs.slots import SlotPool

async def main():
    async with SlotPool(2) as pool:
        print(*[slot.pid for slot in pool.slots], flush=True)
        await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("stopped", [False, True])
def test_workers_die_with_a_server_that_is_killed(tmp_path: Path, stopped: bool) -> None:
    program = tmp_path / "server.py"
    program.write_text(PROGRAM)
    with subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        workers = [psutil.Process(int(pid)) for pid in server.stdout.readline().split()]
        assert len(workers) == 2
        if stopped:
            workers[0].suspend()
        server.kill()
        _, alive = psutil.wait_procs(workers, timeout=DEADLINE_S)
        assert alive == []


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_server_that_ends_leaves_no_temporary_files(
    tmp_path: Path, ending: signal.Signals
) -> None:
    program, temporary = tmp_path / "server.py", tmp_path / "tmp"
    program.write_text(PROGRAM)
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        started = psutil.Process(server.pid).children(recursive=True)
        assert list(temporary.iterdir())
        server.send_signal(ending)
        server.wait(DEADLINE_S)
        psutil.wait_procs(started, timeout=DEADLINE_S)
        assert list(temporary.iterdir()) == []
