"""The runner takes requests in, drives their operations over the slots, and tells of it."""

from __future__ import annotations

import dataclasses
import functools
import logging
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import anyio
import anyio.abc
import anyio.to_thread
import msgspec

from studio.config import Limits, Retention
from studio.errors import StudioError
from studio.jobs import state
from studio.jobs.admission import admit_job, for_stored_jobs, require_owner
from studio.jobs.cache import Known, ResultCache, cache_key
from studio.jobs.job import Job, new_id
from studio.jobs.ledger import Ledger, view
from studio.jobs.slots import Slot, SlotPool
from studio.jobs.state import Event, State
from studio.jobs.teller import Teller
from studio.jobs.warmup import WarmUp
from studio.operations import OPERATIONS
from studio.operations.engine import EngineInUse
from studio.operations.stage import Chunk, Stage, resume
from studio.store.interface import JobRecord, Store, Submitted
from studio.wire.frames import Complete, error_frame
from studio.wire.jobs import JobPage, JobQuery, JobView
from studio.wire.requests import RunConfig

log = logging.getLogger(__name__)

_PLACES_S = 0.5
_KEPT_JOBS = 200  # that ended, at hand for those who come back for them
_PARTIALS_S = 10.0  # results so far are kept this long beside the result
_FORGET_S = 600.0
_KEPT_BYTES = 256 * 1024 * 1024


class Counts(NamedTuple):
    """A runner in numbers: jobs by state, and by operation and state since it began; workers,
    chunks that wait for one, those who wait for news of a job, and bytes of the store."""

    under_way: Counter[str]
    ended: Counter[tuple[str, str]]
    n_workers: int
    n_alive: int
    n_waiting: int
    n_watchers: int
    n_stored_bytes: int


