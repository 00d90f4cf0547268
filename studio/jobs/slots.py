"""Slots: each holds one worker process and the queue on which that worker reports.

With one worker to an executor, whatever happens to a worker stays within its slot.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import itertools
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, MutableMapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from typing import Any

import anyio
import msgspec
import psutil

from studio.config import WorkerLimits
from studio.errors import Cause, StudioError
from studio.jobs import worker
from studio.jobs.figures import Figures
from studio.jobs.turns import SERVER, Asker, Claim, Line
from studio.jobs.vitals import LOOK_S, Verdict, Vitals
from studio.operations.stage import Chunk

log = logging.getLogger(__name__)

OnAdvance = Callable[[float, "dict[str, Any] | None"], None]

ATTEMPTS = 3
_RESTART_PAUSES_S = (0.0, 0.5, 2.0, 8.0, 30.0)
_LIMITS = WorkerLimits()
_START_S = 60.0
_IDLE_S = 0.2
_GRACE_S = 0.2  # for the step loop to see the stop; then SIGTERM, and after as long again SIGKILL

# One thread per worker: more only take the cores from each other.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


class WorkerDiedError(Exception):
    """The worker process ended while it had a chunk; the argument is the Cause."""


class NoWorkerError(Exception):
    """The worker process had ended before it got the chunk."""


class TaskFailedError(Exception):
    """The chunk raised an exception; the argument is what the worker told of it."""


class Lines(SimpleQueue[Any]):
    """A slot's queue, a pipe for a crash, and three shared numbers beside them: the last task to
    stop, a beat that moves while the worker computes, and one that moves while it lives.

    Once the worker holds its ends, the server closes its own copies of them, so that a reader gets
    the end of file when the worker dies, even in the middle of a message.
    """

    def __init__(self, context: Any) -> None:
        super().__init__(ctx=context)
        self._crash_reader, self.crash_writer = context.Pipe(duplex=False)
        self.stop = context.RawValue(ctypes.c_int64, 0)
        self.beat = context.RawValue(ctypes.c_int64, 0)
        self.life = context.RawValue(ctypes.c_int64, 0)

    def __getstate__(self) -> Any:
        shared = self.crash_writer, self.stop, self.beat, self.life
        return super().__getstate__(), shared

    def __setstate__(self, state: Any) -> None:
        queue, (self.crash_writer, self.stop, self.beat, self.life) = state
        super().__setstate__(queue)

    def close_writer(self) -> None:
        """Leave writing to the worker."""
        self._writer.close()  # type: ignore[attr-defined]
        self.crash_writer.close()

    def close_reader(self) -> str:
        """Nobody reads any more; what the worker wrote when it crashed."""
        self._reader.close()  # type: ignore[attr-defined]
        with self._crash_reader:
            # a pipe holds more than a traceback is long, so that one read has it all
            return os.read(self._crash_reader.fileno(), 65536).decode(errors="replace")


class Slot:
    """One worker process."""

    def __init__(
        self,
        context: Any,
        code: MutableMapping[str, bytes],
        limits: WorkerLimits,
        memory_bytes: int,
        on_death: Callable[[Slot], None] = lambda slot: None,
    ) -> None:
        self._context, self._code, self._on_death = context, code, on_death
        self._limits, self._memory_bytes = limits, memory_bytes
        self._task = 0
        self._outcome: asyncio.Future[Any] | None = None
        self._on_advance: OnAdvance | None = None
        self._executor: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None
        self._reader: threading.Thread
        self._seen: psutil.Process
        self.pid = 0
        self.is_alive = False

    async def start(self) -> None:
        """Start the worker and wait until it is ready for work; raises OSError."""
        self._loop = asyncio.get_running_loop()
        self._condemned: Cause | None = None
        self.vitals = Vitals(self._memory_bytes, self._limits)
        await asyncio.to_thread(self._start)
        self.is_alive = True
        self._reader.start()

    def _start(self) -> None:
        lines = Lines(self._context)
        executor = ProcessPoolExecutor(
            1,
            mp_context=self._context,
            initializer=worker.begin,
            initargs=(lines, self._code, self._memory_bytes),
        )
        try:
            pid = executor.submit(worker.pid).result(_START_S)
            process = executor._processes[pid]
            self._seen = psutil.Process(pid)
        except (RuntimeError, KeyError, TimeoutError, psutil.Error) as error:
            for unready in list((executor._processes or {}).values()):
                unready.kill()
            executor.shutdown()
            lines.close_writer()
            lines.close_reader()
            raise OSError(f"the worker did not start: {error!r}") from error
        lines.close_writer()
        self.pid, self._lines = pid, lines
        self._executor, self._process = executor, process
        self._reader = threading.Thread(
            target=self._read, args=(lines, executor, process), daemon=True
        )

    def look(self) -> None:
        """See how the worker is, and end it where that is not good."""
        try:
            rss = self._seen.memory_info().rss
        except psutil.Error:
            return  # it has ended, which its reader tells
        verdict = self.vitals.look(int(self._lines.life.value), rss)
        if verdict is not Verdict.GOOD:
            log.error("worker %d is %s and is killed", self.pid, verdict)
            self._condemned = self.vitals.cause(verdict)
            self._insist(BaseProcess.kill)

    @property
    def beat(self) -> int:
        """Moves while the worker computes."""
        return int(self._lines.beat.value)

    async def run(self, chunk: Chunk, on_advance: OnAdvance) -> Any:
        """Run a chunk and return its part.

        Cancelling this call frees the worker before it returns. Raises WorkerDiedError, or
        NoWorkerError where it had died before, and TaskFailedError for an exception in the chunk.
        """
        if self._executor is None or not self.is_alive:
            raise NoWorkerError
        self._task += 1
        try:
            self._executor.submit(worker.work, self._task, chunk)
        except RuntimeError as error:  # it has died, of which the reader is about to tell
            self.is_alive = False
            raise NoWorkerError from error
        self.vitals.n_tasks += 1
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
        if self._executor is None:
            return
        self._executor = None
        self._insist(BaseProcess.terminate)
        with anyio.move_on_after(1.0, shield=True):
            await asyncio.to_thread(self._reader.join, 1.0)
        if self._reader.is_alive():
            self._insist(BaseProcess.kill)
            await asyncio.to_thread(self._reader.join)

    def _read(self, lines: Lines, executor: ProcessPoolExecutor, process: BaseProcess) -> None:
        """Bring what the worker tells into the event loop, until the worker is gone."""
        try:
            while True:
                self._call(self._receive, lines.get())
        except (EOFError, OSError):
            trace = lines.close_reader()
            executor.shutdown()  # joins the process
            self._call(self._died, lines, _cause(process.exitcode, trace))

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
            case worker.Failed():
                self._outcome.set_exception(TaskFailedError(message))
            case worker.Stopped():
                self._outcome.set_result(None)

    def _died(self, lines: Lines, cause: Cause) -> None:
        if lines is not self._lines:
            return
        self.is_alive = False
        if self._outcome is not None and not self._outcome.done():
            condemned = self._condemned
            if condemned is not None:
                cause = msgspec.structs.replace(
                    cause, silent_s=condemned.silent_s, peak_bytes=condemned.peak_bytes
                )
            self._outcome.set_exception(WorkerDiedError(cause))
        if self._executor is not None:  # nobody closed it
            self._on_death(self)


def _cause(exit_code: int | None, trace: str) -> Cause:
    """What is known of a process that has ended."""
    if exit_code is not None and exit_code < 0:
        return Cause(signal=_signal_name(-exit_code), trace=trace or None)
    return Cause(exit_code=exit_code, trace=trace or None)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time one
        return f"signal {number}"


class SlotPool:
    """A number of slots; each that is free goes to the chunk whose turn it is.

    code: where the workers keep machine code, in their own memory if not given
    """

    def __init__(
        self,
        n_slots: int,
        code: MutableMapping[str, bytes] | None = None,
        limits: WorkerLimits = _LIMITS,
    ) -> None:
        self.n_slots, self._code, self._limits = n_slots, {} if code is None else code, limits
        self._released = anyio.Event()
        self._n_begun = 0
        self._free: dict[Slot, None] = {}  # in the order in which they became so
        self.line = Line(n_slots)
        self._given: dict[Claim, asyncio.Future[Slot]] = {}
        self.slots: list[Slot] = []
        self.figures = Figures()
        self._restarts: dict[Slot, asyncio.Task[None]] = {}

    @property
    def is_alive(self) -> bool:
        """Whether any worker lives."""
        return any(slot.is_alive for slot in self.slots)

    async def __aenter__(self) -> SlotPool:
        context = _context()
        memory = self._limits.memory_bytes or _fair_share(self.n_slots)
        self.slots = [
            Slot(context, self._code, self._limits, memory, self._on_death)
            for _ in range(self.n_slots)
        ]
        async with anyio.create_task_group() as starting:
            for slot in self.slots:
                starting.start_soon(slot.start)
        for slot in self.slots:
            self._release(slot)
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *exc: Any) -> None:
        restarts = [self._watching, *self._restarts.values()]
        for restart in restarts:
            restart.cancel()
        await asyncio.gather(*restarts, return_exceptions=True)
        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as closing:
                for slot in self.slots:
                    closing.start_soon(slot.close)

    async def _watch(self) -> None:
        """Look after the workers from outside: what hangs or hogs cannot do it itself."""
        while True:
            await anyio.sleep(LOOK_S)
            for slot in self.slots:
                if slot.is_alive:
                    slot.look()

    async def _restart(self, slot: Slot) -> None:
        """Replace a worker; what keeps it from starting may pass, however long it takes."""
        for pause in itertools.chain(_RESTART_PAUSES_S, itertools.repeat(_RESTART_PAUSES_S[-1])):
            await anyio.sleep(pause)
            with anyio.CancelScope(shield=True):
                try:
                    await slot.close()
                    await slot.start()
                    break
                except OSError:
                    log.exception("a worker cannot be started")
        self._release(slot)

    async def run(
        self,
        chunk: Chunk,
        on_advance: OnAdvance,
        on_slot: Callable[[Slot], None],
        on_death: Callable[[], None] = lambda: None,
        asker: Asker = SERVER,
    ) -> Any:
        """Run a chunk on a slot, again where its worker dies; raises StudioError.

        on_slot, on_death: called when an attempt begins, and when another one is needed
        """
        claim = Claim(asker, chunk.seconds)
        attempt = 1
        while True:
            try:
                async with self._slot(claim) as slot:
                    self._n_begun += 1
                    on_slot(slot)
                    return await slot.run(chunk, on_advance)
            except NoWorkerError:  # which is no attempt
                continue
            except WorkerDiedError as died:
                cause: Cause = died.args[0]
                self.figures.died(cause)
                name = chunk.function.__name__
                told = "worker died with %s, attempt %d: %s"
                log.warning(told, name, attempt, cause, extra={"job": asker.job})
                if cause.peak_bytes is not None:
                    raise StudioError("out_of_memory", str(cause), cause=cause) from died
                if attempt == ATTEMPTS:
                    raise StudioError("worker_died", str(cause), cause=cause) from died
                attempt += 1
                on_death()
            except TaskFailedError as failed:
                raise _task_error(failed.args[0], asker) from failed

    @contextlib.asynccontextmanager
    async def _slot(self, claim: Claim) -> AsyncIterator[Slot]:
        while not (slot := await self._take(claim)).is_alive:  # it died while it was idle
            self._restart_soon(slot)
            self.line.done(claim, 0.0, time.monotonic())
        begun = time.monotonic()
        try:
            yield slot
        finally:
            now = time.monotonic()
            self.line.done(claim, now - begun, now)
            # one at a time: they are not to be missing all together
            is_due = slot.vitals.is_spent and not self._restarts
            if slot.is_alive and not is_due:
                self._release(slot)
            else:
                self._restart_soon(slot)
                self._serve()

    async def _take(self, claim: Claim) -> Slot:
        given: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        self._given[claim] = given
        self.line.add(claim)
        self._serve()
        try:
            return await given
        except asyncio.CancelledError:
            if self._given.pop(claim, None) is not None:
                self.line.remove(claim)
            elif not given.cancelled():  # its turn came at the same moment
                self.line.done(claim, 0.0, time.monotonic())
                self._release(given.result())
            raise

    def _release(self, slot: Slot) -> None:
        self._free[slot] = None
        self._released.set()
        # not before whoever gave it back could claim it for its next chunk
        asyncio.get_running_loop().call_soon(self._serve)

    def _serve(self) -> None:
        """Give the free slots to those whose turn it is."""
        now = time.monotonic()
        while self._free and (claim := self.line.next(now)) is not None:
            given = self._given.pop(claim)
            if given.cancelled():
                self.line.done(claim, 0.0, now)
                continue
            slot = next(iter(self._free))
            del self._free[slot]
            given.set_result(slot)

    async def until_idle(self) -> None:
        """Wait until a slot is free and, where there are several, another one beside it.

        A job that is about to hand in its next chunk still needs its slot: none may begin for a
        moment before.
        """
        while True:
            while len(self._free) < min(2, self.n_slots):
                self._released = anyio.Event()
                await self._released.wait()
            before = self._n_begun
            await anyio.sleep(_IDLE_S)
            if self._n_begun == before and len(self._free) >= min(2, self.n_slots):
                return

    def _on_death(self, slot: Slot) -> None:
        if slot in self._free:
            self._restart_soon(slot)

    def _restart_soon(self, slot: Slot) -> None:
        if slot not in self._restarts:
            self._restarts[slot] = restart = asyncio.create_task(self._restart(slot))
            restart.add_done_callback(lambda _: self._restarts.pop(slot))


def _task_error(told: worker.Failed, asker: Asker) -> StudioError:
    """An exception in a chunk as an error for whoever asked for it."""
    log.error("chunk failed: %s\n%s", told.error, told.trace, extra={"job": asker.job})
    cause = Cause(peak_bytes=told.peak_bytes, trace=told.trace)
    return StudioError(told.code, told.error, cause=cause)


def _fair_share(n_slots: int) -> int:
    """Bytes for each of so many workers, with something left for the rest of the machine."""
    return max(2**30, int(0.8 * psutil.virtual_memory().total) // n_slots)


def _context() -> Any:
    """How workers are started: from a server that has numpy loaded where there is one (Unix)."""
    os.environ.update(_ONE_THREAD)
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["studio.jobs.worker", "studio.jobs.fork_server"])
    return context
