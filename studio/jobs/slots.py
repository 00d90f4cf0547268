"""Slots: each holds one worker process and the queue on which that worker reports.

With one worker to an executor, whatever happens to a worker stays within its slot.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Callable, MutableMapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from typing import Any

import anyio

from studio.errors import StudioError
from studio.jobs import worker
from studio.operations.stage import Chunk

log = logging.getLogger(__name__)

OnAdvance = Callable[[float, "dict[str, Any] | None"], None]

ATTEMPTS = 3
_RESTART_PAUSES_S = (0.0, 0.5, 2.0, 8.0, 30.0)
_GRACE_S = 0.2  # for the step loop to see the stop; then SIGTERM, and after as long again SIGKILL

# One thread per worker: more only take the cores from each other.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


class WorkerDiedError(Exception):
    """The worker process ended while it had a chunk."""


class TaskFailedError(Exception):
    """The chunk raised an exception, whose line and traceback are the arguments."""


class Lines(SimpleQueue[Any]):
    """A slot's queue, and the two shared numbers beside it: the last task to stop, and a beat.

    Once the worker holds its end, the server closes its own copy of it, so that a reader gets the
    end of file when the worker dies, even in the middle of a message.
    """

    def __init__(self, context: Any) -> None:
        super().__init__(ctx=context)
        self.stop = context.RawValue(ctypes.c_int64, 0)
        self.beat = context.RawValue(ctypes.c_int64, 0)

    def __getstate__(self) -> Any:
        return super().__getstate__(), self.stop, self.beat

    def __setstate__(self, state: Any) -> None:
        queue, self.stop, self.beat = state
        super().__setstate__(queue)

    def close_writer(self) -> None:
        """Leave writing to the worker."""
        self._writer.close()  # type: ignore[attr-defined]

    def close_reader(self) -> None:
        """Nobody reads any more."""
        self._reader.close()  # type: ignore[attr-defined]


class Slot:
    """One worker process."""

    def __init__(
        self,
        context: Any,
        code: MutableMapping[str, bytes],
        on_death: Callable[[Slot], None] = lambda slot: None,
    ) -> None:
        self._context, self._code, self._on_death = context, code, on_death
        self._task = 0
        self._outcome: asyncio.Future[Any] | None = None
        self._on_advance: OnAdvance | None = None
        self._executor: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None
        self.pid = 0
        self.is_alive = False

    async def start(self) -> None:
        """Start the worker and wait until it is ready for work."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._start)
        self.is_alive = True
        self._reader = threading.Thread(target=self._read, args=(self._lines,), daemon=True)
        self._reader.start()

    def _start(self) -> None:
        self._lines = Lines(self._context)
        self._executor = ProcessPoolExecutor(
            1,
            mp_context=self._context,
            initializer=worker.begin,
            initargs=(self._lines, self._code),
        )
        self.pid = self._executor.submit(worker.pid).result()
        self._process = self._executor._processes[self.pid]
        self._lines.close_writer()

    @property
    def beat(self) -> int:
        """Moves while the worker computes."""
        return int(self._lines.beat.value)

    async def run(self, chunk: Chunk, on_advance: OnAdvance) -> Any:
        """Run a chunk and return its part.

        Cancelling this call frees the worker before it returns. Raises WorkerDiedError, and
        TaskFailedError for an exception in the chunk.
        """
        self._task += 1
        if self._executor is None or not self.is_alive:
            raise WorkerDiedError
        try:
            self._executor.submit(worker.work, self._task, chunk)
        except BrokenProcessPool:
            self.is_alive = False
            raise WorkerDiedError from None
        self._outcome, self._on_advance = self._loop.create_future(), on_advance
        try:
            return await asyncio.shield(self._outcome)
        except asyncio.CancelledError:
            with anyio.CancelScope(shield=True):
                await self._stop()
            raise
        finally:
            self._outcome, self._on_advance = None, None

    async def _stop(self) -> None:
        """Ask the worker to stop, then insist."""
        self._lines.stop.value = self._task
        for insist in (BaseProcess.terminate, BaseProcess.kill, None):
            with anyio.move_on_after(_GRACE_S if insist else None):
                await self._settled()
                return
            if insist:
                self._insist(insist)

    async def _settled(self) -> None:
        if self._outcome is not None:
            await asyncio.wait([self._outcome])
            with contextlib.suppress(WorkerDiedError, TaskFailedError):
                self._outcome.result()

    def _insist(self, how: Callable[[BaseProcess], None]) -> None:
        """End the worker if it is still there; its number may be another process's by now."""
        if self._process is not None and self._process.is_alive():
            how(self._process)

    async def close(self) -> None:
        """End the worker."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        self._insist(BaseProcess.terminate)
        with anyio.move_on_after(1.0, shield=True):
            await asyncio.to_thread(self._reader.join)
        if self._reader.is_alive():
            self._insist(BaseProcess.kill)
        await asyncio.to_thread(executor.shutdown)

    def _read(self, lines: Lines) -> None:
        """Bring what the worker tells into the event loop, until the worker is gone."""
        try:
            while True:
                self._call(self._receive, lines.get())
        except (EOFError, OSError):
            lines.close_reader()
            self._call(self._died, lines)

    def _call(self, function: Callable[..., None], *args: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self._loop.call_soon_threadsafe(function, *args)

    def _receive(self, message: worker.Message) -> None:
        if message.task != self._task or self._outcome is None or self._outcome.done():
            return
        match message:
            case worker.Told(done=done, so_far=so_far):
                if self._on_advance is not None:
                    self._on_advance(done, so_far)
            case worker.Part(value=value):
                self._outcome.set_result(value)
            case worker.Failed(error=error, trace=trace):
                self._outcome.set_exception(TaskFailedError(error, trace))
            case worker.Stopped():
                self._outcome.set_result(None)

    def _died(self, lines: Lines) -> None:
        if lines is not self._lines:
            return
        self.is_alive = False
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_exception(WorkerDiedError())
        if self._executor is not None:  # nobody closed it
            self._on_death(self)


class SlotPool:
    """A number of slots; a chunk takes the first that is free.

    code: where the workers keep machine code, in their own memory if not given
    """

    def __init__(self, n_slots: int, code: MutableMapping[str, bytes] | None = None) -> None:
        self.n_slots, self._code = n_slots, {} if code is None else code
        self._released = anyio.Event()
        self._free: asyncio.Queue[Slot] = asyncio.Queue()
        self._idle: set[Slot] = set()  # those in the queue
        self.slots: list[Slot] = []
        self._restarts: dict[Slot, asyncio.Task[None]] = {}

    @property
    def is_alive(self) -> bool:
        """Whether any worker lives."""
        return any(slot.is_alive for slot in self.slots)

    async def __aenter__(self) -> SlotPool:
        context = _context()
        self.slots = [Slot(context, self._code, self._on_death) for _ in range(self.n_slots)]
        async with anyio.create_task_group() as starting:
            for slot in self.slots:
                starting.start_soon(slot.start)
        for slot in self.slots:
            self._release(slot)
        return self

    async def __aexit__(self, *exc: Any) -> None:
        restarts = list(self._restarts.values())
        for restart in restarts:
            restart.cancel()
        await asyncio.gather(*restarts, return_exceptions=True)
        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as closing:
                for slot in self.slots:
                    closing.start_soon(slot.close)

    async def _restart(self, slot: Slot) -> None:
        """Replace a worker that died; what keeps it from starting may pass."""
        for pause in _RESTART_PAUSES_S:
            await anyio.sleep(pause)
            with anyio.CancelScope(shield=True):
                try:
                    await slot.close()
                    await slot.start()
                except (BrokenProcessPool, OSError):
                    log.exception("a worker cannot be started")
                    continue
            self._release(slot)
            return
        log.critical("gave a slot up: its worker cannot be started")

    async def run(
        self, chunk: Chunk, on_advance: OnAdvance, on_slot: Callable[[Slot], None]
    ) -> Any:
        """Run a chunk on a free slot, again where its worker dies; raises StudioError."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._slot() as slot:
                    on_slot(slot)
                    return await slot.run(chunk, on_advance)
            except WorkerDiedError:
                log.warning("worker died with %s, attempt %d", chunk.function.__name__, attempt)
            except TaskFailedError as error:
                line, trace = error.args
                log.error("chunk failed: %s\n%s", line, trace)
                raise StudioError("failed", line) from error
        raise StudioError("worker_died")

    @contextlib.asynccontextmanager
    async def _slot(self) -> AsyncIterator[Slot]:
        while not (slot := await self._take()).is_alive:  # it died while it was idle
            self._restart_soon(slot)
        try:
            yield slot
        finally:
            if slot.is_alive:
                self._release(slot)
            else:
                self._restart_soon(slot)

    def _release(self, slot: Slot) -> None:
        if slot not in self._idle:
            self._idle.add(slot)
            self._free.put_nowait(slot)
        self._released.set()

    async def _take(self) -> Slot:
        slot = await self._free.get()
        self._idle.discard(slot)
        return slot

    async def until_idle(self) -> None:
        """Wait until a slot is free and, where there are several, another one beside it."""
        while self._free.qsize() < min(2, self.n_slots):
            self._released = anyio.Event()
            await self._released.wait()

    def _on_death(self, slot: Slot) -> None:
        if slot in self._idle:
            self._restart_soon(slot)

    def _restart_soon(self, slot: Slot) -> None:
        if slot not in self._restarts:
            self._restarts[slot] = restart = asyncio.create_task(self._restart(slot))
            restart.add_done_callback(lambda _: self._restarts.pop(slot))


def _context() -> Any:
    """How workers are started: from a server that has numpy loaded where there is one (Unix)."""
    os.environ.update(_ONE_THREAD)
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["studio.jobs.worker", "kernels.neurons.engines.llvm"])
    return context
