"""The rows of section Work."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import random
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import anyio
import msgspec
import websockets

from reliability import tasks
from reliability.row import Row, at, worst
from reliability.serving import SWEEP, Server, served, until_busy, until_gone
from studio import local
from studio.config import Limits, WorkerLimits
from studio.errors import StudioError
from studio.jobs.job import Job
from studio.jobs.runner import Runner
from studio.jobs.slots import SlotPool
from studio.jobs.state import State
from studio.operations.stage import Chunk
from studio.store.sqlite import SqliteStore
from studio.wire.frames import Complete, Error
from studio.wire.requests import parse_config

SMALL_SWEEP: dict[str, Any] = {**SWEEP, "x_steps": 20, "y_steps": 20}
SHORT: dict[str, Any] = {"name": "LapicqueNeuron", "engine": "scalar", "fresh": True, "dt": 1.0}
ENDLESS: dict[str, Any] = {**SHORT, "name": "HodgkinHuxleyNeuron", "duration": 5e6, "dt": 0.01}
_SIZES = [8**n for n in range(9)] + [64 * 2**20]


# ------------------------------------------------------------------------- killed workers


def killed_workers(seconds: float = 60.0, every: float = 5.0) -> Row:
    """Heatmaps on a server while a random worker is killed now and again."""
    with served() as server:
        before, ours = server.n_files(), server.processes()
        ended: list[dict[str, Any]] = []
        kills = asyncio.run(_under_load(server, seconds, every, ended))
        retried = int(server.metric("studio_worker_deaths_total"))
        files, processes = server.n_files() - before, len(server.processes()) - len(ours)
    complete = [frame for frame in ended if frame["type"] == "complete"]
    expected = _digest(local.run("heatmap", SMALL_SWEEP))
    same = sum(_digest(frame["result"]) == expected for frame in complete)
    died = sum(frame.get("code") == "worker_died" for frame in ended)
    holds = len(complete) + died == len(ended) and same == len(complete) and died == 0
    return Row(
        "A killed worker costs at most its own chunk, which is retried",
        f"kill -9 every {every:g} s for {seconds:g} s under load: one end each, completed ones as "
        "undisturbed, worker_died only after 3 attempts, no process or file left",
        f"{kills} kills, {retried} of them with a chunk, which was tried again; {len(ended)} "
        f"heatmaps ended, {same} as undisturbed, {died} worker_died; {files:+d} files, "
        f"{processes:+d} processes",
        holds and files <= 1 and processes == 0,
    )


async def _under_load(
    server: Server, seconds: float, every: float, ended: list[dict[str, Any]]
) -> int:
    end, rng, kills = time.monotonic() + seconds, random.Random(1), 0

    async def client() -> None:
        async with websockets.connect(
            f"ws://127.0.0.1:{server.port}/ws/progress", max_size=None
        ) as socket:
            while time.monotonic() < end:
                await socket.send(json.dumps({"op": "heatmap", "config": SMALL_SWEEP}))
                while (frame := json.loads(await socket.recv()))["type"] not in (
                    *("complete", "error"),
                ):
                    pass
                ended.append(frame)

    clients = [asyncio.create_task(client()) for _ in range(4)]
    while time.monotonic() + every < end:
        await asyncio.sleep(every)
        rng.choice(server.workers()).kill()
        kills += 1
    await asyncio.gather(*clients)
    await asyncio.sleep(2.0)  # the last one is replaced
    return kills


def _digest(result: dict[str, Any]) -> str:
    kept = {k: v for k, v in result.items() if k not in ("elapsed_s", "engine_reason")}
    return hashlib.sha256(msgspec.json.encode(kept, order="sorted")).hexdigest()


# ----------------------------------------------------------------------- poison and the like


def poison() -> Row:
    """A task that takes its worker down each time."""

    async def run() -> tuple[int, str, str]:
        async with SlotPool(1) as pool:
            attempts: list[int] = []
            chunk = Chunk(tasks.poison, (), 1.0)
            try:
                await pool.run(chunk, lambda *_: None, lambda slot: attempts.append(slot.pid))
            except StudioError as error:
                part = await _part(pool, tasks.fill, 8)
                return len(set(attempts)), f"{error.code}, {error.cause}", f"{len(part)} bytes"
            raise AssertionError("it came through")

    attempts, told, after = asyncio.run(run())
    return Row(
        "A poison task ends, it does not loop",
        "os._exit(1) fails as worker_died after 3 attempts; the server lives",
        f"{told} after {attempts} attempts; the next task on the slot gave its {after}",
        attempts == 3 and told.startswith("worker_died"),
    )


def hostile() -> Row:
    """Exceptions and results that no pickle carries."""

    async def run() -> tuple[list[str], bool]:
        async with SlotPool(1) as pool:
            before, told = await _part(pool, tasks.pid), []
            for function in (tasks.hostile, tasks.no_data):
                try:
                    await _part(pool, function)
                except StudioError as error:
                    told.append(f"{error.code} with {error.detail.partition(':')[0]}")
            return told, await _part(pool, tasks.pid) == before

    told, lives = asyncio.run(run())
    return Row(
        "Exceptions and results cross as plain data",
        "what cannot be pickled fails that job alone",
        f"{'; '.join(told)}; {'the same worker went on' if lives else 'the worker was lost'}",
        len(told) == 2 and lives,
    )


async def _part(pool: SlotPool, function: Any, *args: Any) -> Any:
    return await pool.run(Chunk(function, args, 1.0), lambda *_: None, lambda _: None)


# ------------------------------------------------------------------------------------ cancels


def cancels(n: int = 100) -> Row:
    """Jobs and deaf tasks that are cancelled at random moments."""
    cooperative, late = asyncio.run(_cancelled_jobs(n))
    freed, ready = asyncio.run(_forced(n))
    return Row(
        "Cancel frees the CPU",
        f"{n} cancels at random moments: p99 250 ms cooperative, 1 s forced; no result after "
        "`cancelled`",
        f"cooperative {worst(cooperative)}; forced (deaf to SIGTERM) {worst(freed)}, and the slot "
        f"takes work again after {worst(ready)}; {late} results after `cancelled`",
        at(cooperative, 0.99) <= 0.25 and at(freed, 0.99) <= 1.0 and late == 0,
    )


async def _cancelled_jobs(n: int) -> tuple[list[float], int]:
    """Seconds from the cancel of a job to its end, which is told once the worker is free; and how
    many told anything after it."""
    rng, seconds, late = random.Random(2), [], 0
    async with _runner() as runner:
        while len(seconds) < n:
            job = _submit(runner, rng.choice([ENDLESS, {**SHORT, "duration": 2e6}]))
            watching = asyncio.create_task(job.channel.watch().last())
            while job.state is State.QUEUED:
                await asyncio.sleep(0.002)
            await asyncio.sleep(rng.uniform(0.0, 0.5))
            if job.has_ended:
                continue
            begun = time.perf_counter()
            runner.stop(job)
            end = await watching
            seconds.append(time.perf_counter() - begun)
            late += not (isinstance(end, Error) and end.code == "cancelled")
            late += job.channel.log[-1] is not end
    return seconds, late


async def _forced(n: int) -> tuple[list[float], list[float]]:
    """Seconds from the cancel of a task that hears nothing until its worker is gone, and until
    the slot has done the next one."""
    rng, freed, ready = random.Random(3), [], []
    async with SlotPool(2) as pool:
        while len(freed) < n:
            begins = asyncio.Event()
            task = asyncio.create_task(
                pool.run(
                    Chunk(tasks.deaf, (), 1.0),
                    lambda *_: None,
                    lambda _, begins=begins: begins.set(),
                )
            )
            await begins.wait()
            await asyncio.sleep(rng.uniform(0.05, 0.5))
            begun = time.perf_counter()
            task.cancel()
            await asyncio.wait([task])
            freed.append(time.perf_counter() - begun)
            while not all(slot.is_alive for slot in pool.slots) or len(pool._free) < 2:
                await asyncio.sleep(0.01)
            ready.append(time.perf_counter() - begun)
    return freed, ready


# ---------------------------------------------------------------------------- hung and greedy


def limits() -> Row:
    """Tasks that hang, take too long and take too much."""
    told = asyncio.run(_limited()).items()
    expected = {"hung": "worker_died", "too long": "timed_out", "too much": "out_of_memory"}
    return Row(
        "A hung or greedy job ends",
        "limits of time and memory from outside; out_of_memory with the peak",
        "; ".join(f"{what}: {end.code} after {end.seconds:.1f} s{end.more}" for what, end in told),
        {what: end.code for what, end in told} == expected,
    )


class _End(NamedTuple):
    code: str
    seconds: float
    more: str


async def _limited() -> dict[str, _End]:
    told = {}
    worker_limits = WorkerLimits(memory_bytes=600 * 2**20, silent_s=2.0)
    async with SlotPool(1, limits=worker_limits) as pool:
        for what, function in (("hung", tasks.hung), ("too much", tasks.greedy)):
            begun = time.perf_counter()
            try:
                await _part(pool, function)
            except StudioError as error:
                peak = error.cause.peak_bytes if error.cause else None
                more = f" at {peak / 2**20:.0f} of 600 MiB" if peak else " and 3 attempts of 2 s"
                told[what] = _End(error.code, time.perf_counter() - begun, more)
    async with _runner(limits=Limits(wall_seconds=1.0)) as runner:
        begun = time.perf_counter()
        end = await _submit(runner, ENDLESS).end()
        assert isinstance(end, Error)
        told["too long"] = _End(end.code, time.perf_counter() - begun, " of 1 s allowed")
    return told


# ------------------------------------------------------------------------------------ orphans


def orphans(n: int = 20) -> Row:
    """Servers that are killed while their workers compute; in every second one a worker stands."""
    seconds = []
    with served() as server:
        for k in range(n):
            server.submit("heatmap", {**SWEEP, "seed": k})
            until_busy(server, 2)
            processes = server.processes()
            if k % 2:
                server.workers()[0].suspend()
            server.stop(signal.SIGKILL)
            seconds.append(until_gone(processes))
            server.start()
    return Row(
        "No orphans",
        f"kill -9 the server, {n} times: no process alive after 2 s",
        f"all {len(seconds)} times the last process was gone after {worst(seconds)}",
        max(seconds) <= 2.0,
    )


# -------------------------------------------------------------------------------------- sizes


def sizes(n_kills: int = 20) -> Row:
    """Results of all sizes, and of the large ones also from a worker that is killed sending."""
    whole, killed, again, lags = asyncio.run(_sized(n_kills))
    return Row(
        "Results of any size",
        "1 B to 64 MB through a slot's queue, also while killing it: the parent never blocks",
        f"{whole} of {len(_SIZES)} sizes whole; {killed} of {3 * n_kills} whole whose worker was "
        f"killed about when it sent them, which lost {again} of them on the way and had them "
        f"computed again; meanwhile the parent's event loop was late by {worst(lags)}",
        whole == len(_SIZES) and killed == 3 * n_kills and max(lags) <= 0.25,
    )


async def _sized(n_kills: int) -> tuple[int, int, int, list[float]]:
    rng, whole, killed, again = random.Random(4), 0, 0, 0

    def on_death() -> None:
        nonlocal again
        again += 1

    with TemporaryDirectory() as folder:
        async with SlotPool(1) as pool, _lags() as lags:
            for size in _SIZES:
                whole += len(await _part(pool, tasks.fill, size)) == size
            for size in (2**16, 2**22, 2**26):
                for _ in range(n_kills):
                    marker = str(Path(folder) / f"{rng.getrandbits(64):x}")
                    after = rng.uniform(0.0, 0.001 + size / 2**30)  # while it is being sent
                    chunk = Chunk(tasks.fill_and_die, (size, after, marker), 1.0)
                    part = await pool.run(chunk, lambda *_: None, lambda _: None, on_death)
                    killed += len(part) == size
                    while not pool.slots[0].is_alive:
                        await asyncio.sleep(0.01)
    return whole, killed, again, lags


# ------------------------------------------------------------------------- threads, lag, turns


def threads() -> Row:
    """What a worker's linear algebra takes."""

    async def run() -> tuple[int, dict[str, str]]:
        async with SlotPool(1) as pool:
            found: tuple[int, dict[str, str]] = await _part(pool, tasks.threads)
            return found

    more, told = asyncio.run(run())
    return Row(
        "One thread per worker",
        "OMP, OPENBLAS, MKL and XLA pinned to one thread before numpy is imported",
        f"{more} threads beside the worker's own in a product of 1500 x 1500; "
        f"{', '.join(f'{name}={value}' for name, value in told.items())}",
        more == 0,
    )


