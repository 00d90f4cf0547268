"""The runner takes requests in, drives their operations over the slots, and tells of it."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import secrets
import time
from typing import Any

import anyio
import anyio.abc
import msgspec

from studio.bus.channel import Channel
from studio.config import Limits
from studio.errors import StudioError
from studio.jobs import state
from studio.jobs.cache import Known, ResultCache, cache_key
from studio.jobs.progress import ProgressMeter, joined
from studio.jobs.slots import Slot, SlotPool
from studio.jobs.state import Event, State
from studio.jobs.warmup import WarmUp
from studio.operations import OPERATIONS, engine
from studio.operations.stage import Chunk, Stage, resume
from studio.wire.frames import Complete, Progress, error_frame
from studio.wire.requests import RunConfig

log = logging.getLogger(__name__)

_LONG_S = 1.0
_FRAME_S = 0.05  # at most 20 states a second
_KEPT_JOBS = 200  # that ended, for those who come back for them
_PARTIALS_S = 10.0  # results so far are kept this long beside the result
_KEPT_BYTES = 256 * 1024 * 1024


class Job:
    """A request on its way: its state, and the channel on which it is told."""

    def __init__(
        self, op: str, config: RunConfig, request_id: str | int | None, key: bytes, reason: str
    ) -> None:
        self.id = f"j_{secrets.token_hex(6)}"
        self.op, self.config, self.request_id = op, config, request_id
        self.key, self.engine_reason = key, reason
        self.state = State.QUEUED
        self.channel = Channel()
        self.scope = anyio.CancelScope()
        self.begun = self.ended = time.monotonic()
        self.meter = ProgressMeter(self.id, request_id, self.begun)
        self.slots: dict[int, Slot] = {}
        self.n_bytes = 0  # of the result

    def happen(self, event: Event) -> None:
        """Go to the state that the event leads to."""
        self.state = state.after(self.state, event)

    @property
    def is_waiting(self) -> bool:
        """Whether the job has work to do and no worker does any."""
        working = self.state in (State.RUNNING, State.RETRYING)
        return working and self.meter.has_begun and not self.slots

    def waiting_frame(self) -> Progress:
        """The state of a job that waits, which moves nothing but the clock."""
        frame = self.meter.frame(time.monotonic())
        return msgspec.structs.replace(frame, msg=f"{frame.msg} (waiting for a free worker)")

    @property
    def beat(self) -> int:
        """Moves while a worker computes for this job."""
        return sum(slot.beat for slot in self.slots.values())


class Runner:
    """Runs jobs on a pool of slots, inside a task group of its caller's."""

    def __init__(self, pool: SlotPool, tasks: anyio.abc.TaskGroup, limits: Limits) -> None:
        self._pool, self._tasks, self._limits = pool, tasks, limits
        self._jobs: dict[str, Job] = {}
        self._results = ResultCache()
        self._warmup = WarmUp(pool)
        tasks.start_soon(self._warmup.run)
        # a slot stays free of long chunks, so that what is short need not wait for them
        self._long = anyio.CapacityLimiter(max(1, pool.n_slots - 1))

    @property
    def is_ready(self) -> bool:
        """Whether a worker lives that can take a job."""
        return self._pool.is_alive

    def submit(self, op: str, config: RunConfig, request_id: str | int | None = None) -> Job:
        """Accept a request; raises StudioError with all that is wrong with its configuration."""
        operation = OPERATIONS[op]
        asked, ready = config.engine, self._warmup.ready
        config = operation.resolve(config, self._limits, ready)
        key = cache_key(op, msgspec.structs.replace(config, engine=asked))
        planned = operation.batches(config)
        reason = engine.reason(asked, planned, ready)
        self._warmup.want(planned)
        job = Job(op, config, request_id, key, reason)
        self._jobs[job.id] = job
        self._forget_old()
        self._tasks.start_soon(self._run, job)
        return job

    def get(self, job_id: str) -> Job:
        """A job by its id; raises StudioError."""
        try:
            return self._jobs[job_id]
        except KeyError:
            raise StudioError("not_found", f"no job is called {job_id!r}") from None

    def cancel(self, job_id: str) -> None:
        """Stop a job; one that has ended stays as it is. Raises StudioError for an unknown one."""
        self.stop(self.get(job_id))

    def stop(self, job: Job) -> None:
        """Stop a job; one that has ended stays as it is."""
        if job.state not in state.FINAL:
            job.happen(Event.CANCEL)
            job.scope.cancel()

    def _forget_old(self) -> None:
        """Drop the jobs that ended first, down to what is kept."""
        ended = [job for job in self._jobs.values() if job.state in state.FINAL]
        for job in ended:
            if time.monotonic() - job.ended > _PARTIALS_S:
                job.channel.drop_partials()
        n_bytes = sum(job.n_bytes for job in ended)
        for n_kept, job in zip(range(len(ended), 0, -1), ended, strict=True):
            if n_kept <= _KEPT_JOBS and n_bytes <= _KEPT_BYTES:
                return
            n_bytes -= job.n_bytes
            del self._jobs[job.id]

    async def _run(self, job: Job) -> None:
        error: StudioError | None = None
        result = msgspec.Raw()
        with job.scope:
            try:
                job.happen(Event.START)
                result = await self._in_time(job)
            except* StudioError as group:
                error = _first(group)
            except* Exception as group:
                log.exception("job %s failed", job.id)
                error = StudioError("failed", str(_first(group)))
        self._end(job, result, error)

    def _end(self, job: Job, result: msgspec.Raw, error: StudioError | None) -> None:
        stopped = job.scope.cancelled_caught and error is None
        if stopped and job.state is not State.CANCELLING:  # the server goes down
            job.happen(Event.CANCEL)
        job.happen(Event.STOP if stopped else state.ending(error.code if error else None))
        if job.state is State.CANCELLED:
            error = StudioError("cancelled")
        told: dict[str, Any] = {
            "job": job.id,
            "id": job.request_id,
            "elapsed_s": round(time.monotonic() - job.begun, 4),
        }
        job.n_bytes, job.ended = len(bytes(result)), time.monotonic()
        frame = error_frame(error) if error else Complete(pct=100, result=result)
        job.channel.append(msgspec.structs.replace(frame, **told))

    async def _in_time(self, job: Job) -> msgspec.Raw:
        """The result, or StudioError after the time that a job may take."""
        limit = self._limits.wall_seconds
        with anyio.move_on_after(limit):
            return await self._drive(job)
        raise StudioError("timed_out", f"the limit is {limit:g} s")

    async def _drive(self, job: Job) -> msgspec.Raw:
        """Send the operation its parts until it returns; its heavy moments are not the loop's."""
        known = None if job.config.fresh else self._results.get(job.key)
        if known is not None:
            return _retell(job, known)
        operation = OPERATIONS[job.op].run(job.config)
        parts: list[Any] | None = None
        stages: list[Stage] = []
        while True:
            stage, result = await anyio.to_thread.run_sync(resume, operation, parts)
            if stage is None:
                result.elapsed_s = round(time.monotonic() - job.begun, 4)
                result.engine_reason = job.engine_reason
                encoded = msgspec.Raw(await anyio.to_thread.run_sync(msgspec.json.encode, result))
                self._results.put(job.key, Known(stages, encoded))
                return encoded
            stages.append(dataclasses.replace(stage, chunks=[], finished=None))
            parts = await self._run_stage(job, stage)

    async def _run_stage(self, job: Job, stage: Stage) -> list[Any]:
        job.meter.begin(stage)
        job.channel.append(job.meter.frame(time.monotonic()))
        parts: list[Any] = [None] * len(stage.chunks)
        turn = anyio.CapacityLimiter(self._pool.n_slots)  # the other jobs' chunks come in between
        teller = _Teller(job)
        try:
            async with anyio.create_task_group() as chunks:
                for i, chunk in enumerate(stage.chunks):
                    chunks.start_soon(self._run_chunk, job, stage, i, chunk, parts, turn, teller)
        finally:
            teller.stop()
        teller.flush()
        return parts

    async def _run_chunk(
        self,
        job: Job,
        stage: Stage,
        index: int,
        chunk: Chunk,
        parts: list[Any],
        turn: anyio.CapacityLimiter,
        teller: _Teller,
    ) -> None:
        def on_advance(done: float, so_far: dict[str, Any] | None) -> None:
            job.meter.advance(index, done, so_far)
            teller.tell_soon()

        def on_slot(slot: Slot) -> None:
            job.slots[index] = slot
            if job.state is State.RETRYING:
                job.happen(Event.START)

        def on_death() -> None:
            job.slots.pop(index, None)
            job.happen(Event.RETRY)

        is_long = chunk.seconds > _LONG_S
        async with turn, self._long if is_long else contextlib.nullcontext():
            try:
                parts[index] = await self._pool.run(chunk, on_advance, on_slot, on_death)
            finally:
                job.slots.pop(index, None)
        job.meter.finish(index)
        if stage.finished and len(stage.chunks) > 1:
            teller.tell_finished(stage.finished(parts[index]))


