"""What happens to jobs, written down before it is told, and read again by a later server."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from studio.bus.channel import Announce
from studio.errors import StudioError
from studio.jobs.cache import Known
from studio.jobs.job import Job
from studio.jobs.state import FINAL, Event, State
from studio.operations import OPERATIONS, engine
from studio.operations.engine import Choice, EngineInUse
from studio.store.interface import Covers, Ending, Entry, JobRecord, NewJob, Store, Submitted
from studio.version import VERSION
from studio.wire.frames import AnyFrame, Complete, Error
from studio.wire.jobs import JobView
from studio.wire.requests import RunConfig, parse_config

_CRASHES = 3  # of the server while the job ran, after which the job may well be why


class Ledger:
    """Writes in the order of what happens; nothing is announced that is not stored."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def submitted(self, job: Job, submitted: Submitted | None = None) -> None:
        """A job was accepted."""
        new = NewJob(
            id=job.id,
            op=job.op,
            config=msgspec.json.encode(job.config),
            request_id=job.request_id,
            key=job.key,
            reason=job.engine.reason,
            version=VERSION,
            state=job.state,
            created=job.created,
            owner=job.owner,
        )
        self._store.add(new, submitted)

    def happen(self, job: Job, event: Event) -> None:
        """Take a job to another state that is not its last."""
        before = job.state
        job.happen(event)
        if job.state is not before and job.state not in FINAL:
            self._store.set_state(job.id, job.state, job.crashes)

    def tell(self, job: Job, frame: AnyFrame, covers: Covers) -> None:
        """Add to a job's log."""

        def keep(frame: AnyFrame, announce: Announce) -> None:
            self._store.append(job.id, Entry(frame, covers), announce)

        job.channel.append(frame, keep)

    def end(self, job: Job, frame: Complete | Error, known: Known | None) -> None:
        """Tell how a job, which is in its last state, ended."""
        if known is not None:  # known from before, it may be forgotten with the job that made it
            self._store.keep(known.stored(job.key), is_new=known.id == job.id)
        told = None
        if isinstance(frame, Error):
            told = msgspec.json.encode({"code": frame.code, "msg": frame.msg})
        ending = Ending(job.state, time.time(), known and known.id, told)
        job.channel.append(frame, functools.partial(self._keep_end, job.id, ending))

    def _keep_end(self, job: str, ending: Ending, frame: AnyFrame, announce: Announce) -> None:
        self._store.end(job, Entry(frame, None), ending, announce)

    async def unfinished(self) -> list[tuple[Job, Event]]:
        """The jobs that an earlier server left, and what is to happen to each."""
        left = []
        for record in await self._store.unfinished():
            event = after_stop(record)
            died = record.state in (State.RUNNING, State.RETRYING)
            log = await self._store.log(record.id)
            job = _revived(record, log, None if event is Event.INTERRUPT else _chosen(record))
            job.crashes += died
            left.append((job, event))
        return left

    async def ended(self, job_id: str) -> Job | None:
        """A job of before that has ended, whole with its result."""
        record = await self._store.job(job_id)
        if record is None or record.ended is None:
            return None
        log = list(await self._store.log(job_id))
        frame = log[-1].frame
        if isinstance(frame, Complete) and record.result is not None:
            result = await self._store.result(record.result)
            if result is not None:
                frame = msgspec.structs.replace(frame, result=msgspec.Raw(result.content))
                log[-1] = log[-1]._replace(frame=frame)
        return _revived(record, log)


def after_stop(record: JobRecord) -> Event:
    """What happens to a job that the server left unfinished, whether it died or was stopped."""
    died = record.state in (State.RUNNING, State.RETRYING)
    config = _config(record)
    takes_up = (
        config is not None
        and config.detached  # the others' clients left with the server
        and record.version == VERSION
        and record.crashes + died < _CRASHES
    )
    return Event.REQUEUE if takes_up else Event.INTERRUPT


def view(record: JobRecord, job: Job | None, place: int | None = None) -> JobView:
    """A job as it is listed; job: itself where it has not ended; place: in the line."""
    shown = JobView(
        id=record.id,
        op=record.op,
        state=record.state,
        config=msgspec.Raw(record.config),
        created=_when(record.created),
        ended=None if record.ended is None else _when(record.ended),
        pct=100.0 if record.state == State.COMPLETE else None,
        error=None if record.error is None else msgspec.Raw(record.error),
        position=place,
    )
    if job is not None and not job.has_ended:
        shown.estimate_s = float(f"{job.estimate:.2g}")
    if job is not None and job.meter.has_begun:
        frame = job.meter.frame(time.monotonic())
        shown.pct, shown.msg = frame.pct, frame.msg
    return shown


def _when(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _config(record: JobRecord) -> RunConfig | None:
    """The configuration, unless this version of Studio cannot read it."""
    try:
        return parse_config(record.op, msgspec.json.decode(record.config))
    except (StudioError, KeyError):
        return None


def _chosen(record: JobRecord) -> Choice[RunConfig]:
    config = parse_config(record.op, msgspec.json.decode(record.config))
    return engine.choose(config, OPERATIONS[record.op].batches(config))


def _revived(
    record: JobRecord, log: Sequence[Entry], chosen: Choice[RunConfig] | None = None
) -> Job:
    """A job as it was stored; chosen: where it is to go on."""
    otherwise = chosen.otherwise if chosen else ""
    job = Job(
        record.id,
        record.op,
        _config(record) or RunConfig(),
        record.request_id,
        record.key,
        EngineInUse(record.reason, otherwise),
        record.created,
        record.crashes,
        log,
        record.owner,
        estimate=chosen.seconds if chosen else 0.0,
    )
    job.state = State(record.state)
    return job