class Runner:
    """Runs jobs on a pool of slots, inside a task group of its caller's."""

    def __init__(
        self, pool: SlotPool, tasks: anyio.abc.TaskGroup, limits: Limits, store: Store
    ) -> None:
        self._pool, self._tasks, self._limits, self._store = pool, tasks, limits, store
        self._jobs: dict[str, Job] = {}
        self._drains = False
        self._ended: Counter[tuple[str, str]] = Counter()
        self._ledger = Ledger(store)
        self._results = ResultCache(store)
        self._warmup = WarmUp(pool)
        self.figures = pool.figures
        store.watch(self.figures.store_lag.observe)
        tasks.start_soon(self._warmup.run)
        tasks.start_soon(self.figures.watch)
        self._submitting = anyio.Lock()
        self._places: tuple[float, dict[str, int]] = 0.0, {}

    async def take_up(self) -> None:
        """Go on with what an earlier server left, or say that it was interrupted."""
        for job, event in await self._ledger.unfinished():
            self._jobs[job.id] = job
            self._ledger.happen(job, event)
            if job.state is State.QUEUED:
                self._tasks.start_soon(self._run, job)
            else:
                cancelled = job.state is State.CANCELLED
                self._tell_end(job, StudioError("cancelled" if cancelled else "interrupted"), None)

    async def forget(self, retention: Retention) -> None:
        """Delete from the store what is not to be kept any longer, now and again."""
        while True:
            self._store.forget(retention, time.time())
            await anyio.sleep(_FORGET_S)

    @property
    def is_ready(self) -> bool:
        """Whether jobs are taken: a worker lives, and the store takes what it tells."""
        return self._pool.is_alive and self._store.is_writable and not self._drains

    def counts(self) -> Counts:
        """The runner in numbers, now."""
        states = Counter({str(one): 0 for one in State if one not in state.FINAL})
        states.update(str(job.state) for job in self._jobs.values() if not job.has_ended)
        n_alive = sum(slot.is_alive for slot in self._pool.slots)
        watchers = sum(job.channel.n_waiting for job in self._jobs.values())
        n_slots, n_waiting, n_bytes = self._pool.n_slots, len(self._pool.line), self._store.n_bytes
        return Counts(states, self._ended, n_slots, n_alive, n_waiting, watchers, n_bytes)

    def drain(self) -> None:
        """Take no more jobs, and let go of who waits for one: the next server goes on with them."""
        self._drains = True
        for job in self._jobs.values():
            job.channel.close()

    def submit(
        self,
        op: str,
        config: RunConfig,
        request_id: str | int | None = None,
        *,
        owner: str = "",
        limits: Limits | None = None,
        submitted: Submitted | None = None,
    ) -> Job:
        """Accept a request; raises StudioError with all that is wrong with its configuration.

        limits: others than those of what goes over a socket; submitted: the request by its name
        """
        if self._drains:
            raise StudioError("restarting", "ask the next one")
        admit_job(self._unfinished(owner), self._limits)
        operation = OPERATIONS[op]
        asked, ready = config.engine, self._warmup.ready
        chosen = operation.resolve(config, limits or self._limits, ready)
        key = cache_key(op, msgspec.structs.replace(chosen.config, engine=asked))
        self._warmup.want(operation.batches(chosen.config))
        engine = EngineInUse(chosen.reason, chosen.otherwise)
        job = Job(
            new_id(), op, chosen.config, request_id, key, engine, time.time(),
            owner=owner, estimate=chosen.seconds,
        )  # fmt: skip
        self._jobs[job.id] = job
        self._ledger.submitted(job, submitted)
        log.info("job accepted", extra={"job": job.id, "op": op, "owner": owner})
        self._forget_old()
        self._tasks.start_soon(self._run, job)
        return job

    async def submit_stored(
        self, op: str, config: RunConfig, owner: str, name: str | None, digest: bytes
    ) -> tuple[str, bool]:
        """Accept a job that is fetched when it is done: its id, and whether it is a new one.

        name: the client's, under which it may send the same request again; digest: of what it asks
        Raises StudioError, also where the name was used for another request.
        """
        limits = for_stored_jobs(self._limits)
        if name is None:
            return self.submit(op, config, owner=owner, limits=limits).id, True
        async with self._submitting:  # of two requests with one name, only one makes a job
            known = await self._store.submitted(owner, name)
            if known is None:
                submitted = Submitted(owner, name, digest)
                job = self.submit(op, config, owner=owner, limits=limits, submitted=submitted)
                return job.id, True
        job_id, before = known
        if before != digest:
            raise StudioError("key_reused", f"job {job_id} came of it")
        return job_id, False

    def _unfinished(self, owner: str) -> list[float]:
        """The estimates of an owner's jobs that have not ended."""
        jobs = self._jobs.values()
        return [job.estimate for job in jobs if job.owner == owner and not job.has_ended]

    async def find(self, job_id: str, owner: str) -> Job:
        """An owner's job by its id, also one of an earlier server; raises StudioError."""
        job = self._jobs.get(job_id) or await self._ledger.ended(job_id)
        if job is None:
            raise StudioError("not_found", f"no job is called {job_id!r}")
        require_owner(job.owner, owner)
        return job

    async def delete(self, job_id: str, owner: str) -> None:
        """Forget a job that has ended; raises StudioError."""
        job = await self.find(job_id, owner)
        if not job.has_ended:
            raise StudioError("not_ended", "cancel it first")
        await job.end()
        self._jobs.pop(job_id, None)
        await self._store.delete(job_id)

    async def page(self, query: JobQuery, owner: str) -> JobPage:
        """The jobs of an owner that a query asks for, the newest first."""
        records = await self._store.jobs(query, owner)
        more = records[-1].n if len(records) == query.limit else None
        return JobPage(jobs=[self._view(record) for record in records], next=more)

    async def view(self, job_id: str, owner: str) -> JobView:
        """A job, once it is stored; raises StudioError."""
        record = await self._store.job(job_id)
        if record is None:
            raise StudioError("not_found", f"no job is called {job_id!r}")
        require_owner(record.owner, owner)
        return self._view(record)

    def _view(self, record: JobRecord) -> JobView:
        job = self._jobs.get(record.id)
        if job is None or record.ended is not None:
            return view(record, None)
        return view(record, job, self.place(job))

    def place(self, job: Job) -> int | None:
        """The place in line of a job that waits for a worker, 1 for the next."""
        now = time.monotonic()
        if now - self._places[0] > _PLACES_S:  # many ask, and each would have all sorted
            self._places = now, self._pool.line.places()
        return self._places[1].get(job.id) if job.is_waiting else None

    def stop(self, job: Job) -> None:
        """Stop a job; one that has ended stays as it is."""
        if job.state not in state.FINAL:
            self._ledger.happen(job, Event.CANCEL)
            job.scope.cancel()

    def _forget_old(self) -> None:
        """Drop the jobs that ended first, down to what is kept."""
        ended = [job for job in self._jobs.values() if job.state in state.FINAL]
        for job in ended:
            if time.monotonic() - job.ended > _PARTIALS_S:
                job.drop_partials()
        n_bytes = sum(job.n_bytes for job in ended)
        for n_kept, job in zip(range(len(ended), 0, -1), ended, strict=True):
            if n_kept <= _KEPT_JOBS and n_bytes <= _KEPT_BYTES:
                return
            n_bytes -= job.n_bytes
            del self._jobs[job.id]

    async def _run(self, job: Job) -> None:
        error: StudioError | None = None
        known: Known | None = None
        try:
            with job.scope:
                try:
                    known = await self._in_time(job)
                except* StudioError as group:
                    error = _first(group)
                except* Exception as group:
                    log.exception("job failed", extra={"job": job.id})
                    error = StudioError("failed", str(_first(group)))
        except anyio.get_cancelled_exc_class():  # the server goes down; the next one goes on
            if job.state is not State.CANCELLING:
                self._ledger.happen(job, Event.REQUEUE)
                raise
            self._end(job, None, None)
            raise
        self._end(job, known, error)

    def _end(self, job: Job, known: Known | None, error: StudioError | None) -> None:
        stopped = known is None and error is None
        job.happen(Event.STOP if stopped else state.ending(error.code if error else None))
        if job.state is State.CANCELLED:
            known, error = None, StudioError("cancelled")
        self._tell_end(job, error, known)

    def _tell_end(self, job: Job, error: StudioError | None, known: Known | None) -> None:
        result = msgspec.Raw() if known is None else known.result
        self._ended[job.op, str(job.state)] += 1
        self.figures.duration.labels(job.op).observe(time.monotonic() - job.begun)
        told: dict[str, Any] = {
            "job": job.id,
            "id": job.request_id,
            "elapsed_s": round(time.monotonic() - job.begun, 4),
        }
        job.n_bytes, job.ended = len(bytes(result)), time.monotonic()
        log.info(
            "job ended",
            extra={"job": job.id, "op": job.op, "owner": job.owner, "state": str(job.state)}
            | {"error": error and error.code, "elapsed_s": told["elapsed_s"]},
        )
        frame = error_frame(error) if error else Complete(pct=100, result=result)
        self._ledger.end(job, msgspec.structs.replace(frame, **told), known)

    async def _in_time(self, job: Job) -> Known:
        """The result, or StudioError after the time that a job may take."""
        with job.time_limit:
            return await self._drive(job)
        raise StudioError("timed_out", f"the limit is {self._limits.wall_seconds:g} s")

    async def _drive(self, job: Job) -> Known:
        """Send the operation its parts until it returns; its heavy moments are not the loop's."""
        known = None if job.config.fresh else await self._results.get(job.key)
        if known is not None:
            for n, told in enumerate(known.stages):
                Teller(job, self._ledger, n).begin(told)
            return known
        operation = OPERATIONS[job.op].run(job.config)
        parts: list[Any] | None = None
        stages: list[Stage] = []
        while True:
            stage, result = await anyio.to_thread.run_sync(resume, operation, parts)
            if stage is None:
                result.elapsed_s = round(time.monotonic() - job.begun, 4)
                job.engine.tell(result)
                encoded = msgspec.Raw(await anyio.to_thread.run_sync(msgspec.json.encode, result))
                known = Known(job.id, stages, encoded)
                self._results.put(job.key, known)
                return known
            parts = await self._run_stage(job, stage, Teller(job, self._ledger, len(stages)))
            stages.append(dataclasses.replace(stage, chunks=[], finished=None, lost=None))

    async def _run_stage(self, job: Job, stage: Stage, teller: Teller) -> list[Any]:
        teller.begin(stage)
        parts: list[Any] = [None] * len(stage.chunks)
        todo = iter(enumerate(stage.chunks))
        try:
            async with anyio.create_task_group() as hands:  # a task for each chunk would be many
                for _ in range(min(self._pool.n_slots, len(stage.chunks))):
                    hands.start_soon(self._run_chunks, job, stage, todo, parts, teller)
        finally:
            teller.stop()
        teller.flush()
        return parts

    async def _run_chunks(
        self,
        job: Job,
        stage: Stage,
        todo: Iterator[tuple[int, Chunk]],
        parts: list[Any],
        teller: Teller,
    ) -> None:
        for index, chunk in todo:
            try:
                parts[index] = await self._run_chunk(job, index, chunk, teller)
            except StudioError as error:
                parts[index] = stage.without(index, error)
                job.key = job.id.encode()  # whoever asks again has it computed again
            job.meter.finish(index)
            if stage.finished and len(stage.chunks) > 1:
                teller.tell_finished(index, stage.finished(parts[index]))

    async def _run_chunk(self, job: Job, index: int, chunk: Chunk, teller: Teller) -> Any:
        def on_advance(done: float, so_far: dict[str, Any] | None) -> None:
            job.meter.advance(index, done, so_far)
            teller.tell_soon()

        def on_slot(slot: Slot) -> None:
            job.slots[index] = slot
            if job.state is State.QUEUED:
                self.figures.wait.observe(time.monotonic() - job.begun)
                job.time_limit.deadline = anyio.current_time() + self._limits.wall_seconds
            if job.state in (State.QUEUED, State.RETRYING):
                self._ledger.happen(job, Event.START)

        def on_death() -> None:
            job.slots.pop(index, None)
            self._ledger.happen(job, Event.RETRY)

        run = functools.partial(
            self._pool.run,
            on_advance=on_advance,
            on_slot=on_slot,
            on_death=on_death,
            asker=job.asker,
        )
        try:
            chunk = job.engine.of(chunk)
            try:
                return await run(chunk)
            except StudioError as error:
                return await run(job.engine.instead(chunk, error))
        finally:
            job.slots.pop(index, None)


def _first(group: BaseExceptionGroup[Any]) -> Any:
    """An exception of a group, however deep."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
