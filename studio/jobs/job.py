"""A job: a request on its way."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

import anyio
import msgspec

from studio.bus.channel import Channel
from studio.jobs import state
from studio.jobs.progress import ProgressMeter
from studio.jobs.slots import Slot
from studio.jobs.state import Event, State
from studio.jobs.turns import Asker
from studio.operations.engine import EngineInUse
from studio.store.interface import Entry
from studio.wire.frames import AnyFrame, Complete, Error, Progress
from studio.wire.requests import RunConfig


class Job:
    """A request on its way: its state, and the channel on which it is told.

    created: seconds since 1970; log: what an earlier server told of the job; estimate: seconds of
    computing
    """

    def __init__(
        self,
        job_id: str,
        op: str,
        config: RunConfig,
        request_id: str | int | None,
        key: bytes,
        engine: EngineInUse,
        created: float,
        crashes: int = 0,
        log: Sequence[Entry] = (),
        owner: str = "",
        estimate: float = 0.0,
    ) -> None:
        self.id, self.op, self.config, self.request_id = job_id, op, config, request_id
        self.key, self.engine = key, engine
        self.state = State.QUEUED
        self.created, self.crashes = created, crashes
        self.channel: Channel[AnyFrame] = Channel([entry.frame for entry in log])
        self.scope, self.time_limit = anyio.CancelScope(), anyio.CancelScope()
        self.owner, self.estimate = owner, estimate
        self.asker = Asker(job_id, owner, created, estimate, lambda: self.channel.is_watched)
        now = time.monotonic()
        self.begun = now - max(0.0, time.time() - created) if log else now
        self.ended = now
        told = max((e.frame.pct for e in log if isinstance(e.frame, Progress)), default=0.0)
        self.meter = ProgressMeter(self.id, request_id, now, self.begun, told)
        self.told = _told(log)
        self.slots: dict[int, Slot] = {}
        self.n_bytes = 0  # of the result

    def happen(self, event: Event) -> None:
        """Go to the state that the event leads to."""
        self.state = state.after(self.state, event)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self.state in state.FINAL

    @property
    def is_waiting(self) -> bool:
        """Whether the job has work to do and no worker does any.

        Not while its log waits for the store: what it is waiting for then is no worker.
        """
        working = self.state in (State.QUEUED, State.RUNNING, State.RETRYING)
        return working and self.meter.has_begun and not self.slots and self.channel.is_settled

    def waiting_frame(self, place: int | None) -> Progress:
        """The state of a job that waits, which moves nothing but the clock; place: in the line."""
        frame = self.meter.frame(time.monotonic())
        where = " for a free worker" if place is None else f", {ordinal(place)} in line"
        return msgspec.structs.replace(frame, msg=f"{frame.msg} (waiting{where})")

    @property
    def beat(self) -> int:
        """Moves while a worker computes for this job."""
        return sum(slot.beat for slot in self.slots.values())

    async def end(self) -> Complete | Error:
        """How the job ended, once that is stored."""
        frame = await self.channel.watch().last()
        assert isinstance(frame, Complete | Error)  # noqa: S101 (nothing else is the last)
        return frame

    def drop_partials(self) -> None:
        """Forget the results so far of a job whose result is there."""
        if self.channel.ended:
            self.channel.revise(_without_partial)


def _without_partial(frame: AnyFrame) -> AnyFrame:
    if isinstance(frame, Progress):
        return msgspec.structs.replace(frame, partial=None)
    return frame


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th and so on."""
    teen = n % 100 in (11, 12, 13)
    return f"{n}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def new_id() -> str:
    """An id that nobody guesses."""
    return f"j_{secrets.token_hex(6)}"


def _told(log: Sequence[Entry]) -> dict[int, set[int]]:
    """The chunks whose results a log tells, by the stage, for every stage that it tells of."""
    told: dict[int, set[int]] = {}
    for entry in log:
        if entry.covers is not None:
            told.setdefault(entry.covers.stage, set()).update(entry.covers.chunks)
    return told
