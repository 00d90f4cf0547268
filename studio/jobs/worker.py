"""What runs in a worker process: chunks, one after another, told over the slot's queue."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Generator, MutableMapping
from multiprocessing import forkserver
from typing import Any, NamedTuple, Protocol

import kernels.neurons.simulate  # noqa: F401  (numpy is loaded once, before the first chunk)
from kernels.neurons import catalogue, engines
from kernels.neurons.engines import EngineError
from kernels.neurons.model import Integrator
from kernels.neurons.program import usual
from studio.operations.stage import Advance, Chunk, resume

_TELL_S = 0.05
_LIFE_S = 0.25
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Told(NamedTuple):
    """How far a chunk is."""

    task: int
    done: float
    so_far: dict[str, Any] | None


class Part(NamedTuple):
    """What a chunk returned."""

    task: int
    value: Any


class Failed(NamedTuple):
    """An exception, as plain data: an exception itself may not survive the way.

    code: which error of the table it is
    peak_bytes: the most memory held so far, where it ran out
    """

    task: int
    code: str
    error: str
    trace: str
    peak_bytes: int | None = None


class Stopped(NamedTuple):
    """A chunk that was told to stop."""

    task: int


Message = Told | Part | Failed | Stopped


class Lines(Protocol):
    """What connects a worker to its slot: a queue, the task to stop, a beat that moves while it
    computes, one that moves while it lives, and where to write when it crashes."""

    def put(self, message: Message) -> None: ...

    stop: Any
    beat: Any
    life: Any
    crash_writer: Any


_lines: Lines


def begin(lines: Lines, code: MutableMapping[str, bytes], memory_bytes: int) -> None:
    """Prepare this process.

    code: where machine code is kept; memory_bytes: the most that may be asked of the system
    """
    global _lines
    _lines = lines
    with contextlib.suppress(EngineError):  # which is told when something is to be compiled
        _llvm().keep_code_in(code)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    faulthandler.enable(lines.crash_writer.fileno())
    _limit_memory(memory_bytes)
    _die_with_parent()
    for watching in (_die_with_server, _live):
        threading.Thread(target=watching, daemon=True).start()


def _limit_memory(n_bytes: int) -> None:
    """Have what is asked for beyond that refused, which costs the task and not the worker."""
    if sys.platform == "linux":
        resource = importlib.import_module("resource")
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        soft = n_bytes if hard == resource.RLIM_INFINITY else min(n_bytes, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _peak_bytes() -> int:
    """The most memory this process has held."""
    with contextlib.suppress(ImportError):  # Windows has none
        resource = importlib.import_module("resource")
        peak: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else 1024 * peak
    return 0


def _die_with_parent() -> None:
    """Have the system kill this process with the one that forked it, even where it is stopped.

    That is the fork server, which ends with the server: when the last copy closes of a pipe that it
    hands to its children as well.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        pipe = getattr(forkserver._forkserver, "_forkserver_alive_fd", None)
        if pipe is not None:
            os.close(pipe)


def _die_with_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os._exit(1)


def _live() -> None:
    while True:
        _lines.life.value += 1
        time.sleep(_LIFE_S)


def pid() -> int:
    """This process."""
    return os.getpid()


def work(task: int, chunk: Chunk) -> None:
    """Run a chunk; whatever comes of it goes over the queue."""
    try:
        message = _work(task, chunk)
    except Exception as error:
        message = _failed(task, error)
    try:
        _lines.put(message)
    except Exception as error:  # what cannot be pickled
        _lines.put(_failed(task, error))


def _failed(task: int, error: Exception) -> Failed:
    peak = _peak_bytes() if isinstance(error, MemoryError) else None
    return Failed(task, error_code(error), describe(error), traceback.format_exc(), peak)


def _work(task: int, chunk: Chunk) -> Message:
    advancing = chunk.function(*chunk.args)
    told = time.monotonic()
    while True:
        advance, part = resume(advancing)
        if advance is None:
            return Part(task, part)
        _lines.beat.value += 1
        if _lines.stop.value >= task:
            advancing.close()
            return Stopped(task)
        if time.monotonic() - told >= _TELL_S:
            told = time.monotonic()
            so_far = advance.so_far() if advance.so_far else None
            _lines.put(Told(task, advance.done, so_far))


def ready() -> Generator[Advance, None, frozenset[str]]:
    """A chunk: the digests of the programs that are compiled."""
    yield Advance(0.0)
    return frozenset(_llvm().ready())


def compile_step(name: str, integrator: Integrator) -> Generator[Advance, None, frozenset[str]]:
    """A chunk: compile a model's step; what is compiled then."""
    yield Advance(0.0)
    _llvm().load(usual(catalogue.get(name), integrator))
    return frozenset(_llvm().ready())


def _llvm() -> Any:
    """The compiled engine, which the server itself never loads; raises EngineError."""
    return engines.module("llvm")


def error_code(error: Exception) -> str:
    """Which error of the table an exception in a chunk is."""
    if isinstance(error, MemoryError):
        return "out_of_memory"
    return "no_engine" if isinstance(error, EngineError) else "failed"


def describe(error: BaseException) -> str:
    """An exception in one line, even where its own text fails."""
    try:
        text = str(error)
    except Exception:
        text = "(its message cannot be shown)"
    return text if isinstance(error, EngineError) else f"{type(error).__name__}: {text}"