def lag(seconds: float = 30.0) -> Row:
    """How late the event loop is while every slot works and tells."""

    async def run() -> tuple[list[float], int]:
        async with _runner() as runner, _lags() as lags:
            end, n = time.monotonic() + seconds, 0

            async def client(seed: int) -> None:
                nonlocal n
                while time.monotonic() < end:
                    config = {**SWEEP, "seed": seed, "x_steps": 60, "y_steps": 60}
                    job = runner.submit("heatmap", parse_config("heatmap", config))
                    watcher = job.channel.watch()
                    while not isinstance(frame := await watcher.next(), Complete | Error):
                        msgspec.json.encode(frame)
                        n += 1

            await asyncio.gather(*(client(seed) for seed in range(4)))
        return lags, n

    lags, n = asyncio.run(run())
    return Row(
        "Event loop stays free",
        "lag p99 50 ms while every slot is busy",
        f"{worst(lags)} over {len(lags)} looks, in {seconds:g} s of heatmaps on both slots that "
        f"told {n} frames",
        at(lags, 0.99) <= 0.05,
    )


def fair(n: int = 10) -> Row:
    """When a short job starts that comes behind a thousand of somebody else."""
    half = asyncio.run(_waits(n, {**SHORT, "duration": 1_000_000}))
    long = asyncio.run(_waits(n, ENDLESS))
    overtaken = asyncio.run(_interactive())
    return Row(
        "Fair",
        "a 1 s job starts within 2 s although another user queued 1 000; interactive before batch",
        f"behind 1 000 of about 0.5 s it starts after {worst(half)}; behind 1 000 endless ones "
        f"after {worst(long)} ({n} times each); of 200 queued before by the same user {overtaken} "
        "were begun when the one somebody waits for was done",
        max(half + long) <= 2.0 and overtaken < 100,
    )


