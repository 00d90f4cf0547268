"""How far a job is: percentage, message and time left, from the work its chunks report."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from studio.operations.stage import Stage
from studio.wire.frames import Progress

_WINDOW_S = 3.0


class ProgressMeter:
    """Adds up the work of a job's chunks; `now` is a clock in seconds that the caller reads.

    begun: on that clock; told: the percentage that was told before, by another meter
    """

    def __init__(
        self,
        job: str,
        request_id: str | int | None,
        now: float,
        begun: float | None = None,
        told: float = 0.0,
    ) -> None:
        self._job, self._id, self._begun = job, request_id, now if begun is None else begun
        self._samples: deque[tuple[float, float]] = deque([(now, told / 100)])
        self._stage: Stage | None = None
        self._fraction = (told + 0.05) / 100 if told else 0.0  # safe from rounding down
        self._done: list[float] = []
        self._n_finished, self._last_finished = 0, 0
        self._so_far: dict[int, dict[str, Any]] = {}

    def begin(self, stage: Stage) -> None:
        """Go on to the next stage; a share that was left out is no work, and shows no pace."""
        left_out = max(0.0, stage.share[0] - self._fraction) if self._stage else 0.0
        self._samples = deque((then, fraction + left_out) for then, fraction in self._samples)
        self._stage = stage
        self._done = [0.0] * len(stage.chunks)
        self._so_far.clear()
        self._n_finished, self._last_finished = 0, 0

    def advance(self, chunk: int, done: float, so_far: dict[str, Any] | None) -> None:
        """A chunk has done so much of its work; a retried one never counts backwards."""
        self._done[chunk] = max(done, self._done[chunk])
        if so_far is not None:
            self._so_far[chunk] = so_far

    def finish(self, chunk: int) -> None:
        """A chunk has done all its work."""
        if self._stage is not None:
            self._done[chunk] = self._stage.chunks[chunk].work
            self._so_far.pop(chunk, None)
            self._n_finished, self._last_finished = self._n_finished + 1, chunk

    @property
    def has_begun(self) -> bool:
        """Whether there is a stage to tell of."""
        return self._stage is not None

    @property
    def done(self) -> float:
        """Work done in this stage, in column-steps."""
        return sum(self._done)

    def frame(self, now: float, finished: dict[str, Any] | None = None) -> Progress:
        """The state now; finished holds results that are final."""
        stage = self._stage
        if stage is None:
            raise RuntimeError("no stage has begun")
        work = sum(chunk.work for chunk in stage.chunks)
        ratio = min(1.0, self.done / work) if work > 0 else 0.0
        begin, end = stage.share
        fraction = self._fraction = max(self._fraction, begin + (end - begin) * ratio)
        partial = finished or joined(list(self._so_far.values()))
        return Progress(
            job=self._job,
            id=self._id,
            elapsed_s=round(now - self._begun, 4),
            eta_s=self._time_left(now, fraction),
            pct=min(math.floor(fraction * 1000) / 10, 99.9),
            step=stage.step,
            msg=self._message(stage, ratio),
            partial=partial,
        )

    def _message(self, stage: Stage, ratio: float) -> str:
        if stage.by_chunk:
            return stage.message(self._n_finished, self._last_finished)
        n = math.floor(stage.n_items * ratio + 1e-9)
        return stage.message(n, n - 1)

    def _time_left(self, now: float, fraction: float) -> float | None:
        """Seconds to go at the pace of the last few seconds."""
        samples = self._samples
        while len(samples) > 1 and samples[1][0] < now - _WINDOW_S:
            samples.popleft()
        then, before = samples[0]
        if now - samples[-1][0] > 0.04:
            samples.append((now, fraction))
        if fraction <= before or now <= then:
            return None
        return round((1.0 - fraction) * (now - then) / (fraction - before), 3)


def joined(told: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What several chunks tell under the same key, one list after the other."""
    together: dict[str, Any] = {}
    for one in told:
        for key, items in one.items():
            together[key] = together.get(key, []) + items
    return together or None
