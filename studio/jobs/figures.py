"""What is counted while a server runs, for those who look after it."""

from __future__ import annotations

import time

import anyio
from prometheus_client import CollectorRegistry, Counter, Histogram

from studio.errors import Cause

_LOOK_S = 0.25
_SECONDS = (0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 600.0, 3600.0)
_LAGS = (0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)


class Figures:
    """Distributions and counts since the server began, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.duration = Histogram(
            "studio_job_seconds",
            "From a job's acceptance to its end.",
            ["op"],
            registry=registry,
            buckets=_SECONDS,
        )
        self.wait = Histogram(
            "studio_job_wait_seconds",
            "From a job's acceptance until a worker takes it up.",
            registry=registry,
            buckets=_SECONDS,
        )
        self.lag = Histogram(
            "studio_event_loop_lag_seconds",
            "How late the event loop comes to what is due.",
            registry=registry,
            buckets=_LAGS,
        )
        self.store_lag = Histogram(
            "studio_store_lag_seconds",
            "From what is to be stored until it is safe.",
            registry=registry,
            buckets=_LAGS,
        )
        self._deaths = Counter(
            "studio_worker_deaths",
            "Workers that ended with a chunk.",
            ["cause"],
            registry=registry,
        )
        for cause in ("memory", "silent", "signal", "exit"):
            self._deaths.labels(cause)

    def died(self, cause: Cause) -> None:
        """A worker ended with a chunk."""
        self._deaths.labels(_kind(cause)).inc()

    async def watch(self) -> None:
        """See how late the event loop is, now and again."""
        while True:
            due = time.monotonic() + _LOOK_S
            await anyio.sleep(_LOOK_S)
            self.lag.observe(max(0.0, time.monotonic() - due))


def _kind(cause: Cause) -> str:
    if cause.peak_bytes is not None:
        return "memory"
    if cause.silent_s is not None:
        return "silent"
    return "exit" if cause.signal is None else "signal"
