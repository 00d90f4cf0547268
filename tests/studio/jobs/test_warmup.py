"""Machine code is made ahead, by workers that have nothing else to do."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from kernels.neurons import catalogue
from kernels.neurons.program import usual
from studio.jobs.machine_code import MachineCode
from studio.jobs.slots import SlotPool
from studio.jobs.turns import SERVER, Claim
from studio.jobs.warmup import WarmUp
from studio.operations.engine import Batches
from tests.conftest import DEADLINE_S

ADEX = catalogue.get("AdExNeuron")
PLANNED = Batches(ADEX, "euler", [225], 2000)
DIGEST = usual(ADEX, "euler").digest


@asynccontextmanager
async def warming(folder: Path) -> AsyncIterator[tuple[WarmUp, SlotPool]]:
    async with SlotPool(1, MachineCode(folder)) as pool, anyio.create_task_group() as tasks:
        warmup = WarmUp(pool)
        tasks.start_soon(warmup.run)
        yield warmup, pool
        tasks.cancel_scope.cancel()


async def until(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(DEADLINE_S):
        while not condition():
            await anyio.sleep(0.01)


async def test_what_a_job_wanted_is_ready_for_the_next_one_and_the_next_server(
    tmp_path: Path,
) -> None:
    async with warming(tmp_path) as (warmup, _):
        assert DIGEST not in warmup.ready
        warmup.want([PLANNED])
        await until(lambda: DIGEST in warmup.ready)
    async with warming(tmp_path) as (warmup, _):
        await until(lambda: DIGEST in warmup.ready)


async def test_a_worker_that_dies_meanwhile_costs_no_wish(tmp_path: Path) -> None:
    async with warming(tmp_path) as (warmup, pool):
        warmup.want([PLANNED])
        os.kill(pool.slots[0].pid, signal.SIGKILL)
        await until(lambda: DIGEST in warmup.ready)


async def test_a_slot_at_work_is_not_taken(tmp_path: Path) -> None:
    async with warming(tmp_path) as (warmup, pool):
        await until(lambda: len(pool._free) == 1)
        async with pool._slot(Claim(SERVER, 0.0)):
            warmup.want([PLANNED])
            with pytest.raises(TimeoutError), anyio.fail_after(0.3):
                await pool.until_idle()
            assert DIGEST not in warmup.ready
        await until(lambda: DIGEST in warmup.ready)
