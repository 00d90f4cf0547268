"""The runner over real workers."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import msgspec
import pytest

from kernels.neurons.catalogue import CATALOGUE
from studio.config import Limits, Retention
from studio.jobs.job import Job
from studio.jobs.ledger import Ledger
from studio.jobs.runner import Runner
from studio.jobs.slots import ATTEMPTS, SlotPool
from studio.jobs.state import State
from studio.store.sqlite import SqliteStore
from studio.wire.frames import Complete
from studio.wire.requests import parse_config
from tests.conftest import DEADLINE_S

SHORT: dict[str, Any] = {"name": "LapicqueNeuron", "engine": "scalar", "fresh": True}
HALF_A_SECOND: dict[str, Any] = {**SHORT, "duration": 200_000, "dt": 1.0}
FOR_EVER: dict[str, Any] = {"name": "HodgkinHuxleyNeuron", "duration": 5e6, "engine": "scalar"}


@asynccontextmanager
async def running(
    n_slots: int = 2, limits: Limits | None = None, store: SqliteStore | None = None
) -> AsyncIterator[Runner]:
    store = store or SqliteStore(None)
    async with SlotPool(n_slots) as pool, anyio.create_task_group() as tasks:
        yield Runner(pool, tasks, limits or Limits(), store)
        tasks.cancel_scope.cancel()
    await store.close()


def submit(runner: Runner, config: dict[str, Any], owner: str = "me") -> Job:
    return runner.submit("simulate", parse_config("simulate", config), owner=owner)


def n_begun(jobs: list[Job]) -> int:
    return sum(job.state is not State.QUEUED for job in jobs)


async def until_begun(jobs: list[Job], n: int = 1) -> None:
    with anyio.fail_after(DEADLINE_S):
        while n_begun(jobs) < n:
            await anyio.sleep(0.005)


async def test_a_job_starts_at_the_next_turn_although_another_user_queued_a_thousand() -> None:
    async with running() as runner:
        many = [submit(runner, {**HALF_A_SECOND, "seed": n}, "greedy") for n in range(1000)]
        await until_begun(many, 3)
        before = n_begun(many)
        mine = submit(runner, {**HALF_A_SECOND, "seed": 5000})
        with anyio.fail_after(DEADLINE_S):
            while (await mine.channel.watch().next()) and mine.state is State.QUEUED:
                await anyio.sleep(0.005)
        # what is under way ends first, and a look or two may come late on a busy machine
        assert n_begun(many) - before < 20
        assert runner.place(many[-1]) == 1000 - n_begun(many)


async def test_what_somebody_waits_for_overtakes_what_the_same_user_queued_before() -> None:
    async with running(1) as runner:
        batch = [submit(runner, {**HALF_A_SECOND, "seed": n}) for n in range(200)]
        await until_begun(batch)
        with anyio.fail_after(DEADLINE_S):
            end = await submit(runner, {**SHORT, "seed": 999}).end()
        assert isinstance(end, Complete)
        assert n_begun(batch) < 100


async def test_a_known_result_is_kept_although_the_job_that_made_it_is_forgotten() -> None:
    store = SqliteStore(None)
    async with running(1, store=store) as runner:
        first = submit(runner, {**SHORT, "fresh": False})
        await first.end()
        await runner.delete(first.id, "me")
        store.forget(Retention(), time.time())
        again = submit(runner, {**SHORT, "fresh": False})
        told = await again.end()
        kept = await Ledger(store).ended(again.id)  # as the next server finds it
        assert kept is not None
        end = await kept.end()
        assert isinstance(end, Complete)
        assert isinstance(told, Complete)
        assert bytes(end.result) == bytes(told.result)


async def test_a_job_is_queued_until_a_worker_takes_it_and_its_time_runs_from_then() -> None:
    async with running(1, Limits(wall_seconds=1.0)) as runner:
        first = submit(runner, {**FOR_EVER, "seed": 1})
        await until_begun([first])  # of two at the same moment either may be the first
        second = submit(runner, {**FOR_EVER, "seed": 2})
        assert second.state is State.QUEUED
        with anyio.fail_after(DEADLINE_S):
            await first.end()
            await second.end()
        assert (first.state, second.state) == (State.TIMED_OUT, State.TIMED_OUT)
        assert second.ended - first.ended >= 0.9


async def test_a_job_says_that_it_waits_only_once_what_it_told_before_is_stored() -> None:
    store, is_writing = SqliteStore(None), threading.Event()
    async with SlotPool(1) as pool, anyio.create_task_group() as tasks:
        runner = Runner(pool, tasks, Limits(), store)
        first = submit(runner, {**FOR_EVER, "seed": 1})
        await until_begun([first])
        store._put(lambda db: is_writing.wait())  # as slow as a disk that is full
        second = submit(runner, {**FOR_EVER, "fresh": True, "seed": 2})
        with anyio.fail_after(DEADLINE_S):
            while not second.channel.log:
                await anyio.sleep(0.005)
            assert not second.is_waiting
            is_writing.set()
            await second.channel.watch().next()
            assert second.is_waiting
        tasks.cancel_scope.cancel()
    await store.close()


async def test_machine_code_stops_when_its_job_is_cancelled_and_the_slot_goes_on() -> None:
    async with running(1) as runner:
        job = submit(runner, {**FOR_EVER, "engine": "llvm"})
        with anyio.fail_after(DEADLINE_S):
            while not job.beat:
                await anyio.sleep(0.005)
            runner.stop(job)
            await job.end()
            assert isinstance(await submit(runner, SHORT).end(), Complete)
        assert job.state is State.CANCELLED


async def test_a_queued_job_can_be_cancelled_and_leaves_the_line() -> None:
    async with running(1) as runner:
        first = submit(runner, {**FOR_EVER, "seed": 1})
        await until_begun([first])
        others = [submit(runner, {**FOR_EVER, "seed": n}) for n in (2, 3)]
        runner.stop(others[0])
        await others[0].end()
        assert others[0].state is State.CANCELLED
        with anyio.fail_after(DEADLINE_S):
            while runner.place(others[1]) != 1:
                await anyio.sleep(0.01)


async def end_whoever_computes(job: Job, index: int, ending: signal.Signals) -> None:
    """End the worker of a chunk at every attempt."""
    killed: set[int] = set()
    while len(killed) < ATTEMPTS:
        slot = job.slots.get(index)
        if slot is not None and slot.pid not in killed:
            killed.add(slot.pid)
            os.kill(slot.pid, ending)
        await anyio.sleep(0.002)


@pytest.mark.parametrize(
    ("engine", "ending"), [("numpy", signal.SIGKILL), ("llvm", signal.SIGSEGV)]
)
async def test_a_model_that_ends_its_workers_fails_in_its_row_and_runs_when_asked_again(
    engine: str, ending: signal.Signals
) -> None:
    names = [model.name for model in CATALOGUE]
    index = names.index("HayL5PyramidalNeuron")
    config = parse_config("scan", {"duration": 20.0, "engine": engine})
    async with running() as runner, anyio.create_task_group() as tasks:
        job = runner.submit("scan", config)
        tasks.start_soon(end_whoever_computes, job, index, ending)
        with anyio.fail_after(DEADLINE_S):
            end = await job.end()
            again = await runner.submit("scan", config).end()
        assert isinstance(end, Complete)
        assert isinstance(again, Complete)
        rows = msgspec.json.decode(end.result)["models"]
        assert [row["name"] for row in rows if row["status"] == "failed"] == [names[index]]
        assert f"it was ended by {ending.name}" in rows[index]["reason"]
        assert rows[index]["rate_hz"] is None
        assert msgspec.json.decode(again.result)["models"][index]["status"] == "ok"


async def test_a_job_of_many_chunks_gets_its_turns_before_what_nobody_waits_for() -> None:
    async with running(1) as runner:
        batch = [submit(runner, {**HALF_A_SECOND, "seed": n}) for n in range(100)]
        await until_begun(batch)
        before = n_begun(batch)
        with anyio.fail_after(DEADLINE_S):
            end = await runner.submit("scan", parse_config("scan", {"duration": 1.0})).end()
        assert isinstance(end, Complete)
        assert n_begun(batch) - before < 20
