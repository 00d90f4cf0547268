"""What the operator of a server can set."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """The most that one request may ask for, a job may take, and a user may have at once.

    cells: of a heatmap that is sent over a socket, job_cells of one that is fetched when it is done
    job_seconds: of estimated computing; wall_seconds: from a job's start to its end
    jobs_per_user: that have not ended; campaigns_per_user: that have begun and neither ended nor
    been paused; sockets_per_user: and streams of events; jobs_per_socket: watched at a time
    """

    message_bytes: int = 64 * 1024
    body_bytes: int = 1024 * 1024
    json_depth: int = 32
    cells: int = 250_000
    job_cells: int = 1_000_000
    job_seconds: float = 3600.0
    wall_seconds: float = 12 * 3600.0
    jobs_per_user: int = 2_000
    campaigns_per_user: int = 100
    sockets_per_user: int = 4_000
    jobs_per_socket: int = 4_000


@dataclass(frozen=True)
class WorkerLimits:
    """When a worker is ended, or replaced between two tasks.

    memory_bytes: a worker that holds more is killed; None shares the machine's memory out
    silent_s: without a sign of life from a worker, as if it were stopped
    tasks, idle_bytes: a worker that has run so many tasks, or holds so much after one, is replaced
    """

    memory_bytes: int | None = None
    silent_s: float = 15.0
    tasks: int = 5_000
    idle_bytes: int = 1024**3


@dataclass(frozen=True)
class Retention:
    """What is kept of jobs that have ended: for so many seconds, and at most so many bytes."""

    seconds: float = 90 * 86_400.0
    n_bytes: int = 4 * 1024**3


@dataclass(frozen=True)
class Settings:
    """A server's settings; allow_hosts are names it answers to besides the loopback ones, data_dir
    is where it keeps its files, evaluators are what campaigns from the network may run; with a
    secret everybody has to sign in."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    allow_hosts: tuple[str, ...] = ()
    data_dir: Path | None = None
    limits: Limits = Limits()
    worker_limits: WorkerLimits = WorkerLimits()
    retention: Retention = Retention()
    evaluators: tuple[str, ...] = ()
    secret: bytes | None = field(default=None, repr=False)