async def _waits(n: int, theirs: dict[str, Any]) -> list[float]:
    """Seconds until each of n jobs starts, one after the other."""
    waits = []
    async with _runner() as runner:
        for seed in range(1000):
            _submit(runner, {**theirs, "seed": seed}, "greedy")
        await asyncio.sleep(2.0)
        for seed in range(n):
            begun = time.perf_counter()
            job = _submit(runner, {**SHORT, "duration": 2_000_000, "seed": seed}, "me")
            watching = asyncio.create_task(job.channel.watch().last())
            while job.state is State.QUEUED:
                await asyncio.sleep(0.002)
            waits.append(time.perf_counter() - begun)
            await watching
    return waits


async def _interactive() -> int:
    async with _runner(1) as runner:
        batch = [_submit(runner, {**SHORT, "duration": 1e6, "seed": n}) for n in range(200)]
        while batch[0].state is State.QUEUED:
            await asyncio.sleep(0.01)
        await _submit(runner, {**SHORT, "duration": 1e4, "seed": 999}).end()
        return sum(job.state is not State.QUEUED for job in batch)


# ------------------------------------------------------------------------------------- shared


@contextlib.asynccontextmanager
async def _runner(n_slots: int = 2, limits: Limits | None = None) -> AsyncIterator[Runner]:
    store = SqliteStore(None)
    async with SlotPool(n_slots) as pool, anyio.create_task_group() as tasks:
        yield Runner(pool, tasks, limits or Limits(), store)
        tasks.cancel_scope.cancel()
    await store.close()


def _submit(runner: Runner, config: dict[str, Any], owner: str = "me") -> Job:
    return runner.submit("simulate", parse_config("simulate", config), owner=owner)


@contextlib.asynccontextmanager
async def _lags() -> AsyncIterator[list[float]]:
    """How late the event loop comes to what is due, looked at every 10 ms."""
    lags: list[float] = []

    async def look() -> None:
        while True:
            due = time.perf_counter() + 0.01
            await asyncio.sleep(0.01)
            lags.append(max(0.0, time.perf_counter() - due))

    looking = asyncio.create_task(look())
    try:
        yield lags
    finally:
        looking.cancel()


ROWS: dict[str, Callable[[], Row]] = {
    function.__name__: function
    for function in (
        *(killed_workers, poison, hostile, cancels, limits, orphans, sizes, threads, lag, fair),
    )
}