class _Teller:
    """Tells a job's state when it changes, at most every _FRAME_S.

    What is final becomes a log entry, all of one interval together; the rest is state.
    """

    def __init__(self, job: Job) -> None:
        self._job, self._told_at = job, time.monotonic()
        self._due: asyncio.TimerHandle | None = None
        self._shown: tuple[float, str] | None = None
        self._finished: list[dict[str, Any]] = []

    def tell_soon(self) -> None:
        """Tell the state when its time has come."""
        if self._due is None:
            wait = max(0.0, self._told_at + _FRAME_S - time.monotonic())
            self._due = asyncio.get_running_loop().call_later(wait, self._tell)

    def tell_finished(self, partial: dict[str, Any]) -> None:
        """Tell results that are final."""
        self._finished.append(partial)
        self.tell_soon()

    def stop(self) -> None:
        """Tell nothing more by itself."""
        if self._due is not None:
            self._due.cancel()

    def flush(self) -> None:
        """Tell now what is final and not told yet."""
        if self._finished:
            self._tell()

    def _tell(self) -> None:
        self._due, self._told_at = None, time.monotonic()
        finished, self._finished = joined(self._finished), []
        frame = self._job.meter.frame(self._told_at, finished)
        if finished:
            self._job.channel.append(frame)
        elif frame.partial is not None or (frame.pct, frame.msg) != self._shown:
            self._job.channel.update(frame)
        self._shown = (frame.pct, frame.msg)


def _retell(job: Job, known: Known) -> msgspec.Raw:
    """Tell each step of a result that is known, once."""
    for stage in known.stages:
        job.meter.begin(stage)
        job.channel.append(job.meter.frame(time.monotonic()))
    return known.result


def _first(group: BaseExceptionGroup[Any]) -> Any:
    """An exception of a group, however deep."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
