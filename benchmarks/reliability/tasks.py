"""Chunks that behave badly, or heavily, in a worker."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from studio.operations.stage import Advance

Work = Generator[Advance, None, Any]


def poison() -> Work:
    """Take the worker down."""
    yield Advance(1.0)
    os._exit(1)


class HostileError(Exception):
    """Needs two arguments to be made, holds a lambda, and cannot be told as text."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(lambda: None)
        self.closure = lambda: first + second

    def __str__(self) -> str:
        raise RuntimeError("no text")


def hostile() -> Work:
    """Raise what no pickle carries."""
    yield Advance(1.0)
    raise HostileError(1, 2)


def no_data() -> Work:
    """Return what no pickle carries."""
    yield Advance(1.0)
    return lambda: None


def deaf() -> Work:
    """Neither look whether to stop nor die of SIGTERM."""
    yield Advance(1.0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        pass


def hung() -> Work:
    """Show no sign of life, as a process that somebody stopped."""
    yield Advance(1.0)
    os.kill(os.getpid(), signal.SIGSTOP)


def greedy() -> Work:
    """Ask for more and more memory."""
    held = []
    while True:
        held.append(bytearray(2**24))
        yield Advance(1.0)


def fill(n_bytes: int) -> Work:
    """A result of so many bytes."""
    yield Advance(1.0)
    return bytes(n_bytes)


def fill_and_die(n_bytes: int, seconds: float, marker: str) -> Work:
    """The same, the first time killed so much after it begins to be sent."""
    yield Advance(1.0)
    if not Path(marker).exists():
        Path(marker).touch()
        threading.Thread(target=_kill, args=(seconds,), daemon=True).start()
    return bytes(n_bytes)


def _kill(seconds: float) -> None:
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)


def pid() -> Work:
    """Which process this is."""
    yield Advance(1.0)
    return os.getpid()


def threads() -> Work:
    """Threads that this process has after a product of large matrices, but for our two, which
    watch; where it says how many it may have."""
    import numpy as np

    yield Advance(1.0)
    ours = {thread.native_id for thread in threading.enumerate()}
    square = np.ones((1500, 1500))
    square @ square
    every = {int(name) for name in os.listdir("/proc/self/task")}
    told = {name: os.environ.get(name) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    return len(every - ours), told
