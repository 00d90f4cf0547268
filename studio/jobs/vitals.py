"""What is seen of a worker from outside, and the judgement on it."""

from __future__ import annotations

import math
from enum import StrEnum

from studio.config import WorkerLimits
from studio.errors import Cause

LOOK_S = 0.25


class Verdict(StrEnum):
    """What is to be done with a worker."""

    GOOD = "good"
    HUNG = "hung"
    GREEDY = "greedy"


class Vitals:
    """One worker as seen at every look, LOOK_S apart; it knows no clock.

    Looks are counted and not the time between them, so that a server which was itself stopped does
    not take its workers for dead.
    """

    def __init__(self, memory_bytes: int, limits: WorkerLimits) -> None:
        self._memory_bytes, self._limits = memory_bytes, limits
        self._life, self._n_silent = -1, 0
        self.peak_bytes = self.rss = 0
        self.n_tasks = 0

    def look(self, life: int, rss: int) -> Verdict:
        """Judge by a counter that moves while the worker lives, and by the bytes it holds."""
        self.peak_bytes, self.rss = max(self.peak_bytes, rss), rss
        self._n_silent = self._n_silent + 1 if life == self._life else 0
        self._life = life
        if rss > self._memory_bytes:
            return Verdict.GREEDY
        if self._n_silent >= math.ceil(self._limits.silent_s / LOOK_S):
            return Verdict.HUNG
        return Verdict.GOOD

    def cause(self, verdict: Verdict) -> Cause:
        """What there is to tell of a worker that was condemned."""
        if verdict is Verdict.GREEDY:
            return Cause(peak_bytes=self.peak_bytes)
        return Cause(silent_s=self._limits.silent_s)

    @property
    def is_spent(self) -> bool:
        """Whether the worker is to be replaced before its next task."""
        return self.n_tasks >= self._limits.tasks or self.rss > self._limits.idle_bytes
