"""How often, and as what, the progress of a job's stage is told."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from studio.jobs.job import Job
from studio.jobs.ledger import Ledger
from studio.jobs.progress import joined
from studio.operations.stage import Stage
from studio.store.interface import Covers

_FRAME_S = 0.05  # at most 20 states a second


class Teller:
    """Tells a job's state when it changes, at most every _FRAME_S.

    What is final becomes a log entry, all of one interval together, unless an earlier server told
    it; the rest is state. n: which stage of the job it is
    """

    def __init__(self, job: Job, ledger: Ledger, n: int) -> None:
        self._job, self._ledger, self._n = job, ledger, n
        self._told_before = job.told.get(n)
        self._told_at = time.monotonic()
        self._due: asyncio.TimerHandle | None = None
        self._shown: tuple[float, str] | None = None
        self._finished: dict[int, dict[str, Any]] = {}

    def begin(self, stage: Stage) -> None:
        """Tell that the stage begins."""
        self._job.meter.begin(stage)
        frame = self._job.meter.frame(time.monotonic())
        if self._told_before is None:
            self._ledger.tell(self._job, frame, Covers(self._n, []))
        else:
            self._job.channel.update(frame)

    def tell_soon(self) -> None:
        """Tell the state when its time has come."""
        if self._due is None:
            wait = max(0.0, self._told_at + _FRAME_S - time.monotonic())
            self._due = asyncio.get_running_loop().call_later(wait, self._tell)

    def tell_finished(self, chunk: int, partial: dict[str, Any]) -> None:
        """Tell the results of a chunk, which are final."""
        if chunk not in (self._told_before or ()):
            self._finished[chunk] = partial
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
        finished, self._finished = self._finished, {}
        frame = self._job.meter.frame(self._told_at, joined(list(finished.values())))
        if finished:
            self._ledger.tell(self._job, frame, Covers(self._n, sorted(finished)))
        elif frame.partial is not None or (frame.pct, frame.msg) != self._shown:
            self._job.channel.update(frame)
        self._shown = (frame.pct, frame.msg)
